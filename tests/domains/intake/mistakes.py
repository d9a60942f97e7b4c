"""What devices write wrong: each mistake with its reason, and noise without end."""

from __future__ import annotations

import random
from collections.abc import Iterator

from belvedere.domains.intake.forms import MOST_BYTES
from belvedere.domains.intake.states import Reason

#: Payloads of the simple form, on 22 November 2026 a little after 08:00 UTC; for the fields of a device
#: called fill (a share), temperature, status (text), open (boolean) and extra (structured).
MISTAKES: list[tuple[bytes, Reason]] = [
    (b"", Reason.NOT_JSON),
    (b"21.5 degrees", Reason.NOT_JSON),
    (b"\xff\xfe{}", Reason.NOT_JSON),
    (b'{"fill": 1', Reason.NOT_JSON),
    (b"[" * 50_000, Reason.NOT_JSON),
    (b'{"fill": NaN}', Reason.NOT_A_NUMBER),
    (b'{"fill": -Infinity}', Reason.NOT_A_NUMBER),
    (b'{"fill": 1e999}', Reason.NOT_A_NUMBER),
    (b"21.5", Reason.BAD_FORM),
    (b"[]", Reason.BAD_FORM),
    (b'[{"fill": 1}]', Reason.BAD_FORM),
    (b"null", Reason.BAD_FORM),
    (b"{}", Reason.NO_VALUES),
    (b'{"t": "2026-11-22T08:00:00Z"}', Reason.NO_VALUES),
    (b'{"fill": null}', Reason.NO_VALUES),
    (b'{"fill": {"value": null, "unit": "P1"}}', Reason.NO_VALUES),
    (b'{"t": "yesterday", "fill": 1}', Reason.BAD_TIME),
    (b'{"t": "2026-11-22T08:00:00", "fill": 1}', Reason.BAD_TIME),
    (b'{"t": "2026-11-22", "fill": 1}', Reason.BAD_TIME),
    (b'{"t": true, "fill": 1}', Reason.BAD_TIME),
    (b'{"t": {}, "fill": 1}', Reason.BAD_TIME),
    (b'{"t": 1e300, "fill": 1}', Reason.BAD_TIME),
    (b'{"t": "0001-01-01T00:00:00+14:00", "fill": 1}', Reason.BAD_TIME),
    (b'{"t": "2026-11-22T08:10:06Z", "fill": 1}', Reason.FUTURE),
    (b'{"t": "9999-12-31T23:59:59Z", "fill": 1}', Reason.FUTURE),
    (b'{"t": "1989-12-31T23:59:59Z", "fill": 1}', Reason.TOO_OLD),
    (b'{"t": 0, "fill": 1}', Reason.TOO_OLD),
    (b'{"fil": 1}', Reason.UNKNOWN_FIELD),
    (b'{"fill": "1"}', Reason.NOT_A_NUMBER),
    (b'{"fill": true}', Reason.WRONG_TYPE),
    (b'{"fill": [1]}', Reason.WRONG_TYPE),
    (b'{"fill": {"value": 1, "units": "P1"}}', Reason.WRONG_TYPE),
    (b'{"fill": {"value": 1, "unit": "CEL"}}', Reason.WRONG_UNIT),
    (b'{"fill": {"value": 1, "unit": 7}}', Reason.WRONG_UNIT),
    (b'{"fill": {"value": 1, "unit": ""}}', Reason.WRONG_UNIT),
    (b'{"fill": 1' + b"0" * 400 + b"}", Reason.NOT_A_NUMBER),
    (b'{"status": 3}', Reason.WRONG_TYPE),
    (b'{"status": "a\\u0000b"}', Reason.WRONG_TYPE),
    (b'{"status": "' + b"x" * 9000 + b'"}', Reason.TOO_LARGE),
    (b'{"open": 1}', Reason.WRONG_TYPE),
    (b'{"open": "yes"}', Reason.WRONG_TYPE),
    (b'{"extra": "text"}', Reason.WRONG_TYPE),
    (b'{"extra": {"a": ["\\u0000"]}}', Reason.WRONG_TYPE),
    (b'{"fill": 1, "x": 2}', Reason.UNKNOWN_FIELD),
    (b" " * (MOST_BYTES + 1), Reason.TOO_LARGE),
]

_GOOD = [
    b'{"t": "2026-11-22T08:00:00Z", "fill": 78, "temperature": {"value": 11.4, "unit": "CEL"}}',
    b'[{"t": 1795334400, "fill": 1}, {"t": 1795334401000, "status": "\\ud83d\\ude00", "open": true}]',
    b'{"fill": {"type": "Property", "value": 0.5, "unitCode": "C62", "observedAt": "2026-11-22T08:00:00Z"}}',
]
_ODD = [b"NaN", b"1e999", b"-1e-999", b'"\\ud800"', b'"\\u0000"', b"[[[", b"{}", b"null", b"\xc3\x28"]
_ODD += [b"9" * 400, b"-0", b"true", b'"2026-11-22T25:00:00Z"', b'{"value": [], "unit": {}}', b"\x00"]


def noise(many: int) -> Iterator[bytes]:
    """So many payloads: messages cut, bytes changed, members swapped for anything; the same each time."""
    chance = random.Random(20261122)
    for _turn in range(many):
        payload = bytearray(chance.choice(_GOOD))
        for _change in range(chance.randrange(1, 5)):
            at = chance.randrange(len(payload))
            match chance.randrange(4):
                case 0:
                    payload[at] = chance.randrange(256)
                case 1:
                    payload[at : at + chance.randrange(8)] = chance.choice(_ODD)
                case 2:
                    del payload[at : at + chance.randrange(1, 20)]
                case _:
                    payload[at:at] = payload[: chance.randrange(len(payload))]
            payload = payload or bytearray(b" ")
        yield bytes(payload)
