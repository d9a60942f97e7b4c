"""Rules and alarms in the reader's words: how urgent, where they stand, what raised them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.utils.translation import gettext, ngettext

from belvedere.domains.automation.public import (
    ACT_NAMES,
    ALARM_STATE_NAMES,
    MAINTENANCE,
    WHY_NAMES,
    AlarmList,
    AlarmState,
    AlarmView,
    RaisedBy,
    StepView,
    Why,
)
from belvedere.faces.web import formats
from belvedere.faces.web.pages.live import words as live
from belvedere.faces.web.pages.live.words import Word
from belvedere.kernel.errors import N_
from belvedere.kernel.severity import SEVERITY_NAMES, Severity

# in the journal
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
_SEVERITIES: Final = {
    Severity.CRITICAL: ("critical", "alert-octagon"),
    Severity.MAJOR: ("major", "alert-triangle"),
    Severity.MINOR: ("warn", "alert-circle"),
    Severity.INFO: ("info", "info-circle"),
}
_STATES: Final = {
    AlarmState.RAISED: ("critical", "user-question"),
    AlarmState.ACKNOWLEDGED: ("", "eye"),
    AlarmState.IN_PROGRESS: ("info", "tool"),
    AlarmState.CLEARED: ("ok", "check"),
    AlarmState.CLOSED: ("", "archive"),
}


def severity(of: Severity) -> Word:
    level, sign = _SEVERITIES[of]
    return Word(gettext(SEVERITY_NAMES[of]), level, sign)


def state(of: AlarmState) -> Word:
    level, sign = _STATES[of]
    return Word(gettext(ALARM_STATE_NAMES[of]), level, sign)


def why(of: Why) -> str:
    """Why the platform cleared it, where the values did not; else ""."""
    return gettext(WHY_NAMES[of]) if WHY_NAMES[of] else ""


def noted(text: str) -> str:
    """What somebody wrote; what the platform itself did, in the words of the reader."""
    return gettext(MAINTENANCE) if text == MAINTENANCE else text


def act(step: StepView) -> str:
    return gettext(ACT_NAMES[step.act])


def counted(of: Severity, n: int) -> str:
    """“3 major alarms”, without the number."""
    told = {
        Severity.CRITICAL: ngettext("critical", "critical", n),
        Severity.MAJOR: ngettext("major", "major", n),
        Severity.MINOR: ngettext("minor", "minor", n),
        Severity.INFO: ngettext("for information", "for information", n),
    }
    return told[of]


def value(view: AlarmView, one: RaisedBy) -> str:
    """What raised it: “Filling level 95 %”; of many things “7 of 40 things”."""
    if one.among is not None:
        return _together(view, one, one.among)
    if one.number is None and not one.text:
        return gettext("%(what)s never heard") % {"what": live.term(view.kind, one.attribute)}
    told: object = {"true": True, "false": False}.get(one.text, one.text)
    said = live.value(view.kind, one.attribute, one.number, told, one.unit)
    told = gettext("%(what)s %(value)s") % {"what": live.term(view.kind, one.attribute), "value": said}
    if one.foreseen_at is not None:
        return gettext("%(told)s, expected %(when)s") % {
            "told": told,
            "when": formats.moment(one.foreseen_at),
        }
    if one.usual is None:
        return told
    base = live.value(view.kind, one.attribute, one.usual, None, one.unit)
    return gettext("%(told)s (compared with %(base)s)") % {"told": told, "base": base}


def _together(view: AlarmView, one: RaisedBy, among: int) -> str:
    """What many things came to."""
    if one.counted is not None:
        return ngettext("%(n)s of %(all)s thing", "%(n)s of %(all)s things", among) % {
            "n": formats.number(one.counted),
            "all": formats.number(among),
        }
    whole = replace(one, among=None)
    told = {"told": value(view, whole), "all": formats.number(among)}
    return ngettext("%(told)s, sum of %(all)s thing", "%(told)s, sum of %(all)s things", among) % told


def values(view: AlarmView) -> str:
    """In one line; of many things without their names."""
    return ", ".join(value(view, one) for one in view.values if one.thing is None)


def finding(found: AlarmList, *, chosen: bool) -> str:
    """The title of a list of alarms, of all or of chosen ones: what calls for somebody first."""
    waiting = found.by_state.get(AlarmState.RAISED, 0)
    if waiting:
        return ngettext(
            "%(count)s alarm waits for somebody", "%(count)s alarms wait for somebody", waiting
        ) % {"count": formats.number(waiting)}
    if found.total:
        return ngettext(
            "%(count)s alarm, none waits for somebody",
            "%(count)s alarms, none waits for somebody",
            found.total,
        ) % {"count": formats.number(found.total)}
    return gettext("No alarm in this choice") if chosen else gettext("No alarm is open")
