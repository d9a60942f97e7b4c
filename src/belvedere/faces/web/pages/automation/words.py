"""The words of rules and alarms in the journal."""

from __future__ import annotations

from typing import Final

from belvedere.kernel.errors import N_

VERBS: Final = {
    "automation.create_rule": N_("wrote a rule"),
    "automation.change_rule": N_("changed a rule"),
    "automation.switch_rule_on": N_("switched a rule on"),
    "automation.switch_rule_off": N_("switched a rule off"),
    "automation.remove_rule": N_("removed a rule"),
    "automation.alarm_acknowledge": N_("acknowledged an alarm"),
    "automation.alarm_take_up": N_("took up an alarm"),
    "automation.alarm_close": N_("closed an alarm"),
    "automation.alarm_comment": N_("commented an alarm"),
    "automation.alarm_shelve": N_("shelved an alarm"),
    "automation.alarm_unshelve": N_("showed a shelved alarm again"),
}
