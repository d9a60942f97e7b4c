"""What NATS calls nkeys and JWTs: ed25519 keys in base32, and claims signed with them (NATS ADR-14, ADR-26).

Only what the door for devices needs: an issuer made of a secret of the home, and the tokens it signs.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ACCOUNT = 0  # the first five bits of a public key, so that it begins with “A”
HEADER = {"typ": "JWT", "alg": "ed25519-nkey"}


@dataclass(frozen=True, slots=True)
class Issuer:
    """An account key that signs who a device is. `public` begins with “A”."""

    public: str
    key: Ed25519PrivateKey

    @classmethod
    def of(cls, secret: str) -> Issuer:
        """From 32 random bytes in URL-safe base64, as a secret of the home is."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(secret))
        return cls(encoded(ACCOUNT, key.public_key().public_bytes_raw()), key)

    def token(self, subject: str, nats: dict[str, Any], *, name: str = "", audience: str = "") -> str:
        """A signed token about `subject`."""
        claims: dict[str, Any] = {"iat": int(time.time()), "iss": self.public, "sub": subject, "nats": nats}
        if name:
            claims["name"] = name
        if audience:
            claims["aud"] = audience
        claims["jti"] = base64.b32encode(hashlib.sha256(_json(claims)).digest()).decode().rstrip("=")
        signed = f"{_base64(_json(HEADER))}.{_base64(_json(claims))}"
        return f"{signed}.{_base64(self.key.sign(signed.encode()))}"


def claims_of(token: str | bytes) -> dict[str, Any]:
    """What a token says, its signature not checked: for those that come by a private way.

    Raises:
        ValueError: when it is no token.
    """
    text = token if isinstance(token, str) else token.decode("ascii")
    body = text.split(".")[1:2]
    if not body:
        raise ValueError("no token")
    claims = json.loads(base64.urlsafe_b64decode(body[0] + "=" * (-len(body[0]) % 4)))
    if not isinstance(claims, dict):
        raise ValueError("no token")
    return claims


def encoded(kind: int, public: bytes) -> str:
    """A public key as NATS writes it: kind, key, CRC-16 (XMODEM), in base32."""
    raw = bytes([kind << 3]) + public
    return base64.b32encode(raw + crc16(raw).to_bytes(2, "little")).decode("ascii").rstrip("=")


def crc16(data: bytes) -> int:
    """CRC-16/XMODEM."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return crc


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode("ascii").rstrip("=")
