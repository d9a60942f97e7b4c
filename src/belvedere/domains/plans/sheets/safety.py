"""What a file really is, and whether it is safe to open. By content, never by its name.

Not for: reading it (`reading`). Nothing here holds more than a few megabytes in memory.
"""

from __future__ import annotations

import math
import re
import zipfile
from enum import StrEnum
from pathlib import Path

from belvedere.domains.plans.sheets.errors import FileTooLarge, UnreadableFile
from belvedere.kernel.errors import N_

LARGEST_FILE = 50_000_000  # 50 MB, as people and pages count them
LARGEST_UNPACKED = 400 * 1024 * 1024
LARGEST_RATIO = 150  # a real workbook unpacks to 5 to 40 times its size
MOST_MEMBERS = 2_000
_CHUNK = 1024 * 1024


class FileKind(StrEnum):
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    TEXT = "text"
    GEOJSON = "geojson"
    GEOPACKAGE = "geopackage"


def kind_of(path: Path) -> FileKind:
    """What `path` is, checked to be safe to open; raises `UnreadableFile` or `FileTooLarge`."""
    size = path.stat().st_size
    refuse_size(size)
    if not size:
        raise UnreadableFile(N_("The file is empty. Choose the spreadsheet again."))
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK"):
        return _zip_kind(path, size)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole_kind(path)
    if head.startswith(b"SQLite format 3") and head[68:72] in _GEOPACKAGES:
        return FileKind.GEOPACKAGE
    _refuse_known(head)
    return FileKind.GEOJSON if _GEOJSON.match(head) else FileKind.TEXT


def refuse_size(size: int) -> None:
    """Refuse a file of `size` bytes when that is too much; usable before it has been received."""
    if size > LARGEST_FILE:
        raise FileTooLarge(
            N_(
                "The file weighs {size} MB; an import takes {limit} MB at most. "
                "Save only the sheet of measures, or cut it in two. Nothing was kept."
            ),
            size=math.ceil(size / 1_000_000),  # what is too large never looks like the limit itself
            limit=LARGEST_FILE // 1_000_000,
        )


_GEOPACKAGES = (b"GPKG", b"GP10", b"GP11")  # the application id in the header of the database
_GEOJSON = re.compile(rb'\xef?\xbb?\xbf?\s*\{(?=[^\0]*"type"\s*:\s*"Feature)')
_KNOWN_OTHERS = (
    (b"%PDF", N_("This file is a PDF document, not a spreadsheet. Choose an XLSX, ODS or CSV file.")),
    (b"\x89PNG", N_("This file is a picture, not a spreadsheet. Choose an XLSX, ODS or CSV file.")),
    (b"\xff\xd8\xff", N_("This file is a picture, not a spreadsheet. Choose an XLSX, ODS or CSV file.")),
    (b"GIF8", N_("This file is a picture, not a spreadsheet. Choose an XLSX, ODS or CSV file.")),
    (b"\x1f\x8b", N_("This file is a compressed file, not a spreadsheet. Choose an XLSX, ODS or CSV file.")),
    (
        b"7z\xbc\xaf",
        N_("This file is a compressed file, not a spreadsheet. Choose an XLSX, ODS or CSV file."),
    ),
    (b"Rar!", N_("This file is a compressed file, not a spreadsheet. Choose an XLSX, ODS or CSV file.")),
    (b"\x7fELF", N_("This file is a program, not a spreadsheet. Choose an XLSX, ODS or CSV file.")),
    (b"MZ", N_("This file is a program, not a spreadsheet. Choose an XLSX, ODS or CSV file.")),
    (b"SQLite format 3", N_("This file is a database, not a spreadsheet. Choose an XLSX, ODS or CSV file.")),
)


def _not_a_spreadsheet(message: str) -> UnreadableFile:
    return UnreadableFile(message, code="not_a_spreadsheet")


def _refuse_known(head: bytes) -> None:
    for magic, message in _KNOWN_OTHERS:
        if head.startswith(magic):
            raise _not_a_spreadsheet(message)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head")):
        raise _not_a_spreadsheet(
            N_("This file is a web page, not a spreadsheet. Choose an XLSX, ODS or CSV file.")
        )
    if start.startswith((b"<?xml", b"{\\rtf")):
        raise _not_a_spreadsheet(
            N_("This file is a text document, not a spreadsheet. Choose an XLSX, ODS or CSV file.")
        )
    utf16 = head[:2] in (b"\xff\xfe", b"\xfe\xff") or head.count(0) * 3 > len(head)
    if b"\0" in head and not utf16:
        raise _not_a_spreadsheet(
            N_(
                "This file is a kind of file we do not know, not a spreadsheet. Choose "
                "an XLSX, ODS or CSV file."
            )
        )


