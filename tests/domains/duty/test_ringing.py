"""Telephones and rooms: by what each one chose, once, the next way and the next level when it fails, quiet
hours, and nobody forgotten by a crash."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from belvedere.domains.automation import public as automation
from belvedere.domains.duty import public as duty
from belvedere.domains.duty.models import Call, Climb
from belvedere.domains.duty.public import CallState, Channel, Letter, LevelBody, Said, Target, Whom
from belvedere.domains.reach import public as reach
from belvedere.domains.reach.models import Gateway
from belvedere.domains.reach.public import Given, Kind, RoomBody, Way
from belvedere.domains.territory.public import territory_by_slug
from belvedere.engines import outgoing
from belvedere.engines.outgoing import NobodyThere, Unreachable
from belvedere.faces.notices import climbing
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import BelvedereError
from belvedere.kernel.severity import Severity
from tests.domains.automation.examples import AT
from tests.domains.duty.test_climbing import MINUTE, Box, plan, raised, roster
from tests.domains.reach.listening import Listener, box
from tests.domains.reach.test_browsers import shown, switched_on
from tests.domains.reach.test_gateways import http, written
from tests.domains.reach.test_wishes import given, proved
from tests.people import People, Valbelle

__all__ = ["box"]
pytestmark = pytest.mark.django_db
QUIET = {"is_quiet": True, "quiet_from": 0, "quiet_until": 23 * 60 + 59}


def look(at: datetime, mails: Any) -> None:
    with standing_at(at):
        duty.climb_due(at)
        duty.send_due(at, mails, climbing.say)


def person(one: Any) -> tuple[Whom, ...]:
    return (Whom(Target.PERSON, one.pk),)


def calls() -> list[tuple[str, str]]:
    return [(one.channel, one.state) for one in Call.objects.order_by("pk")]


def room(people: People, box: Listener, owner: UUID | None = None) -> UUID:
    body = RoomBody(f"{box.url}/", "!desk:example.org")
    return written(people, Given("Salle", Kind.MATRIX, body, language="fr", secret="tok"), owner)


def test_who_proved_a_number_is_written_to_it_with_the_address_to_acknowledge(
    valbelle: Valbelle, people: People, box: Listener
) -> None:
    written(people, http(f"{box.url}/sms"))
    proved(people, box)
    plan(valbelle.montaigu.pk, LevelBody(0, person(people.lead), (Channel.OWN,)))
    alarm_id = raised(valbelle.montaigu.pk, severity=Severity.MAJOR)
    mails = Box()
    look(AT, mails)
    text = json.loads(box.last.body)["text"]
    assert text.startswith("Majeure") and f"/alarms/{alarm_id}/" in text and not mails.letters
    told = duty.told_of(people.actor("lead"), alarm_id)
    assert told is not None and told.calls[0].channel is Channel.SMS and told.calls[0].state is CallState.SENT
    count = len(box.asked)
    look(AT + MINUTE, mails)
    assert len(box.asked) == count, "once"


def test_a_gateway_that_fails_gives_place_to_the_mail_at_once(
    valbelle: Valbelle, people: People, box: Listener
) -> None:
    written(people, http(f"{box.url}/sms"))
    proved(people, box)
    plan(valbelle.montaigu.pk, LevelBody(0, person(people.lead), (Channel.SMS,)))
    alarm_id = raised(valbelle.montaigu.pk)
    box.status = 401
    mails = Box()
    look(AT, mails)
    assert mails.names == ["Lead"], "in the same round"
    assert calls() == [("sms", "failed"), ("mail", "sent")]
    told = duty.told_of(people.actor("lead"), alarm_id)
    assert told is not None and told.calls[0].wrong is not None and told.calls[0].wrong["status"] == 401


def test_a_call_reads_aloud_and_falls_to_what_they_chose(
    valbelle: Valbelle, people: People, box: Listener
) -> None:
    written(people, http(f"{box.url}/ring", ways=(Way.SMS, Way.VOICE)))
    proved(people, box)
    plan(valbelle.montaigu.pk, LevelBody(0, person(people.lead), (Channel.VOICE,)))
    raised(valbelle.montaigu.pk, severity=Severity.MAJOR)
    look(AT, Box())
    text = json.loads(box.last.body)["text"]
    assert text.startswith("Belvédère pour Valbelle. Majeure") and "http" not in text
    first = Call.objects.get()
    assert (first.channel, first.then) == ("voice", ["sms", "mail"])


def test_without_a_number_or_a_gateway_it_is_a_mail(valbelle: Valbelle, people: People) -> None:
    plan(valbelle.montaigu.pk, LevelBody(0, person(people.lead), (Channel.SMS, Channel.MAIL, Channel.VOICE)))
    raised(valbelle.montaigu.pk)
    mails = Box()
    look(AT, mails)
    assert mails.names == ["Lead"] and calls() == [("mail", "sent")], "once, whatever leads to it"


def test_a_number_taken_away_meanwhile_is_not_rung(valbelle: Valbelle, people: People, box: Listener) -> None:
    written(people, http(f"{box.url}/sms"))
    proved(people, box)
    plan(valbelle.montaigu.pk, LevelBody(0, person(people.lead), (Channel.SMS,)))
    raised(valbelle.montaigu.pk)
    with standing_at(AT):
        duty.climb_due(AT)
    reach.give_phone(actor=people.actor("lead"), phone="")
    count, mails = len(box.asked), Box()
    look(AT, mails)
    assert len(box.asked) == count and mails.names == ["Lead"]


def test_one_who_dies_while_ringing_rings_again_and_only_them(
    valbelle: Valbelle, people: People, box: Listener
) -> None:
    written(people, http(f"{box.url}/sms"))
    proved(people, box)
    plan(valbelle.montaigu.pk, LevelBody(0, person(people.lead), (Channel.SMS,)))
    raised(valbelle.montaigu.pk)

    def dies(letter: Letter, channel: Channel) -> str:
        raise KeyboardInterrupt

    with standing_at(AT):
        duty.climb_due(AT)
        with pytest.raises(KeyboardInterrupt):
            duty.send_due(AT, Box(), dies)
    count = len(box.asked)
    look(AT + timedelta(seconds=4), Box())
    assert len(box.asked) == count, "what kills does not kill without a pause"
    look(AT + timedelta(seconds=5), Box())
    assert len(box.asked) == count + 1 and Call.objects.get().attempts == 2


def test_one_that_cannot_be_worded_does_not_hold_up_the_others(
    valbelle: Valbelle, people: People, box: Listener
) -> None:
    written(people, http(f"{box.url}/sms"))
    proved(people, box)
    place = room(people, box)
    whom = (*person(people.lead), Whom(Target.ROOM, place))
    plan(valbelle.montaigu.pk, LevelBody(0, whom, (Channel.SMS,)))
    raised(valbelle.montaigu.pk)

    def fails_for_rooms(letter: Letter, channel: Channel) -> Said:
        if channel is Channel.ROOM:
            raise ValueError("no words")
        return Said("words")

    with standing_at(AT):
        duty.climb_due(AT)
        assert duty.send_due(AT, Box(), fails_for_rooms) == 1
    assert dict(calls()) == {"room": "waiting", "sms": "sent"}


def test_a_room_is_told_once_and_tried_again_until_it_is_over(
    valbelle: Valbelle, people: People, box: Listener
) -> None:
    place = room(people, box)
    plan(valbelle.montaigu.pk, LevelBody(0, (Whom(Target.ROOM, place),)), repeat_min=60)
    alarm_id = raised(valbelle.montaigu.pk)
    box.status = 502
    mails = Box()
    look(AT, mails)
    assert not mails.letters, "the room alone is told"
    box.status = 200
    look(AT + timedelta(seconds=20), mails)
    assert len(box.asked) == 1, "its gateway is left alone after it failed"
    look(AT + 3 * MINUTE, mails)
    assert len(box.asked) == 2 and calls() == [("room", "sent")]
    assert box.asked[0].path == box.asked[1].path, "the same transaction"
    told = duty.told_of(people.actor("lead"), alarm_id)
    assert told is not None and told.calls[0].name == "Salle" and told.calls[0].person_id is None
    with standing_at(AT + 4 * MINUTE):
        automation.acknowledge(actor=people.actor("lead"), alarm_id=alarm_id)
    look(AT + 90 * MINUTE, mails)
    assert len(box.asked) == 2


def test_a_room_that_is_gone_leaves_nobody_untold(valbelle: Valbelle, people: People, box: Listener) -> None:
    place = room(people, box)
    plan(valbelle.montaigu.pk, LevelBody(0, (Whom(Target.ROOM, place),)))
    Gateway.objects.filter(pk=place).update(is_on=False)
    raised(valbelle.montaigu.pk)
    mails = Box()
    look(AT, mails)
    assert mails.names == ["Administrator", "Contributor", "Lead"], "those who look after its alarms"
    foreign = room(people, box, valbelle.rochefort.pk)
    with pytest.raises(BelvedereError, match="Choose a room"):
        plan(valbelle.montaigu.pk, LevelBody(0, (Whom(Target.ROOM, foreign),)))
    with pytest.raises(BelvedereError, match="A room is told for itself"):
        plan(valbelle.montaigu.pk, LevelBody(0, person(people.lead), (Channel.ROOM,)))


def test_where_all_failed_the_next_level_does_not_wait(
    valbelle: Valbelle, people: People, box: Listener
) -> None:
    place = room(people, box)
    plan(
        valbelle.montaigu.pk,
        LevelBody(0, (Whom(Target.ROOM, place),)),
        LevelBody(120, person(people.lead), (Channel.MAIL,)),
    )
    raised(valbelle.montaigu.pk)
    box.status = 403
    mails = Box()
    look(AT, mails)
    assert calls() == [("room", "failed")] and Climb.objects.get().due_at == AT
    look(AT, mails)
    assert mails.names == ["Lead"]


def test_a_mail_server_that_is_away_makes_it_climb_too(valbelle: Valbelle, people: People) -> None:
    plan(
        valbelle.montaigu.pk,
        LevelBody(0, person(people.lead), (Channel.MAIL,)),
        LevelBody(120, person(people.reader), (Channel.MAIL,)),
    )
    raised(valbelle.montaigu.pk)
    away = Box(takes=False)
    look(AT, away)
    assert Climb.objects.get().due_at == AT + 120 * MINUTE
    look(AT + MINUTE, away)
    assert Climb.objects.get().due_at == AT + MINUTE, "twice in vain"
    look(AT + MINUTE, away)
    assert "Reader" in away.names and "Lead" in away.names, "the first one is tried further on"


def test_quiet_hours_delay_the_person_and_the_alarm_climbs_at_once(
    valbelle: Valbelle, people: People
) -> None:
    reach.save_wishes(actor=people.actor("lead"), given=given(**QUIET))
    plan(
        valbelle.montaigu.pk,
        LevelBody(0, person(people.lead), (Channel.MAIL, Channel.INBOX)),
        LevelBody(120, person(people.reader), (Channel.MAIL,)),
    )
    alarm_id = raised(valbelle.montaigu.pk, severity=Severity.MAJOR)
    mails = Box()
    look(AT, mails)
    look(AT, mails)
    assert mails.names == ["Reader"], "who sleeps is told later, the next one now"
    with standing_at(AT):
        told = duty.told_of(people.actor("lead"), alarm_id)
    waits = next(one for one in told.calls if one.state is CallState.WAITING) if told else None
    assert waits is not None and waits.waits_until is not None and waits.waits_until > AT
    look(waits.waits_until, mails)
    assert "Lead" in mails.names, "nobody acknowledged: told when the quiet is over"


def test_critical_alarms_pass_and_who_is_on_duty_is_reached_at_any_hour(
    valbelle: Valbelle, people: People
) -> None:
    reach.save_wishes(actor=people.actor("lead"), given=given(**QUIET))
    plan(valbelle.montaigu.pk, LevelBody(0, person(people.lead), (Channel.MAIL,)))
    raised(valbelle.montaigu.pk, severity=Severity.CRITICAL)
    mails = Box()
    look(AT, mails)
    assert mails.names == ["Lead"]
    everything = given(**QUIET, quiet_most=Severity.CRITICAL)
    reach.save_wishes(actor=people.actor("contributor"), given=everything)
    on_duty = roster(valbelle.montaigu.pk, people.contributor.pk)
    plan(valbelle.rochefort.pk, LevelBody(0, (Whom(Target.GOVERNORS),)))
    for row in duty.plans(people.actor("lead"), valbelle.territory.pk):
        if row.owner_id == valbelle.montaigu.pk:
            body = duty.PlanBody((LevelBody(0, (Whom(Target.ROSTER, on_duty),), (Channel.OWN,)),))
            duty.save_plan(
                actor=people.actor("governor"), territory=territory_by_slug("valbelle"),
                owner_id=row.owner_id, name="P", severities=list(Severity), body=body, plan_id=row.id,
            )  # fmt: skip
    raised(valbelle.montaigu.pk, severity=Severity.CRITICAL)
    mails = Box()
    look(AT, mails)
    assert mails.names == ["Contributor"], "on duty means being reached"


def test_where_everybody_sleeps_they_are_told_in_the_morning(valbelle: Valbelle, people: People) -> None:
    reach.save_wishes(actor=people.actor("lead"), given=given(**QUIET))
    plan(valbelle.montaigu.pk, LevelBody(0, person(people.lead), (Channel.MAIL,)), repeat_min=60)
    raised(valbelle.montaigu.pk, severity=Severity.MINOR)
    mails = Box()
    for hours in range(4):
        look(AT + hours * 60 * MINUTE, mails)
    assert not mails.letters
    end = min(one.next_at for one in Call.objects.all())
    look(end, mails)
    assert len(mails.letters) == 1 and len(mails.letters[0].alarms) == 1, "one letter for all of it"


@pytest.mark.parametrize(("error", "together"), [(NobodyThere, True), (Unreachable, False), (None, True)])
def test_only_what_surely_did_not_arrive_is_told_with_what_came_meanwhile(
    valbelle: Valbelle,
    people: People,
    box: Listener,
    monkeypatch: pytest.MonkeyPatch,
    error: type[Unreachable] | None,
    together: bool,
) -> None:
    place = room(people, box)
    plan(valbelle.montaigu.pk, LevelBody(0, (Whom(Target.ROOM, place),)), repeat_min=600)
    raised(valbelle.montaigu.pk)
    tried: list[str] = []

    def fails(method: str, url: str, *given: Any, **more: Any) -> Any:
        tried.append(url.rsplit("/", 1)[-1])
        assert error is not None
        raise error("no")

    box.status = 502
    with monkeypatch.context() as patched:
        if error is not None:
            patched.setattr(outgoing, "call", fails)
        look(AT, Box())
    tried += [one.path.rsplit("/", 1)[-1] for one in box.asked]
    raised(valbelle.montaigu.pk, name="Bac")
    box.status, box.asked = 200, []
    look(AT + MINUTE, Box())
    keys = [one.path.rsplit("/", 1)[-1] for one in box.asked]
    assert len(keys) == (1 if together else 2) and set(calls()) == {("room", "sent")}
    assert (tried[0] in keys) is not together, "what may have arrived leaves again by its key"


def test_a_notification_tells_the_alarm_and_opens_it(
    valbelle: Valbelle, people: People, box: Listener
) -> None:
    browser, _ = switched_on(people.actor("lead"), box)
    plan(valbelle.montaigu.pk, LevelBody(0, person(people.lead), (Channel.PUSH,)))
    alarm_id = raised(valbelle.montaigu.pk, severity=Severity.CRITICAL)
    mails = Box()
    look(AT, mails)
    told = shown(browser, box)
    assert told["text"].startswith("Critique")
    assert (told["title"], told["urgent"]) == (territory_by_slug("valbelle").name_in("fr"), True)
    assert told["link"].endswith(f"/alarms/{alarm_id}/") and told["link"].startswith("/cockpit/")
    assert calls() == [("push", "sent")] and not mails.letters


def test_a_browser_that_is_gone_gives_place_to_the_mail_at_once(
    valbelle: Valbelle, people: People, box: Listener
) -> None:
    switched_on(people.actor("lead"), box)
    plan(valbelle.montaigu.pk, LevelBody(0, person(people.lead), (Channel.OWN,)))
    raised(valbelle.montaigu.pk, severity=Severity.MAJOR)
    box.status = 410
    mails = Box()
    look(AT, mails)
    assert calls() == [("push", "failed"), ("mail", "sent")]
    assert mails.names == ["Lead"]
