"""What a file is, is found in its content; what may harm or lies is refused with a sentence."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belvedere.kernel.errors import BelvedereError, TooLarge
from belvedere.kernel.files import archives
from belvedere.kernel.files.contents import LARGEST_FILE, RefusedFile, recognise, tidy_name
from tests.domains.plans.follow import files

HONEST = [
    ("plan.pdf", files.PDF, "application/pdf"),
    ("PLAN.PDF", files.PDF, "application/pdf"),
    ("vue.png", files.PNG, "image/png"),
    ("vue.jpg", files.JPEG, "image/jpeg"),
    ("vue.jpeg", files.JPEG, "image/jpeg"),
    ("vue.webp", files.WEBP, "image/webp"),
    ("scan.tif", files.TIFF, "image/tiff"),
    ("note.docx", files.docx(), archives.DOCX),
    ("table.xlsx", files.xlsx(), archives.XLSX),
    ("note.odt", files.odf("text"), archives.ODT),
    ("table.ods", files.odf("spreadsheet"), archives.ODS),
    ("vide.odt", files.odf(more={"Basic/Standard/script-lb.xml": b"<l/>"}), archives.ODT),
    ("tracé.geojson", files.GEOJSON, "application/geo+json"),
    ("tracé.json", files.GEOJSON, "application/geo+json"),
    ("point.geojson", b'{"type": "Point", "coordinates": [7.4, 46.2]}', "application/geo+json"),
    ("données.json", b'[{"a": 1}]', "application/json"),
    ("coûts.csv", files.CSV, "text/csv"),
    ("coûts.csv", "année;coût\n".encode("cp1252"), "text/csv"),
    ("lisez-moi.txt", b"\xef\xbb\xbfBonjour", "text/plain"),
    ("calcul.txt", b"a < b et <c>", "text/plain"),
]


@pytest.mark.parametrize(("name", "content", "media_type"), HONEST, ids=[case[0] for case in HONEST])
def test_honest_files_are_taken(name: str, content: bytes, media_type: str) -> None:
    found = recognise(content, name)
    assert (found.media_type, found.file_name) == (media_type, name)


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
MACRO = {"word/vbaProject.bin": files.OLE}
HOSTILE = [
    ("vide.pdf", b"", "empty_file"),
    ("plan.exe", b"MZ\x90\x00" + bytes(100), "program"),
    ("plan.pdf", b"MZ\x90\x00" + bytes(100), "program"),
    ("plan", b"\x7fELF" + bytes(100), "program"),
    ("plan.txt", b"#!/bin/sh\nrm -rf /\n", "program"),
    ("plan.pdf", b"<!DOCTYPE html><script>alert(1)</script>", "web_page"),
    ("plan.txt", b"\xef\xbb\xbf \n<html>", "web_page"),
    ("plan.txt", b"Bonjour <script>alert(1)</script>", "web_page"),
    ("plan.csv", b"<a href=x>\n", "web_page"),
    ("plan.svg", SVG, "svg"),
    ("plan.png", SVG, "svg"),
    ("plan.svg", b"<svg/>", "svg"),
    ("plan.xml", b"<?xml version='1.0'?><a/>", "web_page"),
    ("note.doc", files.OLE, "old_office"),
    ("note.docx", files.OLE, "old_office"),  # a DOCX with a password is such a file
    ("note.docm", files.docx(MACRO), "macros"),
    ("note.docx", files.docx(MACRO), "macros"),
    ("note.docx", files.docx({"word/VBAPROJECT.BIN": b"x"}), "macros"),
    ("note.docx", files.docx(types=files.WORD + b"ms-word.document.macroEnabled.main+xml"), "macros"),
    ("table.xlsx", files.xlsx({"xl/macrosheets/sheet1.xml": b"<m/>"}), "macros"),
    ("note.docx", files.docx({"word/activeX/activeX1.bin": b"x"}), "macros"),
    ("note.docx", files.docx({"word/embeddings/facture.exe": b"x"}), "macros"),
    ("note.odt", files.odf(more={"Basic/Standard/Module1.xml": b"<m/>"}), "macros"),
    ("note.odt", files.odf(more={"Scripts/python/hi.py": b"x"}), "macros"),
    ("note.odt", files.odf(manifest=b"<manifest:encryption-data/>"), "encrypted"),
    ("note.docx", files.locked(files.docx()), "encrypted"),
    ("tout.zip", files.packed({"plan.pdf": files.PDF}), "compressed"),
    ("note.docx", files.packed({"plan.pdf": files.PDF}), "compressed"),
    ("tout.gz", b"\x1f\x8b\x08" + bytes(20), "compressed"),
    ("tout.7z", b"7z\xbc\xaf\x27\x1c" + bytes(20), "compressed"),
    ("diapo.pptx", files.packed({"[Content_Types].xml": b"", "ppt/presentation.xml": b""}), "unknown_kind"),
    ("faux.docx", files.docx(types=b""), "unknown_kind"),
    ("dessin.odg", files.odf("graphics"), "unknown_kind"),
    ("note.docx", files.docx()[:-30], "damaged"),
    ("note.docx", b"PK\x03\x04" + bytes(50), "damaged"),
    ("note.docx", files.bomb(300), "zip_bomb"),
    ("note.docx", files.bomb(30), "zip_bomb"),
    ("note.docx", files.liar(files.docx({"b.bin": bytes(9_000_000)}), b"b.bin", 10), "damaged"),
    ("plan.pdf", files.PDF[:40], "cut_off"),
    ("vue.png", files.PNG[:30], "cut_off"),
    ("vue.jpg", files.JPEG[:30], "cut_off"),
    ("vue.webp", files.WEBP[:16], "cut_off"),
    ("vue.gif", b"GIF89a" + bytes(20), "unknown_kind"),
    ("texte.txt", b"abc\0def", "unknown_kind"),
    ("note.rtf", b"{\\rtf1 Bonjour}", "unknown_kind"),
    ("texte.txt", "é".encode("utf-16"), "utf16"),
    ("tracé.geojson", b"{", "not_json"),
    ("tracé.geojson", b"[" * 100_000, "not_json"),
    ("tracé.geojson", b'{"a": 1}', "name_lies"),
    ("plan.pdf.exe", files.PDF, "name_lies"),
    ("plan.docx", files.PDF, "name_lies"),
    ("vue.png", files.JPEG, "name_lies"),
    ("note.xlsx", files.docx(), "name_lies"),
    ("plan.pdf", b"Bonjour", "name_lies"),
    ("script.js", b"alert(1)", "name_lies"),
    ("script.bat", b"del *.*", "name_lies"),
]


@pytest.mark.parametrize(
    ("name", "content", "code"), HOSTILE, ids=[f"{case[0]}-{case[2]}" for case in HOSTILE]
)
def test_hostile_files_are_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(RefusedFile) as refused:
        recognise(content, name)
    assert refused.value.code == code
    assert str(refused.value).endswith(".")


def test_two_members_of_one_name_are_refused() -> None:
    import io
    import warnings
    import zipfile

    out = io.BytesIO(files.docx())
    with zipfile.ZipFile(out, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("word/document.xml", b"<other/>")
    with pytest.raises(RefusedFile):
        recognise(out.getvalue(), "note.docx")


def test_the_largest_file_is_taken_and_one_byte_more_is_not() -> None:
    end = files.PDF[-6:]
    just = files.PDF + bytes(LARGEST_FILE - len(files.PDF) - len(end)) + end
    assert recognise(just, "plan.pdf").media_type == "application/pdf"
    with pytest.raises(TooLarge):
        recognise(just + b"\n", "plan.pdf")


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("C:\\Users\\jf\\plan.pdf", "plan.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("plan\u202efdp.pdf", "planfdp.pdf"),
        ("plan\r\nSet-Cookie: a.pdf", "planSet-Cookie: a.pdf"),
        ("  ", "document"),
        ("..", "document"),
        ("é" * 300 + ".pdf", "é" * 196 + ".pdf"),
    ],
)
def test_names_are_made_tidy(given_name: str, kept: str) -> None:
    assert tidy_name(given_name) == kept


def test_a_name_without_an_ending_gets_one() -> None:
    assert recognise(files.PDF, "Plan de situation").file_name == "Plan de situation.pdf"
    assert recognise(files.CSV, "lisez-moi").file_name == "lisez-moi.txt"


@settings(max_examples=300)
@given(
    st.sampled_from([content for _name, content, _media in HONEST]),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=8),
    st.sampled_from(["a.pdf", "a.docx", "a.odt", "a.json", "a.txt", "a"]),
)
def test_a_damaged_file_is_told_or_refused_but_never_breaks(
    content: bytes, blows: list[tuple[int, int]], name: str
) -> None:
    out = bytearray(content)
    for at, byte in blows:
        out[at % len(out)] = byte
    with contextlib.suppress(BelvedereError):
        recognise(bytes(out), name)
