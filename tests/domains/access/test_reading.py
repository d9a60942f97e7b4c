"""What tokens read is counted together, kept by name up to a bound, and lost to nobody on the way."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from belvedere.domains.access import reading
from belvedere.domains.access.models import ApiToken, Reading
from belvedere.domains.access.public import (
    OTHERS,
    Actor,
    Door,
    create_token,
    note_reading,
    readers_of,
    resolve_token,
    revoke_token,
    write_readings,
)
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db


def program(people: People, who: str = "contributor") -> Actor:
    """The holder of a new token of a person."""
    return resolve_token(create_token(actor=people.actor(who), name="GIS", scopes=["read"], days=9).plain)


def reads(actor: Actor, territory_id: UUID, *what: str) -> None:
    for one in what:
        note_reading(actor, territory_id, Door.NGSI_LD, one)
    write_readings()


def test_reads_add_up_and_a_person_in_the_browser_is_not_counted(people: People, valbelle: Valbelle) -> None:
    here, actor = valbelle.territory.pk, program(people)
    reads(actor, here, "Bench", "Bench", "Tree")
    reads(actor, here, "Bench")
    reads(people.actor("lead"), here, "Bench")
    (row,) = readers_of(people.actor("contributor"), here)
    assert {one.what: one.times for one in row.readings} == {"Bench": 3, "Tree": 1}
    assert (row.times, row.mine, row.sees_all, row.bodies) == (4, True, False, (valbelle.montaigu.pk,))
    assert row.readings[0].what == "Bench" and row.last_at == row.readings[0].last_at


def test_a_token_that_reads_everything_by_name_is_kept_short(
    people: People, valbelle: Valbelle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_NAMED", 2)
    here, actor = valbelle.territory.pk, program(people)
    reads(actor, here, "A", "B", "C", "D")
    reads(actor, here, "A", "E")
    assert dict(Reading.objects.values_list("what", "times")) == {"A": 2, "B": 1, OTHERS: 3}


def test_what_cannot_be_written_is_kept_and_a_token_that_is_gone_is_let_go(
    people: People, valbelle: Valbelle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(taken: Any) -> None:
        raise OSError("no database")

    here, actor = valbelle.territory.pk, program(people)
    note_reading(actor, here, Door.REST, "things")
    with monkeypatch.context() as patched, pytest.raises(OSError, match="no database"):
        patched.setattr(reading, "_write", fails)
        write_readings()
    reads(actor, here, "Bench")
    assert Reading.objects.count() == 2
    ApiToken.objects.all().delete()
    reads(actor, here, "Bench")
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("contributor", True),
        ("administrator", True),  # of the same commune
        ("governor", True),
        ("lead", False),  # of the same commune, administers nobody
        ("neighbour", False),
        ("elected", False),
        ("nobody", False),
    ],
)
def test_who_sees_what_a_program_reads(who: str, sees: bool, people: People, valbelle: Valbelle) -> None:
    here, actor = valbelle.territory.pk, program(people)
    reads(actor, here, "Bench")
    assert bool(readers_of(people.actor(who), here)) is sees
    assert actor.token_id is not None
    revoke_token(actor=people.actor("contributor"), token_id=actor.token_id)
    assert not readers_of(people.actor(who), here)


def test_a_stranger_who_reads_what_is_published_is_told_to_who_governs(
    people: People, valbelle: Valbelle
) -> None:
    here, actor = valbelle.territory.pk, program(people, "nobody")
    assert not readers_of(people.actor("governor"), here)
    reads(actor, here, "Bench")
    assert [one.person for one in readers_of(people.actor("governor"), here)] == ["Nobody"]
    assert not readers_of(people.actor("administrator"), here)
