"""Verbs on gateways. What is secret goes in and is never shown again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor, own_details
from belvedere.domains.reach import bodies
from belvedere.domains.reach.bodies import HttpBody, RoomBody, packed
from belvedere.domains.reach.errors import BadGateway, ChangedMeanwhile, NoSuchGateway
from belvedere.domains.reach.models import Gateway
from belvedere.domains.reach.phones import rung
from belvedere.domains.reach.policies import may_write, require
from belvedere.domains.reach.sending import through
from belvedere.domains.reach.states import RINGING, Kind, Way
from belvedere.domains.reach.transport import Outcome
from belvedere.domains.territory.public import TerritoryView, owners_among
from belvedere.duties.journal.public import record, signed
from belvedere.duties.privacy.public import decrypt, encrypt
from belvedere.engines import signing
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import new_id

MOST_GATEWAYS: Final = 20
BETWEEN_TESTS: Final = timedelta(seconds=10)
_LONGEST_SECRET: Final = 2000
NO_SUCH_GATEWAY = N_("There is no such gateway, or it is not for you to see.")


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed of a gateway. `secret` empty: the one there is stays."""

    name: str
    kind: Kind
    body: HttpBody | RoomBody
    ways: tuple[Way, ...] = ()
    language: str = "fr"
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """`signs_with`: the secret of a webhook just made, to be shown once; else empty."""

    id: UUID
    signs_with: str = ""

    def __repr__(self) -> str:
        return f"Saved(id={self.id})"


def create_gateway(*, actor: Actor, territory: TerritoryView, owner_id: UUID | None, given: Given) -> Saved:
    """Write a gateway of an organisation, or (None) of the territory."""
    require(may_write(actor, territory.id, owner_id))
    if owner_id is not None and not owners_among(territory.id, [owner_id]):
        raise BadGateway(N_("Choose the organisation."), field="owner")
    given = _checked(given)
    is_webhook = given.kind is Kind.WEBHOOK
    secret = signing.new_secret() if is_webhook else given.secret
    if given.kind is Kind.MATRIX and not secret:
        raise BadGateway(
            N_("Give the access token of the account that writes into the room."), field="secret"
        )
    with transaction.atomic():
        if Gateway.objects.filter(territory_id=territory.id, removed_at=None).count() >= MOST_GATEWAYS:
            raise BadGateway(
                N_("A territory has {most} gateways at most. Remove one first."), most=MOST_GATEWAYS
            )
        row = Gateway.objects.create(
            territory_id=territory.id,
            owner_id=owner_id,
            name=given.name,
            kind=given.kind.value,
            ways=[one.value for one in given.ways],
            settings=packed(given.body),
            secret=encrypt(secret),
            language=given.language,
            created_at=now(),
        )
        _journal(actor, row, "create_gateway", after=_told(row))
    return Saved(row.pk, secret if is_webhook else "")


def change_gateway(
    *, actor: Actor, territory: TerritoryView, gateway_id: UUID, given: Given, expected: int | None = None
) -> None:
    """Change it, and try it again at once. A gateway keeps its kind and its organisation.

    A new address asks for the secret again: who may only change the gateway must not have it sent elsewhere.
    """
    given = _checked(given)
    with transaction.atomic():
        row = _locked(actor, territory, gateway_id)
        if given.kind != row.kind:
            raise BadGateway(N_("A gateway keeps its kind. Make another one."), field="kind")
        if expected is not None and expected != row.version:
            raise ChangedMeanwhile(
                N_("Somebody changed it meanwhile. Look at it again; what you typed was not saved.")
            )
        moved = _server(row.settings["url"]) != _server(given.body.url)
        if moved and row.kind != Kind.WEBHOOK and not given.secret and decrypt(row.secret):
            raise BadGateway(
                N_("The address leads to another server: type the secret again."), field="secret"
            )
        before = _told(row)
        row.name, row.language = given.name, given.language
        row.ways, row.settings = [one.value for one in given.ways], packed(given.body)
        if given.secret:
            row.secret = encrypt(given.secret)
        row.version += 1
        row.retry_at, row.failures = None, 0
        row.save()
        after = {**_told(row), **({"secret": "changed"} if given.secret else {})}
        _journal(actor, row, "change_gateway", before=before, after=after)


