"""What a rule says, as JSON keeps it: what it watches, the conditions, durations, hours; read and judged.

Durations are seconds, numbers in the unit in which the attribute is kept, days of the week 1 (Monday) to 7.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Final, TypeAlias
from uuid import UUID

import msgspec

from belvedere.domains.automation.errors import BadRule
from belvedere.domains.automation.states import Closing
from belvedere.domains.twin.public import AttributeDescription, ValueType, descriptions
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.holidays import CALENDARS
from belvedere.science.alarms import conditions as asked
from belvedere.science.alarms.comparing import Apart, Measure, level_of
from belvedere.science.alarms.conditions import Side
from belvedere.science.alarms.tallying import Of

MOST_CLAUSES = 4
MOST_NAMED = 500
MOST_HOURS = 20
MOST_WEEKS = 12
LONGEST_ADVICE = 2000
DAY_S = 86_400
LONGEST_S = 90 * DAY_S
LONGEST_LEAD_S = 6 * DAY_S
_HOUR = re.compile(r"[0-9]{1,2}:[0-5][0-9]")


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Watched(_Part, frozen=True):
    """Which things: of a `kind` (slug of a description) or a `type` (IRI); where anything more is given,
    only those: named `things`, those of `organisations`, those inside `places`."""

    kind: str = ""
    type: str = ""
    things: tuple[int, ...] = ()
    organisations: tuple[UUID, ...] = ()
    places: tuple[UUID, ...] = ()


class Level(_Part, frozen=True, tag_field="is", tag="level"):
    side: Side
    level: float
    clears_at: float | None = None


class Change(_Part, frozen=True, tag_field="is", tag="change"):
    side: Side
    by: float
    within_s: float


class Silence(_Part, frozen=True, tag_field="is", tag="silence"):
    after_s: float


class Stuck(_Part, frozen=True, tag_field="is", tag="stuck"):
    over_s: float
    within: float = 0.0


class Says(_Part, frozen=True, tag_field="is", tag="says"):
    """A text (or true, false) is one of these words."""

    words: tuple[str, ...]


class Usual(_Part, frozen=True, tag_field="is", tag="usual"):
    """Farther than `by` (a share, units or deviations) from what is usual at this hour of such a day, learnt
    from the `weeks` before; over once no farther than `clears_at`."""

    apart: Apart
    by: float
    measure: Measure = Measure.SHARE
    weeks: int = 4
    clears_at: float | None = None


class Neighbours(_Part, frozen=True, tag_field="is", tag="neighbours"):
    """Farther than `by` (a share or units) from the middle of what the other things of the rule, those in the
    same place where `same_place`, told within `fresh_s`; over once no farther than `clears_at`."""

    apart: Apart
    by: float
    measure: Measure = Measure.UNITS
    same_place: bool = False
    fresh_s: float = 7200.0
    clears_at: float | None = None


class Expected(_Part, frozen=True, tag_field="is", tag="expected"):
    """Farther than `by` (a share or units) from what had been forecast more than `lead_s` before; over once
    no farther than `clears_at`. `forecast`: the attribute that tells it ("": that of the description)."""

    apart: Apart
    by: float
    measure: Measure = Measure.UNITS
    lead_s: float = 0.0
    forecast: str = ""
    clears_at: float | None = None


class Foreseen(_Part, frozen=True, tag_field="is", tag="foreseen"):
    """By the last forecast, which the attribute tells, beyond a level within the next `within_s`."""

    side: Side
    level: float
    within_s: float
    clears_at: float | None = None


Condition: TypeAlias = Level | Change | Silence | Stuck | Says | Usual | Neighbours | Expected | Foreseen
Compared: TypeAlias = Usual | Neighbours | Expected


class Count(_Part, frozen=True, tag_field="is", tag="count"):
    """More (fewer) than `level` of the things, or that share of them (0 to 1), meet all clauses at once; over
    once no more (fewer) than `clears_at`."""

    side: Side
    level: float
    share: bool = False
    clears_at: float | None = None


class Sum(_Part, frozen=True, tag_field="is", tag="sum"):
    """What the things told last, added up: the only clause is a level of that."""


class Clause(_Part, frozen=True):
    """What is wrong with one `attribute` (a term of the kind, or an IRI)."""

    attribute: str
    condition: Condition


class Hours(_Part, frozen=True):
    """From `start` to `end` ("22:00", "06:00": over midnight into the day after) on these days."""

    days: tuple[int, ...]
    start: str
    end: str


class Excepted(_Part, frozen=True):
    """When the rule does not apply: these hours; and, where `holidays` names a calendar ("CH-VS", "FR"), its
    public holidays, the whole day."""

    hours: tuple[Hours, ...] = ()
    holidays: str = ""


class Body(_Part, frozen=True):
    """A rule. All clauses must hold at once, for `for_s`, and one of them be gone for `clear_for_s`.
    `trusted_s`: how long a reading stands for what is when no other comes; None: until the next one.
    `gathers`: alarms of what hangs on the thing are put beneath its own; None: where a clause is silence.
    `tally`: all things are judged together, and one alarm stands for all; None: each for itself."""

    watched: Watched
    clauses: tuple[Clause, ...]
    for_s: float = 0.0
    clear_for_s: float = 0.0
    trusted_s: float | None = None
    excepted: Excepted = Excepted()
    advice: str = ""
    closing: Closing = Closing.BY_HAND
    gathers: bool | None = None
    tally: Count | Sum | None = None


#: What number `Says` becomes: 1 for one of its words, 0 for another.
SAID: Final = asked.Level(Side.ABOVE, 0.5)


def read(given: Mapping[str, Any]) -> Body:
    """A body from JSON, judged. Raises BadRule, which names the part at fault."""
    try:
        body = msgspec.convert(given, Body, strict=False)
    except msgspec.ValidationError as error:
        what, _at, where = str(error).partition(" - at `$.")
        raise BadRule(
            N_("The rule cannot be read at “{where}”: {what}."),
            field=where.rstrip("`"),
            where=where.rstrip("`") or "body",
            what=what,
        ) from error
    judge(body)
    return body


def kept(given: Mapping[str, Any]) -> Body:
    """A body that was judged when it was saved."""
    return msgspec.convert(given, Body)


def written(body: Body) -> dict[str, Any]:
    """What `read` reads."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(body))
    return found


