"""The people of a territory in the cockpit, and the page an invitation opens."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from belvedere.domains.access.models import Invitation, Membership, Person
from belvedere.domains.access.public import Role, create_token
from belvedere.domains.territory.models import Organisation, Territory
from tests.faces.web.test_access_account import signed_in
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
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
MANAGE = {"administrator", "governor"}


def url(name: str, *args: object) -> str:
    return reverse(f"access:{name}", args=["valbelle", *args])


def invite(client: Client, place: object, /, **given: str) -> Any:
    wanted = {"email": "anna@example.org", "place": str(place), "role": "contributor", "language": "de"}
    return client.post(url("invite"), wanted | given)


@pytest.mark.parametrize("name", EVERYONE)
def test_who_opens_the_pages(people: People, name: str) -> None:
    client = signed_in(getattr(people, name))
    expected = 200 if name in MANAGE else 403
    assert client.get(url("people")).status_code == expected
    assert client.get(url("invite")).status_code == expected


def test_the_public_is_led_to_the_sign_in_page(people: People, client: Client) -> None:
    for name in ("people", "invite"):
        answer = client.get(url(name))
        assert answer.status_code == 302
        assert "/account/login/" in answer["Location"]


def test_an_unknown_territory_is_not_found(people: People) -> None:
    client = signed_in(people.governor)
    assert client.get("/cockpit/nowhere/access/").status_code == 404


@pytest.mark.parametrize("language", ["fr", "de", "en"])
def test_the_lists_show_who_is_who(people: People, valbelle: Valbelle, language: str) -> None:
    client = signed_in(people.governor)
    invite(client, valbelle.rochefort.pk)
    client.cookies["belvedere_language"] = language
    text = client.get(url("people")).content.decode()
    for name in set(EVERYONE) - {"nobody"}:
        assert f"{name}@example.org" in text
    assert "nobody@example.org" not in text
    assert "anna@example.org" in text
    seen = signed_in(people.administrator).get(url("people")).content.decode()
    assert "neighbour@example.org" not in seen
    assert "anna@example.org" not in seen
    assert "reader@example.org" in seen


@pytest.mark.parametrize("name", EVERYONE)
def test_who_invites(people: People, valbelle: Valbelle, name: str) -> None:
    answer = invite(signed_in(getattr(people, name)), valbelle.montaigu.pk)
    assert answer.status_code == (302 if name in MANAGE else 403)
    assert Invitation.objects.count() == (1 if name in MANAGE else 0)


def test_an_organisation_administrator_invites_to_no_other_place(people: People, valbelle: Valbelle) -> None:
    client = signed_in(people.administrator)
    for place in (valbelle.rochefort.pk, valbelle.body.pk, "territory", "rubbish"):
        answer = invite(client, place, territory_role="administrator")
        assert answer.status_code == 422
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("email", {"email": "anna"}),
        ("role", {"role": "king"}),
        ("role", {"role": ""}),
        ("language", {"language": "it"}),
        ("place", {"place": ""}),
        ("territory_role", {"place": "territory", "territory_role": ""}),
    ],
)
def test_a_form_that_cannot_be_taken_says_why(
    people: People, valbelle: Valbelle, field: str, given: dict[str, str]
) -> None:
    answer = invite(signed_in(people.governor), valbelle.montaigu.pk, **given)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("name", EVERYONE)
@pytest.mark.parametrize("act", ["invitation_again", "invitation_revoke"])
def test_who_sends_again_or_withdraws(people: People, valbelle: Valbelle, name: str, act: str) -> None:
    invite(signed_in(people.governor), valbelle.montaigu.pk)
    before = Invitation.objects.get()
    answer = signed_in(getattr(people, name)).post(url(act, before.pk))
    assert answer.status_code == (302 if name in MANAGE else 403)
    after = Invitation.objects.get()
    changed = (after.token_hash, after.revoked_at) != (before.token_hash, before.revoked_at)
    assert changed == (name in MANAGE)


@pytest.mark.parametrize("name", EVERYONE)
@pytest.mark.parametrize("new_role", ["finance", ""])
def test_who_changes_and_ends_roles(people: People, valbelle: Valbelle, name: str, new_role: str) -> None:
    answer = signed_in(getattr(people, name)).post(
        url("role_change", people.contributor.pk, valbelle.montaigu.pk),
        {"role": "contributor", "new_role": new_role},
    )
    allowed = name in MANAGE or (name == "contributor" and not new_role)  # anyone may leave
    assert answer.status_code == (302 if allowed else 403)
    held = Membership.objects.filter(person=people.contributor, ended_at__isnull=True)
    expected = ([new_role] if new_role else []) if allowed else ["contributor"]
    assert list(held.values_list("role", flat=True)) == expected


def test_a_role_elsewhere_is_not_changed_through_this_territory(people: People, valbelle: Valbelle) -> None:
    other = Territory.objects.create(slug="other", names={"fr": "Autre"}, country="CH", currency="CHF")
    body = Organisation.objects.create(territory=other, kind="commune", names={"fr": "Loin"})
    Membership.objects.create(person=people.reader, organisation=body, role=Role.READER)
    answer = signed_in(people.governor).post(
        url("role_change", people.reader.pk, body.pk), {"role": "reader", "new_role": "finance"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("given", [{}, {"role": "king"}, {"role": "contributor", "new_role": "king"}])
def test_an_unknown_role_is_told(people: People, valbelle: Valbelle, given: dict[str, str]) -> None:
    answer = signed_in(people.governor).post(
        url("role_change", people.contributor.pk, valbelle.montaigu.pk), given
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("name", EVERYONE)
def test_who_ends_a_territory_role(people: People, name: str) -> None:
    answer = signed_in(getattr(people, name)).post(
        url("territory_role_end", people.elected.pk), {"role": "elected"}
    )
    assert answer.status_code == (302 if name in {"governor", "elected"} else 403)


def test_the_last_administrator_stays(people: People) -> None:
    answer = signed_in(people.governor).post(
        url("territory_role_end", people.governor.pk), {"role": "administrator"}
    )
    assert answer.status_code == 409
    assert people.actor("governor").territory_roles


@pytest.mark.parametrize("name", EVERYONE)
def test_who_closes_an_account(people: People, name: str) -> None:
    victim = signed_in(people.reader) if name != "reader" else None
    answer = signed_in(getattr(people, name)).post(url("close", people.reader.pk), {"reason": "left"})
    assert answer.status_code == (302 if name == "governor" else 403)
    people.reader.refresh_from_db()
    assert people.reader.is_active == (name != "governor")
    if victim is not None and name == "governor":
        assert victim.get(reverse("access:account")).status_code == 302


@pytest.mark.parametrize("name", ["invitation_again", "invitation_revoke", "close"])
def test_acts_are_not_done_by_following_a_link(people: People, name: str) -> None:
    assert signed_in(people.governor).get(url(name, people.reader.pk)).status_code == 405


def test_acts_need_the_secret_of_the_form(people: People) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.governor, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(url("close", people.reader.pk)).status_code == 403
    people.reader.refresh_from_db()
    assert people.reader.is_active


@pytest.fixture
def link(people: People, valbelle: Valbelle, django_capture_on_commit_callbacks: Any) -> str:
    """The path in the message to anna@example.org."""
    with django_capture_on_commit_callbacks(execute=True):
        invite(signed_in(people.administrator), valbelle.montaigu.pk)
    return _path(mail.outbox[-1].body)


def _path(body: str) -> str:
    found = re.search(r"https?://[^/\s]+(/account/invitation/\S+/)", body)
    assert found
    return found.group(1)


def welcome(client: Client, link: str, **given: str) -> Any:
    wanted = {"display_name": "Anna Rey", "password": "three little lakes", "language": "de"}
    return client.post(link, wanted | given)


def test_a_newcomer_accepts_and_is_signed_in(link: str, client: Client) -> None:
    assert "Montaigu" in client.get(link).content.decode()
    answer = welcome(client, link)
    assert (answer.status_code, answer["Location"]) == (302, "/cockpit/")
    page = client.get(reverse("access:account"))
    assert page.status_code == 200
    assert '<html lang="de"' in page.content.decode()
    assert welcome(Client(), link).status_code == 409
    assert Client().get(link).status_code == 409


def test_a_weak_password_is_told_and_the_link_still_works(link: str, client: Client) -> None:
    answer = welcome(client, link, password="short")
    assert answer.status_code == 422
    assert "password" in answer.context["form"].errors
    assert "short" not in answer.content.decode()
    assert welcome(client, link).status_code == 302


def test_a_withdrawn_link_says_so(link: str, people: People, client: Client) -> None:
    signed_in(people.administrator).post(url("invitation_revoke", Invitation.objects.get().pk))
    assert client.get(link).status_code == 409
    assert welcome(client, link).status_code == 409
    assert not Person.objects.filter(email="anna@example.org").exists()


def test_someone_else_who_is_signed_in_cannot_accept(link: str, people: People) -> None:
    client = signed_in(people.reader)
    assert client.get(link).context["other_address"]
    assert welcome(client, link).status_code == 403
    assert Invitation.objects.get().accepted_at is None


def test_who_has_an_account_signs_in_first(
    people: People, valbelle: Valbelle, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        invite(signed_in(people.administrator), valbelle.montaigu.pk, email="nobody@example.org")
    link = _path(mail.outbox[-1].body)
    for answer in (client.get(link), welcome(client, link)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/?next=/account/invitation/")
    people.nobody.refresh_from_db()
    assert people.nobody.check_password("correct horse nobody")
    mine = signed_in(people.nobody)
    assert mine.get(link).status_code == 200
    assert mine.post(link).status_code == 302
    assert people.actor("nobody").roles == {valbelle.montaigu.pk: {Role.CONTRIBUTOR}}


def test_an_unknown_link_is_not_found_and_guessing_is_stopped(people: People, client: Client) -> None:
    wrong = reverse("access:invitation", args=["x" * 43])
    assert {client.get(wrong).status_code for _ in range(20)} == {404}
    assert client.get(wrong).status_code == 429


def test_a_bearer_token_is_its_person(people: People, rf: Any) -> None:
    from belvedere.domains.access.errors import BadToken
    from belvedere.domains.access.public import Actor
    from belvedere.faces.web.pages.access.acting import UnreadableCredentials, actor_for

    made = create_token(actor=people.actor("lead"), name="x", scopes=["read"], days=1)

    def request(header: str | None) -> Any:
        found = rf.get("/", headers={"Authorization": header} if header else None)
        found.actor = Actor.public()
        return found

    assert actor_for(request(f"Bearer {made.plain}")).person_id == people.lead.pk
    assert actor_for(request(f"bearer  {made.plain} ")).scopes == {"read"}
    assert actor_for(request(None)).person_id is None
    for bad in (f"Basic {made.plain}", "Bearer", "Bearer ", made.plain):
        with pytest.raises(UnreadableCredentials):
            actor_for(request(bad))
    with pytest.raises(BadToken):
        actor_for(request(f"Bearer {made.plain}x"))
