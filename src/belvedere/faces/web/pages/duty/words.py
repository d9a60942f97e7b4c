"""Duty in the reader's words."""

from __future__ import annotations

from typing import Final

from belvedere.kernel.errors import N_

# in the journal
VERBS: Final = {
    "duty.create_roster": N_("wrote a duty roster"),
    "duty.change_roster": N_("changed a duty roster"),
    "duty.remove_roster": N_("removed a duty roster"),
    "duty.add_stand_in": N_("entered a stand-in"),
    "duty.end_stand_in": N_("took a stand-in back"),
    "duty.create_plan": N_("wrote how alarms climb"),
    "duty.change_plan": N_("changed how alarms climb"),
    "duty.remove_plan": N_("removed how alarms climb"),
}
