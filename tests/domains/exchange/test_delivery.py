"""The outbox: what is told is told in order, again until it is taken, and to nobody who may not know."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from belvedere.domains.access.models import Membership
from belvedere.domains.context.events import Trigger
from belvedere.domains.exchange import lanes
from belvedere.domains.exchange import public as exchange
from belvedere.domains.exchange.models import Lane, Notice, Subscription
from belvedere.domains.exchange.states import MOST_OFFERS, PATIENCE, Fate, delay_after
from belvedere.domains.territory.public import territory_by_slug
from belvedere.kernel.clock import now
from tests.domains.exchange.examples import COLOUR, WORKER, bench, deliver, subscribe, tell, told, updated
from tests.domains.webhooks.receiver import Receiver, receiving
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db


def due_now() -> None:
    Lane.objects.update(next_at=now())


def test_changes_arrive_in_their_order_and_are_counted(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    subscribe(people.actor("lead"), receiver.url)
    for colour in ("red", "green", "blue"):
        tell(valbelle.territory.pk, updated(bench(colour=colour)))
    (outcome,) = deliver()
    assert (outcome.fate, outcome.posts) == (Fate.TAKEN, 3)
    heard = told(receiver)
    assert [one["colour"]["value"] for one in heard.things] == ["red", "green", "blue"]
    assert heard.bodies[0]["type"] == "Notification"
    assert heard.headers[0]["ngsild-tenant"] == "valbelle"
    assert not Notice.objects.exists()
    lane = Lane.objects.get()
    assert (lane.sent, lane.failed, lane.failures, lane.holder) == (3, 0, 0, None)


def test_a_change_undone_tells_nobody(people: People, valbelle: Valbelle, receiver: Receiver) -> None:
    subscribe(people.actor("lead"), receiver.url)
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before")
        tell(valbelle.territory.pk, updated(bench(colour="red")))
        cursor.execute("ROLLBACK TO SAVEPOINT before")
    assert deliver() == [] and receiver.received == []


def test_a_receiver_that_fell_gets_all_in_order_and_slows_nobody(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    with receiving() as other:
        other.status = 503
        subscribe(people.actor("lead"), receiver.url)
        subscribe(people.actor("lead"), other.url)
        for colour in ("red", "green", "blue"):
            tell(valbelle.territory.pk, updated(bench(colour=colour)))
        fates = {one.fate for one in deliver()}
        assert fates == {Fate.TAKEN, Fate.FAILED}
        assert (len(receiver.received), len(other.received)) == (3, 1)
        assert deliver() == [] and deliver(failing=True) == []  # it is left alone for a while
        other.status, other.received = 204, []
        due_now()
        assert deliver() == []  # and those that go well never wait for it
        deliver(failing=True)
        assert [one["colour"]["value"] for one in told(other).things] == ["red", "green", "blue"]
        assert not Lane.objects.filter(failures__gt=0).exists()


def test_a_receiver_waits_longer_and_longer_up_to_an_hour() -> None:
    waits = [delay_after(n).total_seconds() for n in range(1, 20)]
    assert waits == sorted(waits) and (waits[0], waits[-1]) == (1, 3600)


def test_what_is_not_wanted_is_put_aside_and_can_be_sent_again(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    """One notification that the receiver refuses does not hold up the others for ever."""
    actor, territory = people.actor("lead"), territory_by_slug("valbelle")
    urn = subscribe(actor, receiver.url)
    tell(valbelle.territory.pk, updated(bench(colour="red")))
    receiver.status, receiver.body = 422, b"no such bench"
    for n in range(MOST_OFFERS):
        due_now()
        deliver(failing=n > 0)
    view = exchange.subscriber(actor, territory, urn)
    assert (view.waiting, view.parked, view.answer_status, view.answer) == (0, 1, 422, "no such bench")
    receiver.status, receiver.received = 204, []
    assert exchange.replay(actor=actor, territory=territory, urn=urn) == 1
    deliver()
    assert [one["colour"]["value"] for one in told(receiver).things] == ["red"]


def test_what_was_not_taken_for_a_day_is_kept_for_whoever_asks(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    subscribe(people.actor("lead"), receiver.url)
    tell(valbelle.territory.pk, updated(bench(colour="red")))
    Notice.objects.update(created_at=now() - PATIENCE - timedelta(minutes=1))
    tell(valbelle.territory.pk, updated(bench(colour="green")))
    receiver.status = 500
    deliver()
    assert list(Notice.objects.order_by("pk").values_list("why", flat=True)) == ["late", ""]


def test_a_lane_that_is_behind_is_told_of_different_things_together(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    subscribe(people.actor("lead"), receiver.url)
    for colour in ("red", "green"):
        for number in range(15):
            tell(valbelle.territory.pk, updated(bench(number, colour=colour), entity_id=-1 - number))
    Notice.objects.update(created_at=now() - timedelta(minutes=1))
    deliver()
    heard = told(receiver)
    assert [len(body["data"]) for body in heard.bodies] == [15, 15]  # never one thing twice in one
    assert [one["colour"]["value"] for one in heard.things] == ["red"] * 15 + ["green"] * 15


def test_throttling_tells_the_last_of_each_thing_and_then_rests(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    subscribe(people.actor("lead"), receiver.url, throttling=60)
    tell(valbelle.territory.pk, updated(bench(colour="red")))
    deliver()
    for colour in ("green", "blue"):
        tell(valbelle.territory.pk, updated(bench(colour=colour)))
    assert deliver() == []
    due_now()
    deliver()
    assert [one["colour"]["value"] for one in told(receiver).things] == ["red", "blue"]


def test_a_clock_that_went_back_holds_nobody_up(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    subscribe(people.actor("lead"), receiver.url, throttling=1)
    tell(valbelle.territory.pk, updated(bench(colour="red")))
    Lane.objects.update(next_at=now() + timedelta(days=3))
    assert len(deliver()) == 1


def test_two_workers_never_hold_the_same_lane_and_the_dead_let_go(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    subscribe(people.actor("lead"), receiver.url)
    tell(valbelle.territory.pk, updated(bench(colour="red")))
    assert len(lanes.claim(WORKER, 5, failing=False)) == 1
    assert lanes.claim(WORKER + 1, 5, failing=False) == []
    lanes.hold(WORKER)
    try:
        assert lanes.free_lost() == 0
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [WORKER])
    assert lanes.free_lost() == 1
    assert len(deliver(worker=WORKER + 1)) == 1


@pytest.mark.parametrize(("who", "heard"), [("lead", 1), ("neighbour", 0)])
def test_a_system_learns_no_more_than_its_owner_may(
    who: str, heard: int, people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    """The neighbour holds the same role, next door."""
    subscribe(people.actor(who), receiver.url)
    own = valbelle.montaigu.pk
    tell(valbelle.territory.pk, updated(bench(colour="red"), owner_id=own, visibility="own"))
    deliver()
    assert len(receiver.received) == heard
    assert not Notice.objects.exists()


def test_an_attribute_that_is_kept_closer_is_left_out(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    subscribe(people.actor("neighbour"), receiver.url)
    change = updated(
        bench(colour="red", weight=9),
        owner_id=valbelle.montaigu.pk,
        kept={f"{COLOUR.rpartition('/')[0]}/weight": "own"},
    )
    tell(valbelle.territory.pk, change)
    deliver()
    (thing,) = told(receiver).things
    assert set(thing) == {"id", "type", "colour"}


def test_who_lost_their_role_is_told_nothing_more(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    subscribe(people.actor("lead"), receiver.url)
    tell(valbelle.territory.pk, updated(bench(colour="red"), visibility="public"))
    Membership.objects.filter(person=people.lead).update(ended_at=now())
    assert deliver() == [] and receiver.received == []
    assert Subscription.objects.get().stopped == "owner"
    assert Lane.objects.get().holder is None


def test_one_that_cannot_be_understood_any_more_waits_and_stops_nobody(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    subscribe(people.actor("lead"), receiver.url)
    subscribe(people.actor("lead"), receiver.url)
    tell(valbelle.territory.pk, updated(bench(colour="red")))
    row = Subscription.objects.order_by("pk")[0]
    Subscription.objects.filter(pk=row.pk).update(body={**row.body, "q": "(("})
    assert len(deliver()) == 1 and len(receiver.received) == 1
    assert deliver() == [] and Lane.objects.get(pk=row.pk).failures == 1


def test_redirects_are_failures_and_the_inside_is_never_reached(
    people: People, valbelle: Valbelle, receiver: Receiver, settings: object
) -> None:
    subscribe(people.actor("lead"), receiver.url)
    receiver.status, receiver.location = 307, receiver.url
    tell(valbelle.territory.pk, updated(bench(colour="red")))
    assert [one.fate for one in deliver()] == [Fate.FAILED] and len(receiver.received) == 1
    settings.WEBHOOKS_PRIVATE = False  # type: ignore[attr-defined]
    due_now()
    assert [one.fate for one in deliver(failing=True)] == [Fate.FAILED] and len(receiver.received) == 1


def test_without_subscriptions_a_change_costs_no_query(
    valbelle: Valbelle, django_assert_num_queries: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from belvedere.domains.exchange import watching

    monkeypatch.setattr(watching, "FRESH_S", 60.0)
    watching.forget()
    assert not watching.anybody()
    with django_assert_num_queries(0):  # type: ignore[operator]
        tell(valbelle.territory.pk, updated(bench(colour="red")))


@pytest.mark.parametrize(
    ("triggers", "watched", "change", "fires"),
    [
        (None, None, (Trigger.ENTITY_UPDATED, Trigger.ATTRIBUTE_UPDATED), True),
        (None, ["weight"], (Trigger.ENTITY_UPDATED, Trigger.ATTRIBUTE_UPDATED), False),
        (None, None, (Trigger.ENTITY_CREATED, Trigger.ATTRIBUTE_CREATED), True),
        (None, None, (Trigger.ENTITY_UPDATED, Trigger.ATTRIBUTE_DELETED), False),
        (["attributeDeleted"], None, (Trigger.ENTITY_UPDATED, Trigger.ATTRIBUTE_DELETED), True),
        (["entityCreated"], None, (Trigger.ENTITY_UPDATED, Trigger.ATTRIBUTE_CREATED), False),
        (["entityUpdated"], ["colour"], (Trigger.ENTITY_UPDATED, Trigger.ATTRIBUTE_DELETED), True),
        (["entityDeleted"], None, (Trigger.ENTITY_DELETED, Trigger.ATTRIBUTE_DELETED), True),
    ],
)
def test_clause_5_8_6_what_fires(
    triggers: list[str] | None,
    watched: list[str] | None,
    change: tuple[Trigger, Trigger],
    fires: bool,
    people: People,
    valbelle: Valbelle,
    receiver: Receiver,
) -> None:
    subscribe(people.actor("lead"), receiver.url, notificationTrigger=triggers, watchedAttributes=watched)
    tell(valbelle.territory.pk, updated(bench(colour="red"), what=change[0], attribute=change[1]))
    assert Notice.objects.exists() is fires
