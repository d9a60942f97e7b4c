"""Tables of bytes: values, units as sent, and what does not fit."""

from __future__ import annotations

from typing import Any

import pytest

from belvedere.domains.connections.catalogue import catalogue
from belvedere.domains.connections.tables import Unreadable, table_of
from belvedere.domains.twin.public import descriptions


@pytest.mark.parametrize(
    ("model", "port", "hexadecimal", "told"),
    [
        (
            "milesight-em300-th",
            85,
            "01756403 67f6ff 046845",
            {"battery": 100, "temperature": -1.0, "humidity": 34.5},
        ),
        ("milesight-em400-mud", 85, "0482e803 050000", {"distance": 1000, "position": "normal"}),
        ("milesight-em400-mud", 85, "0482e803 ffff01", {"distance": 1000}),  # unknown from here on
        ("milesight-em300-di", 85, "05c8ffffffff", {"pulse": 4294967295}),
        ("milesight-ws302", 85, "055b05 f401 2602 5802", {"LA": 50.0, "LAeq": 55.0, "LAmax": 60.0}),
        (
            "dragino-lht65",
            2,
            "cbb0 ff9c 0228 01 0000 7fff",
            {"battery_v": 2.992, "temperature": -1.0, "humidity": 55.2},
        ),
        (
            "cayenne-lpp",
            9,
            "0367011005 67ff f5 0268 64",
            {"temperature_3": 27.2, "temperature_5": -1.1, "humidity_2": 50.0},
        ),
        (
            "cayenne-lpp",
            1,
            "0188 06765f f2960a 0003e8",
            {"latitude_1": 42.3519, "longitude_1": -87.9094, "altitude_1": 10.0},
        ),
    ],
)
def test_bytes_become_values(model: str, port: int, hexadecimal: str, told: dict[str, Any]) -> None:
    assert catalogue()[model].table.read(port, bytes.fromhex(hexadecimal)) == told


@pytest.mark.parametrize(
    ("port", "data"), [(85, b""), (85, b"\xff\xff\x01"), (85, b"\x04\x82\x01"), (1, b"\x04\x82\x01\x02")]
)
def test_bytes_that_do_not_fit_are_refused(port: int, data: bytes) -> None:
    with pytest.raises(Unreadable):
        catalogue()["milesight-em400-mud"].table.read(port, data)


def test_a_float_that_is_none_is_refused() -> None:
    table = table_of({"parts": [{"field": "x", "format": "f32be"}]})
    assert table.read(1, bytes.fromhex("41200000")) == {"x": 10.0}
    with pytest.raises(Unreadable):
        table.read(1, bytes.fromhex("7fc00000"))


@pytest.mark.parametrize(
    "raw",
    [{}, {"parts": [{"field": "x", "format": "u7"}]}, {"parts": [{"field": "x", "format": "u8", "per": 0}]}],
)
def test_a_table_that_cannot_be_meant_is_not_read(raw: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        table_of(raw)


def test_every_model_tells_attributes_of_its_kind() -> None:
    for model in catalogue().values():
        assert {one.term for one in model.mapping(2500).values()} <= set(
            descriptions()[model.kind].attributes
        )
    depth = catalogue()["milesight-em400-mud"].mapping(2500)["distance"]
    assert (depth.factor, depth.offset) == (-1 / 2500, 1.0)
    assert catalogue()["milesight-em300-di"].mapping(10)["pulse"].factor == 10
