"""How many measures there are of each sort, and what they cost together, in few passes over the tables.

Made anew after every change, so it must be cheap at 25,000 measures: group by keys first, look names up for
the few groups after, and never sort all lines to count distinct measures. Private to the domain; the door
opens on it through `queries` and `totals`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import BitOr
from django.db import connection, models
from django.db.models import Count, ExpressionWrapper, F, Func, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.language import in_language
from belvedere.domains.plans.models import Measure, Plan, PlanMembership, SpendLine
from belvedere.domains.plans.policies import visible
from belvedere.domains.plans.states import Flag
from belvedere.domains.plans.views import Choice, Total, Totals
from belvedere.kernel.identifiers import fold
from belvedere.kernel.money import Kind, Money, Vat

ZERO = Decimal("0.00")
KIND = ("currency", "vat", "price_base")
FIGURES_KIND = tuple(f"figures__{name}" for name in KIND)
BLOCK = 60  # years in a 64-bit number
# What `Totals` are made of, for each group of measures.
SUMMED = {
    "number": Count("pk"),
    "known": Count("figures__cost"),
    "cost": Sum("figures__cost"),
    "aid": Sum("figures__aid", filter=Q(figures__cost__isnull=False)),
}
# Few values each: their combinations are few beside the measures, and one pass gives the counts of all.
SORTED_BY = ("category_id", "phase", "implementation", "figures__priority", "figures__flags", *FIGURES_KIND)


@dataclass(frozen=True, slots=True)
class Overview:
    """All measures that an actor may see: the choices of each filter, the sums of the whole."""

    choices: dict[str, list[Choice]]
    totals: Totals
    owners: int  # how many own measures; the choices may stop before
    flagged: int  # how many measures have something to complete


def total_of(kind: Kind, count: int, cost: Decimal | None, aid: Decimal | None) -> Total:
    """A sum of one kind of money; None is the sum of nothing."""
    paid, helped = Money(cost or ZERO, kind), Money(aid or ZERO, kind)
    return Total(kind, count, paid, helped, paid - helped)


def kind_of(row: dict[str, Any], prefix: str = "") -> Kind:
    """The kind of money of a row of `values`."""
    return Kind(row[f"{prefix}currency"], Vat(row[f"{prefix}vat"]), row[f"{prefix}price_base"])


def totals_of(rows: Iterable[dict[str, Any]]) -> Totals:
    """Rows grouped by kind of money at least, with `SUMMED`, as the sums of the whole."""
    counts: Counter[Kind] = Counter()
    costs: dict[Kind, tuple[Decimal, Decimal]] = {}
    number = 0
    for row in rows:
        number += row["number"]
        if row["known"]:
            kind = kind_of(row, "figures__")
            cost, aid = costs.get(kind, (ZERO, ZERO))
            costs[kind] = (cost + (row["cost"] or ZERO), aid + (row["aid"] or ZERO))
            counts[kind] += row["known"]
    sums = [total_of(kind, counts[kind], *money) for kind, money in costs.items()]
    return Totals(
        count=number,
        sums=tuple(sorted(sums, key=lambda total: (-total.cost.amount, total.kind))),
        without_cost=number - counts.total(),
    )


def counted_once(
    lines: QuerySet[Any, Any], keys: tuple[str, ...], **each: models.Aggregate
) -> list[tuple[Any, ...]]:
    """For each value of `keys` and `each`, how many measures have such lines: (*keys, *each, number).

    A measure with several lines of the same `keys` counts once, with what `each` makes of them.
    `COUNT(DISTINCT …)` would sort every line; grouping by measure first is far faster, and the ORM cannot
    group a grouped query again.
    """
    once = lines.order_by().values("measure_id", *keys).annotate(**each)
    inner, values = (once if each else once.distinct()).query.sql_with_params()
    names = ", ".join(f'"{key}"' for key in (*keys, *each))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {names}, COUNT(*) FROM ({inner}) AS once GROUP BY {names}",  # noqa: S608 (our columns)
            values,
        )
        return list(cursor.fetchall())


def counted_by_year(lines: QuerySet[SpendLine], *keys: str) -> dict[tuple[Any, ...], int]:
    """How many measures have such lines in each year: (year, *keys) -> number.

    The years of a measure are folded into the bits of a number: one group for a measure rather than one for
    each of its years, and few different numbers to unfold.
    """
    whole = models.IntegerField()
    block = ExpressionWrapper(F("year") / Value(BLOCK), output_field=whole)
    place = ExpressionWrapper(F("year") % Value(BLOCK), output_field=whole)
    bit_of = Func(
        Cast(Value(1), models.BigIntegerField()),
        place,
        template="(%(expressions)s)",
        arg_joiner=" << ",
        output_field=models.BigIntegerField(),
    )
    found = counted_once(lines.annotate(block=block), ("block", *keys), bits=BitOr(bit_of))
    counts: Counter[tuple[Any, ...]] = Counter()
    for block, *values, bits, number in found:
        for bit in range(BLOCK):
            if bits >> bit & 1:
                counts[block * BLOCK + bit, *values] += number
    return dict(sorted(counts.items()))


def names_of(relation: Any, ids: Iterable[Any], language: str) -> dict[Any, str]:
    """What the rows behind a foreign key (`Measure.owner`) are called, by identifier."""
    model: type[models.Model] = relation.field.remote_field.model
    rows = model._default_manager.filter(pk__in=list(ids))  # noqa: SLF001
    return dict(rows.values_list("pk", in_language("names", language)))


def overview(actor: Actor, territory_id: UUID, *, language: str, longest: int = 200) -> Overview:
    """What each filter can be set to, with how many measures it keeps, most first; at most `longest`."""
    seen = Measure.objects.filter(visible(actor, territory_id)).order_by()
    rows = list(seen.values(*SORTED_BY).annotate(**SUMMED))
    by: dict[str, Counter[Any]] = {name: Counter() for name in SORTED_BY}
    flags: Counter[str] = Counter()
    flagged = 0
    for row in rows:
        number = row["number"]
        for name in ("category_id", "phase", "implementation", "figures__priority"):
            by[name][row[name]] += number
        if found := row["figures__flags"]:
            flagged += number
            for flag in found:
                flags[flag] += number
    owners = Counter(dict(seen.values_list("owner_id").annotate(Count("pk"))))
    by["category_id"].pop(None, None)
    choices = {
        "owners": _named(owners, names_of(Measure.owner, owners, language), longest),
        "categories": _named(
            by["category_id"], names_of(Measure.category, by["category_id"], language), longest
        ),
        "plans": _plans(seen, territory_id),
        "priorities": _plain(by["figures__priority"]),
        "phases": _plain(by["phase"]),
        "implementations": _plain(by["implementation"]),
        "years": _years(seen),
        "flags": [Choice(flag, flag, flags[flag]) for flag in Flag if flags[flag]],
    }
    return Overview(choices, totals_of(rows), len(owners), flagged)


def _named(counts: Counter[Any], names: dict[Any, str], longest: int) -> list[Choice]:
    found = [Choice(str(key), names.get(key, ""), number) for key, number in counts.items()]
    return sorted(found, key=lambda choice: (-choice.count, fold(choice.label), choice.label))[:longest]


def _plain(counts: Counter[Any]) -> list[Choice]:
    return [Choice(value, value, counts[value]) for value in sorted(filter(None, counts))]


def _plans(seen: QuerySet[Measure], territory_id: UUID) -> list[Choice]:
    # A plan lists a measure once, so its lines are its measures.
    members = PlanMembership.objects.filter(measure__in=seen.values("pk")).order_by()
    counts = dict(members.values_list("plan_id").annotate(Count("pk")))
    plans = Plan.objects.filter(territory_id=territory_id).order_by("type", "-generation", "code")
    return [Choice(str(pk), code, counts.get(pk, 0)) for pk, code in plans.values_list("pk", "code")]


def _years(seen: QuerySet[Measure]) -> list[Choice]:
    each = seen.annotate(year=Func(F("figures__years"), function="UNNEST")).values("year", "pk")
    inner, values = each.query.sql_with_params()
    with connection.cursor() as cursor:  # the ORM cannot group by what UNNEST gives
        cursor.execute(f"SELECT year, COUNT(*) FROM ({inner}) AS each GROUP BY year ORDER BY year", values)  # noqa: S608
        return [Choice(str(year), str(year), number) for year, number in cursor.fetchall()]


__all__ = [
    "FIGURES_KIND",
    "KIND",
    "SUMMED",
    "ZERO",
    "Overview",
    "counted_by_year",
    "counted_once",
    "kind_of",
    "names_of",
    "overview",
    "total_of",
    "totals_of",
]
