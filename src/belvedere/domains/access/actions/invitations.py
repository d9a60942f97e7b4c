"""Inviting people: the only way in. The link is the secret; only its hash is kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from belvedere.domains.access import limits
from belvedere.domains.access.actions.common import (
    checked_email,
    checked_language,
    checked_name,
    in_organisation,
    in_territory,
    journal,
)
from belvedere.domains.access.actor import Actor
from belvedere.domains.access.errors import InvitationSpent, NoSuchInvitation, SignInFirst
from belvedere.domains.access.events import PersonInvited, PersonJoined
from belvedere.domains.access.models import Invitation, Membership, Person, TerritoryMembership
from belvedere.domains.access.policies import Thing, require
from belvedere.domains.access.queries import INVITATION_DAYS, open_invitation
from belvedere.domains.access.signing_in import verified_address
from belvedere.domains.access.states import Role, TerritoryRole
from belvedere.duties.privacy.public import blind_index, decrypt, encrypt
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Conflict, InvalidInput, Refused
from belvedere.kernel.identifiers import sha256


def invite_person(
    *,
    actor: Actor,
    email: str,
    organisation_id: UUID | None = None,
    role: Role | None = None,
    territory_id: UUID | None = None,
    territory_role: TerritoryRole | None = None,
    language: str = "fr",
    reason: str = "",
) -> UUID:
    """Invite someone to a role in an organisation, or (the last two) in a whole territory.

    An earlier open invitation of the same address to the same place is revoked. The message leaves after
    commit (event `PersonInvited`). Returns the invitation's identifier.
    """
    email, language = checked_email(email), checked_language(language)
    if organisation_id is not None and role is not None:
        thing, chosen = in_organisation(organisation_id), Role(role).value
        verb = "invite_person"
    elif territory_id is not None and territory_role is not None:
        thing, chosen = in_territory(territory_id), TerritoryRole(territory_role).value
        verb = "invite_to_territory"
    else:
        raise InvalidInput(
            N_("Choose a role in an organisation, or a role in the whole territory."), field="role"
        )
    require(actor, verb, thing)
    with transaction.atomic():
        _refuse_if_held(email, thing, chosen)
        _revoke_open(email, thing)
        row, token = _make(actor, email, thing, chosen, language)
        journal(
            actor,
            verb,
            ("invitation", row.pk),
            territory_id=thing.territory_id,
            after={"organisation": organisation_id, "role": chosen},
            reason=reason,
        )
        announce(_invited(row, email, actor, token))
    return row.pk


def send_invitation_again(*, actor: Actor, invitation_id: UUID, reason: str = "") -> None:
    """A new link in place of the old one, which stops working."""
    with transaction.atomic():
        row, thing = _locked_open(invitation_id)
        require(actor, _right(row), thing)
        token = secrets.token_urlsafe(32)
        row.token_hash = sha256(token.encode())
        row.expires_at, row.sent_at = now() + timedelta(days=INVITATION_DAYS), None
        row.save(update_fields=["token_hash", "expires_at", "sent_at"])
        journal(
            actor,
            "send_invitation_again",
            ("invitation", row.pk),
            territory_id=row.territory_id,
            reason=reason,
        )
        announce(_invited(row, decrypt(row.email), actor, token))


def revoke_invitation(*, actor: Actor, invitation_id: UUID, reason: str = "") -> None:
    """Make the link useless."""
    with transaction.atomic():
        row, thing = _locked_open(invitation_id)
        require(actor, _right(row), thing)
        row.revoked_at = now()
        row.save(update_fields=["revoked_at"])
        journal(
            actor, "revoke_invitation", ("invitation", row.pk), territory_id=row.territory_id, reason=reason
        )


def invitation_was_sent(invitation_id: UUID) -> None:
    """Note that the message left; the list of invitations tells those that did not."""
    Invitation.objects.filter(pk=invitation_id).update(sent_at=now())


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What someone without an account fills in to accept."""

    display_name: str
    password: str
    language: str = "fr"


def accept_invitation(
    *, actor: Actor, token: str, newcomer: Newcomer | None = None, client: str = ""
) -> UUID:
    """Turn an invitation into a role; makes the account of a newcomer. The link works once.
    Returns the person's identifier.

    `client`: the address the request comes from, for the limit on guesses.

    Raises:
        NoSuchInvitation, InvitationSpent: unknown, accepted, revoked or expired link.
        SignInFirst: the address has an account, and its holder is not signed in.
        Refused: someone else is signed in.
        InvalidInput: a name or password that cannot be taken.
    """
    limits.allow("invitation", client)
    with transaction.atomic():
        row = open_invitation(token, lock=True)
        email = decrypt(row.email)
        person = Person.objects.filter(email__iexact=email, erased_at__isnull=True).first()
        _right_person(actor, person)
        if person is None:
            person = _newcomer(email, newcomer)
        row.accepted_at = now()
        row.save(update_fields=["accepted_at"])
        _give(row, person)
        journal(
            Actor(label=person.display_name, person_id=person.pk, request_id=actor.request_id),
            "accept_invitation",
            ("person", person.pk),
            territory_id=row.territory_id,
            after={"organisation": row.organisation_id, "role": row.role, "invitation": row.pk},
        )
        announce(PersonJoined(person.pk, row.territory_id, row.organisation_id))
    return person.pk


