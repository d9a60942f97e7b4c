"""What the alarm behind an intervention is told, in the transaction of the intervention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.utils import translation
from django.utils.translation import gettext

from belvedere.domains.access.public import Actor
from belvedere.domains.automation import public as automation
from belvedere.domains.automation.public import AlarmState
from belvedere.domains.interventions.errors import WrongState
from belvedere.domains.interventions.models import Intervention
from belvedere.kernel.errors import N_


class Spoken(Protocol):
    """Where languages are spoken, the first one first."""

    @property
    def languages(self) -> Sequence[str]: ...


def text_in(row: Intervention, message: str, **data: Any) -> str:
    """A sentence in the first language of the territory: it stays in the timeline of the alarm."""
    return sentence_in(row.territory, message, **data)


def sentence_in(territory: Spoken, message: str, **data: Any) -> str:
    """A sentence in the first language of a territory."""
    languages = territory.languages
    with translation.override(languages[0] if languages else "fr"):
        return gettext(message).format(**data)


def tell_alarm(
    actor: Actor,
    row: Intervention,
    *,
    text: str = "",
    taking_up: bool = False,
    closing: bool = False,
) -> None:
    """Take the alarm up, close it if it is over (`closing`), or add the words to its timeline.

    An agent of a contractor does not look after alarms: what he does is told by the platform, with his name
    in the timeline of the intervention.
    """
    if row.alarm_id is None:
        return
    state = automation.alarm(Actor.system(), row.alarm_id).alarm.state
    if taking_up:
        if state is AlarmState.CLOSED:
            raise WrongState(N_("This alarm is closed. Plan the intervention without it."), state=state)
        text = text_in(row, N_("Intervention {number} is planned: {what}"), number=row.number, what=row.what)
        if state in (AlarmState.RAISED, AlarmState.ACKNOWLEDGED):
            automation.take_up(actor=actor, alarm_id=row.alarm_id, note=text)
            return
    if state is AlarmState.CLOSED:
        return
    if closing and state is AlarmState.CLEARED:
        automation.close(actor=actor, alarm_id=row.alarm_id, proof=text)
        return
    automation.comment(actor=actor, alarm_id=row.alarm_id, text=text)
