"""Commands down through The Things Stack v3 (ApplicationDownlinks at `down/push`, and its events, as JSON).

Its broker gives no receipts (QoS 0): that a command is in its queue is known by the event.
"""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

import msgspec

from belvedere.connectors.telling import Said
from belvedere.domains.connections.public import Encoded, dev_eui
from belvedere.kernel.errors import N_, InvalidInput

TOPICS = ("v3/+/devices/+/down/queued", "v3/+/devices/+/down/sent", "v3/+/devices/+/down/ack",
          "v3/+/devices/+/down/nack", "v3/+/devices/+/down/failed")  # fmt: skip
#: What the topic of an uplink ends with, after what all of a device begin with.
UP = "/up"
QOS = 0
_OURS = "belvedere:"


def downlink(base: str, command_id: UUID, made: Encoded) -> tuple[str, bytes]:
    """The topic and the message; the device is asked to acknowledge."""
    item = {
        "f_port": made.port,
        "frm_payload": base64.b64encode(made.data).decode(),
        "confirmed": True,
        "priority": "NORMAL",
        "correlation_ids": [f"{_OURS}{command_id}"],
    }
    return f"{base}/down/push", msgspec.json.encode({"downlinks": [item]})


class Identifiers(msgspec.Struct):
    dev_eui: str = ""


class Event(msgspec.Struct):
    end_device_ids: Identifiers
    correlation_ids: list[str] = []
    downlink_queued: dict[str, Any] | None = None
    downlink_sent: dict[str, Any] | None = None
    downlink_ack: dict[str, Any] | None = None
    downlink_nack: dict[str, Any] | None = None
    downlink_failed: dict[str, Any] | None = None


_decoder = msgspec.json.Decoder(Event)


def heard(_topic: str, payload: bytes) -> Said | None:
    """What became of a downlink; None for one that is not ours or cannot be read.

    One that was not acknowledged stays in the queue there and is sent again: it has not failed.
    """
    try:
        told = _decoder.decode(payload)
        eui = dev_eui(told.end_device_ids.dev_eui)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, InvalidInput):
        return None
    number = _ours(told)
    if number is None:
        return None
    if told.downlink_ack is not None:
        return Said(eui, number, "done", "")
    if told.downlink_failed is not None:
        return Said(eui, number, "failed", _error(told.downlink_failed))
    if told.downlink_nack is not None:
        return Said(eui, number, "accepted", N_("the device did not acknowledge it yet"))
    words = N_("a gateway sent it") if told.downlink_sent is not None else N_("it waits for the device")
    return Said(eui, number, "accepted", words)


def _ours(told: Event) -> UUID | None:
    named = list(told.correlation_ids)
    for body in (
        told.downlink_queued, told.downlink_sent, told.downlink_ack, told.downlink_nack, told.downlink_failed
    ):  # fmt: skip
        inner = body.get("downlink", body) if body else {}
        some = inner.get("correlation_ids") if isinstance(inner, dict) else None
        named += [one for one in some if isinstance(one, str)] if isinstance(some, list) else []
    for one in named:
        if one.startswith(_OURS):
            try:
                return UUID(one.removeprefix(_OURS))
            except ValueError:
                return None
    return None


def _error(failed: dict[str, Any]) -> str:
    """The words of the server, or that it said none."""
    error = failed.get("error")
    said = error.get("message_format") if isinstance(error, dict) else None
    return said if isinstance(said, str) and said else N_("the network server could not send it")
