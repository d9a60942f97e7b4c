"""What the database holds, as `Record`s: many measures in a handful of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from belvedere.domains.plans.models import (
    CostEstimate,
    FundingLine,
    Measure,
    MeasurePlace,
    Phase,
    PlanMembership,
    Site,
    SpendLine,
)
from belvedere.domains.plans.sheets.records import Aid, Estimate, Listing, PhasePart, Record, SitePart, Spend

BATCH = 5000
_REST = ("phase_scheme", "phase", "implementation", "published", "is_example")


def records_of(measure_ids: Collection[UUID]) -> dict[UUID, tuple[Record, int]]:
    """The record and the version of each measure."""
    found: dict[UUID, tuple[Record, int]] = {}
    ids = list(measure_ids)
    for start in range(0, len(ids), BATCH):
        found.update(_batch(ids[start : start + BATCH]))
    return found


def _grouped(rows: Any, make: Any) -> dict[UUID, list[Any]]:
    """Rows whose first value is the measure, the rest the arguments of `make`."""
    found: dict[UUID, list[Any]] = defaultdict(list)
    for measure_id, *values in rows:
        found[measure_id].append(make(*values))
    return found


def _batch(ids: list[UUID]) -> dict[UUID, tuple[Record, int]]:
    of = {"measure_id__in": ids}
    estimates = _grouped(
        CostEstimate.objects.filter(**of)
        .order_by("version")
        .values_list(
            "measure_id",
            "version",
            "dated",
            "kind",
            "amount",
            "currency",
            "vat",
            "price_base",
            "eligible_amount",
            "accuracy_share",
            "raw_text",
            "source",
        ),
        Estimate,
    )
    spending = _grouped(
        SpendLine.objects.filter(**of)
        .order_by("scenario", "year", "nature", "state")
        .values_list(
            "measure_id", "year", "amount", "currency", "vat", "price_base", "scenario", "nature", "state"
        ),
        Spend,
    )
    aids = _grouped(
        FundingLine.objects.filter(**of)
        .order_by("position", "instrument", "amount", "id")
        .values_list(
            "measure_id",
            "organisation_id",
            "currency",
            "vat",
            "price_base",
            "instrument",
            "position",
            "rule",
            "amount",
            "rate",
            "cap",
            "state",
            "conditions",
        ),
        lambda organisation, *rest: Aid(str(organisation), *rest),
    )
    listings = _grouped(
        PlanMembership.objects.filter(**of)
        .order_by("plan__code")
        .values_list(
            "measure_id",
            "plan__code",
            "code",
            "are_code",
            "priority",
            "node__path",
            "horizon_from",
            "horizon_to",
            "start_deadline",
        ),
        lambda plan, code, are, priority, node, *rest: Listing(plan, code, are, priority, node or "", *rest),
    )
    sites = _grouped(
        Site.objects.filter(**of)
        .order_by("id")
        .values_list("measure_id", "geometry", "method", "name", "accuracy_m", "source_crs"),
        lambda geometry, *rest: SitePart(bytes(geometry).hex(), *rest),
    )
    phases = _grouped(
        Phase.objects.filter(**of)
        .order_by("scheme", "code")
        .values_list(
            "measure_id",
            "scheme",
            "code",
            "planned_start",
            "planned_end",
            "forecast_start",
            "forecast_end",
            "actual_start",
            "actual_end",
        ),
        PhasePart,
    )
    places = _grouped(MeasurePlace.objects.filter(**of).values_list("measure_id", "place_id"), str)
    rows = Measure.objects.filter(pk__in=ids).values_list(
        "id",
        "version",
        "title",
        "owner_id",
        "external_id",
        "description",
        "kind",
        "category__code",
        "phase_scheme",
        "phase",
        "implementation",
        "published",
        "is_example",
    )
    made: dict[UUID, tuple[Record, int]] = {}
    for measure_id, version, *values in rows:
        plain = dict(
            zip(
                ("title", "owner", "external_id", "description", "kind", "category", *_REST),
                values,
                strict=True,
            )
        )
        plain["owner"], plain["category"] = str(plain["owner"]), plain["category"] or ""
        lists: dict[str, dict[UUID, list[Any]]] = {
            "estimates": estimates,
            "spending": spending,
            "aids": aids,
            "listings": listings,
            "sites": sites,
            "phases": phases,
        }
        made_lists: dict[str, Any] = {name: tuple(found.get(measure_id, ())) for name, found in lists.items()}
        record = Record(
            id=measure_id,
            places=tuple(sorted(places.get(measure_id, ()))),
            **plain,
            **made_lists,
        )
        made[measure_id] = (record, version)
    return made
