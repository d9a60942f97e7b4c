"""Verbs on following a measure, and the reads of who follows what."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.collaboration.models import Follow
from belvedere.domains.collaboration.policies import require
from belvedere.domains.collaboration.telling import leads_of
from belvedere.domains.plans.public import brief
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.clock import now


def follow_measure(*, actor: Actor, measure_id: UUID, active: bool = True) -> None:
    """Follow a measure, or follow it no more; doing it twice changes nothing."""
    measure = brief.brief(actor, measure_id)
    require(actor, "follow", measure)
    if actor.person_id is None or follows(actor, measure_id) == active:
        return
    with transaction.atomic():
        Follow.objects.update_or_create(
            person_id=actor.person_id,
            measure_id=measure_id,
            defaults={"active": active, "since": now()},
        )
        record(
            **signed(actor),
            verb="collaboration.follow_measure" if active else "collaboration.unfollow_measure",
            subject=("collaboration.follow", str(measure_id)),
            territory_id=measure.territory_id,
        )


def follows(actor: Actor, measure_id: UUID) -> bool:
    """Whether the actor follows a measure they may see: by choice, else by their part in it."""
    if actor.person_id is None:
        return False
    chosen = Follow.objects.filter(person_id=actor.person_id, measure_id=measure_id)
    active = chosen.values_list("active", flat=True).first()
    if active is not None:
        return active
    return actor.person_id in leads_of(brief.brief(actor, measure_id))
