"""The twin: present values written in batches, and the window of the map over 100,000 things.

`python -m bench.twin`. An embedded PostgreSQL of its own, durable as in service; two attributes a thing.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import figures

THINGS, BATCH, ROUNDS = 100_000, 2_000, 20
START = datetime(2026, 11, 22, 8, tzinfo=UTC)
KINDS = ("waste-container", "streetlight", "air-quality", "weather", "traffic-flow")


def main() -> None:
    from belvedere.engines.home import Home
    from belvedere.engines.postgres import EmbeddedPostgres

    with tempfile.TemporaryDirectory() as folder:
        os.environ["BELVEDERE_HOME"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "belvedere.project.settings"
        engine = EmbeddedPostgres(Home(Path(folder)), durable=True)
        engine.start()
        try:
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate", verbosity=0)
            territory = _fill()
            _writes(spread=True)
            _writes(spread=False)
            _reads(territory)
        finally:
            engine.stop()


def _fill() -> Any:
    from django.db import connection

    from belvedere.domains.territory.models import Territory
    from belvedere.domains.twin.describing import descriptions

    territory = Territory.objects.create(
        slug="bench", names={"fr": "Bench"}, country="CH", currency="CHF", languages=["fr"]
    )
    types = [descriptions()[kind].type_iri for kind in KINDS]
    mains = [descriptions()[kind].attributes[descriptions()[kind].main].iri for kind in KINDS]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO twin_entity (territory_id, urn, types, kind, names, visibility, longitude, latitude,
                west, south, east, north, scopes, search, created_at, modified_at, state, state_since,
                geometry)
            SELECT %s, 'urn:ngsi-ld:Thing:' || i, ARRAY[(%s::text[])[1 + i %% 5]], (%s::text[])[1 + i %% 5],
                '{"fr": "Objet"}', 'public', x, y, x, y, x, y, '{}', 'objet ' || i, now(), now(), 'normal',
                now(),
                decode('0101000000', 'hex')
            FROM (SELECT i, 7.3 + random() * 0.4 AS x, 46.2 + random() * 0.15 AS y
                  FROM generate_series(1, %s) i) made
            """,
            [territory.pk, types, list(KINDS), THINGS],
        )
        cursor.execute(
            """
            INSERT INTO twin_attribute (entity_id, name, term, dataset_id, kind, value_kind, unit, created_at,
                modified_at, note, level, sub, watch_high, alarm_high)
            SELECT e.id, CASE t WHEN 'main' THEN (%s::text[])[1 + e.id %% 5] ELSE 'urn:' || t END, t, '',
                'property', 'number', 'C62', now(), now(), '', 0, '{}', 0.8, 0.95
            FROM twin_entity e, unnest(ARRAY['main', 'batteryLevel']) t
            """,
            [mains],
        )
        cursor.execute("VACUUM ANALYZE")  # as the database does by itself within a minute
    return territory


class _Busy:
    """Processor time of this process and of its database session, which other work does not blur."""

    def __init__(self) -> None:
        import psutil
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self._session = psutil.Process(cursor.fetchone()[0])
        self._begin = self._now()

    def _now(self) -> float:
        times = self._session.cpu_times()
        return time.process_time() + float(times.user + times.system)

    def seconds(self) -> float:
        return self._now() - self._begin


def _writes(*, spread: bool) -> None:
    """Two rows a thing; spread over all things at random, or always the same thousand."""
    from django.db import connection, transaction

    from belvedere.domains.twin.public import Present, apply_present

    chance = random.Random(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT entity_id, array_agg(id) FROM twin_attribute GROUP BY 1 ORDER BY 1")
        series = [tuple(found[1]) for found in cursor.fetchall()]
    took, busy = [], _Busy()
    for turn in range(ROUNDS):
        at = START + timedelta(minutes=turn + (0 if spread else 100))
        things = chance.sample(series, BATCH // 2) if spread else series[: BATCH // 2]
        rows = [
            Present(number, _value(chance), None, at, at, "C62", "") for pair in things for number in pair
        ]
        begin = time.perf_counter()
        with transaction.atomic():
            shown = apply_present(rows)
        took.append(time.perf_counter() - begin)
        assert len(shown) == BATCH
    used = busy.seconds() / ROUNDS
    where = "all 100,000 things" if spread else "the same 1,000 things"
    print(
        f"present values, {BATCH} rows a call, {where}: median {statistics.median(took) * 1000:.0f} ms, "
        f"best {min(took) * 1000:.0f} ms, "
        f"{BATCH * ROUNDS / sum(took):,.0f} rows/s; "
        f"processor {used * 1000:.0f} ms a call, {BATCH / used:,.0f} rows/s"
    )


def _value(chance: random.Random) -> float:
    """One value in a hundred is beyond a threshold: states change, though not at every message."""
    return chance.uniform(0.8, 1.0) if chance.random() < 0.01 else chance.uniform(0.0, 0.79)


def _reads(territory: Any) -> None:
    from django.test import RequestFactory

    from belvedere.domains.access.public import Actor
    from belvedere.domains.territory.public import territory_by_slug
    from belvedere.domains.twin.public import entities_in, grid
    from belvedere.faces.web.pages.live.pointing import answer
    from belvedere.faces.web.pages.plans.rooms import Room
    from belvedere.kernel.geometry import Box

    whole, town = Box(7.3, 46.2, 7.7, 46.35), Box(7.5, 46.26, 7.56, 46.3)
    public, agent = Actor.public(), Actor.system()
    room = Room(territory_by_slug("bench"), public, "fr", is_cockpit=False)

    def window(box: Box) -> Any:
        query = ",".join(map(str, box.as_tuple()))
        return answer(RequestFactory().get("/points.json", {"box": query}), room).content

    asked: list[tuple[str, Callable[[], Any]]] = [
        ("the map's window as the page gets it, whole territory", lambda: window(whole)),
        ("the map's window as the page gets it, a town", lambda: window(town)),
        ("grid, whole territory, the public", lambda: grid(public, territory.pk, box=whole)),
        ("grid, whole territory, an agent", lambda: grid(agent, territory.pk, box=whole)),
        ("grid, a town", lambda: grid(public, territory.pk, box=town)),
        ("2,000 things, whole territory", lambda: entities_in(public, territory.pk, box=whole, limit=2000)),
        ("500 things, whole territory", lambda: entities_in(public, territory.pk, box=whole, limit=500)),
        ("2,000 things, a town", lambda: entities_in(public, territory.pk, box=town, limit=2000)),
        (
            "what is in alarm, whole territory",
            lambda: entities_in(public, territory.pk, box=whole, states=["alarm"], limit=2000),
        ),
        ("search by name", lambda: entities_in(public, territory.pk, text="objet 4242", limit=50)),
    ]
    for what, ask in asked:
        took, busy = [], _Busy()
        for _turn in range(12):
            begin = time.perf_counter()
            ask()
            took.append(time.perf_counter() - begin)
        used = busy.seconds() / len(took)
        if ask is asked[0][1]:
            median, best = statistics.median(took) * 1000, min(took) * 1000
            told = f"{median:.0f} ms, best {best:.0f}, processor {used * 1000:.0f}"
            peers = "Stellio p95 1,440 ms a filtered query"
            figures.note(f"window of the map, {THINGS:,} things", "≤ 100 ms", told, peers)
        print(
            f"{what}: median {statistics.median(took) * 1000:.0f} ms, best {min(took) * 1000:.0f} ms, "
            f"processor {used * 1000:.0f} ms"
        )


if __name__ == "__main__":
    main()
