"""Geometry of the chart of an owner's years: amounts by column in, shares of the plot out.

Not for words nor colours: the template writes and the style sheet paints. Every place is a percentage of
the plot (x of its width, y of its height), so that one drawing stands over the columns of the table beneath
at any width and height. Amounts are in the unit of the axis (millions, say); y grows downwards as in SVG.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor, log10

BAR = 0.6  # of a column
TOP, BOTTOM = 11.0, 2.0  # percent left above the highest amount and below the lowest
ROOM = 1.06  # the axis goes a little beyond the highest amount
TICKS = 5
LABEL_COLUMNS = {"cash": 3.2, "net": 1.0}  # widths of the direct labels
LABEL_HEIGHT = 5.5
LONGEST_LEADER = 35.0


@dataclass(frozen=True, slots=True)
class Stack:
    """One payer's amounts, in the order of the columns."""

    key: str
    values: Sequence[Decimal]


@dataclass(frozen=True, slots=True)
class Zone:
    """Columns that belong together, `end` excluded: paid, budget, plan of four years, outlook."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Limit:
    """A ceiling by column and what counts under it: all that is the owner's, or a part of it."""

    key: str
    most: Sequence[Decimal | None]
    spent: Sequence[Decimal]


@dataclass(frozen=True, slots=True)
class Amounts:
    """What the chart shows. `own` is what a ceiling of all spending compares with."""

    stacks: Sequence[Stack]  # bottom first
    own: Sequence[Decimal]
    limits: Sequence[Limit]
    cash: Sequence[Decimal]
    earlier: Sequence[Decimal] | None  # `own` before the scenario
    zones: Sequence[Zone]
    dated: range  # the columns that are years


@dataclass(frozen=True, slots=True)
class Box:
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Segment:
    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True)
class Bar:
    key: str
    column: int
    value: Decimal
    box: Box


@dataclass(frozen=True, slots=True)
class Excess:
    """What is above the ceiling in a year: the hatched part, and where its figure stands."""

    column: int
    value: Decimal
    box: Box
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Tick:
    value: Decimal
    y: str
    is_zero: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure or a point at a place."""

    column: int
    value: Decimal
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Step:
    """The figure of a level: at its start, before it where the line goes up, the last at its end."""

    value: Decimal
    x: str
    y: str
    is_before: bool
    key: str = ""  # of its ceiling
    is_last: bool = False  # of its ceiling: it says what the line is


@dataclass(frozen=True, slots=True)
class Label:
    """A direct label with the line that leads from it to its point."""

    key: str
    x: str
    y: str
    leader: Segment


@dataclass(frozen=True, slots=True)
class Drawn:
    """The chart, ready for the template."""

    bars: tuple[Bar, ...]
    excesses: tuple[Excess, ...]
    caps: tuple[Segment, ...]
    earlier: tuple[Mark, ...]
    ceiling: tuple[Segment, ...]
    steps: tuple[Step, ...]  # the figure of each level of each ceiling
    cash: tuple[Segment, ...]
    ticks: tuple[Tick, ...]
    zones: tuple[tuple[Zone, Box], ...]
    labels: tuple[Label, ...]


def _percent(value: float) -> str:
    return f"{value:.2f}%"


@dataclass(frozen=True, slots=True)
class _Scale:
    columns: int
    low: float
    high: float

    def y(self, value: Decimal | float) -> float:
        share = (self.high - float(value)) / (self.high - self.low)
        return TOP + (100 - TOP - BOTTOM) * share

    def x(self, column: float) -> float:
        return column / self.columns * 100

    def box(self, start: float, end: float, top: Decimal | float, bottom: Decimal | float) -> Box:
        y1, y2 = self.y(top), self.y(bottom)
        return Box(
            _percent(self.x(start)),
            _percent(y1),
            _percent(self.x(end) - self.x(start)),
            _percent(max(0.15, y2 - y1)),
        )

    def segment(self, start: float, top: Decimal | float, end: float, bottom: Decimal | float) -> Segment:
        return Segment(
            _percent(self.x(start)), _percent(self.y(top)), _percent(self.x(end)), _percent(self.y(bottom))
        )


def nice_step(span: float, ticks: int = TICKS) -> Decimal:
    """The distance between the lines of the axis: 1, 2, 2.5 or 5 times a power of ten."""
    if span <= 0:
        return Decimal(1)
    rough = Decimal(str(span / ticks))
    power = Decimal(10) ** floor(log10(rough))
    return next(
        power * m
        for m in (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
        if power * m >= rough
    )


def _heights(amounts: Amounts) -> list[tuple[Decimal, Decimal]]:
    """The top and the bottom of each column's stack."""
    zero = Decimal(0)
    return [
        (
            sum((max(zero, stack.values[at]) for stack in amounts.stacks), zero),
            sum((min(zero, stack.values[at]) for stack in amounts.stacks), zero),
        )
        for at in range(len(amounts.own))
    ]


