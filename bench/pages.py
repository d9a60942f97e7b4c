"""Server time of the cockpit's pages with 25,000 measures of 1,500 owners.

    python -m bench.pages

An embedded PostgreSQL in a home of its own; measures with an estimate, four years of spending, a funding line
and a point each; then each page is asked 15 times through the whole stack of middleware. "First" is the first
request after a change anywhere (caches empty), "median" what a person meets from then on.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

MEASURES = 25_000
OWNERS = 1_500
RUNS = 15
AIM_MS = 300
SEED = 2026


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one page, and its size on the wire before compression."""

    page: str
    first_ms: float
    median_ms: float
    worst_ms: float
    size_kb: float


@contextmanager
def database() -> Iterator[None]:
    """A migrated database in a home that goes away."""
    from belvedere.engines.home import Home
    from belvedere.engines.postgres import EmbeddedPostgres

    with tempfile.TemporaryDirectory(prefix="belvedere-bench-") as folder:
        home = Path(folder) / "home"
        os.environ.update(BELVEDERE_HOME=str(home), DJANGO_SETTINGS_MODULE="belvedere.project.settings")
        with EmbeddedPostgres(Home(home)):
            import django
            from django.core.management import call_command
            from django.db import connections

            django.setup()
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
            yield
            connections.close_all()


def fill() -> Any:
    """25,000 measures; returns the territory."""
    from shapely.geometry import Point

    from belvedere.domains.plans import figures, parts
    from belvedere.domains.plans.models import Category, Measure
    from belvedere.domains.plans.public import states, values
    from belvedere.domains.territory.models import Organisation, Territory
    from belvedere.kernel.geometry import Shape
    from belvedere.kernel.identifiers import fold, new_id
    from belvedere.kernel.money import Kind, Money, Vat

    chance = random.Random(SEED)
    kind = Kind("EUR", Vat.EXCLUDED, "2025-10")
    territory = Territory.objects.create(
        slug="bench", names={"fr": "Banc"}, country="FR", currency="EUR", languages=["fr"]
    )
    owners = Organisation.objects.bulk_create(
        Organisation(territory=territory, kind="commune", names={"fr": f"Commune {n}"}, search=f"commune {n}")
        for n in range(OWNERS)
    )
    words = [
        Category.objects.create(territory=territory, code=f"c{n}", names={"fr": f"Catégorie {n}"})
        for n in range(8)
    ]
    measures, made = [], []
    for number in range(MEASURES):
        owner = chance.choice(owners)
        title = f"Aménagement {number} de la route de {owner.names['fr']}"
        cost = Money(Decimal(chance.randrange(10_000, 900_000_000)) / 100, kind)
        quarter = values.SpendDraft
        draft = values.MeasureDraft(
            title={"fr": title},
            owner_id=owner.pk,
            estimates=(values.EstimateDraft(amount=cost, dated=date(2025, 10, 1)),),
            spending=tuple(
                quarter(2025 + (number + at) % 8, Money(cost.amount / 4, kind)) for at in range(4)
            ),
            funding=(
                values.FundingDraft(
                    organisation_id=owners[0].pk, rule=values.RateWithCap(Decimal("0.35")), money_kind=kind
                ),
            ),
            sites=(
                values.SiteDraft(
                    Shape(Point(chance.uniform(-1, 6), chance.uniform(43, 49))), states.SiteMethod.DRAWN
                ),
            ),
        )
        measure = Measure(
            id=new_id(),
            territory=territory,
            title=dict(draft.title),
            owner=owner,
            category=chance.choice(words),
            phase_scheme="mop",
            phase=chance.choice(["", "AVP", "PRO", "EXE"]),
            published=number % 2 == 0,
            search=fold(title),
        )
        measures.append(measure)
        made.append((measure, draft))
    Measure.objects.bulk_create(measures, batch_size=2000)
    _hang(made, parts)
    figures.refresh([measure.pk for measure in measures])
    return territory


def _hang(made: list[tuple[Any, Any]], parts: Any) -> None:
    from belvedere.domains.plans.models import CostEstimate, FundingLine, Site, SpendLine

    size = 5000
    CostEstimate.objects.bulk_create(
        (parts.estimate_row(m.pk, 1, e) for m, d in made for e in d.estimates), batch_size=size
    )
    SpendLine.objects.bulk_create(
        (parts.spend_row(m.pk, s) for m, d in made for s in d.spending), batch_size=size
    )
    FundingLine.objects.bulk_create(
        (parts.funding_row(m.pk, f) for m, d in made for f in d.funding), batch_size=size
    )
    Site.objects.bulk_create((parts.site_row(m.pk, s) for m, d in made for s in d.sites), batch_size=size)


def time_pages(territory: Any) -> list[Timing]:
    from django.core.cache import cache
    from django.test import Client

    from belvedere.domains.access.models import Person, TerritoryMembership

    person = Person.objects.create(email="bench@example.org", display_name="Bench", language="fr")
    TerritoryMembership.objects.create(person=person, territory_id=territory.pk, role="administrator")
    client = Client(headers={"accept-language": "fr"})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    base = "/cockpit/bench/plans/"
    pages = {
        "measures": f"{base}measures/",
        "measures, a text filter": f"{base}measures/?q=amenagement+77",
        "measures, sorted by net": f"{base}measures/?sort=-net",
        "rows, a later window": f"{base}measures/rows?start=6000",
        "points for the map": f"{base}measures/points.json",
        "money": f"{base}money/",
        "public measures": "/bench/plans/measures/",
    }
    found = []
    for name, address in pages.items():
        cache.clear()
        times, size = [], 0
        for _run in range(RUNS):
            start = time.perf_counter()
            answer = client.get(address)
            size = len(b"".join(answer.streaming_content) if answer.streaming else answer.content)
            times.append((time.perf_counter() - start) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{address} answered {answer.status_code}")
        found.append(Timing(name, times[0], statistics.median(times[1:]), max(times[1:]), size / 1000))
    return found


def main() -> None:
    """Fill, time, print."""
    with database():
        start = time.perf_counter()
        territory = fill()
        filled = time.perf_counter() - start
        print(f"\nCockpit pages at {MEASURES:,} measures (aim: {AIM_MS} ms; filled in {filled:.0f} s)\n")
        print(f"{'page':<28}{'first ms':>10}{'median ms':>11}{'worst ms':>10}{'kB':>8}")
        for timing in time_pages(territory):
            print(
                f"{timing.page:<28}{timing.first_ms:>10.0f}{timing.median_ms:>11.0f}"
                f"{timing.worst_ms:>10.0f}{timing.size_kb:>8.0f}"
            )


if __name__ == "__main__":
    main()
