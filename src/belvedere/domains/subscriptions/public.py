"""THE DOOR of subscriptions: residents who ask to be told about the works of their street.

Words: scope (a measure, a place, a circle, the territory), change (of what everyone may read), rhythm,
digest. Who holds the link of a message holds the mailbox: no account. Events: SubscriptionAsked, DigestDue.
Not for: people who work on measures (duties of notifications, collaboration).
"""

from belvedere.domains.subscriptions import telling
from belvedere.domains.subscriptions.actions import (
    ask,
    change,
    check_scope,
    confirm,
    digest_was_sent,
    forget_unconfirmed,
    stop,
    stop_all,
)
from belvedere.domains.subscriptions.near import Near, near
from belvedere.domains.subscriptions.reading import changes, measures_in, of_link, one, state_of
from belvedere.domains.subscriptions.scope import Scope, of_circle, of_measure, of_place, of_territory
from belvedere.domains.subscriptions.sending import send_due
from belvedere.domains.subscriptions.states import RADII_M, ChangeKind, Rhythm, ScopeKind
from belvedere.domains.subscriptions.tokens import confirm_token, manage_token
from belvedere.domains.subscriptions.values import ChangeView, SubscriptionView
from belvedere.domains.subscriptions.watching import watch, watch_all, works_days

__all__ = [
    "RADII_M",
    "ChangeKind",
    "ChangeView",
    "Near",
    "Rhythm",
    "Scope",
    "ScopeKind",
    "SubscriptionView",
    "ask",
    "change",
    "changes",
    "check_scope",
    "confirm",
    "confirm_token",
    "digest_was_sent",
    "forget_unconfirmed",
    "manage_token",
    "measures_in",
    "near",
    "of_circle",
    "of_link",
    "of_measure",
    "of_place",
    "of_territory",
    "one",
    "send_due",
    "state_of",
    "stop",
    "stop_all",
    "telling",
    "watch",
    "watch_all",
    "works_days",
]
