"""Roles, scopes and organisations as the reader's words, for forms and lists."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext

from belvedere.domains.access.public import (
    ROLE_HELP,
    ROLE_NAMES,
    SCOPE_NAMES,
    TERRITORY_ROLE_HELP,
    TERRITORY_ROLE_NAMES,
    Role,
    Scope,
    TerritoryRole,
)
from belvedere.domains.territory.public import OrganisationView, organisations

LANGUAGES = (("fr", "Français"), ("de", "Deutsch"), ("en", "English"))


def role_name(role: Role | TerritoryRole) -> str:
    """The role in the reader's language."""
    if isinstance(role, TerritoryRole):
        return gettext(TERRITORY_ROLE_NAMES[role])
    return gettext(ROLE_NAMES[role])


def role_choices() -> list[tuple[str, str]]:
    """Roles in an organisation, each with what it allows."""
    return [(role.value, f"{gettext(ROLE_NAMES[role])} — {gettext(ROLE_HELP[role])}") for role in Role]


def short_role_choices() -> list[tuple[str, str]]:
    return [(role.value, gettext(ROLE_NAMES[role])) for role in Role]


def territory_role_choices() -> list[tuple[str, str]]:
    return [
        (role.value, f"{gettext(TERRITORY_ROLE_NAMES[role])} — {gettext(TERRITORY_ROLE_HELP[role])}")
        for role in TerritoryRole
    ]


def scope_choices() -> list[tuple[str, str]]:
    return [(scope.value, gettext(SCOPE_NAMES[scope])) for scope in Scope]


def bodies(territory_id: UUID, of: Iterable[UUID]) -> list[OrganisationView]:
    """The organisations of the territory among `of`, by name."""
    wanted = set(of)
    found = [body for body in organisations(territory_id) if body.id in wanted]
    return sorted(found, key=lambda body: body.name.casefold())
