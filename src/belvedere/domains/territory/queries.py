"""Typed reads of places and organisations; every perimeter is asked for a date."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q

from belvedere.domains.territory.models import OrganisationMember
from belvedere.kernel.clock import today


def on(day: date, prefix: str = "") -> Q:
    """The rows in force on `day` (`valid_from` inclusive, `valid_to` exclusive)."""
    return (Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": day})) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": day})
    )


def members_of(bodies: frozenset[UUID], day: date | None = None) -> frozenset[UUID]:
    """The organisations that belong to `bodies` on `day`, their members' members included."""
    day = day or today()
    found: set[UUID] = set()
    frontier = set(bodies)
    while frontier:
        frontier = (
            set(
                OrganisationMember.objects.filter(on(day), body_id__in=frontier).values_list(
                    "member_id", flat=True
                )
            )
            - found
            - bodies
        )
        found |= frontier
    return frozenset(found)
