"""Ceilings, prices, scenarios, votes: written by those who may, shown to those who see, refused to others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from belvedere.domains.plans.models import Frame, IndexSeries, Scenario, Snapshot, VatRate
from belvedere.kernel.clock import today
from tests.faces.web.pages.plans.outlook.town import Town, fill
from tests.faces.web.plans_examples import english

pytestmark = pytest.mark.django_db
YEAR = today().year


@pytest.fixture
def town(valbelle: Any) -> Town:
    return fill(valbelle, YEAR)


@pytest.fixture
def url(valbelle: Any) -> str:
    return f"/cockpit/valbelle/plans/outlook/{valbelle.montaigu.pk}/"


@pytest.fixture
def sign_in(people: Any) -> Any:
    def sign(name: str) -> Client:
        made = english()
        made.force_login(getattr(people, name))
        return made

    return sign


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:3000]
    return " ".join(response.content.decode().replace("\xa0", " ").replace("\u202f", " ").split())


def ceilings(**more: str) -> dict[str, str]:
    years = {f"year_{YEAR - 1 + at}": "4000000" if at < 4 else "6000000" for at in range(14)}
    return {
        **years, "currency": "CHF", "vat": "excluded", "price_base": "2025-10",
        "source": "Conseil général", "decided_on": "2026-06-17", "reason": "", **more,
    }  # fmt: skip


def test_ceilings_change_in_the_years_that_changed(town: Town, url: str, sign_in: Any) -> None:
    page = text(sign_in("finance").get(f"{url}ceilings/"))
    assert "Montaigu may spend 4.00 M CHF" in page and "Conseil général" in page
    sent = ceilings(**{f"year_{YEAR + 1}": "9 500 000", f"year_{YEAR + 2}": "", "source": "Budget 2027"})
    assert sign_in("finance").post(f"{url}ceilings/", sent)["Location"] == url
    frames = {frame.year: frame for frame in Frame.objects.all()}
    assert frames[YEAR + 1].ceiling == 9_500_000 and frames[YEAR + 1].source == "Budget 2027"
    assert YEAR + 2 not in frames and frames[YEAR].source == "Conseil général"


def test_a_ceiling_of_one_nature_or_axis_has_its_form(
    town: Town, url: str, sign_in: Any, valbelle: Any
) -> None:
    from belvedere.domains.plans.models import Plan, PlanMembership, PlanNode

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
    client = sign_in("finance")
    place = f"{url}ceilings/?plan={plan.pk}&axis={node.pk}&nature=investment"
    assert 'aria-current="true">Investment' in text(client.get(place))
    empty = {f"year_{YEAR - 1 + at}": "" for at in range(14)}
    sent = ceilings(**empty) | {f"year_{YEAR + 1}": "700000"}
    assert client.post(place, sent)["Location"] == f"{url}?plan={plan.pk}&axis={node.pk}"
    made = Frame.objects.get(node=node)
    assert (made.plan_id, made.nature, made.year, made.ceiling) == (plan.pk, "investment", YEAR + 1, 700_000)
    assert Frame.objects.filter(node__isnull=True).count() == 15
    assert "Margin under the ceiling, investment" in text(client.get(f"{url}?axis={node.pk}"))
    others = text(client.get(f"{url}ceilings/?plan={plan.pk}"))
    assert f"?plan={plan.pk}&amp;axis={node.pk}&amp;nature=investment" in others and "A Écoles" in others


def test_a_bad_ceiling_changes_nothing(town: Town, url: str, sign_in: Any) -> None:
    sent = ceilings(**{f"year_{YEAR + 1}": "many", f"year_{YEAR + 2}": "1"})
    page = text(sign_in("finance").post(f"{url}ceilings/", sent), 422)
    assert "“many” is not an amount" in page
    assert "cannot be negative" in text(
        sign_in("finance").post(f"{url}ceilings/", ceilings(**{f"year_{YEAR + 1}": "-5"})), 422
    )
    assert not Frame.objects.exclude(ceiling__in=(4_000_000, 6_000_000)).exists()


@pytest.mark.parametrize(("name", "status"), [("reader", 403), ("contributor", 403), ("neighbour", 403)])
def test_who_may_not_set_ceilings(town: Town, url: str, sign_in: Any, name: str, status: int) -> None:
    answer = sign_in(name).post(f"{url}ceilings/", ceilings(**{f"year_{YEAR + 1}": "1"}))
    assert answer.status_code == status
    assert not Frame.objects.filter(ceiling=1).exists()


def test_a_reader_sees_ceilings_without_fields(town: Town, url: str, sign_in: Any) -> None:
    page = text(sign_in("reader").get(f"{url}ceilings/"))
    assert "Save the ceilings" not in page and "4,000,000" in page


def test_a_scenario_is_saved_opened_replaced_and_put_away(town: Town, url: str, sign_in: Any) -> None:
    client = sign_in("contributor")
    sent = {"name": "Bus later", "type": "own", "note": "seen with the canton"}
    answer = client.post(f"{url}scenario/?m={town.bus}:%2B4:%2B10", sent)
    scenario = Scenario.objects.get()
    assert f"scenario={scenario.pk}" in answer["Location"] and scenario.changes.get().shift_years == 4
    page = text(client.get(f"{url}?scenario={scenario.pk}"))
    assert "Scenario “Bus later”." in page and "+4 years" in page
    changed = text(client.get(f"{url}?scenario={scenario.pk}&m={town.bus}:%2B3:%2B10"))
    assert "Scenario “Bus later”, changed since." in changed
    client.post(
        f"{url}scenario/?scenario={scenario.pk}&m={town.bus}:%2B3:0", sent | {"over": scenario.version}
    )
    assert scenario.changes.get().shift_years == 3
    scenario.refresh_from_db()
    archive = f"{url}scenario/{scenario.pk}/archive/"
    assert client.post(archive, {"version": scenario.version}).status_code == 403
    assert sign_in("finance").post(archive, {"version": scenario.version}).status_code == 302
    scenario.refresh_from_db()
    assert scenario.archived


def test_a_name_stands_once_and_what_was_typed_is_kept(town: Town, url: str, sign_in: Any) -> None:
    client = sign_in("finance")
    for _time in range(2):
        answer = client.post(
            f"{url}scenario/?m={town.bus}:1:0", {"name": "Twice", "type": "own", "note": "kept"}
        )
    page = text(answer, 422)
    assert "A scenario is already called “Twice”" in page and 'value="kept"' in page


@pytest.mark.parametrize(("name", "status"), [("contributor", 302), ("reader", 403), ("stranger", 403)])
def test_who_may_save_a_scenario(town: Town, url: str, sign_in: Any, name: str, status: int) -> None:
    answer = sign_in(name).post(
        f"{url}scenario/?m={town.bus}:1:0", {"name": "One", "type": "own", "note": ""}
    )
    assert answer.status_code == status
    assert Scenario.objects.exists() is (status == 302)


def test_a_scenario_of_the_neighbour_is_not_opened_here(
    town: Town, valbelle: Any, url: str, sign_in: Any
) -> None:
    other = url.replace(str(valbelle.montaigu.pk), str(valbelle.rochefort.pk))
    saved = {"name": "Theirs", "type": "own", "note": ""}
    assert sign_in("neighbour").post(f"{other}scenario/?m={town.neighbours}:1:0", saved).status_code == 302
    theirs = Scenario.objects.get()
    assert sign_in("finance").get(f"{url}?scenario={theirs.pk}").status_code == 403
    assert "Theirs" not in text(sign_in("office").get(f"{url}?scenario={theirs.pk}"))
    assert sign_in("finance").post(f"{url}scenario/{theirs.pk}/archive/").status_code == 403


def vote(client: Client, url: str, title: str = "Budget", query: str = "") -> Any:
    day = (today() - timedelta(days=1)).isoformat()
    sent = {"kind": "budget", "title": title, "body": "Conseil général", "voted_on": day}
    return client.post(f"{url}votes/{query}", sent)


def test_a_vote_freezes_the_figures(town: Town, url: str, sign_in: Any) -> None:
    client = sign_in("finance")
    answer = vote(client, url)
    snapshot = Snapshot.objects.get()
    assert answer["Location"] == f"{url}votes/{snapshot.pk}/"
    page = text(client.get(answer["Location"]))
    assert snapshot.sha256 in page and "Unchanged since the vote" in page
    assert "Nothing differs from the vote." in page and "19,500" in page
    assert "Budget" in text(client.get(f"{url}votes/"))


def test_the_next_vote_waits_for_the_reasons(town: Town, url: str, sign_in: Any) -> None:
    client = sign_in("finance")
    vote(client, url)
    first = Snapshot.objects.get()
    changed = f"?m={town.hall}:0:%2B50"
    refused = text(vote(client, url, "Again", changed), 409)
    assert "The vote is not recorded" in refused and Snapshot.objects.count() == 1
    assert f"votes/{first.pk}/?m={town.hall}:%2B0:%2B50#variances" in refused
    page = text(client.get(f"{url}votes/{first.pk}/{changed}"))
    assert "1 measure waits for a reason before the next vote." in page and "Why the amount changed" in page
    explain = f"{url}votes/{first.pk}/explain/{changed}"
    said = {"measure": town.hall, "kind": "money", "reason": " "}
    assert "Say why" in text(client.post(explain, said), 422)
    assert client.post(explain, said | {"reason": "Larger hall, council of May"}).status_code == 302
    assert "Larger hall, council of May" in text(client.get(f"{url}votes/{first.pk}/{changed}"))
    assert vote(client, url, "Again", changed).status_code == 302
    assert Snapshot.objects.count() == 2


@pytest.mark.parametrize(("name", "status"), [("reader", 403), ("contributor", 403), ("stranger", 403)])
def test_who_may_not_vote(town: Town, url: str, sign_in: Any, name: str, status: int) -> None:
    assert vote(sign_in(name), url).status_code == status
    assert not Snapshot.objects.exists()


def test_a_reader_sees_votes_and_explains_none(town: Town, url: str, sign_in: Any) -> None:
    vote(sign_in("finance"), url)
    first = Snapshot.objects.get()
    changed = f"?m={town.hall}:0:%2B50"
    page = text(sign_in("reader").get(f"{url}votes/{first.pk}/{changed}"))
    assert "Keep the reason" not in page
    said = {"measure": town.hall, "kind": "money", "reason": "because"}
    explain = f"{url}votes/{first.pk}/explain/{changed}"
    assert sign_in("reader").post(explain, said).status_code == 403
    assert sign_in("stranger").get(f"{url}votes/{first.pk}/").status_code == 403
    assert sign_in("contributor").post(explain, said).status_code == 302


def index(**more: str) -> dict[str, str]:
    return {
        "act": "index", "code": "construction", "name": "Construction prices", "source": "Federal office",
        "values": f"2020-10 91\n2025-10 100\n{YEAR}-04 102.5", "yearly_rate": "2", **more,
    }  # fmt: skip


def test_prices_lead_to_current_amounts(town: Town, url: str, sign_in: Any) -> None:
    governor, client = sign_in("governor"), sign_in("finance")
    prices = "/cockpit/valbelle/plans/outlook/prices/"
    late = index(values=f"{YEAR}-04 102.5", yearly_rate="")
    assert governor.post(prices, late).status_code == 302
    rates = {"act": "vat", "from_0": "2018-01-01", "rate_0": "8,1", "source_0": "LTVA"}
    assert governor.post(prices, rates).status_code == 302
    assert VatRate.objects.get().rate * 1000 == 81
    assert "say by how much prices rise a year" in text(client.get(f"{url}?prices=current"))
    assert governor.post(prices, index()).status_code == 302
    assert "Prices follow an index known until April" in text(client.get(prices))
    page = text(client.get(f"{url}?prices=current"))
    assert "VAT included, nominal prices" in page and "Prices: Construction prices." in page
    assert "13.9 million" not in page


def test_only_administrators_change_prices(town: Town, sign_in: Any) -> None:
    prices = "/cockpit/valbelle/plans/outlook/prices/"
    for name in ("finance", "administrator", "elected"):
        assert sign_in(name).post(prices, index()).status_code == 403
        assert "Save the index" not in text(sign_in(name).get(prices))
    assert not IndexSeries.objects.exists()
    assert sign_in("nobody").get(prices).status_code == 403


def test_a_bad_index_is_given_back(valbelle: Any, sign_in: Any) -> None:
    prices = "/cockpit/valbelle/plans/outlook/prices/"
    governor = sign_in("governor")
    for values, said in (
        ("2025-10", "needs a month and a value"),
        ("2025-13 100", "price base"),
        ("2025-10 0", "above 0"),
        ("2025-10 x", "is not an amount"),
    ):
        page = text(governor.post(prices, index(values=values)), 422)
        assert said in page and values in page
    assert not IndexSeries.objects.exists()
    page = text(governor.post(prices, {"act": "vat", "rate_0": "8"}), 422)
    assert "needs the day it starts" in page
