"""What happened to people and their rights, told after commit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PersonInvited:
    """`token` is the secret of the link: for the message to the person, never kept nor logged."""

    invitation_id: UUID
    territory_id: UUID
    organisation_id: UUID | None
    role: str
    email: str
    language: str
    invited_by: str
    token: str

    def __repr__(self) -> str:
        return f"PersonInvited(invitation_id={self.invitation_id})"


@dataclass(frozen=True, slots=True)
class PersonJoined:
    """An invitation was accepted."""

    person_id: UUID
    territory_id: UUID
    organisation_id: UUID | None


@dataclass(frozen=True, slots=True)
class RolesChanged:
    """A person's roles are not what they were: given, changed or ended."""

    person_id: UUID
    territory_id: UUID
    organisation_id: UUID | None


@dataclass(frozen=True, slots=True)
class PersonDeactivated:
    person_id: UUID


@dataclass(frozen=True, slots=True)
class PersonErased:
    person_id: UUID


@dataclass(frozen=True, slots=True)
class TokenRevoked:
    person_id: UUID
    token_id: UUID
