"""What every verb of access does the same way. Private to the domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from belvedere.domains.access.actor import Actor
from belvedere.domains.access.errors import LastAdministrator, NoSuchPerson
from belvedere.domains.access.models import Person, TerritoryMembership
from belvedere.domains.access.policies import Thing
from belvedere.domains.access.states import TerritoryRole
from belvedere.domains.territory.public import organisation, territory_by_id
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.errors import N_, InvalidInput

_LONGEST_EMAIL = 254
LANGUAGES = ("fr", "de", "en")
NO_SUCH_PERSON = N_("There is no such person here.")


def journal(
    actor: Actor,
    verb: str,
    subject: tuple[str, UUID],
    *,
    territory_id: UUID | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Record the verb. People are told by identifier only: entries are kept for ever."""
    record(
        **signed(actor),
        verb=f"access.{verb}",
        subject=(f"access.{subject[0]}", str(subject[1])),
        territory_id=territory_id,
        before=before,
        after=after,
        reason=reason,
    )


def in_organisation(organisation_id: UUID, person_id: UUID | None = None) -> Thing:
    """The thing a right is asked on: an organisation. NotFound when there is none."""
    body = organisation(organisation_id)
    return Thing(
        territory_id=body.territory_id,
        organisation_id=body.id,
        person_id=person_id,
        organisation=body.name,
        territory=territory_by_id(body.territory_id).name,
    )


def in_territory(territory_id: UUID, person_id: UUID | None = None) -> Thing:
    """The thing a right is asked on: a whole territory. NotFound when there is none."""
    return Thing(territory_id=territory_id, person_id=person_id, territory=territory_by_id(territory_id).name)


def locked_person(person_id: UUID) -> Person:
    """The row of a person who is not erased, locked until the transaction ends."""
    try:
        return Person.objects.select_for_update().get(pk=person_id, erased_at__isnull=True)
    except Person.DoesNotExist:
        raise NoSuchPerson(NO_SUCH_PERSON) from None


def keep_an_administrator(territory_id: UUID, without: UUID) -> None:
    """Refuse to leave a territory without anyone who governs it. Locks its administrators."""
    rows = TerritoryMembership.objects.select_for_update().filter(
        territory_id=territory_id, role=TerritoryRole.ADMINISTRATOR, ended_at__isnull=True
    )
    held = set(rows.filter(person__is_active=True).values_list("person_id", flat=True))
    if held == {without}:
        raise LastAdministrator(
            N_(
                "This is the last administrator of the territory {territory}. Name another first; nothing "
                "was changed."
            ),
            territory=territory_by_id(territory_id).name,
        )


def checked_email(email: str) -> str:
    """A sound address in lower case."""
    email = email.strip().lower()
    try:
        validate_email(email if len(email) <= _LONGEST_EMAIL else "")
    except ValidationError:
        raise InvalidInput(
            N_("“{email}” is not an e-mail address. Write it like name@example.org."),
            field="email",
            email=email[:80],
        ) from None
    return email


def checked_name(name: str) -> str:
    """A name with something in it, of 120 letters at most, on one line."""
    name = " ".join(name.split())
    if not name or len(name) > Person.display_name.field.max_length:  # type: ignore[operator]
        raise InvalidInput(
            N_("Write the name as others should see it, 1 to {longest} letters."),
            field="display_name",
            longest=Person.display_name.field.max_length,
        )
    return name


def checked_language(language: str) -> str:
    """One of the languages of the platform."""
    if language not in LANGUAGES:
        raise InvalidInput(
            N_("The language is one of: {languages}."), field="language", languages=list(LANGUAGES)
        )
    return language
