"""Duty in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.utils.translation import gettext

from belvedere.domains.duty.public import (
    CALL_STATE_NAMES,
    CHANNEL_NAMES,
    ENDED_NAMES,
    CallView,
    ClimbView,
    RosterView,
)
from belvedere.faces.web import formats
from belvedere.faces.web.pages.reach import words as reach_words
from belvedere.kernel.errors import N_

# in the journal
VERBS: Final = {
    "duty.create_roster": N_("wrote a duty roster"),
    "duty.change_roster": N_("changed a duty roster"),
    "duty.remove_roster": N_("removed a duty roster"),
    "duty.add_stand_in": N_("entered a stand-in"),
    "duty.end_stand_in": N_("took a stand-in back"),
    "duty.open_feed": N_("made a private address of a calendar"),
    "duty.close_feed": N_("revoked a private address of a calendar"),
    "duty.take_absences": N_("entered absences from a calendar"),
    "duty.forget_absences": N_("forgot the absences of somebody"),
    "duty.create_plan": N_("wrote how alarms climb"),
    "duty.change_plan": N_("changed how alarms climb"),
    "duty.remove_plan": N_("removed how alarms climb"),
}
WEEKDAYS: Final = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


def weekdays() -> list[tuple[int, str]]:
    return [(number, gettext(name)) for number, name in enumerate(WEEKDAYS, 1)]


def who(view: RosterView, person_id: UUID | None) -> str:
    return view.people.get(person_id, "") if person_id is not None else gettext("nobody")


def on_duty(view: RosterView) -> str:
    """The title of a roster: who is on duty now."""
    told = {"who": who(view, view.now.who), "until": formats.moment(view.now.until), "roster": view.name}
    if view.now.who is None:
        return gettext("%(roster)s: nobody is on duty until %(until)s") % told
    return gettext("%(roster)s: %(who)s is on duty until %(until)s") % told


def finding(views: Sequence[RosterView]) -> str:
    if not views:
        return gettext("No roster yet: those who look after alarms are told")
    return on_duty(views[0])


def call(one: CallView) -> str:
    said = f"{gettext(CHANNEL_NAMES[one.channel])}, {gettext(CALL_STATE_NAMES[one.state])}"
    if one.wrong is not None:
        return f"{said}. {reach_words.wrong(one.wrong)}"
    if one.waits_until is not None:
        waits = gettext("not before %(at)s") % {"at": formats.moment(one.waits_until)}
        return f"{said}, {waits}"
    return said


def comes(climb: ClimbView | None) -> str:
    """What comes next, or why nothing does."""
    if climb is None:
        return gettext("Nobody is told: it stands beneath another one, or only informs.")
    if climb.ended is not None:
        return gettext(ENDED_NAMES[climb.ended])
    return gettext("Unless somebody acknowledges it: level %(n)s") % {"n": climb.level + 1}
