"""The signature of a message, in the form of Standard Webhooks 1.0.0 (standardwebhooks.com).

HMAC-SHA256 over "id.timestamp.body"; the receiver checks it with the shared secret and refuses old ones.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

PREFIX = "whsec_"


def new_secret() -> str:
    """32 random bytes, as people copy them: whsec_ and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def sign(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """One signature, "v1,<base64>"."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{int(at.timestamp())}.".encode("ascii") + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode("ascii")


def headers(keys: Iterable[str], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of a message; while a secret is being replaced it is signed with both."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(sign(key, message_id, at, body) for key in keys),
    }
