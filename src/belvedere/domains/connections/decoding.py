"""What an uplink says: by the table of the device's model, by a script of the territory, or as the network
server understood it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from belvedere.domains.connections.catalogue import catalogue
from belvedere.domains.connections.frames import Frame, flat
from belvedere.domains.connections.models import Reader
from belvedere.domains.connections.scripts import Failed, run_script
from belvedere.domains.connections.states import Undecoded
from belvedere.domains.connections.tables import Unreadable


@dataclass(frozen=True, slots=True)
class HowToRead:
    """How the uplinks of a device are read: `model` (of the catalogue), or `script` with its `source`."""

    model: str = ""
    script: UUID | None = None
    source: str = ""


AS_TOLD = HowToRead()


def how_to_read(devices: Collection[UUID]) -> dict[UUID, HowToRead]:
    """What is known of these devices; one query."""
    rows = Reader.objects.filter(device_id__in=list(devices)).values_list(
        "device_id", "model", "script_id", "script__source"
    )
    return {device: HowToRead(model, script, source or "") for device, model, script, source in rows}


def decode(how: HowToRead, frame: Frame) -> Mapping[str, Any] | Failed:
    """The fields of an uplink, and `rssi` and `snr` where it tells none itself."""
    found = _decoded(how, frame)
    if isinstance(found, Failed):
        return found
    heard = {name: one for name, one in (("rssi", frame.rssi), ("snr", frame.snr)) if one is not None}
    return {**heard, **flat(found)}


def _decoded(how: HowToRead, frame: Frame) -> Mapping[str, Any] | Failed:
    own = how.script is not None or how.model in catalogue()
    if own and frame.data:
        if how.script is not None:
            return run_script(how.script, how.source, frame)
        try:
            return catalogue()[how.model].table.read(frame.port, frame.data)
        except Unreadable as error:
            return Failed(Undecoded.ERROR, str(error))
    if frame.object:
        return frame.object
    return Failed(Undecoded.NONE if frame.data else Undecoded.EMPTY)
