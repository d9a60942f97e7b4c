"""Office files are zip archives: which one is this, and does it hide a bomb, a lock or macros. Private."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from belvedere.kernel.files.refusals import (
    RefusedFile,
    compressed,
    damaged,
    locked,
    macros,
    not_taken,
    swollen,
)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
MOST_MEMBERS = 5_000
LARGEST_UNPACKED = 250_000_000
LARGEST_RATIO = 150  # a real office file unpacks to 5 to 40 times its size
_FREE = 20_000_000  # below this nobody is harmed, whatever the ratio
_CHUNK = 1_000_000
_MACROS = re.compile(r"(^|/)(vbaProject\.bin|vbaData\.xml|macrosheets/|activeX/)", re.IGNORECASE)
# OpenDocument keeps an empty library of macros in many files; only its modules are programs.
_BASIC = re.compile(r"^(Basic/[^/]+/(?!script-l[bc]\.xml$|dialog-l[bc]\.xml$)[^/]+|Scripts/.+[^/])$")
_PROGRAM_NAME = re.compile(r"\.(exe|dll|scr|com|bat|cmd|ps1|vbs|js|jar|msi|lnk|hta)$", re.IGNORECASE)


def office_kind(content: bytes) -> str:
    """The media type of an office document; raises `RefusedFile` for any other archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _refuse_bomb(members, len(content))
            if any(member.flag_bits & 1 for member in members):
                raise locked()
            kind = _kind(archive, [member.filename for member in members])
            # Sizes in the directory may lie: each member is unpacked in chunks against its checksum.
            if archive.testzip() is not None:
                raise damaged()
            return kind
    except RefusedFile:
        raise
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        EOFError,
        KeyError,
        NotImplementedError,
        OSError,
        RuntimeError,
        ValueError,
    ):
        raise damaged() from None


def _refuse_bomb(members: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(member.file_size for member in members)
    ratio = unpacked > _FREE and unpacked > LARGEST_RATIO * size
    if len(members) > MOST_MEMBERS or unpacked > LARGEST_UNPACKED or ratio:
        raise swollen(unpacked)


def _kind(archive: zipfile.ZipFile, names: list[str]) -> str:
    known = set(names)
    if len(known) != len(names):
        raise damaged()  # two members of one name: readers disagree on which one counts
    if "[Content_Types].xml" in known:
        kind = _open_xml(archive, known)
    elif "mimetype" in known:
        kind = _open_document(archive, known)
    else:
        raise compressed()
    if any(_PROGRAM_NAME.search(name) for name in names):
        raise macros()
    return kind


def _open_xml(archive: zipfile.ZipFile, names: set[str]) -> str:
    types = _some(archive, "[Content_Types].xml")
    if any(_MACROS.search(name) for name in names) or b"macroenabled" in types.lower():
        raise macros()
    if "word/document.xml" in names and b"wordprocessingml.document.main+xml" in types:
        return DOCX
    if "xl/workbook.xml" in names and b"spreadsheetml.sheet.main+xml" in types:
        return XLSX
    raise not_taken()


def _open_document(archive: zipfile.ZipFile, names: set[str]) -> str:
    said = _some(archive, "mimetype").strip().decode("ascii", "replace")
    if said not in (ODT, ODS) or "content.xml" not in names:
        raise not_taken()
    if b"encryption-data" in _some(archive, "META-INF/manifest.xml"):
        raise locked()
    if any(_BASIC.match(name) for name in names):
        raise macros()
    return said


def _some(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        return member.read(_CHUNK)
