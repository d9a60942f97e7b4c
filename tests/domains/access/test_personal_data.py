"""The rights of a person over what access holds: nothing forgotten, nobody else touched, the chain whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db import connection

from belvedere.domains.access.errors import LastAdministrator
from belvedere.domains.access.models import ApiToken, Invitation, Person
from belvedere.domains.access.public import (
    Role,
    change_own_details,
    create_token,
    invite_person,
)
from belvedere.duties.journal.models import EntryRow
from belvedere.duties.journal.public import acts_of, verify
from belvedere.duties.privacy.public import Order, Subject, erase, export, find, rectify
from belvedere.kernel.errors import Conflict, InvalidInput, NotFound
from tests.faces.web.test_access_account import signed_in
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
ORDER = Order(None, "Data protection", "Request 12 of the person")
LEAD = Subject("Lead@example.org")


@pytest.fixture
def busy(people: People, valbelle: Valbelle) -> Any:
    """A person with rows everywhere access has some; returns their client."""
    lead = people.lead
    change_own_details(actor=people.actor("lead"), display_name="Léa Unforgettable", phone="+41 27 123 45 67")
    create_token(actor=people.actor("lead"), name="Léa's laptop", scopes=["read"], days=9)
    EmailAddress.objects.create(user=lead, email=lead.email, verified=True, primary=True)
    Authenticator.objects.create(user=lead, type="totp", data={"secret": "s"})
    SocialAccount.objects.create(user=lead, provider="authority", uid="lea-77", extra_data={"a": "Léa"})
    invite_person(
        actor=people.actor("governor"),
        email=lead.email,
        organisation_id=valbelle.rochefort.pk,
        role=Role.READER,
    )
    return signed_in(lead)


def everything_of(text: str) -> list[str]:
    """Every table.column of the whole database where `text` stands."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s', [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_find_tells_every_row(people: People, busy: Any) -> None:
    tables = {held.table for held in find(LEAD)["access"]}
    assert tables == {
        "access.person",
        "access.membership",
        "access.apitoken",
        "access.invitation",
        "account.emailaddress",
        "mfa.authenticator",
        "socialaccount.socialaccount",
        "usersessions.usersession",
        "journal.entryrow",
    }
    assert find(Subject("nobody-at-all@example.org")) == {}


def test_export_is_whole_and_portable(people: People, busy: Any) -> None:
    told = json.loads(json.dumps(export(LEAD)))["access"]
    assert told["account"]["phone"] == "+41 27 123 45 67"
    assert told["roles"][0]["role"] == "manager"
    assert told["tokens"][0]["name"] == "Léa's laptop"
    assert [act["verb"] for act in told["acts"]] == ["access.create_token", "access.change_own_details"]
    text = json.dumps(told)
    assert "token_hash" not in text
    assert "contributor@example.org" not in text
    assert '"secret"' not in text


def test_erasing_leaves_no_trace_of_who_it_was(people: People, busy: Any) -> None:
    assert everything_of("unforgettable")
    outcomes = {outcome.table: outcome for outcome in erase(LEAD, ORDER)["access"]}
    for text in ("unforgettable", "lead@example.org", "lea-77", "laptop"):
        assert everything_of(text) == [], text
    assert busy.get("/account/").status_code == 302
    for model in (EmailAddress, Authenticator, SocialAccount, UserSession, ApiToken):
        assert not model.objects.filter(**{_owner(model): people.lead}).exists()
    assert not Invitation.objects.exists()
    kept = {table for table, outcome in outcomes.items() if outcome.kept}
    assert kept == {"access.person", "journal.entryrow"}
    assert all(outcomes[table].basis for table in kept)
    assert find(LEAD) == {}
    assert acts_of(people.lead.pk).total == 2
    assert verify().whole


def _owner(model: Any) -> str:
    return "person" if model is ApiToken else "user"


def test_erasing_touches_nobody_else(people: People, busy: Any) -> None:
    other = signed_in(people.contributor)
    create_token(actor=people.actor("contributor"), name="mine", scopes=["read"], days=9)
    before = list(Person.objects.exclude(pk=people.lead.pk).order_by("pk").values())
    erase(LEAD, ORDER)
    assert list(Person.objects.exclude(pk=people.lead.pk).order_by("pk").values()) == before
    assert other.get("/account/").status_code == 200
    assert ApiToken.objects.get().person == people.contributor


def test_erasing_is_journaled_with_its_reason(people: People, busy: Any) -> None:
    erase(LEAD, ORDER)
    entry = EntryRow.objects.get(verb="access.erase_person")
    assert (entry.reason, entry.actor_label, entry.subject_id) == (
        ORDER.reason,
        "Data protection",
        str(people.lead.pk),
    )


def test_who_erases_themselves_is_forgotten_too(people: People, busy: Any) -> None:
    erase(LEAD, Order(people.lead.pk, "Léa Unforgettable", "my own wish"))
    assert everything_of("unforgettable") == []


def test_an_invited_person_without_account_is_erased(people: People, valbelle: Valbelle) -> None:
    invite_person(
        actor=people.actor("governor"),
        email="anna@example.org",
        organisation_id=valbelle.rochefort.pk,
        role=Role.READER,
    )
    assert [held.values["email"] for held in find(Subject("ANNA@example.org"))["access"]] == [
        "anna@example.org"
    ]
    erase(Subject("anna@example.org"), ORDER)
    assert not Invitation.objects.exists()


def test_the_last_administrator_is_not_erased(people: People) -> None:
    with pytest.raises(LastAdministrator):
        erase(Subject("governor@example.org"), ORDER)
    people.governor.refresh_from_db()
    assert people.governor.display_name == "Governor"


def test_an_erased_address_may_be_invited_again(people: People, valbelle: Valbelle, busy: Any) -> None:
    erase(LEAD, ORDER)
    invite_person(
        actor=people.actor("governor"),
        email="lead@example.org",
        organisation_id=valbelle.rochefort.pk,
        role=Role.READER,
    )


def test_rectifying(people: People, busy: Any) -> None:
    rectify(LEAD, {"email": "lea@example.org", "display_name": "Léa Rey", "shoe_size": "41"}, ORDER)
    people.lead.refresh_from_db()
    assert (people.lead.email, people.lead.display_name) == ("lea@example.org", "Léa Rey")
    assert EmailAddress.objects.get(user=people.lead).email == "lea@example.org"
    assert EntryRow.objects.get(verb="access.rectify_person").after == {"changed": ["display_name", "email"]}


@pytest.mark.parametrize("email", ["reader@example.org", "READER@example.org"])
def test_rectifying_to_an_address_that_is_taken(people: People, email: str) -> None:
    with pytest.raises(Conflict, match="already has an account"):
        rectify(LEAD, {"email": email}, ORDER)


def test_an_order_needs_a_reason_and_a_person(people: People) -> None:
    for act in (lambda order: erase(LEAD, order), lambda order: rectify(LEAD, {}, order)):
        with pytest.raises(InvalidInput, match="Say why"):
            act(Order(None, "x", "  "))
    for subject in (Subject("who@example.org"), Subject(""), Subject("erased-1@invalid")):
        with pytest.raises(NotFound):
            erase(subject, ORDER)
        with pytest.raises(NotFound):
            export(subject)
