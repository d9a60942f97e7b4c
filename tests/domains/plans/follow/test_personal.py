"""The rights of the people named as actors of measures."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from belvedere.domains.plans.models import MeasureActor
from belvedere.domains.plans.public import follow
from belvedere.domains.plans.vocabulary import ActorRole
from belvedere.duties.journal.public import entries_of
from belvedere.duties.privacy.public import Order, Subject, erase, export, find, rectify
from belvedere.kernel.errors import NotFound
from belvedere.kernel.paging import Window

pytestmark = pytest.mark.django_db
ORDER = Order(None, "Délégué", "demande du 3 mai")


@pytest.fixture
def jeanne(people: Any) -> Any:
    people.finance.display_name = "Jeanne Favre"
    people.finance.save()
    return people.finance


@pytest.fixture
def parts(people: Any, valbelle: Any, jeanne: Any, street: UUID, bridge: UUID) -> dict[str, int]:
    lead = people.actor("lead")

    def add(measure: UUID, **more: Any) -> int:
        draft = follow.ActorDraft(ActorRole.PILOT, **more)
        return follow.set_actor(actor=lead, measure_id=measure, version=None, draft=draft)

    return {
        "person": add(street, person_id=jeanne.pk),
        "at_canton": add(street, person_id=jeanne.pk, organisation_id=valbelle.canton.pk),
        "typed": add(bridge, label="Mme Jeanne FAVRE, cheffe de projet"),
        "address": add(bridge, label="finance@example.org"),
        # near misses: one more letter, one word only, another address that ends alike
        "homonym": add(bridge, label="Jeanne Favrel"),
        "first_name": add(bridge, label="Jeanne"),
        "alike": add(bridge, label="lafinance@example.org"),
    }


def test_the_person_is_found_and_nobody_else(jeanne: Any, parts: dict[str, int]) -> None:
    held = find(Subject("Finance@example.org"))["plans"]
    assert {int(row.id) for row in held} == {
        parts[name] for name in ("person", "at_canton", "typed", "address")
    }
    told = export(Subject("finance@example.org"))["plans"]["parts_in_measures"]
    assert len(told) == 4 and "Favrel" not in str(told)


def test_nothing_about_somebody_else(people: Any, parts: dict[str, int]) -> None:
    assert "plans" not in find(Subject("contributor@example.org"))
    with pytest.raises(NotFound):
        export(Subject("personne@example.org"))


def test_one_without_an_account_is_found_by_address(people: Any, bridge: UUID) -> None:
    draft = follow.ActorDraft(ActorRole.CONTACT, label="Luc Bo <luc@bureau.example>")
    follow.set_actor(actor=people.actor("lead"), measure_id=bridge, version=None, draft=draft)
    assert len(find(Subject("luc@bureau.example"))["plans"]) == 1
    assert find(Subject("uc@bureau.example")) == {}
    erase(Subject("luc@bureau.example"), ORDER)
    assert not MeasureActor.objects.exists()


def test_a_typed_name_is_corrected(jeanne: Any, parts: dict[str, int]) -> None:
    outcome = rectify(Subject("finance@example.org"), {"display_name": "Jeanne Rey"}, ORDER)
    assert outcome["plans"][0].rows == 1
    assert MeasureActor.objects.get(pk=parts["typed"]).label == "Mme Jeanne Rey, cheffe de projet"
    assert MeasureActor.objects.get(pk=parts["homonym"]).label == "Jeanne Favrel"


def test_erasing_takes_the_person_out_before_the_account_goes(
    people: Any, valbelle: Any, jeanne: Any, parts: dict[str, int], street: UUID
) -> None:
    outcome = erase(Subject("finance@example.org"), ORDER)
    assert outcome["plans"][0].rows == 4
    left = {row.pk: row for row in MeasureActor.objects.all()}
    assert set(left) == {parts[name] for name in ("at_canton", "homonym", "first_name", "alike")}
    canton = left[parts["at_canton"]]
    assert canton.person_id is None and canton.organisation_id == valbelle.canton.pk
    assert find(Subject("finance@example.org")) == {}
    (entry, *_) = entries_of(("plans.measure", str(street)), Window(0, 5)).rows
    assert entry.verb == "plans.erase_actor" and entry.reason == ORDER.reason
    assert "Jeanne" not in str((entry.before, entry.after))


def test_an_erased_person_has_no_name_on_the_page(people: Any, jeanne: Any, street: UUID) -> None:
    draft = follow.ActorDraft(ActorRole.PILOT, person_id=jeanne.pk)
    follow.set_actor(actor=people.actor("lead"), measure_id=street, version=None, draft=draft)
    jeanne.erased_at = "2026-01-01T00:00:00Z"
    jeanne.save()
    assert follow.followed(people.actor("lead"), street, "fr").actors == ()
