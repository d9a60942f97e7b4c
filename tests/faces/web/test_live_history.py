"""What happened to a thing, and the last message of its devices as it came; and who may not see it."""

from __future__ import annotations

import html
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from belvedere.domains.intake import public as intake
from belvedere.domains.intake.models import Last
from belvedere.domains.twin import public as twin
from belvedere.kernel.clock import now, standing_at
from tests.faces.rest.things import Bin, bin_of
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("feeds_anew")]


def page(people: People, made: Bin, who: str = "contributor") -> str:
    client: Client = english()
    client.force_login(getattr(people, who))
    answer = client.get(f"/cockpit/valbelle/live/things/{made.thing_id}/")
    assert answer.status_code == 200
    return html.unescape(" ".join(answer.content.decode().split()))


def tell(payload: Any, seq: int, seconds_ago: int) -> None:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    at = now() - timedelta(seconds=seconds_ago)
    intake.take("test", [intake.Message("devices.valbelle.bac-1", body, seq, at)])


def test_states_and_acts_stand_in_one_history(
    people: People, valbelle: Valbelle, django_capture_on_commit_callbacks: Any
) -> None:
    made = bin_of(valbelle)
    tell({"fillingLevel": 0.97}, 1, 300)
    tell({"fillingLevel": 0.2}, 2, 200)
    twin.edit_entity(
        actor=people.actor("contributor"),
        entity_id=made.thing_id,
        change=twin.EntityChange(names={"fr": "Bac du marché"}),
        reason="Déplacé",
    )
    told = page(people, made).partition("What happened to it")[2]
    alarm, normal = told.index("before: Normal"), told.index("before: In alarm")
    assert normal < alarm  # newest first
    for words in ("Contributor</b> changed a thing", "<ins>Bac du marché</ins>", "Reason: Déplacé"):
        assert words in told
    # A neighbour of another organisation sees how the thing was, not who did what to it.
    twin.edit_entity(
        actor=people.actor("contributor"),
        entity_id=made.thing_id,
        change=twin.EntityChange(visibility=twin.Visibility.SHARED),
    )
    seen = page(people, made, "neighbour")
    assert "before: In alarm" in seen and "Contributor</b>" not in seen
    assert "Contributor</b>" in page(people, made, "reader")


def test_the_last_message_is_shown_as_it_came_to_those_who_manage_the_device(
    people: People, valbelle: Valbelle, django_capture_on_commit_callbacks: Any
) -> None:
    made = bin_of(valbelle)
    with django_capture_on_commit_callbacks(execute=True):
        tell({"fillingLevel": 0.4}, 1, 300)
    shown = page(people, made)
    assert '{"fillingLevel": 0.4}' in shown and "Stored" in shown
    assert "The last message as it came" not in page(people, made, "reader")  # knows it, does not manage it
    with django_capture_on_commit_callbacks(execute=True):
        tell({"fillingLevel": 0.5}, 2, 290)  # ten seconds later: counted, stored, not kept as it came
    assert '{"fillingLevel": 0.4}' in page(people, made)
    with django_capture_on_commit_callbacks(execute=True):
        tell(b'{"lvl": "<b>', 3, 200)
    refused = page(people, made)
    assert "Not JSON" in refused and "Correct what the device or its gateway writes" in refused
    assert Last.objects.count() == 1


def test_a_long_message_is_cut_and_a_message_of_two_sets_says_what_was_refused(
    people: People, valbelle: Valbelle
) -> None:
    bin_of(valbelle)
    batch = [{"fillingLevel": 0.4}, {"lvl": 1}, {"fillingLevel": 0.5, "status": "x" * 5000}]
    at = now() - timedelta(minutes=2)
    message = intake.Message("devices.valbelle.bac-1.batch", json.dumps(batch).encode(), 1, at)
    intake.take("test", [message])
    last = Last.objects.get()
    assert (last.outcome, last.reason, len(last.payload)) == ("refused", "unknown_field", 4096)
    assert last.size == len(message.payload)


def test_last_messages_are_forgotten_after_ninety_days(people: People, valbelle: Valbelle) -> None:
    from belvedere.domains.intake import actions

    bin_of(valbelle)
    tell({"fillingLevel": 0.4}, 1, 300)
    actions.forget(now())
    assert Last.objects.exists()
    with standing_at(now() + timedelta(days=91)):
        actions.forget(now())
    assert not Last.objects.exists()
