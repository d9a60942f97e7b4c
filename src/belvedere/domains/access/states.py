"""Roles: what a person may be in an organisation, and in a territory."""

from __future__ import annotations

from enum import StrEnum


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
