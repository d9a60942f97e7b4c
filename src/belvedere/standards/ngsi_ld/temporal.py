"""What was asked of the past (ETSI GS CIM 009, clauses 4.11, 4.5.19, 5.2.21, 6.18.3, 6.19.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.problems import BadRequestData
from belvedere.standards.ngsi_ld.shown import check_options, words
from belvedere.standards.ngsi_ld.words import parse_instant

TIME_PROPERTIES: Final = ("observedAt", "createdAt", "modifiedAt", "deletedAt")
METHODS: Final = (*("totalCount", "distinctCount", "sum", "avg", "min", "max", "stddev", "sumsq"),)
_FORMS: Final = frozenset(
    ("temporalValues", "aggregatedValues", "normalized", "concise", "simplified", "keyValues")
)
_OPTIONS: Final = frozenset(("sysAttrs", "count"))
_DURATION = re.compile(
    r"P(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?"
    r"(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9}(?:\.\d{1,6})?)S)?)?"
)
_MOST_LAST: Final = 100_000
EARLIEST: Final = datetime(1, 1, 2, tzinfo=UTC)
LATEST: Final = datetime(9999, 12, 30, tzinfo=UTC)
TICK: Final = timedelta(microseconds=1)


class TemporalForm(StrEnum):
    """Temporal representations (clauses 4.5.6, 4.5.7, 4.5.8, 4.5.19)."""

    NORMALIZED = "normalized"
    VALUES = "temporalValues"
    AGGREGATED = "aggregatedValues"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time of ISO 8601: whole months, and a fixed length. Nothing: the whole time asked for."""

    months: int = 0
    length: timedelta = timedelta()

    def __bool__(self) -> bool:
        return bool(self.months or self.length)

    def after(self, start: datetime, count: int) -> datetime:
        """`start` and `count` periods; a day that a month does not have is its last."""
        moment = start
        if self.months:
            total = start.year * 12 + start.month - 1 + self.months * count
            year, month = divmod(total, 12)
            if year > LATEST.year:
                return LATEST
            last = (datetime(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day  # noqa: DTZ001
            moment = start.replace(year=year, month=month + 1, day=min(start.day, last))
        try:
            return min(moment + self.length * count, LATEST)
        except OverflowError:
            return LATEST


@dataclass(frozen=True, slots=True)
class TemporalQuery:
    """Which instances: those whose `timeproperty` lies from `start` to before `end`; of them the `last_n` of
    each attribute. With `methods`, summed up by `period`.

    `relation`, `time_at` and `end_time_at` are as they were given ("" and None where nothing was).
    """

    relation: str = ""
    time_at: datetime | None = None
    end_time_at: datetime | None = None
    timeproperty: str = "observedAt"
    last_n: int | None = None
    form: TemporalForm = TemporalForm.NORMALIZED
    sys_attrs: bool = False
    methods: tuple[str, ...] = ()
    period: Period = Period()

    @property
    def start(self) -> datetime:
        """The first microsecond that counts."""
        if self.time_at is None or self.relation == "before":
            return EARLIEST
        return self.time_at + TICK if self.relation == "after" else self.time_at

    @property
    def end(self) -> datetime:
        """The first microsecond that does not count any more."""
        if self.relation == "before" and self.time_at is not None:
            return self.time_at
        return self.end_time_at or LATEST


def read_temporal_query(parameters: Mapping[str, str], *, needed: bool) -> TemporalQuery:
    """The temporal query of parameters, or of `temporalQ` in a body (clauses 4.11, 5.2.21); `needed`: one
    without a time relation is refused (clause 5.7.4)."""
    relation = parameters.get("timerel", "")
    if relation not in ("", "before", "after", "between"):
        raise BadRequestData(
            N_("“{name}” knows only {known}."), name="timerel", known=["before", "after", "between"]
        )
    if needed and not relation:
        raise BadRequestData(N_("Say of which time: by “timerel” and “timeAt”."))
    at, until = parameters.get("timeAt", ""), parameters.get("endTimeAt", "")
    if relation and not at:
        raise BadRequestData(N_("“timerel” needs “timeAt”."))
    if relation == "between" and not until:
        raise BadRequestData(N_("“timerel=between” needs “endTimeAt”."))
    timeproperty = parameters.get("timeproperty", "") or "observedAt"
    if timeproperty not in TIME_PROPERTIES:
        raise BadRequestData(
            N_("“{name}” knows only {known}."), name="timeproperty", known=list(TIME_PROPERTIES)
        )
    form, sys_attrs = _form(parameters)
    aggregated = form is TemporalForm.AGGREGATED
    return TemporalQuery(
        relation=relation,
        time_at=_moment(at, "timeAt") if relation else None,
        end_time_at=_moment(until, "endTimeAt") if relation == "between" else None,
        timeproperty=timeproperty,
        last_n=_last(parameters.get("lastN", "")),
        form=form,
        sys_attrs=sys_attrs,
        methods=_methods(parameters.get("aggrMethods", "")) if aggregated else (),
        period=read_period(parameters.get("aggrPeriodDuration", "")) if aggregated else Period(),
    )


def _moment(text: str, what: str) -> datetime:
    return min(max(parse_instant(text, what), EARLIEST), LATEST)


def _form(parameters: Mapping[str, str]) -> tuple[TemporalForm, bool]:
    """The form, from `format` before `options` (clause 6.3.12)."""
    options, said = words(parameters.get("options", "")), parameters.get("format", "")
    check_options(options, said, _FORMS, _OPTIONS)
    form = TemporalForm.NORMALIZED
    for one in [*options, said]:
        if one == "aggregatedValues":
            form = TemporalForm.AGGREGATED
        elif one in ("temporalValues", "simplified", "keyValues"):
            form = TemporalForm.VALUES
        elif one in ("normalized", "concise"):
            form = TemporalForm.NORMALIZED
    return form, "sysAttrs" in options


def _last(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= _MOST_LAST:
        raise BadRequestData(
            N_("“{name}” is a whole number from {least} to {most}."), name="lastN", least=1, most=_MOST_LAST
        )
    return int(text[:9])


def _methods(text: str) -> tuple[str, ...]:
    said = words(text)
    unknown = [one for one in said if one not in METHODS]
    if not said or unknown:
        raise BadRequestData(
            N_("“aggregatedValues” needs “aggrMethods”, one or more of {known}."), known=list(METHODS)
        )
    return tuple(dict.fromkeys(said))


def read_period(text: str) -> Period:
    """A duration of ISO 8601 (clause 4.5.19); nothing or `PT0S` is the whole time."""
    if not text:
        return Period()
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()) or text.endswith("T"):
        raise BadRequestData(
            N_("“aggrPeriodDuration” is a duration such as PT1H or P1D: {text}"), text=text[:40]
        )
    years, months, weeks, days, hours, minutes, seconds = (float(one or 0) for one in match.groups())
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return Period(int(years * 12 + months), length)
