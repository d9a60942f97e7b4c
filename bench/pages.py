"""Server time of the cockpit's pages with 25,000 measures of 1,500 owners.

    python -m bench.pages

An embedded PostgreSQL in a home of its own; measures with an estimate, four years of spending, a funding line
and a point each; then each page is asked 15 times through the whole stack of middleware. "First" is the first
request after a change anywhere (caches empty), "median" what a person meets from then on.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MEASURES = 25_000
OWNERS = 1_500
RUNS = 15
AIM_MS = 300


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


FILL = """
INSERT INTO territory_organisation (id, territory_id, kind, names, short_name, code_scheme, code, search, active)
SELECT gen_random_uuid(), %(t)s, 'commune', jsonb_build_object('fr', 'Commune ' || n), '', 'INSEE', n::text,
       'commune ' || n, true FROM generate_series(1, %(owners)s) AS n;

CREATE TEMPORARY TABLE made AS
SELECT gen_random_uuid() AS id, n, (10000 + (n::bigint * 7919 * 104729) %% 900000000)::numeric / 100 AS cost,
       owner.id AS owner, owner.names ->> 'fr' AS owner_name, -1 + ((n * 37) %% 7000) / 1000.0 AS lon,
       43 + ((n * 53) %% 6000) / 1000.0 AS lat
FROM generate_series(1, %(measures)s) AS n
JOIN territory_organisation owner ON owner.code = (1 + (n * 31) %% %(owners)s)::text;
ANALYZE made;

INSERT INTO plans_measure (id, territory_id, external_id, title, description, kind, category_id, owner_id,
       phase_scheme, phase, implementation, published, is_example, search, version, created_at, updated_at)
SELECT id, %(t)s, '', jsonb_build_object('fr', 'Aménagement ' || n || ' de la route de ' || owner_name), '{}',
       'infrastructure', %(first)s + n %% 8, owner, 'mop', (ARRAY['', 'AVP', 'PRO', 'EXE'])[1 + n %% 4],
       'not_started', n %% 2 = 0, false, 'amenagement ' || n || ' de la route de ' || lower(owner_name), 1, now(), now()
FROM made;

INSERT INTO plans_costestimate (id, measure_id, version, dated, kind, amount, raw_text, source, recorded_at,
       currency, vat, price_base)
SELECT gen_random_uuid(), id, 1, '2025-10-01', 'plan_sheet', cost, '', '', now(), 'EUR', 'excluded', '2025-10'
FROM made;

INSERT INTO plans_spendline (id, measure_id, scenario, year, nature, state, amount, aid, currency, vat, price_base)
SELECT gen_random_uuid(), id, 'reference', 2025 + (n + at) %% 8, 'investment', 'projected', cost / 4,
       round(cost * 0.35, 2) / 4, 'EUR', 'excluded', '2025-10' FROM made, generate_series(0, 3) AS at;

INSERT INTO plans_fundingline (id, measure_id, organisation_id, instrument, position, rule, rate, state, conditions,
       resolved, currency, vat, price_base)
SELECT gen_random_uuid(), id, (SELECT owner FROM made LIMIT 1), '', 1, 'rate_on_eligible', 0.35, 'considered', '',
       round(cost * 0.35, 2), 'EUR', 'excluded', '2025-10' FROM made;

INSERT INTO plans_measurefigures (measure_id, currency, vat, price_base, cost, aid, net, first_year, last_year,
       priority, codes, longitude, latitude, approximate, flags)
SELECT id, 'EUR', 'excluded', '2025-10', cost, round(cost * 0.35, 2), cost - round(cost * 0.35, 2), 2025, 2032,
       (ARRAY['A', 'B', 'C', ''])[1 + n %% 4], 'M-' || n, lon, lat, false,
       CASE WHEN n %% 10 = 0 THEN ARRAY['no_dates'] ELSE ARRAY[]::text[] END FROM made;
"""  # noqa: E501 (SQL reads better in columns)


def fill() -> Any:
    """25,000 measures, written by SQL because the filling is not what is timed; returns the territory."""
    from django.db import connection

    from belvedere.domains.plans.models import Category
    from belvedere.domains.territory.models import Territory

    territory = Territory.objects.create(
        slug="bench", names={"fr": "Banc"}, country="FR", currency="EUR", languages=["fr"]
    )
    words = [
        Category.objects.create(territory=territory, code=f"c{n}", names={"fr": f"Catégorie {n}"})
        for n in range(8)
    ]
    values = {"t": territory.pk, "owners": OWNERS, "measures": MEASURES, "first": words[0].pk}
    with connection.cursor() as cursor:
        for statement in FILL.split(";\n"):
            if statement.strip():
                cursor.execute(statement, values if "%" in statement else None)
        cursor.execute("ANALYZE")
    return territory


def time_pages(territory: Any) -> list[Timing]:
    from django.core.cache import cache
    from django.test import Client

    from belvedere.domains.access.models import Person, TerritoryMembership

    person = Person.objects.create(email="bench@example.org", display_name="Bench", language="fr")
    TerritoryMembership.objects.create(person=person, territory_id=territory.pk, role="administrator")
    client = Client(headers={"accept-language": "fr"}, SERVER_NAME="localhost")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    base = "/cockpit/bench/plans/"
    pages = {
        "measures": f"{base}measures/",
        "measures, a text filter": f"{base}measures/?q=amenagement+77",
        "measures, sorted by net": f"{base}measures/?sort=-net",
        "rows, a later window": f"{base}measures/rows/?start=6000",
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
