"""Typed reads of people and roles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from belvedere.domains.access import limits
from belvedere.domains.access.actor import Actor
from belvedere.domains.access.errors import InvitationSpent, NoSuchInvitation
from belvedere.domains.access.models import ApiToken, Invitation, Membership, Person, TerritoryMembership
from belvedere.domains.access.policies import Thing, require
from belvedere.domains.access.states import Role, TerritoryRole
from belvedere.domains.territory.public import members_of, organisations, territory_by_id
from belvedere.duties.privacy.public import decrypt
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Refused
from belvedere.kernel.identifiers import sha256

INVITATION_DAYS = 7
NO_SUCH_INVITATION = N_(
    "This invitation link is not known. Check that it was copied whole, or ask for a new invitation."
)


@dataclass(frozen=True, slots=True)
class PersonView:
    """Someone with roles in the territory. `roles`: (organisation id, role) pairs, the actor's own to see."""

    id: UUID
    email: str
    display_name: str
    is_active: bool
    last_login: datetime | None
    roles: tuple[tuple[UUID, Role], ...] = ()
    territory_roles: tuple[TerritoryRole, ...] = ()


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation that is neither accepted nor withdrawn. `organisation_id` None: the whole territory."""

    id: UUID
    email: str
    territory_id: UUID
    organisation_id: UUID | None
    role: Role | TerritoryRole
    created_at: datetime
    expires_at: datetime
    sent: bool
    expired: bool


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token without its key."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked: bool
    expired: bool


@dataclass(frozen=True, slots=True)
class Own:
    """A person's own details."""

    id: UUID
    email: str
    display_name: str
    language: str
    phone: str
    roles: tuple[tuple[UUID, Role], ...] = ()
    territory_roles: tuple[tuple[UUID, TerritoryRole], ...] = field(default=())


def actor_of(
    person: Person,
    *,
    request_id: str = "",
    scopes: frozenset[str] | None = None,
    token_id: UUID | None = None,
) -> Actor:
    """The actor that `person` is now: three queries. A closed account is a person without roles."""
    roles: dict[UUID, set[Role]] = defaultdict(set)
    for organisation_id, role in Membership.objects.filter(
        person=person, person__is_active=True, ended_at__isnull=True, organisation__active=True
    ).values_list("organisation_id", "role"):
        roles[organisation_id].add(Role(role))
    territory_roles: dict[UUID, set[TerritoryRole]] = defaultdict(set)
    for territory_id, held in TerritoryMembership.objects.filter(
        person=person, person__is_active=True, ended_at__isnull=True
    ).values_list("territory_id", "role"):
        territory_roles[territory_id].add(TerritoryRole(held))
    return Actor(
        label=person.display_name,
        person_id=person.pk,
        language=person.language,
        roles={key: frozenset(held) for key, held in roles.items()},
        territory_roles={key: frozenset(held) for key, held in territory_roles.items()},
        sees=frozenset(roles) | members_of(frozenset(roles)),
        scopes=scopes,
        request_id=request_id,
        token_id=token_id,
    )


def administered(actor: Actor, territory_id: UUID) -> frozenset[UUID]:
    """The organisations of the territory whose people the actor may manage."""
    return frozenset(
        body.id
        for body in organisations(territory_id)
        if actor.governs(territory_id) or actor.has(body.id, Role.ADMINISTRATOR)
    )


def people_of(actor: Actor, territory_id: UUID) -> list[PersonView]:
    """Who holds a role, by name: all of the territory, or those of the organisations the actor administers.

    Raises:
        Refused: to who administers nothing there.
    """
    bodies = _may_see(actor, territory_id)
    roles: dict[UUID, list[tuple[UUID, Role]]] = defaultdict(list)
    memberships = Membership.objects.filter(organisation_id__in=bodies, ended_at__isnull=True)
    for person_id, organisation_id, role in memberships.order_by("organisation_id", "role").values_list(
        "person_id", "organisation_id", "role"
    ):
        roles[person_id].append((organisation_id, Role(role)))
    held: dict[UUID, list[TerritoryRole]] = defaultdict(list)
    if actor.governs(territory_id):
        for person_id, territory_role in (
            TerritoryMembership.objects.filter(territory_id=territory_id, ended_at__isnull=True)
            .order_by("role")
            .values_list("person_id", "role")
        ):
            held[person_id].append(TerritoryRole(territory_role))
    found = Person.objects.filter(pk__in={*roles, *held}).order_by("display_name", "email")
    return [
        PersonView(
            id=person.pk,
            email=person.email,
            display_name=person.display_name,
            is_active=person.is_active,
            last_login=person.last_login,
            roles=tuple(roles[person.pk]),
            territory_roles=tuple(held[person.pk]),
        )
        for person in found
    ]


