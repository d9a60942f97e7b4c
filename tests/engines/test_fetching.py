"""Answers of strangers are fetched whole or not at all, and never from inside the house."""

from __future__ import annotations

import gzip
import ipaddress
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from belvedere.engines import outgoing
from belvedere.engines.fetching import Mark, Unhappy, fetch
from belvedere.engines.outgoing import AddressRefused, Unreachable
from belvedere.kernel.errors import TooLarge
from tests.domains.connections.answering import Server, answering


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    settings.WEBHOOKS_PRIVATE = True
    with answering() as found:
        yield found


def test_an_answer_comes_whole_and_only_when_it_changed(server: Server) -> None:
    url = server.put("/a", b"[1]", headers={"ETag": '"v1"'})
    found = fetch(url, secret={"X-Key": "hush"})
    assert (found.body, found.mark) == (b"[1]", Mark('"v1"', ""))
    assert server.asked[0][1]["x-key"] == "hush"
    again = fetch(url, mark=found.mark)
    assert (again.body, again.mark) == (None, found.mark)
    packed = server.put("/z", gzip.compress(b"x" * 1000), headers={"Content-Encoding": "gzip"})
    assert fetch(packed).body == b"x" * 1000


def test_a_redirect_is_followed_and_the_secret_stays_at_home(server: Server) -> None:
    with answering() as other:
        url = server.put("/a", status=302, headers={"Location": other.put("/b", "there")})
        assert fetch(url, secret={"X-Key": "hush"}).body == b"there"
        assert "x-key" in server.asked[0][1]
        assert "x-key" not in other.asked[0][1]
    circle = server.put("/c", status=301, headers={"Location": "/c"})
    with pytest.raises(Unreachable, match="never arrives"):
        fetch(circle)


@pytest.mark.parametrize(
    "inside",
    ["http://169.254.169.254/latest", "http://10.0.0.1/", "http://[::1]:80/", "//[::ffff:10.0.0.1]/"],
)
def test_no_redirect_leads_inside(server: Server, monkeypatch: pytest.MonkeyPatch, inside: str) -> None:
    # Only the server of the test counts as outside.
    outside = ipaddress.ip_address("127.0.0.1")
    monkeypatch.setattr(outgoing, "is_outside", lambda address: address == outside)
    with pytest.raises(AddressRefused):
        fetch(server.put("/a", status=307, headers={"Location": inside}))


def test_a_name_that_leads_inside_is_not_asked(settings: Any) -> None:
    settings.WEBHOOKS_PRIVATE = False
    for url in (
        "https://127.0.0.1/",
        "https://localhost/",
        "http://example.org/",
        "https://u:p@example.org/",
    ):
        with pytest.raises(AddressRefused):
            fetch(url)
    for odd in ("file:///etc/passwd", "gopher://example.org/", "https://[fe80::1]/"):
        with pytest.raises(AddressRefused):
            fetch(odd)


def test_too_much_is_not_taken_packed_or_unpacked(server: Server) -> None:
    for name, body, headers in (
        ("/long", b"x" * 2000, {}),
        ("/bomb", gzip.compress(b"\0" * 10_000_000), {"Content-Encoding": "gzip"}),
        ("/zlib", zlib.compress(b"\0" * 10_000_000), {"Content-Encoding": "deflate"}),
    ):
        with pytest.raises(TooLarge):
            fetch(server.put(name, body, headers=headers), most_bytes=1000 if name == "/long" else 100_000)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"no gzip", {"Content-Encoding": "gzip"}),
        (gzip.compress(b"x" * 99)[:-9], {"Content-Encoding": "gzip"}),
        (b"?", {"Content-Encoding": "br"}),
    ],
    ids=["no gzip", "cut", "unknown"],
)
def test_what_cannot_be_unpacked_is_told(server: Server, body: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(Unreachable):
        fetch(server.put("/a", body, headers=headers))


def test_who_answers_drop_by_drop_is_left(server: Server) -> None:
    with pytest.raises(Unreachable, match="took too long"):
        fetch(server.put("/a", b"half", hang=True), whole_s=0.3)


def test_an_unhappy_answer_says_how_long_to_wait(server: Server) -> None:
    with pytest.raises(Unhappy) as told:
        fetch(server.put("/a", status=429, headers={"Retry-After": "120"}))
    assert (told.value.data["status"], told.value.data["wait_s"]) == (429, 120)
