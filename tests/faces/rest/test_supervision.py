"""The supervision through the interface: the same facts as the pages, for the same people."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from belvedere.domains.interventions import public as interventions
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
def reader(people: People) -> Caller:
    return holder(people, "reader")


def followed(caller: Caller, url: str) -> Any:
    """What an address of an answer leads to."""
    _host, _api, path = url.partition("/api/v1/")
    answer = caller.get(path)
    assert answer.status_code == 200, (url, answer.content)
    return answer.json()


def test_from_the_equipment_to_the_proof_and_back(
    supervised: Supervised, lighting: Lighting, reader: Caller
) -> None:
    lamp = reader.get(f"equipment/{lighting.lamps[0]}").json()
    assert [one["number"] for one in lamp["above"]] == ["EP-1"]
    assert lamp["thing_id"] == supervised.thing_id
    assert followed(reader, lamp["thing_url"])["kind"] == "streetlight"
    assert followed(reader, lamp["contract_url"])["response_times"][0]["severity"] == "critical"
    [alarm] = followed(reader, lamp["alarms_url"])["alarms"]
    whole = followed(reader, alarm["url"])
    assert whole["equipment_id"] == lamp["id"]
    assert whole["rule"]["name"] == "Lampe éteinte"
    assert whole["rule"]["sentence"].endswith(".")
    assert followed(reader, whole["rule"]["url"])["version"] == whole["rule_version"]
    assert [step["act"] for step in whole["steps"]] == ["raise"]
    [row] = followed(reader, lamp["interventions_url"])["interventions"]
    job = followed(reader, row["url"])
    assert (job["state"], job["minutes"], job["cost"]["amount"]) == ("on_site", 35, "48.50")
    assert followed(reader, job["equipment_url"])["id"] == lamp["id"]
    photo = reader.get(job["photos"][0]["url"].partition("/api/v1/")[2])
    assert (photo.status_code, photo["Content-Type"]) == (200, "image/jpeg")
    assert reader.get(job["signature"]["url"].partition("/api/v1/")[2])["Content-Type"] == "image/png"


def test_what_is_told_by_a_calendar_and_what_it_saves(supervised: Supervised, reader: Caller) -> None:
    [scene] = reader.get(f"{HERE}/scenes").json()["scenes"]
    whole = followed(reader, scene["url"])
    assert len(whole["coming"]) == 7
    savings = reader.get(f"{HERE}/savings").json()
    entered = next(one for one in savings["lines"] if one["confidence"] == "measured")
    assert (entered["saved_kwh"], entered["saved_money"], entered["spent"]) == (800.0, "200.00", "900.00")
    assert followed(reader, entered["intervention_url"])["id"] == str(supervised.intervention_id)
    [command] = reader.get(f"{HERE}/commands?thing={supervised.thing_id}").json()["commands"]
    assert followed(reader, command["url"])["steps"][0]["act"] == "request"
    [entry] = reader.get(f"{HERE}/log?category=call").json()["entries"]
    assert (entry["text"], entry["by"]) == ("Un riverain signale la lampe", "Lead")
    assert followed(reader, entry["alarm_url"])["id"] == supervised.alarm_id


def test_a_contractor_reads_what_its_contract_is_about(
    supervised: Supervised, lighting: Lighting, people: People
) -> None:
    caller, rival = holder_of(lighting.electrician), holder_of(lighting.rival)
    covered = caller.get(f"{HERE}/equipment").json()
    assert {one["id"] for one in covered["equipment"]} == {
        str(one) for one in (lighting.cabinet, *lighting.lamps)
    }
    assert caller.get(f"equipment/{lighting.alone}").status_code == 404
    assert caller.get(f"{HERE}/contracts").json()["contracts"][0]["equipment"] == 3
    figures = caller.get(f"contracts/{lighting.contract_id}/figures").json()
    assert [one["intervention_id"] for one in figures["interventions"]] == [str(supervised.intervention_id)]
    assert figures == holder(people, "reader").get(f"contracts/{lighting.contract_id}/figures").json() | {
        "at": figures["at"]
    }
    assert len(caller.get(f"{HERE}/interventions").json()["interventions"]) == 1
    for path in ("alarms", "rules", "commands", "scenes", "log"):
        assert not next(
            value for value in caller.get(f"{HERE}/{path}").json().values() if isinstance(value, list)
        ), path
    assert rival.get(f"{HERE}/equipment").json()["total"] == 0
    assert rival.get(f"contracts/{lighting.contract_id}/figures").status_code == 404
    assert rival.get(f"{HERE}/interventions").json()["total"] == 0


def test_lists_are_narrowed_and_read_page_by_page(
    supervised: Supervised, lighting: Lighting, reader: Caller
) -> None:
    first = reader.get(f"{HERE}/equipment?kind=luminaire&limit=2").json()
    rest = followed(reader, first["next"])
    numbers = [one["number"] for one in (*first["equipment"], *rest["equipment"])]
    assert (first["total"], rest["next"], len(set(numbers))) == (3, None, 3)
    under = reader.get(f"{HERE}/equipment?parent={lighting.cabinet}").json()
    assert under["total"] == 2
    assert reader.get(f"{HERE}/interventions?state=done").json()["total"] == 0
    assert reader.get(f"{HERE}/interventions?contract={lighting.contract_id}").json()["total"] == 1
    assert reader.get(f"{HERE}/alarms?severity=critical").json()["alarms"] == []
    assert reader.get(f"{HERE}/alarms?severity=major").json()["by_state"] == {"raised": 1, "cleared": 1}
    assert reader.get(f"{HERE}/alarms?since=2026-01-01").status_code == 422
    assert reader.get(f"{HERE}/alarms?state=broken").json()["code"] == "invalid_input"


def test_what_was_read_already_is_not_sent_again(supervised: Supervised, reader: Caller) -> None:
    path = f"/api/v1/interventions/{supervised.intervention_id}"
    tag = reader.client.get(path)["ETag"]
    assert reader.client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_a_longer_list_asks_no_more_of_the_database(
    supervised: Supervised, lighting: Lighting, reader: Caller
) -> None:
    def asked(path: str) -> int:
        reader.get(f"{HERE}/{path}")  # what is read once
        with CaptureQueriesContext(connection) as few:
            assert reader.get(f"{HERE}/{path}").status_code == 200
        return len(few)

    before = {path: asked(path) for path in ("equipment", "interventions", "contracts", "teams")}
    for number in range(3):
        more = lighting.register("luminaire", f"Encore {number}", contract_id=lighting.contract_id)
        facts = interventions.Facts(f"Regarder {number}")
        interventions.plan(
            actor=lighting.lead,
            territory=lighting.territory,
            draft=interventions.Draft(facts, equipment_id=more),
        )
    assert {path: asked(path) for path in before} == before
