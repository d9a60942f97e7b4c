"""Ports: remembered, and left to strangers who took them meanwhile."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from belvedere.engines import ports
from belvedere.engines.home import Home


def test_a_port_is_remembered(tmp_path: Path) -> None:
    home = Home(tmp_path)
    chosen = ports.port_for(home, "postgres")
    assert ports.free_port_for(Home(tmp_path), "postgres") == chosen
    assert ports.FIRST <= chosen <= ports.LAST


def test_two_names_never_share_a_port(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert ports.port_for(home, "nats", 23456) != ports.port_for(home, "mqtt", 23456)


@pytest.mark.parametrize("remember", [True, False])
def test_a_taken_port_is_left_to_the_stranger(tmp_path: Path, remember: bool) -> None:
    home = Home(tmp_path)
    with socket.socket() as stranger:
        stranger.bind((ports.LOOPBACK, 0))
        stranger.listen()
        taken = stranger.getsockname()[1]
        if remember:
            home.folder("ports")
            home.path("ports", "mqtt").write_text(f"{taken}\n")
        chosen = ports.free_port_for(home, "mqtt", taken)
        assert chosen != taken
        assert ports.answers(taken) and not ports.answers(chosen)
    assert ports.port_for(home, "mqtt") == chosen
