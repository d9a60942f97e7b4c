"""@contexts that are kept here, as they are read (ETSI GS CIM 009, clause 5.13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from belvedere.domains.context.errors import NoSuchContext
from belvedere.domains.context.models import HostedContext
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.errors import N_

PATH = "/ngsi-ld/v1/jsonldContexts/"
_NO_SUCH = N_("There is no such @context here.")


@dataclass(frozen=True, slots=True)
class Hosted:
    """An @context that is kept here; `url` is where it is read."""

    id: UUID
    url: str
    body: dict[str, Any]
    created_at: datetime


def hosted_contexts(territory: TerritoryView) -> list[Hosted]:
    """Those of a territory, the oldest first (5.13.3)."""
    return [
        view_of(row) for row in HostedContext.objects.filter(territory_id=territory.id).order_by("created_at")
    ]


def hosted_context(context_id: str) -> Hosted:
    """One of them, by its identifier or address (5.13.4)."""
    return view_of(row_of(context_id))


def find_hosted(url: str) -> dict[str, Any] | None:
    """The document at an address of ours; None for any other address."""
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that hold no address
        return None
    if not parts.path.startswith(PATH) or (parts.hostname or "") not in settings.ALLOWED_HOSTS:
        return None
    try:
        body: dict[str, Any] = row_of(parts.path).body
    except NoSuchContext:
        return None
    return body


def row_of(context_id: str, territory: TerritoryView | None = None) -> HostedContext:
    name = context_id.rstrip("/").rpartition("/")[2].removeprefix("urn:uuid:")
    try:
        rows = HostedContext.objects.filter(pk=UUID(name))
    except ValueError:
        raise NoSuchContext(_NO_SUCH) from None
    row = rows.filter(territory_id=territory.id).first() if territory else rows.first()
    if row is None:
        raise NoSuchContext(_NO_SUCH)
    return row


def view_of(row: HostedContext) -> Hosted:
    return Hosted(row.pk, f"{settings.PUBLIC_URL}{PATH}{row.pk}", row.body, row.created_at)
