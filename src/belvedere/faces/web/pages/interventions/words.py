"""Interventions in the reader's words."""

from __future__ import annotations

from django.utils.translation import get_language, gettext

from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.public import Act, Kind, State
from belvedere.faces.web.pages.live.words import Word
from belvedere.kernel.errors import N_
from belvedere.kernel.severity import SEVERITY_NAMES, Severity

LOOKS: dict[State, tuple[str, str]] = {
    State.PLANNED: ("", "circle-dashed"),
    State.DISPATCHED: ("info", "send"),
    State.ACCEPTED: ("info", "check"),
    State.ON_THE_WAY: ("info", "truck"),
    State.ON_SITE: ("info", "map-pin"),
    State.DONE: ("warn", "eye"),
    State.VERIFIED: ("ok", "circle-check"),
    State.CANCELLED: ("", "ban"),
}
URGENT = {
    Severity.INFO: ("", "info-circle"),
    Severity.MINOR: ("", "circle-dot"),
    Severity.MAJOR: ("major", "alert-triangle"),
    Severity.CRITICAL: ("critical", "alert-octagon"),
}
# in the journal
VERBS = {
    "interventions.plan": N_("planned an intervention"),
    "interventions.change": N_("changed an intervention"),
    "interventions.dispatch": N_("dispatched an intervention"),
    "interventions.accept": N_("accepted an intervention"),
    "interventions.depart": N_("left for an intervention"),
    "interventions.arrive": N_("arrived at an intervention"),
    "interventions.tick": N_("ticked a point of an intervention"),
    "interventions.untick": N_("opened a point of an intervention again"),
    "interventions.note_time": N_("noted time on an intervention"),
    "interventions.note_part": N_("noted a part used on an intervention"),
    "interventions.remark": N_("wrote a remark on an intervention"),
    "interventions.add_photo": N_("added a photo to an intervention"),
    "interventions.sign": N_("had an intervention signed"),
    "interventions.give_back": N_("gave an intervention back"),
    "interventions.finish": N_("finished an intervention"),
    "interventions.send_back": N_("sent an intervention back to its team"),
    "interventions.verify": N_("verified an intervention"),
    "interventions.cancel": N_("cancelled an intervention"),
    "interventions.settle": N_("looked at an act of a phone that could not be taken"),
    "interventions.set_rate": N_("said what an hour of a team costs"),
    "interventions.save_team": N_("changed a team"),
    "interventions.remove_team": N_("removed a team"),
    "interventions.save_checklist": N_("changed a checklist"),
    "interventions.plan_preventive": N_("planned a maintenance that comes back"),
    "interventions.plan_by_need": N_("planned a maintenance that comes by need"),
    "interventions.stop_by_need": N_("stopped a maintenance that comes by need"),
    "interventions.stop_preventive": N_("stopped a maintenance that comes back"),
}


def language() -> str:
    return (get_language() or "fr")[:2]


def state(of: State) -> Word:
    level, icon = LOOKS[of]
    return Word(gettext(interventions.STATE_NAMES[of]), level, icon)


def urgency(of: Severity) -> Word:
    level, icon = URGENT[of]
    return Word(gettext(SEVERITY_NAMES[of]), level, icon)


def kind(of: Kind) -> str:
    return gettext(interventions.KIND_NAMES[of])


def act(of: Act) -> str:
    return gettext(interventions.ACT_NAMES[of])


def why(message: str, data: dict[str, object]) -> str:
    """A refused act's sentence."""
    try:
        return gettext(message).format_map(data) if message else ""
    except (KeyError, IndexError, ValueError):
        return gettext(message)
