"""What others tell of a device, put into one form: an uplink as network servers hand it over, or a row of a
list that a source holds.

Connectors write it, the bus carries it as JSON, intake reads it. Pure: nothing is known here of devices.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

#: A network server's clock is believed within this; else the instant of arrival stands.
AHEAD, BEHIND = timedelta(minutes=5), timedelta(days=30)
MOST_FIELDS = 300
DEEPEST = 6
#: Frames that bear the same mark within this time are one: a counter may begin anew after a device restarts.
ONE_FRAME = timedelta(hours=1)


class Frame(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a device sent. `t`: when the network server had it; `data`: its bytes (base64 in JSON).

    `id`, `session` and `counter` tell one frame from another. `object`: what the network server made of the
    bytes. `rssi` (dBm) and `snr` (dB): of the gateway that heard it best. `owner`: whose connection it came
    by (the identifier of an organisation, "" for the territory's), None when the device itself sent it.

    Of a row: `terms`, the attributes with value and unit; `fault`, a reason to refuse it that was found when
    it was read, with `detail`.
    """

    t: datetime | None = None
    port: int | None = None
    data: bytes = b""
    counter: int | None = None
    session: str = ""
    id: str = ""
    object: Mapping[str, Any] | None = None
    rssi: float | None = None
    snr: float | None = None
    owner: str | None = None
    terms: Mapping[str, tuple[Any, str]] | None = None
    fault: str = ""
    detail: str = ""

    def mark(self) -> bytes | None:
        """What two tellings of one frame share; None where nothing can be told."""
        if self.session and self.counter is not None:
            said = f"f\x00{self.session}\x00{self.counter}"
        elif self.id:
            said = f"i\x00{self.id}"
        else:
            return None
        return hashlib.sha256(said.encode("utf-8", "replace")).digest()[:16]


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Frame)


def write_frame(frame: Frame) -> bytes:
    """As the bus carries it."""
    return _encoder.encode(frame)


def read_frame(payload: bytes) -> Frame | None:
    """From the bus; None for what is no frame."""
    try:
        return _decoder.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError):
        return None


def believed(told: datetime | None, received_at: datetime) -> datetime:
    """The instant that a network server told, unless its clock (or its gateway's) cannot be right."""
    if told is None or told.tzinfo is None:
        return received_at
    return told if received_at - BEHIND <= told <= received_at + AHEAD else received_at


def flat(told: Mapping[str, Any]) -> dict[str, Any]:
    """Objects within objects as fields `outer.inner`; at most 300 of them."""
    found: dict[str, Any] = {}
    _gather(told, "", found, 0)
    return found


def _gather(told: Mapping[str, Any], before: str, found: dict[str, Any], depth: int) -> None:
    for name, value in told.items():
        if len(found) >= MOST_FIELDS:
            return
        if isinstance(value, Mapping) and depth < DEEPEST:
            _gather(value, f"{before}{name}.", found, depth + 1)
        else:
            found[before + str(name)] = value
