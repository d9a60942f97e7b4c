"""Personal keys to the programming interface. The key is shown once; only its hash is kept."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from belvedere.domains.access import limits
from belvedere.domains.access.actions.common import journal, locked_person
from belvedere.domains.access.actor import Actor
from belvedere.domains.access.errors import BadToken
from belvedere.domains.access.events import TokenRevoked
from belvedere.domains.access.models import ApiToken
from belvedere.domains.access.policies import Thing, require
from belvedere.domains.access.queries import actor_of
from belvedere.domains.access.states import Scope
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Conflict, InvalidInput, NotFound
from belvedere.kernel.identifiers import sha256

PREFIX = "bv_"  # so that scanners of leaked secrets, and people, recognise one
LONGEST_DAYS = 365
MOST_TOKENS = 50
_USE_NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made. `plain` is the key itself: show it once, keep it nowhere."""

    id: UUID
    plain: str

    def __repr__(self) -> str:
        return f"NewToken(id={self.id})"


def create_token(*, actor: Actor, name: str, scopes: Collection[str], days: int) -> NewToken:
    """Make a token of the actor's own, with `scopes`, good for `days` (1 to 365)."""
    require(actor, "create_token", Thing(person_id=actor.person_id))
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise InvalidInput(N_("Say what the token is for, in 1 to 80 letters."), field="name")
    chosen = sorted({_scope(scope) for scope in scopes})
    if not chosen:
        raise InvalidInput(N_("Choose at least one thing the token may do."), field="scopes")
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInput(N_("A token is good for 1 to {longest} days."), field="days", longest=LONGEST_DAYS)
    assert actor.person_id is not None
    plain = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        person = locked_person(actor.person_id)
        if ApiToken.objects.filter(person=person, revoked_at__isnull=True).count() >= MOST_TOKENS:
            raise Conflict(N_("You have {most} tokens. Revoke one first."), most=MOST_TOKENS)
        row = ApiToken.objects.create(
            person=person,
            name=name,
            prefix=plain[:9],
            token_hash=sha256(plain.encode()),
            scopes=chosen,
            created_at=now(),
            expires_at=now() + timedelta(days=days),
        )
        journal(
            actor,
            "create_token",
            ("apitoken", row.pk),
            after={"scopes": chosen, "expires_at": row.expires_at},
        )
    return NewToken(row.pk, plain)


def revoke_token(*, actor: Actor, token_id: UUID, reason: str = "") -> None:
    """Make one of the actor's own tokens useless at once; NotFound for anybody else's."""
    require(actor, "revoke_token", Thing(person_id=actor.person_id))
    assert actor.person_id is not None
    with transaction.atomic():
        row = ApiToken.objects.select_for_update().filter(pk=token_id, person_id=actor.person_id).first()
        if row is None:
            raise NotFound(N_("You have no such token."), code="no_such_token")
        if row.revoked_at is not None:
            return
        row.revoked_at = now()
        row.save(update_fields=["revoked_at"])
        journal(actor, "revoke_token", ("apitoken", row.pk), reason=reason)
        announce(TokenRevoked(row.person_id, row.pk))


def resolve_token(plain: str, *, client: str = "", request_id: str = "") -> Actor:
    """The actor who holds the token `plain`, with its scopes. Notes its use every five minutes.

    `client`: the address the request comes from; too many wrong tokens from there are refused unseen.

    Raises:
        BadToken: unknown, revoked or expired token, or a closed account: the caller learns only that.
        TooManyAttempts: see `limits`.
    """
    limits.refuse_if_spent("token", client)
    row = (
        ApiToken.objects.select_related("person")
        .filter(
            token_hash=sha256(plain.encode("utf-8", "replace")),
            revoked_at__isnull=True,
            expires_at__gt=now(),
            person__is_active=True,
        )
        .first()
    )
    if row is None:
        limits.allow("token", client)
        raise BadToken(N_("This token is not valid, or not any more. Create a new one in your account."))
    if row.last_used_at is None or now() - row.last_used_at > _USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=now())
    return actor_of(row.person, request_id=request_id, scopes=frozenset(row.scopes), token_id=row.pk)


def _scope(given: str) -> str:
    try:
        return Scope(given).value
    except ValueError:
        raise InvalidInput(
            N_("A token may: {scopes}. “{given}” is none of them."),
            field="scopes",
            scopes=[scope.value for scope in Scope],
            given=given[:40],
        ) from None
