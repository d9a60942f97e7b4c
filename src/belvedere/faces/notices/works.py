"""Messages to residents who follow works: the link that confirms, and what changed since last time."""

from __future__ import annotations

from itertools import groupby

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import reported
from belvedere.domains.subscriptions.events import DigestDue, SubscriptionAsked
from belvedere.domains.subscriptions.public import (
    Scope,
    ScopeKind,
    confirm_token,
    digest_was_sent,
    manage_token,
    telling,
)
from belvedere.domains.territory.public import TerritoryView, name_in, places, territory_by_id
from belvedere.faces.notices.mail import send
from belvedere.kernel.events import subscribe


def send_link(event: SubscriptionAsked) -> None:
    """The second opt-in; to an address that confirmed before, the link to its subscriptions."""
    territory = territory_by_id(event.territory_id)
    with translation.override(event.language):
        told = {"what": scope_in_words(territory, event.scope), "territory": territory.name}
        if event.known:
            subject = gettext("You already follow: %(what)s") % told
            told["link"] = _url("works:mine", territory, manage_token(event.subscription_id))
            body = (
                gettext(
                    "Good day,\n\n"
                    "someone, probably you, asked to follow %(what)s in %(territory)s with this address. You "
                    "already do. To change or stop it, open this link:\n\n"
                    "%(link)s\n"
                )
                % told
            )
        else:
            subject = gettext("Please confirm: follow %(what)s") % told
            told["link"] = _url("works:confirm", territory, confirm_token(event.subscription_id))
            body = (
                gettext(
                    "Good day,\n\n"
                    "someone, probably you, asked to follow %(what)s in %(territory)s with this address. "
                    "Open this link within 7 days to confirm:\n\n"
                    "%(link)s\n\n"
                    "If it was not you, do nothing: no message follows, and the address is erased.\n"
                )
                % told
            )
    send(event.email, event.language, subject, body, sender=territory.name)


def send_digest(event: DigestDue) -> None:
    """What changed, by project; kept as sent only once the mail server took it."""
    territory = territory_by_id(event.territory_id)
    token = manage_token(event.subscription_id)
    with translation.override(event.language):
        what = scope_in_words(territory, event.scope)
        subject, body = _digest(territory, event, what)
        body += "\n" + gettext("You follow: %(what)s. Change or stop it:") % {"what": what}
        body += "\n" + _url("works:mine", territory, token) + "\n"
    if send(
        event.email,
        event.language,
        subject,
        body,
        unsubscribe=_url("works:stop", territory, token),
        sender=territory.name,
        key=f"works:{event.subscription_id}:{event.until.isoformat()}",
    ):
        digest_was_sent(event.subscription_id, event.until)


def _digest(territory: TerritoryView, event: DigestDue, what: str) -> tuple[str, str]:
    ordered = sorted(event.changes, key=lambda one: (str(one.measure_id), one.at))
    parts = []
    for measure_id, changes in groupby(ordered, key=lambda one: one.measure_id):
        found = list(changes)
        lines = [name_in(found[0].titles, languages=territory.languages)]
        lines += [f"- {telling.change(one)}" for one in found]
        lines.append(
            settings.PUBLIC_URL
            + reverse("portal_plans:measure", kwargs={"territory": territory, "measure_id": measure_id})
        )
        parts.append("\n".join(lines))
    count = len(parts)
    if count == 1:
        title = name_in(ordered[0].titles, languages=territory.languages)
        subject = gettext("News of the works: %(title)s") % {"title": title}
    else:
        subject = ngettext(
            "News of %(count)s project: %(what)s", "News of %(count)s projects: %(what)s", count
        ) % {"count": count, "what": what}
    return subject, gettext("Good day,") + "\n\n" + "\n\n".join(parts) + "\n"


def scope_in_words(territory: TerritoryView, scope: Scope) -> str:
    """What is followed, inside a sentence."""
    if scope.kind is ScopeKind.MEASURE and scope.measure_id is not None:
        found = reported.reported(Actor.public(), territory.id, ids=[scope.measure_id])
        title = name_in(found[0].title, languages=territory.languages) if found else ""
        return gettext("“%(title)s”") % {"title": title} if title else gettext("a project")
    if scope.kind is ScopeKind.PLACE and scope.place_id is not None:
        place = places([scope.place_id]).get(scope.place_id)
        return gettext("the works in %(place)s") % {"place": place.name if place else ""}
    if scope.kind is ScopeKind.CIRCLE and scope.radius_m is not None:
        return gettext("the works within %(n)s m of a point") % {"n": scope.radius_m}
    return gettext("all works of the territory")


def _url(name: str, territory: TerritoryView, token: str) -> str:
    return settings.PUBLIC_URL + reverse(name, kwargs={"territory": territory, "token": token})


def listen() -> None:
    """Hear of every message that residents are to get."""
    subscribe(SubscriptionAsked, send_link)
    subscribe(DigestDue, send_digest)
