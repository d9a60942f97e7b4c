"""Where and when measures open the ground: what coordination compares. Sees only what the actor may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.filters import MeasureFilter, chosen
from belvedere.domains.plans.guards import BUILT
from belvedere.domains.plans.models import MeasureLink, Phase, Site
from belvedere.domains.plans.standing import works_phase
from belvedere.domains.plans.states import PHASE_SCHEMES, Implementation, SiteMethod
from belvedere.domains.plans.views import Names
from belvedere.domains.plans.vocabulary import LinkType
from belvedere.kernel.money import Kind, Money, Vat

# Nothing is built any more, or by another measure.
WITHOUT_WORKS = (Implementation.ABANDONED, Implementation.REPLACED)
# Whoever links two measures so has seen that they belong together.
JOINING = (LinkType.PART_OF, LinkType.ACCOMPANIES, LinkType.COMPLEMENTS)


@dataclass(frozen=True, slots=True)
class MeasureWorks:
    """The works of a measure: `start` to `end` inclusive, real, else forecast, else planned.

    `dated`: by the phase of works; else by the years in which money is spent. `sites` are WKB in WGS 84;
    those that only stand for a commune are left out. `joined`: measures linked to it as belonging together.
    """

    id: UUID
    territory_id: UUID
    title: Names
    codes: str
    owner_id: UUID
    published: bool
    implementation: Implementation
    start: date
    end: date
    dated: bool
    sites: tuple[tuple[UUID, bytes], ...]
    cost: Money | None
    joined: frozenset[UUID] = frozenset()


def works(actor: Actor, territory_id: UUID, *, ids: Collection[UUID] | None = None) -> list[MeasureWorks]:
    """The works of the measures the actor may see that have a site and a period, by identifier."""
    measures = chosen(actor, territory_id, MeasureFilter()).filter(kind__in=[kind.value for kind in BUILT])
    measures = measures.exclude(implementation__in=[state.value for state in WITHOUT_WORKS])
    if ids is not None:
        measures = measures.filter(pk__in=list(ids))
    sites = _sites(list(measures.values_list("pk", flat=True)))
    periods = _periods(list(sites))
    joined = _joined(list(sites))
    rows = measures.filter(pk__in=list(sites)).order_by("pk")
    found = []
    for row in rows.values(*_FIELDS):
        pk = row["id"]
        period = periods.get(pk) or _spent(row["figures__first_year"], row["figures__last_year"])
        if period is None:
            continue
        found.append(
            MeasureWorks(
                id=pk,
                territory_id=territory_id,
                title=row["title"],
                codes=row["figures__codes"] or "",
                owner_id=row["owner_id"],
                published=row["published"],
                implementation=Implementation(row["implementation"]),
                start=period[0],
                end=period[1],
                dated=pk in periods,
                sites=tuple(sites[pk]),
                cost=_cost(row),
                joined=frozenset(joined.get(pk, ())),
            )
        )
    return found


_FIELDS = (
    "id", "title", "owner_id", "published", "implementation", "figures__codes", "figures__first_year",
    "figures__last_year", "figures__cost", "figures__currency", "figures__vat", "figures__price_base",
)  # fmt: skip


def _cost(row: dict[str, object]) -> Money | None:
    amount, currency = row["figures__cost"], row["figures__currency"]
    if amount is None or currency is None:
        return None
    return Money(amount, Kind(str(currency), Vat(str(row["figures__vat"])), row["figures__price_base"]))  # type: ignore[arg-type]


def _spent(first: int | None, last: int | None) -> tuple[date, date] | None:
    if first is None:
        return None
    return date(first, 1, 1), date(max(first, last or first), 12, 31)


def _sites(ids: list[UUID]) -> dict[UUID, list[tuple[UUID, bytes]]]:
    rows = Site.objects.filter(measure_id__in=ids).exclude(method=SiteMethod.CENTROID).order_by("pk")
    found: dict[UUID, list[tuple[UUID, bytes]]] = defaultdict(list)
    for measure, pk, geometry in rows.values_list("measure_id", "pk", "geometry"):
        found[measure].append((pk, bytes(geometry)))
    return found


def _periods(ids: list[UUID]) -> dict[UUID, tuple[date, date]]:
    """The dates of the phase of works; one that has a start alone is not known to end."""
    of_works = Q()
    for scheme in PHASE_SCHEMES:
        of_works |= Q(scheme=scheme, code=works_phase(scheme))
    found = {}
    for row in Phase.objects.filter(of_works, measure_id__in=ids).order_by("pk"):
        start = row.actual_start or row.forecast_start or row.planned_start
        end = row.actual_end or row.forecast_end or row.planned_end
        if start is not None and end is not None:
            found[row.measure_id] = (start, max(start, end))
    return found


def _joined(ids: list[UUID]) -> dict[UUID, set[UUID]]:
    links = MeasureLink.objects.filter(type__in=[link.value for link in JOINING], source_id__in=ids)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for source, target in links.values_list("source_id", "target_id"):
        found[source].add(target)
        found[target].add(source)
    return found
