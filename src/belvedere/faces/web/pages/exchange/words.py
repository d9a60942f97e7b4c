"""Subscriptions in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from belvedere.domains.access.public import OTHERS, Door, ReaderView, ReadingView
from belvedere.domains.exchange.public import Status, Stopped, SubscriberView
from belvedere.domains.twin.public import descriptions
from belvedere.faces.web import formats
from belvedere.faces.web.pages.live import words as live
from belvedere.kernel.errors import N_

BEHIND_S = 60.0
# in the journal
VERBS = {
    "exchange.create_subscription": N_("subscribed another system"),
    "exchange.change_subscription": N_("changed a subscription"),
    "exchange.remove_subscription": N_("removed a subscription"),
    "exchange.pause_subscription": N_("paused a subscription"),
    "exchange.resume_subscription": N_("resumed a subscription"),
    "exchange.replay_notices": N_("had notifications sent again"),
}

# what the REST interface gives
RESOURCES = {
    "series": N_("Values over time"),
    "things": N_("Things of the live territory"),
    "devices": N_("Devices"),
    "measures": N_("Measures of the plans"),
    "export": N_("Plans as a file"),
    "ledger": N_("The count of messages"),
    "refused": N_("Refused messages"),
    "territory": N_("Places, organisations and plans"),
}


@dataclass(frozen=True, slots=True)
class Word:
    """A state: its level for the colour and icon, and its label."""

    label: str
    level: str


def state_of(view: SubscriberView) -> Word:
    """Where a subscription stands, in a few words."""
    if view.stopped is Stopped.OWNER:
        return Word(gettext("Stopped: its owner has no role here any more"), "major")
    if view.status is Status.EXPIRED:
        since = formats.moment(view.expires_at) if view.expires_at else ""
        return Word(gettext("Expired since %(moment)s") % {"moment": since}, "warn")
    if view.status is Status.PAUSED:
        return Word(gettext("Paused"), "")
    if view.failing_since is not None:
        return Word(
            gettext("Does not receive since %(moment)s") % {"moment": formats.moment(view.failing_since)},
            "major",
        )
    if view.lag_s > BEHIND_S:
        return Word(gettext("Behind"), "warn")
    if view.last_taken_at is None:
        return Word(gettext("Nothing to tell yet"), "info")
    return Word(gettext("Up to date"), "ok")


def reads(view: SubscriberView) -> str:
    """What it reads: of which things, which attributes, where."""
    where = f" ({view.reads.where})" if view.reads.where else ""
    return _of(view.reads.types, view.reads.things, view.reads.attributes, where)


def _of(types: Iterable[str], things: Iterable[str], attributes: Iterable[str], where: str = "") -> str:
    """Types and attributes as people call them where they are described, as they are sent otherwise."""
    slugs = {one.type_iri.rpartition("/")[2]: slug for slug, one in descriptions().items()}
    types = list(types)
    kind = next((slugs[one] for one in types if one in slugs), "")
    named = [live.kind(slugs[one]) if one in slugs else one for one in types]
    return gettext("%(things)s%(where)s: %(attributes)s") % {
        "things": ", ".join([*named, *things]) or gettext("Everything"),
        "where": where,
        "attributes": ", ".join(live.term(kind, one) for one in attributes) or gettext("all attributes"),
    }


def may_read(view: ReaderView, bodies: list[str]) -> str:
    """What a token shows: all that is published, and what its person may see besides."""
    if view.sees_all:
        return gettext("all of the territory")
    if not bodies:
        return gettext("what is published")
    return gettext("what is published, and all of: %(bodies)s") % {"bodies": ", ".join(bodies)}


def door(view: ReadingView) -> str:
    return "NGSI-LD" if view.door is Door.NGSI_LD else "REST"


def what_read(view: ReadingView) -> str:
    """Which things and attributes; which resource, and kinds of things."""
    if view.what == OTHERS:
        return gettext("many other things")
    if view.door is Door.REST:
        resource, *kinds = view.what.split(",")
        label = gettext(RESOURCES.get(resource, RESOURCES["territory"]))
        return f"{label} ({', '.join(map(live.kind, kinds))})" if kinds else label
    return _of(filter(None, view.what.split(",")), (), view.attributes)


def lag(view: SubscriberView) -> str:
    """For how long the oldest notification has been waiting; "" for nothing that waits."""
    seconds = int(view.lag_s)
    if not view.waiting:
        return ""
    if seconds < 60:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    if seconds < 3600:
        return ngettext("%(n)s minute", "%(n)s minutes", seconds // 60) % {"n": seconds // 60}
    if seconds < 86400:
        return ngettext("%(n)s hour", "%(n)s hours", seconds // 3600) % {"n": seconds // 3600}
    return ngettext("%(n)s day", "%(n)s days", seconds // 86400) % {"n": seconds // 86400}


def finding(views: list[SubscriberView]) -> str:
    """The title of the page: what the reader must know first."""
    broken = sum(1 for one in views if one.failures or one.stopped)
    if broken:
        return ngettext(
            "%(count)s system does not receive what it subscribed",
            "%(count)s systems do not receive what they subscribed",
            broken,
        ) % {"count": broken}
    if not views:
        return gettext("No other system reads the live territory by subscription")
    told = sum(1 for one in views if one.status is Status.ACTIVE)
    if not told:
        return ngettext(
            "Nobody is told of changes: %(count)s subscription is paused or has expired",
            "Nobody is told of changes: %(count)s subscriptions are paused or have expired",
            len(views),
        ) % {"count": len(views)}
    return ngettext(
        "%(count)s system reads the live territory and is told of every change",
        "%(count)s systems read the live territory and are told of every change",
        told,
    ) % {"count": told}
