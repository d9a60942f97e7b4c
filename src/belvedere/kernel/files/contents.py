"""What a file really is, by its content, and whether it may be kept. Never by its name alone.

Nothing is taken out of a file: it is kept as it came, or refused with a sentence that says what to do.
Not for: looking for viruses.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from belvedere.kernel.errors import N_, TooLarge
from belvedere.kernel.files import archives
from belvedere.kernel.files.refusals import (
    ALLOWED,
    RefusedFile,
    compressed,
    lies,
    not_taken,
    program,
    web_page,
)

LARGEST_FILE = 25_000_000  # 25 MB, as people and pages count them
LONGEST_NAME = 200
TEXT, CSV, JSON, GEOJSON = "text/plain", "text/csv", "application/json", "application/geo+json"
# media type -> the endings a file of that content may bear; the first is given to a name that has none
ENDINGS: dict[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/webp": ("webp",),
    "image/tiff": ("tif", "tiff"),
    archives.DOCX: ("docx",),
    archives.XLSX: ("xlsx",),
    archives.ODT: ("odt",),
    archives.ODS: ("ods",),
    GEOJSON: ("geojson", "json"),
    JSON: ("json",),
    CSV: ("csv",),
    TEXT: ("txt", "md"),
}
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"dex\n",
    b"\0asm",
    b"#!",
    b"L\0\0\0\x01\x14\x02\0",  # a Windows shortcut
)
_PACKED = (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ", b"(\xb5/\xfd", b"MSCF")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office before 2007, and any Office file with a password
_SNIFFED = 2048  # how far a browser looks for a web page
_MARKUP = (
    "<!doctype", "<html", "<head", "<body", "<script", "<iframe", "<svg", "<?xml", "<?php", "<meta", "<link",
    "<style", "<title", "<img", "<table", "<a ", "<div", "<!--",
)  # fmt: skip
_GEOMETRIES = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"})


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file is, and the name it is kept under."""

    media_type: str
    file_name: str


def recognise(content: bytes, file_name: str) -> Recognised:
    """What `content` is, checked to be safe to keep; raises `RefusedFile` or `TooLarge`."""
    if not content:
        raise RefusedFile(N_("The file is empty. Choose it again."), code="empty_file", field="file")
    if len(content) > LARGEST_FILE:
        raise TooLarge(
            N_(
                "The file weighs {size} MB; a document has {limit} MB at most. "
                "Make it smaller, or cut it in two."
            ),
            size=-(-len(content) // 1_000_000),  # what is too large never looks like the limit itself
            limit=LARGEST_FILE // 1_000_000,
            field="file",
        )
    name = tidy_name(file_name)
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    media_type = _by_magic(content) or _text(content, ending)
    if not ending:
        return Recognised(media_type, f"{name[: LONGEST_NAME - 8]}.{ENDINGS[media_type][0]}")
    if ending not in ENDINGS[media_type]:
        raise lies(ending, ENDINGS[media_type][0].upper())
    return Recognised(media_type, name)


def tidy_name(file_name: str) -> str:
    """The last part of a path, without what cannot be seen or turns the writing round; never empty."""
    last = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(char for char in last if not unicodedata.category(char).startswith("C"))
    name = " ".join(seen.split()).strip(". ") or "document"
    if len(name) <= LONGEST_NAME:
        return name
    path = PurePosixPath(name)
    suffix = path.suffix if len(path.suffix) <= 10 else ""
    return path.name[: LONGEST_NAME - len(suffix)].removesuffix(suffix) + suffix


def _by_magic(content: bytes) -> str | None:
    """The kind that the first bytes tell; None for what may be text."""
    if content.startswith(_PROGRAMS):
        raise program()
    if content.startswith(_OLE):
        raise RefusedFile(
            N_(
                "This is an old Office file, or one with a password: it may carry macros and cannot be "
                "looked into. Save it as DOCX, XLSX or PDF, without a password."
            ),
            code="old_office",
            field="file",
        )
    if content.startswith(_PACKED) or content[257:262] == b"ustar":
        raise compressed()
    if content.startswith(b"PK"):
        return archives.office_kind(content)
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-4096:]:
            raise _cut_off()
        return "application/pdf"
    return _picture(content)


def _picture(content: bytes) -> str | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        if content[12:16] != b"IHDR" or b"IEND" not in content[-1024:]:
            raise _cut_off()
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        if b"\xff\xd9" not in content[-65_536:]:
            raise _cut_off()
        return "image/jpeg"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        if int.from_bytes(content[4:8], "little") + 8 > len(content):
            raise _cut_off()
        return "image/webp"
    if content.startswith((b"II*\0", b"MM\0*")):
        return "image/tiff"
    return None


def _cut_off() -> RefusedFile:
    return RefusedFile(
        N_("The file is cut off: its end is missing. Save or download it again, then add it."),
        code="cut_off",
        field="file",
    )


def _text(content: bytes, ending: str) -> str:
    """What kind of text this is; text may bear any of the endings for text, if it is what they say."""
    text = _decoded(content)
    start = text[:_SNIFFED].lstrip("\ufeff \t\r\n\f").lower()
    if start.startswith(_MARKUP) or any(mark in start for mark in ("<script", "<html", "<svg", "<iframe")):
        raise web_page("<svg" in text.lower())
    if start.startswith("{\\rtf"):
        raise not_taken()
    kind = _json_kind(text) if ending in ("json", "geojson", "") else None
    if kind is not None:
        return kind
    if ending in ("json", "geojson"):
        raise RefusedFile(
            N_("The file is called .{ending}, but it cannot be read as JSON. Export it again."),
            ending=ending,
            code="not_json",
            field="file",
        )
    return CSV if ending == "csv" else TEXT


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise RefusedFile(
                N_("This text is in UTF-16. Save it as UTF-8, then add it again."), code="utf16", field="file"
            ) from None
        try:
            text = content.decode("cp1252")  # what Excel writes here
        except UnicodeDecodeError:
            raise not_taken() from None
    if any(ord(char) < 32 and char not in "\t\n\r\f" for char in set(text)):
        raise not_taken()
    return text


def _json_kind(text: str) -> str | None:
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return None
    try:
        read = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, dict):
        return JSON
    kind = read.get("type")
    geometry = isinstance(kind, str) and kind in _GEOMETRIES and isinstance(read.get("coordinates"), list)
    features = kind == "FeatureCollection" and isinstance(read.get("features"), list)
    feature = kind == "Feature" and "geometry" in read
    return GEOJSON if geometry or features or feature else JSON


__all__ = ["ALLOWED", "ENDINGS", "LARGEST_FILE", "Recognised", "RefusedFile", "recognise", "tidy_name"]
