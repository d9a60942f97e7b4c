"""Indicators: defined once in the territory, attached with two ends, valued by source, never mixed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.errors import AlreadyThere
from belvedere.domains.plans.models import IndicatorValue
from belvedere.domains.plans.public import follow
from belvedere.domains.plans.vocabulary import Direction, ValueKind
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import Conflict, InvalidInput, NotFound, Refused
from belvedere.kernel.paging import Window

pytestmark = pytest.mark.django_db
CYCLISTS = follow.IndicatorDraft({"fr": "Cyclistes par jour"}, "vélos/j")


@pytest.fixture
def cyclists(valbelle: Any) -> int:
    return follow.define_indicator(actor=Actor.system(), territory_id=valbelle.territory.pk, draft=CYCLISTS)


def attach(people: Any, measure: UUID, indicator: int, **more: Any) -> UUID:
    draft = follow.EffectDraft(
        indicator,
        baseline=Decimal(1000),
        baseline_on=date(2024, 6, 1),
        target=Decimal(2000),
        target_on=date(2030, 6, 1),
    )
    return follow.set_effect(
        actor=people.actor("governor"), measure_id=measure, version=None, draft=draft, **more
    )


def value(people: Any, measure: UUID, effect: UUID, day: date, number: object, **more: Any) -> int:
    draft = follow.IndicatorValueDraft(day, Decimal(str(number)), **more)
    return follow.set_value(
        actor=people.actor("contributor"), measure_id=measure, version=None, effect_id=effect, draft=draft
    )


@pytest.mark.parametrize("who", ["lead", "contributor", "neighbour", "governor"])
def test_those_who_may_define(who: str, people: Any, valbelle: Any) -> None:
    made = follow.define_indicator(
        actor=people.actor(who), territory_id=valbelle.territory.pk, draft=CYCLISTS
    )
    (row,) = follow.indicators_of(people.actor(who), valbelle.territory.pk, "fr")
    assert (row.id, row.code, row.may_change) == (made, "cyclistes-par-jour", True)


@pytest.mark.parametrize("who", ["reader", "finance", "elected", "nobody"])
def test_those_who_may_not_define(who: str, people: Any, valbelle: Any) -> None:
    with pytest.raises(Refused):
        follow.define_indicator(actor=people.actor(who), territory_id=valbelle.territory.pk, draft=CYCLISTS)
    assert follow.indicators_of(people.actor("governor"), valbelle.territory.pk, "fr") == ()


def test_a_role_elsewhere_defines_nothing_here(people: Any, valbelle: Any) -> None:
    from belvedere.domains.territory.models import Territory

    other = Territory.objects.create(slug="autre", names={"fr": "Autre"}, country="CH", currency="CHF")
    with pytest.raises(Refused):
        follow.define_indicator(actor=people.actor("lead"), territory_id=other.pk, draft=CYCLISTS)


def test_a_code_is_borne_once(people: Any, valbelle: Any, cyclists: int) -> None:
    with pytest.raises(AlreadyThere) as refused:
        follow.define_indicator(
            actor=people.actor("lead"), territory_id=valbelle.territory.pk, draft=CYCLISTS
        )
    assert "cyclistes-par-jour" in str(refused.value)


def test_who_changes_the_word_writes_all_that_use_it(
    people: Any, valbelle: Any, cyclists: int, street: UUID, station: UUID
) -> None:
    attach(people, street, cyclists)
    new = follow.IndicatorDraft({"fr": "Vélos par jour"}, "vélos/j", code="velos")

    def change(who: str) -> None:
        follow.define_indicator(
            actor=people.actor(who), territory_id=valbelle.territory.pk, draft=new, item_id=cyclists
        )

    with pytest.raises(Refused):
        change("neighbour")  # a manager too, but of the commune that does not use it
    change("lead")
    attach(people, station, cyclists)
    with pytest.raises(Refused):
        change("lead")
    change("governor")
    (row,) = follow.indicators_of(people.actor("lead"), valbelle.territory.pk, "fr")
    assert (row.name.text, row.uses, row.may_change) == (
        "Vélos par jour",
        1,
        False,
    )  # Rochefort's is not seen


def test_the_unit_stands_once_values_are_recorded(
    people: Any, valbelle: Any, cyclists: int, street: UUID
) -> None:
    attach(people, street, cyclists)
    other = follow.IndicatorDraft({"fr": "Cyclistes par jour"}, "milliers/j")
    with pytest.raises(Conflict):
        follow.define_indicator(
            actor=people.actor("lead"), territory_id=valbelle.territory.pk, draft=other, item_id=cyclists
        )
    with pytest.raises(Conflict):
        follow.remove_indicator(
            actor=people.actor("lead"), territory_id=valbelle.territory.pk, item_id=cyclists
        )


def test_an_indicator_that_nobody_uses_goes(people: Any, valbelle: Any, cyclists: int) -> None:
    from belvedere.domains.territory.models import Territory

    other = Territory.objects.create(slug="autre", names={"fr": "Autre"}, country="CH", currency="CHF")
    with pytest.raises(NotFound):
        follow.remove_indicator(actor=Actor.system(), territory_id=other.pk, item_id=cyclists)
    with pytest.raises(Refused):
        follow.remove_indicator(
            actor=people.actor("reader"), territory_id=valbelle.territory.pk, item_id=cyclists
        )
    follow.remove_indicator(actor=people.actor("lead"), territory_id=valbelle.territory.pk, item_id=cyclists)
    assert follow.indicators_of(people.actor("lead"), valbelle.territory.pk, "fr") == ()


def test_progress_keeps_sources_apart(people: Any, cyclists: int, street: UUID) -> None:
    effect = attach(people, street, cyclists)
    value(people, street, effect, date(2025, 6, 1), 1100, source="Compteur")
    value(people, street, effect, date(2026, 6, 1), 1250, source="Compteur")
    value(people, street, effect, date(2026, 5, 1), 2100, source="Enquête")
    value(people, street, effect, date(2026, 7, 1), 1900, source="Compteur", kind=ValueKind.ESTIMATE)
    (seen,) = follow.followed(people.actor("reader"), street, "fr").effects
    told = [(step.kind.value, step.source, step.value, step.share, step.reached) for step in seen.progress]
    assert told == [
        ("result", "Compteur", Decimal(1250), Decimal("0.25"), False),
        ("result", "Enquête", Decimal(2100), Decimal("1.1"), True),
        ("estimate", "Compteur", Decimal(1900), Decimal("0.9"), False),
    ]


def test_a_source_says_one_result_a_day(people: Any, cyclists: int, street: UUID) -> None:
    effect = attach(people, street, cyclists)
    day = date(2026, 6, 1)
    made = value(people, street, effect, day, 1100, source="Compteur")
    with pytest.raises(AlreadyThere):
        value(people, street, effect, day, 1200, source="Compteur")
    value(people, street, effect, day, 1200, source="Enquête")
    value(people, street, effect, day, 1200, source="Compteur", kind=ValueKind.ESTIMATE)
    draft = follow.IndicatorValueDraft(day, Decimal(1150), source="Compteur", comment="corrigé")
    lead = people.actor("lead")
    follow.set_value(actor=lead, measure_id=street, version=None, effect_id=effect, draft=draft, item_id=made)
    assert IndicatorValue.objects.get(pk=made).value == Decimal(1150)
    follow.remove_value(actor=lead, measure_id=street, version=None, effect_id=effect, item_id=made)
    assert IndicatorValue.objects.count() == 2


def test_falling_and_steady_and_the_wrong_way(people: Any, valbelle: Any, street: UUID) -> None:
    shares = []
    for name, direction, baseline, target, now in (
        ("Bruit", Direction.DOWN, 60, 50, 55),
        ("Morts", Direction.DOWN, 4, 0, 6),
        ("Niveau", Direction.STEADY, 8, 8, "8.04"),
        ("Surface", Direction.UP, None, 10, 12),
    ):
        indicator = follow.define_indicator(
            actor=people.actor("lead"),
            territory_id=valbelle.territory.pk,
            draft=follow.IndicatorDraft({"fr": name}, "u", decimals=1, direction=direction),
        )
        draft = follow.EffectDraft(
            indicator,
            baseline=None if baseline is None else Decimal(baseline),
            target=Decimal(target),
        )
        effect = follow.set_effect(actor=people.actor("lead"), measure_id=street, version=None, draft=draft)
        value(people, street, effect, date(2026, 1, 1), now)
    for effect_view in follow.followed(people.actor("lead"), street, "fr").effects:
        (step,) = effect_view.progress
        shares.append((effect_view.indicator.name.text, step.share, step.reached))
    assert shares == [
        ("Bruit", Decimal("0.5"), False),
        ("Morts", Decimal("-0.5"), False),
        ("Niveau", None, True),
        ("Surface", None, True),
    ]


def test_a_target_is_overdue_when_its_day_has_passed(people: Any, cyclists: int, street: UUID) -> None:
    effect = attach(people, street, cyclists)
    value(people, street, effect, date(2026, 6, 1), 2500, kind=ValueKind.ESTIMATE)

    def overdue(day: int) -> bool:
        with standing_at(datetime(2030, 6, day, 12, tzinfo=UTC)):
            return follow.followed(people.actor("lead"), street, "fr").effects[0].overdue

    assert (overdue(1), overdue(2)) == (False, True)  # an estimate reaches nothing
    value(people, street, effect, date(2027, 6, 1), 2000)
    assert not overdue(2)


def test_values_go_with_their_indicator_for_a_reason_only(people: Any, cyclists: int, street: UUID) -> None:
    effect = attach(people, street, cyclists)
    value(people, street, effect, date(2026, 6, 1), 1100)
    lead = people.actor("lead")
    with pytest.raises(InvalidInput):
        follow.remove_effect(actor=lead, measure_id=street, version=None, item_id=effect)
    follow.remove_effect(actor=lead, measure_id=street, version=None, item_id=effect, reason="doublon")
    told = entries_of(("plans.measure", str(street)), Window(0, 1)).rows[0]
    assert "1100" in str(told.before)
    assert follow.followed(lead, street, "fr").effects == ()


def test_an_indicator_stands_once_on_a_measure(
    people: Any, valbelle: Any, cyclists: int, street: UUID
) -> None:
    effect = attach(people, street, cyclists)
    with pytest.raises(AlreadyThere):
        attach(people, street, cyclists)
    attach(people, street, cyclists, item_id=effect)
    from belvedere.domains.territory.models import Territory

    other = Territory.objects.create(slug="autre", names={"fr": "Autre"}, country="CH", currency="CHF")
    foreign = follow.define_indicator(actor=Actor.system(), territory_id=other.pk, draft=CYCLISTS)
    with pytest.raises(InvalidInput):
        attach(people, street, foreign)


@pytest.mark.parametrize("who", ["reader", "finance", "office"])
def test_those_who_may_not_record(who: str, people: Any, cyclists: int, street: UUID) -> None:
    effect = attach(people, street, cyclists)
    draft = follow.IndicatorValueDraft(date(2026, 1, 1), Decimal(1))
    with pytest.raises(Refused):
        follow.set_value(
            actor=people.actor(who), measure_id=street, version=None, effect_id=effect, draft=draft
        )


def test_a_value_of_another_measure_is_not_touched(
    people: Any, cyclists: int, street: UUID, bridge: UUID
) -> None:
    effect, other = attach(people, street, cyclists), attach(people, bridge, cyclists)
    made = value(people, street, effect, date(2026, 6, 1), 1100)
    for measure, of in ((bridge, other), (bridge, effect), (street, other)):
        with pytest.raises(NotFound):
            follow.remove_value(
                actor=people.actor("lead"), measure_id=measure, version=None, effect_id=of, item_id=made
            )


@pytest.mark.parametrize(
    "make",
    [
        lambda: follow.IndicatorDraft({}, "m"),
        lambda: follow.IndicatorDraft({"fr": "x"}, " "),
        lambda: follow.IndicatorDraft({"fr": "x"}, "m", decimals=5),
        lambda: follow.IndicatorDraft({"fr": "…"}, "m"),
        lambda: follow.EffectDraft(1, baseline_on=date(2024, 1, 1)),
        lambda: follow.EffectDraft(
            1,
            baseline=Decimal(1),
            baseline_on=date(2030, 1, 1),
            target=Decimal(2),
            target_on=date(2029, 1, 1),
        ),
        lambda: follow.IndicatorValueDraft(date(2026, 1, 1), Decimal("Infinity")),
    ],
)
def test_a_draft_refuses_what_makes_no_sense(make: Any) -> None:
    with pytest.raises(InvalidInput):
        make()
