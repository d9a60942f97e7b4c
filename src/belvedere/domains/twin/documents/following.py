"""What a thing says of its own name and place, when somebody changes these on a page."""

from __future__ import annotations

from datetime import datetime

from belvedere.domains.twin.documents.held import NAMES
from belvedere.domains.twin.models import Attribute, Entity
from belvedere.domains.twin.states import AttributeKind
from belvedere.kernel.geometry import from_wkb
from belvedere.standards.ngsi_ld.documents import LOCATION


def follow(row: Entity, at: datetime, *, named: bool, placed: bool) -> None:
    """Make its attributes of name and place say what its columns say; where it has none it needs none."""
    said = row.attributes.filter(dataset_id="")
    if named:
        for one in said.filter(name__in=NAMES):
            _say_name(row, one, at)
    if placed:
        found = said.filter(name=LOCATION)
        if row.geometry is None:
            found.delete()
        else:
            shape = from_wkb(row.geometry).geojson
            found.update(value=shape, observed_at=None, modified_at=at)


def _say_name(row: Entity, one: Attribute, at: datetime) -> None:
    if not row.names:
        one.delete()
        return
    if one.kind == AttributeKind.LANGUAGE:
        one.value = dict(row.names)
    else:
        one.value = next(iter(row.names.values()))
    one.observed_at, one.modified_at = None, at
    one.save(update_fields=["value", "observed_at", "modified_at"])
