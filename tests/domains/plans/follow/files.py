"""Files made for the tests: honest ones, and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40) + b"\xff\xd9"
WEBP = b"RIFF" + struct.pack("<I", 12) + b"WEBPVP8L" + bytes(4)
TIFF = b"II*\0\x08\0\0\0" + bytes(20)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
GEOJSON = b'{"type": "FeatureCollection", "features": []}'
CSV = "année;coût\n2027;1200\n".encode()
WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MANIFEST = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\0"))
    + _chunk(b"IEND", b"")
)


def packed(members: dict[str, bytes], *, stored: tuple[str, ...] = ("mimetype",)) -> bytes:
    """A zip archive of `members`, in order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, how)
    return out.getvalue()


def docx(more: dict[str, bytes] | None = None, types: bytes = WORD) -> bytes:
    return packed(
        {
            "[Content_Types].xml": b"<Types>" + types + b"</Types>",
            "word/document.xml": b"<w/>",
            **(more or {}),
        }
    )


def xlsx(more: dict[str, bytes] | None = None, types: bytes = EXCEL) -> bytes:
    return packed(
        {"[Content_Types].xml": b"<Types>" + types + b"</Types>", "xl/workbook.xml": b"<x/>", **(more or {})}
    )


def odf(kind: str = "text", more: dict[str, bytes] | None = None, manifest: bytes = MANIFEST) -> bytes:
    return packed(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(),
            "content.xml": b"<o/>",
            "META-INF/manifest.xml": manifest,
            **(more or {}),
        }
    )


def locked(content: bytes) -> bytes:
    """The archive with the mark of encryption on every member."""
    out = bytearray(content)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = out.find(mark)
        while place >= 0:
            out[place + at] |= 1
            place = out.find(mark, place + 4)
    return bytes(out)


def liar(content: bytes, name: bytes, size: int) -> bytes:
    """The archive whose directory says that the member `name` unpacks to `size` bytes."""
    out = bytearray(content)
    place = out.find(b"PK\x01\x02")
    while out[place + 46 : place + 46 + len(name)] != name:
        place = out.find(b"PK\x01\x02", place + 4)
    out[place + 24 : place + 28] = struct.pack("<I", size)
    return bytes(out)


def bomb(megabytes: int) -> bytes:
    """A DOCX whose one part unpacks to so many megabytes of zeros."""
    out = io.BytesIO(docx())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/b.xml", "w") as part:
        for _ in range(megabytes):
            part.write(bytes(1_000_000))
    return out.getvalue()
