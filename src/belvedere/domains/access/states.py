"""Roles: what a person may be in an organisation, and in a territory; scopes: what a token may do."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from belvedere.kernel.errors import N_


class Role(StrEnum):
    """In an organisation. Each allows what its line in `policies` says, nothing by order."""

    READER = "reader"
    CONTRIBUTOR = "contributor"
    MANAGER = "manager"
    FINANCE = "finance"
    ADMINISTRATOR = "administrator"


class TerritoryRole(StrEnum):
    """In a whole territory."""

    ADMINISTRATOR = "administrator"
    ELECTED = "elected"


class Door(StrEnum):
    """Where a token reads."""

    NGSI_LD = "ngsi_ld"
    REST = "rest"


class Scope(StrEnum):
    """What a token may do, at most what its person may."""

    READ = "read"
    WRITE = "write"
    PEOPLE = "people"


ROLE_NAMES: Final = {
    Role.READER: N_("Reader"),
    Role.CONTRIBUTOR: N_("Contributor"),
    Role.MANAGER: N_("Manager"),
    Role.FINANCE: N_("Finance officer"),
    Role.ADMINISTRATOR: N_("Administrator"),
}
ROLE_HELP: Final = {
    Role.READER: N_("Reads what the organisation has not published."),
    Role.CONTRIBUTOR: N_("Adds and changes measures, without their amounts."),
    Role.MANAGER: N_("Adds, changes, publishes measures and plans, with their amounts."),
    Role.FINANCE: N_("Changes estimates, spending and funding."),
    Role.ADMINISTRATOR: N_("Does what a manager does, and invites people and gives them roles."),
}
TERRITORY_ROLE_NAMES: Final = {
    TerritoryRole.ADMINISTRATOR: N_("Territory administrator"),
    TerritoryRole.ELECTED: N_("Elected member"),
}
TERRITORY_ROLE_HELP: Final = {
    TerritoryRole.ADMINISTRATOR: N_("Does everything in the territory, for every organisation."),
    TerritoryRole.ELECTED: N_("Reads everything in the territory, changes nothing."),
}
SCOPE_NAMES: Final = {
    Scope.READ: N_("Read"),
    Scope.WRITE: N_("Change measures and plans"),
    Scope.PEOPLE: N_("Manage people"),
}
