"""Invitations: who may send them, what the link is worth, when it stops working."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from belvedere.domains.access.errors import (
    InvitationSpent,
    NoSuchInvitation,
    SignInFirst,
    TooManyAttempts,
)
from belvedere.domains.access.events import PersonInvited, PersonJoined
from belvedere.domains.access.models import Invitation, Membership, Person, TerritoryMembership
from belvedere.domains.access.public import (
    Actor,
    Newcomer,
    Role,
    TerritoryRole,
    accept_invitation,
    actor_of,
    invitations_of,
    invite_person,
    look_at_invitation,
    revoke_invitation,
    send_invitation_again,
)
from belvedere.duties.journal.models import EntryRow
from belvedere.duties.journal.public import verify
from belvedere.kernel import events
from belvedere.kernel.clock import now, standing_at
from belvedere.kernel.errors import Conflict, InvalidInput, NotFound, Refused
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
Callbacks = Callable[..., AbstractContextManager[Any]]
ANNA = "anna@example.org"
ANNA_FILLS_IN = Newcomer("Anna Rey", "three little lakes", "de")


@pytest.fixture
def told() -> Iterator[list[Any]]:
    """Every event of access, in order."""
    heard: list[Any] = []
    for event in (PersonInvited, PersonJoined):
        events.subscribe(event, heard.append)
    yield heard
    for event in (PersonInvited, PersonJoined):
        events._after[event].remove(heard.append)


@pytest.fixture
def invite(
    people: People,
    valbelle: Valbelle,
    told: list[Any],
    django_capture_on_commit_callbacks: Callbacks,
) -> Callable[..., str]:
    """Invites as the administrator of Montaigu and returns the secret of the link."""

    def do(email: str = ANNA, by: str = "administrator", **fields: Any) -> str:
        wanted = {"organisation_id": valbelle.montaigu.pk, "role": Role.CONTRIBUTOR} | fields
        with django_capture_on_commit_callbacks(execute=True):
            invite_person(actor=people.actor(by), email=email, **wanted)
        return str(told[-1].token)

    return do


def test_a_newcomer_accepts_and_has_the_role(invite: Callable[..., str], valbelle: Valbelle) -> None:
    token = invite()
    offer = look_at_invitation(token)
    assert (offer.email, offer.organisation_id, offer.role) == (
        ANNA,
        valbelle.montaigu.pk,
        Role.CONTRIBUTOR,
    )
    person_id = accept_invitation(actor=Actor.public(), token=token, newcomer=ANNA_FILLS_IN)
    anna = Person.objects.get(pk=person_id)
    assert (anna.email, anna.display_name, anna.language) == (ANNA, "Anna Rey", "de")
    assert anna.check_password("three little lakes")
    assert actor_of(anna).roles == {valbelle.montaigu.pk: {Role.CONTRIBUTOR}}


def test_the_message_carries_the_link_in_the_language_of_the_invitation(invite: Callable[..., str]) -> None:
    tokens = {
        language: invite(f"{language}@example.org", language=language) for language in ("fr", "de", "en")
    }
    subjects = {message.to[0]: message.subject for message in mail.outbox}
    assert subjects["en@example.org"] == "Montaigu invites you to Belvédère"
    assert len(set(subjects.values())) == 3
    for message in mail.outbox:
        language = message.to[0][:2]
        assert f"/account/invitation/{tokens[language]}/" in message.body
        assert message.to[0] in message.body
    assert all(invitation.sent_at for invitation in Invitation.objects.all())


def test_a_message_that_cannot_leave_is_told_in_the_list(
    invite: Callable[..., str], people: People, valbelle: Valbelle, settings: Any, caplog: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    invite()
    (shown,) = invitations_of(people.actor("administrator"), valbelle.territory.pk)
    assert not shown.sent
    assert "a handler of PersonInvited failed" in caplog.text


def test_neither_the_address_nor_the_link_stands_in_the_database(invite: Callable[..., str]) -> None:
    token = invite()
    row = Invitation.objects.get()
    everything = repr([getattr(row, field.attname) for field in row._meta.fields]) + repr(bytes(row.email))
    assert token not in everything
    assert ANNA not in everything
    entry = EntryRow.objects.get(verb="access.invite_person")
    assert ANNA not in repr(entry.after)
    assert token not in repr(entry.after)


def test_the_link_works_once(invite: Callable[..., str]) -> None:
    token = invite()
    accept_invitation(actor=Actor.public(), token=token, newcomer=ANNA_FILLS_IN)
    with pytest.raises(InvitationSpent, match="already accepted"):
        accept_invitation(actor=Actor.public(), token=token, newcomer=ANNA_FILLS_IN)
    with pytest.raises(InvitationSpent):
        look_at_invitation(token)


def test_the_link_works_for_seven_days(invite: Callable[..., str]) -> None:
    token = invite()
    with standing_at(now() + timedelta(days=7, seconds=5)), pytest.raises(InvitationSpent, match="over"):
        accept_invitation(actor=Actor.public(), token=token, newcomer=ANNA_FILLS_IN)
    assert not Person.objects.filter(email=ANNA).exists()
    with standing_at(now() + timedelta(days=6, hours=23)):
        accept_invitation(actor=Actor.public(), token=token, newcomer=ANNA_FILLS_IN)


def test_a_withdrawn_link_does_not_work(invite: Callable[..., str], people: People) -> None:
    token = invite()
    revoke_invitation(actor=people.actor("administrator"), invitation_id=Invitation.objects.get().pk)
    with pytest.raises(InvitationSpent, match="withdrawn"):
        accept_invitation(actor=Actor.public(), token=token, newcomer=ANNA_FILLS_IN)


def test_sending_again_replaces_the_link(
    invite: Callable[..., str],
    people: People,
    told: list[Any],
    django_capture_on_commit_callbacks: Callbacks,
) -> None:
    old = invite()
    with django_capture_on_commit_callbacks(execute=True):
        send_invitation_again(actor=people.actor("administrator"), invitation_id=Invitation.objects.get().pk)
    with pytest.raises(NoSuchInvitation):
        look_at_invitation(old)
    assert look_at_invitation(told[-1].token).email == ANNA
    assert len(mail.outbox) == 2


def test_a_second_invitation_to_the_same_place_replaces_the_first(invite: Callable[..., str]) -> None:
    first = invite()
    second = invite(role=Role.READER)
    with pytest.raises(InvitationSpent):
        look_at_invitation(first)
    assert look_at_invitation(second).role is Role.READER


def test_someone_with_an_account_signs_in_first(
    invite: Callable[..., str], people: People, valbelle: Valbelle
) -> None:
    token = invite("nobody@example.org")
    with pytest.raises(SignInFirst):
        accept_invitation(actor=Actor.public(), token=token, newcomer=ANNA_FILLS_IN)
    assert people.nobody.check_password("correct horse nobody")
    accept_invitation(actor=people.actor("nobody"), token=token)
    assert people.actor("nobody").roles == {valbelle.montaigu.pk: {Role.CONTRIBUTOR}}


def test_another_address_cannot_accept(invite: Callable[..., str], people: People) -> None:
    for email in (ANNA, "nobody@example.org"):
        token = invite(email)
        with pytest.raises(Refused, match="another address"):
            accept_invitation(actor=people.actor("reader"), token=token)
    assert not Membership.objects.filter(person=people.reader, role=Role.CONTRIBUTOR).exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_newcomer_needs_a_name(invite: Callable[..., str], name: str) -> None:
    token = invite()
    with pytest.raises(InvalidInput):
        accept_invitation(
            actor=Actor.public(), token=token, newcomer=Newcomer(name, "three little lakes", "fr")
        )


@pytest.mark.parametrize("password", ["short", "q1w2e3r4t5y6", "anna@example.org", ""])
def test_a_weak_password_is_refused_and_the_link_still_works(
    invite: Callable[..., str], password: str
) -> None:
    token = invite()
    with pytest.raises(InvalidInput) as refused:
        accept_invitation(actor=Actor.public(), token=token, newcomer=Newcomer("Anna", password, "fr"))
    assert refused.value.data["field"] == "password"
    assert look_at_invitation(token).email == ANNA
    assert not Person.objects.filter(email=ANNA).exists()


@pytest.mark.parametrize("email", ["", "anna", "anna@", "a@b@c.org", "x" * 300 + "@example.org"])
def test_a_bad_address_is_refused_with_a_sentence(invite: Callable[..., str], email: str) -> None:
    with pytest.raises(InvalidInput, match="not an e-mail address"):
        invite(email)
    assert mail.outbox == []


def test_who_has_the_role_is_not_invited_again(invite: Callable[..., str]) -> None:
    with pytest.raises(Conflict, match="already has this role"):
        invite("CONTRIBUTOR@example.org")


MAY_INVITE = {"administrator", "governor"}
EVERYONE = [
    "lead",
    "contributor",
    "reader",
    "finance",
    "administrator",
    "neighbour",
    "office",
    "stranger",
    "elected",
    "governor",
    "nobody",
]


@pytest.mark.parametrize("name", EVERYONE)
def test_who_may_invite_to_an_organisation(invite: Callable[..., str], name: str) -> None:
    if name in MAY_INVITE:
        invite(by=name)
        assert Invitation.objects.count() == 1
    else:
        with pytest.raises(Refused, match="Only an administrator of Montaigu may invite people"):
            invite(by=name)
        assert Invitation.objects.count() == 0


def test_an_administrator_next_door_may_not_invite_here(
    invite: Callable[..., str], people: People, valbelle: Valbelle
) -> None:
    Membership.objects.create(
        person=people.neighbour, organisation=valbelle.rochefort, role=Role.ADMINISTRATOR
    )
    with pytest.raises(Refused):
        invite(by="neighbour")
    invite(by="neighbour", organisation_id=valbelle.rochefort.pk)


@pytest.mark.parametrize("name", EVERYONE)
def test_only_the_governor_invites_to_the_territory(people: People, valbelle: Valbelle, name: str) -> None:
    def act() -> None:
        invite_person(
            actor=people.actor(name),
            email=ANNA,
            territory_id=valbelle.territory.pk,
            territory_role=TerritoryRole.ELECTED,
        )

    if name == "governor":
        act()
    else:
        with pytest.raises(Refused, match="Only an administrator of the territory Valbelle"):
            act()


def test_accepting_a_territory_role(invite: Callable[..., str], people: People, valbelle: Valbelle) -> None:
    token = invite(
        by="governor",
        organisation_id=None,
        role=None,
        territory_id=valbelle.territory.pk,
        territory_role=TerritoryRole.ELECTED,
    )
    person_id = accept_invitation(actor=Actor.public(), token=token, newcomer=ANNA_FILLS_IN)
    assert TerritoryMembership.objects.get(person_id=person_id).role == TerritoryRole.ELECTED


@pytest.mark.parametrize("name", EVERYONE)
@pytest.mark.parametrize("act", [revoke_invitation, send_invitation_again])
def test_who_may_withdraw_or_send_again(
    invite: Callable[..., str], people: People, name: str, act: Callable[..., None]
) -> None:
    invite()
    invitation_id = Invitation.objects.get().pk
    if name in MAY_INVITE:
        act(actor=people.actor(name), invitation_id=invitation_id)
    else:
        with pytest.raises(Refused):
            act(actor=people.actor(name), invitation_id=invitation_id)
        assert Invitation.objects.get().revoked_at is None


def test_an_organisation_administrator_does_not_see_invitations_elsewhere(
    invite: Callable[..., str], people: People, valbelle: Valbelle
) -> None:
    invite(by="governor", organisation_id=valbelle.rochefort.pk)
    invite(
        "bea@example.org",
        by="governor",
        organisation_id=None,
        role=None,
        territory_id=valbelle.territory.pk,
        territory_role=TerritoryRole.ELECTED,
    )
    territory_id = valbelle.territory.pk
    assert invitations_of(people.actor("administrator"), territory_id) == []
    assert len(invitations_of(people.actor("governor"), territory_id)) == 2
    with pytest.raises(Refused):
        invitations_of(people.actor("lead"), territory_id)


def test_guessing_links_is_stopped(invite: Callable[..., str]) -> None:
    token = invite()
    for _ in range(20):
        with pytest.raises(NoSuchInvitation):
            look_at_invitation("x" * 43, client="192.0.2.1")
    with pytest.raises(TooManyAttempts):
        look_at_invitation(token, client="192.0.2.1")
    assert look_at_invitation(token, client="192.0.2.2").email == ANNA


def test_every_act_is_in_the_journal(invite: Callable[..., str], people: People, valbelle: Valbelle) -> None:
    token = invite()
    person_id = accept_invitation(actor=Actor.public(), token=token, newcomer=ANNA_FILLS_IN)
    entries = list(EntryRow.objects.order_by("id").values_list("verb", "actor_id", "territory_id"))
    assert entries == [
        ("access.invite_person", people.administrator.pk, valbelle.territory.pk),
        ("access.accept_invitation", person_id, valbelle.territory.pk),
    ]
    assert verify().whole


def test_an_unknown_invitation_is_not_found(people: People) -> None:
    from uuid import uuid4

    with pytest.raises(NotFound):
        revoke_invitation(actor=people.actor("governor"), invitation_id=uuid4())
