"""The equipment register in the reader's words."""

from __future__ import annotations

from django.utils.translation import get_language, gettext

from belvedere.domains.equipment import public as equipment
from belvedere.domains.equipment.public import State
from belvedere.faces.web.pages.live.words import Word
from belvedere.kernel.errors import N_
from belvedere.kernel.severity import SEVERITY_NAMES, Severity

LOOKS: dict[State, tuple[str, str]] = {
    State.IN_SERVICE: ("ok", "check"),
    State.MAINTENANCE: ("info", "tool"),
    State.OUT_OF_SERVICE: ("warn", "alert-triangle"),
    State.REMOVED: ("", "circle-dashed"),
}
# in the journal
VERBS = {
    "equipment.register": N_("registered equipment"),
    "equipment.change": N_("changed equipment"),
    "equipment.move": N_("put equipment under another one"),
    "equipment.link_thing": N_("said which thing of the live territory a piece of equipment is"),
    "equipment.put_under_maintenance": N_("put equipment under maintenance"),
    "equipment.end_maintenance": N_("ended a maintenance"),
    "equipment.call_off_maintenance": N_("called off a maintenance"),
    "equipment.put_back_in_service": N_("put equipment back in service"),
    "equipment.take_out_of_service": N_("took equipment out of service"),
    "equipment.remove": N_("removed equipment"),
    "equipment.add_photo": N_("added a photo of equipment"),
    "equipment.add_document": N_("added a document to equipment"),
    "equipment.remove_document": N_("removed a file from equipment"),
    "equipment.make_contract": N_("made a maintenance contract"),
    "equipment.change_contract": N_("changed a maintenance contract"),
    "equipment.end_contract": N_("ended a maintenance contract"),
    "equipment.add_contract_document": N_("added a document to a maintenance contract"),
    "equipment.remove_contract_document": N_("removed a document from a maintenance contract"),
}


def language() -> str:
    return (get_language() or "fr")[:2]


def state(of: State) -> Word:
    """The word of how equipment is."""
    level, icon = LOOKS[of]
    return Word(gettext(equipment.STATE_NAMES[of]), level, icon)


def severity(of: Severity) -> str:
    return gettext(SEVERITY_NAMES[of])


def kind(slug: str) -> str:
    """The name of a kind of equipment; the slug of one that is no longer described."""
    found = equipment.kinds().get(slug)
    return found.label(language()) if found is not None else slug


def kinds(slug: str) -> str:
    """The name of a kind of equipment, for several."""
    found = equipment.kinds().get(slug)
    return found.plural.get(language(), found.plural["en"]) if found is not None else slug


def icon(slug: str) -> str:
    found = equipment.kinds().get(slug)
    return found.icon if found is not None else "tool"
