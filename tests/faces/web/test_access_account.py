"""A person's own pages: what is theirs, and nothing of anybody else."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import identify_hasher
from django.core import mail
from django.test import Client
from django.urls import reverse

from belvedere.domains.access.models import ApiToken, Person
from belvedere.domains.access.public import create_token
from belvedere.duties.journal.models import EntryRow
from tests.people import People

pytestmark = pytest.mark.django_db
PAGES = ["access:account", "access:tokens", "access:sessions"]


def signed_in(person: Person, **headers: Any) -> Client:
    client = Client(headers=headers or None)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get(reverse("access:account"))  # the session is listed from its first page on
    return client


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["fr", "de", "en"])
def test_the_pages_show_in_each_language(people: People, page: str, language: str) -> None:
    client = signed_in(people.lead)
    create_token(actor=people.actor("lead"), name="GIS", scopes=["read"], days=30)
    client.cookies["belvedere_language"] = language
    answer = client.get(reverse(page))
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("page", PAGES)
def test_the_public_is_led_to_the_sign_in_page(db: None, client: Client, page: str) -> None:
    for answer in (client.get(reverse(page)), client.post(reverse(page), {})):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))


def test_details_are_changed_and_the_next_page_speaks_the_language(people: People) -> None:
    client = signed_in(people.lead)
    answer = client.post(
        reverse("access:account"),
        {"display_name": "Léa Lead", "language": "de", "phone": "+41 27 000 00 00"},
        follow=True,
    )
    assert '<html lang="de"' in answer.content.decode()
    assert "+41 27 000 00 00" in answer.content.decode()
    people.lead.refresh_from_db()
    assert (people.lead.display_name, people.lead.language) == ("Léa Lead", "de")
    assert b"27 000" not in bytes(people.lead.phone)
    assert EntryRow.objects.get().after == {"changed": ["display_name", "language", "phone"]}


@pytest.mark.parametrize(
    ("field", "value"),
    [("display_name", " "), ("display_name", "x" * 121), ("phone", "call me"), ("language", "it")],
)
def test_details_that_cannot_be_taken_are_told_and_nothing_changes(
    people: People, field: str, value: str
) -> None:
    given = {"display_name": "Lead", "language": "fr", "phone": ""} | {field: value}
    answer = signed_in(people.lead).post(reverse("access:account"), given)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    people.lead.refresh_from_db()
    assert people.lead.display_name == "Lead"


def test_a_token_is_shown_once(people: People) -> None:
    client = signed_in(people.lead)
    answer = client.post(reverse("access:tokens"), {"name": "GIS", "scopes": ["read"], "days": "30"})
    plain = answer.context["made"].plain
    assert answer.content.decode().count(plain) >= 1
    assert plain not in client.get(reverse("access:tokens")).content.decode()


@pytest.mark.parametrize(
    "given", [{}, {"name": "x", "days": "30"}, {"name": "x", "scopes": ["all"], "days": "30"}]
)
def test_a_token_that_cannot_be_made_is_told(people: People, given: dict[str, Any]) -> None:
    answer = signed_in(people.lead).post(reverse("access:tokens"), given)
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_only_its_person_revokes_a_token(people: People) -> None:
    made = create_token(actor=people.actor("lead"), name="GIS", scopes=["read"], days=30)
    url = reverse("access:token_revoke", args=[made.id])
    assert signed_in(people.contributor).post(url).status_code == 404
    assert ApiToken.objects.get().revoked_at is None
    assert signed_in(people.lead).get(url).status_code == 405
    assert signed_in(people.lead).post(url).status_code == 302
    assert ApiToken.objects.get().revoked_at is not None


def test_ending_a_session_signs_that_browser_out(people: People) -> None:
    here, there = signed_in(people.lead), signed_in(people.lead)
    other = UserSession.objects.get(session_key=there.session.session_key)
    assert here.post(reverse("access:session_end", args=[other.pk])).status_code == 302
    assert there.get(reverse("access:account")).status_code == 302
    assert here.get(reverse("access:account")).status_code == 200


def test_ending_all_other_sessions_keeps_this_one(people: People) -> None:
    here, others = signed_in(people.lead), [signed_in(people.lead) for _ in range(2)]
    elsewhere = signed_in(people.contributor)
    here.post(reverse("access:sessions"))
    assert [client.get(reverse("access:account")).status_code for client in others] == [302, 302]
    assert here.get(reverse("access:account")).status_code == 200
    assert elsewhere.get(reverse("access:account")).status_code == 200


def test_nobody_ends_a_session_of_somebody_else(people: People) -> None:
    victim, other = signed_in(people.lead), signed_in(people.contributor)
    session = UserSession.objects.get(session_key=victim.session.session_key)
    assert other.post(reverse("access:session_end", args=[session.pk])).status_code == 404
    assert victim.get(reverse("access:account")).status_code == 200
    listed = other.get(reverse("access:sessions")).context["sessions"]
    assert [view.id for view in listed] != [session.pk]


def test_a_closed_account_is_signed_out(people: People) -> None:
    client = signed_in(people.lead)
    people.lead.is_active = False
    people.lead.save()
    assert client.get(reverse("access:account")).status_code == 302


def test_passwords_are_hashed_with_argon2(people: People, settings: Any) -> None:
    from belvedere.project import settings as ours

    settings.PASSWORD_HASHERS = ours.PASSWORD_HASHERS
    people.lead.set_password("correct horse lead")
    people.lead.save()
    assert identify_hasher(people.lead.password).algorithm == "argon2"
    assert people.lead.password.startswith("argon2$argon2id$")
    client = Client()
    answer = sign_in(client, "lead@example.org", "correct horse lead")
    assert answer.status_code == 302
    assert client.get(reverse("access:account")).status_code == 200


def sign_in(client: Client, email: str, password: str) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password})


def confirm(client: Client, password: str) -> None:
    """Sensitive pages ask for the password again."""
    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(reverse("account_reauthenticate"))
    assert client.post(reverse("account_reauthenticate"), {"password": "wrong"}).status_code == 200
    assert client.post(reverse("account_reauthenticate"), {"password": password}).status_code == 302


def test_a_wrong_password_does_not_sign_in_and_guessing_is_stopped(people: People) -> None:
    client = Client()
    answers = [sign_in(client, "lead@example.org", "wrong") for _ in range(8)]
    assert all(answer.status_code != 302 for answer in answers)
    blocked = sign_in(client, "lead@example.org", "correct horse lead")
    assert blocked.status_code != 302  # even the right one, for a while
    assert client.get(reverse("access:account")).status_code == 302


def test_nobody_signs_up_alone(people: People) -> None:
    client = Client()
    client.get(reverse("account_signup"))
    client.post(reverse("account_signup"), {"email": "eve@example.org", "password1": "three little lakes"})
    assert not Person.objects.filter(email="eve@example.org").exists()


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def test_a_second_factor_is_set_up_and_then_asked_for(people: People) -> None:
    client = Client()
    sign_in(client, "lead@example.org", "correct horse lead")
    url = reverse("mfa_activate_totp")
    confirm(client, "correct horse lead")
    assert client.get(url).status_code == 200
    secret = client.session["mfa.totp.secret"]
    assert client.post(url, {"code": "000000"}).status_code != 302
    assert not Authenticator.objects.exists()
    assert client.post(url, {"code": code_of(secret)}).status_code == 302
    assert Authenticator.objects.filter(user=people.lead, type="totp").exists()

    again = Client()
    answer = sign_in(again, "lead@example.org", "correct horse lead")
    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    assert again.get(reverse("access:account")).status_code == 302  # the password alone opens nothing
    assert again.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code != 302
    from django.core.cache import cache

    cache.clear()  # a code is good once; the one above was used in the same half-minute
    answer = again.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert answer.status_code == 302
    assert again.get(reverse("access:account")).status_code == 200


def test_passkeys_answer(people: People) -> None:
    client = Client()
    told = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    assert told.status_code == 200
    assert "challenge" in told.json()["request_options"]["publicKey"]
    sign_in(client, "lead@example.org", "correct horse lead")
    confirm(client, "correct horse lead")
    page = client.get(reverse("mfa_add_webauthn"))
    assert page.status_code == 200
    assert client.get(reverse("mfa_list_webauthn")).status_code == 200


def test_a_forgotten_password_is_set_anew_by_mail_in_the_persons_language(people: People) -> None:
    people.lead.language = "de"
    people.lead.save()
    client = Client(headers={"accept-language": "fr"})
    client.post(reverse("account_reset_password"), {"email": "lead@example.org"})
    (message,) = mail.outbox
    assert message.to == ["lead@example.org"]
    assert "Passwort" in message.body
    assert "/account/password/reset/key/" in message.body


def test_the_sign_in_address_is_not_changed_by_its_person(people: People) -> None:
    client = signed_in(people.lead)
    answer = client.post("/account/email/", {"email": "eve@example.org", "action_add": ""})
    assert answer.status_code == 302
    people.lead.refresh_from_db()
    assert people.lead.email == "lead@example.org"


def test_pages_are_the_same_for_each_person_but_for_their_own_data(people: People) -> None:
    create_token(actor=people.actor("lead"), name="GIS export", scopes=["read"], days=30)
    assert "GIS export" in signed_in(people.lead).get(reverse("access:tokens")).content.decode()
    assert "GIS export" not in signed_in(people.contributor).get(reverse("access:tokens")).content.decode()
