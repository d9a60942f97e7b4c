"""The verb that brings dated memberships and populations from a table of vintages.

A line says: in this vintage, this place lies in this body. Vintages that follow each other make one period,
from 1 January of the first to 1 January of the first in which the place is gone; the last vintage is open.
The table says nothing of the time before its first vintage.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from uuid import UUID

from django.db import transaction

from belvedere.domains.territory.errors import UnreadableFile
from belvedere.domains.territory.files.boundaries import count_of, write_population
from belvedere.domains.territory.files.mapping import MembershipMapping
from belvedere.domains.territory.files.report import Report, RowNote
from belvedere.domains.territory.models import Place, PlaceCode, PlaceParent, Territory
from belvedere.domains.territory.policies import Acting, require
from belvedere.domains.territory.states import Level
from belvedere.domains.territory.writing import (
    ancestors,
    checked_names,
    journal,
    kept_whole,
    places_changed,
    search_text,
)
from belvedere.kernel.errors import N_, BelvedereError, InvalidInput, TooLarge

LARGEST_TABLE = 50 * 1024 * 1024
Period = tuple[date, date | None]


def periods(years: Collection[int], vintages: Collection[int]) -> list[Period]:
    """The periods that `years` make among all `vintages`, oldest first."""
    order = sorted(set(vintages))
    made: list[Period] = []
    start: int | None = None
    for vintage in order:
        if vintage in years and start is None:
            start = vintage
        elif vintage not in years and start is not None:
            made.append((date(start, 1, 1), date(vintage, 1, 1)))
            start = None
    if start is not None:
        made.append((date(start, 1, 1), None))
    return made


def import_memberships(
    *,
    actor: Acting,
    territory_id: UUID,
    file: Path,
    mapping: MembershipMapping,
    source: str,
    bodies: Collection[str] = (),
    dry_run: bool = False,
    file_name: str = "",
    reason: str = "",
) -> Report:
    """Who lay in which body when, and the populations, from a CSV table.

    `bodies` are the codes to take; by default the territory's own place and the bodies known within it. What
    was linked to these bodies without a date is dated; other links stay.
    """
    require(actor, "import_memberships", territory_id)
    shown = file_name or file.name
    lines = read_table(file, mapping.columns(), shown)
    territory = Territory.objects.get(pk=territory_id)
    report = Report(dry_run=dry_run)
    with kept_whole():
        wanted = frozenset(bodies) or _known_bodies(territory, mapping)
        if not wanted:
            raise InvalidInput(
                N_("No body of this territory has a code of the scheme {scheme}. Name the bodies to take."),
                scheme=mapping.body_scheme,
            )
        touched = _take(lines, wanted, mapping, territory, source, report)
        if report.changes:
            places_changed(touched, also=(territory_id,))
            journal(
                actor,
                "import_memberships",
                ("territory", territory_id),
                territory_id,
                after={"file": shown, **report.counts()},
                reason=reason,
            )
        if dry_run:
            transaction.set_rollback(True)
    return report


def read_table(file: Path, columns: list[str], shown: str) -> list[dict[str, str]]:
    """The lines of a CSV in UTF-8 or Windows-1252, separated by comma, semicolon or tab."""
    if not file.is_file():
        raise UnreadableFile(N_("There is no file {name}."), name=shown)
    if file.stat().st_size > LARGEST_TABLE:
        raise TooLarge(N_("{name} is larger than {largest} MB."), name=shown, largest=LARGEST_TABLE >> 20)
    data = file.read_bytes()
    if b"\x00" in data[:4096]:
        raise UnreadableFile(N_("{name} is not a CSV table. Save the sheet as CSV."), name=shown)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=separator)
    known = [name.strip() for name in reader.fieldnames or []]
    if missing := [name for name in columns if name not in known]:
        raise InvalidInput(
            N_("{name} has no column {missing}. Its columns are: {known}."),
            name=shown,
            missing=missing,
            known=known,
        )
    return [_cleaned(line) for line in reader]


def _cleaned(line: dict[str, str | None]) -> dict[str, str]:
    """Without blanks around; a cell too many on a line (a list, under no name) is left out."""
    return {key.strip(): (value or "").strip() for key, value in line.items() if isinstance(key, str)}


def _known_bodies(territory: Territory, mapping: MembershipMapping) -> frozenset[str]:
    roots = {territory.place_id} if territory.place_id else set()
    inside = set(
        PlaceParent.objects.filter(parent_id__in=roots, place__level=mapping.body_level).values_list(
            "place_id", flat=True
        )
    )
    return frozenset(
        PlaceCode.objects.filter(scheme=mapping.body_scheme.upper(), place_id__in=roots | inside).values_list(
            "code", flat=True
        )
    )


def _take(
    lines: Iterable[dict[str, str]],
    wanted: frozenset[str],
    mapping: MembershipMapping,
    territory: Territory,
    source: str,
    report: Report,
) -> set[UUID]:
    vintages: dict[str, set[int]] = defaultdict(set)
    present: dict[tuple[str, str], set[int]] = defaultdict(set)
    names: dict[str, str] = {}
    people: dict[tuple[str, int, str], int] = {}
    for number, line in enumerate(lines, start=2):  # line 1 holds the names of the columns
        body, code = line[mapping.body], line[mapping.code]
        if body not in wanted:
            continue
        report.read += 1
        try:
            year = _year(line[mapping.year], mapping.year)
            if not code:
                raise InvalidInput(N_("The row has no official code. Fill it in, or delete the row."))
            for kind, column in mapping.populations.items():
                if line[column]:
                    people[(code, year, kind)] = count_of(line[column], column)
        except BelvedereError as error:
            report.refused.append(RowNote(number, line.get(mapping.name, code), error.message, error.data))
            continue
        vintages[body].add(year)
        present[(body, code)].add(year)
        names[code] = line.get(mapping.name, "") or code
        if mapping.body_name and line[mapping.body_name]:
            names[body] = line[mapping.body_name]
    every = {year for years in vintages.values() for year in years}
    ids = _places(present, names, mapping, territory, report)
    touched = set(ids.values())
    for (body, code), years in sorted(present.items()):
        changed = _date_link(ids[code], ids[body], periods(years, every), report)
        report.unchanged += not changed
    for (code, year, kind), inhabitants in people.items():
        write_population(report, ids[code], year, kind, inhabitants, source)
    return touched


def _year(text: str, column: str) -> int:
    if not (text.isdigit() and 1500 <= int(text) <= 2150):
        raise InvalidInput(N_("“{text}” in {column} is not a year."), text=text, column=column)
    return int(text)


def _places(
    present: dict[tuple[str, str], set[int]],
    names: dict[str, str],
    mapping: MembershipMapping,
    territory: Territory,
    report: Report,
) -> dict[str, UUID]:
    """The places of all codes, made where they are new."""
    ids: dict[str, UUID] = {}
    root = territory.place_id
    wanted = {(mapping.body_scheme.upper(), body, mapping.body_level) for body, _code in present}
    wanted |= {(mapping.scheme.upper(), code, Level.COMMUNE.value) for _body, code in present}
    for scheme, code, level in sorted(wanted):
        found = PlaceCode.objects.filter(scheme=scheme, code=code).values_list("place_id", flat=True).first()
        if found is None:
            given = checked_names({mapping.language: names.get(code, code)})
            place = Place.objects.create(
                country=territory.country, level=level, names=given, search=search_text(given, [code])
            )
            PlaceCode.objects.create(place=place, scheme=scheme, code=code)
            report.places_created += 1
            found = place.pk
        ids[code] = found
        is_body = scheme == mapping.body_scheme.upper() and level == mapping.body_level
        if is_body and root is not None and root not in ancestors({found}):
            PlaceParent.objects.create(place_id=found, parent_id=root)
            report.links_made += 1
    return ids


def _date_link(place_id: UUID, body_id: UUID, wanted: list[Period], report: Report) -> bool:
    """Make the links of a pair exactly `wanted`; False when they are so already."""
    links = PlaceParent.objects.filter(place_id=place_id, parent_id=body_id)
    now = set(links.values_list("valid_from", "valid_to"))
    if now == set(wanted):
        return False
    report.links_ended += len(now - set(wanted))
    report.links_made += len(set(wanted) - now)
    links.delete()
    PlaceParent.objects.bulk_create(
        PlaceParent(place_id=place_id, parent_id=body_id, valid_from=start, valid_to=end)
        for start, end in wanted
    )
    return True
