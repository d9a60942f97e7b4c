"""Sharing measures: only what is public leaves, unit costs say what they rest on, files come in once."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.library import errors
from belvedere.domains.library.public import (
    Start,
    exchange,
    facts,
    import_library,
    queries,
    share_measure,
    start_from,
    withdraw,
)
from belvedere.domains.plans.public import actions, follow, page, states, values, vocabulary
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.errors import Refused
from belvedere.kernel.money import Kind, Vat
from tests.domains.plans.drafts import chf, draft, estimate

pytestmark = pytest.mark.django_db
M = vocabulary.QuantityUnit.METRE
URL = "https://here.example/valbelle/plans/measures/1/"
SYSTEM = Actor.system()


def made(
    valbelle: Any,
    title: str,
    cost: object = 1000,
    metres: int | None = 10,
    *,
    published: bool = True,
    owner: Any = None,
    **more: Any,
) -> UUID:
    more.setdefault("estimates", (estimate(cost),))
    measure_id = actions.create_measure(
        actor=SYSTEM,
        territory_id=valbelle.territory.pk,
        draft=draft(owner or valbelle.montaigu, title, published=published, **more),
    )
    if metres:
        follow.record_follow_up(
            actor=SYSTEM,
            measure_id=measure_id,
            version=None,
            draft=follow.FollowDraft(quantities=(follow.QuantityDraft(M, Decimal(metres)),)),
        )
    return measure_id


def shared(valbelle: Any, *args: Any, **more: Any) -> UUID:
    return share_measure(actor=SYSTEM, measure_id=made(valbelle, *args, **more), url=URL)


def test_who_may_share(valbelle: Any, people: Any) -> None:
    measure = made(valbelle, "Voie verte")
    for near in ("contributor", "neighbour", "elected", "nobody"):
        with pytest.raises(Refused):
            share_measure(actor=people.actor(near), measure_id=measure, url=URL)
    assert queries.card_of(measure) is None
    card = share_measure(actor=people.actor("lead"), measure_id=measure, url=URL)
    assert queries.card_of(measure) == card


def test_an_unpublished_measure_is_not_shared(valbelle: Any, people: Any) -> None:
    measure = made(valbelle, "Secret", published=False)
    with pytest.raises(errors.NotPublished):
        share_measure(actor=people.actor("lead"), measure_id=measure, url=URL)


def test_nothing_confidential_leaves(valbelle: Any, people: Any) -> None:
    """Each value of the card is what the public reads; risks, actors and papers are not on it."""
    measure = made(valbelle, "Voie verte", description={"fr": "Trois kilomètres."})
    follow.record_follow_up(
        actor=SYSTEM,
        measure_id=measure,
        version=None,
        draft=follow.FollowDraft(
            actors=(follow.ActorDraft(vocabulary.ActorRole.CONTACT, label="Madame Secret"),),
            risks=(follow.RiskDraft(vocabulary.RiskKind.LAND, {"fr": "Opposition Secret"}, 3, 3),),
        ),
    )
    card = queries.card(people.actor("stranger"), share_measure(actor=SYSTEM, measure_id=measure, url=URL))
    written = facts.written(card.facts)
    assert set(written) == {
        "source_id", "title", "description", "kind", "category", "owner", "territory", "country",
        "implementation", "phase_scheme", "months", "cost", "aid", "quantities", "url", "shared_on",
    }  # fmt: skip
    assert "Secret" not in json.dumps(written, ensure_ascii=False)
    public = page.measure_page(Actor.public(), measure, language="fr")
    assert written["title"] == public.title
    assert written["description"] == public.description
    assert public.cost is not None
    assert written["cost"]["amount"] == str(public.cost.amount)
    assert written["owner"] == public.owner_name


def test_a_card_stays_as_it_was_frozen(valbelle: Any, people: Any) -> None:
    measure = made(valbelle, "Voie verte")
    card = share_measure(actor=SYSTEM, measure_id=measure, url=URL)
    actions.publish_measure(actor=SYSTEM, measure_id=measure, version=None, published=False)
    frozen = queries.card(people.actor("stranger"), card)
    assert frozen.facts.title == {"fr": "Voie verte"}


def test_unit_costs_say_their_sources_and_never_mix_price_bases(valbelle: Any, people: Any) -> None:
    for cost in (1000, 3000, 2000):
        shared(valbelle, f"Voie {cost}", cost)
    shared(valbelle, "Ancienne", estimates=(estimate(9000, Kind("CHF", Vat.EXCLUDED, "2020-10")),))
    shared(valbelle, "Sans quantité", metres=None)
    rows = queries.unit_costs(people.actor("reader"))
    assert [(row.kind.price_base, row.sources) for row in rows] == [("2025-10", 3), ("2020-10", 1)]
    first = rows[0]
    assert (first.lowest, first.median, first.highest) == (chf(100), chf(200), chf(300))
    assert first.real == 0
    assert first.years == (2026, 2026)


def test_the_cost_says_what_it_rests_on(valbelle: Any, people: Any) -> None:
    paid = shared(
        valbelle,
        "Faite",
        implementation=states.Implementation.DONE,
        spending=(values.SpendDraft(2024, chf(1200), states.SpendState.PAID),),
    )
    half = shared(
        valbelle,
        "À moitié",
        implementation=states.Implementation.DONE,
        spending=(
            values.SpendDraft(2024, chf(700), states.SpendState.PAID),
            values.SpendDraft(2025, chf(300), states.SpendState.VOTED),
        ),
    )
    actor = people.actor("reader")
    cost = queries.card(actor, paid).facts.cost
    assert cost is not None
    assert (cost.basis, cost.amount, cost.year) == (facts.Basis.PAID, chf(1200), 2024)
    other = queries.card(actor, half).facts.cost
    assert other is not None
    assert (other.basis, other.amount) == (facts.Basis.ESTIMATE, chf(1000))
    assert queries.search(actor, queries.Search(real=True)).total == 1


def test_search_finds_what_is_alike(valbelle: Any, people: Any) -> None:
    shared(valbelle, "Voie verte du Rhône à Noës", metres=3000)
    shared(valbelle, "Station d’épuration")
    actor = people.actor("reader")

    def found(**asked: Any) -> list[str]:
        return [card.facts.title["fr"] for card in queries.search(actor, queries.Search(**asked)).rows]

    assert found(text="voie vert noes") == ["Voie verte du Rhône à Noës"]
    assert found(text="ÉPURATION") == ["Station d’épuration"]
    assert found(text="téléphérique") == []
    assert found(unit=M, least=Decimal(100)) == ["Voie verte du Rhône à Noës"]
    assert found(unit=vocabulary.QuantityUnit.TREE) == []
    assert found(kind=states.MeasureKind.STUDY) == []


def test_only_people_of_a_territory_read_it(valbelle: Any, people: Any) -> None:
    card = shared(valbelle, "Voie verte")
    for reads in (queries.categories, queries.unit_costs, queries.own_cards):
        with pytest.raises(Refused):
            reads(people.actor("nobody"))
    with pytest.raises(Refused):
        queries.card(people.actor("nobody"), card)
    assert queries.card(people.actor("elected"), card).id == card


def test_withdrawing(valbelle: Any, people: Any) -> None:
    card = shared(valbelle, "Voie verte")
    with pytest.raises(Refused):
        withdraw(actor=people.actor("neighbour"), card_id=card)
    withdraw(actor=people.actor("lead"), card_id=card)
    with pytest.raises(errors.NoSuchCard):
        queries.card(people.actor("lead"), card)
    with pytest.raises(errors.NoSuchCard):
        withdraw(actor=people.actor("lead"), card_id=card)


def file(actor: Actor, instance: str = "elsewhere.example") -> bytes:
    return exchange.written(queries.own_cards(actor), instance=instance, at=datetime(2026, 11, 1, tzinfo=UTC))


def test_a_file_comes_in_once(valbelle: Any, people: Any) -> None:
    """The library of one platform taken in by another: named, twice the same, changed where it changed."""
    shared(valbelle, "Voie verte")
    shared(valbelle, "Passerelle", 5000)
    governor, here = people.actor("governor"), valbelle.territory.pk
    content = file(governor)
    first = import_library(actor=governor, territory_id=here, content=content, here="here.example")
    assert (first.instance, first.added, first.same) == ("elsewhere.example", 2, 0)
    again = import_library(actor=governor, territory_id=here, content=content, here="here.example")
    assert (again.added, again.changed, again.same) == (0, 0, 2)
    assert queries.search(governor, queries.Search()).total == 4  # two of here, two of elsewhere
    changed = content.replace(b"Passerelle", b"Passerelle haute")
    third = import_library(actor=governor, territory_id=here, content=changed, here="here.example")
    assert (third.added, third.changed, third.same) == (0, 1, 1)
    own = import_library(
        actor=governor, territory_id=here, content=file(governor, "here.example"), here="here.example"
    )
    assert (own.added, own.changed, own.same, own.own) == (0, 0, 0, 2)


def test_import_is_for_administrators(valbelle: Any, people: Any) -> None:
    shared(valbelle, "Voie verte")
    for near in ("administrator", "elected", "office"):
        with pytest.raises(Refused):
            import_library(
                actor=people.actor(near),
                territory_id=valbelle.territory.pk,
                content=file(SYSTEM),
                here="here.example",
            )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "other"),
        (("schema",), 2),
        (("instance",), ""),
        (("measures",), {}),
        (("measures", 0, "title"), {}),
        (("measures", 0, "title"), {"fr": 3}),
        (("measures", 0, "kind"), "unknown"),
        (("measures", 0, "source_id"), "x"),
        (("measures", 0, "cost", "amount"), "-1"),
        (("measures", 0, "cost", "amount"), "NaN"),
        (("measures", 0, "cost", "currency"), "XXX"),
        (("measures", 0, "cost", "basis"), "guess"),
        (("measures", 0, "quantities", 0, "amount"), "0"),
        (("measures", 0, "quantities", 0, "unit"), "mile"),
        (("measures", 0, "phase_scheme"), "other"),
        (("measures", 0, "url"), "javascript:alert(1)"),
    ],
)
def test_a_wrong_file_takes_nothing_in(valbelle: Any, people: Any, path: tuple[Any, ...], value: Any) -> None:
    shared(valbelle, "Voie verte")
    document = json.loads(file(SYSTEM))
    at = document
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    with pytest.raises(errors.NotALibrary):
        import_library(
            actor=people.actor("governor"),
            territory_id=valbelle.territory.pk,
            content=json.dumps(document).encode(),
            here="here.example",
        )
    assert queries.search(SYSTEM, queries.Search()).total == 1


def test_starting_from_a_card(valbelle: Any, people: Any) -> None:
    phases = (
        values.PhaseDraft("31", planned=(date(2025, 1, 1), date(2025, 7, 1))),
        values.PhaseDraft("32", planned=(date(2025, 8, 1), date(2026, 8, 1))),
    )
    card = shared(valbelle, "Voie verte", 1000, 10, description={"fr": "Texte"}, phases=phases)
    neighbour = people.actor("neighbour")
    start = Start(valbelle.rochefort.pk, quantity=Decimal(25), begins=date(2030, 1, 1))
    made_id = start_from(
        actor=neighbour, card_id=card, territory_id=valbelle.territory.pk, start=start, language="fr"
    )
    view = page.measure_page(neighbour, made_id, language="fr")
    assert (view.title, view.description, view.published) == ({"fr": "Voie verte"}, {"fr": "Texte"}, False)
    assert view.cost == chf(2500)
    assert "Montaigu" in view.estimates[0].source
    assert [phase.planned for phase in view.phases] == [
        (date(2030, 1, 1), date(2030, 7, 1)),
        (date(2030, 7, 1), date(2031, 7, 1)),
    ]
    assert not view.sites and not view.funding and not view.spending and not view.listings
    followed = follow.followed(neighbour, made_id, "fr")
    assert [(one.unit, one.planned) for one in followed.quantities] == [(M, Decimal(25))]
    verbs = [entry.verb for entry in entries_of(("plans.measure", str(made_id))).rows]
    assert "library.start_from" in verbs


def test_starting_without_a_quantity_proposes_no_cost(valbelle: Any, people: Any) -> None:
    card = shared(valbelle, "Voie verte")
    lead, here = people.actor("lead"), valbelle.territory.pk
    for keep, kept in ((False, []), (True, [Decimal(10)])):
        start = Start(valbelle.montaigu.pk, keep=keep)
        made_id = start_from(actor=lead, card_id=card, territory_id=here, start=start, language="fr")
        assert page.measure_page(lead, made_id, language="fr").cost is None
        assert [one.planned for one in follow.followed(lead, made_id, "fr").quantities] == kept


def test_who_may_start(valbelle: Any, people: Any) -> None:
    card = shared(valbelle, "Voie verte")
    for near in ("reader", "neighbour", "elected"):
        with pytest.raises(Refused):
            start_from(
                actor=people.actor(near),
                card_id=card,
                territory_id=valbelle.territory.pk,
                start=Start(valbelle.montaigu.pk),
                language="fr",
            )
