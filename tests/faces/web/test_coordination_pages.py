"""The pages of coordination: what is listed, who may say what comes of it, what is refused."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from belvedere.domains.coordination.models import Verdict
from belvedere.domains.coordination.public import rule_of
from tests.domains.coordination.examples import works
from tests.faces.web.test_territory_pages import signed_in
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(valbelle: Valbelle) -> tuple[UUID, UUID]:
    a = works(valbelle, valbelle.montaigu, "Conduite du Bourg", (2127, 2127))
    b = works(valbelle, valbelle.canton, "Chaussée cantonale", (2129, 2129))
    one, other = sorted((a, b))
    return one, other


def list_url(valbelle: Valbelle) -> str:
    return reverse("coordination:conflicts", kwargs={"territory": valbelle.territory})


def pair_url(valbelle: Valbelle, pair: tuple[UUID, UUID]) -> str:
    kwargs: dict[str, Any] = {"territory": valbelle.territory, "one": pair[0], "other": pair[1]}
    return reverse("coordination:pair", kwargs=kwargs)


def test_the_list_says_what_it_costs_and_what_to_do(
    valbelle: Valbelle, people: People, pair: tuple[UUID, UUID]
) -> None:
    page = signed_in(people.lead).get(list_url(valbelle))
    text = page.content.decode()
    assert page.status_code == 200
    assert "deux fois en 2 ans" in text
    assert "Réalisez «\u00a0Chaussée cantonale\u00a0» avec «\u00a0Conduite du Bourg\u00a0» en 2127" in text
    points = json.loads(text.partition('id="bc-points" type="application/json">')[2].partition("<")[0])
    assert len(points["ids"]) == 1 and 7.4 <= points["lon"][0] <= 7.404
    assert pair_url(valbelle, pair) in text


def test_owners_are_called_by_their_full_names(
    valbelle: Valbelle, people: People, pair: tuple[UUID, UUID]
) -> None:
    valbelle.canton.names, valbelle.canton.short_name = {"fr": "Bus du Coteau"}, "Bus"
    valbelle.canton.save()
    for url in (list_url(valbelle), pair_url(valbelle, pair)):
        text = signed_in(people.lead).get(url).content.decode()
        assert ">Bus du Coteau<" in text and ">Bus<" not in text


def test_filters(valbelle: Valbelle, people: People, pair: tuple[UUID, UUID]) -> None:
    works(valbelle, valbelle.sautelet, "Troisième", (2131, 2131))
    client, url = signed_in(people.lead), list_url(valbelle)

    def count(**asked: Any) -> int:
        return client.get(url, asked).content.decode().count('class="bv-card bc-pair"')

    assert count() == 2, "mine first: those of Montaigu"
    assert count(owner="") == 3
    assert count(owner=str(valbelle.sautelet.pk)) == 2
    assert count(owner="", kind="same_time") == 0
    assert count(owner="", state="coordinated") == 0
    assert count(measure=str(pair[0])) == 2
    assert count(owner="x", kind="y", state="z", measure="w") == 3, "unknown words ask for nothing"


def test_who_may_settles_it_and_takes_it_back(
    valbelle: Valbelle, people: People, pair: tuple[UUID, UUID]
) -> None:
    client, url = signed_in(people.contributor), pair_url(valbelle, pair)
    page = client.get(url).content.decode()
    assert 'name="state"' in page and 'id="bc-sites"' in page
    without = client.post(url, {"state": "coordinated", "note": "", "leader": ""})
    assert without.status_code == 422 and not Verdict.objects.exists()
    assert client.post(url, {"state": "no_conflict", "note": " "}).status_code == 422
    assert client.post(url, {"note": "rien"}).status_code == 422
    given = {"state": "coordinated", "note": "Ensemble en 2127", "leader": str(valbelle.canton.pk)}
    assert client.post(url, given).status_code == 302
    after = client.get(url).content.decode()
    assert "Sous la conduite de Canton" in after and "Ensemble en 2127" in after
    assert 'class="bv-card bc-pair"' not in client.get(list_url(valbelle)).content.decode()
    settled = client.get(list_url(valbelle), {"state": "coordinated"}).content.decode()
    assert 'class="bv-card bc-pair"' in settled
    assert client.post(url, {"act": "withdraw"}).status_code == 302
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("name", ["reader", "finance", "neighbour", "elected"])
def test_others_see_and_decide_nothing(
    valbelle: Valbelle, people: People, pair: tuple[UUID, UUID], name: str
) -> None:
    client, url = signed_in(getattr(people, name)), pair_url(valbelle, pair)
    page = client.get(url)
    assert page.status_code == 200 and b'name="state"' not in page.content
    assert client.post(url, {"state": "to_coordinate"}).status_code == 403
    assert client.post(url, {"act": "withdraw"}).status_code == 403
    assert not Verdict.objects.exists()


def test_a_pair_that_is_not_to_be_seen_is_not_found(valbelle: Valbelle, people: People) -> None:
    own = works(valbelle, valbelle.montaigu, "Conduite", (2127, 2127))
    hidden = works(valbelle, valbelle.rochefort, "Trottoir", (2129, 2129), published=False)
    one, other = sorted((own, hidden))
    url = pair_url(valbelle, (one, other))
    assert signed_in(people.lead).get(url).status_code == 404
    assert signed_in(people.neighbour).get(url).status_code == 200
    assert signed_in(people.lead).post(url, {"state": "to_coordinate"}).status_code == 404


def test_only_the_staff_enters_and_only_an_administrator_sets_the_rule(
    valbelle: Valbelle, people: People, pair: tuple[UUID, UUID]
) -> None:
    assert signed_in(people.nobody).get(list_url(valbelle)).status_code == 403
    rule_url = reverse("coordination:rule", kwargs={"territory": valbelle.territory})
    given = {"within_m": "5", "along_m": "50", "within_years": "1", "shared_m": "0"}
    for name in ("administrator", "office", "lead"):
        assert signed_in(getattr(people, name)).post(rule_url, given).status_code == 403, name
    client = signed_in(people.governor)
    assert 'name="within_m"' in client.get(list_url(valbelle)).content.decode()
    assert client.post(rule_url, {**given, "within_m": "-5"}).status_code == 422
    assert client.post(rule_url, given).status_code == 302
    assert rule_of(valbelle.territory.pk).within_years == 1
    assert "bc-pair" not in client.get(list_url(valbelle)).content.decode()
