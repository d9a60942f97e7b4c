"""How people want to be reached: what each one chose, and the number that they proved."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from belvedere.domains.access.public import Actor, change_own_details, own_details, phones_of
from belvedere.domains.reach.browsers import has_browser
from belvedere.domains.reach.errors import BadWishes
from belvedere.domains.reach.models import Wishes
from belvedere.domains.reach.phones import checked_phone, rung
from belvedere.domains.reach.policies import me
from belvedere.domains.reach.sending import ring, ways_here
from belvedere.domains.reach.states import RINGING, Way
from belvedere.domains.reach.transport import Outcome
from belvedere.domains.reach.views import WishesView
from belvedere.domains.territory.public import territories_of_organisations
from belvedere.duties.journal.public import record, signed
from belvedere.duties.privacy.public import blind_index
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import new_id
from belvedere.kernel.severity import Severity
from belvedere.science.rosters.quiet import quiet_until

CODE_LASTS: Final = timedelta(minutes=10)
BETWEEN_CODES: Final = timedelta(minutes=1)
GUESSES: Final = 5
#: Who proved a number is written to it when it matters, who switched a browser on is shown it there; nobody
#: is called who did not ask for it.
BY_DEFAULT: Final[Mapping[Severity, tuple[Way, ...]]] = {
    Severity.CRITICAL: (Way.SMS, Way.PUSH, Way.MAIL),
    Severity.MAJOR: (Way.SMS, Way.PUSH, Way.MAIL),
    Severity.MINOR: (Way.PUSH, Way.MAIL),
    Severity.INFO: (Way.MAIL,),
}


@dataclass(frozen=True, slots=True)
class GivenWishes:
    """What a person chooses. `orders`: ways by severity, the first one first; `quiet_days`: 1 is Monday."""

    orders: Mapping[Severity, Sequence[Way]]
    is_quiet: bool
    quiet_days: Collection[int]
    quiet_from: int
    quiet_until: int
    quiet_most: Severity


# ------------------------------------------------------------------ reads
def my_wishes(actor: Actor) -> WishesView:
    """How the actor is reached."""
    return _view(me(actor), rung(own_details(actor).phone))


def ways_for(actor: Actor) -> frozenset[Way]:
    """By what the actor's telephone could be reached, by the gateways of where they work."""
    found: set[Way] = set()
    for territory_id in _where(actor):
        found |= ways_here(territory_id, list(actor.roles))
    return frozenset(found)


def ways_of(
    person_id: UUID, severity: int, territory_id: UUID, owner_id: UUID | None, *, first: Way | None = None
) -> tuple[Way, ...]:
    """By what a person is reached now, one after the other; e-mail is always among them, at the latest as the
    last. `first`: this before what they chose."""
    row = Wishes.objects.filter(pk=person_id).first() or Wishes(person_id=person_id)
    phone = rung(phones_of([person_id]).get(person_id, ""))
    can = _leading_to(row, phone) & {Way.MAIL, Way.PUSH, *ways_here(territory_id, [owner_id])}
    wanted = [first] if first is not None else []
    wanted += _orders(row)[Severity(severity)]
    reached = [one for one in dict.fromkeys(wanted) if one in can]
    return tuple(reached) if Way.MAIL in reached else (*reached, Way.MAIL)


def phone_to_ring(person_id: UUID) -> str:
    """The number that a person proved; "" without."""
    row = Wishes.objects.filter(pk=person_id).first()
    phone = rung(phones_of([person_id]).get(person_id, ""))
    return phone if row is not None and _is_known(row, phone) else ""


def not_before(person_id: UUID, severity: int, at: datetime, zone: str) -> datetime:
    """`at`, or the end of the person's quiet hours where it falls in them and is not graver than they say."""
    row = Wishes.objects.filter(pk=person_id, is_quiet=True, quiet_most__gte=int(severity)).first()
    if row is None:
        return at
    return quiet_until(at, ZoneInfo(zone), row.quiet_from, row.quiet_until, row.quiet_days) or at


# ------------------------------------------------------------------ verbs
def save_wishes(*, actor: Actor, given: GivenWishes) -> None:
    """Keep what the actor chose about being reached."""
    person_id = me(actor)
    minutes = (given.quiet_from, given.quiet_until)
    if any(not 0 <= one < 24 * 60 for one in minutes) or set(given.quiet_days) - set(range(1, 8)):
        raise BadWishes(
            N_("A time or a day cannot be so. Check hours, days and minutes."), field="quiet_from"
        )
    if given.is_quiet and not given.quiet_days:
        raise BadWishes(N_("Say on which days quiet hours begin."), field="quiet_days")
    if given.is_quiet and given.quiet_from == given.quiet_until:
        raise BadWishes(N_("Quiet hours end later than they begin."), field="quiet_until")
    orders = {}
    for severity in Severity:
        order = list(dict.fromkeys(Way(one) for one in given.orders.get(severity, ())))
        if not order:
            raise BadWishes(N_("Say by what you are reached first."), field=f"first_{int(severity)}")
        orders[str(int(severity))] = [one.value for one in order]
    with transaction.atomic():
        row = _locked(person_id)
        row.orders, row.is_quiet = orders, given.is_quiet
        row.quiet_days, row.quiet_most = sorted(set(given.quiet_days)), int(given.quiet_most)
        row.quiet_from, row.quiet_until = minutes
        row.save()
        _journal(actor, "save_wishes", {"is_quiet": row.is_quiet})


