"""The page of a measure and its edits: rights by near miss, previews, conflicts, what the forms take."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import page, states
from tests.faces.web.plans_examples import create, english, street

pytestmark = pytest.mark.django_db
BASE = "/cockpit/valbelle/plans/measures/"


@pytest.fixture
def client() -> Client:
    return english()


def load(measure: UUID) -> Any:
    return page.measure_page(Actor.system(), measure, language="fr")


def edit(measure: UUID, part: str, item: UUID | None = None) -> str:
    return f"{BASE}{measure}/edit/{part}/" + (f"{item}/" if item else "")


def funding(valbelle: Any, **more: Any) -> dict[str, Any]:
    return {
        "organisation": str(valbelle.body.pk), "rule": "fixed", "amount": "1 000 000", "state": "requested",
        "instrument": "", "conditions": "", "reason": "accord", "act": "save", **more,
    }  # fmt: skip


ESTIMATE = {
    "amount": "15'000'000", "currency": "CHF", "vat": "excluded", "price_base": "2025-10", "kind": "project",
    "dated": "2026-11-01", "accuracy": "10", "eligible": "", "source": "", "follow": "on",
    "reason": "devis", "act": "save",
}  # fmt: skip


def test_the_page_explains_its_numbers(valbelle: Any, people: Any, client: Client) -> None:
    measure = street(valbelle)
    client.force_login(people.lead)
    text = client.get(f"{BASE}{measure}/").content.decode().replace("\xa0", " ")
    assert "35% of the cost, held at the cap of 3.00" in text
    assert "75% of the cost" in text  # what is left to the owner
    assert "created the measure" in text


def test_the_public_page_has_no_journal_and_no_edit(valbelle: Any, people: Any, client: Client) -> None:
    valbelle.territory.published = True
    valbelle.territory.save()
    measure = street(valbelle)
    client.force_login(people.lead)
    text = client.get(f"/valbelle/plans/measures/{measure}/").content.decode()
    assert "Rue du Pont" in text
    assert "created the measure" not in text and "/edit/" not in text


def test_buttons_stand_only_where_the_person_may(valbelle: Any, people: Any, client: Client) -> None:
    measure = street(valbelle)
    seen = {}
    for name in ("lead", "contributor", "finance", "reader", "neighbour"):
        client.force_login(getattr(people, name))
        text = client.get(f"{BASE}{measure}/").content.decode()
        parts = ("phase", "estimate", "publish", "site")
        seen[name] = {part for part in parts if f"/edit/{part}/" in text}
    assert seen == {
        "lead": {"phase", "estimate", "publish", "site"},
        "contributor": {"phase", "site"},
        "finance": {"estimate"},
        "reader": set(),
        "neighbour": set(),
    }


@pytest.mark.parametrize(
    ("part", "able", "refused"),
    [
        ("texts", "contributor", "reader"),
        ("phase", "contributor", "finance"),
        ("implementation", "contributor", "finance"),
        ("dates", "contributor", "finance"),
        ("import-sites", "contributor", "finance"),
        ("plan", "contributor", "finance"),
        ("milestone", "contributor", "finance"),
        ("quantity", "contributor", "finance"),
        ("risk", "contributor", "finance"),
        ("decision", "contributor", "finance"),
        ("link", "contributor", "finance"),
        ("actor", "contributor", "finance"),
        ("document", "contributor", "finance"),
        ("effect", "contributor", "finance"),
        ("publish", "lead", "contributor"),
        ("estimate", "finance", "contributor"),
        ("spending", "finance", "contributor"),
        ("funding", "finance", "reader"),
        ("site", "contributor", "finance"),
    ],
)
def test_each_edit_refuses_by_one_fact(
    valbelle: Any, people: Any, client: Client, part: str, able: str, refused: str
) -> None:
    measure = street(valbelle)
    address = edit(measure, part)
    assert client.get(address).status_code == 302
    client.force_login(getattr(people, able))
    assert client.get(address).status_code == 200
    client.force_login(getattr(people, refused))
    assert client.get(address).status_code == 403
    assert client.post(address, {"act": "save"}).status_code == 403
    client.force_login(people.neighbour)  # the lead's role, in the next commune
    assert client.post(address, {"act": "save"}).status_code == 403


def test_an_unpublished_measure_of_others_is_not_there(valbelle: Any, people: Any, client: Client) -> None:
    measure = street(valbelle, published=False)
    client.force_login(people.neighbour)
    assert client.get(f"{BASE}{measure}/").status_code == 404
    assert client.get(edit(measure, "phase")).status_code == 404
    client.force_login(people.lead)
    assert client.get(edit(measure, "phase")).status_code == 200


def test_unknown_parts_and_items_are_not_found(valbelle: Any, people: Any, client: Client) -> None:
    measure, other = street(valbelle), street(valbelle, title="Autre")
    client.force_login(people.lead)
    line = load(other).funding[0].id
    for address in (
        edit(measure, "secrets"),
        edit(measure, "phase", line),
        edit(measure, "remove-funding"),
        edit(measure, "funding", line),  # of another measure
        edit(measure, "remove-site", uuid4()),
        edit(uuid4(), "status"),
    ):
        assert client.get(address).status_code == 404


def test_a_new_estimate_moves_cost_aid_net_and_years(valbelle: Any, people: Any, client: Client) -> None:
    measure = street(valbelle)
    client.force_login(people.finance)
    answer = client.post(edit(measure, "estimate"), {**ESTIMATE, "version": load(measure).version})
    assert answer.status_code == 302
    view = load(measure)
    assert (view.cost.amount, view.aid.amount, view.net.amount) == (15_000_000, 3_000_000, 12_000_000)
    assert [line.amount.amount for line in view.spending] == [5_000_000, 10_000_000]
    assert len(view.estimates) == 2
    text = client.get(f"{BASE}{measure}/").content.decode()
    assert "recorded an estimate" in text and "devis" in text
    assert "The cost has risen by 25%" in text


def test_a_preview_says_what_changes_and_keeps_nothing(valbelle: Any, people: Any, client: Client) -> None:
    measure = street(valbelle)
    client.force_login(people.finance)
    version = load(measure).version
    sent = {**ESTIMATE, "version": version, "act": "preview"}
    answer = client.post(edit(measure, "estimate"), sent)
    text = answer.content.decode().replace("\xa0", " ").replace("\u2009", " ")
    assert answer.status_code == 200
    assert "What this changes" in text and "15’000’000" in text.replace(",", "’")
    after = load(measure)
    assert after.version == version and after.cost.amount == 12_000_000 and len(after.estimates) == 1
    from belvedere.duties.journal.public import entries_of

    assert entries_of(("plans.measure", str(measure))).total == 1


def test_a_change_meanwhile_keeps_what_was_typed(valbelle: Any, people: Any, client: Client) -> None:
    measure = street(valbelle)
    client.force_login(people.finance)
    version = load(measure).version
    client.post(edit(measure, "funding"), {**funding(valbelle), "version": version})
    answer = client.post(edit(measure, "estimate"), {**ESTIMATE, "version": version})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Someone changed this measure meanwhile" in text
    assert "changed the funding" in text  # what the other did
    assert "15&#x27;000&#x27;000" in text  # what was typed
    assert f'name="version" value="{load(measure).version}"' in text
    saved = client.post(edit(measure, "estimate"), {**ESTIMATE, "version": load(measure).version})
    assert saved.status_code == 302 and load(measure).cost.amount == 15_000_000


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"amount": "beaucoup"}, "is not an amount"),
        ({"amount": "-5"}, "A cost cannot be negative"),
        ({"amount": "12.640"}, "can be read in two ways"),
        ({"amount": "99999999999999999"}, "too large"),
        ({"price_base": "2025"}, "Write the year and the month"),
        ({"eligible": "16 000 000"}, "The eligible amount lies between 0 and the cost"),
        ({"reason": ""}, "Say why the cost changes"),
        ({"accuracy": "-1"}, "A share lies between"),
        ({"dated": "demain"}, "Enter a valid date"),
    ],
)
def test_a_bad_estimate_gets_a_sentence_and_changes_nothing(
    valbelle: Any, people: Any, client: Client, change: dict[str, str], sentence: str
) -> None:
    measure = street(valbelle)
    client.force_login(people.finance)
    sent = {**ESTIMATE, "version": load(measure).version, **change}
    answer = client.post(edit(measure, "estimate"), sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert load(measure).cost.amount == 12_000_000


def test_years_are_replaced_as_a_grid(valbelle: Any, people: Any, client: Client) -> None:
    measure = street(valbelle)
    client.force_login(people.finance)
    sent = {
        "version": load(measure).version, "reason": "étalement", "act": "save",
        "year_0": "2028", "state_0": "projected", "amount_0": "",
        "year_1": "2029", "state_1": "voted", "amount_1": "6 000 000",
        "year_2": "2030", "state_2": "projected", "amount_2": "6000000,00",
    }  # fmt: skip
    assert client.post(edit(measure, "spending"), sent).status_code == 302
    assert [(line.year, line.amount.amount) for line in load(measure).spending] == [
        (2029, Decimal(6_000_000)),
        (2030, Decimal(6_000_000)),
    ]
    twice = {**sent, "version": load(measure).version, "year_2": "2029", "state_2": "voted"}
    answer = client.post(edit(measure, "spending"), twice)
    assert answer.status_code == 422 and "A year stands twice" in answer.content.decode()


def test_funding_is_added_changed_and_removed(valbelle: Any, people: Any, client: Client) -> None:
    measure = street(valbelle)
    client.force_login(people.lead)
    client.post(edit(measure, "funding"), {**funding(valbelle), "version": load(measure).version})
    assert load(measure).aid.amount == 4_000_000
    line = next(line for line in load(measure).funding if line.organisation_id == valbelle.body.pk)
    refused = funding(valbelle, state="refused", version=load(measure).version)
    assert client.post(edit(measure, "funding", line.id), refused).status_code == 302
    assert load(measure).aid.amount == 3_000_000
    away = {"version": load(measure).version, "reason": "doublon", "act": "save"}
    assert client.post(edit(measure, "remove-funding", line.id), away).status_code == 302
    assert len(load(measure).funding) == 1


def test_funding_needs_the_figure_of_its_rule(valbelle: Any, people: Any, client: Client) -> None:
    measure = street(valbelle)
    client.force_login(people.lead)
    answer = client.post(edit(measure, "funding"), funding(valbelle, amount=""))
    assert answer.status_code == 422 and "Enter the fixed amount" in answer.content.decode()
    answer = client.post(edit(measure, "funding"), funding(valbelle, rule="rate_on_eligible", rate="140"))
    assert answer.status_code == 422 and "A share lies between 0 and 100 %" in answer.content.decode()


def test_state_moves_along_the_transitions(valbelle: Any, people: Any, client: Client) -> None:
    measure = street(valbelle)
    client.force_login(people.contributor)
    sent = {"to": "4", "reason": "", "act": "save", "version": load(measure).version}
    assert client.post(edit(measure, "phase"), sent).status_code == 302
    sent = {"to": "in_progress", "reason": "", "act": "save", "version": load(measure).version}
    assert client.post(edit(measure, "implementation"), sent).status_code == 302
    view = load(measure)
    assert (view.phase, view.implementation) == ("4", states.Implementation.IN_PROGRESS)
    back = {"to": "32", "reason": "", "act": "save", "version": view.version}
    answer = client.post(edit(measure, "phase"), back)
    assert answer.status_code == 422 and "Say why" in answer.content.decode()
    abandoned = {"to": "abandoned", "reason": "no money", "act": "save", "version": view.version}
    answer = client.post(edit(measure, "implementation"), abandoned)  # no decision documents it
    assert answer.status_code == 422 and "Giving up needs a decision" in answer.content.decode()
    assert load(measure).version == view.version  # nothing half-written


def test_a_site_is_added_moved_and_removed(valbelle: Any, people: Any, client: Client) -> None:
    measure = create(valbelle, valbelle.montaigu, "Sans emprise")
    client.force_login(people.contributor)
    drawn = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},'
        '"geometry":{"type":"LineString","coordinates":[[7.4,46.2],[7.41,46.2]]}}]}'
    )
    sent = {"name": "Tronçon", "geometry": drawn, "x": "", "y": "", "reason": "", "act": "save"}
    answer = client.post(edit(measure, "site"), {**sent, "version": load(measure).version})
    assert answer.status_code == 302
    site = load(measure).sites[0]
    assert site.name == "Tronçon" and 700 < site.length_m < 850
    by_hand = {"geometry": "", "x": "7.5", "y": "46.1", "version": load(measure).version, "act": "save"}
    assert client.post(edit(measure, "site", site.id), by_hand).status_code == 302
    assert load(measure).sites[0].geometry == {"type": "Point", "coordinates": (7.5, 46.1)}
    away = {"version": load(measure).version, "act": "save"}
    assert client.post(edit(measure, "remove-site", site.id), away).status_code == 302
    assert load(measure).sites == ()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"geometry": ""}, "Draw the site on the map"),
        ({"geometry": "{oops"}, "not a GeoJSON geometry"),
        ({"geometry": '{"type":"Point","coordinates":[2600000,1120000]}'}, "not longitude and latitude"),
        ({"geometry": "[" * 5000}, "not a GeoJSON geometry"),
        ({"geometry": "", "x": "7.4"}, "Give both coordinates"),
        ({"geometry": "", "x": "700", "y": "900"}, "not degrees"),
    ],
)
def test_a_bad_site_gets_a_sentence(
    valbelle: Any, people: Any, client: Client, sent: dict[str, str], sentence: str
) -> None:
    measure = create(valbelle, valbelle.montaigu, "Sans emprise")
    client.force_login(people.contributor)
    answer = client.post(edit(measure, "site"), {"name": "", "act": "save", **sent})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert load(measure).sites == ()


def test_texts_are_kept_by_language(valbelle: Any, people: Any, client: Client) -> None:
    measure = street(valbelle)
    client.force_login(people.contributor)
    sent = {"title_fr": "Rue neuve", "title_de": "Neue Strasse", "description_fr": "Pourquoi", "act": "save"}
    answer = client.post(edit(measure, "texts"), {**sent, "version": load(measure).version})
    assert answer.status_code == 302
    assert load(measure).title == {"fr": "Rue neuve", "de": "Neue Strasse"}
    answer = client.post(edit(measure, "texts"), {"title_fr": "", "title_de": " ", "act": "save"})
    assert answer.status_code == 422 and "Give a title in at least one language" in answer.content.decode()


def test_publishing_needs_a_manager(valbelle: Any, people: Any, client: Client) -> None:
    measure = street(valbelle, published=False)
    client.force_login(people.lead)
    sent = {"published": "on", "reason": "", "act": "save", "version": load(measure).version}
    assert client.post(edit(measure, "publish"), sent).status_code == 302
    assert load(measure).published


def test_a_new_measure_needs_a_title_and_an_owner_one_may_write_for(
    valbelle: Any, people: Any, client: Client
) -> None:
    client.force_login(people.contributor)
    sent = {
        "title_fr": "Passerelle", "title_de": "", "owner": str(valbelle.montaigu.pk), "amount": "1 250 000",
        "currency": "CHF", "vat": "excluded", "price_base": "",
    }  # fmt: skip
    refused = client.post(BASE + "new/", {**sent, "owner": str(valbelle.rochefort.pk)})
    assert refused.status_code == 422
    answer = client.post(BASE + "new/", sent)
    assert answer.status_code == 302
    view = load(UUID(answer["Location"].partition("#")[0].rstrip("/").rsplit("/", 1)[1]))
    assert view.title == {"fr": "Passerelle"} and view.cost.amount == 1_250_000
    client.force_login(people.reader)
    assert client.get(BASE + "new/").status_code == 403
    assert client.post(BASE + "new/", sent).status_code == 403


def test_htmx_gets_fragments(valbelle: Any, people: Any, client: Client) -> None:
    measure = street(valbelle)
    client.force_login(people.finance)
    form = client.get(edit(measure, "estimate"), HTTP_HX_REQUEST="true").content.decode()
    assert "<form" in form and "<html" not in form
    sent = {**ESTIMATE, "version": load(measure).version, "act": "preview"}
    effects = client.post(
        edit(measure, "estimate"), sent, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="div#pq-effects"
    ).content.decode()
    assert "What this changes" in effects and "<form" not in effects
    saved = client.post(edit(measure, "estimate"), {**sent, "act": "save"}, HTTP_HX_REQUEST="true")
    assert saved.status_code == 204 and saved["HX-Redirect"].endswith("#money")