def _right_person(actor: Actor, holder: Person | None) -> None:
    """The link proves an address; an account is proved by signing in to it."""
    if actor.person_id is not None and (holder is None or actor.person_id != holder.pk):
        raise Refused(
            N_("This invitation is for another address. Sign out, then open the link again."),
            code="other_address",
        )
    if holder is not None and actor.person_id is None:
        raise SignInFirst(
            N_("This address already has an account. Sign in, then open the link again to accept.")
        )


def _newcomer(email: str, given: Newcomer | None) -> Person:
    if given is None:
        raise InvalidInput(N_("Choose a name and a password to accept."), field="display_name")
    person = Person(
        email=email,
        display_name=checked_name(given.display_name),
        language=checked_language(given.language),
    )
    try:
        validate_password(given.password, person)
    except ValidationError as error:
        # Django's own sentences, already in the reader's language.
        raise InvalidInput(
            "{problems}", field="password", code="weak_password", problems=" ".join(error.messages)
        ) from error
    person.set_password(given.password)
    person.save(force_insert=True)
    verified_address(person)
    return person


def _give(row: Invitation, person: Person) -> None:
    if row.organisation_id is not None:
        Membership.objects.get_or_create(
            person=person, organisation_id=row.organisation_id, role=row.role, ended_at=None
        )
    else:
        TerritoryMembership.objects.get_or_create(
            person=person, territory_id=row.territory_id, role=row.role, ended_at=None
        )


def _make(actor: Actor, email: str, thing: Thing, role: str, language: str) -> tuple[Invitation, str]:
    assert thing.territory_id is not None
    token = secrets.token_urlsafe(32)
    row = Invitation.objects.create(
        territory_id=thing.territory_id,
        organisation_id=thing.organisation_id,
        role=role,
        email=encrypt(email),
        email_index=blind_index(email),
        token_hash=sha256(token.encode()),
        invited_by_id=actor.person_id,
        language=language,
        created_at=now(),
        expires_at=now() + timedelta(days=INVITATION_DAYS),
    )
    return row, token


def _invited(row: Invitation, email: str, actor: Actor, token: str) -> PersonInvited:
    return PersonInvited(
        invitation_id=row.pk,
        territory_id=row.territory_id,
        organisation_id=row.organisation_id,
        role=row.role,
        email=email,
        language=row.language,
        invited_by=actor.label,
        token=token,
    )


def _refuse_if_held(email: str, thing: Thing, role: str) -> None:
    if thing.organisation_id is not None:
        held = Membership.objects.filter(organisation_id=thing.organisation_id, role=role)
        taken = held.filter(person__email__iexact=email, ended_at__isnull=True).exists()
    else:
        roles = TerritoryMembership.objects.filter(_here(thing), role=role)
        taken = roles.filter(person__email__iexact=email, ended_at__isnull=True).exists()
    if taken:
        raise Conflict(
            N_("{email} already has this role; nothing was sent."), code="already_member", email=email
        )


def _here(thing: Thing) -> Q:
    return Q(territory_id=thing.territory_id)


def _revoke_open(email: str, thing: Thing) -> None:
    """A person has one open invitation to a place: the newest."""
    Invitation.objects.filter(
        _here(thing),
        Q(organisation_id=thing.organisation_id),
        email_index=blind_index(email),
        accepted_at__isnull=True,
        revoked_at__isnull=True,
    ).update(revoked_at=now())


def _right(row: Invitation) -> str:
    return "invite_person" if row.organisation_id else "invite_to_territory"


def _locked_open(invitation_id: UUID) -> tuple[Invitation, Thing]:
    row = Invitation.objects.select_for_update(of=("self",)).filter(pk=invitation_id).first()
    if row is None:
        raise NoSuchInvitation(N_("There is no such invitation."))
    thing = in_organisation(row.organisation_id) if row.organisation_id else in_territory(row.territory_id)
    if row.accepted_at is not None or row.revoked_at is not None:
        raise InvitationSpent(N_("This invitation was already accepted or withdrawn; nothing was changed."))
    return row, thing
