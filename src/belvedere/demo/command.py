"""`belvedere demo fill`: the demo territory in this home, once; run again it does nothing."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import Annotated

import typer

from belvedere.demo import SLUG
from belvedere.kernel.errors import Unavailable

app = typer.Typer(no_args_is_help=True, help="The demo territory, with invented content.")


@app.callback()
def main() -> None:
    """The demo territory, with invented content."""


@app.command()
def fill(
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False,
) -> None:
    """Fill the home with the territory “Valais central”; run again it does nothing."""
    count, started = 0, time.perf_counter()
    if not _is_there():
        _set_up()
        from belvedere.demo.filling import fill as run

        count = run()
    if quiet:
        return
    if count:
        typer.echo(f"Valais central : {count} mesures inventées, en {time.perf_counter() - started:.1f} s")
    else:
        typer.echo("Valais central : déjà là")


@app.command()
def logins() -> None:
    """Show the demo's logins, as kept in the home."""
    from belvedere.demo.filling import LOGINS
    from belvedere.engines.home import Home

    file = Home.from_environment().path(LOGINS)
    typer.echo(file.read_text(encoding="utf-8") if file.exists() else "—")


def _is_there() -> bool:
    """Whether the territory is there, asked without Django: loading it takes seconds of each start."""
    from belvedere.engines import postgres
    from belvedere.engines.home import Home

    with suppress(Unavailable), postgres.connect(postgres.database_url(Home.from_environment())) as base:
        if base.execute("SELECT to_regclass('territory_territory') IS NOT NULL").fetchone() == (True,):
            question = "SELECT 1 FROM territory_territory WHERE slug = %s"
            return base.execute(question, [SLUG]).fetchone() is not None
    return False


def _set_up() -> None:
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belvedere.project.settings")
    if not apps.ready:
        django.setup()


if __name__ == "__main__":
    app()
