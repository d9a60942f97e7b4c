"""What owners are written during a reporting round: the call with their link, reminders, a second look."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from babel.dates import format_date
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext

from belvedere.domains.reporting.events import TaskAsked, TaskReminded, TaskReopened
from belvedere.domains.reporting.public import links, queries, states
from belvedere.domains.territory.public import name_in, organisation, territory_by_id
from belvedere.faces.notices import mail
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_
from belvedere.kernel.events import subscribe

ASKED = (
    N_("%(round)s: %(owner)s, please confirm your measures by %(due)s"),
    N_(
        "Good day,\n\n"
        "%(office)s opens the reporting round “%(round)s”. It asks %(owner)s to confirm what stands in the "
        "plans as of %(as_of)s: %(measures)s.\n\n"
        "%(message)s"
        "Open this link, on a computer or a phone; no password is needed:\n\n"
        "%(link)s\n\n"
        "What is right is confirmed in one tap, what is not is corrected in place. Please answer by "
        "%(due)s.\n\n"
        "The link is yours alone and ends with the round: do not pass it on.\n"
    ),
)
REMINDED = (
    N_("%(round)s: answers of %(owner)s are due on %(due)s"),
    N_(
        "Good day,\n\n"
        "In the reporting round “%(round)s”, %(office)s still waits for %(owner)s: %(left)s. "
        "Answers are due on %(due)s.\n\n"
        "%(link)s\n\n"
        "If everything is right, one tap confirms all that is left, another hands it in.\n"
    ),
)
LATE = (
    N_("%(round)s: answers of %(owner)s were due on %(due)s"),
    N_(
        "Good day,\n\n"
        "In the reporting round “%(round)s”, the answers of %(owner)s were due on %(due)s, and %(office)s "
        "still waits for them: %(left)s. Without them the report says that your measures were not "
        "confirmed.\n\n"
        "%(link)s\n\n"
        "If everything is right, one tap confirms all that is left, another hands it in.\n"
    ),
)
REOPENED = (
    N_("%(round)s: please look at the answers of %(owner)s again"),
    N_(
        "Good day,\n\n"
        "%(office)s asks %(owner)s to look again at what was handed in for the reporting round "
        "“%(round)s”:\n\n"
        "%(reason)s\n\n"
        "%(link)s\n\n"
        "Please hand it in again by %(due)s.\n"
    ),
)


def listen() -> None:
    """Take part in what happens."""
    subscribe(TaskAsked, _asked)
    subscribe(TaskReminded, _reminded)
    subscribe(TaskReopened, _reopened)


def _asked(event: TaskAsked) -> None:
    _write(event.task_id, ASKED, key=f"asked {event.task_id}")


def _reminded(event: TaskReminded) -> None:
    task, _contacts, _left = queries.mail_of(event.task_id)
    day = today()
    _write(
        event.task_id, LATE if task.round.due < day else REMINDED, key=f"{event.kind} {event.task_id} {day}"
    )


def _reopened(event: TaskReopened) -> None:
    _write(event.task_id, REOPENED, key="", reason=event.reason)


def _write(task_id: UUID, words: tuple[str, str], *, key: str, reason: str = "") -> None:
    """To each contact of the owner, in their language, with a link of their own."""
    task, contacts, left = queries.mail_of(task_id)
    if task.round.state != states.RoundState.OPEN:
        return  # closed since: there is nothing to answer any more
    territory, office = territory_by_id(task.round.territory_id), organisation(task.round.body_id)
    for contact in contacts:
        language = links.language_of(contact.person_id)
        with translation.override(language):
            address = reverse(
                "reporting:answer",
                kwargs={"territory": territory.slug, "token": links.token_of(task.pk, contact.person_id)},
            )
            said = {
                "round": task.round.name,
                "owner": name_in(task.organisation.names, language),
                "office": name_in(office.names, language),
                "as_of": _day(task.round.as_of, language),
                "due": _day(task.round.due, language),
                "measures": ngettext("%(n)s measure", "%(n)s measures", left) % {"n": left},
                "left": ngettext("%(n)s measure to confirm", "%(n)s measures to confirm", left) % {"n": left}
                if left
                else gettext("everything is answered, but not handed in"),
                "message": f"{task.round.message}\n\n" if task.round.message else "",
                "reason": reason,
                "link": settings.PUBLIC_URL + address,
            }
            subject, body = gettext(words[0]) % said, gettext(words[1]) % said
        mail.send(contact.email, language, subject, body, sender=territory.name_in(language), key=key)


def _day(day: date, language: str) -> str:
    return format_date(day, "long", locale={"fr": "fr_CH", "de": "de_CH"}.get(language, "en_GB"))


__all__ = ["listen"]
