"""Webhooks in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from belvedere.domains.webhooks.public import (
    EVENT_NAMES,
    FAILING_DAYS,
    DeliveryState,
    DeliveryView,
    EndpointView,
    EventKind,
    Stopped,
)
from belvedere.faces.web import formats
from belvedere.kernel.errors import N_


@dataclass(frozen=True, slots=True)
class Word:
    """A state: its level for the colour and icon, and its label."""

    label: str
    level: str


STATES = {
    DeliveryState.WAITING: Word(N_("Waits"), "warn"),
    DeliveryState.SENDING: Word(N_("Being sent"), "info"),
    DeliveryState.DELIVERED: Word(N_("Received"), "ok"),
    DeliveryState.GIVEN_UP: Word(N_("Given up"), "major"),
}
# in the journal
VERBS = {
    "webhooks.create_endpoint": N_("set a webhook up"),
    "webhooks.change_endpoint": N_("changed a webhook"),
    "webhooks.stop_endpoint": N_("stopped a webhook"),
    "webhooks.start_endpoint": N_("started a webhook again"),
    "webhooks.rotate_secret": N_("gave a webhook a new secret"),
    "webhooks.remove_endpoint": N_("removed a webhook"),
    "webhooks.replay_delivery": N_("had a message of a webhook sent again"),
}


def kind(one: EventKind) -> str:
    return gettext(EVENT_NAMES[one])


def kinds(view: EndpointView) -> str:
    return ", ".join(kind(one) for one in view.kinds)


def state_of(view: EndpointView) -> Word:
    """Where a webhook stands, in a few words."""
    if view.stopped is not None:
        return Word(gettext("Stopped"), "major" if view.stopped is not Stopped.BY_HAND else "")
    if view.failing_since is not None:
        return Word(gettext("No answer since %(day)s") % {"day": formats.day(view.failing_since)}, "warn")
    if view.last_at is None:
        return Word(gettext("Nothing received yet"), "info")
    return Word(gettext("Runs well"), "ok")


def why_stopped(view: EndpointView) -> str:
    """What happened and what to do; "" where it runs or was stopped by hand."""
    if view.stopped is Stopped.FAILING:
        return gettext(
            "The address took no message for %(days)s days, so nothing more is sent. Repair the receiver, "
            "then start the webhook again: what waits is sent then."
        ) % {"days": FAILING_DAYS}
    if view.stopped is Stopped.GONE:
        return gettext("The address answered that it is gone for good (410). Give another one, or remove it.")
    if view.stopped is Stopped.CREATOR:
        return gettext(
            "Who set this webhook up is no longer an administrator of the territory. Start it in your name."
        )
    return ""


def delivery_state(view: DeliveryView) -> Word:
    word = STATES[view.state]
    if view.state is DeliveryState.WAITING and view.tries and view.next_at is not None:
        return Word(gettext("Next try %(when)s") % {"when": formats.moment(view.next_at)}, word.level)
    return Word(gettext(word.label), word.level)


def finding(views: list[EndpointView]) -> str:
    """The title of the page: what the reader must know first."""
    broken = sum(
        1 for one in views if one.failing_since or (one.stopped and one.stopped is not Stopped.BY_HAND)
    )
    if broken:
        return ngettext(
            "%(count)s system does not receive the changes",
            "%(count)s systems do not receive the changes",
            broken,
        ) % {"count": broken}
    if not views:
        return gettext("No other system is told of changes yet")
    if not any(one.last_at for one in views):
        return gettext("Nothing was sent to another system yet")
    return gettext("Every system that is told of changes receives them")
