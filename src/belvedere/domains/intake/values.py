"""What comes in and what is told of it: messages, and what was made of a batch."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from belvedere.domains.intake.states import Form, Outcome, Reason
from belvedere.domains.twin.public import Shown

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_FORMS = {"batch": Form.BATCH, "ngsild": Form.NGSILD, "uplink": Form.UPLINK}


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the bus: its subject (`devices.<territory>.<device>…`), bytes, number, and arrival."""

    subject: str
    payload: bytes
    seq: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Address:
    """Who a subject names. `form` is None for a topic that no device has."""

    territory: str
    device: str
    form: Form | None


@dataclass(frozen=True, slots=True)
class Taken:
    """What was made of a batch. `messages`: those not taken before; `sets`: by outcome and reason.

    `flooding`: devices (territory slug, key) with how many messages of theirs were over their measure.
    """

    messages: int = 0
    sets: Counter[tuple[Outcome, Reason | None]] = field(default_factory=Counter)
    flooding: Counter[tuple[str, str]] = field(default_factory=Counter)
    shown: tuple[Shown, ...] = ()


@lru_cache(maxsize=50_000)
def address_of(subject: str) -> Address | None:
    """The device that a subject names; None when it names none."""
    words = subject.split(".")
    if len(words) < 3 or words[0] != "devices":
        return None
    if not _SLUG.fullmatch(words[1]) or not _KEY.fullmatch(words[2]):
        return None
    form: Form | None = Form.SIMPLE
    if len(words) > 3:
        form = _FORMS.get(words[3]) if len(words) == 4 else None
    return Address(words[1], words[2], form)
