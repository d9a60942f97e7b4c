"""Who acts: a value made once per request, so that a policy needs no query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from belvedere.domains.access.states import Role, TerritoryRole


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with their present roles, the platform itself, or the public.

    `roles`: organisation id → roles held there. `sees`: organisations whose unpublished data may be read:
    those of `roles`, and the present members of the bodies among them. `scopes`: what an API token allows;
    None for a full session; `token_id` is that token. `is_platform`: a command of the administrator of the
    machine.
    """

    label: str
    person_id: UUID | None = None
    language: str = "fr"
    roles: Mapping[UUID, frozenset[Role]] = field(default_factory=dict)
    territory_roles: Mapping[UUID, frozenset[TerritoryRole]] = field(default_factory=dict)
    sees: frozenset[UUID] = frozenset()
    scopes: frozenset[str] | None = None
    request_id: str = ""
    is_platform: bool = False
    token_id: UUID | None = None

    @classmethod
    def system(cls, label: str = "Belvédère") -> Actor:
        """The platform itself: the command line, the demo, a scheduled job. May do everything."""
        return cls(label=label, is_platform=True)

    @classmethod
    def public(cls, language: str = "fr", request_id: str = "") -> Actor:
        """Anyone, not signed in."""
        return cls(label="public", language=language, request_id=request_id)

    def has(self, organisation_id: UUID, *roles: Role) -> bool:
        """Whether one of `roles` is held in the organisation."""
        return not self.roles.get(organisation_id, frozenset()).isdisjoint(roles)

    def governs(self, territory_id: UUID) -> bool:
        """Whether this is an administrator of the territory (or the platform itself)."""
        return self.is_platform or TerritoryRole.ADMINISTRATOR in self.territory_roles.get(
            territory_id, frozenset()
        )

    def is_elected(self, territory_id: UUID) -> bool:
        return TerritoryRole.ELECTED in self.territory_roles.get(territory_id, frozenset())

    def allows(self, scope: str) -> bool:
        """Whether the token in use, if any, carries `scope`."""
        return self.scopes is None or scope in self.scopes
