"""THE DOOR of exchange: other systems that are told of changes of the territory, each in a person's name.

Words: subscription (what another system wants to be told of, ETSI GS CIM 009 clause 5.2.12), notice (what one
change tells one subscription), lane (the deliveries of one subscription, in order), parked (put aside: kept,
not sent until somebody asks).
It listens, within their transactions, to ContextChanged, PresentChanged, EntitiesCreated, EntityChanged and
EntityRemoved.
Not for: messages to people (notices), changes of measures told to other systems (webhooks), open pages
(faces.live).
"""

from belvedere.domains.exchange.actions import (
    create_subscription,
    delete_subscription,
    extend_subscription,
    pause_subscription,
    replay,
    resume_subscription,
    update_subscription,
)
from belvedere.domains.exchange.delivering import Round, attempt, prepare
from belvedere.domains.exchange.lanes import (
    CHANNEL,
    Outcome,
    backlog,
    claim,
    free_lost,
    hold,
    next_due,
    record,
)
from belvedere.domains.exchange.policies import may
from belvedere.domains.exchange.queries import (
    Page,
    Reads,
    SubscriberView,
    query,
    retrieve,
    subscriber,
    subscribers,
)
from belvedere.domains.exchange.states import Fate, Status, Stopped
from belvedere.domains.exchange.ticking import tick
from belvedere.domains.exchange.ways import Way

__all__ = [
    "CHANNEL",
    "Fate",
    "Outcome",
    "Page",
    "Reads",
    "Round",
    "Status",
    "Stopped",
    "SubscriberView",
    "Way",
    "attempt",
    "backlog",
    "claim",
    "create_subscription",
    "delete_subscription",
    "extend_subscription",
    "free_lost",
    "hold",
    "may",
    "next_due",
    "pause_subscription",
    "prepare",
    "query",
    "record",
    "replay",
    "resume_subscription",
    "retrieve",
    "subscriber",
    "subscribers",
    "tick",
    "update_subscription",
]