def _scale(amounts: Amounts, heights: Sequence[tuple[Decimal, Decimal]]) -> _Scale:
    tops = [top for top, _bottom in heights] + list(amounts.cash) + list(amounts.earlier or ())
    tops += [most for limit in amounts.limits for most in limit.most if most is not None]
    bottoms = [bottom for _top, bottom in heights] + list(amounts.cash) + list(amounts.own)
    high = float(max(tops, default=Decimal(0))) * ROOM
    low = min(0.0, float(min(bottoms, default=Decimal(0))) * 1.15)
    return _Scale(max(1, len(amounts.own)), low, high if high > low else low + 1)


def _bars(amounts: Amounts, scale: _Scale) -> Iterator[Bar]:
    for at in range(len(amounts.own)):
        up = down = Decimal(0)
        for stack in amounts.stacks:
            value = stack.values[at]
            if not value:
                continue
            base = up if value > 0 else down
            top, bottom = max(base, base + value), min(base, base + value)
            yield Bar(stack.key, at, value, scale.box(at + 0.5 - BAR / 2, at + 0.5 + BAR / 2, top, bottom))
            up, down = (up + value, down) if value > 0 else (up, down + value)


def _excesses(
    amounts: Amounts, scale: _Scale, heights: Sequence[tuple[Decimal, Decimal]]
) -> Iterator[Excess]:
    for at, own in enumerate(amounts.own):
        over = _over(amounts, at)
        if not over:
            continue
        box = scale.box(at + 0.5 - BAR / 2, at + 0.5 + BAR / 2, own, own - over)
        highest = max(heights[at][0], own)
        place = _percent(scale.x(at + 0.5)), _percent(scale.y(highest) - 2.4)
        yield Excess(at, over, box, *place)


def _over(amounts: Amounts, at: int) -> Decimal:
    """What is above the ceilings of a column: those of the natures hold different spending."""
    pairs = ((limit.most[at], limit.spent[at]) for limit in amounts.limits)
    return sum((spent - most for most, spent in pairs if most is not None and spent > most), Decimal(0))


def _ceilings(amounts: Amounts, scale: _Scale) -> tuple[tuple[Segment, ...], tuple[Step, ...]]:
    drawn = [_ceiling(limit, scale) for limit in amounts.limits]
    return tuple(s for lines, _steps in drawn for s in lines), tuple(
        s for _lines, steps in drawn for s in steps
    )


def _ceiling(limit: Limit, scale: _Scale) -> tuple[tuple[Segment, ...], tuple[Step, ...]]:
    """The line with its steps, and the figure at the start of each level (the last one at its end)."""
    segments: list[Segment] = []
    runs: list[tuple[int, int, Decimal]] = []
    for at, value in enumerate(limit.most):
        if value is None:
            continue
        if runs and runs[-1][1] == at and runs[-1][2] == value:
            runs[-1] = (runs[-1][0], at + 1, value)
        else:
            runs.append((at, at + 1, value))
    for start, end, value in runs:
        segments.append(scale.segment(start, value, end, value))
    for (_start, end, value), (start, _end, next_value) in pairwise(runs):
        if end == start:
            segments.append(scale.segment(end, value, end, next_value))
    steps = []
    for at, (start, end, value) in enumerate(runs):
        is_up = at > 0 and runs[at - 1][1] == start and runs[at - 1][2] < value
        is_last = at == len(runs) - 1
        place = _percent(scale.x(end if is_last else start)), _percent(scale.y(value))
        steps.append(Step(value, *place, is_before=is_last or is_up, key=limit.key, is_last=is_last))
    return tuple(segments), tuple(steps)


def _drawn_cash(amounts: Amounts) -> tuple[int, int]:
    """The columns between which the line of the treasury runs: from the first amount to the last."""
    there = [at for at in amounts.dated if amounts.cash[at]]
    return (there[0], there[-1] + 1) if there else (0, 0)


def _ticks(scale: _Scale) -> Iterator[Tick]:
    step = nice_step(scale.high - min(0.0, scale.low))
    first, last = ceil(Decimal(str(scale.low)) / step), floor(Decimal(str(scale.high)) / step)
    for number in range(first, last + 1):
        value = step * number
        yield Tick(value, _percent(scale.y(value)), is_zero=number == 0, is_last=number == last)


