"""Requests of programs that are sent again because no answer came: each is done once.

A program gives what it asks for a key of its own. What was made is written with the key in the transaction
that makes it, so a request is done and known, or neither; one that comes twice at once waits for the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from belvedere.domains.access.actor import Actor
from belvedere.domains.access.errors import KeyUsed
from belvedere.domains.access.models import Repeatable
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_

KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Made:
    """What a request made, as the identifiers its verb gave; `again`: it had been done before."""

    ids: tuple[str, ...]
    again: bool


def do_once(*, actor: Actor, key: str, what: str, do: Callable[[], Sequence[str]]) -> Made:
    """Do what the holder of a token asks for, unless it was done under this key in the last seven days.

    `what`: a hash of the whole request. What fails is not remembered: it may be asked for again.

    Raises:
        KeyUsed: the key was given to another request.
    """
    assert actor.token_id is not None
    at = now()
    with transaction.atomic():
        Repeatable.objects.filter(token_id=actor.token_id, at__lt=at - KEPT).delete()
        known, is_new = Repeatable.objects.get_or_create(
            token_id=actor.token_id, key=key, defaults={"what": what, "made": [], "at": at}
        )
        if is_new:
            known.made = list(do())
            known.save(update_fields=["made"])
            return Made(tuple(known.made), again=False)
    if known.what != what:
        raise KeyUsed(
            N_("This key was given to another request. Give every request a key of its own."),
            field="Idempotency-Key",
        )
    return Made(tuple(known.made), again=True)
