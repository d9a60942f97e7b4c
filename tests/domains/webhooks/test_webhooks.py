"""Events become messages, messages are sent, tried again, given up; only administrators set them up."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from belvedere.domains.plans.public import actions as plans
from belvedere.domains.territory.public import TerritoryView, territory_by_slug
from belvedere.domains.webhooks import outbox
from belvedere.domains.webhooks import public as webhooks
from belvedere.domains.webhooks.models import Delivery, Endpoint
from belvedere.domains.webhooks.states import DELAYS, DeliveryState, Stopped
from belvedere.duties.journal.models import EntryRow
from belvedere.engines import signing
from belvedere.kernel.clock import now, standing_at
from belvedere.kernel.errors import Conflict, InvalidInput, NotFound, Refused
from tests.domains.webhooks.receiver import Receiver, receiving
from tests.faces.web.plans_examples import street
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
ALL = ["measure.created", "measure.changed", "measures.imported"]


@pytest.fixture
def receiver(settings: Any) -> Any:
    settings.WEBHOOKS_PRIVATE = True
    with receiving() as made:
        yield made


@pytest.fixture
def territory(valbelle: Valbelle) -> TerritoryView:
    return territory_by_slug("valbelle")


def told(people: People, territory: TerritoryView, url: str, kinds: list[str] = ALL) -> webhooks.NewSecret:
    return webhooks.create_endpoint(actor=people.actor("governor"), territory=territory, url=url, kinds=kinds)


def retitle(people: People, measure: Any, title: str) -> None:
    plans.edit_measure(actor=people.actor("lead"), measure_id=measure, version=None, title={"fr": title})


Commit = Callable[..., Any]


def test_a_message_stands_or_falls_with_its_fact(
    people: People, valbelle: Valbelle, territory: TerritoryView
) -> None:
    """No commit hook runs here: the message is there all the same, and gone with a change undone."""
    told(people, territory, "https://example.org/hook")
    measure = street(valbelle, published=False)
    Delivery.objects.all().delete()
    with transaction.atomic():
        retitle(people, measure, "Rue neuve")
        assert Delivery.objects.get().kind == "measure.changed"
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()
    retitle(people, measure, "Rue neuve")
    assert Delivery.objects.get().kind == "measure.changed"


def test_a_change_is_told_signed_and_without_a_person(
    people: People,
    valbelle: Valbelle,
    territory: TerritoryView,
    receiver: Receiver,
    django_capture_on_commit_callbacks: Commit,
) -> None:
    made = told(people, territory, receiver.url)
    measure = street(valbelle, published=False)
    with django_capture_on_commit_callbacks(execute=True):
        retitle(people, measure, "Rue neuve")
    (waiting,) = Delivery.objects.filter(kind="measure.changed")
    assert outbox.deliver(waiting.pk)
    ((headers, body),) = receiver.received
    message = json.loads(body)
    assert (message["type"], message["data"]["verb"]) == ("measure.changed", "edit_measure")
    assert message["data"]["measure_id"] == str(measure)
    assert message["data"]["api_url"].endswith(f"/api/v1/measures/{measure}")
    assert not {"Lead", "lead@example.org", str(people.lead.pk), "Rue neuve"} & set(body.decode().split('"'))
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    assert headers["webhook-signature"] == signing.sign(made.plain, headers["webhook-id"], at, body)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.status, waiting.tries) == ("delivered", 204, 1)
    assert not outbox.deliver(waiting.pk)
    assert len(receiver.received) == 1


def test_only_the_kinds_that_were_chosen_are_told(
    people: People,
    valbelle: Valbelle,
    territory: TerritoryView,
    receiver: Receiver,
    django_capture_on_commit_callbacks: Commit,
) -> None:
    told(people, territory, receiver.url, ["measure.created"])
    with django_capture_on_commit_callbacks(execute=True):
        measure = street(valbelle)
        retitle(people, measure, "Autre")
    assert [row.kind for row in Delivery.objects.all()] == ["measure.created"]


def test_the_job_of_a_message_sends_it_and_asks_for_the_next_try(
    people: People,
    territory: TerritoryView,
    receiver: Receiver,
    django_capture_on_commit_callbacks: Commit,
) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    from belvedere.domains.webhooks.tasks import deliver_later

    made = told(people, territory, receiver.url)
    with django_capture_on_commit_callbacks(execute=True):
        message = webhooks.send_test(
            actor=people.actor("governor"), territory=territory, endpoint_id=made.endpoint_id
        )
    receiver.status = 500
    deliver_later(delivery_id=str(message))
    jobs = ProcrastinateJob.objects.filter(task_name="webhooks.deliver").order_by("id")
    assert [job.args["delivery_id"] for job in jobs] == [str(message), str(message)]
    assert jobs[1].scheduled_at == Delivery.objects.get().next_at


def test_a_failure_is_tried_again_later_and_later_then_given_up(
    people: People, territory: TerritoryView, receiver: Receiver
) -> None:
    made = told(people, territory, receiver.url)
    message = webhooks.send_test(
        actor=people.actor("governor"), territory=territory, endpoint_id=made.endpoint_id
    )
    receiver.status, receiver.body = 503, b"busy"
    start = at = now()
    for delay in DELAYS:
        with standing_at(at):
            assert outbox.deliver(message)
            row = Delivery.objects.get()
            assert (row.state, row.status, row.answer) == (DeliveryState.WAITING, 503, "busy")
            assert row.next_at is not None
            assert 0.8 * delay <= row.next_at - at <= 1.2 * delay
            assert not outbox.deliver(message)  # not yet
        at = row.next_at
    assert at - start > timedelta(days=2)
    with standing_at(at):
        assert outbox.deliver(message)
    row.refresh_from_db()
    assert (row.state, row.next_at, row.tries) == (DeliveryState.GIVEN_UP, None, len(DELAYS) + 1)
    assert {headers["webhook-id"] for headers, _ in receiver.received} == {f"msg_{message.hex}"}


def test_an_endpoint_that_fails_for_days_is_stopped_and_started_again(
    people: People, territory: TerritoryView, receiver: Receiver
) -> None:
    governor = people.actor("governor")
    made = told(people, territory, receiver.url)
    receiver.status = 500

    def ping() -> Any:
        return webhooks.send_test(actor=governor, territory=territory, endpoint_id=made.endpoint_id)

    outbox.deliver(ping())
    assert webhooks.endpoint(governor, territory, made.endpoint_id).failing_since is not None
    with standing_at(now() + timedelta(days=5, minutes=1)):
        outbox.deliver(ping())
        view = webhooks.endpoint(governor, territory, made.endpoint_id)
        assert view.stopped is Stopped.FAILING
        with pytest.raises(Conflict):
            ping()
        assert outbox.due(now() + timedelta(days=9)) == []
        webhooks.start_endpoint(actor=governor, territory=territory, endpoint_id=made.endpoint_id)
        receiver.status = 200
        for key in outbox.due(now()):
            assert outbox.deliver(key)
        view = webhooks.endpoint(governor, territory, made.endpoint_id)
        assert (view.stopped, view.failing_since, view.waiting) == (None, None, 0)


def test_gone_is_gone(people: People, territory: TerritoryView, receiver: Receiver) -> None:
    made = told(people, territory, receiver.url)
    governor = people.actor("governor")
    receiver.status = 410
    outbox.deliver(webhooks.send_test(actor=governor, territory=territory, endpoint_id=made.endpoint_id))
    assert webhooks.endpoint(governor, territory, made.endpoint_id).stopped is Stopped.GONE


def test_who_no_longer_governs_is_told_nothing(
    people: People,
    valbelle: Valbelle,
    territory: TerritoryView,
    receiver: Receiver,
    django_capture_on_commit_callbacks: Commit,
) -> None:
    from belvedere.domains.access.models import TerritoryMembership

    made = told(people, territory, receiver.url)
    message = webhooks.send_test(
        actor=people.actor("governor"), territory=territory, endpoint_id=made.endpoint_id
    )
    TerritoryMembership.objects.filter(person=people.governor).update(ended_at=now())
    assert not outbox.deliver(message)
    with django_capture_on_commit_callbacks(execute=True):
        street(valbelle)
    assert receiver.received == []
    assert Endpoint.objects.get().stopped_why == Stopped.CREATOR
    assert Delivery.objects.count() == 1


def test_two_workers_do_not_send_one_message_twice(
    people: People, territory: TerritoryView, receiver: Receiver
) -> None:
    made = told(people, territory, receiver.url)
    message = webhooks.send_test(
        actor=people.actor("governor"), territory=territory, endpoint_id=made.endpoint_id
    )
    Delivery.objects.update(state=DeliveryState.SENDING, claimed_at=now())
    assert not outbox.deliver(message)
    with standing_at(now() + timedelta(minutes=6)):  # whoever held it has died
        assert outbox.due(now()) == [message]
        assert outbox.deliver(message)


def test_an_old_secret_signs_too_for_a_day(
    people: People, territory: TerritoryView, receiver: Receiver
) -> None:
    governor = people.actor("governor")
    first = told(people, territory, receiver.url)
    second = webhooks.rotate_secret(actor=governor, territory=territory, endpoint_id=first.endpoint_id)
    assert first.plain != second.plain
    outbox.deliver(webhooks.send_test(actor=governor, territory=territory, endpoint_id=first.endpoint_id))
    assert len(receiver.received[0][0]["webhook-signature"].split()) == 2
    with standing_at(now() + timedelta(hours=25)):
        outbox.deliver(webhooks.send_test(actor=governor, territory=territory, endpoint_id=first.endpoint_id))
    assert len(receiver.received[1][0]["webhook-signature"].split()) == 1


def test_the_secret_is_kept_encrypted_and_told_to_no_journal(
    people: People, territory: TerritoryView, receiver: Receiver
) -> None:
    made = told(people, territory, receiver.url)
    row = Endpoint.objects.get()
    assert made.plain.encode() not in bytes(row.secret)
    assert made.plain not in repr(made)
    assert made.plain not in repr([(entry.before, entry.after) for entry in EntryRow.objects.all()])


def test_a_message_is_sent_again_under_the_same_number(
    people: People, territory: TerritoryView, receiver: Receiver
) -> None:
    governor = people.actor("governor")
    made = told(people, territory, receiver.url)
    message = webhooks.send_test(actor=governor, territory=territory, endpoint_id=made.endpoint_id)
    outbox.deliver(message)
    webhooks.replay(actor=governor, territory=territory, delivery_id=message)
    outbox.deliver(message)
    (one, two) = receiver.received
    assert (one[0]["webhook-id"], one[1]) == (two[0]["webhook-id"], two[1])


def test_old_messages_are_forgotten(people: People, territory: TerritoryView, receiver: Receiver) -> None:
    governor = people.actor("governor")
    made = told(people, territory, receiver.url)
    outbox.deliver(webhooks.send_test(actor=governor, territory=territory, endpoint_id=made.endpoint_id))
    webhooks.send_test(actor=governor, territory=territory, endpoint_id=made.endpoint_id)
    assert outbox.forget(now() + timedelta(days=29)) == 0
    outbox.forget(now() + timedelta(days=31))
    assert [row.state for row in Delivery.objects.all()] == [DeliveryState.WAITING]


@pytest.mark.parametrize("who", ["administrator", "elected", "lead"])
def test_only_who_governs_the_territory_sets_up_webhooks(
    who: str, people: People, territory: TerritoryView, receiver: Receiver
) -> None:
    made = told(people, territory, receiver.url)
    actor, here = people.actor(who), {"territory": territory, "endpoint_id": made.endpoint_id}
    message = webhooks.send_test(actor=people.actor("governor"), **here)  # type: ignore[arg-type]
    acts: list[Callable[[], object]] = [
        lambda: webhooks.endpoints(actor, territory),
        lambda: webhooks.deliveries(actor, territory, made.endpoint_id),
        lambda: webhooks.create_endpoint(actor=actor, territory=territory, url=receiver.url, kinds=ALL),
        lambda: webhooks.change_endpoint(actor=actor, url=receiver.url, kinds=ALL, **here),  # type: ignore[arg-type]
        lambda: webhooks.rotate_secret(actor=actor, **here),  # type: ignore[arg-type]
        lambda: webhooks.stop_endpoint(actor=actor, **here),  # type: ignore[arg-type]
        lambda: webhooks.start_endpoint(actor=actor, **here),  # type: ignore[arg-type]
        lambda: webhooks.send_test(actor=actor, **here),  # type: ignore[arg-type]
        lambda: webhooks.replay(actor=actor, territory=territory, delivery_id=message),
        lambda: webhooks.remove_endpoint(actor=actor, **here),  # type: ignore[arg-type]
    ]
    for act in acts:
        with pytest.raises(Refused):
            act()
    assert Endpoint.objects.count() == 1


def test_an_endpoint_of_another_territory_is_not_there(
    people: People, territory: TerritoryView, receiver: Receiver
) -> None:
    from belvedere.domains.access.models import TerritoryMembership
    from belvedere.domains.territory.models import Territory

    made = told(people, territory, receiver.url)
    other = Territory.objects.create(
        slug="autre", names={"fr": "Autre"}, country="CH", currency="CHF", languages=["fr"]
    )
    TerritoryMembership.objects.create(person=people.governor, territory=other, role="administrator")
    with pytest.raises(NotFound):
        webhooks.remove_endpoint(
            actor=people.actor("governor"),
            territory=territory_by_slug("autre"),
            endpoint_id=made.endpoint_id,
        )


@pytest.mark.parametrize("kinds", [[], ["ping"], ["measure.created", "nothing"]])
def test_events_that_cannot_be_chosen_are_refused(
    kinds: list[str], people: People, territory: TerritoryView, receiver: Receiver
) -> None:
    with pytest.raises(InvalidInput):
        told(people, territory, receiver.url, kinds)