def gathers(body: Body) -> bool:
    """Whether its alarms gather those of what hangs on the thing beneath."""
    if body.gathers is not None:
        return body.gathers
    return any(isinstance(one.condition, Silence) for one in body.clauses)


def trusted(body: Body) -> float:
    return math.inf if body.trusted_s is None else body.trusted_s


def timing(body: Body) -> asked.Timing:
    """Its durations, for the science."""
    return asked.Timing(body.for_s, body.clear_for_s, trusted(body))


def condition_of(clause: Clause) -> asked.Condition:
    """Its condition, for the science; raises InvalidInput for numbers that make none."""
    match clause.condition:
        case Level(side, level, clears_at):
            return asked.Level(side, level, clears_at)
        case Change(side, by, within_s):
            return asked.Change(side, by, within_s)
        case Silence(after_s):
            return asked.Silence(after_s)
        case Stuck(over_s, within):
            return asked.Stuck(over_s, within)
        case Says():
            return SAID
        case Usual(apart, by, _measure, _weeks, clears_at):
            return level_of(apart, by, clears_at)
        case Neighbours(apart, by, _measure, _same, _fresh, clears_at):
            return level_of(apart, by, clears_at)
        case Expected(apart, by, _measure, _lead, _forecast, clears_at):
            return level_of(apart, by, clears_at)
        case Foreseen(side, level, within_s, clears_at):
            return asked.Foreseen(asked.Level(side, level, clears_at), within_s)


def tallied(body: Body) -> tuple[Of, asked.Level]:
    """What things come to together and the level it is held against; raises InvalidInput for numbers that
    make none. Of a rule with a tally."""
    tally = body.tally
    if isinstance(tally, Count):
        return Of.SHARE if tally.share else Of.COUNT, asked.Level(tally.side, tally.level, tally.clears_at)
    level = condition_of(body.clauses[0])
    assert isinstance(level, asked.Level)
    return Of.SUM, level


