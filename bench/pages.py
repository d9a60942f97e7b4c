"""Server time of the cockpit's pages with 25,000 measures of 1,500 owners.

    python -m bench.pages

An embedded PostgreSQL in a home of its own; measures with an estimate, four years of spending, a funding
line, a place in a plan and a point each; then each page is asked through the whole stack of middleware:

- "fresh": the first request of a web process that has just started, after a change;
- "changed": the first request after a change of a measure (median of 7 changes), nothing kept from before;
- "median", "worst": what a person meets from then on (15 requests).
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
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
CHANGES = 7
AIM_MS = 300


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one page, and its size on the wire before compression."""

    page: str
    fresh_ms: float
    changed_ms: float
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

INSERT INTO plans_measure (id, territory_id, external_id, title, description, justification, kind, category_id, owner_id,
       phase_scheme, phase, implementation, published, is_example, search, version, created_at, updated_at)
SELECT id, %(t)s, '', jsonb_build_object('fr', 'Aménagement ' || n || ' de la route de ' || owner_name), '{}', '{}',
       'infrastructure', %(first)s + n %% 8, owner, 'mop', (ARRAY['', 'AVP', 'PRO', 'EXE'])[1 + n %% 4],
       'not_started', n %% 2 = 0, false, 'amenagement ' || n || ' de la route de ' || lower(owner_name), 1, now(), now()
FROM made;

INSERT INTO plans_costestimate (id, measure_id, version, dated, kind, amount, raw_text, source, recorded_at,
       currency, vat, price_base)
SELECT gen_random_uuid(), id, 1, '2025-10-01', 'plan_sheet', cost, '', '', now(), 'EUR', 'excluded', '2025-10'
FROM made;

INSERT INTO plans_spendline (id, measure_id, scenario, year, span, nature, state, amount, aid, reason, currency,
       vat, price_base)
SELECT gen_random_uuid(), id, 'reference', 2025 + (n + at) %% 8, '', 'investment', 'projected', cost / 4,
       round(cost * 0.35, 2) / 4, '', 'EUR', 'excluded', '2025-10' FROM made, generate_series(0, 3) AS at;

INSERT INTO plans_fundingline (id, measure_id, organisation_id, instrument, position, rule, rate, state, conditions,
       advance_share, lag_years, indexed, unit, resolved, currency, vat, price_base)
SELECT gen_random_uuid(), id, (SELECT owner FROM made LIMIT 1), '', 1, 'rate_on_eligible', 0.35, 'considered', '',
       1, 0, false, '', round(cost * 0.35, 2), 'EUR', 'excluded', '2025-10' FROM made;

INSERT INTO plans_measurefigures (measure_id, currency, vat, price_base, cost, aid, net, first_year, last_year,
       priority, codes, longitude, latitude, approximate, flags, at_stake, promised, years)
SELECT id, 'EUR', 'excluded', '2025-10', cost, round(cost * 0.35, 2), cost - round(cost * 0.35, 2), 2025, 2032,
       (ARRAY['A', 'B', 'C', ''])[1 + n %% 4], 'M-' || n, lon, lat, false,
       CASE WHEN n %% 10 = 0 THEN ARRAY['no_dates'] ELSE ARRAY[]::text[] END, 0, 0,
       ARRAY(SELECT 2025 + (n + at) %% 8 FROM generate_series(0, 3) AS at ORDER BY 1)::smallint[] FROM made;

INSERT INTO plans_planmembership (measure_id, plan_id, code, are_code, priority, listed_cost_note, assessed_priority,
       agreement, agreement_number, financing_number, contribution, deadline_source)