def switch_gateway(*, actor: Actor, territory: TerritoryView, gateway_id: UUID, on: bool) -> None:
    """Send by it, or by others only."""
    with transaction.atomic():
        row = _locked(actor, territory, gateway_id)
        if row.is_on == on:
            return
        row.is_on, row.retry_at, row.failures = on, None, 0
        row.save(update_fields=["is_on", "retry_at", "failures"])
        _journal(actor, row, "switch_gateway", before={"is_on": not on}, after={"is_on": on})


def remove_gateway(*, actor: Actor, territory: TerritoryView, gateway_id: UUID) -> None:
    """Have it no more; its secret is forgotten, plans that name it tell their people otherwise."""
    with transaction.atomic():
        row = _locked(actor, territory, gateway_id)
        row.removed_at, row.secret, row.is_on = now(), encrypt(""), False
        row.save(update_fields=["removed_at", "secret", "is_on"])
        _journal(actor, row, "remove_gateway", before=_told(row), after={})


def test_gateway(*, actor: Actor, territory: TerritoryView, gateway_id: UUID, text: str) -> Outcome:
    """Send `text` to who asks for it, or into the room, now; gives what became of it."""
    with transaction.atomic():
        row = _locked(actor, territory, gateway_id)
        to = ""
        if row.kind == Kind.HTTP:
            to = rung(own_details(actor).phone)
            if not to:
                raise BadGateway(
                    N_(
                        "A test rings your own telephone: first give its number in your account, with "
                        "its country."
                    )
                )
        last = max((one for one in (row.last_sent_at, row.last_error_at) if one), default=None)
        if last is not None and now() - last < BETWEEN_TESTS:
            raise BadGateway(N_("A message left a moment ago. Wait ten seconds, then try again."))
        _journal(actor, row, "test_gateway", after={})
    return through(row, to, text, actor.language, new_id().hex)


def _checked(given: Given) -> Given:
    name = " ".join(given.name.split())[:120]
    if not name:
        raise BadGateway(N_("Give it a name."), field="name")
    secret = given.secret.strip()
    if len(secret) > _LONGEST_SECRET or not secret.isprintable():
        raise BadGateway(N_("This secret cannot be sent: copy it again."), field="secret")
    ways: tuple[Way, ...] = ()
    body = given.body
    if isinstance(body, HttpBody):
        ways = tuple(one for one in RINGING if one in given.ways)
        if not ways:
            raise BadGateway(N_("Say whether it sends SMS or rings telephones."), field="ways")
        body = bodies.checked_http(body)
    else:
        body = bodies.checked_room(body, is_matrix=given.kind is Kind.MATRIX)
    return Given(name, given.kind, body, ways, given.language, secret)


def _server(url: str) -> str:
    return "/".join(url.split("/")[:3]).lower()


def gateways_of(actor: Actor, territory_id: UUID) -> Collection[Gateway]:
    """The rows that the actor may write, by name. Private to the domain."""
    rows = Gateway.objects.filter(territory_id=territory_id, removed_at=None).order_by("name", "pk")
    return [one for one in rows if may_write(actor, territory_id, one.owner_id) is None]


def _locked(actor: Actor, territory: TerritoryView, gateway_id: UUID) -> Gateway:
    rows = Gateway.objects.select_for_update(of=("self",))
    row = rows.filter(pk=gateway_id, territory_id=territory.id, removed_at=None).first()
    if row is None:
        raise NoSuchGateway(NO_SUCH_GATEWAY)
    require(may_write(actor, territory.id, row.owner_id))
    return row


def _told(row: Gateway) -> dict[str, Any]:
    """What the journal says of it: where it leads, never with what secret."""
    return {"name": row.name, "kind": row.kind, "ways": row.ways, "url": _server(row.settings["url"])}


def _journal(actor: Actor, row: Gateway, verb: str, **sides: Any) -> None:
    record(
        **signed(actor),
        verb=f"reach.{verb}",
        subject=("reach.gateway", str(row.pk)),
        territory_id=row.territory_id,
        before=sides.get("before") or {},
        after=sides.get("after") or {},
    )
