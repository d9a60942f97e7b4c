"""Which measures: the filter that lists, maps, totals and exports share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.models import Measure, MeasurePlace, PlanMembership
from belvedere.domains.plans.policies import visible
from belvedere.domains.plans.states import Flag, Implementation, Priority
from belvedere.kernel.identifiers import fold


@dataclass(frozen=True, slots=True)
class MeasureFilter:
    """Empty means all. Values of one field are alternatives; fields narrow each other."""

    text: str = ""
    owners: frozenset[UUID] = field(default_factory=frozenset)
    plans: frozenset[UUID] = field(default_factory=frozenset)
    priorities: frozenset[Priority] = field(default_factory=frozenset)
    phases: frozenset[str] = field(default_factory=frozenset)
    implementations: frozenset[Implementation] = field(default_factory=frozenset)
    categories: frozenset[int] = field(default_factory=frozenset)
    years: frozenset[int] = field(default_factory=frozenset)  # that have spending in one of them
    places: frozenset[UUID] = field(default_factory=frozenset)
    flags: frozenset[Flag] = field(default_factory=frozenset)
    funders: frozenset[UUID] = field(default_factory=frozenset)
    ids: frozenset[UUID] = field(default_factory=frozenset)
    start_from: int | None = None  # years between which the works start
    start_to: int | None = None
    published: bool | None = None
    updated_since: datetime | None = None  # changed at that instant or later

    def __bool__(self) -> bool:
        return self != MeasureFilter()

    def conditions(self) -> Q:
        """As a condition on Measure."""
        found = Q()
        for word in fold(self.text).split():
            found &= Q(search__contains=word)
        for name, values in (
            ("pk", self.ids),
            ("owner_id", self.owners),
            ("phase", self.phases),
            ("implementation", self.implementations),
            ("category_id", self.categories),
            ("figures__priority", self.priorities),
        ):
            if values:
                found &= Q(**{f"{name}__in": values})
        if self.flags:
            found &= Q(figures__flags__overlap=sorted(self.flags))
        if self.years:
            found &= Q(figures__years__overlap=sorted(self.years))
        if self.start_from is not None:
            found &= Q(figures__works_start__gte=date(self.start_from, 1, 1))
        if self.start_to is not None:
            found &= Q(figures__works_start__lte=date(self.start_to, 12, 31))
        if self.published is not None:
            found &= Q(published=self.published)
        if self.updated_since is not None:
            found &= Q(updated_at__gte=self.updated_since)
        return found & self._linked()

    def _linked(self) -> Q:
        found = Q()
        here = OuterRef("pk")
        if self.plans:
            found &= Q(Exists(PlanMembership.objects.filter(measure=here, plan_id__in=self.plans)))
        if self.places:
            found &= Q(Exists(MeasurePlace.objects.filter(measure=here, place_id__in=self.places)))
        if self.funders:
            lines = Measure.objects.filter(pk=here, funding_lines__organisation_id__in=self.funders)
            found &= Q(Exists(lines))
        return found


def chosen(actor: Actor, territory_id: UUID, which: MeasureFilter) -> QuerySet[Measure]:
    """The measures of the territory that the actor may see and the filter keeps."""
    return Measure.objects.filter(visible(actor, territory_id)).filter(which.conditions())


# name -> the columns to sort by, and whether absent values go last
SORTS: dict[str, tuple[str, ...]] = {
    "priority": ("rank", "-figures__cost"),
    "code": ("figures__codes",),
    "title": ("shown_title",),
    "owner": ("owner_name", "shown_title"),
    "phase": ("phase",),
    "start": ("figures__first_year",),
    "cost": ("figures__cost",),
    "aid": ("figures__aid",),
    "net": ("figures__net",),
    "updated": ("updated_at",),
}
DEFAULT_SORT = "priority"


def columns_of(sort: str) -> tuple[str, ...]:
    """The columns that `ordering` sorts by."""
    return SORTS.get(sort.removeprefix("-"), SORTS[DEFAULT_SORT])


def ordering(sort: str) -> list[object]:
    """`sort` is a name of SORTS, with "-" in front for descending; anything else is the default."""
    descending = sort.startswith("-")
    columns = SORTS.get(sort.removeprefix("-"))
    if columns is None:
        columns, descending = SORTS[DEFAULT_SORT], False
    order: list[object] = []
    for column in columns:
        backwards = column.startswith("-") != descending
        expression = F(column.removeprefix("-"))
        order.append(expression.desc(nulls_last=True) if backwards else expression.asc(nulls_last=True))
    return [*order, "pk"]
