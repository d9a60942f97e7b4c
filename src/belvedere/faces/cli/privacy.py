"""`belvedere privacy …`: the register of processing, and the rights of a person over their data."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

app = typer.Typer(
    no_args_is_help=True, help="Personal data: what is held, why; find, export, correct, erase."
)
Email = Annotated[str, typer.Argument(help="The e-mail address of the person concerned.")]
Why = Annotated[str, typer.Option(help="Why: kept in the journal with the act.")]


@app.command()
def register(
    as_csv: Annotated[bool, typer.Option("--csv", help="Comma-separated, for a spreadsheet.")] = False,
) -> None:
    """Show which fields hold personal data: whose, why, on which legal basis, for how long."""
    from belvedere.duties.privacy.public import BASIS_TEXTS
    from belvedere.duties.privacy.public import register as lines

    heads = [_("Database table"), _("Field"), _("Whose"), _("Purpose"), _("Legal basis"), _("Kept")]
    rows = [
        [
            line.table,
            line.field,
            _(line.personal.whose),
            _(line.personal.why),
            _(BASIS_TEXTS[line.personal.basis]),
            _(line.personal.keep),
        ]
        for line in lines()
    ]
    if as_csv:
        csv.writer(sys.stdout).writerows([heads, *rows])
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(*heads)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


@app.command()
def find(email: Email) -> None:
    """Show what is held about a person. Exit code 1 when nothing is."""
    from belvedere.duties.privacy.public import Subject
    from belvedere.duties.privacy.public import find as look

    found = look(Subject(email))
    for held in found.values():
        for row in held:
            typer.echo(f"{row.table}  {row.id}  {json.dumps(dict(row.values), ensure_ascii=False)}")
    if not found:
        typer.echo(_("Nothing is held about %(email)s.") % {"email": email}, err=True)
        raise typer.Exit(1)


@app.command()
def export(email: Email, file: Annotated[Path, typer.Argument(help="The JSON file to write.")]) -> None:
    """Write everything that is held about a person to a file, for them."""
    from belvedere.duties.privacy.public import Subject
    from belvedere.duties.privacy.public import export as gather
    from belvedere.kernel.errors import N_, Conflict

    told = json.dumps(gather(Subject(email)), ensure_ascii=False, indent=2)
    try:
        # Private from its first instant, and never over another person's file.
        with file.open("x", encoding="utf-8") as stream:
            file.chmod(0o600)
            stream.write(told + "\n")
    except FileExistsError:
        raise Conflict(
            N_("The file {file} exists. Give another name; it was not touched."), file=str(file)
        ) from None
    typer.echo(_("Written to %(file)s, readable by this account only.") % {"file": file})


@app.command()
def rectify(
    email: Email,
    reason: Why,
    new_email: Annotated[str | None, typer.Option("--email", help="The right address.")] = None,
    name: Annotated[str | None, typer.Option(help="The right name.")] = None,
    phone: Annotated[str | None, typer.Option(help="The right telephone number.")] = None,
) -> None:
    """Correct the name, the telephone or the sign-in address of a person."""
    from belvedere.duties.privacy.public import Order, Subject
    from belvedere.duties.privacy.public import rectify as correct

    given = {"email": new_email, "display_name": name, "phone": phone}
    changes = {key: value for key, value in given.items() if value is not None}
    outcomes = correct(Subject(email), changes, Order(None, "Belvédère", reason))
    count = sum(outcome.rows for found in outcomes.values() for outcome in found)
    typer.echo(_("%(count)s rows corrected.") % {"count": count})


@app.command()
def erase(
    email: Email,
    reason: Why,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a person: what must stay is told, with the legal basis."""
    from belvedere.duties.privacy.public import BASIS_TEXTS, Order, Subject
    from belvedere.duties.privacy.public import erase as remove

    if not yes:
        typer.confirm(
            _("Erase everything about %(email)s? This cannot be undone.") % {"email": email}, abort=True
        )
    for found in remove(Subject(email), Order(None, "Belvédère", reason)).values():
        for outcome in found:
            if outcome.kept and outcome.basis:
                basis = _(BASIS_TEXTS[outcome.basis])
                typer.echo(f"{outcome.table}: {outcome.rows}. {_(outcome.kept)} {basis}")
            elif outcome.rows:
                typer.echo(_("%(table)s: %(rows)s erased.") % {"table": outcome.table, "rows": outcome.rows})
