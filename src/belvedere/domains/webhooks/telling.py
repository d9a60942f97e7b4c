"""Events of other domains as messages: identifiers, verb and links, nothing about a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from belvedere.domains.plans.events import MeasureChanged, MeasureCreated, MeasuresImported
from belvedere.domains.plans.public import queries
from belvedere.domains.territory.public import territory_by_id
from belvedere.domains.webhooks import outbox
from belvedere.domains.webhooks.models import Endpoint
from belvedere.domains.webhooks.states import EventKind
from belvedere.kernel.clock import now


def measure_created(event: MeasureCreated) -> None:
    _tell(EventKind.MEASURE_CREATED, event.territory_id, event.measure_id, {"verb": "create_measure"})


def measure_changed(event: MeasureChanged) -> None:
    _tell(EventKind.MEASURE_CHANGED, event.territory_id, event.measure_id, {"verb": event.verb})


def measures_imported(event: MeasuresImported) -> None:
    said = {"verb": "import_measures", "created": event.created, "changed": event.changed}
    _tell(EventKind.MEASURES_IMPORTED, event.territory_id, None, said)


def _tell(kind: EventKind, territory_id: UUID, measure_id: UUID | None, said: Mapping[str, Any]) -> None:
    # Most territories tell nobody, and a file may bring thousands of measures: one question then.
    rows = Endpoint.objects.filter(
        territory_id=territory_id, kinds__contains=[kind.value], stopped_at__isnull=True
    )
    told = [row for row in rows if _sees(row, measure_id)]
    if not told:
        return
    slug = territory_by_id(territory_id).slug
    with transaction.atomic():
        outbox.queue(told, kind, {"territory": slug, **_links(slug, measure_id), **said}, now())


def _sees(endpoint: Endpoint, measure_id: UUID | None) -> bool:
    """Whether who set the endpoint up may know of the measure."""
    actor = outbox.teller_of(endpoint)
    if actor is None:
        return False
    return measure_id is None or queries.measure_row(actor, measure_id, language="fr") is not None


def _links(slug: str, measure_id: UUID | None) -> dict[str, str]:
    home = settings.PUBLIC_URL
    if measure_id is None:
        return {"api_url": f"{home}/api/v1/territories/{slug}/measures"}
    return {
        "measure_id": str(measure_id),
        "api_url": f"{home}/api/v1/measures/{measure_id}",
        "page_url": f"{home}/cockpit/{slug}/plans/measures/{measure_id}/",
    }
