"""Signing in with the authority's identity provider: only people who are here, by a verified address."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.flows.login import complete_login
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse

from belvedere.domains.access.models import Person
from belvedere.kernel.errors import InvalidInput
from belvedere.project.identity import identity_settings
from tests.people import People

FULL = {
    "BELVEDERE_OIDC_URL": "https://login.example.org/realms/city",
    "BELVEDERE_OIDC_CLIENT": "belvedere",
    "BELVEDERE_OIDC_SECRET": "s",
}


def test_without_settings_there_is_no_provider() -> None:
    assert identity_settings({})["SOCIALACCOUNT_PROVIDERS"] == {}


def test_the_settings_of_a_provider() -> None:
    (app,) = identity_settings(FULL)["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"]
    assert (app["name"], app["client_id"]) == ("login.example.org", "belvedere")
    (app,) = identity_settings(FULL | {"BELVEDERE_OIDC_NAME": "Ville"})["SOCIALACCOUNT_PROVIDERS"][
        "openid_connect"
    ]["APPS"]
    assert app["name"] == "Ville"


@pytest.mark.parametrize("name", FULL)
def test_half_a_configuration_is_refused_with_what_is_missing(name: str) -> None:
    with pytest.raises(InvalidInput, match=name):
        identity_settings(FULL | {name: " "})


@pytest.mark.parametrize("address", ["http://login.example.org", "login.example.org", "ftp://x"])
def test_the_provider_must_be_reached_safely(address: str) -> None:
    with pytest.raises(InvalidInput, match="https"):
        identity_settings(FULL | {"BELVEDERE_OIDC_URL": address})


@pytest.fixture
def come(people: People, settings: Any, rf: Any) -> Any:
    """Arrive from the provider with what it says; returns the request afterwards."""
    for name, value in identity_settings(FULL).items():
        setattr(settings, name, value)

    def arrive(**told: Any) -> Any:
        request = rf.get("/account/oidc/authority/login/callback/")
        request.session = SessionStore()
        request.session.create()
        request.user = AnonymousUser()
        request._messages = FallbackStorage(request)
        with context.request_context(request):
            provider = get_adapter(request).get_provider(request, "authority")
            login = provider.sociallogin_from_response(
                request, {"userinfo": {"sub": "77"} | told, "id_token": {"sub": "77"} | told}
            )
            login.state = {}
            complete_login(request, login)
        return request

    return arrive


def test_a_known_person_with_a_verified_address_is_signed_in(come: Any, people: People) -> None:
    EmailAddress.objects.create(user=people.lead, email=people.lead.email, verified=True, primary=True)
    request = come(email="lead@example.org", email_verified=True)
    assert request.user == people.lead
    assert SocialAccount.objects.get().user == people.lead
    people.lead.refresh_from_db()
    assert people.lead.check_password("correct horse lead")


def test_an_address_the_provider_has_not_verified_signs_nobody_in(come: Any, people: People) -> None:
    request = come(email="lead@example.org", email_verified=False)
    assert not request.user.is_authenticated
    assert not SocialAccount.objects.exists()


def test_a_stranger_gets_no_account(come: Any, people: People) -> None:
    before = Person.objects.count()
    request = come(email="eve@example.org", email_verified=True)
    assert not request.user.is_authenticated
    assert Person.objects.count() == before


def test_a_closed_account_stays_closed(come: Any, people: People) -> None:
    people.lead.is_active = False
    people.lead.save()
    assert not come(email="lead@example.org", email_verified=True).user.is_authenticated


def test_signing_in_speaks_the_persons_language(people: People, client: Any) -> None:
    people.lead.language = "de"
    people.lead.save()
    answer = client.post(
        reverse("account_login"), {"login": "lead@example.org", "password": "correct horse lead"}
    )
    assert answer.cookies["belvedere_language"].value == "de"
    client.logout()
    client.cookies["belvedere_language"] = "en"
    answer = client.post(
        reverse("account_login"), {"login": "lead@example.org", "password": "correct horse lead"}
    )
    assert "belvedere_language" not in answer.cookies
