"""Readings of watched series, packed as they were stored together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from belvedere.domains.observations.public import Reading, Run
from belvedere.domains.twin.public import forecast_or_none
from belvedere.science.alarms.foreseeing import Curve

NOTHING = float("nan")
_CURVES = msgspec.json.Encoder()  # not a number becomes null
_expected = msgspec.json.Decoder(list[tuple[float, float | None]]).decode


class _Body(msgspec.Struct, array_like=True):
    series_ids: bytes
    times_us: bytes
    numbers: bytes
    texts: dict[int, str]  # by place, what is no number


@dataclass(frozen=True, slots=True)
class Batch:
    """Arrays of one length; a number that is not finite says only that something was told."""

    series_ids: npt.NDArray[np.int64]
    times_us: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.float64]
    texts: dict[int, str]

    def __len__(self) -> int:
        return len(self.series_ids)


def pack(rows: Sequence[Reading | Run], watched: Collection[int], ids: npt.NDArray[np.int64]) -> bytes | None:
    """Those of watched series (`ids`: the same, sorted), as bytes; None where there are none."""
    series_ids: list[int] = []
    times_us: list[int] = []
    numbers: list[float] = []
    texts: dict[int, str] = {}
    for row in rows:
        if isinstance(row, Run):
            kept = np.isin(row.series_ids, ids)
            if kept.any():
                series_ids += row.series_ids[kept].tolist()
                times_us += row.times_us[kept].tolist()
                numbers += row.numbers[kept].tolist()
        elif row.series_id in watched:
            if row.number is None:
                texts[len(series_ids)] = text_of(row.value)
            series_ids.append(row.series_id)
            times_us.append(_microseconds(row))
            numbers.append(NOTHING if row.number is None else row.number)
    if not series_ids:
        return None
    body = _Body(
        np.array(series_ids, "<i8").tobytes(),
        np.array(times_us, "<i8").tobytes(),
        np.array(numbers, "<f8").tobytes(),
        texts,
    )
    return msgspec.msgpack.encode(body)


def unpack(body: bytes) -> Batch:
    packed = msgspec.msgpack.decode(body, type=_Body)
    return Batch(
        np.frombuffer(packed.series_ids, "<i8"),
        np.frombuffer(packed.times_us, "<i8"),
        np.frombuffer(packed.numbers, "<f8"),
        packed.texts,
    )


def text_of(value: object) -> str:
    """What is no number, as a rule names it: true and false, a text as it is; of a forecast what `curve_of`
    reads."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict) and "values" in value:
        expected = forecast_or_none(value)
        return "" if expected is None else _CURVES.encode(expected).decode()
    return value if isinstance(value, str) else ""


def curve_of(text: str | None) -> Curve | None:
    """A forecast out of its text; None for another text."""
    if not text or not text.startswith("[["):
        return None
    try:
        expected = _expected(text)
    except msgspec.DecodeError:
        return None
    return Curve(
        tuple(at for at, _number in expected),
        tuple(NOTHING if number is None else number for _at, number in expected),
    )


def _microseconds(row: Reading) -> int:
    return round(row.observed_at.timestamp() * 1e6)
