"""`belvedere live …`: history of the live territory: settle days, load old files, set how long to keep."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from belvedere.kernel.errors import N_, InvalidInput

app = typer.Typer(no_args_is_help=True, help="The history of the live territory.")


@app.command()
def settle(
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="One day; all that are due without it.")
    ] = None,
) -> None:
    """Bring days that are over into the lake, and late readings into days that are there."""
    from belvedere.domains.observations import public as observations

    if day is not None:
        rows = observations.settle(day.date())
        typer.echo(_("%(day)s: %(rows)s readings in the lake.") % {"day": f"{day:%Y-%m-%d}", "rows": rows})
        return
    days = observations.settle_due()
    typer.echo(ngettext("%(n)d day settled.", "%(n)d days settled.", days) % {"n": days})


@app.command()
def load(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A text file: CSV or the like.")],
    series: Annotated[
        list[str], typer.Option(help="The series; or key=series, once for each key of the key column.")
    ],
    time: Annotated[str, typer.Option(help="The column of the time: its name, or its place from 0.")] = "0",
    number: Annotated[str, typer.Option(help="The column of the number.")] = "1",
    key: Annotated[str, typer.Option(help="The column that tells series apart; several by commas.")] = "",
    delimiter: Annotated[str, typer.Option(help="What stands between columns.")] = ",",
    zone: Annotated[str, typer.Option(help="The time zone of times that name none.")] = "UTC",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read the file; keep nothing.")] = False,
) -> None:
    """Load old readings from a file; the same file again changes nothing."""
    from belvedere.domains.observations.public import Layout, load_file

    layout = Layout(_column(time), _column(number), tuple(key.split(",")) if key else None, delimiter, zone)
    found = load_file(file, layout, _series(series, bool(key)), dry_run=dry_run)
    sentence = (
        _("%(rows)s readings can be loaded, %(empty)s lines have no number.")
        if dry_run
        else _("%(rows)s readings loaded, %(empty)s lines have no number.")
    )
    typer.echo(sentence % {"rows": found.rows, "empty": found.empty})


@app.command()
def keep(
    series: Annotated[int, typer.Argument(help="The series.")],
    raw_days: Annotated[int, typer.Option(help="Days that readings are kept as they came.")],
    width: Annotated[str, typer.Option(help="Then summed up by 15m, 1h or 1d; nothing without it.")] = "",
    kept_days: Annotated[int | None, typer.Option(help="Days after which nothing is kept.")] = None,
    reason: Annotated[str, typer.Option(help="Why: the journal keeps it.")] = "",
) -> None:
    """Set how long the readings of a series are kept."""
    from belvedere.domains.access.public import Actor
    from belvedere.domains.observations import public as observations

    known = [one.value for one in observations.Width]
    if width and width not in known:
        raise InvalidInput(N_("“{given}” is not one of {known}."), given=width, known=known)
    chosen = observations.Width(width) if width else None
    observations.keep(
        actor=Actor.system("command line"),
        series_id=series,
        raw_days=raw_days,
        width=chosen,
        kept_days=kept_days,
        reason=reason,
    )
    typer.echo(_("The rule is applied from the next night on."))


def _column(told: str) -> str | int:
    return int(told) if told.isdigit() else told


def _series(told: list[str], keyed: bool) -> int | dict[str, int]:
    try:
        if not keyed:
            (one,) = told
            return int(one)
        pairs = [pair.rsplit("=", 1) for pair in told]
        return {name: int(number) for name, number in pairs}
    except ValueError:
        raise InvalidInput(
            N_("Give --series a number, or with --key name=number once for each name."), code="bad_series"
        ) from None