def _zip_kind(path: Path, size: int) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            _refuse_bomb(members, size)
            if any(member.flag_bits & 1 for member in members):
                raise _encrypted()
            kind = _office_kind(archive, names)
            # Sizes in the directory may lie; this unpacks each member in chunks against its checksum.
            if archive.testzip() is not None:
                raise zipfile.BadZipFile
            _refuse_entities(archive, members)
            if kind is FileKind.XLSX:
                _refuse_uncomputed(archive, members)
            return kind
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        EOFError,
        NotImplementedError,
        OSError,
        RuntimeError,
    ) as error:
        raise UnreadableFile(
            N_("The file is damaged and cannot be opened. Open it in your spreadsheet and save it again.")
        ) from error


def _refuse_bomb(members: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(member.file_size for member in members)
    swollen = unpacked > 10 * _CHUNK and unpacked > LARGEST_RATIO * max(size, 1)
    if len(members) > MOST_MEMBERS or unpacked > LARGEST_UNPACKED or swollen:
        raise FileTooLarge(
            N_(
                "The file unpacks to {unpacked} MB, which no list of measures needs: it was not opened. "
                "Copy the measures into a new workbook and import that one."
            ),
            unpacked=round(unpacked / 1024 / 1024),
            code="zip_bomb",
        )


def _office_kind(archive: zipfile.ZipFile, names: set[str]) -> FileKind:
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return FileKind.XLSX
    if "mimetype" in names:
        mime = archive.read("mimetype")[:200]
        if mime.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            if b"manifest:encryption-data" in archive.read("META-INF/manifest.xml")[:_CHUNK]:
                raise _encrypted()
            return FileKind.ODS
        raise _not_a_spreadsheet(
            N_("This file is a text document, not a spreadsheet. Choose an XLSX, ODS or CSV file.")
        )
    if "word/document.xml" in names:
        raise _not_a_spreadsheet(
            N_("This file is a text document, not a spreadsheet. Choose an XLSX, ODS or CSV file.")
        )
    if any(name.endswith(".iwa") for name in names):
        raise _not_a_spreadsheet(
            N_("This file is an Apple Numbers document, not a spreadsheet. Choose an XLSX, ODS or CSV file.")
        )
    raise _not_a_spreadsheet(
        N_("This file is a compressed file, not a spreadsheet. Choose an XLSX, ODS or CSV file.")
    )


def _encrypted() -> UnreadableFile:
    return UnreadableFile(
        N_(
            "The workbook is protected by a password. Remove the password in your "
            "spreadsheet and save it again."
        ),
        code="encrypted_file",
    )


def _refuse_entities(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    for member in members:
        if member.filename.endswith((".xml", ".rels")):
            with archive.open(member) as part:
                if re.search(rb"<!(?:DOCTYPE|ENTITY)", part.read(8192)):
                    raise UnreadableFile(
                        N_(
                            "The workbook defines XML entities, which no spreadsheet writes: it "
                            "was not opened. "
                            "Open it in your spreadsheet and save it again."
                        ),
                        code="xml_entities",
                    )


_FORMULA_CELL = re.compile(rb"<c\b([^>]*)>((?:(?!</c>).)*?<f\b(?:(?!</c>).)*?)</c>", re.S)


def _refuse_uncomputed(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """A formula without its stored value would silently be an empty cell."""
    for member in members:
        if not member.filename.startswith("xl/worksheets/") or not member.filename.endswith(".xml"):
            continue
        data = archive.read(member)
        if b"<f" not in data:
            continue
        for cell in _FORMULA_CELL.finditer(data):
            if b"<v" not in cell[2] and b"<is" not in cell[2]:
                where = re.search(rb'\br="([A-Z]+\d+)"', cell[1])
                raise UnreadableFile(
                    N_(
                        "Cell {cell} holds a formula whose result is not stored in the file. "
                        "Open it in your spreadsheet, let it compute, and save it again."
                    ),
                    cell=where[1].decode() if where else "?",
                    code="formula_without_value",
                )


def _ole_kind(path: Path) -> FileKind:
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise _encrypted()
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return FileKind.XLS
    raise _not_a_spreadsheet(
        N_("This file is a text document, not a spreadsheet. Choose an XLSX, ODS or CSV file.")
    )