def invitations_of(actor: Actor, territory_id: UUID) -> list[InvitationView]:
    """The open invitations the actor may manage, newest first; Refused as `people_of`."""
    bodies = _may_see(actor, territory_id)
    rows = Invitation.objects.filter(
        territory_id=territory_id, accepted_at__isnull=True, revoked_at__isnull=True
    ).order_by("-created_at")
    if not actor.governs(territory_id):
        rows = rows.filter(organisation_id__in=bodies)
    return [invitation_view(row) for row in rows]


def invitation_view(row: Invitation) -> InvitationView:
    return InvitationView(
        id=row.pk,
        email=decrypt(row.email),
        territory_id=row.territory_id,
        organisation_id=row.organisation_id,
        role=Role(row.role) if row.organisation_id else TerritoryRole(row.role),
        created_at=row.created_at,
        expires_at=row.expires_at,
        sent=row.sent_at is not None,
        expired=row.expires_at <= now(),
    )


def open_invitation(token: str, *, lock: bool = False) -> Invitation:
    """The invitation of a link that still works; NoSuchInvitation or InvitationSpent otherwise."""
    rows = Invitation.objects.select_for_update(of=("self",)) if lock else Invitation.objects.all()
    row = rows.filter(token_hash=sha256(token.encode())).first()
    if row is None:
        raise NoSuchInvitation(NO_SUCH_INVITATION)
    _refuse_spent(row)
    return row


def _refuse_spent(row: Invitation) -> None:
    if row.accepted_at is not None:
        raise InvitationSpent(
            N_("This invitation was already accepted. Sign in with your e-mail address."), code="accepted"
        )
    if row.revoked_at is not None:
        raise InvitationSpent(
            N_("This invitation was withdrawn. Ask whoever invited you for a new one."), code="revoked"
        )
    if row.expires_at <= now():
        raise InvitationSpent(
            N_("This invitation is over: it was good for {days} days. Ask for a new one."),
            code="expired",
            days=INVITATION_DAYS,
        )


def look_at_invitation(token: str, *, client: str = "") -> InvitationView:
    """What a link that still works offers, for who opens it; raises as `accept_invitation` does."""
    limits.allow("invitation", client)
    return invitation_view(open_invitation(token))


def tokens_of(actor: Actor) -> list[TokenView]:
    """The actor's own tokens, newest first."""
    if actor.person_id is None:
        return []
    rows = ApiToken.objects.filter(person_id=actor.person_id).order_by("-created_at")
    return [
        TokenView(
            id=row.pk,
            name=row.name,
            prefix=row.prefix,
            scopes=tuple(row.scopes),
            created_at=row.created_at,
            expires_at=row.expires_at,
            last_used_at=row.last_used_at,
            revoked=row.revoked_at is not None,
            expired=row.expires_at <= now(),
        )
        for row in rows
    ]


def own_details(actor: Actor) -> Own:
    """The actor's own details, in clear; Refused to the public and the platform."""
    if actor.person_id is None:
        raise Refused(N_("Sign in to see your account."))
    person = Person.objects.get(pk=actor.person_id)
    return Own(
        id=person.pk,
        email=person.email,
        display_name=person.display_name,
        language=person.language,
        phone=decrypt(person.phone) if person.phone else "",
        roles=tuple(
            (organisation_id, role)
            for organisation_id, roles in actor.roles.items()
            for role in Role
            if role in roles
        ),
        territory_roles=tuple(
            (territory_id, role)
            for territory_id, held in actor.territory_roles.items()
            for role in TerritoryRole
            if role in held
        ),
    )


def territories_of_person(person_id: UUID) -> frozenset[UUID]:
    """The territories where a person holds a role now."""
    by_organisation = Membership.objects.filter(person_id=person_id, ended_at__isnull=True)
    whole = TerritoryMembership.objects.filter(person_id=person_id, ended_at__isnull=True)
    return frozenset(by_organisation.values_list("organisation__territory_id", flat=True)) | frozenset(
        whole.values_list("territory_id", flat=True)
    )


def names_of(person_ids: Collection[UUID]) -> dict[UUID, str]:
    """Display names; erased people are left out."""
    return dict(
        Person.objects.filter(pk__in=person_ids, erased_at__isnull=True).values_list("id", "display_name")
    )


def has_account(email: str) -> bool:
    """Whether someone signs in with this address."""
    return Person.objects.filter(email__iexact=email.strip(), erased_at__isnull=True).exists()


def person_by_email(email: str) -> UUID | None:
    """The person who signs in with this address."""
    rows = Person.objects.filter(email__iexact=email.strip(), erased_at__isnull=True)
    return rows.values_list("id", flat=True).first()


def _may_see(actor: Actor, territory_id: UUID) -> frozenset[UUID]:
    bodies = administered(actor, territory_id)
    if not bodies:
        require(actor, "see_people", Thing(territory_id, territory=territory_by_id(territory_id).name))
    return bodies
