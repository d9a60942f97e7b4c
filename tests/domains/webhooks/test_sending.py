"""Where messages may go, and how they are signed."""

from __future__ import annotations

import ipaddress
import socket
from datetime import UTC, datetime
from typing import Any

import pytest

from belvedere.engines import outgoing, signing
from belvedere.engines.outgoing import AddressRefused, Unreachable
from tests.domains.webhooks.receiver import receiving

INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1", "::",
    "64:ff9b:1::7f00:1", "::7f00:1", "::ffff:0:7f00:1", "fec0::1", "100::1", "2001:db8::1", "fe80::1%lo",
    "192.0.0.1", "198.18.0.1", "240.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_of_inside_are_refused(address: str) -> None:
    assert not outgoing.is_outside(ipaddress.ip_address(address))
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(AddressRefused):
        outgoing.checked_url(f"https://{host}/hook")


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_addresses_of_outside_are_taken(address: str) -> None:
    assert outgoing.is_outside(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook", "ftp://example.org", "https://", "example.org/hook",
        "https://exa mple.org", "https://u:p@example.org", "https://example.org:0/",
        "https://example.org:99999/", "javascript:alert(1)",
        "https://example.org/" + "a" * 500, "https://exämple.org/", "https://example.org/\r\nX: y",
    ],
)  # fmt: skip
def test_what_is_not_an_address_outside_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        outgoing.checked_url(url)


def test_a_name_that_leads_inside_reaches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """One address inside among those outside is enough, whatever the name."""

    def lookup(*args: Any, **kwargs: Any) -> Any:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443)),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: pytest.fail("it was connected to"))
    with pytest.raises(AddressRefused):
        outgoing.post("https://example.org/hook", b"{}", {})


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def connect(address: Any, timeout: float) -> Any:
        asked.append(address)
        raise OSError("no network in tests")

    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: found)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Unreachable):
        outgoing.post("https://example.org/hook", b"{}", {})
    assert asked == [("93.184.216.34", 443)]


def test_a_redirect_is_not_followed(settings: Any) -> None:
    settings.WEBHOOKS_PRIVATE = True
    with receiving() as first, receiving() as second:
        first.status, first.location = 307, second.url
        answer = outgoing.post(first.url, b"{}", {})
        assert (answer.status, answer.taken) == (307, False)
        assert (len(first.received), second.received) == (1, [])


def test_a_long_answer_is_cut(settings: Any) -> None:
    settings.WEBHOOKS_PRIVATE = True
    with receiving() as receiver:
        receiver.status, receiver.body = 200, b"\x00" + b"a" * 100_000
        assert len(outgoing.post(receiver.url, b"{}", {}).body) == outgoing.KEPT_BYTES


def test_who_answers_drop_by_drop_is_cut_off(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOKS_PRIVATE = True
    monkeypatch.setattr(outgoing, "WHOLE_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unreachable):
        outgoing.post(f"http://127.0.0.1:{silent.getsockname()[1]}/", b"{}", {})


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The example of the specification's own libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = datetime.fromtimestamp(1614265330, UTC)
    signed = signing.sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_secrets_differ() -> None:
    assert len({signing.new_secret() for _ in range(5)}) == 5
