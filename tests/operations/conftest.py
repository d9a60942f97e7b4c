"""Platforms and engines of several workers start at once here: none asks for the usual port of MQTT."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from belvedere.engines import bus


@pytest.fixture(autouse=True, scope="session")
def _no_usual_port() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bus, "MQTT_PORT", None)
        yield
