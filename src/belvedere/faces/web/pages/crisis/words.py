"""Crises in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from belvedere.domains.crisis.public import (
    CATEGORY_NAMES,
    ENDS,
    KIND_NAMES,
    TASK_STATE_NAMES,
    Category,
    CrisisView,
    Kind,
    Line,
    PointView,
    TaskState,
)
from belvedere.faces.web import formats
from belvedere.faces.web.pages.crisis.signs import Sign, phase
from belvedere.faces.web.pages.logbook import words as logbook_words
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.errors import N_

__all__ = [
    "VERBS",
    "Sign",
    "Told",
    "category",
    "finding",
    "kind",
    "own",
    "parts",
    "phase",
    "task_state",
    "timeline",
]

# in the journal
VERBS: Final = {
    "crisis.create_plan": N_("wrote a crisis plan"),
    "crisis.change_plan": N_("changed a crisis plan"),
    "crisis.remove_plan": N_("removed a crisis plan"),
    "crisis.declare": N_("declared a crisis"),
    "crisis.change_phase": N_("changed the phase of a crisis"),
    "crisis.end": N_("ended a crisis"),
    "crisis.take_role": N_("took a role in a crisis"),
    "crisis.hand_role": N_("handed on a role in a crisis"),
    "crisis.add_role": N_("added a role to a crisis"),
    "crisis.mark_absent": N_("marked somebody absent in a crisis"),
    "crisis.mark_back": N_("marked somebody present again in a crisis"),
    "crisis.tick_task": N_("ticked a point of a task in a crisis"),
    "crisis.begin_task": N_("began a task of a crisis"),
    "crisis.finish_task": N_("finished a task of a crisis"),
    "crisis.cancel_task": N_("cancelled a task of a crisis"),
    "crisis.reopen_task": N_("opened a task of a crisis again"),
    "crisis.assign_task": N_("gave a task of a crisis to somebody"),
    "crisis.add_task": N_("added a task to a crisis"),
    "crisis.write_point": N_("wrote a situation point"),
    "crisis.strike_point": N_("struck a situation point"),
}
_SIGNS: Final = {
    Category.PHASE: "flag",
    Category.ROLE: "users",
    Category.TASK: "checklist",
    Category.POINT: "clipboard-list",
    Category.LOG: "book",
    Category.ALARM: "bell",
    Category.INTERVENTION: "tool",
    Category.COMMAND: "send",
}
_STATE_LEVELS: Final = {TaskState.DOING: "info", TaskState.DONE: "ok"}
# What is filled in: phase, role, who it concerns.
_ACTS: Final = {
    "phase:declare": N_("Declared, phase: %(phase)s"),
    "phase:raise": N_("Phase raised to: %(phase)s"),
    "phase:lower": N_("Phase lowered to: %(phase)s"),
    "phase:recover": N_("Phase: %(phase)s"),
    "phase:end": N_("Ended"),
    "role:take": N_("%(role)s: taken"),
    "role:hand": N_("%(role)s: handed to %(other)s"),
    "role:stand_in": N_("%(role)s: passes to %(other)s"),
    "role:vacant": N_("%(role)s: nobody is left"),
    "role:add": N_("%(role)s: added"),
    "role:absent": N_("%(other)s is absent"),
    "role:back": N_("%(other)s is there again"),
    "task:open": N_("Task opened"),
    "task:begin": N_("Task begun"),
    "task:finish": N_("Task finished"),
    "task:cancel": N_("Task cancelled"),
    "task:reopen": N_("Task opened again"),
    "task:tick": N_("Point ticked"),
    "task:untick": N_("Tick taken back"),
    "task:assign": N_("Task given to %(other)s"),
    "point:write": N_("Situation point %(number)s"),
    "point:strike": N_("Situation point %(number)s, strikes %(struck)s"),
}
_TASK_BACK = N_("Task given back to who has the role")


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the timeline as a page shows it."""

    line: Line
    icon: str
    category: str
    title: str
    what: str
    url: str
    text: str
    by: str
    parts: tuple[tuple[str, str], ...] = ()

    @property
    def plain(self) -> str:
        """All that it tells, in one text."""
        return "\n".join(one for one in (self.what, self.text, *(f"{n}: {t}" for n, t in self.parts)) if one)


