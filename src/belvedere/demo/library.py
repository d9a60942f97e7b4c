"""The demo's library: what is built or being built is shared with what it cost."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from belvedere.demo import content
from belvedere.demo.programme import Filled
from belvedere.domains.access.public import Actor
from belvedere.domains.library.public import share_measure
from belvedere.domains.plans.public import brief
from belvedere.domains.territory.public import TerritoryView

CATEGORIES = ("velo", "rue", "bus", "interface")
MOST = 12


def share(actor: Actor, territory: TerritoryView, made: Filled) -> int:
    """Share published measures of the kinds that compare well; gives how many."""
    keys = [idea.key for idea in content.everything() if idea.category in CATEGORIES]
    ids = [made.measures[key] for key in keys if key in made.measures]
    published = [one.id for one in brief.briefs(ids).values() if one.published]
    for measure_id in sorted(published)[:MOST]:
        path = reverse("portal_plans:measure", kwargs={"territory": territory, "measure_id": measure_id})
        share_measure(actor=actor, measure_id=measure_id, url=f"{settings.PUBLIC_URL}{path}")
    return min(len(published), MOST)
