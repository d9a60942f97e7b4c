"""Server time of an owner's financial cockpit: 10,000 measures × 15 years × 4 payers, ceilings, a scenario.

    python -m bench.outlook_pages

An embedded PostgreSQL in a home of its own. "first" is the first page of a process after a change: the
money is read from the database; "page" what comes after; "slider" a move of one measure, as htmx asks it.
"""

from __future__ import annotations

import statistics
import time
from datetime import date
from decimal import Decimal
from typing import Any

from bench.pages import ask, database

MEASURES, YEARS, RUNS = 10_000, range(2026, 2041), 9


def fill() -> tuple[Any, Any]:
    """A territory and the owner of all its measures; the figures are worked out as the verbs do."""
    from belvedere.domains.plans import figures
    from belvedere.domains.plans.models import (
        CostEstimate,
        Frame,
        FundingLine,
        Measure,
        Plan,
        PlanMembership,
        SpendLine,
    )
    from belvedere.domains.territory.models import Organisation, Territory

    territory = Territory.objects.create(
        slug="bench", names={"fr": "Banc"}, country="CH", currency="CHF", languages=["fr"]
    )

    def organisation(name: str, kind: str) -> Any:
        return Organisation.objects.create(territory=territory, kind=kind, names={"fr": name})

    owner = organisation("Ville", "commune")
    payers = [organisation(f"Payeur {n}", "canton") for n in range(4)]
    money = {"currency": "CHF", "vat": "excluded", "price_base": "2025-10"}
    plan = Plan.objects.create(
        territory=territory, type="investment_plan", code="PPI", owner=owner, title={"fr": "PPI"}, **money
    )
    measures = [
        Measure(territory=territory, owner=owner, title={"fr": f"Aménagement {n}"}) for n in range(MEASURES)
    ]
    Measure.objects.bulk_create(measures, batch_size=2000)
    PlanMembership.objects.bulk_create(
        (PlanMembership(measure=one, plan=plan, code=f"M-{n}") for n, one in enumerate(measures)),
        batch_size=2000,
    )
    cost = [Decimal(15_000 + 15 * (n * 7919 % 90_000)) for n in range(MEASURES)]
    CostEstimate.objects.bulk_create(
        (
            CostEstimate(
                measure=one, version=1, dated=date(2026, 1, 1), kind="project", amount=cost[n], **money
            )
            for n, one in enumerate(measures)
        ),
        batch_size=2000,
    )
    SpendLine.objects.bulk_create(
        (
            SpendLine(measure=one, year=year, amount=cost[n] / 15, **money)
            for n, one in enumerate(measures)
            for year in YEARS
        ),
        batch_size=5000,
    )
    FundingLine.objects.bulk_create(
        (
            FundingLine(
                measure=one,
                organisation=payer,
                position=at,
                rule="rate_on_eligible",
                rate=Decimal("0.1") * (at + 1),
                cap=cost[n] / 5,
                advance_share=Decimal("0.2"),
                lag_years=1,
                start_deadline=date(2031, 12, 31),
                **money,
            )
            for n, one in enumerate(measures)
            for at, payer in enumerate(payers)
        ),
        batch_size=5000,
    )
    for year in YEARS:
        Frame.objects.create(
            territory=territory,
            organisation=owner,
            year=year,
            ceiling=sum(cost) / (30 if year == 2028 else 10),
            **money,
        )
    figures.refresh([one.pk for one in measures])
    return territory, owner


def main() -> None:
    """Fill, time, print."""
    with database():
        start = time.perf_counter()
        territory, owner = fill()
        print(
            f"\nFinancial cockpit of {MEASURES:,} measures (filled in {time.perf_counter() - start:.0f} s)\n"
        )
        _time(territory, owner)


def _time(territory: Any, owner: Any) -> None:
    from django.db import connection
    from django.test import Client

    from belvedere.domains.access.models import Person, TerritoryMembership
    from belvedere.domains.plans.models import Measure

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    person = Person.objects.create(email="bench@example.org", display_name="Bench", language="fr")
    TerritoryMembership.objects.create(person=person, territory_id=territory.pk, role="administrator")
    client = Client(headers={"accept-language": "fr"}, SERVER_NAME="localhost")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    page = f"/cockpit/bench/plans/outlook/{owner.pk}/"
    measure = Measure.objects.filter(owner=owner).order_by("pk").first()
    assert measure is not None
    ask(client, page)  # this process reads its templates
    firsts = []
    for _run in range(3):
        measure.version += 1
        measure.save()
        firsts.append(ask(client, page)[0])
    live = Client(
        headers={"accept-language": "fr", "hx-request": "true", "hx-target": "po-live"},
        SERVER_NAME="localhost",
    )
    live.cookies = client.cookies

    def moved(run: int) -> str:
        return f"{page}?m={measure.pk}:+{1 + run % 5}:+{run}"

    print(f"{'':<44}{'median ms':>11}{'worst ms':>10}{'aim ms':>9}{'kB':>7}")
    for name, who, address, aim in (
        ("page", client, lambda _run: page, 400),
        ("page of an unsaved scenario", client, moved, 400),
        ("slider move", live, moved, 150),
    ):
        times, sizes = zip(*(ask(who, address(run)) for run in range(RUNS)), strict=True)
        print(
            f"{name:<44}{statistics.median(times):>11.0f}{max(times):>10.0f}{aim:>9}{sizes[-1] / 1000:>7.0f}"
        )
    print(f"{'first page after a change':<44}{statistics.median(firsts):>11.0f}{max(firsts):>10.0f}")


if __name__ == "__main__":
    main()
