"""What a program read, in the words it asked with: for the people who answer for the data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from belvedere.domains.access.public import Door, note_reading
from belvedere.faces.ngsi_ld.calls import Call

_VALUES = ("entities", "temporal/", "entityOperations/query")
_URN = "urn:ngsi-ld:"


def note_read(call: Call) -> None:
    """Count a read of values; names of types, subscriptions and contexts are none."""
    if not call.path.startswith(_VALUES):
        return
    what, attributes = _asked(call)
    caller = call.caller
    note_reading(caller.actor, caller.territory.id, Door.NGSI_LD, what, attributes)


def _asked(call: Call) -> tuple[str, str]:
    """The types and the attributes that were asked for; "" for all."""
    parameters = call.parameters
    types = parameters.get("type", "")
    attributes = parameters.get("attrs") or parameters.get("pick") or ""
    one = call.path.removeprefix("temporal/").removeprefix("entities").strip("/")
    if one.startswith(_URN):  # as most identifiers tell, the type comes next
        types = one[len(_URN) :].partition(":")[0]
    elif isinstance(call.sent, Mapping):
        types, attributes = _in_body(call.sent)
    return ",".join(map(_short, types.split(","))), ",".join(map(_short, attributes.split(",")))


def _in_body(body: Mapping[str, Any]) -> tuple[str, str]:
    """Of a query that was sent; it was answered, so it is well formed."""
    entities = body.get("entities", ())
    types = [str(one["type"]) for one in entities if isinstance(one, Mapping) and "type" in one]
    attributes = body.get("attrs") or body.get("pick") or ()
    return ",".join(types), ",".join(str(one) for one in attributes)


def _short(name: str) -> str:
    """The part of an IRI that people read."""
    return name.rstrip("/#").rpartition("#")[2].rpartition("/")[2] if "://" in name else name
