"""The pages of a territory and the two front doors: who gets in, what they show, what they cost."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import shapely
from django.test import Client
from django.urls import reverse

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.models import Territory
from belvedere.domains.territory.public import (
    Level,
    add_place,
    dress_map,
    open_territory,
    record_population,
    set_boundary,
    territory_by_slug,
)
from belvedere.kernel.geometry import Shape
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
INSIDE = [
    "lead",
    "contributor",
    "reader",
    "finance",
    "administrator",
    "neighbour",
    "office",
    "elected",
    "governor",
]


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def mapped(valbelle: Valbelle) -> Any:
    """Valbelle with a place of its own, one commune until 2024 and two since."""
    other = open_territory(
        actor=SYSTEM, slug="modele", names={"fr": "Modèle"}, country="CH", currency="CHF", published=False
    )
    root = Territory.objects.get(pk=other).place_id
    Territory.objects.filter(pk=valbelle.territory.pk).update(place_id=root)
    for n, (name, since) in enumerate([("Montaigu", None), ("Rochefort", date(2024, 1, 1))]):
        place = add_place(
            actor=SYSTEM,
            territory_id=valbelle.territory.pk,
            names={"fr": name, "de": f"{name} (de)"},
            level=Level.COMMUNE,
            country="CH",
            codes={"BFS": str(9000 + n)},
            period=(since, None),
        )
        set_boundary(
            actor=SYSTEM,
            territory_id=valbelle.territory.pk,
            place_id=place,
            shape=Shape(shapely.box(7 + n, 46, 8 + n, 47)),
            source="test",
        )
        record_population(
            actor=SYSTEM,
            territory_id=valbelle.territory.pk,
            place_id=place,
            year=2023,
            inhabitants=1200,
            source="t",
        )
    return territory_by_slug("valbelle")


# ------------------------------------------------------------------ the cockpit page
@pytest.mark.parametrize("name", INSIDE)
def test_whoever_works_here_sees_the_places(mapped: Any, people: People, name: str) -> None:
    answer = signed_in(getattr(people, name)).get(reverse("territory:places", kwargs={"territory": mapped}))
    assert answer.status_code == 200
    assert "Montaigu" in answer.content.decode()


def test_someone_without_a_role_is_refused(mapped: Any, people: People) -> None:
    """They differ from the reader by the role alone."""
    url = reverse("territory:places", kwargs={"territory": mapped})
    assert signed_in(people.nobody).get(url).status_code == 403


def test_someone_of_another_territory_is_refused(mapped: Any, people: People) -> None:
    elsewhere = territory_by_slug("modele")
    url = reverse("territory:places", kwargs={"territory": elsewhere})
    assert signed_in(people.governor).get(url).status_code == 403


def test_the_public_is_led_to_sign_in(mapped: Any, client: Client) -> None:
    answer = client.get(reverse("territory:places", kwargs={"territory": mapped}))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(("day", "communes", "people_"), [("2023-06-01", 1, "1"), ("2024-06-01", 2, "2")])
def test_the_page_answers_for_its_day(
    mapped: Any, people: People, day: str, communes: int, people_: str
) -> None:
    answer = signed_in(people.reader).get(
        reverse("territory:places", kwargs={"territory": mapped}), {"on": day}
    )
    assert len(answer.context["lines"]) == communes
    assert answer.context["finding"].startswith(people_)
    assert f"?on={day}" in answer.context["outlines_url"]


def test_a_day_that_is_none_is_told(mapped: Any, people: People) -> None:
    answer = signed_in(people.reader).get(
        reverse("territory:places", kwargs={"territory": mapped}), {"on": "31.2.2024x"}
    )
    assert answer.status_code == 422
    assert "id_on_error" in answer.content.decode()
    assert len(answer.context["lines"]) == 2


@pytest.mark.parametrize("language", ["fr", "de", "en"])
def test_the_page_speaks(mapped: Any, people: People, language: str) -> None:
    client = signed_in(people.reader)
    client.cookies["belvedere_language"] = language
    answer = client.get(reverse("territory:places", kwargs={"territory": mapped}))
    assert f'<html lang="{language}"' in answer.content.decode()


# ------------------------------------------------------------------ the drawing
def outlines_url(territory: Any) -> str:
    return reverse("portal_territory:outlines", kwargs={"territory": territory})


def test_the_outlines_are_geojson_in_the_readers_language(mapped: Any, client: Client) -> None:
    client.cookies["belvedere_language"] = "de"
    answer = client.get(outlines_url(mapped))
    assert answer["Content-Type"] == "application/geo+json"
    body = json.loads(answer.content)
    assert body["bounds"] == [7.0, 46.0, 9.0, 47.0]
    first = body["features"][0]["properties"]
    assert (first["code"], first["name"], first["kind"], first["ours"]) == (
        "9000",
        "Montaigu (de)",
        "commune",
        True,
    )
    assert first["population"] == 1200
    assert len(first["label"]) == 2


def test_the_outlines_of_a_day(mapped: Any, client: Client) -> None:
    body = json.loads(client.get(outlines_url(mapped), {"on": "2023-06-01"}).content)
    assert [f["properties"]["name"] for f in body["features"]] == ["Montaigu"]
    assert client.get(outlines_url(mapped), {"on": "x"}).status_code == 422


def test_the_same_drawing_is_not_sent_twice_and_a_new_one_is(mapped: Any, client: Client) -> None:
    etag = client.get(outlines_url(mapped))["ETag"]
    assert client.get(outlines_url(mapped), headers={"If-None-Match": etag}).status_code == 304
    dress_map(actor=SYSTEM, territory_id=mapped.id, attribution="© quelqu’un")
    answer = client.get(outlines_url(mapped), headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert json.loads(answer.content)["attribution"] == "© quelqu’un"


def test_a_warm_drawing_asks_the_database_once(
    mapped: Any, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.get(outlines_url(mapped))
    with django_assert_max_num_queries(1):
        client.get(outlines_url(mapped))


def test_an_unpublished_territory_shows_to_its_people_only(
    mapped: Any, people: People, client: Client
) -> None:
    Territory.objects.filter(pk=mapped.id).update(published=False)
    assert client.get(outlines_url(mapped)).status_code == 404
    assert signed_in(people.nobody).get(outlines_url(mapped)).status_code == 404
    assert signed_in(people.reader).get(outlines_url(mapped)).status_code == 200
    assert client.get(reverse("portal:territory", kwargs={"territory": mapped})).status_code == 404


# ------------------------------------------------------------------ the doors
def test_the_front_door_leads_to_the_only_territory(mapped: Any, client: Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/valbelle/")


def test_the_front_door_lists_several(mapped: Any, client: Client) -> None:
    Territory.objects.filter(slug="modele").update(published=True)
    page = client.get("/").content.decode()
    assert "/valbelle/" in page
    assert "/modele/" in page


def test_the_front_door_of_an_empty_instance_says_what_to_do(db: None, client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "belvedere territory open" in answer.content.decode()


@pytest.mark.parametrize("slug", ["nulle-part", "Valbelle", "valbelle2"])
def test_an_address_without_a_territory_is_not_found(mapped: Any, client: Client, slug: str) -> None:
    assert client.get(f"/{slug}/").status_code == 404


def test_the_public_home_shows_what_everyone_may_see(mapped: Any, people: People, client: Client) -> None:
    from belvedere.domains.plans.public import actions, values

    valbelle = people.lead.memberships.get().organisation
    for title, published in (("Passerelle publique", True), ("Passerelle secrète", False)):
        actions.create_measure(
            actor=SYSTEM,
            territory_id=mapped.id,
            draft=values.MeasureDraft(
                title={"fr": title},
                owner_id=valbelle.pk,
                published=published,
                implementation="in_progress",  # type: ignore[arg-type]
            ),
        )
    url = reverse("portal:territory", kwargs={"territory": mapped})
    for reader in (client, signed_in(people.lead)):
        page = reader.get(url).content.decode()
        assert "Passerelle publique" in page
        assert "secrète" not in page


def test_the_cockpit_leads_to_the_only_territory(mapped: Any, people: People) -> None:
    answer = signed_in(people.reader).get("/cockpit/")
    assert answer["Location"] == reverse("cockpit:territory", kwargs={"territory": mapped})


def test_the_cockpit_says_what_to_do_without_a_role(mapped: Any, people: People) -> None:
    answer = signed_in(people.nobody).get("/cockpit/")
    assert answer.status_code == 200
    assert answer.context["territories"] == []


def test_the_cockpit_offers_a_choice_of_ones_own(mapped: Any, people: People) -> None:
    from belvedere.domains.access.public import TerritoryRole, give_territory_role

    other = territory_by_slug("modele")
    give_territory_role(
        actor=SYSTEM, person_id=people.reader.pk, territory_id=other.id, role=TerritoryRole.ELECTED
    )
    answer = signed_in(people.reader).get("/cockpit/")
    assert {t.slug for t in answer.context["territories"]} == {"valbelle", "modele"}


def test_the_cockpit_is_not_for_the_public(mapped: Any, client: Client) -> None:
    assert client.get("/cockpit/")["Location"].startswith(reverse("account_login"))
    answer = client.get("/cockpit/valbelle/", follow=True)
    assert answer.request["PATH_INFO"] == reverse("account_login")
