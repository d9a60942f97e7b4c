"""Events of network servers become frames: what they leave out, what they say of time, what they are not."""

from __future__ import annotations

import base64
import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from belvedere.connectors.chirpstack import reading as chirpstack
from belvedere.connectors.things_stack import reading as things_stack
from belvedere.domains.connections.errors import NotAnUplink
from belvedere.domains.connections.public import read_frame, write_frame
from tests.realdata import real_data

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
EUI = "24e124136a000001"


def of_chirpstack(**other: Any) -> dict[str, Any]:
    told = {
        "deduplicationId": "8d1f",
        "time": "2026-11-22T07:59:58.5+00:00",
        "deviceInfo": {"devEui": EUI.upper(), "deviceName": "x"},
        "devAddr": "00112233",
        "fCnt": 7,
        "fPort": 85,
        "data": base64.b64encode(b"\x01\x75\x5c").decode(),
        "rxInfo": [{"rssi": -110, "snr": -3.5}, {"rssi": -90, "snr": 8}, {}],
    }
    return {**told, **other}


def of_things_stack(**other: Any) -> dict[str, Any]:
    message = {
        "session_key_id": "AYU=",
        "f_port": 85,
        "f_cnt": 7,
        "frm_payload": base64.b64encode(b"\x01\x75\x5c").decode(),
        "rx_metadata": [{"rssi": -110, "snr": -3.5}, {"rssi": -90, "snr": 8}],
        "received_at": "2026-11-22T07:59:58.500000123Z",
    }
    return {
        "end_device_ids": {"device_id": "x", "dev_eui": EUI.upper()},
        "received_at": "2026-11-22T07:59:59.700000123Z",
        "uplink_message": {**message, **other},
    }


def read(reader: Any, told: Any) -> Any:
    return reader.read(json.dumps(told).encode(), NOW, "")


@pytest.mark.parametrize(
    ("reader", "told"), [(chirpstack, of_chirpstack()), (things_stack, of_things_stack())]
)
def test_an_uplink_is_read_alike_from_both(reader: Any, told: Any) -> None:
    eui, frame = read(reader, told)
    assert eui == EUI
    assert (frame.port, frame.data, frame.counter) == (85, b"\x01\x75\x5c", 7)
    assert (frame.rssi, frame.snr) == (-90, 8)
    assert frame.t == datetime(2026, 11, 22, 7, 59, 58, 500000, tzinfo=UTC)
    assert read_frame(write_frame(frame)) == frame


def test_zeros_and_nothing_that_are_left_out() -> None:
    bare = {"end_device_ids": {"dev_eui": EUI}, "uplink_message": {"session_key_id": "AYU="}}
    _eui, frame = read(things_stack, bare)
    assert (frame.port, frame.data, frame.counter, frame.rssi, frame.t) == (None, b"", 0, None, NOW)
    _eui, frame = read(chirpstack, {"deviceInfo": {"devEui": EUI}, "object": {"a": 0}})
    assert (frame.port, frame.data, frame.counter, frame.object, frame.t) == (None, b"", 0, {"a": 0}, NOW)


@pytest.mark.parametrize(
    "time", ["1980-01-06T00:00:00Z", "2026-11-22T08:05:01Z", "2026-11-22T08:00:00", None]
)
def test_a_clock_that_cannot_be_right_is_not_believed(time: str | None) -> None:
    assert read(chirpstack, of_chirpstack(time=time))[1].t == NOW
    assert read(things_stack, {**of_things_stack(received_at=time or "x"), "received_at": ""})[1].t == NOW
    near = (NOW - timedelta(days=2)).isoformat()  # kept back by a broker: that instant is right
    assert read(chirpstack, of_chirpstack(time=near))[1].t == NOW - timedelta(days=2)


@pytest.mark.parametrize(
    "told", [{"deviceInfo": {"devEui": EUI}, "devAddr": "1"}, {"deviceInfo": {}, "margin": 10}]
)
def test_other_events_are_no_uplinks(told: Any) -> None:
    assert read(chirpstack, {**told, "deviceInfo": {"devEui": "x"}}) is None
    join = {"end_device_ids": {"dev_eui": EUI}, "join_accept": {"session_key_id": "AYU="}}
    assert read(things_stack, join) is None


@pytest.mark.parametrize("reader", [chirpstack, things_stack])
@pytest.mark.parametrize("payload", [b"", b"{}", b"[]", b"\xff\xfe", b'"x"', b"[" * 100_000])
def test_what_is_no_event_is_refused(reader: Any, payload: bytes) -> None:
    with pytest.raises(NotAnUplink):
        reader.read(payload, NOW, "")


@pytest.mark.parametrize("data", ["####", "AQ", 7])
def test_bytes_that_are_none_are_refused(data: Any) -> None:
    with pytest.raises(NotAnUplink):
        read(chirpstack, of_chirpstack(data=data))
    with pytest.raises(NotAnUplink):
        read(things_stack, of_things_stack(frm_payload=data))


@pytest.mark.realdata
def test_recorded_uplinks_give_their_values() -> None:
    from belvedere.domains.connections.public import AS_TOLD, decode

    folder = real_data("sensors/lorawan")
    at = datetime(2024, 6, 20, 9, tzinfo=UTC)
    told = (folder / "chirpstack_v4_uplink_dragino_lse01.json").read_bytes()
    read_one = chirpstack.read(told, at, "")
    assert read_one is not None
    eui, frame = read_one
    assert (eui, frame.t) == ("a8404187d187106e", datetime(2024, 6, 20, 8, 48, 38, 863512, tzinfo=UTC))
    assert decode(AS_TOLD, frame) == {
        "BatV": 3.301,
        "temp_DS18B20": "0.00",
        "temp_SOIL": "13.25",
        "water_SOIL_f": 13.74,
        "conduct_SOIL": 35.0,
    }
    read_one = things_stack.read(
        (folder / "ttn_v3_uplink_flwsb.json").read_bytes(), at - timedelta(days=545), ""
    )
    assert read_one is not None
    eui, frame = read_one
    assert (eui, frame.port, frame.counter) == ("0004a30b0020da72", 1, 33)
    assert list(frame.data) == [8, 23, 212, 3, 233, 48]
    assert (frame.rssi, frame.snr) == (-111, 1)
    assert decode(AS_TOLD, frame) == {"bytes": [8, 23, 212, 3, 233, 48], "rssi": -111, "snr": 1}


def test_no_mutated_event_does_worse_than_being_refused() -> None:
    chance = random.Random(7)
    odd = [
        None,
        True,
        0,
        -1,
        2**64,
        10**400,
        1e308,
        "",
        "\ud800",
        "\x00",
        [],
        {},
        [1] * 5,
        "0001-01-01T00:00:00Z",
    ]

    def mutated(told: Any) -> Any:
        if isinstance(told, dict):
            return {k: chance.choice(odd) if chance.random() < 0.1 else mutated(v) for k, v in told.items()}
        return [mutated(one) for one in told] if isinstance(told, list) else told

    read_well = 0
    for _ in range(400):
        for reader, told in ((chirpstack, of_chirpstack(object={"t": 1})), (things_stack, of_things_stack())):
            payload = bytearray(json.dumps(mutated(told)).encode())
            if chance.random() < 0.2:
                payload[chance.randrange(len(payload))] = chance.randrange(256)
            try:
                found = reader.read(bytes(payload), NOW, "")
            except NotAnUplink:
                continue
            if found is not None:
                assert read_frame(write_frame(found[1])) is not None
                read_well += 1
    assert read_well > 100
