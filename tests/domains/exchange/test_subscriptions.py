"""Subscriptions of NGSI-LD (ETSI GS CIM 009, clauses 5.2.12 and 5.8): what is taken, and what is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from belvedere.domains.access.public import Actor, actor_of
from belvedere.domains.context.events import Trigger
from belvedere.domains.exchange import public as exchange
from belvedere.domains.exchange.errors import NoSuchSubscription, SubscriptionExists
from belvedere.domains.exchange.models import Notice, Subscription
from belvedere.domains.territory.public import territory_by_slug
from belvedere.engines.outgoing import AddressRefused
from belvedere.kernel.clock import now
from belvedere.kernel.errors import BelvedereError, Refused
from belvedere.standards.ngsi_ld import contexts
from belvedere.standards.ngsi_ld.documents import Instance, Kind
from tests.domains.exchange.examples import AT, COLOUR, bench, deliver, subscribe, tell, told, updated
from tests.domains.webhooks.receiver import Receiver
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
URI = "https://example.org/hook"
ENDPOINT = {"uri": URI}


def retrieved(actor: Actor, urn: str, terms: Any = None) -> dict[str, Any]:
    context = contexts.build(terms, lambda url: {}) if terms else contexts.core()
    return exchange.retrieve(actor, territory_by_slug("valbelle"), urn, context)


def test_clauses_5_8_1_and_5_8_3_it_is_kept_as_it_was_given(people: People) -> None:
    actor = people.actor("lead")
    urn = subscribe(actor, URI, subscriptionName="GIS", watchedAttributes=["colour"], q='colour=="red"')
    found = retrieved(actor, urn)
    assert (found["type"], found["status"], found["subscriptionName"]) == ("Subscription", "active", "GIS")
    assert found["entities"] == [{"type": "Bench"}] and found["q"] == 'colour=="red"'
    assert found["notificationTrigger"] == ["attributeCreated", "attributeUpdated"]
    assert found["notification"] == {"endpoint": {"uri": URI}}


def test_clause_5_5_7_names_are_told_in_the_context_of_who_asks(people: People) -> None:
    actor = people.actor("lead")
    urn = subscribe(actor, URI, watchedAttributes=["colour"])
    found = retrieved(actor, urn, {"farbe": COLOUR, "Bank": COLOUR.replace("colour", "Bench")})
    assert (found["entities"], found["watchedAttributes"]) == ([{"type": "Bank"}], ["farbe"])


@pytest.mark.parametrize(
    "members",
    [
        {"entities": None},
        {"type": "Wish"},
        {"id": "not a uri"},
        {"id": ""},
        {"notification": {"endpoint": None}},
        {"notification": {"endpoint": {"uri": URI, "accept": "text/plain"}}},
        {"notification": {"format": "xml"}},
        {"notification": {"pick": ["id"], "omit": ["id"]}},
        {"notification": {"pick": ["id"], "attributes": ["colour"]}},
        {"notification": {"showChanges": True, "format": "keyValues"}},
        {"notification": {"endpoint": {"uri": URI, "receiverInfo": [{"key": "Host", "value": "x"}]}}},
        {"notification": {"endpoint": {"uri": URI, "receiverInfo": [{"key": "A", "value": "x\r\nB: y"}]}}},
        {"throttling": -1},
        {"throttling": 5, "timeInterval": 5},
        {"timeInterval": 0},
        {"timeInterval": 5, "watchedAttributes": ["colour"]},
        {"expiresAt": "2020-08-01T22:07:00Z"},
        {"expiresAt": "tomorrow"},
        {"q": "colour==="},
        {"geoQ": {"georel": "near"}},
        {"scopeQ": "//"},
        {"notificationTrigger": ["sunrise"]},
        {"watchedAttributes": []},
        {"jsonldContext": "unknownContext"},
        {"entities": [{"type": "Bench", "idPattern": "("}]},
        {"entities": [{"type": "Bench", "idPattern": "(a+)+$"}]},
        {"notification": {"endpoint": {"uri": URI, "timeout": "5"}}},
        {"notification": {"endpoint": {"uri": URI, "cooldown": -1}}},
    ],
)
def test_clause_5_8_1_4_what_is_no_subscription_is_refused(
    members: dict[str, Any], people: People, valbelle: Valbelle
) -> None:
    with pytest.raises(BelvedereError) as refused:
        subscribe(people.actor("lead"), URI, **members)
    assert refused.value.status in (400, 403, 422)
    assert not Subscription.objects.exists()


def test_clause_5_2_12_a_list_of_one_stands_without_brackets(people: People, valbelle: Valbelle) -> None:
    """And what no clause knows is not kept."""
    actor = people.actor("lead")
    urn = subscribe(
        actor,
        URI,
        entities={"type": "Bench", "odd": [[[]]]},
        watchedAttributes="colour",
        notificationTrigger="attributeDeleted",
        notification={"attributes": "colour", "odd": 1},
    )
    found = retrieved(actor, urn)
    assert found["entities"] == [{"type": "Bench"}]
    assert (found["watchedAttributes"], found["notificationTrigger"]) == (["colour"], ["attributeDeleted"])
    assert found["notification"] == {"attributes": ["colour"], "endpoint": ENDPOINT}


def test_a_subscription_that_cannot_be_compared_holds_up_nobody_who_writes(
    people: People, valbelle: Valbelle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that an older version took and this one does not understand."""
    from belvedere.domains.exchange import telling

    for _ in range(2):
        subscribe(people.actor("lead"), URI)
    answers = iter([RuntimeError("odd"), True])

    def odd(*_: Any) -> bool:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(telling, "matches", odd)
    tell(valbelle.territory.pk, updated(bench(colour="red")))
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    "uri", ["https://127.0.0.1/", "http://example.org/", "https://10.0.0.8/x", "mqtt://example.org/t", "x"]
)
def test_no_request_to_the_inside_can_be_provoked(uri: str, people: People, valbelle: Valbelle) -> None:
    with pytest.raises(AddressRefused):
        subscribe(people.actor("lead"), uri)


