"""What an amount of the outlook is made of: lines with price base, source and date, which add up to it."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import numpy as np

from belvedere.domains.plans.language import in_language, language_of
from belvedere.domains.plans.models import Measure
from belvedere.domains.plans.outlook.cockpit import columns_of, estimates_of, funding_rows
from belvedere.domains.plans.outlook.groups import ceiling_of, sources_of
from belvedere.domains.plans.outlook.picture import Part, Picture, money
from belvedere.domains.plans.outlook.views import Behind, Explanation
from belvedere.kernel.errors import N_, NotFound
from belvedere.kernel.money import Money
from belvedere.science.finance import explain as science

LINES = 50  # shown; the rest is summed


def explain(picture: Picture, what: str, column: str = "") -> Explanation:
    """The lines behind a row (see `groups.sources_of`, or "measure:<id>") in a column, "" for its total."""
    at = _column(picture, column)
    if what.startswith("measure:"):
        return _measure(picture, what.removeprefix("measure:"), at)
    found: list[tuple[Part, int, int]] = []
    for part, members, values in sources_of(picture, what):
        rows = np.array(members, np.int64)
        amounts = values[rows].sum(axis=1) if at is None else values[rows][:, at]
        found += [(part, int(row), int(amount)) for row, amount in zip(rows, amounts, strict=True) if amount]
    found.sort(key=lambda one: -abs(one[2]))
    lines = _behind(picture, found[:LINES])
    rest = money(sum(amount for _part, _row, amount in found[LINES:]))
    whole = money(sum(amount for _part, _row, amount in found))
    if what.partition(":")[0] == "margin":
        limit = _limit(picture, what, at)
        whole, lines = whole + limit.amount, (limit, *lines)
    return _checked(picture, Explanation(whole, picture.kind, lines, rest, max(0, len(found) - LINES)))


def _limit(picture: Picture, what: str, at: int | None) -> Behind:
    """The ceiling itself, from which the other lines of its margin are taken."""
    ceiling = ceiling_of(picture, what)
    limits = [limit for limit in (ceiling.limits if at is None else ceiling.limits[at : at + 1]) if limit]
    return Behind(
        label="",
        language=picture.language,
        measure_id=None,
        amount=sum(limits, Decimal(0)),
        price_base=picture.kind.price_base,
        source=" · ".join(ceiling.sources),
        dated=None,
        is_ceiling=True,
    )


def _checked(picture: Picture, found: Explanation) -> Explanation:
    """The explanation, once its lines are known to add up to its amount."""
    parts = [science.Part(Money(line.amount, picture.kind), line.label) for line in found.lines]
    rest = science.Part(Money(found.rest, picture.kind), "rest")
    science.Explained(Money(found.amount, picture.kind), (*parts, rest))
    return found


def _column(picture: Picture, key: str) -> int | None:
    if not key:
        return None
    for number, column in enumerate(columns_of(picture)):
        if column.key == key:
            return number
    raise NotFound(N_("This page has no such column. Open it again."))


def _behind(picture: Picture, rows: list[tuple[Part, int, int]]) -> tuple[Behind, ...]:
    ids = [part.measure_id(at) for part, at, _amount in rows]
    estimates = estimates_of(ids)
    said = {
        pk: (shown, title)
        for pk, shown, title in Measure.objects.filter(pk__in=ids)
        .annotate(shown=in_language("title", picture.language))
        .values_list("pk", "shown", "title")
    }
    lines = []
    for (_part, _at, amount), measure_id in zip(rows, ids, strict=True):
        shown, title = said.get(measure_id, ("", {}))
        estimate = estimates.get(measure_id)
        lines.append(
            Behind(
                label=shown,
                language=language_of(title, picture.language),
                measure_id=measure_id,
                amount=money(amount),
                price_base=picture.kind.price_base,
                source=estimate.source if estimate else "",
                dated=estimate.dated if estimate else None,
            )
        )
    return tuple(lines)


def _measure(picture: Picture, key: str, at: int | None) -> Explanation:
    """A measure's net: its cost, less what each funding line brings."""
    try:
        measure_id = UUID(key)
    except ValueError:
        raise NotFound(N_("This page has no such row. Open it again.")) from None
    part = next((one for one in (picture.own, picture.others) if measure_id in one.at), None)
    if part is None:
        raise NotFound(N_("This measure is not among those of this outlook."))
    row = part.at[measure_id]

    def of(values: tuple[Decimal, ...]) -> Decimal:
        return sum(values, Decimal(0)) if at is None else values[at]

    gross = part.found.gross[row]
    cost = _behind(picture, [(part, row, int(gross.sum() if at is None else gross[at]))])[0]
    aid = tuple(
        Behind(
            label=line.payer_name,
            language=picture.language,
            measure_id=measure_id,
            amount=-of(line.amounts),
            price_base=line.kind.price_base,
            source=line.instrument,
            dated=None,
            rule=line,
        )
        for line in funding_rows(picture, part, row)
    )
    net = part.found.net[row]
    whole = money(int(net.sum() if at is None else net[at]))
    return _checked(picture, Explanation(whole, picture.kind, (cost, *aid), Decimal(0), 0))


__all__ = ["explain"]
