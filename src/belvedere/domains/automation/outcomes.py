"""What signals say becomes alarms: raised, cleared, held against what is open.

In the transaction of the round, which judges alone; people who act on an alarm meanwhile are waited for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from belvedere.domains.automation import bodies, grouping
from belvedere.domains.automation.crowds import Followed
from belvedere.domains.automation.minds import Told
from belvedere.domains.automation.models import Alarm, Rule
from belvedere.domains.automation.moving import Moves, Stood, Turned
from belvedere.domains.automation.states import ACTIVE, AlarmState, Closing, Why
from belvedere.domains.automation.targets import Key
from belvedere.science.alarms.watching import Phase, Turn

#: Phases in which a signal says yes or no, and not "not yet".
SURE: Final = (Phase.CALM, Phase.RAISED, Phase.ENDING)


@dataclass(slots=True)
class Reconciled:
    """How many steps were written; the open alarms whose signal has not said yet whether they go on."""

    steps: int = 0
    unsure: set[Key] = field(default_factory=set)


def write(turns: Sequence[Told], known_at: datetime) -> int:
    """Raise and clear, in the order given for each thing; gives the number of steps."""
    if not turns:
        return 0
    moves = Moves(known_at)
    opened = _open_alarms({mind.target.key for mind, _turn, _values in turns})
    for mind, turn, values in turns:
        key = mind.target.key
        alarm = opened.get(key)
        turned = _turned(mind, turn, values)
        if turn.is_raised:
            opened[key] = moves.raised(turned, alarm)
        elif alarm is not None:
            left = moves.cleared(turned, alarm)
            if left is None:
                del opened[key]
    grouping.gather(moves.raised_now(), moves, known_at)
    return len(moves.write())


def reconcile(minds: Mapping[Key, Followed], known_at: datetime) -> Reconciled:
    """Clear what goes on for a rule that is off, does not watch the thing, or says otherwise by now; raise
    what a signal holds raised and no alarm tells."""
    rows = Alarm.objects.filter(state__in=list(ACTIVE)).order_by()
    active = set(rows.values_list("rule_id", "entity_id"))
    told = Reconciled()
    over = []
    for key in active:
        mind = minds.get(key)
        if mind is not None and mind.signal.phase not in SURE:
            told.unsure.add(key)
        elif mind is None or not mind.signal.is_raised:
            over.append(key)
    lost = [
        (mind, Turn(mind.signal.gate.since, True, None), mind.values())
        for key, mind in minds.items()
        if mind.signal.is_raised and key not in active
    ]
    told.steps = settle(over, minds, known_at) + write(lost, known_at)
    return told


def settle(keys: Iterable[Key], minds: Mapping[Key, Followed], known_at: datetime) -> int:
    """Clear those of these open alarms that their rule does not hold raised."""
    moves = Moves(known_at)
    for key, alarm in _open_alarms(set(keys)).items():
        mind = minds.get(key)
        if AlarmState(alarm.state) in ACTIVE and (mind is None or not mind.signal.is_raised):
            _clear(moves, alarm, _why(alarm.rule, mind), known_at)
    return len(moves.write())


def _open_alarms(keys: Collection[Key]) -> dict[Key, Alarm]:
    """The open alarms of these, locked in the order of their numbers."""
    if not keys:
        return {}
    rows = (
        Alarm.objects.select_for_update(of=("self",))
        .exclude(state=AlarmState.CLOSED)
        .filter(rule_id__in={key[0] for key in keys}, entity_id__in={key[1] for key in keys})
        .select_related("rule", "version")
        .order_by("pk")
    )
    return {(row.rule_id, row.entity_id): row for row in rows if (row.rule_id, row.entity_id) in keys}


def _turned(mind: Followed, turn: Turn, values: list[dict[str, Any]]) -> Turned:
    watching = mind.target.watching
    return Turned(
        rule=watching.rule,
        version=watching.version,
        thing=mind.target.stood(),
        at=datetime.fromtimestamp(turn.at, UTC),
        is_raised=turn.is_raised,
        values=values,
        closing=watching.body.closing,
    )


def _why(rule: Rule, mind: Followed | None) -> Why:
    if mind is not None:
        return Why.RULE_CHANGED
    return Why.NOT_WATCHED if rule.is_on else Why.RULE_OFF


def _clear(moves: Moves, alarm: Alarm, why: Why, at: datetime) -> None:
    closing = Closing(bodies.kept(alarm.version.body).closing)
    thing = Stood(alarm.entity_id)
    moves.cleared(Turned(alarm.rule, alarm.version, thing, at, False, why=why, closing=closing), alarm)
