"""The few facts of a measure that whoever writes about it needs: what it is called, whose, who is named."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.errors import NoSuchMeasure
from belvedere.domains.plans.models import Measure, MeasureActor
from belvedere.domains.plans.policies import Thing, sees
from belvedere.domains.plans.views import Names
from belvedere.domains.plans.vocabulary import ActorRole
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_


@dataclass(frozen=True, slots=True)
class Brief:
    """A measure in a line."""

    id: UUID
    territory_id: UUID
    owner_id: UUID
    published: bool
    title: Names
    version: int
    description: Names
    justification: Names

    @property
    def thing(self) -> Thing:
        """What a right is asked on."""
        return Thing(self.territory_id, self.owner_id, self.published)

    def inside(self, actor: Actor) -> bool:
        """Whether the actor would know of the measure were it not published: the people who work on it."""
        return sees(actor, Thing(self.territory_id, self.owner_id))


def briefs(measure_ids: Collection[UUID]) -> dict[UUID, Brief]:
    """These measures, whoever may see them: for the platform's own work."""
    rows = Measure.objects.filter(pk__in=list(measure_ids)).only(
        "id", "territory_id", "owner_id", "published", "title", "version", "description", "justification"
    )
    return {
        row.pk: Brief(
            row.pk,
            row.territory_id,
            row.owner_id,
            row.published,
            row.title,
            row.version,
            row.description,
            row.justification,
        )
        for row in rows
    }


def brief(actor: Actor, measure_id: UUID) -> Brief:
    """One measure that the actor may see.

    Raises:
        NoSuchMeasure: there is none, or the actor may not know of it.
    """
    found = briefs([measure_id]).get(measure_id)
    if found is None or not sees(actor, found.thing):
        raise NoSuchMeasure(N_("There is no such measure, or it is not published."))
    return found


def people_named(
    measure_ids: Collection[UUID], *roles: ActorRole
) -> dict[UUID, list[tuple[ActorRole, UUID]]]:
    """Who with an account plays a part today (one of `roles`, any without), by measure."""
    day = today()
    rows = MeasureActor.objects.filter(
        Q(since__isnull=True) | Q(since__lte=day),
        Q(until__isnull=True) | Q(until__gte=day),
        measure_id__in=list(measure_ids),
        person__isnull=False,
    ).order_by("id")
    if roles:
        rows = rows.filter(role__in=roles)
    found: dict[UUID, list[tuple[ActorRole, UUID]]] = {}
    for measure_id, role, person_id in rows.values_list("measure_id", "role", "person_id"):
        if person_id is not None:
            found.setdefault(measure_id, []).append((ActorRole(role), person_id))
    return found


__all__ = ["Brief", "brief", "briefs", "people_named"]
