"""Uplinks of The Things Stack v3 as JSON (ApplicationUp with `uplink_message`), read into frames.

The server leaves out fields that hold zero, false or nothing: port, counter, rssi and payload may be absent.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Any

import msgspec

from belvedere.domains.connections.errors import NotAnUplink
from belvedere.domains.connections.public import Frame, believed, dev_eui
from belvedere.kernel.errors import N_, InvalidInput

#: What to listen to at its broker.
TOPIC = "v3/+/devices/+/up"


class Identifiers(msgspec.Struct):
    dev_eui: str = ""


class Heard(msgspec.Struct):
    """By one gateway."""

    rssi: float = 0.0
    snr: float = 0.0


class Message(msgspec.Struct):
    session_key_id: str = ""
    f_port: int = 0
    f_cnt: int = 0
    frm_payload: str = ""
    decoded_payload: dict[str, Any] | None = None
    rx_metadata: list[Heard] = []
    received_at: str = ""


class Event(msgspec.Struct):
    """What of an event is used."""

    end_device_ids: Identifiers
    uplink_message: Message | None = None
    received_at: str = ""


_decoder = msgspec.json.Decoder(Event)


def read(payload: bytes, received_at: datetime, owner: str) -> tuple[str, Frame] | None:
    """The DevEUI and the frame of an uplink; None for an event of another kind.

    Raises:
        NotAnUplink: it cannot be read.
    """
    try:
        told = _decoder.decode(payload)
        if (message := told.uplink_message) is None:
            return None
        data = base64.b64decode(message.frm_payload, validate=True)
        eui = dev_eui(told.end_device_ids.dev_eui)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, binascii.Error, InvalidInput) as error:
        raise NotAnUplink(
            N_("This is no event of The Things Stack as JSON: {why}."), why=str(error)[:200]
        ) from error
    best = max(message.rx_metadata, key=lambda one: one.rssi or -999, default=None)
    instant = _instant(message.received_at) or _instant(told.received_at)
    return eui, Frame(
        t=believed(instant, received_at),
        port=message.f_port or None,
        data=data,
        counter=message.f_cnt,
        session=message.session_key_id,
        object=message.decoded_payload,
        rssi=best.rssi if best and best.rssi else None,
        snr=best.snr if best and best.rssi else None,
        owner=owner,
    )


def _instant(text: str) -> datetime | None:
    """Its instants have nanoseconds."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None
