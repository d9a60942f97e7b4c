"""The verb that brings a network of lines from a file; twice the same file changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import shapely
from django.db import transaction
from django.utils import timezone

from belvedere.domains.territory.events import NetworkChanged
from belvedere.domains.territory.files.reading import Features, Row, choose_system, read_features
from belvedere.domains.territory.files.report import NetworkReport, RowNote
from belvedere.domains.territory.models import Network, NetworkLine, Territory
from belvedere.domains.territory.policies import Acting, require
from belvedere.domains.territory.states import NetworkKind
from belvedere.domains.territory.writing import journal, kept_whole
from belvedere.engines.transactions import announce
from belvedere.kernel.errors import N_, BelvedereError, InvalidInput, NotFound
from belvedere.kernel.geometry import Shape, reproject, usable

# Under which heads sources keep what a line is called, and its number; folded to lower case.
NAME_HEADS = (
    "name",
    "nom",
    "strassenname",
    "stn_label",
    "nom_voie",
    "rue",
    "titre",
    "libelle",
    "bezeichnung",
)
NUMBER_HEADS = ("number", "ref", "numero", "num", "strassennummer", "route_nr", "nummer")
CODE_HEADS = ("id", "fid", "osm_id", "uuid", "code", "tlm_strassen_uuid", "cleabs", "identifiant")
ROWS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class NetworkMapping:
    """Columns of a file of lines. An empty one is found by its usual heads, if it is there."""

    name: str = ""
    number: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as a row says it, checked."""

    key: str
    name: str
    number: str
    shape: Shape

    @property
    def fields(self) -> dict[str, Any]:
        west, south, east, north = self.shape.box.as_tuple()
        return {
            "name": self.name,
            "number": self.number,
            "geometry": self.shape.wkb,
            "west": west,
            "south": south,
            "east": east,
            "north": north,
        }


def import_network(
    *,
    actor: Acting,
    territory_id: UUID,
    file: Path,
    name: str,
    kind: NetworkKind,
    source: str,
    licence: str = "",
    mapping: NetworkMapping | None = None,
    crs: str = "",
    layer: str = "",
    swapped: bool = False,
    dry_run: bool = False,
    file_name: str = "",
    reason: str = "",
) -> NetworkReport:
    """The network `name` of a territory becomes what `file` holds: lines come, change and go.

    Bad rows are refused one by one and stand in the report; what the network held under their code stays.
    A file without any good line changes nothing. With `dry_run` nothing is kept.
    """
    require(actor, "import_network", territory_id)
    name = " ".join(name.split())
    if not name or len(name) > 120:
        raise InvalidInput(N_("Give the network a name of at most 120 characters."), field="name")
    if not source.strip():
        raise InvalidInput(N_("Say where the lines come from."), field="source")
    shown = file_name or file.name
    features = read_features(file, layer=layer, name=shown)
    columns = _columns(features, mapping or NetworkMapping(), shown)
    country = Territory.objects.values_list("country", flat=True).get(pk=territory_id)
    system = choose_system(features, country, crs, swapped, shown)
    report = NetworkReport(dry_run=dry_run)
    found, refused = _checked(features.rows, columns, system, swapped, report)
    if not found:
        return report  # nothing to take: the network stays as it was
    with kept_whole(name):
        network, is_new = _network(territory_id, name, kind, source, licence)
        before = {} if is_new else {"source": network.source, "lines": network.lines.count()}
        described = (network.kind, network.source, network.licence) != (kind, source[:300], licence[:200])
        network.kind, network.source, network.licence = kind, source[:300], licence[:200]
        _write(network, found, refused, report)
        if report.changes or is_new or described:
            network.imported_at = timezone.now()
            network.save()
            _note(actor, "import_network", network, before, {"file": shown, **report.counts()}, reason)
        if dry_run:
            transaction.set_rollback(True)
    return report


def remove_network(*, actor: Acting, territory_id: UUID, network_id: UUID, reason: str = "") -> None:
    """Take a network away with its lines; sites drawn along it stay where they are."""
    require(actor, "remove_network", territory_id)
    with kept_whole():
        network = Network.objects.select_for_update().filter(pk=network_id, territory_id=territory_id).first()
        if network is None:
            raise NotFound(N_("This network is gone already."))
        before = {"name": network.name, "source": network.source, "lines": network.lines.count()}
        _note(actor, "remove_network", network, before, {}, reason)
        network.delete()


def _note(
    actor: Acting, verb: str, network: Network, before: Mapping[str, Any], after: Mapping[str, Any], why: str
) -> None:
    told = NetworkChanged(network.pk, network.territory_id)
    announce(told)
    journal(
        actor,
        verb,
        ("network", network.pk),
        network.territory_id,
        before=before,
        after={"name": network.name, **after} if after else None,
        reason=why,
    )


