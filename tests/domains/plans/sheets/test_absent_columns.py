"""A column that a file does not have leaves what is there; what a file changes is told in full."""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
import xlsxwriter
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.models import FundingLine, Measure, PlanMembership, SpendLine
from belvedere.domains.plans.public import actions
from belvedere.domains.plans.sheets import public as sheets
from belvedere.domains.plans.sheets.models import SheetImport
from belvedere.domains.plans.sheets.portable import LISTS, MAIN
from belvedere.domains.plans.sheets.present import records_of
from belvedere.domains.plans.sheets.reading import Table, read
from belvedere.domains.plans.sheets.records import changes
from belvedere.domains.territory.public import territory_by_slug
from belvedere.kernel.money import Kind, Vat
from tests.domains.plans.sheets.test_round_trip import draft_of, enrich
from tests.people import Valbelle

pytestmark = pytest.mark.django_db
OPTIONAL = tuple(name for name in MAIN if name not in ("belvedere_id", "belvedere_version"))
OF_LISTS = tuple((name, column) for name, columns in LISTS.items() for column in columns)
VALUES: dict[str, Any] = {
    "title": "Rue",
    "description": "Une rue",
    "external": True,
    "costs": [Decimal("1000.50"), Decimal(2000)],
    "years": {2027: Decimal(400), 2028: Decimal("600.50")},
    "aids": [(Decimal(100), "LPR"), (Decimal(50), "LPR")],
    "rate": Decimal("0.25"),
    "points": [(7.1, 46.1), (7.2, 46.2)],
    "priority": "A",
    "published": True,
    "phase": "31",
    "before": Decimal(30),
    "less": Decimal(20),
    "tariff": Decimal(5),
    "share": Decimal("0.4"),
    "agreement": "signed",
    "day": date(2031, 12, 31),
    "note": "note",
}


@pytest.fixture
def two(valbelle: Valbelle) -> list[Any]:
    """Two measures with everything an export holds."""
    actor, territory = Actor.system(), territory_by_slug("valbelle")

    def plan(code: str, generation: int) -> Any:
        return actions.create_plan(
            actor=actor,
            territory_id=territory.id,
            owner_id=valbelle.body.pk,
            type="agglomeration_programme",
            code=code,
            title={"fr": code},
            money_kind=Kind("CHF", Vat.EXCLUDED, "2025-10"),
            generation=generation,
        )

    now, former, made = plan("PA4", 4), plan("PA3", 3), []
    for number in range(2):
        draft = draft_of(VALUES, valbelle, now, number)
        made.append(actions.create_measure(actor=actor, territory_id=territory.id, draft=draft))
        enrich(made[-1], VALUES, valbelle, former, number)
    return made


def exported(folder: Path, form: str) -> Path:
    path = folder / f"all.{form}"
    sheets.export(actor=Actor.system(), territory=territory_by_slug("valbelle"), path=path, form=form)
    return path


def without(table: Table, path: Path, form: str, main: set[str], lists: set[tuple[str, str]]) -> None:
    """The table as a file without these columns of the main sheet and of the lists."""
    kept = [at for at, name in enumerate(table.headers) if name not in main]
    rows = [[table.headers[at] for at in kept]] + [[row[at] for at in kept] for row in table.rows]
    if form == "csv":
        for at, place in enumerate(kept):
            name = table.headers[place]
            for row in rows[1:] if name in LISTS else ():
                parts = json.loads(row[at] or "[]")
                row[at] = json.dumps(
                    [{k: v for k, v in one.items() if (name, k) not in lists} for one in parts]
                )
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows)
        return
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    written = {"all": rows}
    for sheet, lines in table.details.items():
        name = sheet.removeprefix("_")
        at_all = [at for at, column in enumerate(lines[0]) if (name, column) not in lists]
        written[sheet] = [[line[at] if at < len(line) else "" for at in at_all] for line in lines]
    for sheet, lines in written.items():
        page = book.add_worksheet(sheet)
        for at, line in enumerate(lines):
            for column, cell in enumerate(line):
                page.write(at, column, cell if isinstance(cell, int | float | str) else str(cell or ""))
    book.close()


