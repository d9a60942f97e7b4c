"""A signal of one thing that a rule watches, and what is to be told of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from belvedere.domains.automation.bodies import Foreseen, Says, condition_of, timing
from belvedere.domains.automation.packing import NOTHING, curve_of, text_of
from belvedere.domains.automation.shared import Comparison, Shared
from belvedere.domains.automation.targets import Target
from belvedere.science.alarms.combining import Signal
from belvedere.science.alarms.conditions import Timing
from belvedere.science.alarms.outlook import Outlook
from belvedere.science.alarms.watching import Turn, Watch

if TYPE_CHECKING:
    from belvedere.domains.automation.crowds import Crowd

#: A reading that says it is of so much later than now tells nothing.
AHEAD = timedelta(minutes=10)

#: A signal, what it says, and the values that stood then.
Told: TypeAlias = "tuple[Mind | Crowd, Turn, list[dict[str, Any]]]"


class Mind:
    """A signal, and what is to be told of it. By clause, `texts`: the last word, for those that ask words;
    `compared`: for those that compare numbers; `foreseen`: whether it asks what is foreseen. Parts are
    clauses, then the forecasts that some compare with. `queued_at`: for when it waits in the queue of the
    clock."""

    __slots__ = ("compared", "foreseen", "queued_at", "signal", "target", "texts", "words")

    def __init__(self, target: Target, shared: Shared, *, within: bool = False) -> None:
        body = target.watching.body
        # Within a crowd durations and hours are those of the whole.
        schedule = None if within else shared.schedule(target)
        lasting = Timing(trusted_s=timing(body).trusted_s) if within else timing(body)
        self.target = target
        self.compared = [shared.comparison(target, part) for part in range(len(body.clauses))]
        self.signal = Signal([condition_of(clause) for clause in body.clauses], lasting, schedule)
        self.words = [
            frozenset(one.condition.words) if isinstance(one.condition, Says) else None
            for one in body.clauses
        ]
        self.texts = [""] * len(self.words)
        self.foreseen = [isinstance(one.condition, Foreseen) for one in body.clauses]
        self.queued_at = math.inf

    @property
    def alone(self) -> tuple[Mind, ...]:
        """The signals of single things in it."""
        return (self,)

    def aims(self, target: Target) -> None:
        """The thing as it is now, with the same series."""
        self.target = target

    def read(self, part: int, at: float, number: float, text: str | None) -> list[Told]:
        """A reading of the series of a clause; `text` where it is no number."""
        if part >= len(self.words) or self.foreseen[part]:
            return self._foresees(part, at, text)
        if self.knew(part, at):
            return []
        told = self.passes(at) if self.queued_at <= at else []
        turns = self.signal.read(part, at, self._number(part, at, number, text))
        return told + [(self, turn, self.values()) for turn in turns] if turns else told

    def knew(self, part: int, at: float) -> bool:
        """Whether a reading of then is no newer than the last one. Forecasts with which others are compared
        are kept in the order in which they were made, and may be heard in any."""
        return part < len(self.words) and at <= self.signal.parts[part].heard_at

    def _number(self, part: int, at: float, number: float, text: str | None) -> float:
        """What a condition is asked of: a number, how far it lies apart, whether it is a word."""
        words = self.words[part]
        if words is not None:
            self.texts[part] = _word(number) if text is None else text
            return float(self.texts[part] in words)
        compared = self.compared[part]
        return number if compared is None else compared.hears(self.target, part, at, number)

    def _foresees(self, part: int, at: float, text: str | None) -> list[Told]:
        """A forecast; what cannot be read as one says nothing."""
        curve = curve_of(text)
        if curve is None:
            return []
        if part >= len(self.words):
            clause, _series = self.target.forecasts[part - len(self.words)]
            compared = self.compared[clause]
            assert compared is not None
            compared.foresees(at, curve)
            return []
        return [(self, turn, self.values()) for turn in self.signal.foresees(part, at, curve)]

    @property
    def is_single(self) -> bool:
        """With one condition nothing more than its reading is needed to judge."""
        return len(self.words) == 1

    def judge(self, at: float) -> list[Told]:
        """All readings of an instant are read."""
        return [(self, turn, self.values()) for turn in self.signal.judge(at)]

    def passes(self, at: float) -> list[Told]:
        """Time goes on."""
        return [(self, turn, self.values()) for turn in self.signal.passes(at)]

    def begins(self, at: float) -> list[Told]:
        """It counts from now on."""
        return [(self, turn, self.values()) for turn in self.signal.begins(at)]

    def knows(self, now: datetime) -> None:
        """Take what is the present value of each series."""
        of_clauses = list(enumerate(self.target.series))
        told = ((len(of_clauses) + place, one) for place, (_at, one) in enumerate(self.target.forecasts))
        for part, series in (*told, *of_clauses):  # what is compared needs the forecast
            if series.observed_at is None or series.observed_at > now + AHEAD:
                continue
            at = series.observed_at.timestamp()
            if not self.knew(part, at):
                text = None if series.number is not None else text_of(series.value)
                self.read_quietly(part, at, NOTHING if series.number is None else series.number, text)

    def read_quietly(self, part: int, at: float, number: float, text: str | None) -> None:
        """A reading of before the rule began: it tells where things stand, and raises nothing."""
        if part < len(self.words):
            self.signal.parts[part].opened_at = None
        if part >= len(self.words) or self.foreseen[part]:
            self._foresees(part, at, text)
        else:
            self.signal.parts[part].read(at, self._number(part, at, number, text))

    def compares_again(self) -> None:
        """All present values are known now, also those of the neighbours: what was read last, compared."""
        for part, compared in enumerate(self.compared):
            if compared is not None and math.isfinite(compared.number):
                apart = compared.apart(self.target, part)
                self.signal.parts[part].number = apart if math.isfinite(apart) else None

    def values(self) -> list[dict[str, Any]]:
        """What stands now, by clause, for an alarm to keep."""
        clauses = self.target.watching.body.clauses
        return [
            _value(clause.attribute, watch, text, words is not None, series.unit, series.series_id)
            | _usual(compared)
            | _foreseen(watch)
            for clause, watch, text, words, series, compared in zip(
                clauses,
                self.signal.parts,
                self.texts,
                self.words,
                self.target.series,
                self.compared,
                strict=True,
            )
        ]

    def saved(self) -> list[Any]:
        return [
            self.target.watching.version.number,
            list(self.target.series_ids),
            self.texts,
            self.signal.saved(),
            *([kept] if any(kept := [one and one.saved() for one in self.compared]) else []),
        ]

    def restore(self, saved: Sequence[Any]) -> None:
        self.texts = list(saved[2])
        self.signal.restore(saved[3])
        for one, kept in zip(self.compared, saved[4] if len(saved) > 4 else (), strict=False):
            if one is not None:
                one.restore(kept)


def _word(number: float) -> str:
    return "" if not math.isfinite(number) else f"{number:g}"


def _value(
    attribute: str, watch: Watch, text: str, is_word: bool, unit: str, series_id: int
) -> dict[str, Any]:
    known = math.isfinite(watch.heard_at)
    return {
        "attribute": attribute,
        "number": None if is_word else watch.number,
        "text": text if is_word else "",
        "unit": unit,
        "at": datetime.fromtimestamp(watch.heard_at, UTC).isoformat() if known else None,
        "series_id": series_id,
    }


def _usual(compared: Comparison | None) -> dict[str, Any]:
    """The number that was read, and with what it was compared (None: nothing was known)."""
    if compared is None:
        return {}
    return {
        "number": compared.number if math.isfinite(compared.number) else None,
        "usual": compared.centre if math.isfinite(compared.centre) else None,
    }


def _foreseen(watch: Watch) -> dict[str, Any]:
    """For when a number is foreseen."""
    if not isinstance(watch, Outlook) or watch.when is None:
        return {}
    return {"foreseen_at": datetime.fromtimestamp(watch.when, UTC).isoformat()}
