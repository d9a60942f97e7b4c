"""Rows of the database made from records, and back out of the way when they change."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import ProtectedError

from belvedere.domains.plans.figures import Parts as Figured
from belvedere.domains.plans.models import (
    CostEstimate,
    FundingLine,
    Measure,
    MeasureFigures,
    MeasurePlace,
    Phase,
    Plan,
    PlanMembership,
    PlanNode,
    Quantity,
    Site,
    SpendLine,
    Succession,
)
from belvedere.domains.plans.parts import shape_fields
from belvedere.domains.plans.sheets.bulk import copy_in, quick
from belvedere.domains.plans.sheets.errors import PaymentsRemain
from belvedere.domains.plans.sheets.records import Record, Step
from belvedere.domains.plans.writing import folded_search
from belvedere.kernel.errors import N_
from belvedere.kernel.geometry import from_wkb
from belvedere.kernel.identifiers import new_id


@dataclass
class Keys:
    """What the names in records mean in this database."""

    owners: Mapping[str, str]  # "new:…" -> identifier
    labels: Mapping[str, str]  # identifier -> names for searching
    categories: Mapping[str, int]
    category_names: Mapping[str, str]
    plans: Mapping[str, Plan]
    nodes: Mapping[tuple[str, str], PlanNode]
    places: Mapping[str, str]  # identifier -> names for searching

    def organisation(self, key: str) -> UUID:
        return UUID(self.owners.get(key, key))


def measure_row(record: Record, territory_id: UUID, keys: Keys, *, version: int = 1) -> Measure:
    row = quick(Measure, id=record.id or new_id(), territory_id=territory_id, version=version)
    fill(row, record, keys)
    return row


def fill(row: Measure, record: Record, keys: Keys) -> None:
    """Write the plain fields of `record` into `row`."""
    row.external_id = record.external_id
    row.title, row.description = dict(record.title), dict(record.description)
    row.kind, row.phase_scheme, row.phase = record.kind, record.phase_scheme, record.phase
    row.category_id = keys.categories[record.category] if record.category else None
    row.owner_id = keys.organisation(record.owner)
    row.implementation, row.published, row.is_example = (
        record.implementation,
        record.published,
        record.is_example,
    )
    words = [
        *record.title.values(),
        *(listing.code for listing in record.listings),
        keys.labels.get(str(row.owner_id), ""),
        record.external_id,
        keys.category_names.get(record.category, ""),
        *(site.name for site in record.sites),
        *(keys.places.get(place, "") for place in record.places),
    ]
    row.search = folded_search(words)


@dataclass
class Parts:
    """Rows that hang on measures, gathered to be written together."""

    estimates: list[CostEstimate] = field(default_factory=list)
    spending: list[SpendLine] = field(default_factory=list)
    aids: list[FundingLine] = field(default_factory=list)
    listings: list[PlanMembership] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    phases: list[Phase] = field(default_factory=list)
    places: list[MeasurePlace] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    figures: list[MeasureFigures] = field(default_factory=list)

    def add(
        self,
        measure_id: UUID,
        record: Record,
        keys: Keys,
        names: frozenset[str],
        measure: Measure | None = None,
    ) -> Figured:
        """Rows for the lists in `names` of one measure; with its own row, flags on its facts too."""
        made: dict[str, list[Any]] = {
            name: _MAKE[name](measure_id, record, keys) for name in names if name in _MAKE
        }
        for name, rows in made.items():
            getattr(self, name).extend(rows)
        return Figured(
            measure=measure,
            previous=next(iter(made.get("estimates", [])[-2:-1]), None),
            phases=made.get("phases", []),
            quantities=_planned(made.get("quantities", [])),
            estimate=next(iter(made.get("estimates", [])[-1:]), None),
            spending=[line for line in made.get("spending", []) if line.scenario == "reference"],
            funding=made.get("aids", []),
            memberships=_newest_first(made.get("listings", []), keys),
            site=next(iter(made.get("sites", [])), None),
        )

    def write(self) -> None:
        copy_in(CostEstimate, self.estimates)
        copy_in(SpendLine, self.spending)
        copy_in(FundingLine, self.aids)
        copy_in(PlanMembership, self.listings)
        copy_in(Site, self.sites)
        copy_in(Phase, self.phases)
        copy_in(MeasurePlace, self.places)
        copy_in(Quantity, self.quantities)
        copy_in(MeasureFigures, self.figures)


def _planned(rows: list[Quantity]) -> dict[str, Decimal]:
    planned: dict[str, Decimal] = {}
    for row in rows:
        planned[row.unit] = planned.get(row.unit, Decimal(0)) + row.planned
    return planned


def _newest_first(rows: list[PlanMembership], keys: Keys) -> list[PlanMembership]:
    of = {plan.pk: plan for plan in keys.plans.values()}
    return sorted(rows, key=lambda r: (-(of[r.plan_id].generation or 10**6), of[r.plan_id].code))


def _ids(parts: tuple[Any, ...]) -> list[UUID]:
    """New identifiers that keep the order of `parts`: within a millisecond they are random."""
    return sorted(new_id() for _ in parts)


def _estimates(measure_id: UUID, record: Record, keys: Keys) -> list[CostEstimate]:
    return [
        quick(
            CostEstimate,
            measure_id=measure_id,
            version=e.version,
            dated=e.dated,
            kind=e.kind,
            amount=e.amount,
            currency=e.currency,
            vat=e.vat,
            price_base=e.price_base,
            eligible_amount=e.eligible,
            accuracy_share=e.accuracy,
            raw_text=e.raw_text,
            source=e.source,
        )
        for e in record.estimates
    ]


def _spending(measure_id: UUID, record: Record, keys: Keys) -> list[SpendLine]:
    return [
        quick(
            SpendLine,
            measure_id=measure_id,
            year=s.year,
            amount=s.amount,
            currency=s.currency,
            vat=s.vat,
            price_base=s.price_base,
            scenario=s.scenario,
            nature=s.nature,
            state=s.state,
            span=s.span,
            reason=s.reason,
            aid=Decimal(0),
        )
        for s in record.spending
    ]


def _aids(measure_id: UUID, record: Record, keys: Keys) -> list[FundingLine]:
    return [
        quick(
            FundingLine,
            id=pk,
            measure_id=measure_id,
            organisation_id=keys.organisation(a.organisation),
            instrument=a.instrument,
            position=a.position,
            rule=a.rule,
            amount=a.amount,
            rate=a.rate,
            cap=a.cap,
            state=a.state,
            conditions=a.conditions,
            tariff=a.tariff,
            unit=a.unit,
            requested_on=a.requested_on,
            decided_on=a.decided_on,
            start_deadline=a.start_deadline,
            claim_deadline=a.claim_deadline,
            advance_share=a.advance_share,
            lag_years=a.lag_years,
            indexed=a.indexed,
            currency=a.currency,
            vat=a.vat,
            price_base=a.price_base,
        )
        for pk, a in zip(_ids(record.aids), record.aids, strict=True)
    ]


def _listings(measure_id: UUID, record: Record, keys: Keys) -> list[PlanMembership]:
    made = []
    for one in record.listings:
        node = keys.nodes.get((one.plan, one.node)) if one.node else None
        made.append(
            quick(
                PlanMembership,
                measure_id=measure_id,
                plan_id=keys.plans[one.plan].pk,
                node_id=node.pk if node else None,
                **{name: getattr(one, name) for name in LISTED},
            )
        )
    return made


def _sites(measure_id: UUID, record: Record, keys: Keys) -> list[Site]:
    made = []
    for pk, one in zip(_ids(record.sites), record.sites, strict=True):
        wkb = bytes.fromhex(one.geometry)
        site = quick(
            Site,
            id=pk,
            measure_id=measure_id,
            name=one.name,
            method=one.method,
            accuracy_m=one.accuracy_m,
            source_crs=one.source_crs,
            **_extent(wkb),
        )
        made.append(site)
    return made


def _extent(wkb: bytes) -> dict[str, Any]:
    if len(wkb) == 21 and wkb[:5] == b"\x01\x01\0\0\0":  # a point, little endian: its own box
        x, y = struct.unpack("<dd", wkb[5:])
        return {"geometry": wkb, "longitude": x, "latitude": y, "west": x, "south": y, "east": x, "north": y}
    return shape_fields(from_wkb(wkb))


def _phases(measure_id: UUID, record: Record, keys: Keys) -> list[Phase]:
    return [
        quick(
            Phase,
            measure_id=measure_id,
            scheme=p.scheme,
            code=p.code,
            planned_start=p.planned_start,
            planned_end=p.planned_end,
            forecast_start=p.forecast_start,
            forecast_end=p.forecast_end,
            actual_start=p.actual_start,
            actual_end=p.actual_end,
            confirmed=p.confirmed,
        )
        for p in record.phases
    ]


def _places(measure_id: UUID, record: Record, keys: Keys) -> list[MeasurePlace]:
    return [quick(MeasurePlace, measure_id=measure_id, place_id=UUID(place)) for place in record.places]


def _quantities(measure_id: UUID, record: Record, keys: Keys) -> list[Quantity]:
    return [
        quick(
            Quantity,
            id=pk,
            measure_id=measure_id,
            unit=q.unit,
            label=dict(q.label),
            planned=q.planned,
            realised=q.realised,
        )
        for pk, q in zip(_ids(record.quantities), record.quantities, strict=True)
    ]


_MAKE: dict[str, Any] = {
    "estimates": _estimates,
    "spending": _spending,
    "aids": _aids,
    "listings": _listings,
    "sites": _sites,
    "phases": _phases,
    "places": _places,
    "quantities": _quantities,
}
_TABLES: dict[str, Any] = {
    "estimates": CostEstimate,
    "spending": SpendLine,
    "sites": Site,
    "phases": Phase,
    "places": MeasurePlace,
    "quantities": Quantity,
}
LISTED = (
    "code",
    "are_code",
    "priority",
    "horizon_from",
    "horizon_to",
    "start_deadline",
    "listed_cost",
    "listed_cost_note",
    "assessed_priority",
    "agreement",
    "agreement_number",
    "financing_number",
    "financing_date",
    "contribution",
    "claim_deadline",
    "deadlines_frozen_on",
    "deadline_source",
)


def replace_parts(changed: list[tuple[UUID, Record, Record]], keys: Keys) -> None:
    """Make the lists of measures those of the second record, where they differ from the first."""
    parts = Parts()
    gone: dict[str, list[UUID]] = {name: [] for name in _TABLES}
    for measure_id, before, after in changed:
        names = {name for name in _MAKE if getattr(before, name) != getattr(after, name)}
        for name, replace in (("listings", _replace_listings), ("aids", _replace_aids)):
            if name in names:
                replace(measure_id, after, keys)
                names.discard(name)
        for name in names:
            gone[name].append(measure_id)
        parts.add(measure_id, after, keys, frozenset(names))
    for name, ids in gone.items():
        if ids:
            _TABLES[name].objects.filter(measure_id__in=ids).delete()
    parts.write()


def _replace_listings(measure_id: UUID, record: Record, keys: Keys) -> None:
    """Memberships are changed in place: those of later generations point to them."""
    known = {row.plan_id: row for row in PlanMembership.objects.filter(measure_id=measure_id)}
    for fresh in _listings(measure_id, record, keys):
        row = known.pop(fresh.plan_id, None)
        if row is None:
            fresh.save(force_insert=True)
            continue
        for name in ("node_id", *LISTED):
            setattr(row, name, getattr(fresh, name))
        row.save()
    PlanMembership.objects.filter(pk__in=[row.pk for row in known.values()]).delete()


def _replace_aids(measure_id: UUID, record: Record, keys: Keys) -> None:
    """Funding lines are changed in place: what was paid on them points to them."""
    known = list(FundingLine.objects.filter(measure_id=measure_id).order_by("position", "id"))
    for fresh in _aids(measure_id, record, keys):
        row = next((one for one in known if _same_line(one, fresh)), None)
        if row is None:
            fresh.save(force_insert=True)
            continue
        known.remove(row)
        fresh.pk = row.pk
        fresh.save(force_update=True)
    try:
        FundingLine.objects.filter(pk__in=[row.pk for row in known]).delete()
    except ProtectedError as error:
        raise PaymentsRemain(
            N_(
                "Nothing was taken: money was received on a funding line of “{title}” that the sheet no "
                "longer has. Put the line back into the sheet, or leave the row out."
            ),
            title=next(iter(record.title.values()), ""),
        ) from error


def _same_line(one: FundingLine, other: FundingLine) -> bool:
    return (one.organisation_id, one.instrument, one.rule) == (
        other.organisation_id,
        other.instrument,
        other.rule,
    )


def write_steps(wanted: list[tuple[UUID, tuple[Step, ...]]]) -> None:
    """Which listing comes from which, once all listings stand; a step from a listing that is not here is
    left out."""
    ids = {pk for pk, _ in wanted} | {step.previous for _, steps in wanted for step in steps}
    listings = {
        (measure_id, plan): pk
        for measure_id, plan, pk in PlanMembership.objects.filter(measure_id__in=ids).values_list(
            "measure_id", "plan__code", "pk"
        )
    }
    Succession.objects.filter(listing__measure_id__in=[pk for pk, _ in wanted]).delete()
    Succession.objects.bulk_create(
        Succession(listing_id=after, previous_id=before, relation=step.relation)
        for pk, steps in wanted
        for step in steps
        if (after := listings.get((pk, step.plan))) is not None
        and (before := listings.get((step.previous, step.previous_plan))) is not None
        and after != before
    )