def judge(body: Body) -> None:
    """Raise BadRule where the rule cannot be followed."""
    _judge_watched(body.watched)
    if not 1 <= len(body.clauses) <= MOST_CLAUSES:
        raise BadRule(N_("A rule has 1 to {most} conditions."), field="clauses", most=MOST_CLAUSES)
    for number, clause in enumerate(body.clauses):
        _judge_clause(clause, body.watched, f"clauses.{number}")
    try:
        timing(body)
    except InvalidInput as error:
        raise BadRule(error.message, code=error.code, **error.data) from error
    for field in ("for_s", "clear_for_s", "trusted_s"):
        _judge_duration(getattr(body, field), field)
    if body.tally is not None:
        _judge_tally(body)
    elif body.for_s and all(isinstance(one.condition, Silence) for one in body.clauses):
        raise BadRule(N_("Silence has its own duration: leave the other one at zero."), field="for_s")
    _judge_excepted(body.excepted)
    if len(body.advice) > LONGEST_ADVICE:
        raise BadRule(N_("Say what to do in {most} characters at most."), field="advice", most=LONGEST_ADVICE)


def attribute_of(watched: Watched, term: str) -> AttributeDescription | None:
    """How the attribute is described; None where nothing describes it."""
    described = descriptions().get(watched.kind)
    return described.attributes.get(term) if described is not None else None


def forecast_of(watched: Watched, clause: Clause) -> str:
    """The attribute that tells the forecast with which a clause compares; "" where it compares with none, or
    none is known."""
    if not isinstance(clause.condition, Expected):
        return ""
    described = attribute_of(watched, clause.attribute)
    return clause.condition.forecast or (described.forecast if described is not None else "")


def _judge_watched(watched: Watched) -> None:
    if bool(watched.kind) == bool(watched.type):
        raise BadRule(N_("Say which kind of things the rule watches."), field="watched.kind")
    if watched.kind and watched.kind not in descriptions():
        raise BadRule(N_("There is no kind of things “{kind}”."), field="watched.kind", kind=watched.kind)
    if len(watched.things) > MOST_NAMED:
        raise BadRule(
            N_("Name {most} things at most, or watch all of a place."),
            field="watched.things",
            most=MOST_NAMED,
        )


def _judge_clause(clause: Clause, watched: Watched, field: str) -> None:
    described = attribute_of(watched, clause.attribute)
    if not clause.attribute or (watched.kind and described is None and ":" not in clause.attribute):
        raise BadRule(
            N_("Things of this kind do not tell “{attribute}”."),
            field=f"{field}.attribute",
            attribute=clause.attribute,
        )
    condition = clause.condition
    wants_number = isinstance(condition, Level | Change | Stuck | Compared)
    if described is not None and wants_number and described.kind is not ValueType.NUMBER:
        raise BadRule(
            N_("“{attribute}” is no number: say which of its words are wrong, or for how long it is silent."),
            field=f"{field}.condition",
            attribute=clause.attribute,
        )
    if isinstance(condition, Says):
        _judge_words(condition, described, field)
        return
    if isinstance(condition, Compared):
        _judge_compared(condition, field)
    _judge_forecast(clause, described, watched, field)
    try:
        condition_of(clause)
    except InvalidInput as error:
        data = {**error.data, "field": f"{field}.condition.{error.data.get('field', '')}"}
        raise BadRule(error.message, code=error.code, **data) from error
    for name in ("within_s", "after_s", "over_s", "fresh_s", "lead_s"):
        _judge_duration(getattr(condition, name, 0), f"{field}.condition.{name}")


def _judge_tally(body: Body) -> None:
    tally = body.tally
    if isinstance(tally, Sum):
        if len(body.clauses) > 1 or not isinstance(body.clauses[0].condition, Level):
            raise BadRule(
                N_("What things add up to is above or below one level: leave one such condition."),
                field="tally",
            )
        return
    assert isinstance(tally, Count)
    most = 1.0 if tally.share else math.inf
    for name in ("level", "clears_at"):
        number = getattr(tally, name)
        if number is not None and not (0 <= number <= most and math.isfinite(number)):
            raise BadRule(
                N_("Give a share from 0 to 100%.") if tally.share else N_("Give how many things, from 0 on."),
                field=f"tally.{name}",
            )
    try:
        tallied(body)
    except InvalidInput as error:
        data = {**error.data, "field": f"tally.{error.data.get('field', '')}"}
        raise BadRule(error.message, code=error.code, **data) from error


