"""What an address asks of an owner's cockpit: plan, prices, grouping, what if. What is not known is said."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext

from belvedere.domains.plans.public import outlook
from belvedere.kernel.errors import InvalidInput
from belvedere.kernel.money import Kind, Vat

T = TypeVar("T")
SHIFTS = (-1, 6)  # years, of the sliders
COSTS = (-10, 30)  # percent
MOST_SHIFT, MOST_COST = 30, 300  # of an address written by hand
MOST_CHANGES = 60
MOST_OPEN = 40
PRICES = ("constant", "current")
GROUPINGS = ("plan", "category", "phase", "commune", "funder")
_OPEN = re.compile(r"[a-z]+(:[0-9a-z_.-]{1,60}){0,4}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Change:
    """What if: a measure starts `shift` years later, its cost differs by `cost` percent."""

    measure_id: UUID
    shift: int = 0
    cost: int = 0

    def __bool__(self) -> bool:
        return bool(self.shift or self.cost)

    def __str__(self) -> str:
        return f"{self.measure_id}:{self.shift:+d}:{self.cost:+d}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A view of the cockpit. `measure` is the one the sliders stand on; `open` are the rows unfolded."""

    plan: UUID | None = None
    axis: UUID | None = None  # of the plan
    prices: str = "constant"
    grouping: str = "plan"
    kind: Kind | None = None  # which money, where the measures are of several
    changes: tuple[Change, ...] = ()
    shift: int = 0  # years, of every measure that has not started and has no change of its own
    cost: int = 0  # percent, of the same
    leavers: tuple[UUID, ...] = ()
    scenario: UUID | None = None  # the saved one that was opened
    measure: UUID | None = None
    open: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_what_if(self) -> bool:
        """Whether anything differs from the reference."""
        return bool(self.changes or self.leavers or self.shift or self.cost)

    def change_of(self, measure_id: UUID) -> Change:
        return next((c for c in self.changes if c.measure_id == measure_id), Change(measure_id))

    def with_change(self, change: Change) -> Asked:
        """With this change in place of the measure's former one; a change to nothing takes it away."""
        kept = [change if c.measure_id == change.measure_id else c for c in self.changes]
        if change.measure_id not in {c.measure_id for c in self.changes}:
            kept.append(change)
        return replace(self, changes=tuple(c for c in kept if c), measure=change.measure_id)

    def without_change(self, measure_id: UUID) -> Asked:
        left = tuple(c for c in self.changes if c.measure_id != measure_id)
        return replace(self, changes=left, measure=None if self.measure == measure_id else self.measure)

    def with_leaver(self, organisation_id: UUID) -> Asked:
        return replace(self, leavers=(*self.leavers, organisation_id))

    def with_general(self, shift: int, cost: int) -> Asked:
        """With this change of every measure that has not started."""
        return replace(self, shift=shift, cost=cost)

    def laid(self, adjustments: outlook.Adjustments) -> Asked:
        """With the changes of a saved scenario in place of its own."""
        changes = (
            Change(measure_id, one.shift_years, round(one.cost_share * 100))
            for measure_id, one in sorted(adjustments.changes.items(), key=lambda pair: str(pair[0]))
        )
        return replace(
            self,
            changes=tuple(one for one in changes if one),
            shift=adjustments.general.shift_years,
            cost=round(adjustments.general.cost_share * 100),
            leavers=tuple(sorted(adjustments.leavers, key=str)),
        )

    def without_leaver(self, organisation_id: UUID) -> Asked:
        return replace(self, leavers=tuple(one for one in self.leavers if one != organisation_id))

    def toggled(self, row: str) -> Asked:
        """With the row opened, or closed with what is below it."""
        if row in self.open:
            return replace(self, open=tuple(one for one in self.open if one != row))
        return replace(self, open=(*self.open, row))

    def on_measure(self, measure_id: UUID) -> Asked:
        """With the sliders on this measure."""
        return replace(self, measure=measure_id)

    def windows_of(self, row: str) -> int:
        """How many windows of measures are shown below a row."""
        found = [one.rpartition(":")[2] for one in self.open if one.startswith(f"more:{row}:")]
        return max([1, *(int(number) for number in found if number.isdigit())])

    def windows(self, row: str, number: int) -> Asked:
        """With so many windows of measures below a row."""
        kept = tuple(one for one in self.open if not one.startswith(f"more:{row}:"))
        return replace(self, open=(*kept, f"more:{row}:{number}"))

    def reference(self) -> Asked:
        """The same view without what if."""
        return replace(self, changes=(), shift=0, cost=0, leavers=(), scenario=None, measure=None)

    @property
    def question(self) -> outlook.Question:
        """The same, asked of the reads."""
        changes = {one.measure_id: outlook.Change(one.shift, Decimal(one.cost) / 100) for one in self.changes}
        general = outlook.Change(self.shift, Decimal(self.cost) / 100)
        adjustments = outlook.Adjustments(changes, frozenset(self.leavers), general)
        return outlook.Question(self.plan, self.axis, self.prices == "current", self.kind, adjustments)

    def pairs(self) -> list[tuple[str, str]]:
        """As pairs of an address, in a fixed order, what is usual left out."""
        found = [("plan", str(self.plan or "")), ("axis", str(self.axis or ""))]
        found += [("prices", "" if self.prices == PRICES[0] else self.prices)]
        found += [("group", "" if self.grouping == GROUPINGS[0] else self.grouping)]
        found += [("kind", written_kind(self.kind) if self.kind else "")]
        found += [("m", str(change)) for change in self.changes]
        if self.shift or self.cost:
            found.append(("all", f"{self.shift:+d}:{self.cost:+d}"))
        found += [("leaves", str(one)) for one in self.leavers]
        found += [("scenario", str(self.scenario or "")), ("measure", str(self.measure or ""))]
        found += [("open", row) for row in self.open]
        return [(name, value) for name, value in found if value]

    def query(self, **extra: str | int) -> str:
        """As the query of an address, "" where nothing is asked."""
        pairs = [*self.pairs(), *((name, str(value)) for name, value in extra.items() if value != "")]
        return f"?{urlencode(pairs, safe=':')}" if pairs else ""


