"""Measures in and out of spreadsheets from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

imports = typer.Typer(help="Bring measures from spreadsheets.", no_args_is_help=True)
exports = typer.Typer(help="Write measures to files.", no_args_is_help=True)
app = typer.Typer(help="Measures in and out.", no_args_is_help=True)
app.add_typer(imports, name="import")
app.add_typer(exports, name="export")


def _settings(pairs: list[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise typer.BadParameter(f"{pair}: write it as name=value, for example unit=1000000")
        found[name.strip()] = value
    return found


@imports.command("measures")
def import_measures(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="XLSX, ODS or CSV.")],
    territory: Annotated[str, typer.Option(help="The territory's name in addresses.")],
    mapping: Annotated[str, typer.Option(help="A saved mapping of the columns, e.g. anct-2019.")] = "",
    sheet: Annotated[str | None, typer.Option(help="The sheet of the workbook.")] = None,
    decide: Annotated[
        list[str] | None,
        typer.Option("--set", help="A decision for the whole sheet: unit, currency, vat, year…"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the verdicts, write nothing.")] = False,
    sure_rows: Annotated[
        bool, typer.Option("--sure-rows", help="Take the sure rows; the others wait.")
    ] = False,
    save_as: Annotated[str, typer.Option(help="Save the mapping under this name.")] = "",
) -> None:
    """Bring the measures of FILE; with --dry-run only say what would happen."""
    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans.sheets import public as sheets
    from belvedere.domains.territory.public import territory_by_slug
    from belvedere.kernel.errors import BelvedereError

    actor = Actor.system("command line")
    given = _settings(decide or [])

    def change(mapped: sheets.Mapping, decisions: sheets.Decisions) -> None:
        sheets.settle(mapped, given)

    try:
        where = territory_by_slug(territory)
        made = sheets.bring(
            actor=actor,
            territory=where,
            path=file,
            file_name=file.name,
            sheet=sheet,
            mapping_name=mapping,
            change=change,
        )
        _say(sheets.draft_view(actor, where, made))
        if save_as:
            sheets.save_mapping(actor=actor, territory=where, import_id=made, name=save_as)
        if dry_run:
            sheets.discard(actor=actor, territory=where, import_id=made)
            typer.echo("Dry run: nothing was written.")
            return
        taken = sheets.take(actor=actor, territory=where, import_id=made, only_sure=sure_rows)
    except BelvedereError as error:
        typer.echo(error.sentence(), err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{taken.created} created, {taken.changed} changed, {taken.same} unchanged.")
    typer.echo(f"To take it back: belvedere import undo {made}")


def _say(head: object) -> None:
    from belvedere.domains.plans.sheets import public as sheets

    assert isinstance(head, sheets.DraftView)
    view, totals = head.view, head.totals
    typer.echo(
        f"{view.file_name}, sheet {view.sheet or '-'}: "
        + ", ".join(f"{n} {v}" for v, n in view.counts.items())
    )
    for one in totals.get("amounts", []):
        typer.echo(
            f"{one['field']}: sheet {one['sheet']}, read {one['read']}, gap "
            f"{one['gap']}, unexplained {one['unexplained']}"
        )
    for code, warning in totals.get("warnings", {}).items():
        lines = ", ".join(map(str, warning["lines"]))
        typer.echo(f"{'!' if warning['blocks'] else '-'} {code}: {warning['rows']} rows, lines {lines}")
    for spellings in totals.get("merged", {}).values():
        typer.echo("= " + " = ".join(spellings))
    for question in head.questions:
        typer.echo(
            f"? {question.setting}: {question.text.format_map(question.data)} (--set {question.setting}=…)"
        )


@imports.command("undo")
def undo(import_id: Annotated[UUID, typer.Argument(help="As printed by the import.")]) -> None:
    """Take a whole import back, within 30 days."""
    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans.sheets import public as sheets
    from belvedere.kernel.errors import BelvedereError

    try:
        undone = sheets.undo(
            actor=Actor.system("command line"), territory=sheets.territory_of(import_id), import_id=import_id
        )
    except BelvedereError as error:
        typer.echo(error.sentence(), err=True)
        raise typer.Exit(1) from error
    typer.echo(
        f"{undone.removed} removed, {undone.restored} restored, "
        f"{len(undone.kept)} kept because changed since."
    )
    for measure_id in undone.kept:
        typer.echo(f"  kept: {measure_id}")


@exports.command("measures")
def export_measures(
    file: Annotated[
        Path, typer.Argument(help="Where to write; its ending says the form: xlsx, csv, geojson, gpkg.")
    ],
    territory: Annotated[str, typer.Option(help="The territory's name in addresses.")],
) -> None:
    """Write all measures of a territory to FILE, in the form that imports back identically."""
    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans.sheets import public as sheets
    from belvedere.domains.territory.public import territory_by_slug
    from belvedere.kernel.errors import BelvedereError

    form = file.suffix.removeprefix(".").lower()
    if form not in sheets.FORMATS:
        raise typer.BadParameter(f"end the file name with one of: {', '.join(sheets.FORMATS)}")
    try:
        count = sheets.export(
            actor=Actor.system("command line"), territory=territory_by_slug(territory), path=file, form=form
        )
    except BelvedereError as error:
        typer.echo(error.sentence(), err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{count} measures written to {file}")
