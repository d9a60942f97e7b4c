"""Web push as it leaves: the published example, what the browser reads, how the push service knows us."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from belvedere.engines import webpush
from belvedere.engines.outgoing import AddressRefused
from belvedere.engines.webpush import Subscription, encrypted, public, read, text
from tests.browsers import Browser
from tests.domains.reach.listening import listening

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
SECRET = base64.urlsafe_b64encode(bytes(range(32))).decode()


def private(number: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(read(number)), ec.SECP256R1())


def test_the_example_of_the_specification() -> None:
    """RFC 8291, section 5 and appendix A."""
    to = Subscription(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        read("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        read("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    once = private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    content = b"When I grow up, I want to be a watermelon"
    made = encrypted(to, content, salt=read("DGv6ra1nlYgDCS1FRnbzlw"), once=once)
    assert text(made) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK"
        "6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_the_browser_alone_reads_it() -> None:
    one, other = Browser("https://push.example.net/a"), Browser("https://push.example.net/b")
    sealed = encrypted(one.subscription, "Alarme à Sierre".encode())
    assert one.opened(sealed).decode() == "Alarme à Sierre"
    assert sealed != encrypted(one.subscription, "Alarme à Sierre".encode())
    with pytest.raises(InvalidTag):
        other.opened(sealed)


def test_the_push_service_knows_who_sends(settings: Any) -> None:
    settings.WEBHOOKS_PRIVATE = True
    with listening() as service:
        service.status = 201
        browser = Browser(f"{service.url}/push/1")
        answer = webpush.send(
            browser.subscription,
            b"x",
            secret=SECRET,
            about="mailto:exploitation@example.ch",
            topic="c17",
            is_urgent=True,
            at=AT,
        )
    assert answer.taken
    asked = service.last
    assert (asked.method, asked.path, browser.opened(asked.body)) == ("POST", "/push/1", b"x")
    kind, _, rest = asked.headers["authorization"].partition(" ")
    told = dict(part.split("=", 1) for part in rest.split(", "))
    assert kind == "vapid"
    assert told["k"] == text(public(webpush.server_key(SECRET)))
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), read(told["k"]))
    claims = jwt.decode(
        told["t"], point, algorithms=["ES256"], audience=service.url, options={"verify_exp": False}
    )
    assert claims["sub"] == "mailto:exploitation@example.ch"
    assert timedelta() < datetime.fromtimestamp(claims["exp"], UTC) - AT <= timedelta(hours=24)
    assert asked.headers["content-encoding"] == "aes128gcm"
    assert (asked.headers["urgency"], asked.headers["ttl"]) == ("high", "43200")
    assert len(asked.headers["topic"]) == 32  # the most that RFC 8030 allows


def test_a_server_has_one_key() -> None:
    assert public(webpush.server_key(SECRET)) == public(webpush.server_key(SECRET))
    assert public(webpush.server_key(SECRET)) != public(webpush.server_key(SECRET[::-1]))


@pytest.mark.parametrize(
    ("key", "auth"), [(b"\x04" + bytes(64), bytes(16)), (b"", bytes(16)), (bytes(65), b"")]
)
def test_keys_that_are_none_are_refused(key: bytes, auth: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Subscription("https://push.example.net/a", key, auth)


def test_nothing_is_sent_inside_the_house() -> None:
    browser = Browser("https://127.0.0.1:1/push")
    with pytest.raises(AddressRefused):
        webpush.send(browser.subscription, b"x", secret=SECRET, about="", topic="", is_urgent=False, at=AT)
