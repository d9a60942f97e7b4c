"""For every operation somebody is refused who differs by one fact from somebody who is not."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from belvedere.faces.rest.document import document
from belvedere.kernel.clock import now
from tests.domains.interventions.examples import JPEG
from tests.faces.rest.asking import Caller, anyone, holder, holder_of
from tests.faces.rest.conftest import World
from tests.faces.rest.things import bin_of
from tests.faces.web.plans_examples import street

pytestmark = pytest.mark.django_db


@dataclass
class Refusal:
    """`near` is refused with `status`, `allowed` is not; "" is anyone. The territory may be unpublished."""

    path: str
    near: str
    allowed: str
    status: int
    body: dict[str, Any] = field(default_factory=dict)
    method: str = "get"
    unpublished: bool = False
    scopes: tuple[str, ...] = ("read", "write")  # of the one who is refused


MEASURE = "measures/{measure}"
PHOTO = b64encode(JPEG).decode()
MONEY = {"amount": "10.00", "currency": "CHF", "price_base": "2025-10"}
REFUSALS: dict[str, Refusal] = {
    # reading: the neighbour of another town holds the same role, next door
    "list_territories": Refusal("territories", "lead", "lead", 403, scopes=("write",)),
    "read_territory": Refusal("territories/valbelle", "nobody", "reader", 404, unpublished=True),
    "list_organisations": Refusal(
        "territories/valbelle/organisations", "nobody", "reader", 404, unpublished=True
    ),
    "list_categories": Refusal("territories/valbelle/categories", "nobody", "reader", 404, unpublished=True),
    "list_plans": Refusal("territories/valbelle/plans", "nobody", "reader", 404, unpublished=True),
    "list_measures": Refusal("territories/valbelle/measures", "nobody", "reader", 404, unpublished=True),
    "map_measures": Refusal(
        "territories/valbelle/measures.geojson", "nobody", "reader", 404, unpublished=True
    ),
    "read_measure": Refusal(MEASURE, "neighbour", "reader", 404),
    "list_documents": Refusal(f"{MEASURE}/documents", "neighbour", "reader", 404),
    "export_measures": Refusal("territories/valbelle/export.csv", "nobody", "reader", 403),
    # the live territory: what is told to one organisation, to those who work there, to administrators
    "list_things": Refusal("territories/valbelle/things", "nobody", "reader", 404, unpublished=True),
    "read_thing": Refusal("things/{thing}", "neighbour", "reader", 404),
    "read_series": Refusal("things/{thing}/series/{series}", "neighbour", "reader", 404),
    "export_series": Refusal("things/{thing}/series/{series}.csv", "neighbour", "reader", 404),
    "list_devices": Refusal("territories/valbelle/devices", "nobody", "reader", 403),
    "read_device": Refusal("devices/{device}", "neighbour", "reader", 404),
    "read_ledger": Refusal("territories/valbelle/ledger", "elected", "governor", 403),
    "export_ledger": Refusal("territories/valbelle/ledger.csv", "elected", "governor", 403),
    "list_refused": Refusal("territories/valbelle/refused", "administrator", "governor", 403),
    # supervision: for who works there; one piece for its organisation and the bodies it belongs to
    "list_equipment": Refusal("territories/valbelle/equipment", "nobody", "reader", 403),
    "read_equipment": Refusal("equipment/{equipment_id}", "neighbour", "reader", 404),
    "list_contracts": Refusal("territories/valbelle/contracts", "nobody", "reader", 403),
    "read_contract": Refusal("contracts/{contract_id}", "neighbour", "reader", 404),
    "read_figures": Refusal("contracts/{contract_id}/figures", "neighbour", "reader", 404),
    "list_rules": Refusal("territories/valbelle/rules", "nobody", "reader", 403),
    "read_rule": Refusal("rules/{rule_id}", "neighbour", "reader", 404),
    "list_alarms": Refusal("territories/valbelle/alarms", "nobody", "reader", 403),
    "read_alarm": Refusal("alarms/{alarm_id}", "neighbour", "reader", 404),
    "list_interventions": Refusal("territories/valbelle/interventions", "nobody", "reader", 403),
    "read_intervention": Refusal("interventions/{intervention_id}", "neighbour", "reader", 404),
    "read_photo": Refusal("interventions/{intervention_id}/photos/{photo_id}", "neighbour", "reader", 404),
    "read_signature": Refusal("interventions/{intervention_id}/signature", "neighbour", "reader", 404),
    "list_teams": Refusal("territories/valbelle/teams", "nobody", "reader", 403),
    "list_commands": Refusal("territories/valbelle/commands", "nobody", "reader", 403),
    "read_command": Refusal("commands/{command_id}", "neighbour", "reader", 404),
    "list_scenes": Refusal("territories/valbelle/scenes", "nobody", "reader", 403),
    "read_scene": Refusal("territories/valbelle/scenes/{scene_id}", "neighbour", "reader", 404),
    "list_savings": Refusal("territories/valbelle/savings", "nobody", "reader", 403),
    "list_log_entries": Refusal("territories/valbelle/log", "nobody", "reader", 403),
    # changing
    "create_measure": Refusal(
        "territories/valbelle/measures",
        "neighbour",
        "contributor",
        403,
        {"title": {"fr": "Neuve"}, "owner_id": "{montaigu}"},
        "post",
    ),
    "change_essentials": Refusal(MEASURE, "reader", "contributor", 403, {"title": {"fr": "Autre"}}, "patch"),
    "add_estimate": Refusal(
        f"{MEASURE}/estimates",
        "contributor",
        "finance",
        403,
        {"amount": MONEY, "dated": "2026-01-01", "reason": "Devis"},
        "post",
    ),
    "set_spending": Refusal(
        f"{MEASURE}/spending",
        "contributor",
        "finance",
        403,
        {"lines": [{"year": 2030, "amount": MONEY}]},
        "put",
    ),
    "add_site": Refusal(
        f"{MEASURE}/sites",
        "finance",
        "contributor",
        403,
        {"geometry": {"type": "Point", "coordinates": [7.5, 46.3]}},
        "post",
    ),
    "set_phase_dates": Refusal(
        f"{MEASURE}/phases",
        "finance",
        "contributor",
        403,
        {"phases": [{"code": "5", "planned": {"start": "2028-01-01"}}]},
        "put",
    ),
    "change_phase": Refusal(
        f"{MEASURE}/planning", "neighbour", "lead", 404, {"phase": "31", "reason": "Retour"}, "post"
    ),
    "change_implementation": Refusal(
        f"{MEASURE}/implementation", "reader", "lead", 403, {"to": "suspended", "reason": "Attente"}, "post"
    ),
    # supervising: readers see it and change nothing; on the spot it is the people of the team
    "register_equipment": Refusal(
        "territories/valbelle/equipment",
        "reader",
        "contributor",
        403,
        {"owner_id": "{montaigu}", "kind": "luminaire", "name": "Neuve"},
        "post",
    ),
    "plan_intervention": Refusal(
        "territories/valbelle/interventions",
        "reader",
        "contributor",
        403,
        {"owner_id": "{montaigu}", "what": "Regarder"},
        "post",
    ),
    "request_commands": Refusal(
        "territories/valbelle/commands",
        "reader",
        "contributor",
        403,
        {"thing_ids": ["{thing_id}"], "kind": "dim", "value": 30},
        "post",
    ),
    "cancel_command": Refusal("commands/{command_id}/cancel", "reader", "contributor", 403, {}, "post"),
    "acknowledge_alarm": Refusal("alarms/{alarm_id}/acknowledge", "reader", "contributor", 403, {}, "post"),
    "take_up_alarm": Refusal("alarms/{alarm_id}/take-up", "reader", "contributor", 403, {}, "post"),
    "comment_alarm": Refusal(
        "alarms/{alarm_id}/comments", "reader", "contributor", 403, {"text": "Vu"}, "post"
    ),
    "shelve_alarm": Refusal(
        "alarms/{alarm_id}/shelve",
        "reader",
        "contributor",
        403,
        {"until": "{tomorrow}", "why": "Travaux"},
        "post",
    ),
    "unshelve_alarm": Refusal("alarms/{shelved_id}/unshelve", "reader", "contributor", 403, {}, "post"),
    "close_alarm": Refusal(
        "alarms/{cleared_id}/close", "reader", "contributor", 403, {"proof": "Fusible changé"}, "post"
    ),
    "move_intervention": Refusal(
        "interventions/{intervention_id}/moves", "contributor", "electrician", 403, {"act": "finish"}, "post"
    ),
    "tick_point": Refusal(
        "interventions/{intervention_id}/points", "contributor", "electrician", 403, {"position": 1}, "post"
    ),
    "note_time": Refusal(
        "interventions/{intervention_id}/times", "contributor", "electrician", 403, {"minutes": 5}, "post"
    ),
    "note_part": Refusal(
        "interventions/{intervention_id}/parts", "rival", "electrician", 404, {"words": "Joint"}, "post"
    ),
    "add_remark": Refusal(
        "interventions/{intervention_id}/remarks", "contributor", "electrician", 403, {"text": "Vu"}, "post"
    ),
    "add_photo": Refusal(
        "interventions/{intervention_id}/photos",
        "contributor",
        "electrician",
        403,
        {"content": PHOTO},
        "post",
    ),
    "sign_intervention": Refusal(
        "interventions/{intervention_id}/signature",
        "contributor",
        "electrician",
        403,
        {"name": "M. Rey"},
        "post",
    ),
    "publish_measure": Refusal(
        f"{MEASURE}/publication", "contributor", "lead", 403, {"published": True}, "put"
    ),
}


def operations() -> dict[str, tuple[str, str]]:
    return {
        operation["operationId"]: (method, path)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    }


def filled(value: Any, said: dict[str, Any]) -> Any:
    """The body with what its words in braces stand for; numbers stay numbers."""
    if isinstance(value, dict):
        return {key: filled(one, said) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, said) for one in value]
    if not isinstance(value, str):
        return value
    known = said.get(value.strip("{}")) if value.startswith("{") else None
    return known if isinstance(known, int) else value.format(**said)


def test_every_operation_has_its_refusal() -> None:
    assert set(REFUSALS) == set(operations())


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_a_near_miss_is_refused(name: str, world: World) -> None:
    asked = REFUSALS[name]
    valbelle, people, lighting = world.valbelle, world.people, world.lighting
    measure = street(valbelle, published=False)
    parts = world.supervised.parts(lighting)
    if asked.unpublished:
        valbelle.territory.published = False
        valbelle.territory.save()
    made = bin_of(valbelle)
    path = asked.path.format(
        measure=measure, thing=made.thing_id, series=made.series_id, device=made.device_id, **parts
    )
    said = {**parts, "montaigu": valbelle.montaigu.pk, "tomorrow": (now() + timedelta(days=1)).isoformat()}
    body = filled(asked.body, said)

    def answer(caller: Caller) -> Any:
        return caller.get(path) if asked.method == "get" else caller.send(asked.method, path, body, "*", "k")

    def of(who: str, scopes: tuple[str, ...]) -> Caller:
        outside = {"electrician": lighting.electrician, "rival": lighting.rival}
        return holder_of(outside[who], scopes) if who in outside else holder(people, who, scopes)

    refused = answer(of(asked.near, asked.scopes))
    assert (refused.status_code, refused["Content-Type"]) == (asked.status, "application/problem+json")
    allowed = answer(of(asked.allowed, ("read", "write")))
    assert allowed.status_code in {200, 201}, allowed.content


@pytest.mark.parametrize("name", sorted(name for name, one in REFUSALS.items() if one.method != "get"))
def test_nobody_changes_without_a_token_that_may(name: str, world: World) -> None:
    asked = REFUSALS[name]
    parts = world.supervised.parts(world.lighting)
    path = asked.path.format(measure=street(world.valbelle), **parts)
    refused = anyone().send(asked.method, path, asked.body, "*")
    assert (refused.status_code, refused.json()["code"]) == (401, "token_needed")
    reads = holder(world.people, "lead", scopes=["read"]).send(asked.method, path, asked.body, "*")
    assert (reads.status_code, reads.json()["code"]) == (403, "may_not_write")