def _left_out(notes: list[str], value: str) -> None:
    notes.append(gettext("“%(value)s” was left out: this page does not know it.") % {"value": value[:60]})


def _one(given: QueryDict, name: str, read: Callable[[str], T], usual: T, notes: list[str]) -> T:
    text = given.get(name, "")
    if not text:
        return usual
    try:
        return read(text)
    except (ValueError, KeyError, OverflowError):
        _left_out(notes, text)
        return usual


def _choice(known: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise ValueError(text)
        return text

    return read


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return read


def written_kind(kind: Kind) -> str:
    """A kind of money in an address: “CHF_excluded_2025-10”."""
    return "_".join((kind.currency, kind.vat.value, kind.price_base))


def _kind(text: str) -> Kind:
    currency, vat, base = text.split("_")
    try:
        return Kind(currency, Vat(vat), base)
    except InvalidInput as error:
        raise ValueError(text) from error


def read_change(text: str) -> Change:
    """A change of “<measure>:+3:+8”: years, percent of the cost. A blank is the plus of an address."""
    measure, _, change = text.partition(":")
    return Change(UUID(measure), *_pair(change))


def _pair(text: str) -> tuple[int, int]:
    shift, cost = text.split(":")
    years, percent = (int(part.strip() or "0") for part in (shift, cost))
    if abs(years) > MOST_SHIFT or abs(percent) > MOST_COST or percent <= -100:
        raise ValueError(text)
    return years, percent


def _all(given: QueryDict, name: str, read: Callable[[str], T], most: int, notes: list[str]) -> list[T]:
    found = []
    for text in given.getlist(name)[:most]:
        if not text:
            continue
        try:
            found.append(read(text))
        except (ValueError, OverflowError):
            _left_out(notes, text)
    if len(given.getlist(name)) > most:
        notes.append(
            gettext("An address holds %(most)s changes at most; the rest was left out.") % {"most": most}
        )
    return found


def _row(text: str) -> str:
    if not _OPEN.fullmatch(text):
        raise ValueError(text)
    return text


def read(given: QueryDict) -> Asked:
    """What an address asks; never fails. `shift` and `cost` are the sliders: of `measure`, or of all."""
    notes: list[str] = []
    changes = {c.measure_id: c for c in _all(given, "m", read_change, MOST_CHANGES, notes) if c}
    general = _one(given, "all", _pair, (0, 0), notes)
    asked = Asked(
        plan=_one(given, "plan", UUID, None, notes),
        axis=_one(given, "axis", UUID, None, notes),
        prices=_one(given, "prices", _choice(PRICES), PRICES[0], notes),
        grouping=_one(given, "group", _choice(GROUPINGS), GROUPINGS[0], notes),
        kind=_one(given, "kind", _kind, None, notes),
        changes=tuple(changes.values()),
        shift=general[0],
        cost=general[1],
        leavers=tuple(dict.fromkeys(_all(given, "leaves", UUID, MOST_CHANGES, notes))),
        scenario=_one(given, "scenario", UUID, None, notes),
        measure=_one(given, "measure", UUID, None, notes),
        open=tuple(dict.fromkeys(_all(given, "open", _row, MOST_OPEN, notes))),
        notes=tuple(dict.fromkeys(notes)),
    )
    if not ("shift" in given or "cost" in given):
        return asked
    shift = _one(given, "shift", _number(-MOST_SHIFT, MOST_SHIFT), 0, notes)
    cost = _one(given, "cost", _number(-99, MOST_COST), 0, notes)
    if asked.measure is None:
        moved = asked.with_general(shift, cost)
    else:
        moved = asked.with_change(Change(asked.measure, shift, cost))
    return replace(moved, notes=tuple(dict.fromkeys(notes)))
