"""Files of other countries: wide and long, with their units, buckets, codes and negative years."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from belvedere.domains.plans.sheets import horizon, money_words, parsing
from belvedere.kernel.errors import BelvedereError
from tests.domains.plans.sheets import files
from tests.people import Valbelle

GIVEN = {"price_base": "", "vat": "excluded", "unit": "1", "currency": "CHF"}


def territory() -> Any:
    from belvedere.domains.territory.public import territory_by_slug

    return territory_by_slug("valbelle")


def brought(path: Path, payers: dict[str, str] | None = None, rest: str = "", **more: str) -> Any:
    """The draft of a file, with what a person decides for the whole sheet. A value of "" is left open."""
    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans.sheets import public as sheets
    from belvedere.domains.plans.sheets.models import SheetImport

    answers = {name: value for name, value in {**GIVEN, **more}.items() if value or name == "price_base"}
    made = sheets.bring(
        actor=Actor.system(),
        territory=territory(),
        path=path,
        file_name=path.name,
        change=lambda mapping, decisions: sheets.settle(mapping, answers),
    )
    if payers or rest:
        change(made, lambda mapping, _: sheets.name_payers(mapping, payers or {}, rest))
    return SheetImport.objects.get(pk=made)


def change(import_id: Any, what: Callable[[Any, Any], None]) -> None:
    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans.sheets import public as sheets

    sheets.recheck(actor=Actor.system(), territory=territory(), import_id=import_id, change=what)


def take(draft: Any) -> Any:
    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans.sheets import public as sheets

    return sheets.take(actor=Actor.system(), territory=territory(), import_id=draft.pk)


def asked(draft: Any) -> list[str]:
    from belvedere.domains.plans.sheets.asking import questions
    from belvedere.domains.plans.sheets.mapping import from_plain

    return [question.setting for question in questions(from_plain(draft.mapping))]


def fields(draft: Any) -> list[str]:
    columns = draft.mapping["columns"]
    return [c["field"] + (f":{c['argument']}" if c["field"] == "spend" else "") for c in columns]


def problems(draft: Any, line: int) -> dict[str, bool]:
    return {p["code"]: p["blocks"] for p in draft.rows.get(line=line).problems if p["code"] != "no_site"}


def measure(title: str) -> Any:
    from belvedere.domains.plans.models import Measure

    return Measure.objects.get(title__fr=title)


def years(of: Any) -> list[tuple[str, int, str, Decimal]]:
    lines = of.spend_lines.order_by("year", "span", "state")
    return [(line.span, line.year, line.state, line.amount) for line in lines]


# ------------------------------------------------------------------ titles and numbers, without a database
@pytest.mark.parametrize(
    ("title", "argument"),
    [
        ("2027", "2027"),
        ("FY27", "2027"),
        ("CP 2027", "2027"),
        ("Exercice 2027", "2027"),
        ("2027-28", "2027"),
        ("Ausgaben 2027 (Tsd. Fr.)", "2027"),
        ("Voté 2027", "2027+voted"),
        ("Bezahlt 2025", "2025+paid"),
        ("Avant 2027", "before-2026"),
        ("bis 2026", "before-2026"),
        ("Dépenses au 31.12.2026", "before-2026"),
        ("nach 2031", "after-2032"),
        ("dès 2032", "after-2032"),
        ("2032 ff.", "after-2032"),
        ("Beyond FY31", "after-2032"),
    ],
)
def test_a_title_says_its_year_span_and_state(title: str, argument: str) -> None:
    read = horizon.read_title(title)
    assert read is not None and read.when.argument == argument
    assert horizon.when_of(argument) == read.when


def test_buckets_take_their_year_from_their_neighbours() -> None:
    titles = dict(enumerate(["Prior", "FY27", "FY28", "Required to complete", "Coût", "Début prévu"]))
    found = {at: read.when.argument for at, read in horizon.plan(titles).items()}
    assert found == {0: "before-2026", 1: "2027", 2: "2028", 3: "after-2029"}
    assert horizon.plan({0: "Prior", 1: "Rest"}) == {}, "no year, no bucket"


def test_words_that_several_years_share_are_payers() -> None:
    titles = dict(enumerate(["2027 Bund", "2027 Kanton", "2028 Bund", "2028 Kanton", "Länge 2020"]))
    found = {at: (read.when.argument, read.words) for at, read in horizon.plan(titles).items()}
    assert found == {0: ("2027", "bund"), 1: ("2027", "kanton"), 2: ("2028", "bund"), 3: ("2028", "kanton")}
    same = horizon.plan({0: "Plan Sierre 2027", 1: "Plan Sierre 2028"})
    assert [read.words for read in same.values()] == ["", ""]


@pytest.mark.parametrize(
    ("title", "unit", "currency"),
    [
        ("Cost (in $000)", 1000, "USD"),
        ("Coût k€", 1000, "EUR"),
        ("Kosten in Tsd. Fr.", 1000, "CHF"),
        ("Kosten (TEUR)", 1000, "EUR"),
        ("Coût (Mio CHF)", 1_000_000, "CHF"),
        ("Cost £m", 1_000_000, "GBP"),
        ("Amounts in thousands of dollars", 1000, "USD"),
        ("Importo (migliaia di euro)", 1000, "EUR"),
        ("Cost", None, None),
    ],
)
def test_a_title_says_its_unit_and_currency(title: str, unit: int | None, currency: str | None) -> None:
    assert (money_words.unit_in(title), money_words.currency_in(title)) == (unit, currency)


def test_a_share_is_a_share_however_it_is_written() -> None:
    for cell in ("40 %", "40%", "40,0 %"):
        assert parsing.share(cell) == Decimal("0.4")
    assert parsing.share(40) == parsing.share(0.4) == Decimal("0.4")
    assert parsing.share(1, "percent") == Decimal("0.01") and parsing.share(1, "share") == 1
    assert not parsing.shares_doubtful([0.4, 0.5, 1])  # shares, one of them all
    assert not parsing.shares_doubtful([40, 50, "1 %"])
    assert parsing.shares_doubtful([0.5, 40])


# ------------------------------------------------------------------ wide
WIDE: list[list[Any]] = [
    ["Capital plan (in $000)"],
    [
        "Project ID",
        "Project name",
        "Agency",
        "Prior",
        "FY27",
        "FY28",
        "FY29",
        "Required to complete",
        "Total",
    ],
    ["P1", "Harbour bridge", "Montaigu", 1200.5, 300, -50, None, 4000, 5450.5],
    ["P2", "School roof", "Rochefort", None, 10, 20, 30, None, 60],
    ["", "Total", "", 1200.5, 310, -30, 30, 4000, 5510.5],
    ["* Preliminary figures, subject to revision."],
]


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["xlsx", "ods", "text"])
def test_a_wide_sheet_in_thousands_of_dollars(form: str, valbelle: Valbelle, tmp_path: Path) -> None:
    path = getattr(files, form)(tmp_path / f"plan.{form}", WIDE)
    draft = brought(path, unit="", currency="")
    assert fields(draft)[3:] == [
        "spend:before-2026",
        "spend:2027",
        "spend:2028",
        "spend:2029",
        "spend:after-2030",
        "cost",
    ]
    assert draft.mapping["settings"]["unit"] == 1000 and draft.mapping["settings"]["currency"] == "USD"
    assert asked(draft) == []
    assert draft.description["total_line"] == 5 and draft.description["note_lines"] == [6]
    assert problems(draft, 3) == {"negative_year": False}
    spent = next(one for one in draft.totals["amounts"] if one["field"] == "spend")
    assert (spent["sheet"], spent["read"], spent["gap"]) == ("5510500.00", "5510500.00", "0.00")
    assert take(draft).created == 2
    bridge = measure("Harbour bridge")
    assert years(bridge) == [
        ("before", 2026, "projected", Decimal("1200500.00")),
        ("", 2027, "projected", Decimal("300000.00")),
        ("", 2028, "projected", Decimal("-50000.00")),
        ("after", 2030, "projected", Decimal("4000000.00")),
    ]
    reason = bridge.spend_lines.get(year=2028).reason
    assert path.name in reason and "F3" in reason
    assert bridge.estimates.get().amount == Decimal("5450500.00")
    assert bridge.estimates.get().currency == "USD"


@pytest.mark.django_db
def test_a_reason_on_the_row_is_kept_and_a_bucket_with_text_waits(valbelle: Valbelle, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["N°", "Mesure", "Maître d'ouvrage", "Antérieur", "2027", "2028", "Motif"],
        ["1", "Correction", "Montaigu", 100, -20, 5, "Subvention rendue"],
        ["2", "Texte", "Montaigu", "voir annexe", 10, 5, ""],
        ["3", "Moins que rien", "Montaigu", None, -10, 5, ""],
    ]
    draft = brought(files.xlsx(tmp_path / "m.xlsx", rows), plan="-")
    assert problems(draft, 2) == {"negative_year": False}
    assert problems(draft, 3) == {"amount_unreadable": True}
    assert problems(draft, 4)["negative_total"] is True
    with pytest.raises(BelvedereError):
        take(draft)


@pytest.mark.django_db
def test_a_sheet_by_payer_and_year_under_two_lines_of_titles(valbelle: Valbelle, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Kosten in Tsd. Fr., exkl. MWST"],
        ["Nr.", "Projektname", "Bauherrschaft", "2027", "", "2028", "", "bis 2026"],
        ["", "", "", "Bund", "Gemeinde", "Bund", "Gemeinde", ""],
        ["1", "Velobrücke", "Montaigu", "1 234,50", "100", "50,25", "", "10"],
        ["2", "Platz", "Rochefort", "", "20,5", "", "30", ""],
        ["", "Gesamttotal", "", "1 234,50", "120,5", "50,25", "30", "10"],
    ]
    draft = brought(files.ods(tmp_path / "plan.ods", rows), unit="", currency="", vat="", plan="-")
    assert draft.description["header_lines"] == [2, 3]
    assert fields(draft)[3:] == ["spend:2027", "spend:2027", "spend:2028", "spend:2028", "spend:before-2026"]
    assert {c["payer"] for c in draft.mapping["columns"]} == {"", "bund", "gemeinde"}
    held = draft.mapping["settings"]
    assert (held["unit"], held["currency"], held["vat"]) == (1000, "CHF", "excluded")
    assert asked(draft) == ["payers"]
    change(draft.pk, lambda mapping, _: name_payers(mapping, {"bund": "state", "gemeinde": "own"}))
    draft.refresh_from_db()
    assert asked(draft) == []
    assert take(draft).created == 2
    bridge = measure("Velobrücke")
    assert years(bridge) == [
        ("before", 2026, "projected", Decimal("10000.00")),
        ("", 2027, "projected", Decimal("1334500.00")),
        ("", 2028, "projected", Decimal("50250.00")),
    ]
    line = bridge.funding_lines.get()
    assert (line.amount, line.instrument) == (Decimal("1284750.00"), "bund")
    assert bridge.estimates.get().amount == Decimal("1394750.00"), "no total in the sheet: the years add up"
    assert not measure("Platz").funding_lines.exists()


def name_payers(*given: Any) -> None:
    from belvedere.domains.plans.sheets import public as sheets

    sheets.name_payers(*given)


@pytest.mark.django_db
@pytest.mark.parametrize(("answer", "expected"), [("furthest", "80.00"), ("add", "180.00")])
def test_a_year_in_two_states_is_asked(
    answer: str, expected: str, valbelle: Valbelle, tmp_path: Path
) -> None:
    rows: list[list[Any]] = [
        ["Identifiant", "Titre", "Maître d'ouvrage", "Voté 2026", "Payé 2026", "Voté 2027"],
        ["1", "Route", "Montaigu", 100, 80, 40],
    ]
    draft = brought(files.text(tmp_path / "m.csv", rows))
    assert asked(draft) == ["states"]
    from belvedere.domains.plans.sheets import public as sheets

    change(draft.pk, lambda mapping, _: sheets.settle(mapping, {"states": answer}))
    take(draft)
    lines = measure("Route").spend_lines
    assert sum(line.amount for line in lines.filter(year=2026)) == Decimal(expected)
    assert lines.get(year=2027).state == "voted"


# ------------------------------------------------------------------ long
LONG: list[list[Any]] = [
    ["Project number", "Project name", "Agency", "Funding source", "Year", "Amount", "Project total"],
    ["P1", "Harbour bridge", "Montaigu", "FHWA", 2027, 700, 1000],
    ["P1", "Harbour bridge", "Montaigu", "GO BOND", 2027, 200, 1000],
    ["P1", "Harbour bridge", "Montaigu", "FHWA", 2028, 100, 1000],
    ["P2", "School roof", "Rochefort", "CITY", 2027, 60, 60],
    ["", "", "", "STATE AID", 2028, 40, ""],
]


def long_draft(path: Path, rows: list[list[Any]], rest: str) -> Any:
    return brought(files.text(path, rows), {}, rest, group="0")


@pytest.mark.django_db
def test_lines_of_one_project_become_one_measure(valbelle: Valbelle, tmp_path: Path) -> None:
    from belvedere.domains.plans.sheets import public as sheets

    path = files.xlsx(tmp_path / "long.xlsx", LONG)
    open_ = brought(path)
    assert asked(open_) == ["group", "payers"]
    assert fields(open_)[3:] == ["fund_code", "year", "line", "cost"]
    change(open_.pk, lambda mapping, _: sheets.settle(mapping, {"group": "0"}))
    payers = {"fhwa": "state", "go bond": "own", "city": "own", "state aid": str(valbelle.canton.pk)}
    change(open_.pk, lambda mapping, _: sheets.name_payers(mapping, payers))
    open_.refresh_from_db()
    assert asked(open_) == []
    assert open_.rows.count() == 2 and open_.rows.get(line=2).lines == [2, 3, 4]
    assert open_.rows.get(line=5).lines == [5, 6], "a line without a key goes on with the one above"
    assert problems(open_, 2) == {}
    assert problems(open_, 5) == {"years_differ": False}, "60 stated, the lines add up to 100"
    made = {c["field"] for c in open_.rows.get(line=2).changes}
    assert {"spend:2027", "spend:2028", "aid:FHWA", "cost"} <= made
    assert take(open_).created == 2
    bridge = measure("Harbour bridge")
    assert [line[3] for line in years(bridge)] == [Decimal("900.00"), Decimal("100.00")]
    assert bridge.estimates.get().amount == Decimal("1000.00")
    line = bridge.funding_lines.get()
    assert (line.amount, line.instrument, line.organisation.kind) == (800, "FHWA", "confederation")
    roof = measure("School roof").funding_lines.get()
    assert (roof.amount, roof.organisation_id) == (40, valbelle.canton.pk)

    # The answers stand in the saved mapping: the next file of this form asks for its new code alone.
    from belvedere.domains.access.public import Actor

    sheets.save_mapping(actor=Actor.system(), territory=territory(), import_id=open_.pk, name="capital plan")
    more = [*LONG[:3], ["P3", "Dock", "Montaigu", "EU FUND", 2029, 5, 5], *LONG[4:]]
    again = sheets.bring(
        actor=Actor.system(),
        territory=territory(),
        path=files.xlsx(tmp_path / "next.xlsx", more),
        file_name="next.xlsx",
        mapping_name="capital plan",
    )
    second = type(open_).objects.get(pk=again)
    assert asked(second) == ["payers"]
    assert [p["word"] for p in second.mapping["payers"] if p["rows"] and not p["target"]] == ["eu fund"]


@pytest.mark.django_db
def test_lines_that_contradict_each_other_are_a_question_on_the_row(
    valbelle: Valbelle, tmp_path: Path
) -> None:
    from belvedere.domains.plans.sheets import public as sheets

    rows = [row[:] for row in LONG]
    rows[2][1], rows[2][2] = "Harbor bridge (new)", "Rochefort"
    draft = long_draft(tmp_path / "l.csv", rows, "own")
    assert problems(draft, 2) == {"lines_differ": True}
    questions = {p["field"]: p for p in draft.rows.get(line=2).problems if p["code"] == "lines_differ"}
    assert set(questions) == {"title@1", "owner_name@2"}
    assert [label for _, label in questions["owner_name@2"]["choices"]] == ["Montaigu", "Rochefort"]
    assert questions["title@1"]["data"]["texts"] == ["Harbour bridge (2)", "Harbor bridge (new) (3)"]
    for field, value in (("title@1", "Harbor bridge (new)"), ("owner_name@2", "Rochefort")):
        act = sheets.Act("value", 2, field, value)
        change(draft.pk, lambda _, decisions, act=act: sheets.apply(decisions, act))  # type: ignore[misc]
    draft.refresh_from_db()
    assert draft.counts["fix"] == 0
    take(draft)
    assert measure("Harbor bridge (new)").owner_id == valbelle.rochefort.pk


@pytest.mark.django_db
def test_stated_totals_that_contradict_are_asked(valbelle: Valbelle, tmp_path: Path) -> None:
    rows = [row[:] for row in LONG]
    rows[2][6] = 1200
    draft = long_draft(tmp_path / "l.csv", rows, "own")
    assert problems(draft, 2) == {"totals_differ": True}
    asked_ = draft.rows.get(line=2).problems[0]
    assert [text for text, _ in asked_["choices"]] == ["1000", "1200"]
    from belvedere.domains.plans.sheets import public as sheets

    act = sheets.Act("value", 2, asked_["field"], "1200")
    change(draft.pk, lambda _, decisions: sheets.apply(decisions, act))
    take(draft)
    assert measure("Harbour bridge").estimates.get().amount == 1200


@pytest.mark.django_db
def test_forty_nine_unknown_codes_are_one_question(valbelle: Valbelle, tmp_path: Path) -> None:
    rows = LONG[:1] + [
        [f"P{n % 7}", f"Project {n % 7}", "Montaigu", f"F-{n:02}", 2027 + n % 3, 10 + n, None]
        for n in range(49)
    ]
    rows = [row[:6] for row in rows]
    draft = brought(files.text(tmp_path / "many.csv", rows), group="0")
    assert asked(draft) == ["payers"]
    assert len(draft.mapping["payers"]) == 49 and draft.rows.count() == 7
    with pytest.raises(BelvedereError, match="1 questions"):
        take(draft)
    change(draft.pk, lambda mapping, _: name_payers(mapping, {"f 00": "own"}, "new"))
    draft.refresh_from_db()
    assert asked(draft) == [] and draft.totals["new_owners"] == 48
    take(draft)
    from belvedere.domains.plans.models import FundingLine

    assert FundingLine.objects.count() == 48
    assert sum(line.amount or 0 for line in FundingLine.objects.all()) == sum(10 + n for n in range(1, 49))


@pytest.mark.django_db
def test_a_payer_that_brings_less_than_nothing_is_asked(valbelle: Valbelle, tmp_path: Path) -> None:
    rows = [row[:] for row in LONG]
    rows[2][5] = -200
    draft = long_draft(tmp_path / "l.csv", rows, "state")
    assert problems(draft, 2) == {"negative_year": False, "aid_below": True, "years_differ": False}
    from belvedere.domains.plans.sheets import public as sheets

    act = sheets.Act("keep", 2, "aid_below", kind="aid_below:aid_below:")
    change(draft.pk, lambda _, decisions: sheets.apply(decisions, act))
    draft.refresh_from_db()
    assert draft.counts["fix"] == 0


@pytest.mark.django_db
def test_each_line_its_own_measure_when_a_person_says_so(valbelle: Valbelle, tmp_path: Path) -> None:
    draft = brought(files.text(tmp_path / "l.csv", LONG), {}, "own", group="-")
    assert draft.rows.count() == 5
    assert problems(draft, 3) == {"duplicate_id": True, "same_title": False, "years_differ": False}


@pytest.mark.django_db
def test_rates_of_a_decree_with_their_maxima(valbelle: Valbelle, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Identifiant", "Mesure", "Bauherrschaft", "Coût (Mio CHF)", "Beitragssatz", "Plafond (Mio CHF)"],
        ["1", "Tram", "Montaigu", "12,5", "40 %", "4,85"],
        ["2", "Gare", "Montaigu", "2,0", "40", ""],
    ]
    path = files.ods(tmp_path / "d.ods", rows)
    draft = brought(path, unit="", funder="state", year="2027", plan="-")
    assert fields(draft)[3:] == ["cost", "rate", "cap"] and asked(draft) == []
    take(draft)
    line = measure("Tram").funding_lines.get()
    assert (line.rule, line.rate, line.cap) == ("rate_on_eligible", Decimal("0.40000"), Decimal("4850000.00"))
    assert line.resolved == Decimal("4850000.00")
    assert measure("Gare").funding_lines.get().resolved == Decimal("800000.00")
    mixed = [[*row[:4], share, ""] for row, share in zip(rows, ["Beitragssatz", 0.5, 40], strict=False)]
    assert asked(brought(files.xlsx(tmp_path / "x.xlsx", mixed), funder="state", year="2027")) == ["percent"]


@pytest.mark.django_db
def test_merged_cells_stand_on_each_of_their_lines(valbelle: Valbelle, tmp_path: Path) -> None:
    rows = [row[:] for row in LONG[:4]]
    rows[2][:3] = rows[3][:3] = [None, None, None]
    merged = tuple((1, at, 3, at) for at in range(3))
    draft = brought(files.xlsx(tmp_path / "m.xlsx", rows, merged), {}, "own", group="0")
    assert draft.rows.get().lines == [2, 3, 4] and problems(draft, 2) == {}


# ------------------------------------------------------------------ wide → measures → export → the same
amounts = st.decimals(min_value=-9_999, max_value=999_999, places=2)


@pytest.mark.django_db
@settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    table=st.lists(st.lists(st.one_of(st.none(), amounts), min_size=5, max_size=5), min_size=1, max_size=4)
)
def test_what_a_wide_sheet_says_leaves_and_comes_back(
    table: list[list[Decimal | None]], valbelle: Valbelle, tmp_path: Path
) -> None:
    from django.db import transaction

    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans.models import Measure, SpendLine
    from belvedere.domains.plans.sheets import public as sheets

    head = ["Identifiant", "Titre", "Maître d'ouvrage", "Avant 2027", "2027", "2028", "2029", "Après 2029"]
    kept = [row for row in table if sum(cell or 0 for cell in row) >= 0]
    rows: list[list[Any]] = [
        [f"w-{n}", f"Mesure {n}", "Montaigu", *(None if c is None else str(c) for c in row)]
        for n, row in enumerate(kept)
    ]
    if not rows:
        return
    path = tmp_path / "wide.csv"
    actor = Actor.system()

    def export(to: Path) -> bytes:
        sheets.export(actor=actor, territory=territory(), path=to, form="csv")
        return to.read_bytes()

    with transaction.atomic():
        draft = brought(files.text(path, [head, *rows]), decimal=".")
        assert asked(draft) == []
        take(draft)
        for row, values in zip(rows, kept, strict=True):
            lines = Measure.objects.get(external_id=row[0]).spend_lines.order_by("year", "span")
            assert [line.amount for line in lines] == [value for value in values if value]
        assert not SpendLine.objects.filter(amount__lt=0, reason="").exists()
        one = export(tmp_path / "one.csv")
        Measure.objects.all().delete()
        sheets.take_at_once(
            actor=actor, territory=territory(), path=tmp_path / "one.csv", file_name="one.csv"
        )
        assert export(tmp_path / "two.csv") == one
        transaction.set_rollback(True)
