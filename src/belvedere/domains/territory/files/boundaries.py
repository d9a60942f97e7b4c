"""The verb that brings outlines of places from a file; twice the same file changes nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID

import shapely
from django.db import transaction

from belvedere.domains.territory.actions import write_boundary
from belvedere.domains.territory.files.mapping import BoundaryMapping, read_day
from belvedere.domains.territory.files.reading import Row, choose_system, read_features
from belvedere.domains.territory.files.report import Report, RowNote
from belvedere.domains.territory.models import (
    Place,
    PlaceBoundary,
    PlaceCode,
    PlaceParent,
    PlacePopulation,
    Territory,
)
from belvedere.domains.territory.policies import Acting, require
from belvedere.domains.territory.states import Level
from belvedere.domains.territory.writing import (
    ancestors,
    check_period,
    checked_names,
    journal,
    kept_whole,
    places_changed,
    search_text,
)
from belvedere.kernel.errors import N_, BelvedereError, InvalidInput
from belvedere.kernel.geometry import Shape, reproject, usable

Period = tuple[date | None, date | None]


@dataclass(slots=True)
class _Found:
    """What a row says, checked."""

    number: int
    code: str
    codes: dict[str, str]
    names: dict[str, str]
    level: str
    shape: Shape
    repaired: bool
    parent: str
    parent_name: str
    period: Period
    populations: dict[int, int]


@dataclass(slots=True)
class _Import:
    """The state of one import inside its transaction."""

    mapping: BoundaryMapping
    territory: Territory
    country: str
    language: str
    source: str
    licence: str
    report: Report
    known: dict[tuple[str, str], UUID] = field(default_factory=dict)
    touched: set[UUID] = field(default_factory=set)
    linked: set[tuple[UUID, UUID]] = field(default_factory=set)


def import_boundaries(
    *,
    actor: Acting,
    territory_id: UUID,
    file: Path,
    mapping: BoundaryMapping,
    source: str,
    licence: str = "",
    crs: str = "",
    layer: str = "",
    swapped: bool = False,
    only: Collection[str] | None = None,
    dry_run: bool = False,
    file_name: str = "",
    reason: str = "",
) -> Report:
    """Places, outlines, parents and populations of `file` into a territory; `only` keeps some codes.

    Bad rows are refused one by one and stand in the report; the others are taken in one transaction. With
    `dry_run` nothing is kept.
    """
    require(actor, "import_boundaries", territory_id)
    shown = file_name or file.name
    features = read_features(file, layer=layer, name=shown)
    if missing := [name for name in mapping.columns() if name not in features.columns]:
        raise InvalidInput(
            N_("{name} has no column {missing}. Its columns are: {known}."),
            name=shown,
            missing=missing,
            known=features.columns,
        )
    territory = Territory.objects.get(pk=territory_id)
    country = mapping.country or territory.country
    system = choose_system(features, country, crs, swapped, shown)
    report = Report(dry_run=dry_run)
    found = _checked(features.rows, mapping, system, swapped, only, report)
    with kept_whole():
        state = _Import(mapping, territory, country, territory.languages[0], source, licence, report)
        _write(state, found)
        if report.changes:
            places_changed(state.touched, also=(territory_id,))
            journal(
                actor,
                "import_boundaries",
                ("territory", territory_id),
                territory_id,
                after={"file": shown, **report.counts()},
                reason=reason,
            )
        if dry_run:
            transaction.set_rollback(True)
    return report


# ------------------------------------------------------------------ what the rows say
def _checked(
    rows: list[Row],
    mapping: BoundaryMapping,
    system: str,
    swapped: bool,
    only: Collection[str] | None,
    report: Report,
) -> list[_Found]:
    found: list[_Found] = []
    seen: dict[tuple[str, Period], int] = {}
    for row in rows:
        code = row.fields[mapping.code]
        if only is not None and code not in only:
            continue
        report.read += 1
        label = next((row.fields[c] for c in mapping.names.values() if row.fields[c]), code)
        try:
            item = _checked_row(row, mapping, system, swapped)
            first = seen.setdefault((item.code, item.period), row.number)
            if first != row.number:
                raise InvalidInput(
                    N_("The code {what} stands in row {first} already. Keep one of them."),
                    what=code,
                    first=first,
                )
        except BelvedereError as error:
            report.refused.append(RowNote(row.number, label, error.message, error.data))
            continue
        if item.repaired:
            report.repaired.append(
                RowNote(
                    row.number,
                    label,
                    N_("The outline crossed or touched itself and was repaired. Look at it on the map."),
                )
            )
        found.append(item)
    return found


def _checked_row(row: Row, mapping: BoundaryMapping, system: str, swapped: bool) -> _Found:
    fields = row.fields
    code = fields[mapping.code]
    if not code:
        raise InvalidInput(N_("The row has no official code. Fill it in, or delete the row."))
    level = fields[mapping.level_column] if mapping.level_column else mapping.level
    if level not in set(Level):
        raise InvalidInput(
            N_("“{level}” is not a level of places. Use one of: {known}."),
            level=level,
            known=[known.value for known in Level],
        )
    shape, repaired = _outline(row, system, swapped)
    period = (
        read_day(fields[mapping.valid_from], mapping.valid_from) if mapping.valid_from else None,
        read_day(fields[mapping.valid_to], mapping.valid_to) if mapping.valid_to else None,
    )
    check_period(*period)
    names = checked_names(
        {language: fields[column] for language, column in mapping.names.items()}, required=False
    )
    return _Found(
        number=row.number,
        code=code,
        codes={scheme: fields[column] for scheme, column in mapping.codes.items() if fields[column]},
        names=names,
        level=level,
        shape=shape,
        repaired=repaired,
        parent=fields[mapping.parent_code] if mapping.parent_code else "",
        parent_name=fields[mapping.parent_name] if mapping.parent_name else "",
        period=period,
        populations={
            year: count_of(fields[column], column)
            for year, column in mapping.populations.items()
            if fields[column]
        },
    )


def _outline(row: Row, system: str, swapped: bool) -> tuple[Shape, bool]:
    geometry = row.geometry
    if geometry is None or geometry.is_empty:
        raise InvalidInput(N_("The row has no outline. Draw it in the source, or leave the row out."))
    if not geometry.geom_type.endswith("Polygon"):
        raise InvalidInput(N_("The outline is a {kind}, not an area."), kind=geometry.geom_type)
    if swapped:
        geometry = shapely.transform(geometry, lambda xy: xy[:, ::-1])
    moved = reproject(geometry, system)
    shape = usable(moved)
    return shape, not moved.is_valid


def count_of(text: str, column: str) -> int:
    plain = "".join(c for c in text if not c.isspace() and c not in "'’")
    try:
        value = float(plain)
    except ValueError as error:
        raise InvalidInput(
            N_("“{text}” in {column} is not a number of people."), text=text, column=column
        ) from error
    if value < 0 or value != int(value) or value > 2_000_000_000:
        raise InvalidInput(N_("“{text}” in {column} is not a number of people."), text=text, column=column)
    return int(value)


# ------------------------------------------------------------------ what is written
def _write(state: _Import, found: list[_Found]) -> None:
    mapping = state.mapping
    scheme, parent_scheme = mapping.scheme.upper(), mapping.parent_scheme.upper()
    wanted = {(scheme, item.code) for item in found} | {(parent_scheme, i.parent) for i in found if i.parent}
    for row in PlaceCode.objects.filter(scheme__in={s for s, _c in wanted}, code__in={c for _s, c in wanted}):
        state.known[(row.scheme, row.code)] = row.place_id
    places = {
        place.pk: place for place in Place.objects.select_for_update().filter(pk__in=state.known.values())
    }
    state.linked = set(PlaceParent.objects.filter(place_id__in=places).values_list("place_id", "parent_id"))
    for item in found:
        before = state.report.changes
        try:
            with kept_whole(item.code):
                _write_place(state, item, places)
        except BelvedereError as error:
            state.report.refused.append(
                RowNote(item.number, next(iter(item.names.values()), item.code), error.message, error.data)
            )
            continue
        if state.report.changes == before:
            state.report.unchanged += 1


def _write_place(state: _Import, item: _Found, places: dict[UUID, Place]) -> None:
    key = (state.mapping.scheme.upper(), item.code)
    place_id = state.known.get(key)
    if place_id is None:
        place = _create(state, item.names or {state.language: item.code}, item.level, {key[0]: item.code})
        if any(item.period):
            place.valid_from, place.valid_to = item.period
            place.save(update_fields=["valid_from", "valid_to"])
        places[place.pk] = place
    else:
        place = places[place_id]
        names = {**place.names, **item.names}
        if names != place.names:
            place.names = names
            place.search = search_text(names, [item.code, *item.codes.values()])
            place.save(update_fields=["names", "search"])
            state.report.places_changed += 1
            state.touched.add(place.pk)
    for scheme, code in item.codes.items():
        _made = PlaceCode.objects.get_or_create(scheme=scheme.upper(), code=code, defaults={"place": place})
        if _made[0].place_id != place.pk:
            raise InvalidInput(N_("The code {what} belongs to another place already."), what=code)
    _write_outline(state, item, place.pk)
    _link(state, place.pk, _parent_of(state, item), item.period)
    for year, inhabitants in item.populations.items():
        write_population(
            state.report, place.pk, year, state.mapping.population_kind, inhabitants, state.source
        )


def _write_outline(state: _Import, item: _Found, place_id: UUID) -> None:
    # An undated file brings the outline anew: it replaces the open one, whatever its first day.
    period = item.period
    if period == (None, None):
        now = PlaceBoundary.objects.filter(place_id=place_id, valid_to=None).first()
        period = (now.valid_from, None) if now else period
    if write_boundary(place_id, item.shape, state.source, state.licence, item.repaired, period):
        state.report.boundaries_set += 1
        state.touched.add(place_id)


def write_population(
    report: Report, place_id: UUID, year: int, kind: str, inhabitants: int, source: str
) -> None:
    """A figure, inside an import's transaction; one that stands already is not counted."""
    row, made = PlacePopulation.objects.get_or_create(
        place_id=place_id,
        year=year,
        kind=kind,
        defaults={"inhabitants": inhabitants, "source": source[:300]},
    )
    if not made and row.inhabitants != inhabitants:
        row.inhabitants, row.source, made = inhabitants, source[:300], True
        row.save(update_fields=["inhabitants", "source"])
    report.populations_recorded += made


