"""What a device wrote, as reading sets: every form, every mistake, and 100,000 payloads of noise."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from belvedere.domains.intake.forms import (
    MOST_BYTES,
    MOST_SETS,
    ReadingSet,
    Refusal,
    decode,
    instant_of,
    written,
)
from belvedere.domains.intake.judging import judge
from belvedere.domains.intake.states import Form, Reason
from belvedere.domains.intake.values import address_of
from belvedere.domains.twin.public import Feed, Target
from belvedere.kernel.identifiers import new_id

NOW = datetime(2026, 11, 22, 8, 0, 5, tzinfo=UTC)
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


def target(number: int, kind: str = "number", unit: str = "", **more: Any) -> Target:
    given = {"factor": 1.0, "offset": 0.0, "low": None, "high": None, **more}
    return Target(number, f"term{number}", kind, unit=unit, **given)


def feed(*, strict: bool = False) -> Feed:
    fields = {
        "fill": target(1, unit="C62", low=0.0, high=1.0, factor=0.01),
        "temperature": target(2, unit="CEL", low=-60.0, high=80.0),
        "status": target(3, "text"),
        "open": target(4, "boolean"),
        "extra": target(5, "object"),
    }
    return Feed(new_id(), new_id(), "bin", 1, fields, strict, False, 600)


def only(form: Form, payload: bytes | str | Any) -> ReadingSet | Refusal:
    if not isinstance(payload, bytes):
        payload = (payload if isinstance(payload, str) else json.dumps(payload)).encode()
    (one,) = decode(form, payload, NOW)
    return one


def judged(payload: Any, *, strict: bool = False, form: Form = Form.SIMPLE) -> list[Any] | Reason:
    told = only(form, payload)
    found = judge(told, feed(strict=strict), form) if isinstance(told, ReadingSet) else told
    if isinstance(found, Refusal):
        return found.reason
    return [(v.target.series_id, v.number if v.value is None else v.value, v.note) for v in found]


def test_the_simple_form() -> None:
    told = only(
        Form.SIMPLE,
        '{"t": "2026-11-22T09:00:00+01:00", "fill": 78, "temperature": {"value": 11.4, "unit": "CEL"},'
        ' "x": null}',
    )
    assert told == ReadingSet(AT, [("fill", 78, ""), ("temperature", 11.4, "CEL")])


@pytest.mark.parametrize(
    "given",
    [
        "2026-11-22T08:00:00Z",
        "2026-11-22T08:00:00.000000+00:00",
        "2026-11-22T10:00+02:00",
        1795334400,
        1795334400.0,
        1795334400000,
    ],
)
def test_instants(given: Any) -> None:
    assert instant_of(given) == AT


@pytest.mark.parametrize("name", ["t", "time", "observedAt"])
def test_the_time_has_three_names(name: str) -> None:
    told = only(Form.SIMPLE, {name: "2026-11-22T08:00:00Z", "fill": 1})
    assert isinstance(told, ReadingSet) and told.observed_at == AT


def test_without_a_time_it_is_when_the_bus_had_it() -> None:
    assert only(Form.SIMPLE, {"fill": 1}) == ReadingSet(NOW, [("fill", 1, "")])


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
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
    ],
    ids=lambda given: str(given)[:40],
)
def test_each_mistake_has_its_reason(payload: bytes, reason: Reason) -> None:
    assert judged(payload) is reason


def test_ten_minutes_ahead_is_still_the_present() -> None:
    assert judged({"t": "2026-11-22T08:10:05Z", "fill": 1}) == [(1, 0.01, "")]


def test_values_come_in_their_unit() -> None:
    assert judged({"fill": 78}) == [(1, pytest.approx(0.78), "")]
    assert judged({"fill": {"value": 78, "unit": "P1"}}) == [(1, pytest.approx(0.78), "")]
    assert judged({"fill": {"value": 0.78, "unit": "C62"}}) == [(1, 0.78, "")]
    assert judged({"temperature": {"value": 50, "unit": "FAH"}}) == [(2, pytest.approx(10), "")]
    assert judged({"status": "open", "open": False, "extra": {"a": [1]}}) == [
        (3, "open", ""),
        (4, False, ""),
        (5, {"a": [1]}, ""),
    ]


def test_bounds_warn_or_refuse() -> None:
    assert judged({"fill": 101}) == [(1, 1.01, "out_of_range")]
    assert judged({"fill": 101}, strict=True) is Reason.OUT_OF_RANGE
    assert judged({"fill": 100}, strict=True) == [(1, 1.0, "")]


def test_a_batch_is_as_many_sets_as_it_lists() -> None:
    payload = b'[{"t": 1795334400, "fill": 1}, 5,  {"fill" :NaN_, "t":0}]'.replace(b"NaN_", b"2")
    told = decode(Form.BATCH, payload, NOW)
    assert told == [
        ReadingSet(AT, [("fill", 1, "")], 0),
        Refusal(Reason.BAD_FORM, "not an object", 1),
        Refusal(Reason.TOO_OLD, "0", 2),
    ]
    kept = written(Form.BATCH, payload, 2)
    assert kept.form is Form.SIMPLE and kept.payload.strip() == b'{"fill" :2, "t":0}'
    assert only(kept.form, kept.payload) == Refusal(Reason.TOO_OLD, "0")


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"[]", Reason.NO_VALUES),
        (b"{}", Reason.BAD_FORM),
        (b"[1" + b",1" * MOST_SETS + b"]", Reason.TOO_LARGE),
    ],
    ids=["empty", "object", "long"],
)
def test_a_batch_that_is_none(payload: bytes, reason: Reason) -> None:
    told = only(Form.BATCH, payload)
    assert isinstance(told, Refusal) and told.reason is reason


def test_a_fragment_of_ngsi_ld() -> None:
    fragment = {
        "id": "urn:ngsi-ld:WasteContainer:1",
        "type": "WasteContainer",
        "@context": ["https://example.org/context.jsonld"],
        "fill": {"type": "Property", "value": 0.5, "unitCode": "C62", "observedAt": "2026-11-22T08:00:00Z"},
        "https://example.org/term2": {"value": 3.5, "observedAt": "2026-11-22T08:00:00Z"},
        "status": {"type": "Property", "value": "open"},
        "extra": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [7.4, 46.2]}},
    }
    first, second = decode(Form.NGSILD, json.dumps(fragment).encode(), NOW)
    assert isinstance(first, ReadingSet) and isinstance(second, ReadingSet)
    assert (first.observed_at, first.part) == (AT, 0)
    assert [v.number for v in judge(first, feed(), Form.NGSILD)] == [0.5, 3.5]  # type: ignore[union-attr]
    assert (second.observed_at, second.part) == (NOW, 1)
    assert [name for name, _value, _unit in second.values] == ["status", "extra"]


@pytest.mark.parametrize("form", list(Form))
def test_whatever_comes_has_an_outcome(form: Form) -> None:
    """100,000 payloads in all: messages cut, bytes changed, members swapped for anything."""
    chance = random.Random(20261122)
    good = [
        b'{"t": "2026-11-22T08:00:00Z", "fill": 78, "temperature": {"value": 11.4, "unit": "CEL"}}',
        b'[{"t": 1795334400, "fill": 1}, {"t": 1795334401000, "status": "\\ud83d\\ude00", "open": true}]',
        b'{"fill": {"type": "Property", "value": 0.5, "unitCode": "C62", '
        b'"observedAt": "2026-11-22T08:00:00Z"}}',
    ]
    odd = [b"NaN", b"1e999", b"-1e-999", b'"\\ud800"', b'"\\u0000"', b"[[[", b"{}", b"null", b"\xc3\x28"]
    odd += [b"9" * 400, b"-0", b"true", b'"2026-11-22T25:00:00Z"', b'{"value": [], "unit": {}}', b"\x00"]
    known, count = feed(strict=True), 0
    for _turn in range(33_400):
        payload = bytearray(chance.choice(good))
        for _change in range(chance.randrange(1, 5)):
            at = chance.randrange(len(payload))
            match chance.randrange(4):
                case 0:
                    payload[at] = chance.randrange(256)
                case 1:
                    payload[at : at + chance.randrange(8)] = chance.choice(odd)
                case 2:
                    del payload[at : at + chance.randrange(1, 20)]
                case _:
                    payload[at:at] = payload[: chance.randrange(len(payload))]
            payload = payload or bytearray(b" ")
        told = decode(form, bytes(payload), NOW)
        assert told
        for one in told:
            found = judge(one, known, form) if isinstance(one, ReadingSet) else one
            if isinstance(found, Refusal):
                found.detail.encode()
                assert "\x00" not in found.detail
                written(form, bytes(payload), found.part)
            else:
                assert found
                json.dumps([value.value for value in found], allow_nan=False).encode()
            count += 1
    assert count >= 33_400


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("devices.valbelle.bin-1", ("valbelle", "bin-1", Form.SIMPLE)),
        ("devices.valbelle.bin-1.batch", ("valbelle", "bin-1", Form.BATCH)),
        ("devices.valbelle.bin-1.ngsild", ("valbelle", "bin-1", Form.NGSILD)),
        ("devices.valbelle.bin-1.up", ("valbelle", "bin-1", None)),
        ("devices.valbelle.bin-1.batch.more", ("valbelle", "bin-1", None)),
    ],
)
def test_a_topic_names_a_device_and_a_form(subject: str, found: tuple[str, str, Form | None]) -> None:
    address = address_of(subject)
    assert address is not None
    assert (address.territory, address.device, address.form) == found


@pytest.mark.parametrize("subject", ["devices", "devices.v", "other.v.k", "devices.V.k", "devices.v./k", ""])
def test_a_topic_that_names_nobody(subject: str) -> None:
    assert address_of(subject) is None
