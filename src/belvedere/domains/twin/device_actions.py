"""Verbs on devices: register, renew or end a secret, say how messages are read."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models import Min

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.describing import descriptions
from belvedere.domains.twin.drafts import DeviceDraft, FieldDraft, NewSecret
from belvedere.domains.twin.errors import NoSuchEntity
from belvedere.domains.twin.events import CredentialEnded, FeedsChanged
from belvedere.domains.twin.mapping import checked, connect, usual_fields
from belvedere.domains.twin.models import Attribute, Device, Entity, Strictness
from belvedere.domains.twin.policies import NO_SUCH_ENTITY, Thing, require
from belvedere.domains.twin.present import lock_present
from belvedere.domains.twin.writing import bump_feeds, entry, locked_device, thing_of, thing_of_device
from belvedere.duties.journal.public import record_many
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Conflict, InvalidInput

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
SECRET_BYTES = 24  # 192 random bits: no need for a slow digest
MOST_PER_MINUTE = 100_000


def register_device(
    *, actor: Actor, territory: TerritoryView, draft: DeviceDraft, reason: str = ""
) -> NewSecret:
    """Give a device of a thing its name and its secret, which is told this once."""
    return register_devices(actor=actor, territory=territory, drafts=[draft], reason=reason)[0]


def register_devices(
    *, actor: Actor, territory: TerritoryView, drafts: Sequence[DeviceDraft], reason: str = ""
) -> list[NewSecret]:
    """Many at once, all or none, in their order."""
    at = now()
    with transaction.atomic():
        lock_present()
        wanted = {draft.entity_id for draft in drafts}
        things = Entity.objects.filter(territory_id=territory.id).in_bulk(list(wanted))
        if len(things) < len(wanted):
            raise NoSuchEntity(NO_SUCH_ENTITY)
        for thing in {thing_of(one) for one in things.values()}:
            require(actor, "register_device", thing)
        _refuse_known(territory, drafts)
        plain = [secrets.token_urlsafe(SECRET_BYTES) for _draft in drafts]
        rows = [
            _device(things[draft.entity_id], draft, secret, at)
            for draft, secret in zip(drafts, plain, strict=True)
        ]
        made, handed = _connect_all(rows, at)
        Device.objects.bulk_create(rows, batch_size=2000)
        Attribute.objects.bulk_create(made, batch_size=2000)
        Attribute.objects.bulk_update(handed, ["device"], batch_size=2000)
        _expect(wanted)
        bump_feeds()
        record_many(
            entry(
                actor,
                "register_device",
                ("twin.device", str(row.pk)),
                territory.id,
                after={"key": row.key, "entity": row.entity.urn, "fields": sorted(row.fields)},
                reason=reason,
            )
            for row in rows
        )
        announce(FeedsChanged(territory.id))
    return [
        NewSecret(row.pk, f"{territory.slug}.{row.key}", secret)
        for row, secret in zip(rows, plain, strict=True)
    ]


def _refuse_known(territory: TerritoryView, drafts: Sequence[DeviceDraft]) -> None:
    keys = [draft.key for draft in drafts]
    for key in keys:
        if not KEY.fullmatch(key):
            raise InvalidInput(
                N_(
                    "“{key}” cannot name a device. Use small letters without accents, digits, hyphens and "
                    "underscores, 64 at most."
                ),
                key=key[:80],
                field="key",
            )
    taken = set(Device.objects.filter(territory_id=territory.id, key__in=keys).values_list("key", flat=True))
    taken |= {key for key in keys if keys.count(key) > 1} if len(set(keys)) < len(keys) else set()
    if taken:
        raise Conflict(
            N_("There is already a device named {keys} in this territory. Nothing was registered."),
            keys=sorted(taken)[:5],
        )


def _device(thing: Entity, draft: DeviceDraft, secret: str, at: datetime) -> Device:
    _check_pace(draft.expected_interval_s, draft.per_minute)
    fields = usual_fields(thing.kind) if draft.fields is None else draft.fields
    return Device(
        territory_id=thing.territory_id,
        key=draft.key,
        owner_id=thing.owner_id,
        kind=thing.kind,
        entity=thing,
        fields=checked(thing, fields),
        expected_interval_s=draft.expected_interval_s or _usual_interval(thing.kind),
        per_minute=draft.per_minute,
        secret_sha256=digest(secret),
        secret_made_at=at,
        created_at=at,
    )


def _check_pace(expected_s: int | None, per_minute: int) -> None:
    if expected_s is not None and not 1 <= expected_s <= 366 * 86_400:
        raise InvalidInput(
            N_("The expected interval is between a second and a year."), field="expected_interval_s"
        )
    if not 1 <= per_minute <= MOST_PER_MINUTE:
        raise InvalidInput(
            N_("A device may send between 1 and {most} reading sets a minute."),
            most=MOST_PER_MINUTE,
            field="per_minute",
        )


def _usual_interval(kind: str) -> int | None:
    found = descriptions().get(kind)
    return None if found is None else found.expected_s


def digest(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "replace")).digest()


def _connect_all(rows: Sequence[Device], at: datetime) -> tuple[list[Attribute], list[Attribute]]:
    held: dict[int, dict[tuple[str, str], Attribute]] = {row.entity_id: {} for row in rows}
    for one in Attribute.objects.filter(entity_id__in=list(held)):
        held[one.entity_id][one.name, one.dataset_id] = one
    made: list[Attribute] = []
    handed: list[Attribute] = []
    for row in rows:
        new, taken = connect(row, row.fields, held[row.entity_id], at)
        made += new
        handed += taken
    return made, handed


def _expect(entity_ids: set[int]) -> None:
    """A thing is expected to speak as often as the most talkative of its devices."""
    devices = Device.objects.filter(entity_id__in=entity_ids, revoked_at__isnull=True)
    shortest = dict(
        devices.values("entity_id")
        .annotate(least=Min("expected_interval_s"))
        .values_list("entity_id", "least")
    )
    rows = [Entity(pk=key, expected_s=shortest.get(key)) for key in entity_ids]
    Entity.objects.bulk_update(rows, ["expected_s"], batch_size=2000)


def rotate_secret(*, actor: Actor, device_id: UUID, reason: str = "") -> NewSecret:
    """A new secret; the old one opens nothing from now on."""
    with transaction.atomic():
        row = locked_device(device_id)
        require(actor, "rotate_secret", thing_of_device(row))
        _refuse_revoked(row)
        plain = secrets.token_urlsafe(SECRET_BYTES)
        row.secret_sha256, row.secret_made_at = digest(plain), now()
        row.save(update_fields=["secret_sha256", "secret_made_at"])
        bump_feeds()  # who keeps the door looks again, and sends away who holds the old one
        subject = ("twin.device", str(row.pk))
        after = {"key": row.key}
        record_many([entry(actor, "rotate_secret", subject, row.territory_id, after=after, reason=reason)])
        announce(CredentialEnded(row.territory.slug, row.key))
    return NewSecret(row.pk, f"{row.territory.slug}.{row.key}", plain)


def revoke_device(*, actor: Actor, device_id: UUID, reason: str = "") -> None:
    """End a device's right to send, for good; what it told stays. Its key is not given to another."""
    with transaction.atomic():
        lock_present()
        row = locked_device(device_id)
        require(actor, "revoke_device", thing_of_device(row))
        if row.revoked_at is not None:
            return
        row.revoked_at = now()
        row.save(update_fields=["revoked_at"])
        _expect({row.entity_id})
        bump_feeds()
        subject = ("twin.device", str(row.pk))
        before = {"key": row.key}
        record_many([entry(actor, "revoke_device", subject, row.territory_id, before=before, reason=reason)])
        announce(CredentialEnded(row.territory.slug, row.key))
        announce(FeedsChanged(row.territory_id))