def test_what_a_receiver_wants_to_hear_is_sent_and_kept_encrypted(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    info = [{"key": "Authorization", "value": "Bearer s3cret"}]
    endpoint = {"uri": receiver.url, "receiverInfo": info}
    urn = subscribe(people.actor("lead"), receiver.url, notification={"endpoint": endpoint})
    row = Subscription.objects.get()
    assert "s3cret" not in str(row.body) and b"s3cret" not in bytes(row.headers or b"")
    assert retrieved(people.actor("lead"), urn)["notification"]["endpoint"]["receiverInfo"] == info
    tell(valbelle.territory.pk, updated(bench(colour="red")))
    deliver()
    assert told(receiver).headers[0]["authorization"] == "Bearer s3cret"


def test_clause_5_8_2_a_fragment_changes_what_it_says_only(people: People, valbelle: Valbelle) -> None:
    actor, territory = people.actor("lead"), territory_by_slug("valbelle")
    urn = subscribe(actor, URI, q='colour=="red"', expiresAt="2999-01-01T00:00:00Z")

    def change(**fragment: Any) -> None:
        exchange.update_subscription(
            actor=actor, territory=territory, urn=urn, given=fragment, context=contexts.core()
        )

    change(isActive=False, q=None)
    found = retrieved(actor, urn)
    assert (found["status"], "q" in found, found["expiresAt"]) == ("paused", False, "2999-01-01T00:00:00Z")
    Subscription.objects.update(expires_at=now() - timedelta(seconds=1))
    change(isActive=True)
    assert retrieved(actor, urn)["status"] == "expired"
    change(expiresAt="2998-01-01T00:00:00Z")
    assert retrieved(actor, urn)["status"] == "active"
    for fragment in ({"notification": {"format": "keyValues"}}, {"notification": None}, {"type": "Wish"}):
        with pytest.raises(BelvedereError):
            change(**fragment)


def test_one_identifier_once(people: People, valbelle: Valbelle) -> None:
    subscribe(people.actor("lead"), URI, id="urn:x:1")
    with pytest.raises(SubscriptionExists):
        subscribe(people.actor("lead"), URI, id="urn:x:1")


def test_who_subscribes_and_who_sees_the_subscription_of_another(people: People, valbelle: Valbelle) -> None:
    """A token that only reads differs from one that writes by that; the neighbour by the owner."""
    reading = actor_of(people.lead, scopes=frozenset({"read"}))
    for actor in (reading, people.actor("nobody"), Actor.public(), Actor.system()):
        with pytest.raises(Refused):
            subscribe(actor, URI)
    urn = subscribe(people.actor("lead"), URI)
    territory = territory_by_slug("valbelle")
    with pytest.raises(NoSuchSubscription):
        retrieved(people.actor("neighbour"), urn)
    with pytest.raises(Refused):
        exchange.delete_subscription(actor=people.actor("neighbour"), territory=territory, urn=urn)
    assert exchange.query(people.actor("neighbour"), territory, contexts.core(), limit=9, offset=0).rows == ()
    assert retrieved(people.actor("governor"), urn)["id"] == urn


def test_clause_5_3_1_values_before_and_what_went(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    subscribe(
        people.actor("lead"),
        receiver.url,
        notificationTrigger=["entityUpdated", "entityDeleted"],
        notification={"showChanges": True},
    )
    before, after = bench(colour="red", weight=9), bench(colour="green")
    change = updated(after, before, names=(COLOUR, COLOUR.replace("colour", "weight")))
    tell(valbelle.territory.pk, change, updated(after, what=Trigger.ENTITY_DELETED))
    deliver()
    changed, gone = told(receiver).things
    assert changed["colour"] == {"type": "Property", "value": "green", "previousValue": "red"}
    assert changed["weight"] == {"type": "Property", "value": "urn:ngsi-ld:null", "previousValue": 9}
    assert gone["colour"] == {"type": "Property", "value": "urn:ngsi-ld:null", "previousValue": "green"}
    assert "deletedAt" in gone


def test_clauses_4_9_and_6_3_5_only_what_matches_and_in_the_form_asked_for(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    endpoint = {"uri": receiver.url, "accept": "application/ld+json"}
    subscribe(
        people.actor("lead"),
        receiver.url,
        q='colour=="red";weight>5',
        notification={"endpoint": endpoint, "format": "keyValues", "pick": ["id", "weight"]},
    )
    tell(
        valbelle.territory.pk, updated(bench(colour="red", weight=9)), updated(bench(colour="red", weight=1))
    )
    deliver()
    heard = told(receiver)
    (thing,) = heard.things
    assert (thing["id"], thing["weight"], "colour" in thing) == ("urn:ngsi-ld:Bench:1", 9, False)
    assert "@context" in thing and "link" not in heard.headers[0]


def test_an_instance_taken_away_is_told_beside_those_that_stay(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    subscribe(people.actor("lead"), receiver.url, notificationTrigger=["attributeDeleted"])
    named = Instance(kind=Kind.PROPERTY, value="rouge", dataset_id="urn:x:fr", created_at=AT, modified_at=AT)
    after = bench(colour="red")
    before = bench(colour="red")
    before.attributes[COLOUR].append(named)
    tell(valbelle.territory.pk, updated(after, before))
    deliver()
    (thing,) = told(receiver).things
    assert thing["colour"][1] == {"type": "Property", "value": "urn:ngsi-ld:null", "datasetId": "urn:x:fr"}
    assert not Notice.objects.exists()
