"""One thing, whichever door it is told through: messages, pages and NGSI-LD show the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from belvedere.domains.observations import public as observations
from belvedere.domains.twin import public as twin
from belvedere.kernel.clock import now
from tests.domains.twin.conftest import container, territory

__all__ = ["container", "territory"]
pytestmark = pytest.mark.django_db
LEVEL = "https://smartdatamodels.org/dataModel.WasteManagement/fillingLevel"
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.fixture
def urn(container: Any) -> str:
    return str(container.page().urn)


def told(ask: Any, urn: str) -> dict[str, Any]:
    found: dict[str, Any] = ask("GET", f"entities/{urn}").json
    return found


def test_a_value_of_a_device_is_read_and_one_of_ngsi_ld_is_shown(asks: Any, container: Any, urn: str) -> None:
    ask = asks("contributor")
    assert LEVEL not in told(ask, urn)  # nothing was told yet
    twin.apply_present([container.say("fillingLevel", 0.25, AT)])
    assert (told(ask, urn)[LEVEL]["value"], told(ask, urn)[LEVEL]["observedAt"]) == (
        0.25,
        "2026-11-22T08:00:00Z",
    )
    later = now() - timedelta(minutes=1)
    fragment = {LEVEL: {"type": "Property", "value": 0.75, "observedAt": later.isoformat()}}
    assert ask("PATCH", f"entities/{urn}/attrs", fragment).status == 204
    assert container.now("fillingLevel").number == 0.75
    points = observations.series(container.series["fillingLevel"], later - timedelta(hours=1), now())
    assert list(points.numbers) == [0.75]


def test_what_comes_late_is_history_and_not_the_present(asks: Any, container: Any, urn: str) -> None:
    ask = asks("contributor")
    twin.apply_present([container.say("fillingLevel", 0.25, now() - timedelta(minutes=1))])
    late = now() - timedelta(hours=1)
    body = {"type": "Property", "value": 0.9, "observedAt": late.isoformat()}
    assert ask("PATCH", f"entities/{urn}/attrs/{LEVEL}", body).status == 204
    assert container.now("fillingLevel").number == 0.25
    points = observations.series(container.series["fillingLevel"], late - timedelta(hours=1), now())
    assert list(points.numbers) == [0.9]


def test_a_value_over_its_threshold_raises_the_state_and_is_told(asks: Any, container: Any, urn: str) -> None:
    ask = asks("contributor")
    high = container.now("fillingLevel").alarm_high
    assert ask("POST", f"entities/{urn}/attrs", {LEVEL: {"type": "Property", "value": high}}).status == 204
    assert container.page().state == twin.State.ALARM
    assert ask("POST", f"entities/{urn}/attrs", {LEVEL: {"type": "Property", "value": 0}}).status == 204
    assert container.page().state == twin.State.NORMAL


def test_names_and_place_of_a_thing_made_on_a_page_are_told(asks: Any, container: Any, urn: str) -> None:
    ask = asks("contributor")
    found = told(ask, urn)
    assert found["location"]["value"] == {"type": "Point", "coordinates": [7.53, 46.29]}
    name = "https://smartdatamodels.org/name"
    assert found[name]["languageMap"] == {"fr": "PAV de l’Église", "de": "Sammelstelle Kirche"}
    place = {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [7.6, 46.2]}}
    fragment = {"location": place, name: {"type": "Property", "value": "PAV du Pont"}}
    assert ask("POST", f"entities/{urn}/attrs", fragment).status == 204
    page = container.page()
    assert (page.shape.centre, page.names) == ((7.6, 46.2), {"fr": "PAV du Pont"})
    change = twin.EntityChange(names={"fr": "PAV du Lac"}, shape=None)
    twin.edit_entity(actor=twin_actor(), entity_id=container.entity_id, change=change)
    found = told(ask, urn)
    assert ("location" in found, found[name]["value"]) == (False, "PAV du Lac")


def twin_actor() -> Any:
    from belvedere.domains.access.public import Actor

    return Actor.system()


def test_what_a_device_tells_is_not_taken_away(asks: Any, container: Any, urn: str) -> None:
    ask = asks("contributor")
    twin.apply_present([container.say("fillingLevel", 0.25, AT)])
    assert ask("DELETE", f"entities/{urn}/attrs/{LEVEL}").status == 409
    assert ask("DELETE", f"entities/{urn}").status == 409
    assert told(ask, urn)[LEVEL]["value"] == 0.25


def test_the_journal_tells_acts_and_not_values(asks: Any, valbelle: Any) -> None:
    from belvedere.duties.journal.models import EntryRow

    ask = asks("contributor")
    urn = "urn:ngsi-ld:Tree:1"
    ask("POST", "entities", {"id": urn, "type": "Tree", "height": {"type": "Property", "value": 12}})
    ask("PATCH", f"entities/{urn}/attrs/height", {"value": 13})
    ask(
        "POST",
        f"entities/{urn}/attrs",
        {"standsIn": {"type": "Relationship", "object": "urn:ngsi-ld:Park:1"}},
    )
    ask("DELETE", f"entities/{urn}")
    acts = EntryRow.objects.filter(verb__startswith="context.").order_by("id").values_list("verb", flat=True)
    assert list(acts) == ["context.create_entity", "context.append_attributes", "context.delete_entity"]


def test_a_change_is_told_within_its_transaction(asks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from belvedere.domains.context.events import ContextChanged, Trigger
    from belvedere.kernel import events

    heard: list[ContextChanged] = []
    monkeypatch.setitem(events._within, ContextChanged, [*events._within[ContextChanged], heard.append])
    ask = asks("contributor")
    urn = "urn:ngsi-ld:Tree:1"
    ask("POST", "entities", {"id": urn, "type": "Tree", "height": 12})
    ask("PATCH", f"entities/{urn}/attrs/height", {"value": 13})
    ask("DELETE", f"entities/{urn}")
    changes = [one.changes[0] for one in heard]
    assert [one.what for one in changes] == [
        Trigger.ENTITY_CREATED,
        Trigger.ENTITY_UPDATED,
        Trigger.ENTITY_DELETED,
    ]
    height = "https://uri.etsi.org/ngsi-ld/default-context/height"
    assert changes[1].attributes == {height: Trigger.ATTRIBUTE_UPDATED}
    assert changes[1].before.attributes[height][0].value == 12
    assert changes[1].after.attributes[height][0].value == 13


def test_of_a_batch_only_what_a_device_tells_cannot_be_taken_away(
    asks: Any, container: Any, urn: str
) -> None:
    ask = asks("contributor")
    twin.apply_present([container.say("fillingLevel", 0.25, AT)])
    other = "urn:ngsi-ld:Tree:1"
    assert ask("POST", "entities", {"id": other, "type": "Tree", "height": 12}).status == 201
    kind = told(ask, urn)["type"]
    bad = {"id": "urn:ngsi-ld:Tree:2", "type": "Tree", "height": {"value": 1, "unitCode": "x" * 13}}
    things = [{"id": urn, "type": kind}, {"id": other, "type": "Tree", "height": 13}, bad]
    reply = ask("POST", "entityOperations/upsert", things)
    assert (reply.status, reply.json["success"]) == (207, [other])
    assert [one["entityId"] for one in reply.json["errors"]] == [bad["id"], urn]
    assert told(ask, urn)[LEVEL]["value"] == 0.25
    assert told(ask, other)["height"]["value"] == 13