def _create(state: _Import, names: dict[str, str], level: str, codes: dict[str, str]) -> Place:
    place = Place.objects.create(
        country=state.country, level=level, names=names, search=search_text(names, codes.values())
    )
    for scheme, code in codes.items():
        PlaceCode.objects.create(place=place, scheme=scheme, code=code)
        state.known[(scheme, code)] = place.pk
    state.report.places_created += 1
    state.touched.add(place.pk)
    return place


def _parent_of(state: _Import, item: _Found) -> UUID | None:
    """The parent the row names, made where it is new; else the territory's own place."""
    root = state.territory.place_id
    if not item.parent:
        return root
    key = (state.mapping.parent_scheme.upper(), item.parent)
    if key not in state.known:
        name = item.parent_name or item.parent
        made = _create(state, {state.language: name}, state.mapping.parent_level, {key[0]: item.parent})
        if root is not None:
            _link(state, made.pk, root, (None, None))
    parent = state.known[key]
    if root is not None and parent != root and root not in ancestors({parent}):
        _link(state, parent, root, (None, None))
    return parent


def _link(state: _Import, place_id: UUID, parent_id: UUID | None, period: Period) -> None:
    """Link once: a link known with other dates is better informed than a file without any."""
    if parent_id is None or place_id == parent_id or (place_id, parent_id) in state.linked:
        return
    PlaceParent.objects.create(
        place_id=place_id, parent_id=parent_id, valid_from=period[0], valid_to=period[1]
    )
    state.linked.add((place_id, parent_id))
    state.report.links_made += 1
    state.touched.add(place_id)
