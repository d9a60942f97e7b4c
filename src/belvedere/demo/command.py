"""`belvedere demo fill`: the demo territory in this home, once; run again it does nothing."""

from __future__ import annotations

import os
import time
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The demo territory, with invented content.")


@app.callback()
def main() -> None:
    """The demo territory, with invented content."""


@app.command()
def fill(
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False,
) -> None:
    """Fill the home with the territory “Valais central”; run again it does nothing."""
    _set_up()
    from belvedere.demo.filling import fill as run

    started = time.perf_counter()
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


def _set_up() -> None:
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belvedere.project.settings")
    if not apps.ready:
        django.setup()


if __name__ == "__main__":
    app()
