"""What a device wrote, as reading sets: every form, every mistake, and 100,000 payloads of noise."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from belvedere.domains.intake.forms import (
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
from tests.domains.intake.mistakes import MISTAKES, noise

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


@pytest.mark.parametrize(("payload", "reason"), MISTAKES, ids=lambda given: str(given)[:40])
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
    known, count = feed(strict=True), 0
    for payload in noise(33_400):
        told = decode(form, payload, NOW)
        assert told
        for one in told:
            found = judge(one, known, form) if isinstance(one, ReadingSet) else one
            if isinstance(found, Refusal):
                found.detail.encode()
                assert "\x00" not in found.detail
                written(form, payload, found.part)
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
