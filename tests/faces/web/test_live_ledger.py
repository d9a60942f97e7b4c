"""The books of messages: the sum that adds up, refusals in words, what is taken again; and who may not."""

from __future__ import annotations

import csv
import html
import io
import json
from datetime import timedelta

import pytest
from django.test import Client

from belvedere.domains.intake import public as intake
from belvedere.domains.intake.models import DeadLetter, Received
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.kernel.clock import now
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("feeds_anew")]
HERE = "/cockpit/valbelle/live/messages/"


def browser(people: People, who: str = "governor") -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def registered(people: People, key: str = "bac-1") -> twin.NewSecret:
    territory, actor = territory_by_slug("valbelle"), people.actor("governor")
    entity_id = twin.create_entity(
        actor=actor,
        territory=territory,
        draft=twin.EntityDraft(kind="waste-container", names={"fr": key}),
    )
    return twin.register_device(
        actor=actor, territory=territory, draft=twin.DeviceDraft(key=key, entity_id=entity_id)
    )


def sent(*payloads: object, key: str = "bac-1", first: int = 1) -> None:
    """Messages of a device, a minute apart, as the bus would hand them over."""
    start = now() - timedelta(minutes=len(payloads))
    intake.take(
        "test",
        [
            intake.Message(
                f"devices.valbelle.{key}",
                one if isinstance(one, bytes) else json.dumps(one).encode(),
                first + at,
                start + timedelta(minutes=at),
            )
            for at, one in enumerate(payloads)
        ],
    )


def words(client: Client, query: str = "") -> str:
    return html.unescape(" ".join(client.get(HERE + query).content.decode().split()))


def test_every_message_is_in_the_sum_and_a_refused_one_says_why(people: People, valbelle: Valbelle) -> None:
    client = browser(people)
    assert "No message arrived in the last 24 hours" in words(client)
    registered(people)
    sent({"fillingLevel": 0.4}, {"fillingLevel": 0.5}, {"lvl": 3}, b"<script>")
    page = words(client)
    assert "2 readings of 4 were refused in the last 24 hours" in page
    for said in ("in 4 messages", "A field without a mapping", "Not JSON", "<script>", '"lvl": 3'):
        assert said in page
    assert "<script></pre>" not in client.get(HERE).content.decode()
    for period in ("week", "month", "nonsense"):
        assert "2 readings of 4" in words(client, f"?period={period}")
    only = words(client, "?reason=not_json")
    assert ("Refused and waiting: Not JSON" in only, '"lvl": 3' in only) == (True, False)
    assert "Nothing waits in this choice" in words(client, "?device=bac-2")


def test_books_that_do_not_balance_are_said_at_once(people: People, valbelle: Valbelle) -> None:
    registered(people)
    sent({"fillingLevel": 0.4})
    Received.objects.update(sets=5)
    assert "The count of messages does not add up" in words(browser(people))


def test_a_refused_message_is_taken_after_its_mapping_is_repaired(people: People, valbelle: Valbelle) -> None:
    made = registered(people)
    sent({"lvl": 30}, {"lvl": 31}, {"other": 1})
    client = browser(people)
    letters = list(DeadLetter.objects.order_by("pk").values_list("pk", flat=True))
    assert client.post(f"{HERE}again/", {"id": letters[0]}).status_code == 302
    assert "3 readings of 3 were refused" in words(client)
    twin.map_fields(
        actor=people.actor("governor"),
        device_id=made.device_id,
        fields={"lvl": twin.FieldDraft("fillingLevel", "P1")},
    )
    answer = client.post(f"{HERE}again/", {"reason": "unknown_field", "period": "week"}, follow=True)
    assert answer.redirect_chain[0][0].endswith("/live/messages/?period=week&reason=unknown_field#refused")
    assert "2 messages are taken now." in answer.content.decode()
    assert "1 message is still refused" in answer.content.decode()
    assert "1 reading of 3 was refused" in words(client)
    shown = twin.main_values([(thing_of(made), "waste-container")])
    assert [one.number for one in shown.values()] == [0.31]


def thing_of(made: twin.NewSecret) -> int:
    from belvedere.domains.twin.models import Device

    return int(Device.objects.get(pk=made.device_id).entity_id)


def test_dismissed_messages_go_but_stay_counted(people: People, valbelle: Valbelle) -> None:
    registered(people)
    sent({"lvl": 1}, b"{", {"lvl": 2})
    client = browser(people)
    assert client.post(f"{HERE}dismiss/", {"reason": "unknown_field"}).status_code == 302
    page = words(client)
    assert ("3 readings of 3 were refused" in page, '"lvl": 1' in page) == (True, False)
    assert DeadLetter.objects.filter(state="waiting").count() == 1
    assert client.post(f"{HERE}dismiss/", {}).status_code == 422


@pytest.mark.parametrize("who", ["administrator", "elected"])
def test_only_administrators_of_the_territory_look_into_messages(
    who: str, people: People, valbelle: Valbelle
) -> None:
    """An administrator of one organisation, an elected member of the territory: neither may."""
    registered(people)
    sent({"lvl": 1})
    letter = DeadLetter.objects.get()
    client = browser(people, who)
    assert client.get(HERE).status_code == 403
    assert client.post(f"{HERE}again/", {"id": letter.pk}).status_code == 403
    assert client.post(f"{HERE}dismiss/", {"id": letter.pk}).status_code == 403
    assert DeadLetter.objects.get().state == "waiting"
    shown = client.get("/cockpit/valbelle/live/devices/").content.decode()
    assert f'href="{HERE}"' not in shown
    assert f'href="{HERE}"' in browser(people).get("/cockpit/valbelle/live/devices/").content.decode()


def table(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"{HERE}table.csv{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_books_are_a_table_too_and_one_device_has_its_own(people: People, valbelle: Valbelle) -> None:
    client = browser(people)
    registered(people)
    registered(people, "bac-2")
    sent({"fillingLevel": 0.4}, {"lvl": 3}, b"{")
    sent({"fillingLevel": 0.5}, key="bac-2", first=9)
    for period in ("day", "week"):
        rows = table(client, f"?period={period}")
        assert sum(int(row["received"]) for row in rows) == 4
        for row in rows:
            fates = [int(row[name]) for name in ("stored", "late", "duplicate", "refused")]
            assert int(row["received"]) == sum(fates)
    by_device = {row["device"]: row["refused"] for row in table(client, "?by=device")}
    assert by_device == {"bac-1": "2", "bac-2": "0"}
    page = words(client, "?device=bac-2")
    assert "Every message of the last 24 hours was taken · <bdi>bac-2</bdi>" in page
    assert "Not JSON" not in page
    assert sum(int(row["received"]) for row in table(client, "?device=bac-2")) == 1
    # An elected member of the territory differs from its administrator by one word.
    assert browser(people, "elected").get(f"{HERE}table.csv").status_code == 403
