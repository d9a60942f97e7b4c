"""Access as a source of personal data: what is held about a person, and how it is corrected or erased.

Erasing empties the person's row and keeps its identifier: acts in the journal and things of other domains
point to it. Names in the journal are forgotten; the acts stay (see docs/decisions/0022).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress

from belvedere.domains.access import signing_in
from belvedere.domains.access.actions.common import checked_email, journal
from belvedere.domains.access.actions.people import change_details, close_account
from belvedere.domains.access.actor import Actor
from belvedere.domains.access.events import PersonErased
from belvedere.domains.access.models import (
    ApiToken,
    Invitation,
    Membership,
    Person,
    Reading,
    TerritoryMembership,
    Visit,
)
from belvedere.duties.journal.public import acts_of, forget_name
from belvedere.duties.privacy.public import Basis, Held, Order, Outcome, Subject, blind_index, decrypt
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Conflict
from belvedere.kernel.paging import LARGEST_PAGE, Window

_ACTS_KEPT = N_(
    "The acts in the journal stay, without the name: the authority must be able to prove who decided what."
)
_ROW_KEPT = N_("An empty row stays, so that what the person did keeps its place; nothing in it tells who.")
_RECTIFIABLE = ("display_name", "language", "phone")


class AccessSource:
    """The answers of access; see `belvedere.duties.privacy.sources.Source`."""

    def find(self, subject: Subject) -> list[Held]:
        """The account, its roles, tokens, sign-in rows, and the invitations to this address."""
        found = [
            Held(
                "access.invitation",
                str(row.pk),
                {"email": decrypt(row.email), "created_at": row.created_at.isoformat()},
            )
            for row in _invitations(subject)
        ]
        person = _person(subject)
        if person is None:
            return found
        found.append(Held("access.person", str(person.pk), _details(person)))
        found += [Held("access.membership", str(row.pk), _role(row)) for row in _memberships(person)]
        found += [Held("access.territorymembership", str(row.pk), _role(row)) for row in _offices(person)]
        found += [Held("access.apitoken", str(row.pk), _token(row)) for row in _tokens(person)]
        found += [Held("access.reading", str(row.pk), _reading(row)) for row in _readings(person)]
        found += [Held("access.visit", str(row.pk), _visit(row)) for row in _visits(person)]
        found += [Held(*row) for row in signing_in.held(person)]
        if acts := acts_of(person.pk, Window(0, 1)).total:
            found.append(Held("journal.entryrow", str(person.pk), {"acts": acts}))
        return found

    def export(self, subject: Subject) -> Mapping[str, Any]:
        """The same, with every act of the person in the journal."""
        person = _person(subject)
        invitations = [
            {
                "email": decrypt(row.email),
                "role": row.role,
                "created_at": row.created_at.isoformat(),
                "accepted_at": row.accepted_at and row.accepted_at.isoformat(),
            }
            for row in _invitations(subject)
        ]
        if person is None:
            return {"invitations": invitations} if invitations else {}
        return {
            "account": _details(person),
            "roles": [_role(row) for row in _memberships(person)],
            "territory_roles": [_role(row) for row in _offices(person)],
            "tokens": [_token(row) for row in _tokens(person)],
            "readings": [_reading(row) for row in _readings(person)],
            "visits": [_visit(row) for row in _visits(person)],
            "signing_in": [{"table": table, **values} for table, _, values in signing_in.held(person)],
            "invitations": invitations,
            "acts": _acts(person),
        }

    def rectify(self, subject: Subject, changes: Mapping[str, str], order: Order) -> list[Outcome]:
        """Correct the name, language, telephone or e-mail address of the account."""
        person = _person(subject, lock=True)
        if person is None:
            return []
        known = {name: value for name, value in changes.items() if name in _RECTIFIABLE}
        changed = change_details(person, **known)
        if "email" in changes and (email := checked_email(changes["email"])) != person.email:
            if Person.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
                raise Conflict(N_("{email} already has an account."), code="has_account", email=email)
            person.email = email
            person.save(update_fields=["email"])
            EmailAddress.objects.filter(user=person).exclude(primary=True).delete()
            signing_in.verified_address(person)
            changed.append("email")
        if changed:
            journal(
                _by(order),
                "rectify_person",
                ("person", person.pk),
                after={"changed": changed},
                reason=order.reason,
            )
        return [Outcome("access.person", 1 if changed else 0)]

    def erase(self, subject: Subject, order: Order) -> list[Outcome]:
        """Empty the account and remove what hangs on it; LastAdministrator where a territory needs it."""
        invited = _invitations(subject).delete()[0]
        outcomes = [Outcome("access.invitation", invited)]
        person = _person(subject, lock=True)
        if person is None:
            return outcomes
        close_account(person)
        outcomes += [Outcome(table, rows) for table, rows in signing_in.forget(person).items()]
        outcomes.append(Outcome("access.reading", _readings(person).delete()[0]))
        outcomes.append(Outcome("access.apitoken", ApiToken.objects.filter(person=person).delete()[0]))
        outcomes.append(Outcome("access.visit", Visit.objects.filter(person=person).delete()[0]))
        _empty(person)
        outcomes.append(Outcome("access.person", 1, _ROW_KEPT, Basis.LEGAL_OBLIGATION))
        acts = acts_of(person.pk, Window(0, 1)).total
        outcomes.append(Outcome("journal.actorname", int(forget_name(person.pk))))
        journal(_by(order), "erase_person", ("person", person.pk), reason=order.reason)
        if order.by_id == person.pk:
            forget_name(person.pk)  # the act above named them again
        outcomes.append(Outcome("journal.entryrow", acts, _ACTS_KEPT if acts else "", Basis.PUBLIC_TASK))
        announce(PersonErased(person.pk))
        return outcomes


def _empty(person: Person) -> None:
    person.email = f"erased-{person.pk}@invalid"
    person.display_name = ""
    person.phone = None
    person.language = "fr"
    person.last_login = None
    person.erased_at = now()
    person.set_unusable_password()
    person.save()


def _person(subject: Subject, *, lock: bool = False) -> Person | None:
    rows = Person.objects.select_for_update() if lock else Person.objects.all()
    return rows.filter(email__iexact=subject.email.strip(), erased_at__isnull=True).first()


def _invitations(subject: Subject) -> Any:
    return Invitation.objects.filter(email_index=blind_index(subject.email))


def _memberships(person: Person) -> Any:
    return Membership.objects.filter(person=person).order_by("pk")


def _offices(person: Person) -> Any:
    return TerritoryMembership.objects.filter(person=person).order_by("pk")


def _tokens(person: Person) -> Any:
    return ApiToken.objects.filter(person=person).order_by("created_at")


def _readings(person: Person) -> Any:
    return Reading.objects.filter(token__person=person).order_by("pk")


def _reading(row: Reading) -> dict[str, Any]:
    return {
        "territory": str(row.territory_id),
        "door": row.door,
        "what": row.what,
        "attributes": row.attributes,
        "times": row.times,
        "since": row.since.isoformat(),
        "last_at": row.last_at.isoformat(),
    }


def _visits(person: Person) -> Any:
    return Visit.objects.filter(person=person).order_by("pk")


def _visit(row: Visit) -> dict[str, Any]:
    return {
        "territory": str(row.territory_id),
        "last_at": row.last_at.isoformat(),
        "before_at": row.before_at and row.before_at.isoformat(),
    }


def _details(person: Person) -> dict[str, Any]:
    return {
        "email": person.email,
        "display_name": person.display_name,
        "language": person.language,
        "phone": decrypt(person.phone) if person.phone else "",
        "created_at": person.created_at.isoformat(),
        "last_login": person.last_login and person.last_login.isoformat(),
        "is_active": person.is_active,
    }


def _role(row: Membership | TerritoryMembership) -> dict[str, Any]:
    place = row.organisation_id if isinstance(row, Membership) else row.territory_id
    return {
        "of": str(place),
        "role": row.role,
        "since": row.since.isoformat(),
        "ended_at": row.ended_at and row.ended_at.isoformat(),
    }


def _token(row: ApiToken) -> dict[str, Any]:
    return {
        "name": row.name,
        "prefix": row.prefix,
        "scopes": list(row.scopes),
        "created_at": row.created_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
        "last_used_at": row.last_used_at and row.last_used_at.isoformat(),
    }


def _acts(person: Person) -> list[dict[str, Any]]:
    acts, start = [], 0
    while True:
        page = acts_of(person.pk, Window(start, LARGEST_PAGE))
        acts += [
            {
                "at": entry.at.isoformat(),
                "verb": entry.verb,
                "subject": list(entry.subject),
                "before": entry.before,
                "after": entry.after,
                "reason": entry.reason,
            }
            for entry in page.rows
        ]
        if page.next_start is None:
            return acts
        start = page.next_start


def _by(order: Order) -> Actor:
    return Actor(
        label=order.by_label,
        person_id=order.by_id,
        request_id=order.request_id,
        is_platform=order.by_id is None,
    )
