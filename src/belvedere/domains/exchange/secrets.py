"""What must not be read beside a subscription: what its receiver wants to hear from us with each notification
(receiverInfo: often a key), and who signs in at its broker."""

from __future__ import annotations

import json

from belvedere.domains.exchange.endpoints import Secrets
from belvedere.duties.privacy.public import decrypt, encrypt


def closed(told: Secrets) -> bytes | None:
    """As it is kept: the headers, or a list of them and of who signs in."""
    if told.login:
        return encrypt(json.dumps([dict(told.headers), told.login]))
    return encrypt(json.dumps(dict(told.headers))) if told.headers else None


def opened(kept: bytes | memoryview | None) -> Secrets:
    """As it is sent."""
    if kept is None:
        return Secrets()
    found = json.loads(decrypt(bytes(kept)))
    return Secrets(*found) if isinstance(found, list) else Secrets(found)
