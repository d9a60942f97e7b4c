"""Typed reads of measures: lists, points, choices. Each sees only what the actor may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Func, IntegerField, Max, QuerySet, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.filters import MeasureFilter, chosen, ordering
from belvedere.domains.plans.models import Category, Measure, Plan, PlanMembership, SpendLine
from belvedere.domains.plans.policies import visible
from belvedere.domains.plans.states import Flag, Implementation, Priority
from belvedere.domains.plans.views import Choice, MeasureRow, Points
from belvedere.kernel.money import Kind, Money, Vat
from belvedere.kernel.paging import Page, Window

LANGUAGES = ("fr", "de", "en", "it")


def in_language(field: str, language: str) -> Coalesce:
    """A JSON field of texts as SQL text, in `language` or the first other one that has it."""
    order = dict.fromkeys((language, *LANGUAGES))
    return Coalesce(
        *(NullIf(KeyTextTransform(code, field), Value("")) for code in order),
        Value(""),
        output_field=TextField(),
    )


def _shown(measures: QuerySet[Measure], language: str) -> QuerySet[Measure]:
    rank = Case(
        *(When(figures__priority=letter, then=Value(at)) for at, letter in enumerate("ABC")),
        default=Value(3),
        output_field=IntegerField(),
    )
    return measures.annotate(
        shown_title=in_language("title", language),
        owner_name=in_language("owner__names", language),
        category_name=in_language("category__names", language),
        rank=rank,
    )


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
    order = _shown(measures, language).order_by(*ordering(sort))  # type: ignore[arg-type]
    # First which rows, then what they say: texts are worked out for the window, not for all.
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


def language_of(texts: dict[str, str], language: str) -> str:
    """The language in which `in_language` shows these texts, for `lang` on foreign passages."""
    return next((code for code in dict.fromkeys((language, *LANGUAGES)) if texts.get(code)), language)


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
    """A mark that changes whenever something the actor may see changes, for caches."""
    seen = Measure.objects.filter(visible(actor, territory_id)).aggregate(
        newest=Max("updated_at"), number=Count("*")
    )
    return f"{seen['number']}-{seen['newest'].timestamp() if seen['newest'] else 0}"


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
    seen = Measure.objects.filter(visible(actor, territory_id))
    return {
        "owners": _counted(seen, "owner_id", in_language("owner__names", language), longest),
        "categories": _counted(
            seen.filter(category__isnull=False),
            "category_id",
            in_language("category__names", language),
            longest,
        ),
        "plans": _plans(seen, territory_id, language),
        "priorities": _plain(seen, "figures__priority", drop=("", None)),
        "phases": _plain(seen, "phase", drop=("",)),
        "implementations": _plain(seen, "implementation"),
        "years": _years(seen),
        "flags": _flags(seen),
    }


def number_of_owners(actor: Actor, territory_id: UUID) -> int:
    """How many organisations own the measures that the actor may see."""
    seen = Measure.objects.filter(visible(actor, territory_id))
    return seen.order_by().values("owner_id").distinct().count()


def _counted(seen: QuerySet[Measure], key: str, name: Any, longest: int) -> list[Choice]:
    rows = (
        seen.values(key).annotate(label=name, number=Count("pk")).order_by("-number", "label")
        .values_list(key, "label", "number")[:longest]
    )  # fmt: skip
    return [Choice(str(value), label, number) for value, label, number in rows]


def _plain(seen: QuerySet[Measure], key: str, drop: tuple[str | None, ...] = ()) -> list[Choice]:
    rows = seen.values_list(key).annotate(number=Count("pk")).order_by(key)
    return [Choice(value, value, number) for value, number in rows if value not in drop]


def _plans(seen: QuerySet[Measure], territory_id: UUID, language: str) -> list[Choice]:
    counts = dict(
        PlanMembership.objects.filter(measure__in=seen)
        .values_list("plan_id")
        .annotate(Count("measure", distinct=True))
    )
    plans = Plan.objects.filter(territory_id=territory_id).order_by("type", "-generation", "code")
    return [Choice(str(plan.pk), plan.code, counts.get(plan.pk, 0)) for plan in plans]


def _years(seen: QuerySet[Measure]) -> list[Choice]:
    rows = (
        SpendLine.objects.filter(measure__in=seen, scenario="reference").values_list("year")
        .annotate(number=Count("measure", distinct=True)).order_by("year")
    )  # fmt: skip
    return [Choice(str(year), str(year), number) for year, number in rows]


def _flags(seen: QuerySet[Measure]) -> list[Choice]:
    counts: Counter[str] = Counter()
    for (flags,) in seen.values_list("figures__flags").exclude(figures__flags=[]):
        counts.update(flags or ())
    return [Choice(flag, flag, counts[flag]) for flag in Flag if counts[flag]]


def categories(territory_id: UUID) -> list[tuple[int, dict[str, str]]]:
    """The vocabulary of a territory."""
    return list(
        Category.objects.filter(territory_id=territory_id).order_by("code").values_list("pk", "names")
    )


__all__ = [
    "categories",
    "choices",
    "geometries",
    "in_language",
    "language_of",
    "measure_row",
    "measure_rows",
    "number_of_owners",
    "points",
    "state_of",
]
