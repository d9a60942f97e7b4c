"""`belvedere territory …`: open a territory, bring its outlines, its organisations and its history."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from django.utils.translation import gettext as _

from belvedere.kernel.errors import N_, InvalidInput, NotFound

if TYPE_CHECKING:
    from belvedere.domains.territory.public import NetworkReport, Report

app = typer.Typer(no_args_is_help=True, help="Places, outlines and organisations.")
Territory = Annotated[str, typer.Option(help="The slug of the territory.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change; keep nothing.")]
SHOWN = 20


@app.command(name="open")
def open_(
    slug: Annotated[str, typer.Argument(help="Its address: letters, digits and hyphens.")],
    name: Annotated[list[str], typer.Option(help="Its name; or fr=…, de=…, once for each language.")],
    country: Annotated[str, typer.Option(help="CH, FR…")] = "CH",
    currency: Annotated[
        str, typer.Option(help="Three letters, such as CHF; by default that of the country.")
    ] = "",
    language: Annotated[list[str] | None, typer.Option(help="Its languages, its own first.")] = None,
    level: Annotated[str, typer.Option(help="What it is: agglomeration, intercommunal…")] = "agglomeration",
    scheme: Annotated[str, typer.Option(help="The scheme of its own code: SIREN, BFS…")] = "",
    code: Annotated[str, typer.Option(help="Its own official code.")] = "",
    parent: Annotated[str, typer.Option(help="The territory it lies in, by its slug.")] = "",
    attribution: Annotated[str, typer.Option(help="Sources and licences, shown on the map.")] = "",
) -> None:
    """Open a territory."""
    from belvedere.domains.access.public import Actor
    from belvedere.domains.territory.public import Level, open_territory, territory_by_slug

    languages = language or ["fr"]
    open_territory(
        actor=Actor.system(),
        slug=slug,
        names=_pairs(name, languages[0]),
        country=country,
        currency=currency or ("CHF" if country in ("CH", "LI") else "EUR"),
        languages=languages,
        zone="Europe/Zurich" if country in ("CH", "LI") else "Europe/Paris",
        level=Level(_one_of(level, [known.value for known in Level])),
        codes={scheme: code} if scheme and code else {},
        parent_id=territory_by_slug(parent).id if parent else None,
        attribution=attribution,
    )
    typer.echo(_("The territory %(name)s is open.") % {"name": territory_by_slug(slug).name})


@app.command()
def boundaries(
    file: Annotated[Path, typer.Argument(help="GeoJSON, TopoJSON, GeoPackage, or a Shapefile (.shp, .zip).")],
    territory: Territory,
    scheme: Annotated[str, typer.Option(help="The scheme of the codes: INSEE, BFS, LAU…")] = "",
    code_column: Annotated[str, typer.Option(help="The column of the official code.")] = "",
    name_column: Annotated[list[str] | None, typer.Option(help="Column of the name; or fr=…, de=…")] = None,
    level: Annotated[str, typer.Option(help="What the rows are.")] = "commune",
    parent_column: Annotated[str, typer.Option(help="The column of the code of what they lie in.")] = "",
    parent_scheme: Annotated[str, typer.Option(help="The scheme of that code: SIREN…")] = "",
    parent_level: Annotated[str, typer.Option(help="What that is.")] = "intercommunal",
    population: Annotated[list[str] | None, typer.Option(help="2026=column, once for each year.")] = None,
    code_also: Annotated[list[str] | None, typer.Option(help="SIREN=column: a further code.")] = None,
    crs: Annotated[str, typer.Option(help="Its coordinate system, if it does not say: EPSG:2056")] = "",
    swapped: Annotated[bool, typer.Option("--swapped", help="Latitude comes before longitude.")] = False,
    layer: Annotated[str, typer.Option(help="The layer, when there are several.")] = "",
    source: Annotated[str, typer.Option(help="Where the outlines come from.")] = "",
    licence: Annotated[str, typer.Option(help="Their licence.")] = "",
    mapping: Annotated[str, typer.Option(help="A saved mapping or a JSON file, for the columns.")] = "",
    save_as: Annotated[str, typer.Option(help="Keep these columns as a mapping of this name.")] = "",
    dry_run: DryRun = False,
) -> None:
    """Bring places with their outlines from a file; the same file again changes nothing."""
    from belvedere.domains.access.public import Actor
    from belvedere.domains.territory.public import (
        BoundaryMapping,
        import_boundaries,
        save_mapping,
        territory_by_slug,
    )

    found = territory_by_slug(territory)
    if mapping:
        columns = _mapping(mapping)
    else:
        columns = BoundaryMapping(
            scheme=scheme,
            code=code_column,
            names=_pairs(name_column or [], found.languages[0]),
            level=level,
            codes=_pairs(code_also or [], ""),
            parent_scheme=parent_scheme,
            parent_code=parent_column,
            parent_level=parent_level,
            populations={_year(year): column for year, column in _pairs(population or [], "").items()},
        )
    report = import_boundaries(
        actor=Actor.system(),
        territory_id=found.id,
        file=file,
        mapping=columns,
        source=source or file.name,
        licence=licence,
        crs=crs,
        layer=layer,
        swapped=swapped,
        dry_run=dry_run,
    )
    if save_as and not dry_run:
        save_mapping(save_as, columns)
    _show(report)


@app.command()
def memberships(
    file: Annotated[Path, typer.Argument(help="A CSV with a line for each vintage, place and body.")],
    territory: Territory,
    year_column: Annotated[str, typer.Option(help="The column of the vintage (a year).")],
    code_column: Annotated[str, typer.Option(help="The column of the place's code.")],
    body_column: Annotated[str, typer.Option(help="The column of the body's code.")],
    scheme: Annotated[str, typer.Option(help="The scheme of the places' codes.")] = "INSEE",
    body_scheme: Annotated[str, typer.Option(help="The scheme of the bodies' codes.")] = "SIREN",
    name_column: Annotated[str, typer.Option(help="The column of the place's name.")] = "",
    body: Annotated[list[str] | None, typer.Option(help="Only these bodies (codes).")] = None,
    population: Annotated[list[str] | None, typer.Option(help="total=column: inhabitants.")] = None,
    source: Annotated[str, typer.Option(help="Where the table comes from.")] = "",
    dry_run: DryRun = False,
) -> None:
    """Bring who lay in which body when, and the populations, from a table of vintages."""
    from belvedere.domains.access.public import Actor
    from belvedere.domains.territory.public import MembershipMapping, import_memberships, territory_by_slug

    found = territory_by_slug(territory)
    report = import_memberships(
        actor=Actor.system(),
        territory_id=found.id,
        file=file,
        mapping=MembershipMapping(
            year=year_column,
            code=code_column,
            body=body_column,
            scheme=scheme,
            body_scheme=body_scheme,
            name=name_column,
            language=found.languages[0],
            populations=_pairs(population or [], "total"),
        ),
        source=source or file.name,
        bodies=body or (),
        dry_run=dry_run,
    )
    _show(report)


@app.command()
def network(
    file: Annotated[
        Path, typer.Argument(help="GeoJSON, GeoPackage, GPX, KML, or a Shapefile (.shp, .zip) of lines.")
    ],
    territory: Territory,
    name: Annotated[str, typer.Option(help="The name of the network, for example “Roads of the canton”.")],
    kind: Annotated[str, typer.Option(help="road, path, cycle, rail or other.")] = "road",
    name_column: Annotated[str, typer.Option(help="The column of the street's name.")] = "",
    number_column: Annotated[str, typer.Option(help="The column of the road's number.")] = "",
    code_column: Annotated[str, typer.Option(help="The column that tells the lines apart.")] = "",
    crs: Annotated[str, typer.Option(help="Its coordinate system, if it does not say: EPSG:2056")] = "",
    swapped: Annotated[bool, typer.Option("--swapped", help="Latitude comes before longitude.")] = False,
    layer: Annotated[str, typer.Option(help="The layer, when there are several.")] = "",
    source: Annotated[str, typer.Option(help="Where the lines come from.")] = "",
    licence: Annotated[str, typer.Option(help="Their licence.")] = "",
    dry_run: DryRun = False,
) -> None:
    """Bring the lines of a network, which sites are drawn along; the same file again changes nothing."""
    from belvedere.domains.access.public import Actor
    from belvedere.domains.territory.public import (
        NetworkKind,
        NetworkMapping,
        import_network,
        territory_by_slug,
    )

    report = import_network(
        actor=Actor.system(),
        territory_id=territory_by_slug(territory).id,
        file=file,
        name=name,
        kind=NetworkKind(_one_of(kind, [known.value for known in NetworkKind])),
        source=source or file.name,
        licence=licence,
        mapping=NetworkMapping(name_column, number_column, code_column),
        crs=crs,
        layer=layer,
        swapped=swapped,
        dry_run=dry_run,
    )
    _show(report)


@app.command()
def perimeter(
    code: Annotated[str, typer.Argument(help="The official code of a body: 200065647")],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day; else today.")] = None,
    scheme: Annotated[str, typer.Option(help="The scheme of the code.")] = "SIREN",
    level: Annotated[str, typer.Option(help="Which places to list.")] = "commune",
) -> None:
    """List the places that lie in a body on a day."""
    from belvedere.domains.territory.public import Level, place_by_code, places_within
    from belvedere.kernel.clock import today

    body = place_by_code(scheme, code)
    day = on.date() if on else today()
    wanted = Level(_one_of(level, [known.value for known in Level]))
    found = places_within(body.id, day, wanted)
    for place in found:
        typer.echo(f"{place.code}  {place.name}")
    typer.echo(_("%(n)d places in %(name)s on %(day)s.") % {"n": len(found), "name": body.name, "day": day})


@app.command()
def organisation(
    name: Annotated[list[str], typer.Argument(help="Its name; or fr=…, de=…, once for each language.")],
    territory: Territory,
    kind: Annotated[str, typer.Option(help="commune, intercommunal, canton, operator…")],
    scheme: Annotated[str, typer.Option(help="The scheme of its code.")] = "",
    code: Annotated[str, typer.Option(help="Its official code, and that of its place.")] = "",
    short_name: Annotated[str, typer.Option(help="As it stands in narrow tables.")] = "",
) -> None:
    """Add an organisation to a territory."""
    from belvedere.domains.access.public import Actor
    from belvedere.domains.territory.public import (
        OrganisationKind,
        create_organisation,
        place_by_code,
        territory_by_slug,
    )

    found = territory_by_slug(territory)
    answers_for = []
    if code:
        try:
            answers_for = [place_by_code(scheme, code).id]
        except NotFound:
            answers_for = []
    create_organisation(
        actor=Actor.system(),
        territory_id=found.id,
        kind=OrganisationKind(_one_of(kind, [known.value for known in OrganisationKind])),
        names=_pairs(name, found.languages[0]),
        short_name=short_name,
        code_scheme=scheme if code else "",
        code=code,
        place_ids=answers_for,
    )
    typer.echo(_("Added. Places it answers for: %(n)d") % {"n": len(answers_for)})


@app.command(name="list")
def list_() -> None:
    """List the territories of this instance."""
    from belvedere.domains.territory.public import territories

    for found in territories():
        typer.echo(f"{found.slug}  {found.name}  {found.summary}")


# ------------------------------------------------------------------ reading what was typed
def _pairs(given: list[str], alone: str) -> dict[str, str]:
    """["fr=Sierre", "de=Siders"] as a dictionary; a text without "=" stands under `alone`."""
    found = {}
    for text in given:
        key, equals, value = text.partition("=")
        found[key if equals else alone] = value if equals else text
    return found


def _one_of(value: str, known: list[str]) -> str:
    if value not in known:
        raise InvalidInput(N_("“{value}” is not known here. Use one of: {known}."), value=value, known=known)
    return value


def _year(text: str) -> int:
    if not text.isdigit():
        raise InvalidInput(N_("Write a population as year=column, for example 2026=population."))
    return int(text)


def _mapping(given: str) -> Any:
    """A mapping by its name, or from a JSON file."""
    from belvedere.domains.territory.public import mapping_from, saved_mapping

    if not given.endswith(".json"):
        return saved_mapping(given)
    try:
        return mapping_from(json.loads(Path(given).read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise InvalidInput(N_("{file} is not a JSON file that can be read."), file=given) from error


def _show(report: Report | NetworkReport) -> None:
    """What an import did, then the rows that need someone."""
    if report.dry_run:
        typer.echo(_("Dry run: nothing is kept."))
    for key, value in report.counts().items():
        typer.echo(f"{_(COUNTS[key])}: {value}")
    for title, notes in ((_("Repaired"), report.repaired), (_("Refused"), report.refused)):
        for note in notes[:SHOWN]:
            reason = _(note.message).format_map({key: _plain(value) for key, value in note.data.items()})
            row = _("row %(n)d") % {"n": note.row}
            typer.echo(f"{title}: {row}, {note.name}: {reason}")
        if len(notes) > SHOWN:
            typer.echo(_("… and %(n)d more") % {"n": len(notes) - SHOWN})


def _plain(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value


COUNTS = {
    "read": N_("Rows read"),
    "places_created": N_("Places created"),
    "places_changed": N_("Places renamed"),
    "boundaries_set": N_("Outlines set"),
    "links_made": N_("Links made"),
    "links_ended": N_("Links ended"),
    "populations_recorded": N_("Populations recorded"),
    "lines_added": N_("Lines added"),
    "lines_changed": N_("Lines changed"),
    "lines_removed": N_("Lines removed"),
    "unchanged": N_("Left as they were"),
    "repaired": N_("Repaired"),
    "refused": N_("Refused"),
}