SELECT id, %(plan)s, 'M-' || n, '', (ARRAY['A', 'B', 'C', ''])[1 + n %% 4], '', '', '', '', '', '', '' FROM made;
"""  # noqa: E501 (SQL reads better in columns)


def fill() -> Any:
    """25,000 measures, written by SQL because the filling is not what is timed; returns the territory."""
    from django.db import connection

    from belvedere.domains.plans.models import Category, Plan
    from belvedere.domains.territory.models import Organisation, Territory

    territory = Territory.objects.create(
        slug="bench", names={"fr": "Banc"}, country="FR", currency="EUR", languages=["fr"]
    )
    words = [
        Category.objects.create(territory=territory, code=f"c{n}", names={"fr": f"Catégorie {n}"})
        for n in range(8)
    ]
    holder = Organisation.objects.create(territory=territory, kind="agglomeration", names={"fr": "Agglo"})
    plan = Plan.objects.create(territory=territory, type="agglo", code="PA1", owner=holder, currency="EUR")
    values = {
        "t": territory.pk,
        "owners": OWNERS,
        "measures": MEASURES,
        "first": words[0].pk,
        "plan": plan.pk,
    }
    with connection.cursor() as cursor:
        for statement in FILL.split(";\n"):
            if statement.strip():
                cursor.execute(statement, values if "%" in statement else None)
        cursor.execute("VACUUM ANALYZE")  # as the server does by itself soon after an import
    return territory


def change(territory: Any) -> None:
    """A change of one measure, as every verb leaves it, so that nothing kept from before holds."""
    from belvedere.domains.plans.models import Measure

    measure = Measure.objects.filter(territory_id=territory.pk, published=True).first()
    assert measure is not None
    measure.version += 1
    measure.save()


def ask(client: Any, address: str) -> tuple[float, int]:
    """Milliseconds and bytes of one answer."""
    start = time.perf_counter()
    answer = client.get(address)
    size = len(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    taken = (time.perf_counter() - start) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    return taken, size


def ask_fresh(address: str, session: str) -> float:
    """The first request of a process made as the web server makes one."""
    words = [sys.executable, "-m", "bench.pages", address, session]
    return float(subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()[-1])


def answer_fresh(address: str, session: str) -> None:
    """In a process of its own: start, then print the milliseconds of one request."""
    from belvedere.project import wsgi

    assert wsgi.application
    from django.conf import settings
    from django.test import Client

    client = Client(headers={"accept-language": "fr"}, SERVER_NAME="localhost")
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    print(ask(client, address)[0])


def time_pages(territory: Any) -> Iterator[Timing]:
    from django.conf import settings
    from django.test import Client

    from belvedere.domains.access.models import Person, TerritoryMembership

    person = Person.objects.create(email="bench@example.org", display_name="Bench", language="fr")
    TerritoryMembership.objects.create(person=person, territory_id=territory.pk, role="administrator")
    client = Client(headers={"accept-language": "fr"}, SERVER_NAME="localhost")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
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
    for name, address in pages.items():
        change(territory)
        fresh = ask_fresh(address, session)
        ask(client, address)  # this process reads its templates
        changed = []
        for _change in range(CHANGES):
            change(territory)
            changed.append(ask(client, address)[0])
        times, sizes = zip(*(ask(client, address) for _run in range(RUNS)), strict=True)
        yield Timing(
            name, fresh, statistics.median(changed), statistics.median(times), max(times), sizes[-1] / 1000
        )


def main() -> None:
    """Fill, time, print."""
    with database():
        start = time.perf_counter()
        territory = fill()
        filled = time.perf_counter() - start
        print(f"\nCockpit pages at {MEASURES:,} measures (aim: {AIM_MS} ms; filled in {filled:.0f} s)\n")
        print(f"{'page':<26}{'fresh ms':>10}{'changed ms':>12}{'median ms':>11}{'worst ms':>10}{'kB':>7}")
        for timing in time_pages(territory):
            print(
                f"{timing.page:<26}{timing.fresh_ms:>10.0f}{timing.changed_ms:>12.0f}"
                f"{timing.median_ms:>11.0f}{timing.worst_ms:>10.0f}{timing.size_kb:>7.0f}"
            )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        answer_fresh(*sys.argv[1:])
    else:
        main()
