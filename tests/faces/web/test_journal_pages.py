"""The journal in the cockpit: administrators read all, others their own acts, strangers nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from belvedere.domains.access.public import Role, change_role
from belvedere.domains.territory.models import Organisation, Territory
from belvedere.duties.journal.public import Entry, record_many
from belvedere.kernel.clock import standing_at
from tests.faces.web.test_access_account import signed_in
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
URL = "/cockpit/valbelle/journal/"


def act(valbelle: Valbelle, person: Any, number: int = 1, **fields: Any) -> Entry:
    given = {
        "actor_id": person.pk,
        "actor_label": person.display_name,
        "verb": "plans.edit_measure",
        "subject": ("plans.measure", "01a00000-0000-7000-8000-000000000001"),
        "territory_id": valbelle.territory.pk,
        "before": {"title": f"Old {number}"},
        "after": {"title": f"New {number}"},
    }
    return Entry(**(given | fields))


ELSEWHERE = {"nobody"}
ALL = {"governor"}


@pytest.mark.parametrize(
    "name",
    [
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
    ],
)
def test_who_reads_what(people: People, valbelle: Valbelle, name: str) -> None:
    me = getattr(people, name)
    other = people.lead if name != "lead" else people.contributor
    record_many([act(valbelle, me, 1), act(valbelle, other, 2)])
    answer = signed_in(me).get(URL)
    if name in ELSEWHERE:
        assert answer.status_code == 403
        return
    text = answer.content.decode()
    assert "New 1" in text
    assert ("New 2" in text) == (name in ALL)


def test_filters_do_not_open_the_acts_of_others(people: People, valbelle: Valbelle) -> None:
    record_many([act(valbelle, people.contributor, 2)])
    answer = signed_in(people.lead).get(URL, {"person": str(people.contributor.pk)})
    assert "New 2" not in answer.content.decode()


def test_the_public_is_led_to_the_sign_in_page(people: People, client: Client) -> None:
    assert "/account/login/" in client.get(URL)["Location"]


def test_a_governor_of_another_territory_reads_nothing_here(people: People, valbelle: Valbelle) -> None:
    from belvedere.domains.access.models import Membership, TerritoryMembership
    from belvedere.domains.access.public import TerritoryRole

    other = Territory.objects.create(slug="other", names={"fr": "Autre"}, country="CH", currency="CHF")
    body = Organisation.objects.create(territory=other, kind="commune", names={"fr": "Loin"})
    Membership.objects.create(person=people.nobody, organisation=body, role=Role.MANAGER)
    TerritoryMembership.objects.create(
        person=people.nobody, territory=other, role=TerritoryRole.ADMINISTRATOR
    )
    record_many([act(valbelle, people.lead, 1), act(valbelle, people.lead, 2, territory_id=other.pk)])
    client = signed_in(people.nobody)
    assert client.get(URL).status_code == 403
    text = client.get("/cockpit/other/journal/").content.decode()
    assert "New 2" in text
    assert "New 1" not in text


@pytest.mark.parametrize("language", ["fr", "de", "en"])
def test_an_act_is_told_in_words(people: People, valbelle: Valbelle, language: str) -> None:
    change_role(
        actor=people.actor("administrator"),
        person_id=people.reader.pk,
        organisation_id=valbelle.montaigu.pk,
        role=Role.READER,
        new_role=Role.FINANCE,
        reason="replaces Paul",
    )
    client = signed_in(people.governor)
    client.cookies["belvedere_language"] = language
    text = client.get(URL).content.decode()
    told = {"fr": "a changé un rôle", "de": "hat eine Rolle geändert", "en": "changed a role"}
    for words in ("Administrator", told[language], "Reader", "replaces Paul"):
        assert words in text


def test_filters_narrow_by_person_verb_and_date(people: People, valbelle: Valbelle) -> None:
    with standing_at(datetime(2026, 1, 31, 22, 59, tzinfo=UTC)):  # 31 January, 23:59 in Zurich
        record_many([act(valbelle, people.lead, 1)])
    with standing_at(datetime(2026, 1, 31, 23, 1, tzinfo=UTC)):  # 1 February, 00:01 in Zurich
        record_many([act(valbelle, people.contributor, 2, verb="plans.create_measure")])
    client = signed_in(people.governor)

    def shown(**given: str) -> set[int]:
        text = client.get(URL, given).content.decode()
        return {number for number in (1, 2) if f"New {number}" in text}

    assert shown() == {1, 2}
    assert shown(person=str(people.lead.pk)) == {1}
    assert shown(verb="plans.create_measure") == {2}
    assert shown(since="2026-02-01") == {2}
    assert shown(until="2026-01-31") == {1}
    assert shown(since="2026-01-31", until="2026-01-31") == {1}


@pytest.mark.parametrize(
    "given",
    [
        {"person": "rubbish"},
        {"since": "31.31.2026"},
        {"verb": "x" * 200},
        {"start": "-5"},
        {"start": "9" * 30},
        {"start": "x"},
        {"verb": "\x00"},
    ],
)
def test_rubbish_in_the_address_is_no_fault_of_ours(
    people: People, valbelle: Valbelle, given: dict[str, str]
) -> None:
    record_many([act(valbelle, people.lead, 1)])
    assert signed_in(people.governor).get(URL, given).status_code == 200


def test_a_long_journal_comes_in_pieces(people: People, valbelle: Valbelle) -> None:
    record_many([act(valbelle, people.lead, number, after={"title": f"<n{number}>"}) for number in range(95)])
    client = signed_in(people.governor)
    first = client.get(URL)
    seen = first.content.decode()
    assert seen.count("<ins>") == 40
    next_url = first.context["next_url"]
    pieces = 0
    while next_url:
        piece = client.get(URL + next_url, headers={"HX-Request": "true"})
        assert "<html" not in piece.content.decode()
        seen += piece.content.decode()
        next_url = piece.context["next_url"]
        pieces += 1
    assert pieces == 2
    assert all(seen.count(f"&lt;n{number}&gt;") == 1 for number in range(95))


def test_an_erased_name_is_not_shown(people: People, valbelle: Valbelle) -> None:
    from belvedere.duties.journal.public import forget_name

    record_many([act(valbelle, people.lead, 1, actor_label="Someone Unforgettable")])
    forget_name(people.lead.pk)
    text = signed_in(people.governor).get(URL).content.decode()
    assert "Unforgettable" not in text
    assert "New 1" in text


def test_the_page_is_reached_by_its_name() -> None:
    assert reverse("journal:list", args=["valbelle"]) == URL
