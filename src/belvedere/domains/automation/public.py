"""THE DOOR of automation: rules that watch things, and the alarms they raise.

Words: rule (what is watched, in versions), clause (what is wrong with one attribute), alarm (a rule found
something wrong with a thing: raised, acknowledged, in progress, cleared, closed), step (of its timeline),
shelved (not shown for a while), grouped (beneath the alarm of what the thing hangs on).
Events: AlarmsChanged (also within the transaction, for an outbox), RulesChanged.
Not for: the present state of things by their thresholds (twin), who is on duty and how people are reached,
interventions, commands.
"""

from belvedere.domains.automation.alarm_actions import (
    acknowledge,
    acknowledge_all,
    close,
    comment,
    shelve,
    take_up,
    unshelve,
)
from belvedere.domains.automation.alarm_queries import (
    Filters,
    alarm,
    alarms,
    alarms_by_id,
    alarms_of,
    found_by_words,
    going_on,
    steps_by_id,
)
from belvedere.domains.automation.bodies import (
    Body,
    Change,
    Clause,
    Condition,
    Count,
    Excepted,
    Hours,
    Level,
    Neighbours,
    Says,
    Silence,
    Stuck,
    Sum,
    Usual,
    Watched,
)
from belvedere.domains.automation.bodies import read as body_from
from belvedere.domains.automation.bodies import written as body_as_json
from belvedere.domains.automation.counting import handlers_of, raised_by_rule
from belvedere.domains.automation.judging import Done, Judge
from belvedere.domains.automation.load import Bad, Load, load
from belvedere.domains.automation.policies import may
from belvedere.domains.automation.rule_actions import remove_rule, save_rule, switch_rule
from belvedere.domains.automation.rule_queries import rule, rules, versions_of
from belvedere.domains.automation.states import (
    ACT_NAMES,
    ACTIVE,
    ALARM_STATE_NAMES,
    OPEN,
    TRANSITIONS,
    WHY_NAMES,
    Act,
    AlarmState,
    Closing,
    Why,
)
from belvedere.domains.automation.trying import MOST_DAYS, try_on_past, watched_by
from belvedere.domains.automation.views import (
    AlarmList,
    AlarmPage,
    AlarmView,
    Past,
    RaisedBy,
    RuleDraft,
    RuleView,
    StepView,
    Tried,
    WatchedBy,
)

__all__ = [
    "ACTIVE",
    "ACT_NAMES",
    "ALARM_STATE_NAMES",
    "MOST_DAYS",
    "OPEN",
    "TRANSITIONS",
    "WHY_NAMES",
    "Act",
    "AlarmList",
    "AlarmPage",
    "AlarmState",
    "AlarmView",
    "Bad",
    "Body",
    "Change",
    "Clause",
    "Closing",
    "Condition",
    "Count",
    "Done",
    "Excepted",
    "Filters",
    "Hours",
    "Judge",
    "Level",
    "Load",
    "Neighbours",
    "Past",
    "RaisedBy",
    "RuleDraft",
    "RuleView",
    "Says",
    "Silence",
    "StepView",
    "Stuck",
    "Sum",
    "Tried",
    "Usual",
    "Watched",
    "WatchedBy",
    "Why",
    "acknowledge",
    "acknowledge_all",
    "alarm",
    "alarms",
    "alarms_by_id",
    "alarms_of",
    "body_as_json",
    "body_from",
    "close",
    "comment",
    "found_by_words",
    "going_on",
    "handlers_of",
    "load",
    "may",
    "raised_by_rule",
    "remove_rule",
    "rule",
    "rules",
    "save_rule",
    "shelve",
    "steps_by_id",
    "switch_rule",
    "take_up",
    "try_on_past",
    "unshelve",
    "versions_of",
    "watched_by",
]
