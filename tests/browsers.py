"""A browser that takes push messages: its keys, and how it opens what came (RFC 8291)."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from belvedere.engines.webpush import Subscription, public, text


class Browser:
    """`subscription`: what it gives to a server; `given`: the same as its scripts tell it."""

    def __init__(self, endpoint: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)
        self.subscription = Subscription(endpoint, public(self._key), self._auth)
        self.given = {
            "endpoint": endpoint,
            "key": text(self.subscription.key),
            "auth": text(self._auth),
        }

    def opened(self, sealed: bytes) -> bytes:
        """The content of a message; InvalidTag when it is for another one."""
        salt, length = sealed[:16], sealed[20]
        theirs, body = sealed[21 : 21 + length], sealed[21 + length :]
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        about = b"WebPush: info\x00" + self.subscription.key + theirs
        material = _hkdf(self._auth, about, 32, self._key.exchange(ec.ECDH(), point))
        cipher = AESGCM(_hkdf(salt, b"Content-Encoding: aes128gcm\x00", 16, material))
        opened = cipher.decrypt(_hkdf(salt, b"Content-Encoding: nonce\x00", 12, material), body, None)
        return opened.rstrip(b"\x00").removesuffix(b"\x02")


def _hkdf(salt: bytes, info: bytes, length: int, material: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=salt, info=info).derive(material)
