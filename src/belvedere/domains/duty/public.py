"""THE DOOR of duty: who is on duty, how alarms climb while nobody acknowledges them, who is told.

Words: roster (who is on duty when), turn, stand-in, plan of climbing (levels, whom, by what, after how
long), climb (an alarm on its way up), call (one person told by one channel, once).
Events: none; it hears of AlarmsChanged (automation).
Not for: what raises alarms (automation), making the mail (faces/notices).
"""

from belvedere.domains.duty.absences import Read, forget_absences, gaps_of, take_absences
from belvedere.domains.duty.actions import (
    add_stand_in,
    end_stand_in,
    remove_plan,
    remove_roster,
    save_plan,
    save_roster,
)
from belvedere.domains.duty.bodies import (
    BY_DEFAULT,
    LevelBody,
    PlanBody,
    RosterBody,
    ShiftBody,
    Whom,
    checked_plan,
)
from belvedere.domains.duty.calling import phones_on_duty
from belvedere.domains.duty.climbing import climb_due
from belvedere.domains.duty.feeds import FeedRead, close_feed, my_feeds, open_feed, read_feed
from belvedere.domains.duty.letters import Letter, Said, Told
from belvedere.domains.duty.policies import may_stand_in, may_write
from belvedere.domains.duty.queries import plan, plans, roster, rosters, told_of
from belvedere.domains.duty.sending import send_due
from belvedere.domains.duty.states import (
    CALL_STATE_NAMES,
    CHANNEL_NAMES,
    CHOSEN,
    ENDED_NAMES,
    MOST_LEVELS,
    TARGET_NAMES,
    CallState,
    Channel,
    Ended,
    Target,
)
from belvedere.domains.duty.views import (
    CallView,
    ClimbView,
    FeedView,
    GapView,
    PlanView,
    RosterView,
    StandInView,
)

__all__ = [
    "BY_DEFAULT",
    "CALL_STATE_NAMES",
    "CHANNEL_NAMES",
    "CHOSEN",
    "ENDED_NAMES",
    "MOST_LEVELS",
    "TARGET_NAMES",
    "CallState",
    "CallView",
    "Channel",
    "ClimbView",
    "Ended",
    "FeedRead",
    "FeedView",
    "GapView",
    "Letter",
    "LevelBody",
    "PlanBody",
    "PlanView",
    "Read",
    "RosterBody",
    "RosterView",
    "Said",
    "ShiftBody",
    "StandInView",
    "Target",
    "Told",
    "Whom",
    "add_stand_in",
    "checked_plan",
    "climb_due",
    "close_feed",
    "end_stand_in",
    "forget_absences",
    "gaps_of",
    "may_stand_in",
    "may_write",
    "my_feeds",
    "open_feed",
    "phones_on_duty",
    "plan",
    "plans",
    "read_feed",
    "remove_plan",
    "remove_roster",
    "roster",
    "rosters",
    "save_plan",
    "save_roster",
    "send_due",
    "take_absences",
    "told_of",
]
