"""The pages of rules: the form that reads as a sentence says what the rule says, and back."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import translation

from belvedere.domains.automation import public as automation
from belvedere.domains.automation import watching
from belvedere.domains.automation.models import Alarm
from belvedere.domains.automation.public import Body, Clause, Judge, Watched
from belvedere.faces.web.pages.automation import builder, sentences
from belvedere.kernel.clock import standing_at
from belvedere.kernel.severity import Severity
from belvedere.science.alarms.comparing import Apart, Measure
from belvedere.science.alarms.conditions import Side
from tests.domains.automation.examples import FULL, container, raise_one, rule
from tests.domains.automation.judged import judge, minutes, say, series
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

HERE = "/cockpit/valbelle/rules/"
NIGHTS = automation.Hours(tuple(range(1, 8)), "22:00", "06:00")
CONDITIONS = {
    "above": Clause("fillingLevel", automation.Level(Side.ABOVE, 0.9, 0.8)),
    "below": Clause("temperature", automation.Level(Side.BELOW, -4.5)),
    "rises": Clause("fillingLevel", automation.Change(Side.ABOVE, 0.07, 7200.0)),
    "falls": Clause("temperature", automation.Change(Side.BELOW, 12.25, 90.0)),
    "silent": Clause("fillingLevel", automation.Silence(172_800.0)),
    "stuck": Clause("fillingLevel", automation.Stuck(43_200.0, 0.01)),
    "stuck, exactly": Clause("temperature", automation.Stuck(86_400.0)),
    "usual": Clause("fillingLevel", automation.Usual(Apart.ABOVE, 0.5, weeks=6, clears_at=0.2)),
    "usual, in deviations": Clause("temperature", automation.Usual(Apart.EITHER, 4.0, Measure.DEVIATIONS)),
    "others": Clause("fillingLevel", automation.Neighbours(Apart.BELOW, 0.25, same_place=True)),
    "others, in percent": Clause(
        "temperature", automation.Neighbours(Apart.EITHER, 0.4, Measure.SHARE, fresh_s=1800.0)
    ),
    "expected": Clause("fillingLevel", automation.Expected(Apart.ABOVE, 0.25, clears_at=0.1)),
    "expected, told by another": Clause(
        "temperature",
        automation.Expected(Apart.EITHER, 0.5, Measure.SHARE, 10_800.0, "urn:example:expected"),
    ),
    "foreseen": Clause("fillingLevel", automation.Foreseen(Side.ABOVE, 0.9, 21_600.0, 0.8)),
    "foreseen, below": Clause("temperature", automation.Foreseen(Side.BELOW, -1.5, 43_200.0)),
    "says": Clause("status", automation.Says(("lidOpen", "dropped"))),
}
WHOLE = Body(
    watched=Watched(kind="waste-container", things=(12, 15)),
    clauses=(CONDITIONS["above"], CONDITIONS["stuck"]),
    for_s=1800.0,
    clear_for_s=300.0,
    trusted_s=86_400.0,
    excepted=automation.Excepted((NIGHTS, automation.Hours((6, 7), "00:00", "24:00")), "CH-VS"),
    advice="Vider.\nPuis appeler.",
    closing=automation.Closing.BY_ITSELF,
    gathers=True,
)


PLACED = Watched(kind="waste-container")
TALLIED = {
    "count": Body(PLACED, (CONDITIONS["above"],), tally=automation.Count(Side.ABOVE, 5, clears_at=3)),
    "few": Body(PLACED, (CONDITIONS["says"],), 900.0, tally=automation.Count(Side.BELOW, 12)),
    "share": Body(PLACED, (CONDITIONS["silent"],), tally=automation.Count(Side.ABOVE, 0.25, share=True)),
    "sum": Body(PLACED, (CONDITIONS["below"],), tally=automation.Sum()),
}


def view_of(body: Body) -> automation.RuleView:
    from datetime import UTC, datetime
    from uuid import UUID

    at = datetime(2026, 11, 22, tzinfo=UTC)
    return automation.RuleView(1, UUID(int=1), None, "Bac", Severity.MAJOR, body, 3, False, at, None)


def sent(draft: builder.Draft) -> Mapping[str, list[str]]:
    """What a browser sends of the form."""
    found: dict[str, list[str]] = {
        "name": [draft.name], "severity": [draft.severity], "owner": [draft.owner], "kind": [draft.kind],
        "thing": [str(one) for one in draft.things], "place": [str(one) for one in draft.places],
        "holidays": [draft.holidays], "advice": [draft.advice], "closing": [draft.closing],
        "gathers": [draft.gathers], "tally": [draft.tally.of], "tally-side": [draft.tally.side],
        "tally-n": [draft.tally.n], "tally-back": [draft.tally.back],
        "expected": [draft.expected], "reason": [draft.reason], "type": [draft.type],
        "organisation": [str(one) for one in draft.organisations],
    }  # fmt: skip
    for name in ("lasting", "clearing", "trusted"):
        span = getattr(draft, name)
        found |= {name: [span.amount], f"{name}-unit": [span.unit]}
    for n, one in enumerate(draft.clauses):
        found |= {f"attribute-{n}": [one.attribute], f"asks-{n}": [one.asks], f"n-{n}": [one.n]}
        found |= {f"back-{n}": [one.back], f"word-{n}": list(one.words)}
        found |= {f"measure-{n}": [one.measure], f"weeks-{n}": [one.weeks]}
        found |= {f"same_place-{n}": ["1"]} if one.same_place else {}
        found |= {f"forecast-{n}": [one.forecast]}
        found |= {f"span-{n}": [one.span.amount], f"span-{n}-unit": [one.span.unit]}
    for n, hours in enumerate(draft.hours):
        found |= {f"days-{n}": [str(day) for day in hours.days]}
        found |= {f"start-{n}": [hours.start], f"end-{n}": [hours.end]}
    return found


def query(fields: Mapping[str, list[str]]) -> QueryDict:
    made = QueryDict(mutable=True)
    for name, values in fields.items():
        made.setlist(name, values)
    return made


@pytest.mark.parametrize(
    "body",
    [
        *(Body(Watched(kind="waste-container"), (one,)) for one in CONDITIONS.values()),
        WHOLE,
        *TALLIED.values(),
    ],
)
def test_the_form_says_the_rule_and_back(body: Body) -> None:
    typed = builder.of_rule(view_of(body))
    again = builder.read(query(sent(typed)))
    assert again == typed
    assert builder.body_of(again) == body


def test_people_write_percents_and_commas() -> None:
    typed = builder.ClauseDraft("fillingLevel", "above", "87,5 %", "80")
    assert builder._condition("waste-container", typed, 0) == automation.Level(Side.ABOVE, 0.875, 0.8)
    with pytest.raises(automation_error()) as refused:
        builder.number("viel", "n-0")
    assert refused.value.data["field"] == "n-0"


def automation_error() -> Any:
    from belvedere.domains.automation.errors import BadRule

    return BadRule


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            "When “Filling level” is above 90% (over once below 80%) and “Filling level” moves by no "
            "more than 1.0% in 12 h at containers (2 chosen things) for 30 min, outside every day "
            "22:00–06:00, Sat, Sun 00:00–24:00, public holidays (canton VS), raise an alarm: major.",
        ),
        (
            "fr",
            "Quand « Taux de remplissage » dépasse 90 % (fini en dessous de 80 %) et "
            "« Taux de remplissage » ne bouge pas de plus de 1,0 % en 12 h sur des conteneurs "
            "(2 objets choisis) pendant 30 min, hors tous les jours 22:00–06:00, sam, dim 00:00–24:00, "
            "jours fériés (canton VS), déclencher une alarme : majeure.",
        ),
        (
            "de",
            "Wenn bei «Behälter» (2 ausgewählte Objekte) «Füllstand» über 90% liegt (vorbei unter 80%) und "
            "«Füllstand» sich in 12 h um höchstens 1.0% bewegt (während 30 min), ausser jeden Tag "
            "22:00–06:00, Sa, So 00:00–24:00, Feiertage (Kanton VS): Alarm auslösen, schwer.",
        ),
    ],
)
def test_a_rule_is_said_in_each_language(language: str, expected: str) -> None:
    with translation.override(language):
        told = sentences.said(WHOLE, Severity.MAJOR)
    assert told.replace("\u00a0", " ").replace("\u202f", " ") == expected


@pytest.mark.parametrize(
    ("language", "name", "expected"),
    [
        ("en", "expected", "“Filling level” is more than 25% above its forecast (over once within 10%)"),
        ("fr", "foreseen, below", "« Température intérieure » passera sous −1,50 °C dans les 12 h"),
        ("de", "foreseen", "«Füllstand» in den nächsten 6 h über 90% steigt (vorbei unter 80%)"),
    ],
)
def test_a_forecast_is_said_in_each_language(language: str, name: str, expected: str) -> None:
    with translation.override(language):
        told = sentences.clause("waste-container", CONDITIONS[name])
    assert told.replace("\u00a0", " ").replace("\u202f", " ") == expected


def test_what_tells_a_forecast_is_asked_what_it_must_reach() -> None:
    assert builder.conditions_of("water-observed", "waterLevelForecast") == (*builder.FORESEEN, "silent")
    assert set(builder.EXPECTED) <= set(builder.conditions_of("water-observed", "waterLevel"))
    assert not set(builder.EXPECTED) & set(builder.conditions_of("water-observed", "swellHeight"))


@pytest.mark.parametrize("name", CONDITIONS)
@pytest.mark.parametrize("language", ["fr", "de", "en"])
def test_every_condition_can_be_said(name: str, language: str) -> None:
    with translation.override(language):
        told = sentences.clause("waste-container", CONDITIONS[name])
    assert told and "%(" not in told


@pytest.mark.parametrize(
    ("name", "language", "expected"),
    [
        ("count", "en", "When at more than 5 containers at once “Filling level” is above 90% "
         "(over once below 80%) (over once no more than 3 of them), raise one alarm for all: major."),
        ("count", "fr", "Quand « Taux de remplissage » dépasse 90 % (fini en dessous de 80 %) à la fois "
         "sur plus de 5 conteneurs (fini à 3 d’entre eux ou moins), déclencher "
         "une seule alarme pour tous : majeure."),
        ("share", "de", "Wenn bei mehr als 25% aller «Behälter» «Füllstand» während 2 T. nicht eintrifft: "
         "einen Alarm für alle auslösen, schwer."),
        ("sum", "fr", "Quand « Température intérieure » est en dessous de -4,50 °C pour la somme des "
         "conteneurs, déclencher une seule alarme pour tous : majeure."),
    ],
)  # fmt: skip
def test_a_rule_of_all_its_things_is_said(name: str, language: str, expected: str) -> None:
    with translation.override(language):
        told = sentences.said(TALLIED[name], Severity.MAJOR)
    assert told.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2212", "-") == expected


# ---- pages


def browser(people: People, who: str = "lead") -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def said(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content
    return html.unescape(" ".join(answer.content.decode().split()))


def typed(valbelle: Valbelle, **other: Any) -> dict[str, Any]:
    return {
        "name": "Bac plein", "severity": "3", "owner": str(valbelle.montaigu.pk), "kind": "waste-container",
        "attribute-0": "fillingLevel", "asks-0": "above", "n-0": "90", "back-0": "80",
        "advice": "Leeren lassen.", "closing": "by_hand", "save": "1", **other,
    }  # fmt: skip


@pytest.mark.django_db
def test_a_rule_is_written_switched_on_and_changed_in_versions(valbelle: Valbelle, people: People) -> None:
    client = browser(people)
    assert "Write a rule" in said(client.get(f"{HERE}new/"))
    answer = client.post(f"{HERE}new/", typed(valbelle))
    (made,) = automation.rules(people.actor("lead"), valbelle.territory.pk)
    assert answer["Location"] == f"{HERE}{made.id}/" and made.body == FULL and not made.is_on
    client.post(f"{HERE}{made.id}/switch/", {"on": "1"})
    raise_one(made.id, container(valbelle.montaigu.pk))
    page = said(client.get(HERE))
    assert "1 rule watches" in page and "is above 90% (over once below 80%) at containers" in page
    changed = {"n-0": "95", "expected": "1", "reason": "Zu oft"}
    client.post(f"{HERE}{made.id}/change/", typed(valbelle, **changed))
    page = said(client.get(f"{HERE}{made.id}/"))
    assert "above 95%" in page and "Zu oft" in page and "Version 1" in page and "Lead" in page
    assert "This is version 1, as it was" in said(client.get(f"{HERE}{made.id}/?version=1"))
    client.post(f"{HERE}{made.id}/remove/")
    assert "No rule yet" in said(client.get(HERE))


@pytest.mark.django_db
def test_what_somebody_else_saved_meanwhile_is_shown_and_what_was_typed_is_kept(
    valbelle: Valbelle, people: People
) -> None:
    made, client = rule(valbelle.montaigu.pk), browser(people)
    client.post(f"{HERE}{made.id}/change/", typed(valbelle, expected="1", **{"n-0": "70", "back-0": ""}))
    answer = client.post(f"{HERE}{made.id}/change/", typed(valbelle, expected="1", **{"n-0": "85"}))
    page = said(answer, 409)
    assert 'name="n-0" value="85"' in page and "above 70%" in page and 'name="expected" value="2"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "at", "told"),
    [
        ({"n-0": "voll"}, 'name="n-0" value="voll"', "Write a number"),
        ({"back-0": "95"}, 'name="back-0" value="95"', "still beyond"),
        ({"name": " "}, 'id="rl-name"', "Give the rule a name"),
        ({"tally": "count", "tally-n": "some"}, 'name="tally-n" value="some"', "Write a number"),
        ({"tally": "share", "tally-n": "120"}, 'name="tally-n" value="120"', "Give a share"),
        ({"tally": "sum", "asks-0": "silent", "span-0": "2"}, '<option value="sum" selected', "one level"),
    ],
)
def test_what_cannot_be_followed_is_told_at_its_field(
    wrong: dict[str, str], at: str, told: str, valbelle: Valbelle, people: People
) -> None:
    page = said(browser(people).post(f"{HERE}new/", typed(valbelle, **wrong)), 422)
    assert at in page and told in page and 'aria-invalid="true"' in page


@pytest.mark.django_db
def test_the_form_changes_with_the_condition_and_saves_nothing(valbelle: Valbelle, people: People) -> None:
    client = browser(people)
    asked = typed(valbelle, **{"asks-0": "silent", "more": "1"})
    del asked["save"]
    whole = said(client.post(f"{HERE}new/", asked))
    assert 'name="span-0"' in whole and 'name="n-0"' not in whole and 'name="attribute-1"' in whole
    asked |= {"attribute-0": "status", "asks-0": "above"}
    part = said(client.post(f"{HERE}new/", asked, HTTP_HX_REQUEST="true"))
    assert part.startswith('<div id="rl-fields"') and 'value="lidOpen"' in part
    assert automation.rules(people.actor("lead"), valbelle.territory.pk) == []


@pytest.mark.django_db
def test_what_is_compared_has_its_fields_and_says_which_is_wrong(valbelle: Valbelle, people: People) -> None:
    client = browser(people)
    asked = typed(valbelle, **{"asks-0": "usual_above", "n-0": "50", "back-0": "20"})
    asked.pop("save")
    page = said(client.post(f"{HERE}new/", {**asked, "refresh": "1"}))
    assert 'name="measure-0"' in page and 'name="weeks-0"' in page
    assert "more than 50% above what is usual at this hour (learnt from 4 weeks)" in page
    page = said(client.post(f"{HERE}new/", {**asked, "weeks-0": "40", "save": "1"}), 422)
    assert "1 to 12 weeks" in page and 'aria-invalid="true"' in page
    page = said(client.post(f"{HERE}new/", {**asked, "asks-0": "others_either", "refresh": "1"}))
    assert 'name="same_place-0"' in page and "differs by more than 50% from the middle of the others" in page


def test_a_rule_is_tried_on_the_past_before_it_is_saved(valbelle: Valbelle, people: People) -> None:
    container(valbelle.montaigu.pk)
    client, asked = browser(people), typed(valbelle, **{"try": "1"})
    del asked["save"]
    page = said(client.post(f"{HERE}new/", asked, HTTP_HX_REQUEST="true"))
    assert "It would have raised 0 alarms at 0 of" in page and 'name="n-0" value="90"' in page
    assert automation.rules(people.actor("lead"), valbelle.territory.pk) == []
    wrong = said(client.post(f"{HERE}new/", asked | {"n-0": "x"}, HTTP_HX_REQUEST="true"), 422)
    assert "Write a number" in wrong
    made = rule(valbelle.montaigu.pk)
    assert "It would have raised" in said(client.get(f"{HERE}{made.id}/?try=1"))
    assert "It watches now" in said(client.get(f"{HERE}{made.id}/"))
    for who in ("contributor", "reader"):
        page = said(browser(people, who).get(f"{HERE}{made.id}/?try=1"))
        assert "It would have raised" not in page and "It watches now" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "status"), [("contributor", 403), ("neighbour", 404), ("nobody", 403)])
def test_only_managers_of_the_owner_write_its_rules(
    who: str, status: int, valbelle: Valbelle, people: People
) -> None:
    made, client = rule(valbelle.montaigu.pk, on=False), browser(people, who)
    assert client.get(f"{HERE}{made.id}/change/").status_code == status
    for path in ("change", "switch", "remove"):
        assert client.post(f"{HERE}{made.id}/{path}/", typed(valbelle, on="1")).status_code == status
    assert client.post(f"{HERE}new/", typed(valbelle)).status_code == 403
    seen = client.get(f"{HERE}{made.id}/")
    assert seen.status_code == (200 if who == "contributor" else status)
    assert not automation.rule(people.actor("governor"), made.id).is_on


@pytest.mark.django_db
def test_a_rule_of_all_its_things_is_tried_and_its_alarm_names_them(
    valbelle: Valbelle, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "FRESH_S", 0.0)
    client = browser(people)
    ids = [container(valbelle.montaigu.pk, f"PAV {n}") for n in range(3)]
    say([(series(one), -30, 0.5) for one in ids])
    say([(series(one), -20 + n, 0.95) for n, one in enumerate(ids)])
    asked = typed(valbelle, **{"tally": "count", "tally-side": "above", "tally-n": "2", "tally-back": "1"})
    with standing_at(minutes(0)):
        page = said(
            client.post(
                f"{HERE}new/", {key: one for key, one in asked.items() if key != "save"} | {"try": "1"}
            )
        )
    assert (
        "would have raised 1 alarm for all 3 things together" in page and 'name="tally-n" value="2"' in page
    )
    client.post(f"{HERE}new/", asked)
    (made,) = automation.rules(people.actor("lead"), valbelle.territory.pk)
    client.post(f"{HERE}{made.id}/switch/", {"on": "1"})
    judge(Judge(), 0)
    listed = said(client.get("/cockpit/valbelle/alarms/"))
    assert "3 of 3 things" in listed and "PAV 1" not in listed
    number = Alarm.objects.get().pk
    page = said(client.get(f"/cockpit/valbelle/alarms/{number}/"))
    assert f'/{ids[1]}/"><bdi>PAV 1</bdi></a>' in page and "PAV 1" in page and "at once" in page
    neighbour = browser(people, "neighbour")
    assert neighbour.get(f"/cockpit/valbelle/alarms/{number}/").status_code == 404
    planned = client.get(f"/cockpit/valbelle/interventions/new/?alarm={number}")
    assert planned.status_code == 200