def _judge_compared(condition: Compared, field: str) -> None:
    where = f"{field}.condition"
    if not 0 < condition.by < math.inf:
        raise BadRule(N_("Give a number greater than zero."), field=f"{where}.by")
    if condition.clears_at is not None and not 0 <= condition.clears_at <= condition.by:
        raise BadRule(
            N_("It is over at {clears_at}, which is still beyond {level}. Choose one that is good."),
            field=f"{where}.clears_at",
            clears_at=condition.clears_at,
            level=condition.by,
        )
    if isinstance(condition, Usual):
        if not 1 <= condition.weeks <= MOST_WEEKS:
            raise BadRule(
                N_("What is usual is learnt from 1 to {most} weeks."), field=f"{where}.weeks", most=MOST_WEEKS
            )
    elif condition.measure is Measure.DEVIATIONS:
        raise BadRule(N_("Compare with the others in percent or in units."), field=f"{where}.measure")
    elif isinstance(condition, Neighbours) and not condition.fresh_s > 0:
        raise BadRule(N_("Give a number greater than zero."), field=f"{where}.fresh_s")
    elif isinstance(condition, Expected) and not 0 <= condition.lead_s <= LONGEST_LEAD_S:
        raise BadRule(
            N_("Compare with a forecast that was made 0 to {days} days before."),
            field=f"{where}.lead_s",
            days=LONGEST_LEAD_S // DAY_S,
        )


def _judge_forecast(
    clause: Clause, described: AttributeDescription | None, watched: Watched, field: str
) -> None:
    condition = clause.condition
    is_forecast = described is not None and bool(described.forecast_of)
    if isinstance(condition, Foreseen):
        if described is not None and not is_forecast:
            raise BadRule(
                N_("“{attribute}” is no forecast: choose one, or a level."),
                field=f"{field}.condition",
                attribute=clause.attribute,
            )
    elif is_forecast and not isinstance(condition, Silence):
        raise BadRule(
            N_("“{attribute}” is a forecast: say what it must reach, and within what time."),
            field=f"{field}.condition",
            attribute=clause.attribute,
        )
    elif isinstance(condition, Expected) and not forecast_of(watched, clause):
        raise BadRule(
            N_("Nothing tells a forecast of “{attribute}”: name the attribute that does."),
            field=f"{field}.condition.forecast",
            attribute=clause.attribute,
        )


def _judge_words(condition: Says, described: AttributeDescription | None, field: str) -> None:
    if not condition.words or len(condition.words) > 20:
        raise BadRule(N_("Choose 1 to 20 words."), field=f"{field}.condition.words")
    if described is not None and described.kind is ValueType.NUMBER:
        raise BadRule(
            N_("“{attribute}” is a number: give a level."),
            field=f"{field}.condition",
            attribute=described.term,
        )
    unknown = [
        word for word in condition.words if described and described.values and word not in described.values
    ]
    if unknown:
        raise BadRule(
            N_("“{attribute}” never says {words}."),
            field=f"{field}.condition.words",
            attribute=described.term if described else "",
            words=unknown,
        )


def _judge_duration(seconds: float | None, field: str) -> None:
    if seconds is not None and not seconds <= LONGEST_S:
        raise BadRule(N_("A duration is {days} days at most."), field=field, days=LONGEST_S // DAY_S)


def _judge_excepted(excepted: Excepted) -> None:
    if len(excepted.hours) > MOST_HOURS:
        raise BadRule(N_("Give {most} lines of hours at most."), field="excepted.hours", most=MOST_HOURS)
    for number, hours in enumerate(excepted.hours):
        field = f"excepted.hours.{number}"
        if not hours.days or not set(hours.days) <= set(range(1, 8)):
            raise BadRule(N_("Choose days of the week."), field=f"{field}.days")
        for name in ("start", "end"):
            if minutes(getattr(hours, name)) is None:
                raise BadRule(N_("Write an hour like 22:00."), field=f"{field}.{name}")
    if excepted.holidays and excepted.holidays not in CALENDARS:
        raise BadRule(
            N_("There is no calendar of public holidays “{calendar}”."),
            field="excepted.holidays",
            calendar=excepted.holidays,
        )


def minutes(hour: str) -> int | None:
    """Minutes since midnight of "22:00" ("24:00" is the end of the day); None for what is no hour."""
    hours, colon, rest = hour.partition(":")
    if not (
        colon and hours.isascii() and hours.isdigit() and rest.isascii() and rest.isdigit() and len(rest) == 2
    ):
        return None
    found = int(hours) * 60 + int(rest)
    return found if int(rest) < 60 and found <= 24 * 60 else None
