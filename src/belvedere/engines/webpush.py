"""Messages to a browser that asked for them: Web Push (RFC 8030), encrypted (RFC 8291), signed (RFC 8292).

The push service of the browser's maker carries them and cannot read them. A server is known by one key: a
browser that subscribed under it takes messages of nobody else. The key follows from the home's secret
`push_key`; with another one, people switch their browsers on anew.
"""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from belvedere.engines import outgoing
from belvedere.engines.outgoing import Answer

#: A push service takes 4,096 bytes of body at least (RFC 8030, 7.2); head and tag take 103 of them.
LARGEST: Final = 3_900
LONGEST_ENDPOINT: Final = 2_000
#: How long a push service keeps a message for a browser that is off.
KEPT: Final = timedelta(hours=12)
_TOKEN_LASTS: Final = timedelta(hours=12)
_RECORD: Final = 4_096
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256


@dataclass(frozen=True, slots=True)
class Subscription:
    """A browser's address at its push service, its public key (65 bytes) and its secret (16 bytes)."""

    endpoint: str
    key: bytes = field(repr=False)
    auth: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raises ValueError when key or secret is none."""
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.key)
        if len(self.key) != 65 or len(self.auth) != 16:
            raise ValueError("not the keys of a push subscription")


def server_key(secret: str) -> ec.EllipticCurvePrivateKey:
    """The key of the server, always the same for a secret."""
    found = HKDF(hashes.SHA256(), 48, salt=None, info=b"web push server key").derive(secret.encode("ascii"))
    return ec.derive_private_key(int.from_bytes(found) % (_ORDER - 1) + 1, ec.SECP256R1())


def public(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half, as browsers are given it."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encrypted(
    to: Subscription,
    content: bytes,
    *,
    salt: bytes | None = None,
    once: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """`content` so that the browser alone reads it (aes128gcm). `salt`, `once`: chosen by chance."""
    salt, once = salt or os.urandom(16), once or ec.generate_private_key(ec.SECP256R1())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), to.key)
    shared, ours = once.exchange(ec.ECDH(), theirs), public(once)
    material = _derived(shared, to.auth, b"WebPush: info\x00" + to.key + ours, 32)
    cipher = AESGCM(_derived(material, salt, b"Content-Encoding: aes128gcm\x00", 16))
    nonce = _derived(material, salt, b"Content-Encoding: nonce\x00", 12)
    head = salt + _RECORD.to_bytes(4) + bytes([len(ours)]) + ours
    return head + cipher.encrypt(nonce, content + b"\x02", None)


def send(
    to: Subscription,
    content: bytes,
    *,
    secret: str,
    about: str,
    topic: str,
    is_urgent: bool,
    at: datetime,
) -> Answer:
    """Hand a message to the push service and give what it answers, whatever its status.

    Args:
        about: who sends: an address of the web or `mailto:`.
        topic: a message of the same topic takes the place of one that waits still.

    Raises:
        AddressRefused, Unreachable: as `outgoing.call`.
    """
    key = server_key(secret)
    headers = {
        "Authorization": f"vapid t={_token(key, to.endpoint, about, at)}, k={text(public(key))}",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(KEPT.total_seconds())),
        "Urgency": "high" if is_urgent else "normal",
        "Topic": text(hashlib.sha256(topic.encode()).digest()[:24]),
    }
    return outgoing.call("POST", to.endpoint, encrypted(to, content), headers, longest=LONGEST_ENDPOINT)


def text(value: bytes) -> str:
    """Bytes as Web Push writes them: base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(value).decode("ascii").rstrip("=")


def read(value: str) -> bytes:
    """The bytes of such a text; ValueError when it is none."""
    return base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)


def _token(key: ec.EllipticCurvePrivateKey, endpoint: str, about: str, at: datetime) -> str:
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": at + _TOKEN_LASTS, "sub": about}
    return jwt.encode(claims, key, algorithm="ES256")


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=salt, info=info).derive(material)