def _refuse_revoked(row: Device) -> None:
    if row.revoked_at is not None:
        raise Conflict(N_("The device “{key}” is revoked. Register it anew under another name."), key=row.key)


def map_fields(
    *,
    actor: Actor,
    device_id: UUID,
    fields: Mapping[str, FieldDraft],
    expected_interval_s: int | None = None,
    per_minute: int | None = None,
    reason: str = "",
) -> None:
    """Read a device's messages otherwise from now on; also how often, and how much, it may send."""
    with transaction.atomic():
        lock_present()
        row = locked_device(device_id)
        require(actor, "map_fields", thing_of_device(row))
        _refuse_revoked(row)
        interval = expected_interval_s or row.expected_interval_s
        pace = per_minute or row.per_minute
        _check_pace(interval, pace)
        before = {
            "fields": row.fields,
            "expected_interval_s": row.expected_interval_s,
            "per_minute": row.per_minute,
        }
        row.fields = checked(row.entity, fields)
        row.expected_interval_s, row.per_minute = interval, pace
        _reconnect(row)
        after = {"fields": row.fields, "expected_interval_s": interval, "per_minute": pace}
        if before == after:
            return
        row.save(update_fields=["fields", "expected_interval_s", "per_minute"])
        _expect({row.entity_id})
        bump_feeds()
        subject = ("twin.device", str(row.pk))
        told = {"key": row.key}
        record_many(
            [
                entry(
                    actor,
                    "map_fields",
                    subject,
                    row.territory_id,
                    before={**told, **before},
                    after={**told, **after},
                    reason=reason,
                )
            ]
        )
        announce(FeedsChanged(row.territory_id))


def _reconnect(row: Device) -> None:
    """Hand the device the attributes of its mapping, and let go of those it tells no more."""
    held = {(one.name, one.dataset_id): one for one in Attribute.objects.filter(entity_id=row.entity_id)}
    mine = {one.pk for one in held.values() if one.device_id == row.pk}
    made, handed = connect(row, row.fields, held, now())
    told = {field["dataset"]: set() for field in row.fields.values()}  # type: dict[str, set[str]]
    for field in row.fields.values():
        told[field["dataset"]].add(field["term"])
    dropped = [
        one.pk for one in held.values() if one.pk in mine and one.term not in told.get(one.dataset_id, set())
    ]
    Attribute.objects.filter(pk__in=dropped).update(device=None)
    Attribute.objects.bulk_create(made)
    Attribute.objects.bulk_update(handed, ["device"])


def set_strictness(*, actor: Actor, territory: TerritoryView, refuse: bool, reason: str = "") -> None:
    """Refuse values outside their description (True), or keep them with a note (False)."""
    require(actor, "set_strictness", Thing(territory.id, None), new=True)
    with transaction.atomic():
        row = Strictness.objects.select_for_update().filter(territory_id=territory.id).first()
        before = row is not None and row.refuse
        if before == refuse:
            return
        Strictness.objects.update_or_create(territory_id=territory.id, defaults={"refuse": refuse})
        bump_feeds()
        record_many(
            [
                entry(
                    actor,
                    "set_strictness",
                    ("territory.territory", str(territory.id)),
                    territory.id,
                    before={"refuse": before},
                    after={"refuse": refuse},
                    reason=reason,
                )
            ]
        )
        announce(FeedsChanged(territory.id))
