"""Verbs of who suggests: make a suggestion, with or without an account, and confirm the address given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.collaboration import limits
from belvedere.domains.collaboration.errors import NoSuchSuggestion
from belvedere.domains.collaboration.events import SuggestionMade
from belvedere.domains.collaboration.models import Suggestion
from belvedere.domains.collaboration.policies import require
from belvedere.domains.collaboration.states import DAYS, TEXTS, WRITTEN, Part, SuggestionState
from belvedere.domains.collaboration.telling import tell_suggestion
from belvedere.domains.plans.public import brief, page, states, views
from belvedere.duties.journal.public import record, signed
from belvedere.duties.privacy.public import blind_index, encrypt
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, InvalidInput

LONGEST_MESSAGE: Final = 2000
LONGEST: Final[Mapping[Part, int]] = {Part.TITLE: 500, Part.DESCRIPTION: 5000, Part.JUSTIFICATION: 5000}
LONGEST_NAME: Final = 120
WORKS_STAGE: Final = 7
_SALT: Final = "belvedere.collaboration.suggestion"


@dataclass(frozen=True, slots=True)
class SuggestionDraft:
    """What is suggested. `value` for a part that can be written; `name` and `email` without an account."""

    part: Part
    language: str
    value: str = ""
    message: str = ""
    name: str = ""
    email: str = ""


def make_suggestion(*, actor: Actor, measure_id: UUID, draft: SuggestionDraft, client: str = "") -> UUID:
    """Keep a suggestion for the measure's owner.

    Without an account and with an e-mail address it waits until the link sent there is opened.

    Raises:
        TooManySuggestions: from this client address within an hour.
    """
    measure = brief.brief(actor, measure_id)
    require(actor, "suggest", measure)
    limits.allow(client)
    present = present_values(actor, measure_id, draft.language).get(draft.part, "")
    value, message = _checked(draft, present)
    name, email = _who(actor, draft)
    waits = bool(email)
    with transaction.atomic():
        row = Suggestion.objects.create(
            measure_id=measure_id,
            part=draft.part,
            language=draft.language,
            present=present,
            value=value,
            message=message,
            person_id=actor.person_id,
            name=encrypt(name) if name else None,
            email=encrypt(email) if email else None,
            email_index=blind_index(email) if email else "",
            state=SuggestionState.WAITING if waits else SuggestionState.OPEN,
            created_at=now(),
        )
        journal(actor, "make_suggestion", row, measure)
        if not waits:
            tell_suggestion(measure, row.pk, actor.person_id, message or value)
        told = SuggestionMade(row.pk, measure_id, measure.territory_id, not waits)
        announce(told)
    return row.pk


def confirm_suggestion(*, token: str) -> UUID:
    """The link of the mail was opened and its button pressed: the owner sees the suggestion now.

    Gives the measure. Doing it twice changes nothing.
    """
    with transaction.atomic():
        row = _of(token, lock=True)
        measure = brief.briefs([row.measure_id])[row.measure_id]
        if row.state != SuggestionState.WAITING:
            return row.measure_id
        row.state = SuggestionState.OPEN
        row.save(update_fields=["state"])
        journal(Actor.public(), "confirm_suggestion", row, measure)
        tell_suggestion(measure, row.pk, None, row.message or row.value)
        told = SuggestionMade(row.pk, row.measure_id, measure.territory_id, True)
        announce(told)
    return row.measure_id


def look_at_confirmation(token: str) -> UUID:
    """The measure of a link that is ours; NoSuchSuggestion otherwise."""
    return _of(token).measure_id


def confirmation_token(suggestion_id: UUID) -> str:
    """The secret part of the link that confirms the address."""
    return signing.Signer(salt=_SALT).sign(suggestion_id.hex).replace(":", "~")


def _of(token: str, *, lock: bool = False) -> Suggestion:
    try:
        key = UUID(signing.Signer(salt=_SALT).unsign(token.replace("~", ":")))
    except (signing.BadSignature, ValueError):
        raise _unknown() from None
    rows = Suggestion.objects.select_for_update() if lock else Suggestion.objects.all()
    row = rows.filter(pk=key).first()
    if row is None:
        raise _unknown()
    return row


def _unknown() -> NoSuchSuggestion:
    return NoSuchSuggestion(
        N_("This link is not known, or it was not used within 30 days. Make the suggestion again.")
    )


def present_values(actor: Actor, measure_id: UUID, language: str) -> dict[Part, str]:
    """What the measure says today, of the parts that can be written; days as YYYY-MM-DD."""
    return values_in(page.measure_page(actor, measure_id, language=language), language)


def values_in(view: views.MeasureView, language: str) -> dict[Part, str]:
    """As `present_values`, of a measure at hand."""
    start, end = works_days(view)
    return {
        Part.TITLE: view.title.get(language, ""),
        Part.DESCRIPTION: view.description.get(language, ""),
        Part.JUSTIFICATION: view.justification.get(language, ""),
        Part.WORKS_START: start.isoformat() if start else "",
        Part.WORKS_END: end.isoformat() if end else "",
    }


def works_code(scheme: str) -> str:
    """The code of the works in a phase scheme."""
    return next(step.code for step in states.PHASE_SCHEMES[scheme] if step.stage == WORKS_STAGE)


def works_days(view: views.MeasureView) -> tuple[date | None, date | None]:
    """When the works are forecast, else planned."""
    code = works_code(view.phase_scheme)
    row = next((phase for phase in view.phases if phase.code == code), None)
    if row is None:
        return None, None
    return row.forecast[0] or row.planned[0], row.forecast[1] or row.planned[1]


def _checked(draft: SuggestionDraft, present: str) -> tuple[str, str]:
    value = checked_value(draft.part, draft.value) if draft.part in WRITTEN and draft.value.strip() else ""
    message = draft.message.strip()
    if len(message) > LONGEST_MESSAGE:
        raise _too_long(len(message), LONGEST_MESSAGE, "message")
    if value == present:
        value = ""
    if not value and not message:
        raise InvalidInput(N_("Write what should be said instead, or what is not right."), field="message")
    return value, message


def checked_value(part: Part, value: str) -> str:
    """A value as it can be written into the measure; InvalidInput says what is wrong with it."""
    value = value.replace("\r\n", "\n").strip()
    if part in DAYS:
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            raise InvalidInput(
                N_("“{value}” is not a date. Write it as year-month-day, or choose it."),
                value=value[:40],
                field="value",
            ) from None
    if part in TEXTS:
        if part is Part.TITLE:
            value = " ".join(value.split())
        if not value:
            raise InvalidInput(N_("Write what should be said instead."), field="value")
        if len(value) > LONGEST[part]:
            raise _too_long(len(value), LONGEST[part], "value")
        return value
    raise InvalidInput(N_("This cannot be written as it is: answer in words."), field="value")


def _too_long(length: int, longest: int, field: str) -> InvalidInput:
    return InvalidInput(
        N_("This text has {length} characters; at most {longest} fit. Shorten it."),
        length=length,
        longest=longest,
        field=field,
    )


def _who(actor: Actor, draft: SuggestionDraft) -> tuple[str, str]:
    """Name and address of someone without an account; nothing where an account tells."""
    if actor.person_id is not None:
        return "", ""
    name = " ".join(draft.name.split())[:LONGEST_NAME]
    email = draft.email.strip()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise InvalidInput(
                N_("“{email}” is not an e-mail address. Correct it, or leave it out."),
                email=email[:80],
                field="email",
            ) from None
    return name, email


def journal(actor: Actor, verb: str, row: Suggestion, measure: brief.Brief, reason: str = "") -> None:
    """An act on a suggestion; its words stay out, because the journal cannot forget."""
    record(
        **signed(actor),
        verb=f"collaboration.{verb}",
        subject=("collaboration.suggestion", str(row.pk)),
        territory_id=measure.territory_id,
        reason=reason,
    )
