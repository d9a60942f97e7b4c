"""The list of measures: who sees what, filters in the address, totals, map points."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import actions, values
from tests.faces.web.plans_examples import OLD, create, english, estimate, street

pytestmark = pytest.mark.django_db
COCKPIT = "/cockpit/valbelle/plans/"
PORTAL = "/valbelle/plans/"


@pytest.fixture
def site(valbelle: Any) -> Any:
    valbelle.territory.published = True
    valbelle.territory.save()
    return valbelle


@pytest.fixture
def client() -> Client:
    return english()


def titles(page: Any) -> set[str]:
    return set(re.findall(r'<td class="nm"><a [^>]*>([^<]*)</a>', page.content.decode()))


def heading(page: Any) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page.content.decode(), re.S)
    assert found
    return re.sub(r"<[^>]*>|\s+", " ", found[1]).strip().replace("\xa0", " ").replace("\u202f", " ")


def test_the_title_is_computed_from_the_choice(site: Any, people: Any, client: Client) -> None:
    street(site)
    street(site, site.rochefort, title="Place du Marché")
    client.force_login(people.lead)
    whole = client.get(COCKPIT + "measures/")
    assert "2 measures cost 24.0 M CHF, of which others pay 6.00 M CHF" in heading(whole)
    chosen = client.get(COCKPIT + f"measures/?owner={site.rochefort.pk}")
    assert "1 measure costs 12.0 M CHF, of which others pay 3.00 M CHF" in heading(chosen)
    assert titles(chosen) == {"Place du Marché"}


def test_unlike_money_is_two_sums(site: Any, people: Any, client: Client) -> None:
    street(site)
    create(site, site.montaigu, "Ancien", estimates=(estimate(5_000_000, OLD),))
    client.force_login(people.lead)
    page = client.get(COCKPIT + "measures/").content.decode().replace("\xa0", " ")
    assert "sums that cannot be added" in page
    assert page.count('class="pm-sum"') == 2
    assert "17.0" not in page


def test_measures_without_cost_are_left_out_of_the_sum_and_said(
    site: Any, people: Any, client: Client
) -> None:
    street(site)
    create(site, site.montaigu, "Idée")
    client.force_login(people.lead)
    page = client.get(COCKPIT + "measures/")
    assert "1 without cost" in page.content.decode()
    assert titles(client.get(COCKPIT + "measures/?flag=no_cost")) == {"Idée"}


@pytest.mark.parametrize(
    "query",
    ["owner=x", "owner=", "priority=Z", "phase=99", "implementation=gone", "category=-1", "year=30000",
     "flag=nothing", "sort=secret", "view=cinema", "start=-5", "start=99999999999999", "q=%00", "plan=%27",
     "category=99999999999999999999999", "funder=1&place=2", "start_from=soon", "start_to=99999"],
)  # fmt: skip
def test_a_bad_value_is_left_out_with_a_note(site: Any, people: Any, client: Client, query: str) -> None:
    street(site)
    client.force_login(people.lead)
    page = client.get(f"{COCKPIT}measures/?{query}")
    assert page.status_code == 200
    assert titles(page) == {"Rue du Pont"} or query.startswith("start=9")
    for other in ("measures/points.json", "money/", "money/lines/", "measures/rows/"):
        assert client.get(f"{COCKPIT}{other}?{query}").status_code == 200


def test_measures_are_found_by_the_year_their_works_start(site: Any, people: Any, client: Client) -> None:
    for title, year in (("Quai", 2027), ("Pont", 2029), ("Place", 2031)):
        measure = create(site, site.montaigu, title)
        span = (date(year, 1, 1), date(year + 1, 12, 31))
        phases = (values.PhaseDraft("5", planned=span),)
        actions.set_phase_dates(actor=Actor.system(), measure_id=measure, version=None, phases=phases)
    client.force_login(people.lead)

    def found(query: str) -> set[str]:
        return titles(client.get(f"{COCKPIT}measures/?{query}"))

    assert found("start_from=2029") == {"Pont", "Place"}
    assert found("start_to=2029") == {"Quai", "Pont"}
    assert found("start_from=2028&start_to=2030&priority=") == {"Pont"}
    page = client.get(f"{COCKPIT}measures/?start_from=2028&start_to=2030").content.decode()
    assert "Works start from: <b>2028</b>" in page and 'href="?start_to=2030"' in page


def test_an_empty_territory_says_what_to_do(site: Any, people: Any, client: Client) -> None:
    client.force_login(people.lead)
    page = client.get(COCKPIT + "measures/").content.decode()
    assert "No measure yet" in page and "measures/new/" in page
    client.force_login(people.reader)
    assert "measures/new/" not in client.get(COCKPIT + "measures/").content.decode()


def test_a_choice_without_measures_offers_the_way_back(site: Any, people: Any, client: Client) -> None:
    street(site)
    client.force_login(people.lead)
    page = client.get(COCKPIT + "measures/?q=zzz").content.decode()
    assert "No measure in this choice" in page and "Show all measures" in page


def test_the_cockpit_shows_a_person_what_they_may_see(site: Any, people: Any, client: Client) -> None:
    street(site, published=False)
    client.force_login(people.lead)
    assert titles(client.get(COCKPIT + "measures/")) == {"Rue du Pont"}
    client.force_login(people.office)  # the body sees its members'
    assert titles(client.get(COCKPIT + "measures/")) == {"Rue du Pont"}
    client.force_login(people.neighbour)  # the same role next door
    assert titles(client.get(COCKPIT + "measures/")) == set()
    client.force_login(people.elected)
    assert titles(client.get(COCKPIT + "measures/")) == {"Rue du Pont"}


@pytest.mark.parametrize(
    "address",
    ["measures/", "measures/rows/", "measures/points.json", "money/", "money/lines/", "money/years.csv",
     "measures/new/"],
)  # fmt: skip
def test_the_cockpit_is_for_the_people_of_the_territory(
    site: Any, people: Any, client: Client, address: str
) -> None:
    assert client.get(COCKPIT + address).status_code == 302  # to sign in
    client.force_login(people.nobody)
    assert client.get(COCKPIT + address).status_code == 403
    client.force_login(people.contributor)
    assert client.get(COCKPIT + address).status_code == 200


def test_someone_of_another_territory_is_refused(site: Any, people: Any, client: Client) -> None:
    from belvedere.domains.territory.models import Organisation, Territory

    other = Territory.objects.create(slug="ailleurs", names={"fr": "Ailleurs"}, country="CH", currency="CHF")
    Organisation.objects.create(territory=other, kind="commune", names={"fr": "Loin"}, search="loin")
    client.force_login(people.lead)
    assert client.get("/cockpit/ailleurs/plans/measures/").status_code == 403
    assert client.get("/cockpit/nulle-part/plans/measures/").status_code == 404


def test_the_portal_shows_only_what_is_published_even_to_staff(
    site: Any, people: Any, client: Client
) -> None:
    street(site, title="Ouverte")
    hidden = street(site, published=False, title="Interne")
    client.force_login(people.lead)
    assert titles(client.get(PORTAL + "measures/")) == {"Ouverte"}
    assert client.get(f"{PORTAL}measures/{hidden}/").status_code == 404
    assert client.get(f"{PORTAL}measures/panel/{hidden}/").status_code == 404
    points = client.get(PORTAL + "measures/points.json").json()
    assert points["title"] == ["Ouverte"]
    assert "Interne" not in client.get(PORTAL + "money/lines/").content.decode()
    assert "Interne" not in client.get(PORTAL + "money/lines.csv").content.decode()


def test_the_portal_of_an_unpublished_territory_is_not_there(
    valbelle: Any, people: Any, client: Client
) -> None:
    street(valbelle)
    valbelle.territory.published = False
    valbelle.territory.save()
    assert client.get(PORTAL + "measures/").status_code == 404


def test_the_panel_belongs_to_the_territory_of_the_address(site: Any, people: Any, client: Client) -> None:
    from belvedere.domains.territory.models import Territory

    measure = street(site)
    Territory.objects.create(
        slug="ailleurs", names={"fr": "Ailleurs"}, country="CH", currency="CHF", published=True
    )
    assert client.get(f"/valbelle/plans/measures/panel/{measure}/").status_code == 200
    assert client.get(f"/ailleurs/plans/measures/panel/{measure}/").status_code == 404
    assert client.get(f"/ailleurs/plans/measures/{measure}/").status_code == 404


def test_points_are_kept_until_something_changes(site: Any, people: Any, client: Client) -> None:
    street(site)
    client.force_login(people.lead)
    first = client.get(COCKPIT + "measures/points.json")
    assert first.json()["title"] == ["Rue du Pont"]
    again = client.get(COCKPIT + "measures/points.json", HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code == 304 and not again.content
    street(site, title="Neuve")
    changed = client.get(COCKPIT + "measures/points.json", HTTP_IF_NONE_MATCH=first["ETag"])
    assert changed.status_code == 200 and len(changed.json()["ids"]) == 2


def test_points_outside_the_filter_are_faint(site: Any, people: Any, client: Client) -> None:
    street(site)
    street(site, site.rochefort, title="Autre")
    client.force_login(people.lead)
    table = json.loads(client.get(f"{COCKPIT}measures/points.json?owner={site.montaigu.pk}").content)
    assert table["title"] == ["Rue du Pont", ""] and table["dim"] == [0, 1]


def test_rows_come_in_windows(site: Any, people: Any, client: Client) -> None:
    for number in range(65):
        create(site, site.montaigu, f"M{number:03d}")
    client.force_login(people.lead)
    first = client.get(COCKPIT + "measures/?sort=title")
    assert len(titles(first)) == 60
    rest = client.get(COCKPIT + "measures/rows/?sort=title&start=60")
    assert titles(rest) == {f"M{number:03d}" for number in range(60, 65)}
    assert "Show more" not in rest.content.decode()


def test_a_title_in_another_language_says_so(site: Any, people: Any, client: Client) -> None:
    street(site)
    client.force_login(people.lead)
    assert '<a href="' in client.get(COCKPIT + "measures/").content.decode()
    assert 'lang="fr">Rue du Pont' in client.get(COCKPIT + "measures/").content.decode()


def test_hostile_titles_are_written_as_text(site: Any, people: Any, client: Client) -> None:
    create(site, site.montaigu, "<script>alert(1)</script>", published=True)
    client.force_login(people.lead)
    page = client.get(COCKPIT + "measures/").content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_the_list_counts_every_owner_not_only_those_offered_as_a_filter(
    client: Any, people: Any, valbelle: Any
) -> None:
    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans.public import actions
    from belvedere.domains.territory.models import Organisation
    from belvedere.faces.web.pages.plans.reading import MOST_OPTIONS
    from tests.domains.plans.drafts import draft

    owners = Organisation.objects.bulk_create(
        Organisation(territory=valbelle.territory, kind="commune", names={"fr": f"Commune {n}"})
        for n in range(MOST_OPTIONS + 5)
    )
    actions.create_measures(
        actor=Actor.system(), territory_id=valbelle.territory.pk, drafts=[draft(owner) for owner in owners]
    )
    client.force_login(people.governor, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/cockpit/valbelle/plans/measures/", headers={"accept-language": "fr"})
    assert f"of {MOST_OPTIONS + 5} owners" in page.content.decode()
