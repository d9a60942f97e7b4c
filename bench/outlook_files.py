"""The files of an owner's cockpit: 10,000 measures × 4 payers × 18 columns as XLSX, 300 measures as PDF.

Part of `python -m bench.plans`. No database: the values are made, the writing is what is timed.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

MEASURES, REPORT, PAYERS, AIM_S = 10_000, 300, 4, 10
YEARS = range(2024, 2039)
COLUMNS = len(YEARS) + 3


def _content(measures: int) -> Any:
    from belvedere.domains.plans.public import outlook, states
    from belvedere.faces.web.pages.plans.outlook.export.content import Content, Heading
    from belvedere.kernel.money import Kind, Vat

    chance, zero = random.Random(1), Decimal("0.00")
    kind = Kind("CHF", Vat.EXCLUDED, "2025-10")
    made, lines = [], []
    sums = [[zero] * COLUMNS for _payer in range(PAYERS + 1)]
    for number in range(measures):
        gross = (zero, *(Decimal(chance.randrange(10**4, 10**8)).scaleb(-2) for _y in YEARS), zero, zero)
        aid = tuple((amount / 8).quantize(zero) for amount in gross)
        net = tuple(g - PAYERS * a for g, a in zip(gross, aid, strict=True))
        made.append(
            outlook.WholeMeasure(
                measure_id=UUID(int=number),
                code=f"M{number}",
                plan="PA5",
                plan_title="Projet d’agglomération",
                also_in=("PDCom",),
                title=f"Réaménagement de la rue {number}",
                title_language="fr",
                owner_name="Montaigu",
                phase_scheme="sia112",
                phase="31",
                implementation=states.Implementation.NOT_STARTED,
                works_start=date(2029, 3, 1),
                shift_years=0,
                cost_share=zero,
                gross=gross,
                net=net,
            )
        )
        sums[PAYERS] = [a + b for a, b in zip(sums[PAYERS], gross, strict=True)]
        for payer in range(PAYERS):
            lines.append(outlook.WholeLine(number, _line(payer, number, aid, kind), aid))
            sums[payer] = [a + b for a, b in zip(sums[payer], aid, strict=True)]
    view = _view(kind, sums, measures)
    heading = Heading("Montaigu", "Montaigu", "Valbelle", "", "CHF", "", "fr", date(2026, 11, 22))
    return Content(heading, view, outlook.Whole(tuple(made), tuple(lines), (), ()), ())


def _line(payer: int, number: int, aid: tuple[Decimal, ...], kind: Any) -> Any:
    from belvedere.domains.plans.public import outlook, states

    return outlook.views.FundingRow(
        line_id=UUID(int=number * PAYERS + payer),
        payer_id=UUID(int=10**9 + payer),
        payer_name=f"Payer {payer}",
        instrument="Programme",
        rule=states.FundingRule.RATE,
        rate=Decimal("0.125"),
        amount=None,
        tariff=None,
        unit="",
        cap=None,
        kind=kind,
        state=states.FundingState.AGREED,
        amounts=aid,
        capped=False,
        clipped=False,
        unlike=False,
        lost="",
        at_stake=Decimal("0.00"),
        start_deadline=date(2031, 12, 31),
        claim_deadline=None,
        keeping_shift=None,
    )


def _view(kind: Any, sums: list[list[Decimal]], measures: int) -> Any:
    from belvedere.domains.plans.public import outlook

    views = outlook.views
    gross = tuple(sums[PAYERS])
    payers = tuple(
        views.PayerRow(UUID(int=10**9 + at), f"Payer {at}", tuple(sums[at]), tuple(sums[at]))
        for at in range(PAYERS)
    )
    net = tuple(g - sum(p.aid[at] for p in payers) for at, g in enumerate(gross))
    keys = ("before", *(str(year) for year in YEARS), "after", "undated")
    columns = tuple(views.Column(key, int(key) if key.isdigit() else None) for key in keys)
    limits = tuple(Decimal(10**9) if column.year else None for column in columns)
    return views.OutlookView(
        organisation_id=UUID(int=1),
        organisation_name="Montaigu",
        kind=kind,
        constant_kind=kind,
        current_prices=False,
        price_note="",
        columns=columns,
        current_year=2026,
        planned=None,
        measures=measures,
        gross=gross,
        payers=payers,
        net=net,
        contributions=(Decimal("0.00"),) * COLUMNS,
        need=net,
        ceiling=views.Ceiling("owner", "", limits, ("Conseil général",)),
        earlier=None,
        earlier_need=None,
        plans=(),
        others=(),
        given_up=0,
        unlike_lines=0,
    )


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belvedere.project.settings")
    with tempfile.TemporaryDirectory(prefix="belvedere-bench-") as folder:
        os.environ.setdefault("BELVEDERE_HOME", folder)
        import django

        django.setup()
        from belvedere.faces.web.pages.plans.outlook.export import workbook

        content, path = _content(MEASURES), Path(folder) / "outlook.xlsx"
        start, began = time.perf_counter(), time.process_time()
        workbook.write(path, content)
        spent, busy = time.perf_counter() - start, time.process_time() - began
        size = path.stat().st_size / 1e6
        label = f"XLSX of {MEASURES:,} measures ({size:.1f} MB)"
        print(f"{label:<58} {spent:8.1f} s, busy {busy:.1f} s {f'≤ {AIM_S} s':>12}")
        _report()


def _report() -> None:
    """The measures of a report of 300; its other pages are few and always the same."""
    from django.utils import timezone, translation

    from belvedere.faces.web.pages.plans.outlook.export import document, measures, typesetting
    from belvedere.faces.web.pages.plans.outlook.units import unit_of

    with translation.override("fr"):
        content = _content(REPORT)
        view = content.view
        page: Any = SimpleNamespace(
            view=view,
            owner="Montaigu",
            unit=unit_of(view.kind, max(view.gross)),
            room=SimpleNamespace(language="fr"),
        )
        start, began = time.perf_counter(), time.process_time()
        texts = dict.fromkeys(("title", "owner", "place", "money", "sub", "state", "foot"), "Montaigu")
        lists: dict[str, Any] = {key: [] for key in ("passed", "passed_heads", "deadlines", "deadline_heads")}
        drawn: dict[str, Any] = {
            key: []
            for key in ("bars", "over", "ceiling", "cash", "ticks", "zones", "steps", "columns", "key")
        }
        values = {
            "language": "fr",
            "region": "CH",
            **texts,
            **lists,
            "words": document.words(),
            "keys": [{"label": "", "figure": "", "text": "", "level": ""}],
            "chart": {
                "alt": "Montaigu",
                "unit": "",
                **drawn,
                "columns": [{"label": "", "over": False, "now": False}],
            },
            "table": {"unit": "", "heads": [], "rows": [], "foot": ""},
            **measures.tables_of(page, content),
            "sections": [],
        }
        typesetting.pdf("report.typ", values, timezone.now())
    label = f"PDF of {REPORT} measures, first of the process"
    spent, busy = time.perf_counter() - start, time.process_time() - began
    print(f"{label:<58} {spent:8.1f} s, busy {busy:.1f} s {'≤ 3 s':>12}")


if __name__ == "__main__":
    main()
