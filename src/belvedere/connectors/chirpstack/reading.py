"""Events of ChirpStack v4 as JSON (`integration.proto`, message UplinkEvent), read into frames.

Fields that hold zero, false or nothing may be absent. Other events (join, status, ack…) are no uplinks.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from belvedere.domains.connections.errors import NotAnUplink
from belvedere.domains.connections.public import Frame, believed, dev_eui
from belvedere.kernel.errors import N_, InvalidInput

#: What to listen to at its broker.
TOPIC = "application/+/device/+/event/up"


class DeviceInfo(msgspec.Struct, rename="camel"):
    dev_eui: str = ""


class Heard(msgspec.Struct, rename="camel"):
    """By one gateway."""

    rssi: float = 0.0
    snr: float = 0.0


class Uplink(msgspec.Struct, rename="camel"):
    """What of an uplink event is used."""

    device_info: DeviceInfo
    deduplication_id: str = ""
    time: datetime | None = None
    dev_addr: str = ""
    f_cnt: int = 0
    f_port: int = 0
    data: str = ""
    object: dict[str, Any] | None = None
    rx_info: list[Heard] = []


_decoder = msgspec.json.Decoder(Uplink)


def read(payload: bytes, received_at: datetime, owner: str) -> tuple[str, Frame] | None:
    """The DevEUI and the frame of an uplink; None for an event of another kind.

    Raises:
        NotAnUplink: it cannot be read.
    """
    try:
        told = _decoder.decode(payload)
        data = base64.b64decode(told.data, validate=True)
        eui = dev_eui(told.device_info.dev_eui)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, binascii.Error, InvalidInput) as error:
        if _is_other_event(payload):
            return None
        raise NotAnUplink(
            N_("This is no uplink event of ChirpStack as JSON: {why}."), why=str(error)[:200]
        ) from error
    best = max(told.rx_info, key=lambda one: one.rssi or -999, default=None)
    return eui, Frame(
        t=believed(told.time, received_at),
        port=told.f_port or None,
        data=data,
        counter=told.f_cnt,
        # A counter begins anew under the same address when a device restarts: the identifier tells more.
        session="" if told.deduplication_id else told.dev_addr,
        id=told.deduplication_id,
        object=told.object,
        rssi=best.rssi if best and best.rssi else None,
        snr=best.snr if best and best.rssi else None,
        owner=owner,
    )


#: By what other events are known.
OTHER = ({"joinedServer"}, {"margin"}, {"acknowledged"}, {"gatewayId"}, {"level", "code"}, {"location"})


def _is_other_event(payload: bytes) -> bool:
    try:
        told = msgspec.json.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    if not isinstance(told, Mapping) or "deviceInfo" not in told:
        return False
    keys = set(told)
    is_join = "devAddr" in keys and keys.isdisjoint({"fCnt", "data", "object", "rxInfo"})
    return is_join or any(names <= keys for names in OTHER)
