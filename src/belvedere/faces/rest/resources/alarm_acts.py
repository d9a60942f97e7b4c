"""What is done about alarms: the verbs of the desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from belvedere.domains.automation import public as automation
from belvedere.faces.rest.resources.acting import Acts, Which
from belvedere.faces.rest.resources.alarms import alarm_out
from belvedere.faces.rest.schemas.alarms import AlarmOut
from belvedere.faces.rest.schemas.supervising import CloseIn, NoteIn, ShelveIn, WordIn, instant_of


def _show(request: HttpRequest, response: HttpResponse, alarm_id: int) -> AlarmOut:
    return alarm_out(request, alarm_id)


ON_ALARM = Acts("/alarms/{int:alarm_id}", "alarm_id", int, AlarmOut, _show)


@ON_ALARM.post("acknowledge")
def acknowledge_alarm(which: Which, given: NoteIn) -> None:
    """Somebody has seen it."""
    automation.acknowledge(**which, note=given.note, expected=given.state())


@ON_ALARM.post("take-up")
def take_up_alarm(which: Which, given: NoteIn) -> None:
    """Somebody works on it."""
    automation.take_up(**which, note=given.note, expected=given.state())


@ON_ALARM.post("comments", twice=True)
def comment_alarm(which: Which, given: WordIn) -> None:
    """Add a word to its timeline."""
    automation.comment(**which, text=given.text)


@ON_ALARM.post("shelve")
def shelve_alarm(which: Which, given: ShelveIn) -> None:
    """Do not show it until then, nor tell anybody, whatever it does meanwhile."""
    automation.shelve(**which, until=instant_of(given.until, "until"), why=given.why)


@ON_ALARM.post("unshelve")
def unshelve_alarm(which: Which, given: NoteIn) -> None:
    """Show it again now."""
    automation.unshelve(**which, note=given.note)


@ON_ALARM.post("close")
def close_alarm(which: Which, given: CloseIn) -> None:
    """It is done, with what is grouped beneath it and over: the proof says what was found and done."""
    automation.close(**which, proof=given.proof, expected=given.state())