# ------------------------------------------------------------------ what the rows say
def _columns(features: Features, given: NetworkMapping, shown: str) -> NetworkMapping:
    asked = [column for column in (given.name, given.number, given.code) if column]
    if missing := [column for column in asked if column not in features.columns]:
        raise InvalidInput(
            N_("{name} has no column {missing}. Its columns are: {known}."),
            name=shown,
            missing=missing,
            known=features.columns,
        )
    heads = {column.casefold(): column for column in features.columns}

    def usual(names: tuple[str, ...]) -> str:
        return next((heads[name] for name in names if name in heads), "")

    return NetworkMapping(
        given.name or usual(NAME_HEADS),
        given.number or usual(NUMBER_HEADS),
        given.code or _unique(features, heads),
    )


def _unique(features: Features, heads: Mapping[str, str]) -> str:
    """A column of codes that tells the rows apart, "" when none does."""
    for head in CODE_HEADS:
        if head in heads:
            codes = [row.fields[heads[head]] for row in features.rows]
            if all(codes) and len(set(codes)) == len(codes):
                return heads[head]
    return ""


def _checked(
    rows: list[Row], columns: NetworkMapping, system: str, swapped: bool, report: NetworkReport
) -> tuple[dict[str, _Line], set[str]]:
    """The good lines by key, and the codes of the rows that were refused."""
    found: dict[str, _Line] = {}
    first: dict[str, int] = {}
    refused: set[str] = set()
    for row in rows:
        report.read += 1
        code = row.fields[columns.code] if columns.code else ""
        label = next((row.fields[c] for c in (columns.name, columns.number, columns.code) if c), "")
        try:
            line, repaired = _checked_row(row, columns, code, system, swapped)
            if first.setdefault(line.key, row.number) != row.number:
                raise InvalidInput(
                    N_("The same line stands in row {first} already. Keep one of them."),
                    first=first[line.key],
                )
        except BelvedereError as error:
            report.refused.append(RowNote(row.number, label, error.message, error.data))
            if code:
                refused.add(code[:120])
            continue
        if repaired:
            report.repaired.append(
                RowNote(row.number, label, N_("The line repeated or crossed itself and was repaired."))
            )
        found[line.key] = line
    return found, refused


def _checked_row(
    row: Row, columns: NetworkMapping, code: str, system: str, swapped: bool
) -> tuple[_Line, bool]:
    geometry = row.geometry
    if geometry is None or geometry.is_empty:
        raise InvalidInput(N_("The row has no line. Draw it in the source, or leave the row out."))
    if not geometry.geom_type.endswith("LineString"):
        raise InvalidInput(N_("This is a {kind}, not a line."), kind=geometry.geom_type)
    if swapped:
        geometry = shapely.transform(geometry, lambda xy: xy[:, ::-1])
    moved = reproject(geometry, system)
    shape = usable(moved)
    if not shape.kind.endswith("LineString") or not shape.length_m:
        raise InvalidInput(N_("The line has no length: its positions are one and the same."))
    key = code[:120] or hashlib.sha256(shapely.to_wkb(shape.geometry.normalize())).hexdigest()
    name = row.fields[columns.name][:200] if columns.name else ""
    number = row.fields[columns.number][:40] if columns.number else ""
    return _Line(key, name, number, shape), not moved.is_valid


# ------------------------------------------------------------------ what is written
def _network(
    territory_id: UUID, name: str, kind: NetworkKind, source: str, licence: str
) -> tuple[Network, bool]:
    return Network.objects.select_for_update().get_or_create(
        territory_id=territory_id,
        name=name,
        defaults={
            "kind": kind,
            "source": source[:300],
            "licence": licence[:200],
            "imported_at": timezone.now(),
        },
    )


def _write(network: Network, found: dict[str, _Line], refused: set[str], report: NetworkReport) -> None:
    changed: list[NetworkLine] = []
    gone: list[int] = []
    known: set[str] = set()
    for row in network.lines.all().iterator(chunk_size=ROWS_AT_ONCE):
        known.add(row.key)
        line = found.get(row.key)
        if line is None:
            if row.key not in refused:
                gone.append(row.pk)
            continue
        if (row.name, row.number, bytes(row.geometry)) == (line.name, line.number, line.shape.wkb):
            report.unchanged += 1
            continue
        for field, value in line.fields.items():
            setattr(row, field, value)
        changed.append(row)
    added = [
        NetworkLine(network=network, key=key, **line.fields)
        for key, line in found.items()
        if key not in known
    ]
    NetworkLine.objects.filter(pk__in=gone).delete()
    NetworkLine.objects.bulk_update(
        changed, ["name", "number", "geometry", "west", "south", "east", "north"], batch_size=ROWS_AT_ONCE
    )
    NetworkLine.objects.bulk_create(added, batch_size=ROWS_AT_ONCE)
    report.lines_added, report.lines_changed, report.lines_removed = len(added), len(changed), len(gone)