def give_phone(*, actor: Actor, phone: str) -> None:
    """Keep the number of the actor's account as it is rung; another one has to be proved anew."""
    number = checked_phone(phone)
    person_id = me(actor)
    with transaction.atomic():
        change_own_details(actor=actor, phone=number)
        row = _locked(person_id)
        if row.known_phone and row.known_phone != _index(number):
            row.known_phone = ""
            row.save(update_fields=["known_phone"])


def send_code(*, actor: Actor, text: Callable[[str], str]) -> Outcome:
    """Send a code to the number of the actor, by SMS or by a call that say `text`; what became of it."""
    person_id = me(actor)
    phone, at = rung(own_details(actor).phone), now()
    if not phone:
        raise BadWishes(N_("Give your number first, with its country."), field="phone")
    code = f"{secrets.randbelow(1_000_000):06}"
    with transaction.atomic():
        row = _locked(person_id)
        if row.code_sent_at is not None and at - row.code_sent_at < BETWEEN_CODES:
            raise BadWishes(N_("A code left a moment ago. Wait a minute, then ask for another one."))
        row.code, row.code_phone = blind_index(code, what="code"), _index(phone)
        row.code_until, row.code_sent_at, row.code_left = at + CODE_LASTS, at, GUESSES
        row.save()
    said = text(code)
    outcome = Outcome(
        wrong={"message": N_("No gateway for SMS or calls is written where you work."), "data": {}},
        is_permanent=True,
    )
    for territory_id in _where(actor):
        for owner_id in [*actor.roles, None]:
            for way in RINGING:
                if way in ways_here(territory_id, [owner_id]):
                    outcome = ring(territory_id, owner_id, way, phone, said, actor.language, new_id().hex)
                    if outcome.taken:
                        return outcome
    return outcome


def prove_phone(*, actor: Actor, code: str) -> None:
    """Take the code that came; BadWishes when it is not the one, or grew old."""
    person_id, phone = me(actor), rung(own_details(actor).phone)
    with transaction.atomic():
        row = _locked(person_id)
        counts = row.code_until is not None and row.code_until > now() and row.code_left > 0
        if not counts or row.code_phone != _index(phone):
            raise BadWishes(N_("This code counts no more. Ask for another one."), field="code")
        is_right = hmac.compare_digest(row.code, blind_index("".join(code.split()), what="code"))
        if is_right:
            row.known_phone, row.code, row.code_until = _index(phone), "", None
            _journal(actor, "prove_phone", {})
        else:
            row.code_left -= 1
        row.save()
    if not is_right:
        raise BadWishes(
            N_("This is not the code that was sent. {left} more tries."), left=row.code_left, field="code"
        )


def _view(person_id: UUID, phone: str) -> WishesView:
    row = Wishes.objects.filter(pk=person_id).first() or Wishes(
        person_id=person_id, quiet_days=[*range(1, 8)]
    )
    awaits = row.code_until is not None and row.code_until > now() and row.code_left > 0
    return WishesView(
        person_id,
        phone,
        _is_known(row, phone),
        awaits and row.code_phone == _index(phone),
        _orders(row),
        row.is_quiet,
        tuple(row.quiet_days),
        row.quiet_from,
        row.quiet_until,
        Severity(row.quiet_most),
        _leading_to(row, phone),
    )


def _orders(row: Wishes) -> dict[Severity, tuple[Way, ...]]:
    kept = {Severity(int(one)): tuple(Way(way) for way in ways) for one, ways in row.orders.items()}
    return {one: kept.get(one) or BY_DEFAULT[one] for one in Severity}


def _leading_to(row: Wishes, phone: str) -> frozenset[Way]:
    """The ways that lead to the person, where there is a gateway for them."""
    rung_by = RINGING if _is_known(row, phone) else ()
    shown_by = (Way.PUSH,) if has_browser(row.person_id) else ()
    return frozenset((Way.MAIL, *shown_by, *rung_by))


def _is_known(row: Wishes, phone: str) -> bool:
    return bool(phone) and row.known_phone == _index(phone)


def _index(phone: str) -> str:
    return blind_index(phone, what="phone")


def _where(actor: Actor) -> list[UUID]:
    here = set(territories_of_organisations(list(actor.roles)))
    return sorted(here | set(actor.territory_roles))


def _locked(person_id: UUID) -> Wishes:
    Wishes.objects.get_or_create(pk=person_id, defaults={"quiet_days": [*range(1, 8)]})
    return Wishes.objects.select_for_update(of=("self",)).get(pk=person_id)


def _journal(actor: Actor, verb: str, after: Mapping[str, object]) -> None:
    record(
        **signed(actor),
        verb=f"reach.{verb}",
        subject=("reach.wishes", str(actor.person_id)),
        before={},
        after=dict(after),
    )