def draw(amounts: Amounts) -> Drawn:
    """The chart of `amounts`; empty but for its axis where there is no amount."""
    heights = _heights(amounts)
    scale = _scale(amounts, heights)
    segments, steps = _ceilings(amounts, scale)
    start, end = _drawn_cash(amounts)
    cash = [
        scale.segment(at + 0.5, amounts.cash[at], at + 1.5, amounts.cash[at + 1])
        for at in range(start, end - 1)
    ]
    caps = [
        scale.segment(at + 0.5 - BAR / 2 - 0.06, value, at + 0.5 + BAR / 2 + 0.06, value)
        for at, value in enumerate(amounts.own)
        if value
    ]
    earlier = [
        Mark(at, value, _percent(scale.x(at + 0.5)), _percent(scale.y(value)))
        for at, value in enumerate(amounts.earlier or ())
        if abs(value - amounts.own[at]) > Decimal(str(scale.high)) / 300
    ]
    zones = [
        (zone, Box(_percent(scale.x(zone.start)), "0%", _percent(scale.x(zone.end - zone.start)), "100%"))
        for zone in amounts.zones
        if zone.end > zone.start
    ]
    return Drawn(
        tuple(_bars(amounts, scale)),
        tuple(_excesses(amounts, scale, heights)),
        tuple(caps),
        tuple(earlier),
        segments,
        steps,
        tuple(cash),
        tuple(_ticks(scale)),
        tuple(zones),
        tuple(_labels(amounts, scale, heights)),
    )


@dataclass(frozen=True, slots=True)
class _Taken:
    """A place that a label must not cover, in columns and percent."""

    x1: float
    x2: float
    y1: float
    y2: float

    def meets(self, other: _Taken) -> bool:
        return self.x1 < other.x2 and other.x1 < self.x2 and self.y1 < other.y2 and other.y1 < self.y2


def _obstacles(amounts: Amounts, scale: _Scale, heights: Sequence[tuple[Decimal, Decimal]]) -> list[_Taken]:
    taken = [_Taken(0, scale.columns, -10, 7)]  # the names of the zones
    for at, (top, _bottom) in enumerate(heights):
        highest = max(top, amounts.own[at], amounts.cash[at], (amounts.earlier or amounts.own)[at])
        above = 8.0 if _over(amounts, at) else 1.0
        taken.append(_Taken(at, at + 1, scale.y(highest) - above, 100))
        for limit in amounts.limits:
            most = limit.most[at]
            if most is not None:  # the line and the figures above it
                taken.append(_Taken(at, at + 1, scale.y(most) - 6.5, scale.y(most) + 1.5))
    return taken


def _labels(amounts: Amounts, scale: _Scale, heights: Sequence[tuple[Decimal, Decimal]]) -> Iterator[Label]:
    """The names of the treasury line and of the net caps, each in the nearest free place over its point."""
    taken = _obstacles(amounts, scale, heights)
    placed: list[_Taken] = []
    start, end = _drawn_cash(amounts)
    wanted = [("cash", range(start, end), amounts.cash), ("net", amounts.dated, amounts.own)]
    for key, columns, values in wanted:
        found = _place(key, [at for at in columns if values[at]], values, scale, [*taken, *placed], placed)
        if found is not None:
            label, place, leader = found
            placed += [place, leader]
            yield label


def _place(
    key: str,
    columns: Sequence[int],
    values: Sequence[Decimal],
    scale: _Scale,
    taken: Sequence[_Taken],
    placed: Sequence[_Taken],
) -> tuple[Label, _Taken, _Taken] | None:
    """The free place nearest to its point, and that of its leader, which crosses no label either."""
    best: tuple[float, int, _Taken, _Taken] | None = None
    width = LABEL_COLUMNS[key]
    for at in columns:
        middle, point = at + 0.5, scale.y(values[at])
        left = min(max(0.1, middle - width / 2), scale.columns - width - 0.1)
        y = point - 3
        while y > LABEL_HEIGHT + 7 and point - y < LONGEST_LEADER:
            place = _Taken(left, left + width, y - LABEL_HEIGHT, y)
            if not any(place.meets(other) for other in taken):
                leader = _Taken(middle - 0.1, middle + 0.1, y, point)
                crosses = any(leader.meets(other) for other in placed)
                if not crosses and (best is None or point - y < best[0]):
                    best = (point - y, at, place, leader)
                break
            y -= 1.5
    if best is None:
        return None
    _distance, at, place, leader = best
    x = _percent(scale.x(at + 0.5))
    drawn = Segment(x, _percent(place.y2), x, _percent(leader.y2 - 1))
    middle = (place.x1 + place.x2) / 2
    return Label(key, _percent(scale.x(middle)), _percent(place.y2 - 1.4), drawn), place, leader
