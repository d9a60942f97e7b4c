"""Verbs of subscriptions. They need no account: who holds the link of a message holds the mailbox."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import reported
from belvedere.domains.subscriptions.errors import BadAddress, BadLink, BadScope
from belvedere.domains.subscriptions.events import SubscriptionAsked
from belvedere.domains.subscriptions.limits import allow, may_write_to
from belvedere.domains.subscriptions.models import Subscription
from belvedere.domains.subscriptions.reading import scope_of
from belvedere.domains.subscriptions.scope import Scope
from belvedere.domains.subscriptions.states import Rhythm, ScopeKind
from belvedere.domains.subscriptions.tokens import CONFIRM_WITHIN, read_confirm, read_manage
from belvedere.domains.territory.public import places_of, territory_by_id
from belvedere.duties.journal.public import record
from belvedere.duties.privacy.public import blind_index, encrypt
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, NotFound

LONGEST_EMAIL = 254
LANGUAGES = ("fr", "de", "en")
_GONE = N_("This subscription is no longer there. Nothing will be sent to you.")


def ask(
    *, territory_id: UUID, scope: Scope, email: str, rhythm: Rhythm, language: str, client: str = ""
) -> None:
    """Keep an unconfirmed subscription and have a link sent; nothing tells whether the address was known.

    Raises:
        BadAddress, BadScope, TooManyRequests; NotFound: the territory is not published.
    """
    address = _checked(email)
    allow(client)
    check_scope(territory_id, scope)
    index = blind_index(address)
    if not may_write_to(index):
        return
    with transaction.atomic():
        row = _find_or_make(territory_id, scope, address, index, rhythm, _language(language))
        event = SubscriptionAsked(
            row.pk, territory_id, scope, address, row.language, known=row.confirmed_at is not None
        )
        announce(event)


def _find_or_make(
    territory_id: UUID, scope: Scope, address: str, index: str, rhythm: Rhythm, language: str
) -> Subscription:
    same = {"email_index": index, "territory_id": territory_id, "scope_key": scope.key}
    row = Subscription.objects.select_for_update().filter(**same).first()
    if row is None:
        try:
            with transaction.atomic():
                return Subscription.objects.create(
                    **same,
                    scope=scope.kind,
                    measure_id=scope.measure_id,
                    place_id=scope.place_id,
                    longitude=scope.longitude,
                    latitude=scope.latitude,
                    radius_m=scope.radius_m,
                    email=encrypt(address),
                    language=language,
                    rhythm=rhythm,
                    created_at=now(),
                )
        except IntegrityError:  # asked twice at once
            row = Subscription.objects.select_for_update().get(**same)
    if row.confirmed_at is None:  # a confirmed one is changed by its owner's link only
        row.language, row.rhythm, row.created_at = language, rhythm, now()
        row.save(update_fields=["language", "rhythm", "created_at"])
    return row


def confirm(*, token: str) -> UUID:
    """The second opt-in; gives the subscription. Once more does nothing more. Raises BadLink."""
    key = read_confirm(token)
    with transaction.atomic():
        row = _locked(key)
        if row.confirmed_at is None:
            row.confirmed_at = row.told_until = now()
            row.save(update_fields=["confirmed_at", "told_until"])
            _journal("subscriptions.confirm", row)
    return key


def change(*, token: str, subscription_id: UUID, rhythm: Rhythm, language: str) -> None:
    """Another rhythm or language for one of the subscriptions of the mailbox that got the link."""
    with transaction.atomic():
        row = _mine(token, subscription_id)
        before = {"rhythm": row.rhythm, "language": row.language}
        row.rhythm, row.language = rhythm, _language(language)
        row.save(update_fields=["rhythm", "language"])
        after = {"rhythm": row.rhythm, "language": row.language}
        if before != after:
            _journal("subscriptions.change", row)


def stop(*, token: str, subscription_id: UUID | None = None) -> bool:
    """Erase the subscription of the link, or another of the same mailbox; False when it was gone already."""
    with transaction.atomic():
        try:
            row = _mine(token, subscription_id)
        except NotFound as error:
            if isinstance(error, BadLink) and error.message != _GONE:
                raise
            return False
        _journal("subscriptions.stop", row)
        row.delete()
    return True


def stop_all(*, token: str) -> int:
    """Erase every subscription of the mailbox that got the link."""
    with transaction.atomic():
        rows = list(
            Subscription.objects.select_for_update().filter(
                email_index=_locked(read_manage(token)).email_index
            )
        )
        for row in rows:
            _journal("subscriptions.stop", row)
            row.delete()
    return len(rows)


def digest_was_sent(subscription_id: UUID, until: datetime) -> None:
    """The message with the changes up to `until` has left."""
    Subscription.objects.filter(pk=subscription_id).update(told_until=until, sent_at=now())


def forget_unconfirmed() -> int:
    """Erase the addresses of those who did not confirm in time."""
    rows = Subscription.objects.filter(confirmed_at__isnull=True, created_at__lt=now() - CONFIRM_WITHIN)
    return rows.delete()[0]


def check_scope(territory_id: UUID, scope: Scope) -> None:
    """Raises BadScope for what everyone may not see; NotFound where the territory is not published."""
    territory = territory_by_id(territory_id)
    if not territory.published:
        raise NotFound(N_("There is no such territory here."))
    if scope.kind is ScopeKind.MEASURE:
        assert scope.measure_id is not None
        if not reported.reported(Actor.public(), territory_id, ids=[scope.measure_id]):
            raise BadScope(N_("There is no such project, or it is not published."))
    if scope.kind is ScopeKind.PLACE and scope.place_id not in {p.id for p in places_of(territory)}:
        raise BadScope(N_("There is no such place in this territory."))


def _checked(email: str) -> str:
    address = email.strip()
    try:
        if len(address) > LONGEST_EMAIL:
            raise ValidationError("too long")
        validate_email(address)
    except ValidationError as error:
        raise BadAddress(
            N_("This is not an e-mail address. Check it: it looks like name@example.org."), field="email"
        ) from error
    return address


def _language(language: str) -> str:
    return language if language in LANGUAGES else LANGUAGES[0]


def _locked(key: UUID) -> Subscription:
    row = Subscription.objects.select_for_update().filter(pk=key).first()
    if row is None:
        raise BadLink(_GONE)
    return row


def _mine(token: str, subscription_id: UUID | None) -> Subscription:
    """The subscription of the link, or `subscription_id` when it goes to the same mailbox."""
    own = _locked(read_manage(token))
    if subscription_id is None or subscription_id == own.pk:
        return own
    other = _locked(subscription_id)
    if other.email_index != own.email_index:
        raise BadLink(_GONE)
    return other


def _journal(verb: str, row: Subscription) -> None:
    """Entries are kept for ever: neither the address nor the place is in them."""
    record(
        actor_id=None,
        actor_label="",
        verb=verb,
        subject=("subscriptions.subscription", str(row.pk)),
        territory_id=row.territory_id,
        after={"scope": scope_of(row).kind.value},
    )
