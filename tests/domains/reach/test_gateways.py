"""Gateways: what they are asked, what their answers mean, who writes them, and that secrets stay inside."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from belvedere.domains.access.public import change_own_details
from belvedere.domains.reach import public as reach
from belvedere.domains.reach.models import Gateway
from belvedere.domains.reach.public import PRESETS, Coding, Given, HttpBody, Kind, Method, RoomBody, Way
from belvedere.domains.territory.public import TerritoryView, territory_by_slug
from belvedere.duties.journal.models import EntryRow
from belvedere.duties.privacy.public import decrypt
from belvedere.engines import signing
from belvedere.kernel.clock import now, standing_at
from belvedere.kernel.errors import BelvedereError, Refused
from tests.domains.reach.listening import Listener, box
from tests.people import People, Valbelle

__all__ = ["box"]
pytestmark = pytest.mark.django_db
PHONE = "+41791234567"


def here() -> TerritoryView:
    return territory_by_slug("valbelle")


def http(url: str, **changed: Any) -> Given:
    members = {"body": '{"to": ["{to}"], "text": "{text}", "n": 1}', "answer_id": "messages.0.id", **changed}
    ways = members.pop("ways", (Way.SMS,))
    secret = members.pop("secret", "s3cret-key")
    name = members.pop("name", "SMS")
    return Given(name, Kind.HTTP, HttpBody(url, **members), ways, secret=secret)


def written(people: People, given: Given, owner: UUID | None = None, who: str = "governor") -> UUID:
    actor = people.actor(who)
    return reach.create_gateway(actor=actor, territory=here(), owner_id=owner, given=given).id


def sms(
    valbelle: Valbelle, text: str = "Bac plein", to: str = PHONE, owner: UUID | None = None
) -> reach.Outcome:
    return reach.ring(valbelle.territory.pk, owner, Way.SMS, to, text, "fr", "k1")


def test_a_json_gateway_is_asked_as_it_is_written(valbelle: Valbelle, people: People, box: Listener) -> None:
    given = http(f"{box.url}/sms", headers=(("Authorization", "Basic {basic}"), ("X-Id", "{key}")), user="me")
    written(people, given)
    nasty = 'Bac "plein", "to": "+41790000000"} é\n'
    outcome = sms(valbelle, nasty)
    assert outcome.taken and outcome.number == "77"
    asked = box.last
    assert (asked.method, asked.path) == ("POST", "/sms")
    assert json.loads(asked.body) == {"to": [PHONE], "text": nasty, "n": 1}, "a message writes no member"
    assert asked.headers["authorization"] == "Basic bWU6czNjcmV0LWtleQ==" and asked.headers["x-id"] == "k1"
    row = Gateway.objects.get()
    assert (row.sent, row.failed, row.failures) == (1, 0, 0) and row.last_sent_at is not None


def test_a_form_and_an_address_with_everything_in_it(
    valbelle: Valbelle, people: People, box: Listener
) -> None:
    written(people, http(f"{box.url}/form", coding=Coding.FORM, body='{"To": "{to_00}", "Body": "{text}"}'))
    assert sms(valbelle, "A & B").taken
    assert parse_qs(box.last.body.decode()) == {"To": ["0041791234567"], "Body": ["A & B"]}
    row = Gateway.objects.get()
    url = f"{box.url}/q?to={{to_digits}}&m={{text}}&p={{secret}}"
    given = http(url, method=Method.GET, body="", taken="OK", answer_id="")
    reach.change_gateway(actor=people.actor("governor"), territory=here(), gateway_id=row.pk, given=given)
    box.answer = b"KO"
    outcome = sms(valbelle, "A & B? é")
    asked = parse_qs(urlsplit(box.last.path).query)
    assert asked == {"to": ["41791234567"], "m": ["A & B? é"], "p": ["s3cret-key"]}
    assert box.last.method == "GET" and not outcome.taken, "200, but not the words of a gateway that took it"
    box.answer = b"OK\n85.95\n123"
    assert sms(valbelle).taken


def test_presets_can_be_taken_as_they_are(valbelle: Valbelle, people: People) -> None:
    for one in PRESETS.values():
        made = written(people, Given(one.name, Kind.HTTP, one.body, one.ways, secret="x"))
        kept = reach.gateway(people.actor("governor"), valbelle.territory.pk, made)
        assert kept.body == one.body and kept.ways == one.ways


def test_matrix_takes_the_same_message_once_and_webhooks_are_signed(
    valbelle: Valbelle, people: People, box: Listener
) -> None:
    body = RoomBody(f"{box.url}/", "!desk:example.org")
    matrix = written(people, Given("Salle", Kind.MATRIX, body, language="de", secret="tok"))
    assert reach.write_into(matrix, "Alarm", "call-7").taken
    asked = box.last
    assert asked.method == "PUT"
    assert asked.path == "/_matrix/client/v3/rooms/%21desk%3Aexample.org/send/m.room.message/call-7"
    assert json.loads(asked.body) == {"msgtype": "m.text", "body": "Alarm"}
    assert asked.headers["authorization"] == "Bearer tok"
    hook = Given("Hook", Kind.WEBHOOK, RoomBody(f"{box.url}/hook"))
    made = reach.create_gateway(actor=people.actor("governor"), territory=here(), owner_id=None, given=hook)
    assert made.signs_with.startswith("whsec_") and "whsec" not in repr(made)
    at = now().replace(microsecond=0)
    with standing_at(at):
        assert reach.write_into(made.id, "Alarm", "call-8").taken
    asked = box.last
    assert asked.headers["webhook-signature"] == signing.sign(made.signs_with, "msg_call-8", at, asked.body)
    assert json.loads(asked.body)["data"] == {"text": "Alarm", "language": "fr"}
    assert set(reach.rooms(valbelle.territory.pk).values()) == {"Hook", "Salle"}


@pytest.mark.parametrize(
    ("status", "is_permanent"),
    [(400, True), (401, True), (404, True), (429, False), (500, False), (503, False)],
)
def test_answers_that_refuse(
    valbelle: Valbelle, people: People, box: Listener, status: int, is_permanent: bool
) -> None:
    written(people, http(f"{box.url}/sms"))
    box.status, box.answer = status, f"no {PHONE} s3cret-key".encode()
    outcome = sms(valbelle)
    assert not outcome.taken and outcome.is_permanent == is_permanent
    row = Gateway.objects.get()
    assert row.last_error == {"status": status, "said": "no ••• •••"}, "neither number nor secret is kept"
    assert (row.failed, row.retry_at is None) == (1, is_permanent)


def test_one_that_does_not_answer_is_left_alone_and_the_next_is_asked(
    valbelle: Valbelle, people: People, box: Listener
) -> None:
    own = written(people, http("http://127.0.0.1:9/sms", name="Own"), valbelle.montaigu.pk)
    written(people, http(f"{box.url}/sms", name="All"))
    at = now()
    with standing_at(at):
        assert sms(valbelle, owner=valbelle.montaigu.pk).taken, "the one of the territory takes it"
        assert sms(valbelle, owner=valbelle.montaigu.pk).taken
    row = Gateway.objects.get(pk=own)
    assert row.failed == 1 and row.retry_at == at + timedelta(seconds=30), "not asked again at once"
    with standing_at(at + timedelta(seconds=31)):
        assert sms(valbelle, owner=valbelle.montaigu.pk).taken
    row.refresh_from_db()
    assert row.failed == 2 and row.retry_at == at + timedelta(seconds=91)
    assert sms(valbelle, owner=valbelle.rochefort.pk).taken
    reach.remove_gateway(
        actor=people.actor("governor"), territory=here(), gateway_id=Gateway.objects.get(name="All").pk
    )
    assert not sms(valbelle, owner=valbelle.rochefort.pk).taken, "another organisation's is not used"
    assert decrypt(Gateway.objects.get(name="All").secret) == "", "the secret is forgotten"


def test_addresses_inside_are_refused_unless_the_operator_allows_them(
    valbelle: Valbelle, people: People, settings: Any
) -> None:
    settings.WEBHOOKS_PRIVATE = False
    for url in ("https://192.168.1.20/sms", "http://sms.example.org/", "https://127.0.0.1:8080/", "ftp://x/"):
        with pytest.raises(BelvedereError) as refused:
            written(people, http(url))
        assert refused.value.data["field"] == "url"
    settings.WEBHOOKS_PRIVATE = True
    made = written(people, http("https://192.168.1.20/sms"))
    settings.WEBHOOKS_PRIVATE = False
    outcome = sms(valbelle)
    assert not outcome.taken and outcome.is_permanent, "nor is one that was written while it was allowed"
    assert Gateway.objects.get(pk=made).failed == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"ways": ()}, "ways"),
        ({"body": "{to}"}, "body"),
        ({"body": "[1]"}, "body"),
        ({"body": '{"to": "{to}"}'}, "body"),
        ({"body": '{"to": "{number}", "text": "{text}"}'}, "body"),
        ({"coding": Coding.FORM}, "body"),
        ({"coding": Coding.NONE}, "url"),
        ({"headers": (("Bad name", "x"),)}, "headers"),
        ({"headers": (("X", "{what}"),)}, "headers"),
        ({"secret": "a\nb"}, "secret"),
    ],
)
def test_what_cannot_be_taken_says_why(
    valbelle: Valbelle, people: People, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(BelvedereError) as refused:
        written(people, http("https://sms.example.org/", **changed))
    assert refused.value.data["field"] == field and refused.value.sentence()
    with pytest.raises(BelvedereError, match="without braces"):
        written(people, http("https://{text}.example.org/"))


def test_who_writes_gateways(valbelle: Valbelle, people: People) -> None:
    given = http("https://sms.example.org/")
    made = written(people, given, valbelle.montaigu.pk, "administrator")
    for who in ("lead", "neighbour", "nobody", "elected"):
        for owner in (valbelle.montaigu.pk, None):
            with pytest.raises(Refused):
                written(people, given, owner, who)
        with pytest.raises(Refused):
            reach.gateways(people.actor(who), valbelle.territory.pk)
        with pytest.raises(Refused):
            reach.remove_gateway(actor=people.actor(who), territory=here(), gateway_id=made)
    with pytest.raises(Refused):
        written(people, given, None, "administrator")
    whole = written(people, given)
    seen = reach.gateways(people.actor("administrator"), valbelle.territory.pk)
    assert [one.id for one in seen] == [made], "not those of the territory"
    with pytest.raises(Refused):
        reach.switch_gateway(
            actor=people.actor("administrator"), territory=here(), gateway_id=whole, on=False
        )


def test_a_new_server_asks_for_the_secret_again_and_the_journal_holds_none(
    valbelle: Valbelle, people: People
) -> None:
    made = written(people, http("https://sms.example.org/a"))
    change: dict[str, Any] = {"actor": people.actor("governor"), "territory": here(), "gateway_id": made}
    reach.change_gateway(**change, given=http("https://sms.example.org/b", secret=""))
    assert decrypt(Gateway.objects.get().secret) == "s3cret-key", "kept when nothing is typed"
    with pytest.raises(BelvedereError, match="type the secret again"):
        reach.change_gateway(**change, given=http("https://thief.example.org/", secret=""))
    with pytest.raises(BelvedereError, match="Somebody changed it"):
        reach.change_gateway(**change, given=http("https://sms.example.org/c"), expected=1)
    reach.switch_gateway(actor=people.actor("governor"), territory=here(), gateway_id=made, on=False)
    assert not reach.ways_here(valbelle.territory.pk, [None])
    rows = EntryRow.objects.filter(verb__startswith="reach.")
    assert [one.verb for one in rows.order_by("id")] == [
        "reach.create_gateway", "reach.change_gateway", "reach.switch_gateway",
    ]  # fmt: skip
    assert "s3cret" not in str(list(rows.values()))


def test_a_test_rings_who_asks_for_it(valbelle: Valbelle, people: People, box: Listener) -> None:
    made = written(people, http(f"{box.url}/sms"))
    asking: dict[str, Any] = {
        "actor": people.actor("governor"),
        "territory": here(),
        "gateway_id": made,
        "text": "Essai",
    }
    with pytest.raises(BelvedereError, match="your own telephone"):
        reach.test_gateway(**asking)
    change_own_details(actor=people.actor("governor"), phone="0041 (0)79 123 45 67")
    at = now()
    with standing_at(at):
        assert reach.test_gateway(**asking).taken
        assert json.loads(box.last.body)["to"] == [PHONE]
        with pytest.raises(BelvedereError, match="ten seconds"):
            reach.test_gateway(**asking)
    with standing_at(at + timedelta(seconds=11)):
        box.status = 401
        assert reach.test_gateway(**asking).wrong == {"status": 401, "said": box.answer.decode()}
