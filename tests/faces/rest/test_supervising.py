"""Another system supervises: the verbs of the pages, each done once however often it is sent."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest

from belvedere.domains.access import repeating
from belvedere.domains.access.models import Repeatable
from belvedere.domains.automation import public as automation
from belvedere.domains.commands import public as commands
from belvedere.domains.equipment import public as equipment
from belvedere.domains.interventions import public as interventions
from belvedere.kernel.clock import now, standing_at
from tests.domains.automation.examples import clear_one
from tests.domains.interventions.examples import JPEG
from tests.faces.rest.asking import Caller, holder, holder_of
from tests.faces.rest.supervision import Supervised, supervise
from tests.lighting import Lighting
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
HERE = "territories/valbelle"


@pytest.fixture
def supervised(valbelle: Valbelle, people: People, lighting: Lighting) -> Supervised:
    return supervise(valbelle, people, lighting)


@pytest.fixture
def desk(people: People) -> Caller:
    return holder(people, "contributor")


def post(caller: Caller, path: str, body: Any, key: str = "") -> Any:
    answer = caller.send("post", path, body, key=key)
    assert answer.status_code in {200, 201}, answer.content
    return answer.json()


def test_from_the_alarm_to_the_proof(
    supervised: Supervised, lighting: Lighting, valbelle: Valbelle, desk: Caller
) -> None:
    alarm = f"alarms/{supervised.alarm_id}"
    assert post(desk, f"{alarm}/acknowledge", {"note": "Vu par le CMMS"})["state"] == "acknowledged"
    team = interventions.intervention(lighting.lead, supervised.intervention_id).row.team_id
    asked = {"what": "Remplacer la lampe", "alarm_id": supervised.alarm_id, "team_id": str(team)}
    job = post(desk, f"{HERE}/interventions", asked, "cmms-17")
    assert (job["equipment_id"], job["state"]) == (str(lighting.lamps[0]), "planned")
    assert desk.get(alarm).json()["state"] == "in_progress"
    at = f"interventions/{job['id']}"
    sent_out = post(desk, f"{at}/moves", {"act": "dispatch"})
    assert sent_out["due_arrive"] > sent_out["dispatched_at"]
    agent = holder_of(lighting.electrician)
    for act in ("accept", "depart", "arrive"):
        post(agent, f"{at}/moves", {"act": act})
    post(agent, f"{at}/points", {"position": 1})
    post(agent, f"{at}/times", {"minutes": 40}, "t1")
    post(agent, f"{at}/parts", {"words": "Lampe LED", "amount": "61.20"}, "p1")
    post(agent, f"{at}/photos", {"content": b64encode(JPEG).decode(), "caption": "Après"}, "f1")
    post(agent, f"{at}/signature", {"name": "Mme Favre"})
    finished = post(agent, f"{at}/moves", {"act": "finish", "note": "Allume de nouveau"})
    assert (finished["state"], finished["minutes"], finished["cost"]["amount"]) == ("done", 40, "61.20")
    assert [one["caption"] for one in finished["photos"]] == ["Après"]
    clear_one(supervised.rule_id, supervised.thing_id, now())
    assert post(desk, f"{at}/moves", {"act": "verify"})["state"] == "verified"
    assert desk.get(alarm).json()["state"] == "closed"


def test_what_is_sent_twice_is_done_once(supervised: Supervised, valbelle: Valbelle, desk: Caller) -> None:
    lamp = {"owner_id": str(valbelle.montaigu.pk), "kind": "luminaire", "name": "Neuve"}
    answers = [desk.send("post", f"{HERE}/equipment", lamp, key="gis-4711") for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert [one.get("Idempotent-Replayed") for one in answers] == [None, "true"]
    assert answers[1]["Location"].endswith(f"/equipment/{answers[0].json()['id']}")
    whole = desk.get(f"{HERE}/equipment?q=Neuve").json()
    assert whole["total"] == 1
    word = f"alarms/{supervised.alarm_id}/comments"
    for _again in range(2):
        told = post(desk, word, {"text": "Le riverain a rappelé"}, "c-1")
    assert [one["note"] for one in told["steps"]].count("Le riverain a rappelé") == 1


def test_a_key_is_for_one_request_of_one_token(
    supervised: Supervised, valbelle: Valbelle, desk: Caller, people: People
) -> None:
    lamp = {"owner_id": str(valbelle.montaigu.pk), "kind": "luminaire", "name": "Une"}
    post(desk, f"{HERE}/equipment", lamp, "same")
    other = desk.send("post", f"{HERE}/equipment", {**lamp, "name": "Autre"}, key="same")
    assert (other.status_code, other.json()["code"]) == (422, "key_used")
    assert post(holder(people, "lead"), f"{HERE}/equipment", lamp, "same")["name"] == "Une"
    none = desk.send("post", f"{HERE}/equipment", lamp)
    assert (none.status_code, none.json()["code"]) == (422, "key_needed")
    assert none.json()["errors"][0]["path"] == "Idempotency-Key"
    assert desk.send("post", f"{HERE}/equipment", lamp, key="é" * 3).status_code == 422


def test_what_failed_may_be_asked_again_under_its_key(
    supervised: Supervised, lighting: Lighting, desk: Caller
) -> None:
    dim = {"thing_ids": [supervised.thing_id], "kind": "dim", "value": 20}
    lamp: dict[str, Any] = {"actor": lighting.lead, "equipment_id": lighting.lamps[0], "version": None}
    work = equipment.put_under_maintenance(**lamp, starts_at=now(), ends_at=None, reason="Nacelle")
    refused = desk.send("post", f"{HERE}/commands", dim, key="k")
    assert (refused.status_code, refused.json()["code"]) == (409, "interlocked")
    equipment.end_maintenance(**lamp, maintenance_id=work)
    assert len(post(desk, f"{HERE}/commands", dim, "k")["commands"]) == 1


def test_keys_are_forgotten_after_a_week(supervised: Supervised, valbelle: Valbelle, desk: Caller) -> None:
    lamp = {"owner_id": str(valbelle.montaigu.pk), "kind": "luminaire", "name": "Une"}
    made = post(desk, f"{HERE}/equipment", lamp, "old")
    Repeatable.objects.update(at=now() - repeating.KEPT - timedelta(seconds=1))
    again = post(desk, f"{HERE}/equipment", lamp, "old")
    assert again["id"] != made["id"]
    assert Repeatable.objects.count() == 1


def test_a_command_is_asked_once_and_a_dangerous_one_waits(supervised: Supervised, desk: Caller) -> None:
    dim = {"thing_ids": list(supervised.lamps.ids), "kind": "dim", "value": 55}
    first, second = (post(desk, f"{HERE}/commands", dim, "night-1") for _ in range(2))
    assert [one["id"] for one in first["commands"]] == [one["id"] for one in second["commands"]]
    assert [one["thing_id"] for one in first["commands"]] == list(supervised.lamps.ids)
    valve = {"thing_ids": [supervised.lamps.meter], "kind": "valve", "value": "close"}
    assert desk.send("post", f"{HERE}/commands", valve, key="v0").status_code == 422  # no reason
    [asked] = post(desk, f"{HERE}/commands", {**valve, "why": "Fuite à la cave"}, "v1")["commands"]
    assert (asked["waits_for_second"], asked["state"]) == (True, "requested")
    taken_back = post(desk, f"commands/{asked['id']}/cancel", {"note": "Fausse alerte"})
    assert taken_back["state"] == "cancelled"
    late = desk.send("post", f"commands/{asked['id']}/cancel", {})
    assert (late.status_code, late["Content-Type"]) == (409, "application/problem+json")


def test_a_limit_holds_for_programs_too(supervised: Supervised, lighting: Lighting, desk: Caller) -> None:
    commands.set_limit(
        actor=lighting.lead,
        territory_id=lighting.territory.id,
        entity_id=supervised.thing_id,
        kind_slug="dim",
        low=20,
        high=None,
        why="Passage piéton",
    )
    dim = {"thing_ids": [supervised.thing_id], "kind": "dim", "value": 5}
    refused = desk.send("post", f"{HERE}/commands", dim, key="low")
    assert refused.status_code == 409
    assert "20" in refused.json()["detail"]


def test_an_alarm_that_moved_meanwhile_stays_as_it_is(
    supervised: Supervised, lighting: Lighting, desk: Caller
) -> None:
    alarm = f"alarms/{supervised.alarm_id}"
    automation.acknowledge(actor=lighting.lead, alarm_id=supervised.alarm_id)
    late = desk.send("post", f"{alarm}/take-up", {"expected": "raised"})
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    early = desk.send("post", f"{alarm}/close", {"proof": "Rien vu"})
    assert (early.status_code, early.json()["code"]) == (409, "wrong_alarm_state")
    until = (now() + timedelta(hours=2)).isoformat()
    assert post(desk, f"{alarm}/shelve", {"until": until, "why": "Chantier"})["shelved_why"] == "Chantier"
    assert post(desk, f"{alarm}/unshelve", {})["shelved_until"] is None
    assert desk.send("post", f"{alarm}/shelve", {"until": "2026-01-01T00:00", "why": "x"}).status_code == 422


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("equipment", {"kind": "luminaire", "name": "Demi-point", "longitude": 7.3}),
        ("equipment", {"kind": "nothing-such", "name": "x"}),
        ("equipment", {"kind": "luminaire", "name": "x", "colour": "red"}),
        ("interventions", {"what": ""}),
        ("interventions", {"what": "x", "planned_on": "1066-10-14"}),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_field(
    path: str, body: dict[str, object], valbelle: Valbelle, desk: Caller
) -> None:
    told = desk.send("post", f"{HERE}/{path}", {"owner_id": str(valbelle.montaigu.pk), **body}, key="k")
    assert told.status_code == 422, told.content
    assert Repeatable.objects.count() == 0


def test_a_picture_that_is_none_or_too_much_is_told(supervised: Supervised, lighting: Lighting) -> None:
    agent, path = holder_of(lighting.electrician), f"interventions/{supervised.intervention_id}/photos"
    for content in ("pas du base64 !", b64encode(b"not a picture at all").decode()):
        told = agent.send("post", path, {"content": content}, key="f")
        assert told.status_code == 422, told.content
    huge = agent.send("post", path, {"content": "A" * (5 * 1024 * 1024)}, key="f")
    assert (huge.status_code, huge.json()["code"]) == (413, "too_much")


def test_when_it_was_done_may_lie_before(supervised: Supervised, lighting: Lighting) -> None:
    agent, at = holder_of(lighting.electrician), now() + timedelta(minutes=90)
    with standing_at(at + timedelta(minutes=30)):
        body = {"act": "finish", "note": "fini", "at": at.isoformat()}
        job = post(agent, f"interventions/{supervised.intervention_id}/moves", body)
    assert job["finished_at"][:16] == at.isoformat()[:16]
    assert job["steps"][-1]["known_at"] > job["steps"][-1]["at"]
