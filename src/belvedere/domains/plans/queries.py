"""Typed reads of measures: lists, points, choices. Each sees only what the actor may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Func, IntegerField, Max, QuerySet, Sum, Value, When

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.counting import Overview, overview
from belvedere.domains.plans.filters import MeasureFilter, chosen, columns_of, ordering
from belvedere.domains.plans.language import in_language, language_of
from belvedere.domains.plans.models import Category, Measure
from belvedere.domains.plans.policies import visible
from belvedere.domains.plans.states import Flag, Implementation, Priority
from belvedere.domains.plans.views import Choice, MeasureRow, Points
from belvedere.kernel.money import Kind, Money, Vat
from belvedere.kernel.paging import Page, Window


def _worked_out(language: str) -> dict[str, Any]:
    """What a line shows or a list is sorted by, beyond the columns."""
    rank = Case(
        *(When(figures__priority=letter, then=Value(at)) for at, letter in enumerate("ABC")),
        default=Value(3),
        output_field=IntegerField(),
    )
    return {
        "shown_title": in_language("title", language),
        "owner_name": in_language("owner__names", language),
        "category_name": in_language("category__names", language),
        "rank": rank,
    }


def _shown(measures: QuerySet[Measure], language: str) -> QuerySet[Measure]:
    return measures.annotate(**_worked_out(language))


def _sorted(measures: QuerySet[Measure], language: str, sort: str) -> QuerySet[Measure]:
    """In order, with no more joined than the order needs."""
    known = _worked_out(language)
    wanted = [column.removeprefix("-") for column in columns_of(sort)]
    needed = {name: known[name] for name in wanted if name in known}
    return measures.annotate(**needed).order_by(*ordering(sort))  # type: ignore[arg-type]


ROW_FIELDS = (
    "id", "title", "shown_title", "owner_id", "owner_name", "category_name", "phase_scheme", "phase",
    "implementation", "published", "is_example", "updated_at", "figures__codes", "figures__priority",
    "figures__first_year", "figures__last_year", "figures__cost", "figures__aid", "figures__net",
    "figures__currency", "figures__vat", "figures__price_base", "figures__flags", "figures__longitude",
    "figures__latitude", "figures__approximate",
)  # fmt: skip


def measure_rows(
    actor: Actor,
    territory_id: UUID,
    which: MeasureFilter,
    *,
    language: str,
    sort: str = "",
    window: Window | None = None,
    total: int | None = None,
) -> Page[MeasureRow]:
    """A window of the list; `total` spares the count when the caller has it."""
    window = window or Window()
    measures = chosen(actor, territory_id, which)
    if total is None:
        total = measures.count()
    # First which rows, then what they say: texts are worked out for the window, not for all.
    order = _sorted(measures, language, sort)
    ids = list(order.values_list("pk", flat=True)[window.start : window.start + window.size])
    rows = _shown(Measure.objects.filter(pk__in=ids), language).values(*ROW_FIELDS)
    said = {row["id"]: row for row in rows}
    return Page([_row(said[pk], language) for pk in ids if pk in said], total, window)


def measure_row(actor: Actor, measure_id: UUID, *, language: str) -> MeasureRow | None:
    """One line, or None when there is no such measure for the actor."""
    territory_id = Measure.objects.filter(pk=measure_id).values_list("territory_id", flat=True).first()
    if territory_id is None:
        return None
    found = _shown(chosen(actor, territory_id, MeasureFilter()).filter(pk=measure_id), language)
    row = found.values(*ROW_FIELDS).first()
    return _row(row, language) if row else None


def _row(row: dict[str, Any], language: str) -> MeasureRow:
    has_figures = row["figures__currency"] is not None
    kind = (
        Kind(row["figures__currency"], Vat(row["figures__vat"]), row["figures__price_base"])
        if has_figures
        else None
    )

    def money(name: str) -> Money | None:
        amount = row[f"figures__{name}"]
        return None if kind is None or amount is None else Money(amount, kind)

    position = None
    if row["figures__longitude"] is not None:
        position = (row["figures__longitude"], row["figures__latitude"])
    return MeasureRow(
        id=row["id"],
        title=row["shown_title"],
        title_language=language_of(row["title"], language),
        codes=row["figures__codes"] or "",
        priority=Priority(row["figures__priority"] or ""),
        owner_id=row["owner_id"],
        owner_name=row["owner_name"],
        category_name=row["category_name"],
        phase_scheme=row["phase_scheme"],
        phase=row["phase"],
        implementation=Implementation(row["implementation"]),
        years=(row["figures__first_year"], row["figures__last_year"]),
        cost=money("cost"),
        aid=money("aid") if row["figures__cost"] is not None else None,
        net=money("net"),
        flags=tuple(Flag(flag) for flag in row["figures__flags"] or ()),
        position=position,
        approximate=bool(row["figures__approximate"]),
        published=row["published"],
        is_example=row["is_example"],
        updated_at=row["updated_at"],
    )


def points(actor: Actor, territory_id: UUID, which: MeasureFilter, *, language: str) -> Points:
    """Where the chosen measures are; those without a site are left out."""
    found = (
        chosen(actor, territory_id, which)
        .filter(figures__longitude__isnull=False)
        .annotate(shown_title=in_language("title", language))
        .order_by("pk")
        .values_list(
            "pk",
            "figures__longitude",
            "figures__latitude",
            "figures__priority",
            "figures__approximate",
            Func(F("figures__flags"), function="cardinality", output_field=IntegerField()),
            "shown_title",
        )
    )
    columns: list[list[Any]] = [[], [], [], [], [], [], []]
    for pk, longitude, latitude, priority, approximate, flags, title in found.iterator(chunk_size=5000):
        for column, value in zip(
            columns,
            (str(pk), round(longitude, 6), round(latitude, 6), priority, int(approximate), flags, title[:90]),
            strict=True,
        ):
            column.append(value)
    return Points(*columns)


def state_of(actor: Actor, territory_id: UUID) -> str:
    """A mark that changes whenever something the actor may see changes, for caches.

    The versions are summed because two changes may be stored in another order than they were begun: the
    newest date then stands still.
    """
    seen = Measure.objects.filter(visible(actor, territory_id)).aggregate(
        newest=Max("updated_at"), number=Count("*"), versions=Sum("version")
    )
    newest = seen["newest"].timestamp() if seen["newest"] else 0
    return f"{seen['number']}-{seen['versions'] or 0}-{newest}"


def geometries(actor: Actor, territory_id: UUID, measure_ids: Iterable[UUID]) -> dict[UUID, list[bytes]]:
    """The WKB of every site of these measures."""
    found: dict[UUID, list[bytes]] = {}
    rows = chosen(actor, territory_id, MeasureFilter()).filter(pk__in=list(measure_ids))
    for pk, geometry in rows.values_list("pk", "sites__geometry"):
        if geometry is not None:
            found.setdefault(pk, []).append(bytes(geometry))
    return found


def choices(
    actor: Actor, territory_id: UUID, *, language: str, longest: int = 200
) -> dict[str, list[Choice]]:
    """What each filter can be set to, with how many measures it keeps, most first."""
    return overview(actor, territory_id, language=language, longest=longest).choices


def categories(territory_id: UUID) -> list[tuple[int, dict[str, str]]]:
    """The vocabulary of a territory."""
    return list(
        Category.objects.filter(territory_id=territory_id).order_by("code").values_list("pk", "names")
    )


__all__ = [
    "Overview",
    "categories",
    "choices",
    "geometries",
    "in_language",
    "language_of",
    "measure_row",
    "measure_rows",
    "overview",
    "points",
    "state_of",
]
