"""The mails of working together: what a person was told, in one mail; the letters to who has no account."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext

from belvedere.domains.access.public import contacts
from belvedere.domains.collaboration.events import SuggestionDecided, SuggestionMade
from belvedere.domains.collaboration.public import (
    Letter,
    SuggestionState,
    confirmation_token,
    letters,
    post,
)
from belvedere.domains.territory.public import TerritoryView, name_in, territories, territory_by_id
from belvedere.duties.notifications.public import (
    EVERY_KIND,
    Digest,
    NoticeView,
    send_due,
    stop_token,
    without_address,
)
from belvedere.faces.notices.mail import send
from belvedere.kernel.clock import now
from belvedere.kernel.events import subscribe


def send_waiting(at: datetime) -> int:
    """Send every mail that is due at `at`; gives how many the mail server took."""
    taken = send_due(at, deliver)
    return taken + sum(post(suggestion_id, at, write) for suggestion_id in letters())


def deliver(digest: Digest) -> bool:
    """One mail with all that a person is told now, in their language; what belongs together stands so."""
    person = contacts([digest.recipient_id]).get(digest.recipient_id)
    if person is None:  # closed meanwhile: nobody reads it
        without_address(digest.recipient_id)
        return False
    where = _territories(digest)
    home = next(iter(where.values()), None)
    kind = next(iter(digest.kinds)) if len(digest.kinds) == 1 else EVERY_KIND
    with translation.override(person.language):
        texts = [notice.sentence(person.language) for notice in digest.notices]
        subject = texts[0]
        if len(texts) > 1:
            subject = ngettext(
                "%(count)s message: %(first)s", "%(count)s messages: %(first)s", len(texts)
            ) % {"count": len(texts), "first": texts[0]}
        lines = [gettext("Good day %(name)s,") % {"name": person.name}, ""]
        for notice, text in sorted(
            zip(digest.notices, texts, strict=True), key=lambda pair: _place(digest, pair[0])
        ):
            lines += [f"- {text}", *_quoted(notice), f"  {_link(notice, where, home)}", ""]
        if home is not None:
            chosen = settings.PUBLIC_URL + reverse("collaboration:preferences", args=[home.slug])
            lines += [gettext("How often you are written to is your choice:"), chosen]
        sender = home.name_in(person.language) if home else ""
    return send(
        person.email,
        person.language,
        subject,
        "\n".join(lines),
        unsubscribe=settings.PUBLIC_URL + reverse("messages:stop", args=[stop_token(person.id, kind)]),
        sender=sender,
        key=digest.key,
    )


def _territories(digest: Digest) -> dict[object, TerritoryView]:
    wanted = [notice.territory_id for notice in digest.notices if notice.territory_id]
    known = {one.id: one for one in territories(ids=set(wanted))}
    return {key: known[key] for key in wanted if key in known}


def _place(digest: Digest, notice: NoticeView) -> tuple[int, int]:
    """Notices of one thing follow its first one."""
    first = next(at for at, one in enumerate(digest.notices) if one.group == notice.group)
    return first, digest.notices.index(notice)


def _quoted(notice: NoticeView) -> list[str]:
    return [f"  > {line}" for line in notice.quote.splitlines() if line.strip()]


def _link(notice: NoticeView, where: dict[object, TerritoryView], home: TerritoryView | None) -> str:
    """The address that marks the notice as read and shows what it is about."""
    territory = where.get(notice.territory_id) or home
    if territory is None:
        return settings.PUBLIC_URL + (notice.link or "/")
    if urlsplit(notice.link).scheme:
        return notice.link
    return settings.PUBLIC_URL + reverse("collaboration:open", args=[territory.slug, notice.id])


def listen() -> None:
    """Write to who waits for it as soon as there is something to say."""
    subscribe(SuggestionMade, post_suggestion)
    subscribe(SuggestionDecided, post_suggestion)


def post_suggestion(event: SuggestionMade | SuggestionDecided) -> None:
    """Write at once to who waits for it; the clock tries again what the mail server does not take."""
    post(event.suggestion_id, now(), write)


def write(letter: Letter) -> bool:
    """The letter to who suggested something without an account: confirm, or this is the answer."""
    territory = territory_by_id(letter.territory_id)
    with translation.override(letter.language):
        title = name_in(letter.title, letter.language, territory.languages)
        told = {"name": letter.name, "title": title, "answer": letter.answer}
        hello = gettext("Good day %(name)s,") % told if letter.name else gettext("Good day,")
        page = reverse(
            "portal_plans:measure", kwargs={"territory": territory.slug, "measure_id": letter.measure_id}
        )
        if letter.state is SuggestionState.WAITING:
            subject = gettext("Confirm your suggestion on “%(title)s”") % told
            page = reverse(
                "portal_collaboration:confirm",
                args=[territory.slug, confirmation_token(letter.suggestion_id)],
            )
            said = gettext(
                "You suggested something about “%(title)s”. Open this link and confirm it: the owner of the "
                "measure then sees it. The link works for 30 days. If it was not you, ignore this message: "
                "the owner sees nothing and your address is removed."
            )
        else:
            subject, said = _outcome(letter.state)
            subject = subject % told
        lines = [hello, "", said % told]
        if letter.answer:
            lines += ["", *(f"> {line}" for line in letter.answer.splitlines())]
        lines += ["", settings.PUBLIC_URL + page]
    return send(
        letter.email,
        letter.language,
        subject,
        "\n".join(lines),
        sender=territory.name_in(letter.language),
        key=f"{letter.suggestion_id}:{letter.state}",
    )


def _outcome(state: SuggestionState) -> tuple[str, str]:
    if state is SuggestionState.TAKEN:
        return (
            gettext("Your suggestion on “%(title)s” was taken over"),
            gettext("The owner of “%(title)s” took your suggestion over. Thank you."),
        )
    if state is SuggestionState.REFUSED:
        return (
            gettext("Your suggestion on “%(title)s” was not taken over"),
            gettext("The owner of “%(title)s” did not take your suggestion over, and says why:"),
        )
    return (
        gettext("Your suggestion on “%(title)s” was answered"),
        gettext("The owner of “%(title)s” answers your suggestion:"),
    )
