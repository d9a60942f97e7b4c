"""The log book in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from belvedere.domains.commands import public as commands
from belvedere.domains.crisis.public import PHASE_NAMES, Phase
from belvedere.domains.interventions import public as interventions
from belvedere.domains.logbook.public import CATEGORY_NAMES, COMES, Category, EntryView
from belvedere.domains.territory.public import name_in, organisations_by_id, places
from belvedere.faces.web.pages.automation import showing
from belvedere.faces.web.pages.automation import words as alarm_words
from belvedere.faces.web.pages.commands import words as command_words
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.errors import N_

# in the journal
VERBS: Final = {
    "logbook.write": N_("wrote in the log book"),
    "logbook.strike": N_("struck an entry of the log book"),
    "logbook.hand_over": N_("handed the shift over"),
    "logbook.take_over": N_("took the shift over"),
}
_SIGNS: Final = {
    Category.OBSERVATION: "eye",
    Category.CALL: "phone",
    Category.ACTION: "tool",
    Category.DECISION: "checklist",
    Category.MESSAGE: "inbox",
    Category.CORRECTION: "edit",
    Category.SHIFT: "users",
    Category.ALARM: "bell",
    Category.INTERVENTION: "checklist",
    Category.COMMAND: "send",
    Category.CRISIS: "flag",
}
_CRISIS: Final = {
    "begin": N_("declared, phase: %(phase)s"),
    "phase": N_("phase: %(phase)s"),
    "end": N_("ended"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as a page shows it. `what`: what an automatic entry is about; `by`: who wrote or did it."""

    view: EntryView
    category: str
    icon: str
    what: str
    url: str
    by: str
    where: str
    owner: str

    @property
    def plain(self) -> str:
        """All that it tells, in one text."""
        return "\n".join(one for one in (self.what, self.view.text) if one)


def category(of: Category) -> str:
    return gettext(CATEGORY_NAMES[of])


def lines(room: Room, found: Iterable[EntryView]) -> list[Line]:
    views = list(found)
    communes = {key: one.name for key, one in places({v.place_id for v in views if v.place_id}).items()}
    owners = {
        key: one.label for key, one in organisations_by_id({v.owner_id for v in views if v.owner_id}).items()
    }
    return [_line(room, one, communes, owners) for one in views]


def _line(room: Room, view: EntryView, communes: Mapping[UUID, str], owners: Mapping[UUID, str]) -> Line:
    what, url = _about(room, view)
    return Line(
        view=view,
        category=category(view.category),
        icon=_SIGNS[view.category],
        what=what,
        url=url,
        by=(view.step.by if view.step is not None else view.by) or "Belvédère",
        where=communes.get(view.place_id, "") if view.place_id else "",
        owner=owners.get(view.owner_id, "") if view.owner_id else room.territory.name,
    )


def _about(room: Room, view: EntryView) -> tuple[str, str]:
    """What it is about and where that is shown."""
    if view.category is Category.SHIFT:
        return gettext("took the shift over") if view.act == COMES else gettext("handed the shift over"), ""
    if view.category is Category.CRISIS:
        act, _colon, phase = view.act.partition(":")
        named = gettext(PHASE_NAMES[Phase(phase)]) if phase else ""
        said = gettext(_CRISIS[act]) % {"phase": named}
        return said, reverse("crisis:crisis", args=[room.territory, view.crisis_id])
    if view.alarm is not None:
        alarm = view.alarm
        what = f"{alarm.rule_name} · {showing.name_of(room, alarm)}"
        if view.step is not None:
            severity = alarm_words.severity(alarm.severity).label
            what = f"{alarm_words.act(view.step)} ({severity}) · {what}"
        return what, reverse("automation:alarm", args=[room.territory, alarm.id])
    if view.intervention is not None:
        job = view.intervention
        act = gettext(interventions.ACT_NAMES[interventions.Act(view.act)])
        what = " · ".join(one for one in (act, f"{job.number}, {job.what}", job.team) if one)
        return what, reverse("interventions:intervention", args=[room.territory, job.id])
    if view.command is not None:
        asked = view.command
        name = name_in(asked.names, room.language, room.territory.languages) or str(asked.entity_id)
        act = gettext(commands.ACT_NAMES[commands.Act(view.act)])
        told = f"{command_words.kind(asked.kind)}, {command_words.value(asked.kind, asked.value)}"
        return f"{act} · {told} · {name}", reverse("commands:command", args=[room.territory, asked.id])
    if view.category in (Category.ALARM, Category.INTERVENTION, Category.COMMAND):
        return gettext("Something that is not for you to see, or is no longer kept"), ""
    return "", ""
