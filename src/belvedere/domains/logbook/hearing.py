"""What the log book writes by itself, in the transaction of what happened: no fact without its line.

Only what moved is noted, as a reference: what it was is shown to who may see it.
"""

from __future__ import annotations

from typing import Final

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.events import AlarmsChanged
from belvedere.domains.commands import public as commands
from belvedere.domains.commands.events import CommandsMoved
from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.events import InterventionMoved
from belvedere.domains.logbook.models import Entry
from belvedere.domains.logbook.states import Category
from belvedere.kernel.clock import now
from belvedere.kernel.severity import Severity

_ALARM = frozenset(
    one.value
    for one in (
        automation.Act.RAISE,
        automation.Act.RAISE_AGAIN,
        automation.Act.ACKNOWLEDGE,
        automation.Act.TAKE_UP,
        automation.Act.CLOSE,
    )
)
_JOB: Final = frozenset(
    one.value
    for one in (
        interventions.Act.DISPATCH,
        interventions.Act.GIVE_BACK,
        interventions.Act.FINISH,
        interventions.Act.CANCEL,
    )
)
_COMMAND: Final = frozenset(
    one.value for one in (commands.Act.REQUEST, commands.Act.FAIL, commands.Act.EXPIRE)
)


def hear_alarms(event: AlarmsChanged) -> None:
    """Those of major and above that stand for themselves; a cut cabinet is one line, not sixty."""
    at = now()
    Entry.objects.bulk_create(
        Entry(
            territory_id=one.territory_id,
            owner_id=one.owner_id,
            happened_at=one.at,
            written_at=at,
            category=Category.ALARM,
            place_id=one.place_id,
            entity_id=one.entity_id or None,  # none for an alarm of many things
            alarm_id=one.alarm_id,
            step_id=one.step_id,
            act=one.act,
        )
        for one in event.changes
        if one.severity >= Severity.MAJOR and one.parent_id is None and one.act in _ALARM
    )


def hear_intervention(event: InterventionMoved) -> None:
    """Sent to a team, given back, done, cancelled."""
    if event.act not in _JOB:
        return
    Entry.objects.create(
        territory_id=event.territory_id,
        owner_id=event.owner_id,
        happened_at=event.at,
        written_at=now(),
        category=Category.INTERVENTION,
        intervention_id=event.intervention_id,
        act=event.act,
    )


def hear_commands(event: CommandsMoved) -> None:
    """Asked for, failed, expired."""
    Entry.objects.bulk_create(
        Entry(
            territory_id=one.territory_id,
            owner_id=one.owner_id,
            happened_at=one.at,
            written_at=one.at,
            category=Category.COMMAND,
            entity_id=one.entity_id,
            command_id=one.command_id,
            act=one.act,
        )
        for one in event.moves
        if one.act in _COMMAND
    )
