"""What the database holds, as `Record`s: many measures in a handful of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model

from belvedere.domains.plans.models import (
    CostEstimate,
    FundingLine,
    Measure,
    MeasurePlace,
    Phase,
    PlanMembership,
    Quantity,
    Site,
    SpendLine,
    Succession,
)
from belvedere.domains.plans.sheets.records import (
    Aid,
    Estimate,
    Listing,
    PhasePart,
    QuantityPart,
    Record,
    SitePart,
    Spend,
    Step,
)

BATCH = 5000


@dataclass(frozen=True, slots=True)
class _List:
    """A list of a record: its table, the columns that are the arguments of `make`, and their order."""

    table: type[Model]
    columns: str
    order: str
    make: Callable[..., Any]
    measure: str = "measure_id"


_MONEY = "currency vat price_base"
LISTS = {
    "estimates": _List(
        CostEstimate,
        f"version dated kind amount {_MONEY} eligible_amount accuracy_share raw_text source",
        "version",
        Estimate,
    ),
    "spending": _List(
        SpendLine,
        f"year amount {_MONEY} scenario nature state span reason",
        "scenario year span nature state",
        Spend,
    ),
    "aids": _List(
        FundingLine,
        f"organisation_id {_MONEY} instrument position rule amount rate cap state conditions"
        " tariff unit requested_on decided_on start_deadline claim_deadline advance_share lag_years indexed",
        "position instrument amount id",
        lambda organisation, *rest: Aid(str(organisation), *rest),
    ),
    "listings": _List(
        PlanMembership,
        "plan__code code are_code priority node__path horizon_from horizon_to start_deadline"
        " listed_cost listed_cost_note assessed_priority agreement agreement_number financing_number"
        " financing_date contribution claim_deadline deadlines_frozen_on deadline_source",
        "plan__code",
        lambda plan, code, are, priority, node, *rest: Listing(plan, code, are, priority, node or "", *rest),
    ),
    "sites": _List(
        Site,
        "geometry method name accuracy_m source_crs",
        "id",
        lambda geometry, *rest: SitePart(bytes(geometry).hex(), *rest),
    ),
    "phases": _List(
        Phase,
        "scheme code planned_start planned_end forecast_start forecast_end actual_start actual_end confirmed",
        "scheme code",
        PhasePart,
    ),
    "places": _List(MeasurePlace, "place_id", "place_id", str),
    "quantities": _List(Quantity, "unit planned realised label", "id", QuantityPart),
    "steps": _List(
        Succession,
        "listing__plan__code previous__measure_id previous__plan__code relation",
        "listing__plan__code previous__plan__code previous__measure_id",
        Step,
        "listing__measure_id",
    ),
}
# What a measure says of itself: the column of its table → the field of the record.
OWN = {
    "title": "title",
    "owner_id": "owner",
    "external_id": "external_id",
    "description": "description",
    "kind": "kind",
    "category__code": "category",
    "phase_scheme": "phase_scheme",
    "phase": "phase",
    "implementation": "implementation",
    "published": "published",
    "is_example": "is_example",
}


def records_of(measure_ids: Collection[UUID]) -> dict[UUID, tuple[Record, int]]:
    """The record and the version of each measure."""
    found: dict[UUID, tuple[Record, int]] = {}
    ids = list(measure_ids)
    for start in range(0, len(ids), BATCH):
        found.update(_batch(ids[start : start + BATCH]))
    return found


def _listed(of: _List, ids: list[UUID]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    rows = of.table._default_manager.filter(**{f"{of.measure}__in": ids})  # noqa: SLF001
    ordered = rows.order_by(*of.order.split())
    for measure_id, *values in ordered.values_list(of.measure, *of.columns.split()):
        found[measure_id].append(of.make(*values))
    return found


def _batch(ids: list[UUID]) -> dict[UUID, tuple[Record, int]]:
    lists = {name: _listed(of, ids) for name, of in LISTS.items()}
    made: dict[UUID, tuple[Record, int]] = {}
    for measure_id, version, *values in Measure.objects.filter(pk__in=ids).values_list("id", "version", *OWN):
        own = dict(zip(OWN.values(), values, strict=True))
        own["owner"], own["category"] = str(own["owner"]), own["category"] or ""
        parts: dict[str, Any] = {name: tuple(found.get(measure_id, ())) for name, found in lists.items()}
        parts["places"] = tuple(sorted(parts["places"]))
        made[measure_id] = (Record(id=measure_id, **own, **parts), version)
    return made