def kind(of: Kind) -> str:
    return gettext(KIND_NAMES[of])


def task_state(of: TaskState) -> Sign:
    return Sign(gettext(TASK_STATE_NAMES[of]), _STATE_LEVELS.get(of, ""))


def category(of: Category) -> str:
    return gettext(CATEGORY_NAMES[of])


def own(text: str) -> str:
    """A text of the timeline; what the platform itself said is translated."""
    return gettext(text) if text == ENDS else text


def finding(view: CrisisView) -> str:
    """The title of its page: which phase since when, and what is open."""
    said = {"crisis": view.name, "phase": phase(view.phase).label, "since": formats.moment(view.phase_at)}
    if not view.runs:
        return gettext("%(crisis)s: ended") % said
    still = [one for one in view.tasks if one.is_open]
    late = sum(one.is_late for one in still)
    title = gettext("%(crisis)s: %(phase)s since %(since)s") % said
    if not still:
        return title
    tasks = ngettext("%(n)s open task", "%(n)s open tasks", len(still)) % {"n": len(still)}
    behind = ngettext("%(n)s late", "%(n)s late", late) % {"n": late} if late else ""
    return ", ".join(one for one in (title, tasks, behind) if one)


def parts(point: PointView) -> tuple[tuple[str, str], ...]:
    """The parts of a situation point that say something, each with its name."""
    told = [
        (gettext("Situation"), point.situation),
        (gettext("What is done"), point.done),
        (gettext("What is expected"), point.expected),
        (gettext("Decisions"), point.decisions),
        (gettext("Next situation point"), formats.moment(point.next_at) if point.next_at else ""),
    ]
    return tuple((name, text) for name, text in told if text)


def timeline(room: Room, crisis: CrisisView, lines: Iterable[Line]) -> list[Told]:
    rows = list(lines)
    entries = [one.entry for one in rows if one.entry is not None]
    noted = {one.view.id: one for one in logbook_words.lines(room, entries)}
    return [
        _from_log_book(one, noted[one.entry.id]) if one.entry is not None else _own(room, crisis, one)
        for one in rows
    ]


def _own(room: Room, crisis: CrisisView, one: Line) -> Told:
    pattern = _ACTS[f"{one.category}:{one.act}"]
    if one.act == "assign" and not one.other:
        pattern = _TASK_BACK
    title = gettext(pattern) % _values(one)
    what, url, text = one.what, "", own(one.text)
    if one.category is Category.TASK:
        what = " · ".join(part for part in (one.what, one.role) if part)
        url = reverse("crisis:task", args=[room.territory, crisis.id, one.task_id])
    elif one.category is Category.PHASE:
        what = one.what
    if one.category is Category.ROLE and one.act == "take" and one.other:
        text = gettext("instead of %(other)s") % {"other": one.other}
    return Told(
        line=one,
        icon=_SIGNS[one.category],
        category=category(one.category),
        title=title,
        what=what,
        url=url,
        text=text,
        by=one.person or "Belvédère",
        parts=parts(one.point) if one.point is not None else (),
    )


def _values(one: Line) -> Mapping[str, str]:
    return {
        "phase": phase(one.phase).label if one.phase is not None else "",
        "role": one.role,
        "other": one.other or gettext("somebody"),
        "number": str(one.point.number) if one.point is not None else "",
        "struck": str(one.point.strikes or "") if one.point is not None else "",
    }


def _from_log_book(one: Line, noted: logbook_words.Line) -> Told:
    return Told(
        line=one,
        icon=noted.icon,
        category=category(one.category),
        title=noted.category,
        what=noted.what,
        url=noted.url,
        text=noted.view.text,
        by=noted.by,
    )
