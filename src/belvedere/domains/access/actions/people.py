"""People themselves: their details, their sessions, closing an account, and the first one of an instance."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from belvedere.domains.access import signing_in
from belvedere.domains.access.actions.common import (
    NO_SUCH_PERSON,
    checked_email,
    checked_language,
    checked_name,
    in_territory,
    journal,
    keep_an_administrator,
    locked_person,
)
from belvedere.domains.access.actor import Actor
from belvedere.domains.access.errors import NoSuchPerson
from belvedere.domains.access.events import PersonDeactivated
from belvedere.domains.access.models import ApiToken, Membership, Person, TerritoryMembership
from belvedere.domains.access.policies import Thing, require
from belvedere.domains.access.queries import territories_of_person
from belvedere.domains.access.states import TerritoryRole
from belvedere.duties.privacy.public import decrypt, encrypt
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Conflict, InvalidInput, Refused

_LONGEST_PHONE = 40


def create_person(
    *, actor: Actor, email: str, display_name: str, language: str = "fr", password: str | None = None
) -> UUID:
    """Make an account without an invitation: for the platform's own commands only.

    Without `password` the person sets one through “forgotten password”.

    Raises:
        Conflict: when the address has an account.
    """
    if not actor.is_platform:
        raise Refused(N_("People come by invitation. Invite them instead."))
    email = checked_email(email)
    with transaction.atomic():
        if Person.objects.filter(email__iexact=email).exists():
            raise Conflict(N_("{email} already has an account."), code="has_account", email=email)
        person = Person(
            email=email, display_name=checked_name(display_name), language=checked_language(language)
        )
        if password is None:
            person.set_unusable_password()
        else:
            person.set_password(password)
        person.save(force_insert=True)
        signing_in.verified_address(person)
        journal(actor, "create_person", ("person", person.pk))
    return person.pk


def change_own_details(
    *,
    actor: Actor,
    display_name: str | None = None,
    language: str | None = None,
    phone: str | None = None,
) -> None:
    """Change what is given of the actor's own account; an empty `phone` removes it.

    The journal tells which details changed, not what they were.
    """
    require(actor, "change_own_details", Thing(person_id=actor.person_id))
    assert actor.person_id is not None
    with transaction.atomic():
        person = locked_person(actor.person_id)
        changed = change_details(person, display_name=display_name, language=language, phone=phone)
        if changed:
            label = Actor(
                label=person.display_name, person_id=person.pk, request_id=actor.request_id
            )  # the journal shows the present name
            journal(label, "change_own_details", ("person", person.pk), after={"changed": changed})


def change_details(
    person: Person,
    *,
    display_name: str | None = None,
    language: str | None = None,
    phone: str | None = None,
) -> list[str]:
    """Write what differs of a locked person; returns the names of the changed details. Private."""
    changed = []
    if display_name is not None and (name := checked_name(display_name)) != person.display_name:
        person.display_name = name
        changed.append("display_name")
    if language is not None and checked_language(language) != person.language:
        person.language = language
        changed.append("language")
    if phone is not None and checked_phone(phone) != (decrypt(person.phone) if person.phone else ""):
        person.phone = encrypt(checked_phone(phone)) if checked_phone(phone) else None
        changed.append("phone")
    if changed:
        person.save(update_fields=changed)
    return changed


def checked_phone(phone: str) -> str:
    """Digits with the signs people write between them; "" for none."""
    phone = " ".join(phone.split())
    if len(phone) > _LONGEST_PHONE or set(phone) - set("+0123456789 ()./-"):
        raise InvalidInput(
            N_("A telephone number has digits and spaces, like +41 27 000 00 00."), field="phone"
        )
    return phone


def deactivate_person(*, actor: Actor, person_id: UUID, territory_id: UUID, reason: str = "") -> None:
    """Close an account: no sign-in, no session, no token, no role any more. Data stay until erased.

    `territory_id`: where the actor governs. Nobody closes an account that also works elsewhere without
    governing there too; the last administrator of a territory cannot be closed.
    """
    places = territories_of_person(person_id)
    base = in_territory(territory_id, person_id)
    if territory_id not in places and not actor.is_platform:
        raise NoSuchPerson(NO_SUCH_PERSON)
    thing = Thing(
        territory_id=territory_id,
        person_id=person_id,
        territory=base.territory,
        elsewhere=places - {territory_id},
    )
    require(actor, "deactivate_person", thing)
    with transaction.atomic():
        person = locked_person(person_id)
        close_account(person)
        journal(actor, "deactivate_person", ("person", person_id), territory_id=territory_id, reason=reason)
        announce(PersonDeactivated(person_id))


def close_account(person: Person) -> None:
    """End everything a locked person can act with. Private."""
    governed = TerritoryMembership.objects.filter(
        person=person, role=TerritoryRole.ADMINISTRATOR, ended_at__isnull=True
    )
    for territory_id in sorted(governed.values_list("territory_id", flat=True)):
        keep_an_administrator(territory_id, without=person.pk)
    instant = now()
    Membership.objects.filter(person=person, ended_at__isnull=True).update(ended_at=instant)
    TerritoryMembership.objects.filter(person=person, ended_at__isnull=True).update(ended_at=instant)
    ApiToken.objects.filter(person=person, revoked_at__isnull=True).update(revoked_at=instant)
    signing_in.end_sessions(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
