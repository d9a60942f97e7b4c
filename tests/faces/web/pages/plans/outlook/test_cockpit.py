"""The owner's page: it answers in its title, adds up, opens, moves, and is closed to others."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from belvedere.kernel.clock import today
from tests.faces.web.pages.plans.outlook.town import Town, fill
from tests.faces.web.plans_examples import english

pytestmark = pytest.mark.django_db
YEAR = today().year


@pytest.fixture
def town(valbelle: Any) -> Town:
    return fill(valbelle, YEAR)


@pytest.fixture
def client(people: Any) -> Client:
    made = english()
    made.force_login(people.finance)
    return made


@pytest.fixture
def url(valbelle: Any) -> str:
    return f"/cockpit/valbelle/plans/outlook/{valbelle.montaigu.pk}/"


def text(response: Any) -> str:
    assert response.status_code == 200, response.content.decode()[:2000]
    return " ".join(response.content.decode().replace("\xa0", " ").replace("\u202f", " ").split())


def test_the_title_answers(town: Town, client: Client, url: str) -> None:
    # gross 10 + 8 + 1.5; the canton pays 3.5 and 1.6, the neighbour 0.5
    page = text(client.get(url))
    assert "Montaigu pays 13.9 million CHF net of 19.5 and exceeds its ceiling" in page
    assert "3 measures" in page


def test_every_endpoint_is_closed_to_those_of_another_place(town: Town, people: Any, url: str) -> None:
    places = ["", "explain/gross/all/", "find/?find=bus", "measures/"]
    for name, status in (("finance", 200), ("reader", 200), ("stranger", 403), ("nobody", 403)):
        one = english()
        one.force_login(getattr(people, name))
        assert [one.get(url + place).status_code for place in places] == [status] * len(places), name
    assert Client().get(url).status_code == 302


def test_the_body_sees_its_member_and_the_neighbour_does_not(town: Town, people: Any, url: str) -> None:
    office, neighbour = english(), english()
    office.force_login(people.office)
    neighbour.force_login(people.neighbour)
    assert office.get(url).status_code == 200
    assert neighbour.get(url).status_code == 403


def test_the_portal_has_none(town: Town, valbelle: Any) -> None:
    assert Client().get(f"/valbelle/plans/outlook/{valbelle.montaigu.pk}/").status_code == 404


def test_slipping_loses_the_aid_and_offers_what_keeps_it(town: Town, client: Client, url: str) -> None:
    page = text(client.get(f"{url}?m={town.bus}:%2B4:0&open=plan:none&open=measure:{town.bus}"))
    assert "3.5 M" in page and "Aid lost" in page
    assert "+2 years keeps it" in page
    assert f"Works start in {YEAR + 7}, the deadline is 31.12.{YEAR + 5}." in page
    assert f"m={town.bus}:%2B2:%2B0" in page
    kept = text(client.get(f"{url}?m={town.bus}:%2B2:0"))
    assert "All deadlines are kept" in kept


def test_a_slider_brings_the_moving_part_only(town: Town, client: Client, url: str) -> None:
    asked = f"{url}?measure={town.bus}&shift=4&cost=10"
    answer = client.get(asked, headers={"HX-Request": "true", "HX-Target": "div#po-live"})
    part = text(answer)
    assert "<html" not in part and 'id="po-live"' in part and 'id="po-shift"' not in part
    assert answer["HX-Replace-Url"] == f"{url}?m={town.bus}:%2B4:%2B10&measure={town.bus}"
    assert "Scenario not saved." in part


def test_rows_open_into_measures_and_those_into_rules(town: Town, client: Client, url: str) -> None:
    closed = text(client.get(url))
    assert "Voie verte" not in closed
    opened = text(client.get(f"{url}?open=gross"))
    assert "Voie verte" in opened
    rules = text(client.get(f"{url}?open=plan:none&open=measure:{town.bus}"))
    assert "40% of the eligible cost, at most 3,500" in rules
    assert f"works must start by 31.12.{YEAR + 5}" in rules.replace("/", ".") and "cap reached" in rules


def test_what_is_paid_to_others_counts(town: Town, client: Client, url: str) -> None:
    page = text(client.get(f"{url}?open=contributions"))
    assert "Paid to measures of others" in page and "Déchetterie" in page


def test_an_amount_opens_into_lines_that_add_up(town: Town, client: Client, url: str) -> None:
    page = text(client.get(f"{url}explain/gross/{YEAR + 1}/", headers={"HX-Request": "true"}))
    assert "3,600,000.00 CHF" in page and "3,000,000.00" in page and "600,000.00" in page
    whole = text(client.get(f"{url}explain/measure:{town.bus}/all/"))
    assert "6,000,000.00 CHF" in whole and "-3,500,000.00" in whole.replace("−", "-")


def test_amounts_of_another_price_base_are_named_not_added(town: Town, client: Client, url: str) -> None:
    page = text(client.get(url))
    assert "kind=CHF_excluded_2020-10" in page
    other = text(client.get(f"{url}?kind=CHF_excluded_2020-10"))
    assert "Montaigu pays 250,000 CHF net of 250,000" in other


def test_current_prices_without_an_index_say_what_is_missing(town: Town, client: Client, url: str) -> None:
    page = text(client.get(f"{url}?prices=current"))
    assert "Current prices need an index" in page and "Montaigu pays 13.9 million" in page


def test_a_search_finds_among_the_owners_measures(town: Town, client: Client, url: str) -> None:
    found = text(client.get(f"{url}find/?find=halle"))
    assert "Halle de gymnastique" in found and "Bus" not in found
    assert f"measure={town.hall}" in found
    assert "Déchetterie" not in text(client.get(f"{url}find/?find=dechet"))


def test_the_phone_has_every_measure(town: Town, client: Client, url: str) -> None:
    page = text(client.get(f"{url}measures/", headers={"HX-Request": "true"}))
    for title in ("Bus", "Halle", "Voie verte"):
        assert title in page


def test_a_person_of_one_owner_goes_straight_to_it(town: Town, client: Client, url: str) -> None:
    assert client.get("/cockpit/valbelle/plans/outlook/").headers["Location"] == url
    assert "2 owners" in text(client.get("/cockpit/valbelle/plans/outlook/?all")) or "1 owner" in text(
        client.get("/cockpit/valbelle/plans/outlook/?all")
    )


def test_an_owner_without_a_measure_is_told_what_to_do(valbelle: Any, client: Client, url: str) -> None:
    page = text(client.get(url))
    assert "No amount yet" in page


def test_strange_addresses_do_no_harm(town: Town, client: Client, url: str) -> None:
    for query in (
        "?open=plan:zzz",
        "?m=x",
        "?measure=00000000-0000-0000-0000-000000000001&shift=3",
        "?find=%00",
    ):
        assert client.get(url + query).status_code == 200, query
    for place in ("explain/x/all/", "explain/gross/1800/", "explain/measure:x/all/", "explain/aid:x/all/"):
        assert client.get(url + place).status_code == 404, place


def test_the_margin_opens_into_its_ceiling_and_measures(town: Town, client: Client, url: str) -> None:
    page = text(client.get(f"{url}?open=margin"))
    assert f"{url}explain/margin/{YEAR + 1}/" in page
    opened = page[page.index("Margin under the ceiling") :]
    assert opened.index(">4,000<") < opened.index("Halle de gymnastique") < opened.index("Treasury")
    lines = text(client.get(f"{url}explain/margin/{YEAR + 1}/"))
    # 4.0 decided, 2.4 for the hall, 0.6 for the path
    for amount in ("1,000,000.00 CHF", "4,000,000.00", "-2,400,000.00", "-600,000.00"):
        assert amount in lines.replace("−", "-"), amount
    assert "Conseil général" in lines
    assert client.get(f"{url}explain/margin:operation/{YEAR + 1}/").status_code == 404


def test_an_axis_has_its_own_ceiling(town: Town, client: Client, url: str, valbelle: Any) -> None:
    from belvedere.domains.plans.models import Frame, Plan, PlanMembership, PlanNode

    plan = Plan.objects.create(
        territory=valbelle.territory,
        owner=valbelle.body,
        type="communal_plan",
        code="PDCom",
        title={"fr": "Plan directeur"},
        currency="CHF",
    )
    node = PlanNode.objects.create(plan=plan, code="A", path="A", title={"fr": "Écoles"})
    PlanMembership.objects.create(measure_id=town.hall, plan=plan, node=node, code="A-1")
    PlanMembership.objects.create(measure_id=town.bus, plan=plan, code="B-1")
    frame = Frame.objects.filter(year=YEAR + 1).get()
    frame.pk, frame.plan, frame.node, frame.ceiling = None, plan, node, 1_000_000
    frame._state.adding = True
    frame.save()
    whole = text(client.get(f"{url}?plan={plan.pk}"))
    assert f"axis={node.pk}" in whole and "A Écoles" in whole and "2 measures" in whole
    assert "Margin under the ceiling" not in whole  # the plan has none of its own
    one = text(client.get(f"{url}?axis={node.pk}"))
    assert "for PDCom A Écoles" in one and "1 measure," in one
    assert "Ceiling 1.0" in one and "Margin under the ceiling" in one
    lost = text(client.get(f"{url}?axis={town.bus}"))
    assert "This axis is not one of the plan." in lost and "3 measures" in lost
