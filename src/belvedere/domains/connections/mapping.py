"""Whether a mapping can be read: its fields lead to attributes of the kind, in units that can be changed."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from belvedere.domains.connections.lists import ListMap
from belvedere.domains.twin.public import UNITS, conversion, descriptions
from belvedere.kernel.errors import N_, InvalidInput

MOST_FIELDS = 50


def check_mapping(kind: str, mapping: ListMap, *, is_one: bool) -> None:
    """Refuse what cannot be read so. `is_one`: it may tell of one thing, which is known otherwise."""
    if not mapping.fields or len(mapping.fields) > MOST_FIELDS:
        raise InvalidInput(
            N_("Say what at least one field tells; {most} at most."), most=MOST_FIELDS, field="fields"
        )
    if not mapping.id and not is_one:
        raise InvalidInput(N_("Say which field names the thing."), field="id")
    known = descriptions()[kind].attributes
    terms = [one.term for one in mapping.fields]
    if len(set(terms)) < len(terms):
        raise InvalidInput(N_("Two fields would write the same attribute. Keep one of them."), field="fields")
    for one in mapping.fields:
        kept = known.get(one.term)
        if not one.source or kept is None:
            raise InvalidInput(
                N_("The field “{name}” leads to no attribute."), name=one.source, field="fields"
            )
        if one.unit and (one.unit not in UNITS or conversion(one.unit, kept.unit) is None):
            raise InvalidInput(
                N_("“{name}” cannot come in this unit: it is kept in {unit}."),
                name=one.source,
                unit=UNITS[kept.unit].symbol or "1" if kept.unit in UNITS else "–",
                field="fields",
            )
    paths = [mapping.items, mapping.id, mapping.name, mapping.longitude, mapping.latitude, mapping.time]
    if any(len(path) > 120 for path in (*paths, *(one.source for one in mapping.fields))):
        raise InvalidInput(N_("The name of a field has 120 letters at most."), field="fields")
    try:
        ZoneInfo(mapping.zone)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidInput(N_("This time zone is not known."), field="zone") from error
