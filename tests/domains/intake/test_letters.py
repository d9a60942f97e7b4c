"""Refused messages: seen by administrators of the territory alone, judged again, let go; and the books."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from belvedere.domains.access.public import Actor
from belvedere.domains.intake.actions import forget
from belvedere.domains.intake.errors import NoSuchLetter
from belvedere.domains.intake.models import DeadLetter
from belvedere.domains.intake.public import (
    By,
    LetterState,
    Outcome,
    Reason,
    dead_letter,
    dead_letters,
    dismiss,
    ledger,
    ledger_lines,
    replay,
    take,
    waiting_letters,
)
from belvedere.domains.territory.models import Territory
from belvedere.domains.twin.public import FieldDraft, map_fields, revoke_device
from belvedere.kernel.errors import Refused, TooLarge
from tests.domains.intake.test_taking import AT, STREAM, assert_balanced, history, level, message, rows
from tests.domains.intake.things import Things, _database_goes_back_in_time, things
from tests.people import People

__all__ = ["_database_goes_back_in_time", "things"]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def odd(seq: int, minutes: int = 0) -> Any:
    instant = (AT + timedelta(minutes=minutes)).isoformat()
    return message(seq, {"t": instant, "lvl": 50 + seq}, arrived=AT + timedelta(hours=1))


def letters(territory_id: Any) -> list[int]:
    return list(
        DeadLetter.objects.filter(territory_id=territory_id).order_by("pk").values_list("pk", flat=True)
    )


def mend(things: Things) -> None:
    """Say what the field `lvl` is: a share in percent."""
    map_fields(
        actor=Actor.system(),
        device_id=things.secrets["bin"].device_id,
        fields={"lvl": FieldDraft(term="fillingLevel", unit="P1")},
    )


@pytest.mark.parametrize("who", ["lead", "administrator", "office", "elected", "nobody", "stranger"])
def test_only_who_governs_the_territory_looks_and_acts(things: Things, people: People, who: str) -> None:
    take(STREAM, [odd(1)])
    governor, other = people.actor("governor"), people.actor(who)
    ids = letters(things.territory_id)
    at = things.territory_id
    for refused in (
        lambda actor: ledger(actor, at, AT - DAY, AT + DAY),
        lambda actor: dead_letters(actor, at),
        lambda actor: dead_letter(actor, at, ids[0]),
        lambda actor: waiting_letters(actor, at),
        lambda actor: replay(actor=actor, territory_id=at, ids=ids),
        lambda actor: dismiss(actor=actor, territory_id=at, ids=ids),
    ):
        with pytest.raises(Refused, match="administrator of the territory Valbelle"):
            refused(other)
        refused(governor)


def test_a_governor_of_next_door_reaches_nothing_of_here(things: Things, people: People) -> None:
    """The same role in another territory; and the right territory with a letter of another."""
    take(STREAM, [odd(1)])
    other = Territory.objects.create(
        slug="autre", names={"fr": "Autre"}, country="CH", currency="CHF", languages=["fr"]
    )
    ids = letters(things.territory_id)
    with pytest.raises(Refused):
        dead_letters(people.actor("governor"), other.pk)
    for act in (replay, dismiss):
        with pytest.raises(NoSuchLetter):
            act(actor=Actor.system(), territory_id=other.pk, ids=ids)
    with pytest.raises(NoSuchLetter):
        dead_letter(Actor.system(), other.pk, ids[0])
    assert waiting_letters(people.actor("governor"), things.territory_id) == 1


def test_what_was_refused_is_taken_once_its_cause_is_mended(things: Things, people: People) -> None:
    take(STREAM, [odd(1), odd(2, 5), message(3, b"{")])
    governor = people.actor("governor")
    ids = letters(things.territory_id)
    again = replay(actor=governor, territory_id=things.territory_id, ids=ids)
    assert (again.taken, again.refused) == (0, 3)

    mend(things)
    again = replay(actor=governor, territory_id=things.territory_id, ids=ids)
    assert (again.taken, again.refused) == (2, 1)
    assert [number for _s, _at, number, _v in history()] == [0.51, 0.52]
    assert waiting_letters(governor, things.territory_id) == 1
    books = ledger(governor, things.territory_id, AT - DAY, AT + DAY)
    assert (books.whole.received, books.whole.stored, books.whole.refused) == (3, 2, 1)
    assert books.whole.balances
    assert books.reasons == ((Reason.NOT_JSON, 1),)
    assert_balanced()

    once_more = replay(actor=governor, territory_id=things.territory_id, ids=ids[:2])
    assert (once_more.taken, once_more.refused) == (0, 0)
    assert_balanced()


def test_a_letter_judged_otherwise_is_counted_otherwise(things: Things, people: People) -> None:
    take(STREAM, [odd(1)])
    revoke_device(actor=Actor.system(), device_id=things.secrets["bin"].device_id)
    governor = people.actor("governor")
    replay(actor=governor, territory_id=things.territory_id, ids=letters(things.territory_id))
    (letter,) = dead_letters(governor, things.territory_id)
    assert letter.reason is Reason.REVOKED
    books = ledger(governor, things.territory_id, AT - DAY, AT + DAY)
    assert books.reasons == ((Reason.REVOKED, 1),)
    assert_balanced()


def test_a_batch_refused_whole_gives_its_sets_when_it_is_taken(things: Things, people: People) -> None:
    told = [{"t": 1795334400, "fillingLevel": 0.1}, {"t": 1795334500, "fillingLevel": 0.2}, {"x": 1}]
    take(STREAM, [message(1, told, form=".batch", device="later")])
    assert rows("SELECT messages, sets FROM intake_received") == [(1, 1)]
    with pytest.MonkeyPatch.context() as patch:
        from belvedere.domains.intake import replaying
        from belvedere.domains.intake.feeding import known_feeds

        def renamed(pairs: Any) -> Any:
            known = known_feeds({("valbelle", "bin")})["valbelle", "bin"]
            return dict.fromkeys(pairs, known)

        patch.setattr(replaying, "known_feeds", renamed)
        ids = letters(things.territory_id)
        again = replay(actor=people.actor("governor"), territory_id=things.territory_id, ids=ids)
    assert again.taken == 1
    assert rows("SELECT messages, sets FROM intake_received") == [(1, 3)]
    waiting = dead_letters(people.actor("governor"), things.territory_id)
    assert [(one.reason, one.part, one.text) for one in waiting] == [(Reason.UNKNOWN_FIELD, 2, '{"x": 1}')]
    assert_balanced()


def test_what_is_let_go_stays_counted_as_refused(things: Things, people: People) -> None:
    take(STREAM, [odd(1)])
    governor = people.actor("governor")
    ids = letters(things.territory_id)
    assert dismiss(actor=governor, territory_id=things.territory_id, ids=ids) == 1
    assert dismiss(actor=governor, territory_id=things.territory_id, ids=ids) == 0
    mend(things)
    assert replay(actor=governor, territory_id=things.territory_id, ids=ids).taken == 0
    (letter,) = dead_letters(governor, things.territory_id, state=LetterState.DISMISSED)
    assert letter.done_at is not None
    assert ledger(governor, things.territory_id, AT - DAY, AT + DAY).whole.refused == 1


def test_the_books_are_of_one_instant(things: Things, people: People) -> None:
    """What arrives between two questions would be in one sum and not in the other."""
    take(STREAM, [level(1, 0.1), odd(2)])
    here = (people.actor("governor"), things.territory_id, AT - DAY, AT + DAY)
    for ask in (lambda: ledger(*here), lambda: ledger_lines(*here, by=By.DEVICE, zone=UTC)):
        with CaptureQueriesContext(connection) as asked:
            ask()
        (books,) = [one["sql"] for one in asked if "intake_" in one["sql"]]
        assert "intake_received" in books and "intake_ledger" in books


def test_the_books_by_hour_and_by_device(things: Things, people: People) -> None:
    take(STREAM, [level(1, 0.1), level(2, 0.1), level(3, 0.0, minutes=-5), odd(4)])
    take(STREAM, [message(5, {"LAeq": 50}, device="noise", arrived=AT + timedelta(hours=2))])
    books = ledger(people.actor("governor"), things.territory_id, AT, AT + DAY)
    whole = books.whole
    assert (whole.messages, whole.received) == (5, 5)
    assert (whole.stored, whole.late, whole.duplicate, whole.refused) == (2, 1, 1, 1)
    assert [hour for hour, _tally in books.hours] == [AT + timedelta(hours=1), AT + timedelta(hours=2)]
    assert all(tally.balances for _hour, tally in books.hours)
    assert {key: tally.received for key, tally in books.devices} == {"bin": 4, "noise": 1}
    assert ledger(people.actor("governor"), things.territory_id, AT + DAY, AT + 2 * DAY).whole.received == 0


def test_letters_are_read_a_page_at_a_time(things: Things, people: People) -> None:
    take(STREAM, [odd(n) for n in range(1, 6)])
    governor, at = people.actor("governor"), things.territory_id
    first = dead_letters(governor, at, limit=2)
    second = dead_letters(governor, at, limit=2, before=first[-1].id)
    assert len({one.id for one in [*first, *second]}) == 4
    assert first[0].id > second[0].id
    assert dead_letters(governor, at, reason=Reason.NOT_JSON) == []
    assert dead_letters(governor, at, device_key="noise") == []
    assert first[0].whole and first[0].text.startswith('{"t"')


def test_too_many_at_once_is_said(things: Things, people: People) -> None:
    with pytest.raises(TooLarge):
        dismiss(actor=people.actor("governor"), territory_id=things.territory_id, ids=range(1001))


def test_letters_are_forgotten_after_ninety_days_and_their_counts_are_not(
    things: Things, people: People
) -> None:
    take(STREAM, [odd(1)])
    assert forget(AT + timedelta(days=90)) == 0
    assert forget(AT + timedelta(days=91)) == 1
    assert rows("SELECT outcome, n FROM intake_ledger") == [(Outcome.REFUSED, 1)]
