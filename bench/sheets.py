"""Rows a second of the import and the export, on the real list of French grants.

    python -m bench.sheets

An embedded PostgreSQL in a home of its own, durable as in real use; the file is read, judged, taken, judged
again, exported and exported as CSV. Without the real file (BELVEDERE_REAL_DATA) it says so and ends.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

FILE = "measures/anct_projets_dotations_investissement_2019.xlsx"
AIM_S = 60


def _real() -> Path | None:
    root = os.environ.get("BELVEDERE_REAL_DATA")
    path = Path(root or Path(__file__).resolve().parents[2] / "shared" / "data") / FILE
    return path if path.exists() else None


def _timed(label: str, rows: int, act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    spent = time.perf_counter() - start
    print(f"{label:<44} {spent:7.1f} s {rows / spent:9,.0f} rows/s")
    return spent


def main() -> None:
    path = _real()
    if path is None:
        sys.stdout.write(f"sheets: {FILE} is not on this machine (set BELVEDERE_REAL_DATA)\n")
        return
    with tempfile.TemporaryDirectory(prefix="belvedere-bench-") as folder:
        os.environ["BELVEDERE_HOME"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "belvedere.project.settings"
        from belvedere.engines.home import Home
        from belvedere.engines.postgres import EmbeddedPostgres

        engine = EmbeddedPostgres(Home(Path(folder)))
        engine.start()
        try:
            _run(path, Path(folder))
        finally:
            engine.stop()


def _run(path: Path, folder: Path) -> None:
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans.sheets import public as sheets
    from belvedere.domains.territory.public import open_territory, territory_by_slug

    actor = Actor.system("bench")
    open_territory(
        actor=actor, slug="france", names={"fr": "France"}, country="FR", currency="EUR", languages=("fr",)
    )
    territory, rows = territory_by_slug("france"), 24_811
    given = {"actor": actor, "territory": territory, "path": path, "file_name": path.name}
    print(f"\nSpreadsheet of {rows:,} measures")
    spent = _timed(
        f"read, judge and take (aim {AIM_S} s)",
        rows,
        lambda: sheets.take_at_once(**given, mapping_name="anct-2019"),
    )
    _timed(
        "the same file again: nothing changes",
        rows,
        lambda: sheets.take_at_once(**given, mapping_name="anct-2019"),
    )
    for form in ("xlsx", "csv", "geojson"):
        out = folder / f"out.{form}"
        _timed(
            f"export as {form}", rows,
            lambda out=out, form=form: sheets.export(actor=actor, territory=territory, path=out, form=form),
        )  # fmt: skip
    connection.close()
    if spent > AIM_S:
        sys.exit(f"the import took {spent:.0f} s, more than {AIM_S}")


if __name__ == "__main__":
    main()
