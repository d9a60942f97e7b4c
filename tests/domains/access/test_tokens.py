"""Tokens: shown once, kept hashed, scoped, expiring; only their person makes and revokes them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from belvedere.domains.access.errors import BadToken, TooManyAttempts
from belvedere.domains.access.models import ApiToken
from belvedere.domains.access.public import (
    Actor,
    create_token,
    resolve_token,
    revoke_token,
    tokens_of,
)
from belvedere.duties.journal.models import EntryRow
from belvedere.kernel.clock import now, standing_at
from belvedere.kernel.errors import InvalidInput, NotFound, Refused
from belvedere.kernel.identifiers import sha256
from tests.people import People

pytestmark = pytest.mark.django_db


def test_a_token_is_its_person_with_its_scopes(people: People) -> None:
    made = create_token(actor=people.actor("lead"), name=" GIS  export ", scopes=["read"], days=30)
    actor = resolve_token(made.plain, request_id="r1")
    assert (actor.person_id, actor.scopes, actor.request_id) == (people.lead.pk, {"read"}, "r1")
    assert actor.roles == people.actor("lead").roles
    assert actor.allows("read")
    assert not actor.allows("write")
    (shown,) = tokens_of(people.actor("lead"))
    assert (shown.name, shown.last_used_at is not None) == ("GIS export", True)


def test_only_the_hash_is_kept(people: People) -> None:
    made = create_token(actor=people.actor("lead"), name="x", scopes=["read"], days=30)
    row = ApiToken.objects.get()
    assert row.token_hash == sha256(made.plain.encode())
    secret = made.plain.removeprefix(row.prefix)
    assert len(secret) > 30
    assert secret not in repr([getattr(row, field.attname) for field in row._meta.fields])
    assert secret not in repr(made)
    assert secret not in repr(EntryRow.objects.get().after)


def test_two_tokens_differ(people: People) -> None:
    plains = {
        create_token(actor=people.actor("lead"), name="x", scopes=["read"], days=1).plain for _ in range(5)
    }
    assert len(plains) == 5


def test_a_token_ends(people: People) -> None:
    made = create_token(actor=people.actor("lead"), name="x", scopes=["read"], days=30)
    with standing_at(now() + timedelta(days=29, hours=23)):
        resolve_token(made.plain)
    with standing_at(now() + timedelta(days=30, seconds=5)), pytest.raises(BadToken):
        resolve_token(made.plain)


def test_a_revoked_token_is_refused_at_once(people: People) -> None:
    made = create_token(actor=people.actor("lead"), name="x", scopes=["read"], days=30)
    revoke_token(actor=people.actor("lead"), token_id=made.id)
    with pytest.raises(BadToken):
        resolve_token(made.plain)
    assert [entry.verb for entry in EntryRow.objects.order_by("id")] == [
        "access.create_token",
        "access.revoke_token",
    ]


def test_a_token_of_a_closed_account_is_refused(people: People) -> None:
    made = create_token(actor=people.actor("lead"), name="x", scopes=["read"], days=30)
    people.lead.is_active = False
    people.lead.save()
    with pytest.raises(BadToken):
        resolve_token(made.plain)


@pytest.mark.parametrize("name", ["contributor", "administrator", "governor", "nobody"])
def test_nobody_else_revokes_a_token(people: People, name: str) -> None:
    made = create_token(actor=people.actor("lead"), name="x", scopes=["read"], days=30)
    with pytest.raises(NotFound):
        revoke_token(actor=people.actor(name), token_id=made.id)
    assert resolve_token(made.plain).person_id == people.lead.pk


@pytest.mark.parametrize("actor", [Actor.public(), Actor.system()])
def test_only_a_person_makes_tokens(actor: Actor) -> None:
    with pytest.raises(Refused):
        create_token(actor=actor, name="x", scopes=["read"], days=30)


def test_a_token_makes_no_token(people: People) -> None:
    made = create_token(actor=people.actor("lead"), name="x", scopes=["read", "write", "people"], days=30)
    with pytest.raises(Refused, match="browser"):
        create_token(actor=resolve_token(made.plain), name="y", scopes=["read"], days=30)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("days", {"days": 0}),
        ("days", {"days": 366}),
        ("name", {"name": " "}),
        ("name", {"name": "x" * 81}),
        ("scopes", {"scopes": []}),
        ("scopes", {"scopes": ["read", "everything"]}),
    ],
)
def test_what_a_token_cannot_be(people: People, field: str, given: dict[str, object]) -> None:
    wanted = {"name": "x", "scopes": ["read"], "days": 30} | given
    with pytest.raises(InvalidInput) as refused:
        create_token(actor=people.actor("lead"), **wanted)  # type: ignore[arg-type]
    assert refused.value.data["field"] == field
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("plain", ["", "bv_", "bv_" + "x" * 43, "\x00", "é" * 50, "\ud800"])
def test_rubbish_is_no_token(people: People, plain: str) -> None:
    create_token(actor=people.actor("lead"), name="x", scopes=["read"], days=30)
    with pytest.raises(BadToken):
        resolve_token(plain)


def test_guessing_tokens_is_stopped_and_using_a_good_one_is_not(people: People) -> None:
    made = create_token(actor=people.actor("lead"), name="x", scopes=["read"], days=30)
    for _ in range(100):
        resolve_token(made.plain, client="192.0.2.1")
    for _ in range(30):
        with pytest.raises(BadToken):
            resolve_token("bv_wrong", client="192.0.2.1")
    with pytest.raises(TooManyAttempts):
        resolve_token(made.plain, client="192.0.2.1")
    assert resolve_token(made.plain, client="192.0.2.2").person_id == people.lead.pk


def test_the_database_refuses_a_token_for_ever(people: People) -> None:
    with pytest.raises(IntegrityError, match="token_expires"), transaction.atomic():
        ApiToken.objects.create(
            id=uuid4(),
            person=people.lead,
            name="x",
            prefix="bv_",
            token_hash="x",
            scopes=["read"],
            created_at=now(),
            expires_at=now() + timedelta(days=400),
        )
