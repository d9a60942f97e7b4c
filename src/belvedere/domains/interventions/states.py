"""What an intervention is for, where it stands, and what may follow."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from belvedere.kernel.errors import N_


class Kind(StrEnum):
    """What an intervention is for."""

    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"
    INSPECTION = "inspection"


class State(StrEnum):
    """Where an intervention stands."""

    PLANNED = "planned"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    ON_THE_WAY = "on_the_way"
    ON_SITE = "on_site"
    DONE = "done"
    VERIFIED = "verified"
    CANCELLED = "cancelled"


class Act(StrEnum):
    """What a step of the timeline of an intervention tells."""

    PLAN = "plan"
    CHANGE = "change"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    DEPART = "depart"
    ARRIVE = "arrive"
    TICK = "tick"
    UNTICK = "untick"
    NOTE_TIME = "note_time"
    NOTE_PART = "note_part"
    REMARK = "remark"
    ADD_PHOTO = "add_photo"
    SIGN = "sign"
    GIVE_BACK = "give_back"  # the team cannot do it: to the office again
    FINISH = "finish"
    SEND_BACK = "send_back"  # the office is not content: to the team again
    VERIFY = "verify"
    CANCEL = "cancel"


OPEN: Final = (
    State.PLANNED,
    State.DISPATCHED,
    State.ACCEPTED,
    State.ON_THE_WAY,
    State.ON_SITE,
)
WITH_THE_TEAM: Final = (State.DISPATCHED, State.ACCEPTED, State.ON_THE_WAY, State.ON_SITE)

#: Where each act leads from where. An act that is not here changes no state.
TRANSITIONS: Final[Mapping[Act, Mapping[State, State]]] = {
    Act.DISPATCH: {State.PLANNED: State.DISPATCHED},
    Act.ACCEPT: {State.DISPATCHED: State.ACCEPTED},
    Act.DEPART: {State.ACCEPTED: State.ON_THE_WAY},
    # Who forgets to say that he leaves may still say that he is there.
    Act.ARRIVE: {State.ACCEPTED: State.ON_SITE, State.ON_THE_WAY: State.ON_SITE},
    Act.GIVE_BACK: dict.fromkeys(WITH_THE_TEAM, State.PLANNED),
    Act.FINISH: {State.ON_SITE: State.DONE},
    Act.SEND_BACK: {State.DONE: State.DISPATCHED},
    Act.VERIFY: {State.DONE: State.VERIFIED},
    Act.CANCEL: dict.fromkeys(OPEN, State.CANCELLED),
}
#: What may be written down in which states without changing them.
ALLOWED_IN: Final[Mapping[Act, tuple[State, ...]]] = {
    Act.CHANGE: OPEN,
    Act.TICK: (State.ON_SITE,),
    Act.UNTICK: (State.ON_SITE,),
    Act.NOTE_TIME: (*WITH_THE_TEAM, State.DONE),
    Act.NOTE_PART: (*WITH_THE_TEAM, State.DONE),
    Act.REMARK: (*WITH_THE_TEAM, State.DONE),
    Act.ADD_PHOTO: (*WITH_THE_TEAM, State.DONE),
    Act.SIGN: (State.ON_SITE,),
}
#: What the agents of the team do, on the spot, perhaps without a network.
OF_THE_FIELD: Final = (
    Act.ACCEPT,
    Act.DEPART,
    Act.ARRIVE,
    Act.TICK,
    Act.UNTICK,
    Act.NOTE_TIME,
    Act.NOTE_PART,
    Act.REMARK,
    Act.ADD_PHOTO,
    Act.SIGN,
    Act.GIVE_BACK,
    Act.FINISH,
)


class Outcome(StrEnum):
    """What became of an act that a phone sent."""

    TAKEN = "taken"
    REFUSED = "refused"  # kept as it came, for the office to look at


KIND_NAMES: Final = {
    Kind.CORRECTIVE: N_("Repair"),
    Kind.PREVENTIVE: N_("Preventive maintenance"),
    Kind.INSPECTION: N_("Inspection"),
}
STATE_NAMES: Final = {
    State.PLANNED: N_("To dispatch"),
    State.DISPATCHED: N_("Dispatched"),
    State.ACCEPTED: N_("Accepted"),
    State.ON_THE_WAY: N_("On the road"),
    State.ON_SITE: N_("On site"),
    State.DONE: N_("To verify"),
    State.VERIFIED: N_("Verified"),
    State.CANCELLED: N_("Cancelled"),
}
ACT_NAMES: Final = {
    Act.PLAN: N_("Planned"),
    Act.CHANGE: N_("Facts changed"),
    Act.DISPATCH: N_("Dispatched"),
    Act.ACCEPT: N_("Accepted"),
    Act.DEPART: N_("On the road"),
    Act.ARRIVE: N_("On site"),
    Act.TICK: N_("Point ticked"),
    Act.UNTICK: N_("Point open again"),
    Act.NOTE_TIME: N_("Time noted"),
    Act.NOTE_PART: N_("Part noted"),
    Act.REMARK: N_("Remark"),
    Act.ADD_PHOTO: N_("Photo"),
    Act.SIGN: N_("Signed"),
    Act.GIVE_BACK: N_("Given back to the office"),
    Act.FINISH: N_("Finished"),
    Act.SEND_BACK: N_("Sent back to the team"),
    Act.VERIFY: N_("Verified"),
    Act.CANCEL: N_("Cancelled"),
}


def can(act: Act, state: State) -> bool:
    """Whether the act may be done to an intervention in that state."""
    if act in TRANSITIONS:
        return state in TRANSITIONS[act]
    return state in ALLOWED_IN.get(act, ())
