"""What is still missing on a measure, and the way to it: derived, so that the list empties by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from belvedere.domains.plans.public import states, views
from belvedere.faces.web.pages.plans import words
from belvedere.faces.web.pages.plans.addresses import open_url
from belvedere.faces.web.pages.plans.edit_parts import PARTS
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.errors import N_

# A flag is cured by editing this part, for those who may.
CURES = {
    states.Flag.NO_COST: "estimate",
    states.Flag.NO_SITE: "site",
    states.Flag.NO_DATES: "spending",
    states.Flag.AID_EXCEEDS_COST: "estimate",
    states.Flag.SPENDING_GAP: "spending",
    states.Flag.UNLIKE_FUNDING: "estimate",
    states.Flag.LATE: "dates",
    states.Flag.DEADLINE_RISK: "dates",
    states.Flag.COST_DRIFT: "estimate",
    states.Flag.STALE: "texts",
    states.Flag.INCOMPLETE: "texts",
    states.Flag.UNFUNDED: "funding",
}
# Said at the top with what may be lost.
ELSEWHERE = frozenset({states.Flag.DEADLINE_RISK})
# Said below, one by one, for what they are.
APART = frozenset({states.Flag.NO_COST, states.Flag.NO_SITE, states.Flag.NO_DATES, states.Flag.INCOMPLETE})


@dataclass(frozen=True, slots=True)
class Missing:
    label: str
    why: str
    url: str


def flags(room: Room, view: views.MeasureView, *, has_threat: bool = False) -> list[dict[str, str]]:
    """What is the matter and what to do, with the way there for those who may."""
    if not room.is_cockpit:
        return []
    found = []
    for flag in view.flags:
        if flag in APART or (flag in ELSEWHERE and has_threat):
            continue
        _short, what, do = words.FLAGS[flag]
        part = CURES[flag]
        able = PARTS[part].allows(room, view)
        found.append(
            {
                "level": words.FLAG_LEVEL.get(flag, "warn"),
                "title": gettext(what),
                "text": gettext(do),
                "url": open_url(room, view, part) if able else "",
                "action": gettext("Correct it") if able else "",
            }
        )
    return found


def missing(room: Room, view: views.MeasureView, shown: dict[str, Any]) -> list[Missing]:
    """The parts that a complete measure has and this one has not, the most needed first."""
    if not shown["inside"]:
        return []
    checks: tuple[tuple[bool, str, str, str], ...] = (
        (
            not any(view.description.values()),
            "texts",
            N_("Describe it"),
            N_("What it is and why it is needed."),
        ),
        (not view.estimates, "estimate", N_("Enter its cost"), N_("Without it the measure is in no total.")),
        (
            not view.sites and view.kind in ("infrastructure", "settlement", "landscape"),
            "site",
            N_("Draw its site"),
            N_("So that it stands on the map, even roughly."),
        ),
        (not view.listings, "plan", N_("List it in a plan"), N_("With its code and its priority.")),
        (not view.phase, "phase", N_("Say its phase"), N_("From the first study to the operation.")),
        (not shown["has_pilot"], "actor", N_("Name its pilot"), N_("The one person to ask.")),
        (not view.phases, "dates", N_("Enter its dates"), N_("Planned now, forecast later.")),
        (
            not view.spending,
            "spending",
            N_("Spread its cost over the years"),
            N_("So that the budget of each year counts it."),
        ),
        (
            bool(view.estimates) and not view.funding,
            "funding",
            N_("Say who else pays"),
            N_("Aid, contributions, and by which rule."),
        ),
        (
            not shown["effects"],
            "effect",
            N_("Say what it should achieve"),
            N_("An indicator with its target."),
        ),
    )
    found = []
    for is_missing, part, label, why in checks:
        if is_missing:
            url = open_url(room, view, part)
            if url and part == "actor":
                url += "?role=pilot"
            found.append(Missing(gettext(label), gettext(why), url))
    return found
