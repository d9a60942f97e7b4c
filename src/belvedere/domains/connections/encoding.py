"""The bytes that tell a device a command: made by `encodeDownlink` of its script (LoRa Alliance TS013)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from belvedere.domains.connections.decoding import HowToRead
from belvedere.domains.connections.scripts import SPENT, STOPPED, within_means
from belvedere.engines.sandbox import LIMITS, Ended, Run, Sandbox, shared
from belvedere.kernel.errors import N_

#: The most that any data rate of EU868 takes (RP002-1.0.4, table 9).
MOST_BYTES = 222
PORTS = range(1, 224)
NO_WRITER = N_("nobody said how commands are written for it: give it a decoder with encodeDownlink")
NO_FUNCTION = N_("its decoder has no function encodeDownlink")
NO_BYTES = N_("its decoder gave no bytes")
TOO_MANY = N_("its decoder must give 1 to 222 bytes, and a port from 1 to 223")


@dataclass(frozen=True, slots=True)
class Encoded:
    """What goes down to a device."""

    port: int
    data: bytes


@dataclass(frozen=True, slots=True)
class NotEncoded:
    """Why nothing goes down: a msgid, or the words of the script."""

    why: str


def encode(
    how: HowToRead, told: Mapping[str, Any], *, sandbox: Sandbox | None = None
) -> Encoded | NotEncoded:
    """The bytes of a command; `told` is what the script finds in `input.data`: `command`, `value`, `unit`."""
    if how.script is None:
        return NotEncoded(NO_WRITER)
    run = within_means(how.script, lambda: _run(how.source, told, sandbox))
    return NotEncoded(SPENT) if run is None else _outcome(run)


def try_encoding(source: str, told: Mapping[str, Any]) -> Encoded | NotEncoded:
    """The same of a script that is being written, whatever it may still spend."""
    return _outcome(_run(source, told))


def _run(source: str, told: Mapping[str, Any], sandbox: Sandbox | None = None) -> Run:
    return (sandbox or shared()).run(source, {"downlink": dict(told)})


def _outcome(run: Run) -> Encoded | NotEncoded:
    if run.ended in LIMITS:
        return NotEncoded(STOPPED[run.ended])
    if run.ended is Ended.MISSING:
        return NotEncoded(NO_FUNCTION)
    if run.ended is not Ended.DECODED:
        return NotEncoded(run.text or NO_BYTES)
    return _read(run.text)


def _read(text: str) -> Encoded | NotEncoded:
    try:
        made = msgspec.json.decode(text, type=_Made)
        data = bytes(made.bytes)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return NotEncoded(NO_BYTES)
    if not 0 < len(data) <= MOST_BYTES or made.f_port not in PORTS:
        return NotEncoded(TOO_MANY)
    return Encoded(made.f_port, data)


class _Made(msgspec.Struct, rename="camel"):
    bytes: list[int]
    f_port: int