def taken(path: Path) -> dict[str, int]:
    made, _ = sheets.take_at_once(
        actor=Actor.system(), territory=territory_by_slug("valbelle"), path=path, file_name=path.name
    )
    found: dict[str, int] = SheetImport.objects.get(pk=made).counts["taken"]
    return found


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@settings(
    max_examples=10,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    main=st.sets(st.sampled_from(OPTIONAL)),
    lists=st.one_of(
        st.sets(st.sampled_from(OF_LISTS), max_size=6), st.sets(st.sampled_from(OF_LISTS), min_size=30)
    ),
)
def test_any_absent_columns_change_nothing(
    form: str, main: set[str], lists: set[tuple[str, str]], two: list[Any], tmp_path: Path
) -> None:
    whole = exported(tmp_path, form)
    part = tmp_path / f"part.{form}"
    without(read(whole), part, form, main, lists)
    assert taken(part) == {"created": 0, "changed": 0, "same": 2}, (main, lists)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_each_absent_column_changes_nothing(form: str, two: list[Any], tmp_path: Path) -> None:
    table, part = read(exported(tmp_path, form)), tmp_path / f"part.{form}"
    halves = (set(OF_LISTS[::2]), set(OF_LISTS[1::2]))
    agreement = {("listings", name) for name in LISTS["listings"] if name != "plan"}
    for main, lists in ((set(OPTIONAL), set()), *((set(), one) for one in (*halves, agreement))):
        without(table, part, form, main, lists)
        assert taken(part)["same"] == 2, (main, lists)


def test_an_export_of_before_keeps_the_agreement_and_takes_the_rest(two: list[Any], tmp_path: Path) -> None:
    """The file knows no agreement, no state of aid and no nature: only the typed title changes."""
    table = read(exported(tmp_path, "csv"))
    title, line = table.headers.index("title_fr"), table.headers.index("belvedere_id")
    row = next(row for row in table.rows if row[line] == str(two[0]))
    row[title] = "Rue large"
    later = LISTS["listings"][LISTS["listings"].index("listed_cost") :]
    lists = {("listings", name) for name in later if not name.startswith("plan")}
    lists |= {("aids", name) for name in ("state", "advance_share", "lag_years", "indexed", "conditions")}
    lists |= {("spending", "nature"), ("spending", "reason")}
    part = tmp_path / "part.csv"
    without(table, part, "csv", set(), lists)
    assert taken(part) == {"created": 0, "changed": 1, "same": 1}
    assert Measure.objects.get(pk=two[0]).title == {"fr": "Rue large"}
    listing = PlanMembership.objects.get(measure_id=two[0], plan__code="PA4")
    assert (listing.agreement, listing.agreement_number, listing.contribution) == ("signed", "LV-1", "lump")
    assert listing.claim_deadline == date(2031, 12, 31) and listing.listed_cost == 30
    assert {line.lag_years for line in FundingLine.objects.filter(measure_id=two[0], position__gte=20)} == {2}
    assert SpendLine.objects.filter(measure_id=two[0], amount__lt=0, reason="repris").exists()


def test_the_preview_tells_every_value_that_changes(two: list[Any], tmp_path: Path) -> None:
    present = records_of(two)[two[0]][0]
    listing = msgspec.structs.replace(
        next(one for one in present.listings if one.plan == "PA4"),
        agreement="in_agreement",
        contribution="individual",
    )
    aid = msgspec.structs.replace(present.aids[0], conditions="sous réserve")
    spend = msgspec.structs.replace(present.spending[0], amount=Decimal(41))
    wanted = msgspec.structs.replace(
        present,
        listings=tuple(listing if one.plan == "PA4" else one for one in present.listings),
        aids=(aid, *present.aids[1:]),
        spending=(spend, *present.spending[1:]),
        sites=present.sites[:1],
        quantities=(),
    )
    found = {one.field: (one.before, one.after) for one in changes(present, wanted)}
    year = "≤2030" if present.spending[0].span == "before" else f"{present.spending[0].year}"
    assert found == {
        "listings:PA4:agreement": ("signed", "in_agreement"),
        "listings:PA4:contribution": ("lump", "individual"),
        f"aid:{aid.instrument}:conditions": ("", "sous réserve"),
        f"spend:{year}": (f"{present.spending[0].amount} CHF", "41 CHF"),
        "sites:a": ("a", ""),
        "quantities:m": (found["quantities:m"][0], ""),
    }
