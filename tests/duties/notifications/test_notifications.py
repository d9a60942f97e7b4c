"""Notices: told once, grouped, delayed, in each one's rhythm. Time is an argument: nothing waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import translation

from belvedere.duties.notifications.public import (
    EVERY_KIND,
    Digest,
    Rhythm,
    forget,
    forget_old,
    held_of,
    inbox,
    notify,
    read_all,
    read_group,
    read_notice,
    read_stop,
    rhythms_of,
    send_due,
    set_rhythms,
    stop,
    stop_token,
    unread,
    without_address,
)
from belvedere.kernel.errors import InvalidInput, NotFound

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # a Friday, 10 o'clock in Zurich
ANNA, BEAT = uuid4(), uuid4()
MINUTE = timedelta(minutes=1)


class Postbox:
    """Takes digests, or refuses them while `open` is false."""

    def __init__(self) -> None:
        self.open = True
        self.digests: list[Digest] = []
        self.tried = 0

    def __call__(self, digest: Digest) -> bool:
        self.tried += 1
        if self.open:
            self.digests.append(digest)
        return self.open


def tell(*people: UUID, kind: str = "mention", key: str = "", at: datetime = START, **more: Any) -> int:
    return notify(people, kind, "{who} wrote", {"who": "Léa"}, key=key or uuid4().hex, at=at, **more)


def test_the_same_is_told_once_and_never_to_its_author() -> None:
    assert tell(ANNA, BEAT, key="c1") == 2
    assert tell(ANNA, BEAT, key="c1") == 0
    assert tell(ANNA, BEAT, key="c2", author_id=ANNA) == 1
    assert (unread(ANNA), unread(BEAT)) == (1, 2)


def test_mail_waits_for_quiet_and_is_one() -> None:
    box = Postbox()
    tell(ANNA)
    tell(ANNA, at=START + 10 * MINUTE)
    assert send_due(START + 24 * MINUTE, box) == 0
    assert send_due(START + 25 * MINUTE, box) == 1
    assert [len(digest.notices) for digest in box.digests] == [2]
    assert send_due(START + 300 * MINUTE, box) == 0, "never twice"


def test_mail_leaves_after_two_hours_however_busy() -> None:
    box = Postbox()
    for minutes in range(0, 120, 10):
        tell(ANNA, at=START + minutes * MINUTE)
    assert send_due(START + 119 * MINUTE, box) == 0
    assert send_due(START + 120 * MINUTE, box) == 1
    assert len(box.digests[0].notices) == 12


def test_each_person_has_their_own_mail() -> None:
    box = Postbox()
    tell(ANNA, BEAT)
    assert send_due(START + 15 * MINUTE, box) == 2
    assert {digest.recipient_id for digest in box.digests} == {ANNA, BEAT}


def test_daily_leaves_at_seven_of_the_territory_and_weekly_on_monday() -> None:
    box = Postbox()
    set_rhythms(ANNA, {"mention": Rhythm.DAILY})
    set_rhythms(BEAT, {"mention": Rhythm.WEEKLY})
    tell(ANNA, BEAT, zone="Europe/Zurich")
    tell(ANNA, at=START + 200 * MINUTE)
    assert send_due(datetime(2026, 11, 21, 5, 59, tzinfo=UTC), box) == 0
    assert send_due(datetime(2026, 11, 21, 6, 0, tzinfo=UTC), box) == 1
    assert [digest.recipient_id for digest in box.digests] == [ANNA]
    assert len(box.digests[0].notices) == 2
    assert send_due(datetime(2026, 11, 23, 6, 0, tzinfo=UTC), box) == 1  # Monday
    assert box.digests[1].recipient_id == BEAT


def test_never_by_mail_stands_in_the_inbox_all_the_same() -> None:
    box = Postbox()
    set_rhythms(ANNA, {"mention": Rhythm.NEVER})
    tell(ANNA)
    assert send_due(START + timedelta(days=30), box) == 0
    assert unread(ANNA) == 1


def test_what_waits_follows_a_new_choice() -> None:
    box = Postbox()
    tell(ANNA)
    set_rhythms(ANNA, {"mention": Rhythm.NEVER})
    assert send_due(START + timedelta(days=1), box) == 0
    set_rhythms(ANNA, {"mention": Rhythm.AT_ONCE})
    assert send_due(START + timedelta(days=1), box) == 1


def test_what_was_read_is_not_mailed() -> None:
    box = Postbox()
    tell(ANNA)
    assert read_all(ANNA) == 1
    assert send_due(START + 60 * MINUTE, box) == 0


def test_a_mail_server_that_is_down_loses_nothing_and_is_not_hammered() -> None:
    box = Postbox()
    box.open = False
    tell(ANNA)
    at = START + 15 * MINUTE
    assert send_due(at, box) == 0
    assert send_due(at + MINUTE, box) == 0
    assert box.tried == 1, "the next attempt waits"
    assert send_due(at + 5 * MINUTE, box) == 0
    assert box.tried == 2
    box.open = True
    assert send_due(at + 12 * MINUTE, box) == 0, "longer each time"
    assert send_due(at + 15 * MINUTE, box) == 1
    assert send_due(at + 60 * MINUTE, box) == 0


def test_what_happens_again_is_counted_until_it_is_sent() -> None:
    box = Postbox()
    for minutes in (0, 3, 6):
        tell(ANNA, kind="change", key="m1", at=START + minutes * MINUTE, repeats=True)
    [notice] = inbox(ANNA).rows
    assert notice.count == 3
    assert notice.sentence("en") == "Léa wrote (3 ×)"
    assert send_due(datetime(2026, 11, 21, 6, 0, tzinfo=UTC), box) == 1, "changes go daily"
    tell(ANNA, kind="change", key="m1", at=START + timedelta(days=2), repeats=True)
    assert [one.count for one in inbox(ANNA).rows] == [1, 3]


def test_values_are_in_the_readers_language() -> None:
    notify([ANNA], "mention", "{what}", {"what": {"fr": "Pont", "de": "Brücke"}}, key="k")
    [notice] = inbox(ANNA).rows
    assert (notice.sentence("de"), notice.sentence("fr"), notice.sentence("en")) == ("Brücke", "Pont", "Pont")
    with translation.override("de"):
        assert str(notice) == "Brücke"


def test_only_the_recipient_opens_a_notice() -> None:
    tell(ANNA)
    [notice] = inbox(ANNA).rows
    with pytest.raises(NotFound):
        read_notice(BEAT, notice.id)
    assert unread(ANNA) == 1
    assert read_notice(ANNA, notice.id).id == notice.id
    assert unread(ANNA) == 0


def test_looking_at_a_thing_reads_what_was_told_of_it() -> None:
    tell(ANNA, subject_id="m1")
    tell(ANNA, subject_id="m2")
    assert read_group(ANNA, "m1") == 1
    assert unread(ANNA) == 1


def test_a_link_stops_one_kind_or_all() -> None:
    token = stop_token(ANNA, "change")
    assert read_stop(token).kind == "change"
    assert stop(token) == stop(token)
    assert rhythms_of(ANNA)["change"] is Rhythm.NEVER
    assert rhythms_of(ANNA)["mention"] is Rhythm.AT_ONCE
    assert rhythms_of(BEAT)["change"] is Rhythm.DAILY
    stop(stop_token(ANNA, EVERY_KIND))
    assert set(rhythms_of(ANNA).values()) == {Rhythm.NEVER}
    set_rhythms(ANNA, {"mention": Rhythm.AT_ONCE})
    assert rhythms_of(ANNA)["mention"] is Rhythm.AT_ONCE


def test_a_forged_link_stops_nothing() -> None:
    token = stop_token(ANNA, "change").replace(ANNA.hex, BEAT.hex)
    with pytest.raises(NotFound):
        stop(token)
    for kind in ("nonsense", "data_call"):  # the second has mails of its own: nobody chooses its rhythm
        with pytest.raises(InvalidInput):
            set_rhythms(ANNA, {kind: Rhythm.AT_ONCE})
    assert rhythms_of(ANNA)["data_call"] is Rhythm.NEVER


def test_one_mail_that_cannot_be_made_holds_up_nobody() -> None:
    box = Postbox()
    tell(ANNA, BEAT)

    def deliver(digest: Digest) -> bool:
        if digest.recipient_id == ANNA:
            raise RuntimeError("unreadable")
        return box(digest)

    assert send_due(START + 15 * MINUTE, deliver) == 1
    assert [digest.recipient_id for digest in box.digests] == [BEAT]
    assert send_due(START + 20 * MINUTE, box) == 1, "and it is not lost"


def test_a_person_without_address_keeps_the_inbox_only() -> None:
    box = Postbox()
    tell(ANNA)
    without_address(ANNA)
    assert send_due(START + 60 * MINUTE, box) == 0
    assert unread(ANNA) == 1


def test_everything_about_a_person_is_found_and_forgotten() -> None:
    tell(ANNA)
    tell(BEAT, author_id=ANNA, quote="my own words")
    tell(BEAT)
    set_rhythms(ANNA, {"mention": Rhythm.DAILY})
    assert [table for table, _, _ in held_of(ANNA)] == ["notifications.notice", "notifications.preference"]
    assert forget(ANNA) == {"notifications.notice": 2, "notifications.preference": 1}
    assert held_of(ANNA) == []
    assert unread(BEAT) == 1, "what others told stays"


def test_old_notices_go() -> None:
    tell(ANNA)
    assert forget_old(START + timedelta(days=365)) == 0
    assert forget_old(START + timedelta(days=366)) == 1


def test_a_mail_that_leaves_twice_after_a_crash_is_the_same_whatever_was_told_meanwhile() -> None:
    left: list[Digest] = []

    def dies(digest: Digest) -> bool:
        left.append(digest)
        raise KeyboardInterrupt

    tell(ANNA)
    tell(ANNA, key="again", repeats=True)
    with pytest.raises(KeyboardInterrupt):
        send_due(START + 15 * MINUTE, dies)
    tell(ANNA, at=START + 16 * MINUTE)
    tell(ANNA, key="again", repeats=True, at=START + 16 * MINUTE)
    box = Postbox()
    assert send_due(START + 17 * MINUTE, box) == 1, "it does not wait for the quiet of the others"
    assert send_due(START + 31 * MINUTE, box) == 1
    again, later = box.digests
    assert again.key == left[0].key and again.notices == left[0].notices
    assert later.key != again.key and len(later.notices) == 2
    assert send_due(START + 300 * MINUTE, box) == 0


def test_what_the_server_did_not_take_is_told_with_what_came_meanwhile() -> None:
    box = Postbox()
    box.open = False
    tell(ANNA)
    assert send_due(START + 15 * MINUTE, box) == 0
    tell(ANNA, at=START + 15 * MINUTE)
    box.open = True
    assert send_due(START + 30 * MINUTE, box) == 1 and len(box.digests[0].notices) == 2


def test_a_mail_that_cannot_be_made_does_not_hold_up_what_is_told_later() -> None:
    tell(ANNA, key="bad")
    box = Postbox()

    def breaks(digest: Digest) -> bool:
        if len(box.digests) < 1 and digest.notices[0].told_at == START:
            raise ValueError("no words")
        return box(digest)

    assert send_due(START + 15 * MINUTE, breaks) == 0
    tell(ANNA, at=START + MINUTE)
    assert send_due(START + 17 * MINUTE, breaks) == 1 and box.digests[0].notices[0].told_at > START
    assert send_due(START + 20 * MINUTE, breaks) == 1, "it is tried again"
