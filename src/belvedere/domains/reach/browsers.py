"""Browsers in which people switched messages on: added, tried, removed, written to."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.reach.bodies import Subscribed
from belvedere.domains.reach.errors import BadBrowser, NoSuchBrowser
from belvedere.domains.reach.models import Browser
from belvedere.domains.reach.policies import me
from belvedere.domains.reach.transport import SAID_MOST, Outcome, judged, unreached
from belvedere.domains.reach.views import BrowserView
from belvedere.duties.journal.public import record, signed
from belvedere.duties.privacy.public import blind_index, decrypt, encrypt
from belvedere.engines import webpush
from belvedere.engines.home import Home
from belvedere.engines.outgoing import AddressRefused, Unreachable, checked_url
from belvedere.engines.webpush import Subscription
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Unavailable
from belvedere.kernel.identifiers import new_id

MOST_BROWSERS: Final = 10
#: The push service knows the browser no more: it was switched off there, or its address is old.
_GONE: Final = frozenset({404, 410})
_MOST_BYTES: Final = 2_500  # of the text; the rest of a notification is short
_NO_BROWSER: Final = N_("They switched notifications on in no browser.")
_IS_GONE: Final = N_("This browser takes no notifications any more.")


@dataclass(frozen=True, slots=True)
class Notification:
    """What a browser shows. `link`: a path of the platform; `key`: the same message has the same one, and is
    shown once; `language` of title and text."""

    title: str
    text: str
    link: str
    key: str
    language: str
    is_urgent: bool = False


def server_key() -> str:
    """The public key by which browsers know this platform, as their scripts take it."""
    return webpush.text(webpush.public(webpush.server_key(_secret())))


def my_browsers(actor: Actor) -> list[BrowserView]:
    """The actor's own, the latest first."""
    rows = Browser.objects.filter(person_id=me(actor)).order_by("-added_at", "pk")
    return [_view(one) for one in rows]


def has_browser(person_id: UUID) -> bool:
    """Whether a notification can reach the person."""
    return Browser.objects.filter(person_id=person_id).exists()


def add_browser(*, actor: Actor, given: Subscribed, name: str) -> UUID:
    """Have messages shown in a browser: the actor's from now on, whoever switched it on before.

    Raises:
        BadBrowser: what it gave leads nowhere, or there are too many.
    """
    person_id = me(actor)
    _checked(given)
    index = blind_index(given.endpoint, what="push")
    with transaction.atomic():
        Browser.objects.filter(endpoint_index=index).delete()
        mine = Browser.objects.filter(person_id=person_id)
        if mine.count() >= MOST_BROWSERS:
            raise BadBrowser(
                N_("Notifications come to {most} devices at most. Remove one of them first."),
                most=MOST_BROWSERS,
            )
        row = Browser.objects.create(
            person_id=person_id,
            name=" ".join(name.split())[:80],
            endpoint_index=index,
            subscription=encrypt(msgspec.json.encode(given).decode()),
            added_at=now(),
        )
        _journal(actor, row, "add_browser")
    return row.pk


def remove_browser(*, actor: Actor, browser_id: UUID) -> None:
    """Show nothing there any more."""
    with transaction.atomic():
        row = _mine(actor, browser_id)
        _journal(actor, row, "remove_browser")
        row.delete()


def try_browser(*, actor: Actor, browser_id: UUID, title: str, text: str, link: str) -> Outcome:
    """Show a message there now; what became of it."""
    return _write_to(_mine(actor, browser_id), Notification(title, text, link, new_id().hex, actor.language))


def push(person_id: UUID, told: Notification) -> Outcome:
    """Show a message in all browsers of a person; taken when one of them takes it."""
    outcomes = [_write_to(row, told) for row in Browser.objects.filter(person_id=person_id).order_by("pk")]
    if not outcomes:
        return Outcome(wrong={"message": _NO_BROWSER, "data": {}}, is_permanent=True)
    # Taken before one that may take it later, before one that never will.
    return min(outcomes, key=lambda one: (not one.taken, one.is_permanent))


def _write_to(row: Browser, told: Notification) -> Outcome:
    at = now()
    try:
        to = _subscription(_opened(row))
        answer = webpush.send(
            to,
            _content(told),
            secret=_secret(),
            about=_about(),
            topic=told.key,
            is_urgent=told.is_urgent,
            at=at,
        )
    except (Unreachable, AddressRefused) as error:
        outcome = unreached(error, _cut)
    except Unavailable as error:  # the key of the secrets is away
        outcome = Outcome(wrong={"message": error.message, "data": {}})
    else:
        if answer.status in _GONE:
            Browser.objects.filter(pk=row.pk).delete()
            return Outcome(wrong={"message": _IS_GONE, "data": {}}, is_permanent=True)
        outcome = judged(answer, "", "", _cut)
    rows = Browser.objects.filter(pk=row.pk)
    if outcome.taken:
        rows.update(last_sent_at=at, last_error=None)
    else:
        rows.update(last_error_at=at, last_error=outcome.wrong)
    return outcome


def _cut(said: str) -> str:
    return said[:SAID_MOST]


def _content(told: Notification) -> bytes:
    text = told.text.encode("utf-8")
    members: dict[str, Any] = {
        "title": told.title[:120],
        "text": told.text if len(text) <= _MOST_BYTES else text[:_MOST_BYTES].decode("utf-8", "ignore") + "…",
        "link": told.link,
        "key": told.key,
        "language": told.language,
        "urgent": told.is_urgent,
    }
    return json.dumps(members, ensure_ascii=False).encode("utf-8")


def _about() -> str:
    """By what a push service may find who runs this platform."""
    url = str(settings.PUBLIC_URL)
    return url if url.startswith("https://") else f"mailto:{settings.DEFAULT_FROM_EMAIL}"


def _secret() -> str:
    return Home.from_environment().secret("push_key")


def _checked(given: Subscribed) -> Subscription:
    try:
        checked_url(given.endpoint, webpush.LONGEST_ENDPOINT)
        return _subscription(given)
    except (AddressRefused, ValueError):
        raise BadBrowser(
            N_("The browser gave no address to which notifications can be sent. Switch them on again.")
        ) from None


def _subscription(given: Subscribed) -> Subscription:
    return Subscription(given.endpoint, webpush.read(given.key), webpush.read(given.auth))


def _opened(row: Browser) -> Subscribed:
    return msgspec.json.decode(decrypt(row.subscription), type=Subscribed)


def _mine(actor: Actor, browser_id: UUID) -> Browser:
    row = Browser.objects.filter(pk=browser_id, person_id=me(actor)).first()
    if row is None:
        raise NoSuchBrowser(N_("This device is not in your list any more."))
    return row


def _view(row: Browser) -> BrowserView:
    mark = hashlib.sha256(_opened(row).endpoint.encode()).hexdigest()[:16]
    return BrowserView(row.pk, row.name, mark, row.added_at, row.last_sent_at, row.last_error)


def _journal(actor: Actor, row: Browser, verb: str) -> None:
    record(
        **signed(actor),
        verb=f"reach.{verb}",
        subject=("reach.browser", str(row.pk)),
        before={},
        after={"name": row.name},
    )
