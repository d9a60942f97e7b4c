"""The link that opens one checklist without a password: signed, for one person, over with the round.

Who opens it acts as that person, but only for that owner and only on that checklist: the roles held there,
nothing of any other organisation, no territory, no people. It holds as long as the person works there.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core import signing

from belvedere.domains.access.public import Actor, Role, Scope, actor_of, contacts, holders, people_of
from belvedere.domains.reporting.errors import LinkIsOver, NoSuchRound
from belvedere.domains.reporting.keeping import found_task
from belvedere.domains.reporting.models import RoundTask
from belvedere.domains.reporting.policies import ANSWERERS
from belvedere.domains.reporting.states import RoundState
from belvedere.kernel.errors import N_

SALT = "belvedere.reporting.checklist"
# Who is written to first: those who may change everything that is asked.
FIRST = frozenset({Role.MANAGER, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Contact:
    """Someone who answers for an owner."""

    person_id: UUID
    name: str
    email: str


def token_of(task_id: UUID, person_id: UUID) -> str:
    """The secret part of the link."""
    return signing.dumps([task_id.hex, person_id.hex], salt=SALT, compress=False)


def contacts_of(task: RoundTask) -> list[Contact]:
    """Whom to write to: the owner's managers, else all who work on its measures. May be nobody."""
    owner = task.organisation_id
    found = holders([owner], *FIRST).get(owner) or holders([owner], *ANSWERERS).get(owner, frozenset())
    people = sorted(contacts(found).values(), key=lambda one: (one.name, one.email))
    return [Contact(one.id, one.name, one.email) for one in people]


def contacts_of_owners(territory_id: UUID) -> dict[UUID, list[Contact]]:
    """The same for every owner of a territory: a few questions in all."""
    first: dict[UUID, list[Contact]] = {}
    others: dict[UUID, list[Contact]] = {}
    for person in people_of(Actor.system(), territory_id):
        if not person.is_active:
            continue
        contact = Contact(person.id, person.display_name, person.email)
        held: dict[UUID, set[Role]] = {}
        for organisation_id, role in person.roles:
            held.setdefault(organisation_id, set()).add(role)
        for organisation_id, roles in held.items():
            if roles & FIRST:
                first.setdefault(organisation_id, []).append(contact)
            elif roles & ANSWERERS:
                others.setdefault(organisation_id, []).append(contact)
    return {**others, **first}


def open_link(token: str, *, request_id: str = "") -> tuple[Actor, UUID]:
    """Who the link lets in and the checklist it opens.

    Raises:
        NoSuchRound: the link is not one of ours.
        LinkIsOver: the round is closed, or the person no longer works for the owner.
    """
    try:
        task_hex, person_hex = signing.loads(token, salt=SALT)
        task, person_id = found_task(UUID(hex=task_hex)), UUID(hex=person_hex)
    except (signing.BadSignature, ValueError, TypeError, NoSuchRound):
        raise NoSuchRound(
            N_("This link is not known. Check that it was copied whole, or ask the programme office for it.")
        ) from None
    if task.round.state != RoundState.OPEN:
        raise LinkIsOver(
            N_(
                "The reporting round “{name}” is closed: this link ended with it. Thank you for your answers."
            ),
            name=task.round.name,
        )
    person = get_user_model().objects.filter(pk=person_id, is_active=True).first()
    whole = None if person is None else actor_of(person, request_id=request_id)
    roles = frozenset() if whole is None else whole.roles.get(task.organisation_id, frozenset()) & ANSWERERS
    if whole is None or not roles:
        raise LinkIsOver(
            N_("This link was for someone who no longer works on these measures. Ask the office for yours."),
        )
    return (
        Actor(
            label=whole.label,
            person_id=whole.person_id,
            language=whole.language,
            roles={task.organisation_id: roles},
            sees=frozenset({task.organisation_id}),
            scopes=frozenset({Scope.READ.value, Scope.WRITE.value}),
            request_id=request_id,
        ),
        task.pk,
    )


def language_of(person_id: UUID) -> str:
    """The language a person reads."""
    person = get_user_model().objects.filter(pk=person_id).first()
    return str(getattr(person, "language", "fr") or "fr")


__all__ = ["Contact", "contacts_of", "contacts_of_owners", "language_of", "open_link", "token_of"]
