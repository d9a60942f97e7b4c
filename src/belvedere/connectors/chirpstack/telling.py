"""Commands down through ChirpStack v4 (`integration.proto`: DownlinkCommand, AckEvent, TxAckEvent, as JSON).

The id of a command is that of its item in the queue: a queue takes the same item once only.
"""

from __future__ import annotations

import base64
from uuid import UUID

import msgspec

from belvedere.connectors.telling import Said
from belvedere.domains.connections.public import Encoded, dev_eui
from belvedere.kernel.errors import N_, InvalidInput

#: Beside uplinks: what was sent, and what devices acknowledged.
TOPICS = ("application/+/device/+/event/txack", "application/+/device/+/event/ack")
#: What the topic of an uplink ends with, after what all of a device begin with.
UP = "/event/up"
QOS = 1


def downlink(base: str, command_id: UUID, made: Encoded) -> tuple[str, bytes]:
    """The topic and the message; the device is asked to acknowledge."""
    told = {
        "id": str(command_id),
        "devEui": base.rpartition("/")[2],
        "confirmed": True,
        "fPort": made.port,
        "data": base64.b64encode(made.data).decode(),
    }
    return f"{base}/command/down", msgspec.json.encode(told)


class DeviceInfo(msgspec.Struct, rename="camel"):
    dev_eui: str = ""


class Event(msgspec.Struct, rename="camel"):
    """Of both events; `acknowledged` is left out where it is false, and in those of sending."""

    device_info: DeviceInfo
    queue_item_id: str = ""
    acknowledged: bool = False


_decoder = msgspec.json.Decoder(Event)


def heard(topic: str, payload: bytes) -> Said | None:
    """What became of an item; None for one that is not ours or cannot be read."""
    try:
        told = _decoder.decode(payload)
        eui, number = dev_eui(told.device_info.dev_eui), UUID(told.queue_item_id)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, InvalidInput, ValueError):
        return None
    if topic.endswith("/txack"):
        return Said(eui, number, "accepted", N_("a gateway sent it"))
    if told.acknowledged:
        return Said(eui, number, "done", "")
    return Said(eui, number, "failed", N_("the device did not acknowledge it"))
