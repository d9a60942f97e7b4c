"""What a receiver wants to hear from us with each notification (receiverInfo): often a key, so encrypted."""

from __future__ import annotations

import json
from collections.abc import Mapping

from belvedere.duties.privacy.public import decrypt, encrypt


def closed(headers: Mapping[str, str]) -> bytes | None:
    """Headers as they are kept."""
    return encrypt(json.dumps(dict(headers))) if headers else None


def opened(kept: bytes | memoryview | None) -> dict[str, str]:
    """Headers as they are sent."""
    if kept is None:
        return {}
    found: dict[str, str] = json.loads(decrypt(bytes(kept)))
    return found
