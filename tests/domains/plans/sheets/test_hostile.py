"""Hostile and everyday bad input: each gets its sentence, and nothing is half-written."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from belvedere.domains.plans.sheets import safety
from belvedere.domains.plans.sheets.errors import FileTooLarge, UnreadableFile
from belvedere.domains.plans.sheets.reading import read
from belvedere.kernel.errors import BelvedereError
from tests.people import Valbelle

HEAD = ["Identifiant", "Titre", "Maître d'ouvrage", "Coût (CHF, HT)", "Début", "Lat", "Long", "Géométrie"]


def workbook(path: Path, rows: list[list[Any]], head: list[str] = HEAD) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Mesures")
    for line, row in enumerate([head, *rows]):
        for at, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, at, cell)
            elif cell is not None:
                sheet.write(line, at, cell)
    book.close()
    return path


def draft_of(path: Path, **settings: str) -> Any:
    """The draft of a file brought by the platform, everything for the whole sheet decided."""
    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans.sheets import public as sheets
    from belvedere.domains.plans.sheets.models import SheetImport
    from belvedere.domains.territory.public import territory_by_slug

    given = {
        "price_base": "",
        "vat": "excluded",
        "unit": "1",
        "currency": "CHF",
        "year": "2027",
        "crs": "EPSG:4326",
    }
    made = sheets.bring(
        actor=Actor.system(),
        territory=territory_by_slug("valbelle"),
        path=path,
        file_name=path.name,
        change=lambda mapping, decisions: sheets.settle(mapping, {**given, **settings}),
    )
    return SheetImport.objects.get(pk=made)


UNPLACED = {"no_site": False}  # a note, on each row that would create a measure without a site


def problems(draft: Any, line: int) -> dict[str, bool]:
    """The problems of a line: code -> whether it blocks."""
    return {p["code"]: p["blocks"] for p in draft.rows.get(line=line).problems}


def nothing_taken() -> bool:
    from belvedere.domains.plans.models import Measure

    return not Measure.objects.exists()


# ------------------------------------------------------------------ files
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.4", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"<html><table><tr><td>1</td></tr></table>", "web page"),
        (b"\x7fELF....", "program"),
        (b"", "empty"),
        (b"\0\1\2\3" * 40, "do not know"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_the_wrong_kind_of_file_is_named(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "mesures.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as met:
        read(path)
    assert says in met.value.sentence()


def test_a_word_document_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mesures.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(UnreadableFile, match="text document"):
        read(path)


def test_two_hundred_megabytes_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "mesures.xlsx"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(FileTooLarge, match="210 MB; an import takes 50 MB") as met:
        read(path)
    assert met.value.status == 413


def _bomb(path: Path, size: int, claim: int | None = None) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    if claim is not None:
        data = path.read_bytes()
        path.write_bytes(data.replace(size.to_bytes(4, "little"), claim.to_bytes(4, "little")))


def test_a_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    _bomb(path, 64 * 1024 * 1024)
    assert path.stat().st_size < 200_000
    with pytest.raises(FileTooLarge, match="unpacks to 64 MB"):
        read(path)


def test_a_zip_bomb_that_lies_about_its_size_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    _bomb(path, 64 * 1024 * 1024, claim=1000)
    with pytest.raises(UnreadableFile, match="damaged"):
        read(path)


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(safety.MOST_MEMBERS + 1):
            archive.writestr(f"xl/{number}.xml", "")
    with pytest.raises(FileTooLarge):
        read(path)


def _patched(path: Path, member: str, change: Any) -> None:
    source = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == member else data)


def test_xml_entities_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "m.xlsx", [["1", "Une", "Montaigu", 1]])
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    _patched(path, "xl/sharedStrings.xml", lambda data: entity + data.split(b"?>", 1)[1])
    with pytest.raises(UnreadableFile, match="entities"):
        read(path)


def test_a_formula_gives_its_stored_value_and_none_is_said(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "f.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Titre", "Coût"])
    sheet.write_string(1, 0, "Une")
    sheet.write_formula(1, 1, "=40+2", None, 42)
    book.close()
    assert read(tmp_path / "f.xlsx").rows == [["Une", 42.0]]
    _patched(tmp_path / "f.xlsx", "xl/worksheets/sheet1.xml", lambda data: data.replace(b"<v>42</v>", b""))
    with pytest.raises(UnreadableFile, match="Cell B2 holds a formula"):
        read(tmp_path / "f.xlsx")


def test_headers_without_rows_are_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no row below"):
        read(workbook(tmp_path / "m.xlsx", []))


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    wide = [f"c{at}" for at in range(301)]
    with pytest.raises(FileTooLarge, match="301 columns"):
        read(workbook(tmp_path / "m.xlsx", [wide], wide))


# ------------------------------------------------------------------ rows
@pytest.mark.django_db
def test_each_bad_cell_has_its_sentence_and_nothing_is_written(valbelle: Valbelle, tmp_path: Path) -> None:
    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans.sheets import public as sheets
    from belvedere.domains.territory.public import territory_by_slug

    name = "شارع \u202eالمحطة\u202c – rue de la gare"
    draft = draft_of(
        workbook(
            tmp_path / "m.xlsx",
            [
                ["1", "Bonne", "Montaigu", 1000, "03.2027", 46.2, 7.4],
                ["2", "Date", "Montaigu", 1000, "dès que possible"],
                ["3", "Négatif", "Montaigu", -5],
                ["4", "Devise", "Montaigu", "500 EUR"],
                ["1", "Double", "Montaigu", 10],
                ["6", "Sans maître", "", 10],
                ["7", "Inconnu", "Zzyzx", 10],
                ["8", name, "Montaigu", 10],
                ["9", "x" * 3990 + " fin", "Montaigu", 10],
                ["10", "Polygone", "Montaigu", 10, "", None, None, "POLYGON ((7 46, 7 46, 7 46, 7 46))"],
                [
                    "11",
                    "Papillon",
                    "Montaigu",
                    10,
                    "",
                    None,
                    None,
                    "POLYGON ((7 46, 8 47, 8 46, 7 47, 7 46))",
                ],
                ["12", "Texte", "Montaigu", 10, "", None, None, "ici"],
                ["13", "Swiss", "Montaigu", 10, "", 1120000, 2600000],
                ["14", "Échangées", "Montaigu", 10, "", 100.5, 46.2],
                ["15", "", "", None],
                ["16", "Trop long", "Montaigu", "y" * 20],
                ["17", "=1+1", "Montaigu", 0],
            ],
        )
    )
    met = {line: problems(draft, line) for line in range(2, 19)}
    assert met[2] == {}
    assert met[3] == {"date_unreadable": True}
    assert met[4] == {"negative_amount": True}
    assert met[5] == {"mixed_currencies": True}
    assert met[6] == {"duplicate_id": True}
    assert met[7] == {"owner_missing": True}
    assert met[8] == {"owner_unknown": True}
    assert met[9] == {"bidi": False, "no_site": False}
    assert met[10] == {"too_long": False, "no_site": False}
    assert met[11] == {"geometry_invalid": True}
    assert met[12] == {"geometry_repaired": False}
    assert met[13] == {"geometry_unreadable": True}
    assert met[14] == {"other_crs": True}
    assert met[15] == {"coordinates_swapped": True}
    assert met[16] == {"owner_missing": True, "title_missing": True}
    assert met[17] == {"amount_unreadable": True}
    assert met[18] == {"cost_zero": False, "no_site": False}
    assert nothing_taken()
    actor, territory = Actor.system(), territory_by_slug("valbelle")
    with pytest.raises(BelvedereError, match="still to be fixed"):
        sheets.take(actor=actor, territory=territory, import_id=draft.pk)
    assert nothing_taken()
    taken = sheets.take(actor=actor, territory=territory, import_id=draft.pk, only_sure=True)
    assert taken.created == 5
    from belvedere.domains.plans.models import Measure

    long = Measure.objects.get(external_id="9")
    assert len(long.title["fr"]) <= 500 and len(long.description["fr"]) == 3994
    assert Measure.objects.get(external_id="8").title["fr"] == name
    assert Measure.objects.get(external_id="17").title["fr"] == "=1+1"


def test_a_file_just_too_large_does_not_weigh_the_limit() -> None:
    safety.refuse_size(50_000_000)
    with pytest.raises(FileTooLarge, match="51 MB; an import takes 50 MB"):
        safety.refuse_size(50_000_001)


@pytest.mark.django_db
def test_the_gap_to_the_sheet_is_explained_to_zero(valbelle: Valbelle, tmp_path: Path) -> None:
    head = ["Identifiant", "Titre", "Maître d'ouvrage", "Coût (mio CHF, HT)"]
    rows: list[list[Any]] = [
        ["1", "Une", "Montaigu", 12.64],
        ["2", "En francs", "Montaigu", 6_350_000],
        ["3", "En francs aussi", "Montaigu", 1_150_000],
        ["4", "Texte", "Montaigu", "1,24 ?"],
        ["5", "En toutes lettres", "Montaigu", "2.5 Mio"],
        ["", "Total", None, 7_500_012.64],
    ]
    draft = draft_of(workbook(tmp_path / "m.xlsx", rows, head), unit="1000000")
    held = draft.totals["amounts"][0]
    assert held["total_line"] == 7
    assert held["unexplained"] == "0.00"
    assert {line["line"] for line in held["lines"]} == {3, 4, 6}  # a SUM does not see texts
    assert problems(draft, 3) == {"other_unit": True}
    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans.sheets import public as sheets
    from belvedere.domains.territory.public import territory_by_slug

    kind = "other_unit:cost@3:"
    sheets.recheck(
        actor=Actor.system(),
        territory=territory_by_slug("valbelle"),
        import_id=draft.pk,
        change=lambda mapping, decisions: sheets.apply(decisions, sheets.Act("fix", kind=kind, alike=True)),
    )
    draft.refresh_from_db()
    assert draft.counts["fix"] == 1 and problems(draft, 3) == problems(draft, 4) == UNPLACED
    assert draft.totals["amounts"][0]["read"] == "22640000.00"


@pytest.mark.django_db
def test_one_amount_is_read_as_proposed_or_kept(valbelle: Valbelle, tmp_path: Path) -> None:
    """What the buttons of a row send: the proposal with its value, or to keep the cell as it stands."""
    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans.sheets import public as sheets
    from belvedere.domains.territory.public import territory_by_slug

    head = ["Identifiant", "Titre", "Maître d'ouvrage", "Coût (mio CHF, HT)"]
    rows: list[list[Any]] = [["1", "Une", "Montaigu", 6_350_000], ["2", "Deux", "Montaigu", 4_000_000]]
    draft = draft_of(workbook(tmp_path / "m.xlsx", rows, head), unit="1000000")

    def decide(act: sheets.Act) -> None:
        sheets.recheck(
            actor=Actor.system(),
            territory=territory_by_slug("valbelle"),
            import_id=draft.pk,
            change=lambda mapping, decisions: sheets.apply(decisions, act),
        )
        draft.refresh_from_db()

    kind = "other_unit:cost@3:"
    decide(sheets.Act("fix", 2, "cost@3", "6.35", kind))
    assert problems(draft, 2) == UNPLACED and problems(draft, 3) == {"other_unit": True}
    decide(sheets.Act("keep", 3, "cost@3", "4", kind))
    assert problems(draft, 3) == UNPLACED
    assert draft.totals["amounts"][0]["read"] == "4000006350000.00"


@pytest.mark.django_db
def test_a_measure_changed_since_the_preview_stops_the_taking(valbelle: Valbelle, tmp_path: Path) -> None:
    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans import actions
    from belvedere.domains.plans.models import Measure
    from belvedere.domains.plans.sheets import public as sheets
    from belvedere.domains.territory.public import territory_by_slug

    actor, territory = Actor.system(), territory_by_slug("valbelle")
    first = draft_of(
        workbook(tmp_path / "a.xlsx", [["1", "Une", "Montaigu", 1000], ["2", "Deux", "Montaigu", 5]])
    )
    sheets.take(actor=actor, territory=territory, import_id=first.pk)
    second = draft_of(
        workbook(tmp_path / "b.xlsx", [["1", "Une bis", "Montaigu", 1100], ["2", "Deux", "Montaigu", 5]])
    )
    assert (second.counts["change"], second.counts["same"]) == (1, 1)
    measure = Measure.objects.get(external_id="1")
    actions.edit_measure(actor=actor, measure_id=measure.pk, version=measure.version, title={"fr": "Autre"})
    with pytest.raises(BelvedereError, match="changed since you looked"):
        sheets.take(actor=actor, territory=territory, import_id=second.pk)
    sheets.recheck(actor=actor, territory=territory, import_id=second.pk)
    assert sheets.take(actor=actor, territory=territory, import_id=second.pk).changed == 1
    measure.refresh_from_db()
    assert measure.title["fr"] == "Une bis" and measure.estimates.count() == 2
    undone = sheets.undo(actor=actor, territory=territory, import_id=second.pk)
    assert (undone.removed, undone.restored, undone.kept) == (0, 1, ())
    measure.refresh_from_db()
    assert measure.title["fr"] == "Autre" and measure.estimates.count() == 1
    kept = sheets.undo(actor=actor, territory=territory, import_id=first.pk)
    assert kept.removed == 1 and kept.kept == (measure.pk,)
