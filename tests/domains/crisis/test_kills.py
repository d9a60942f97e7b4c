"""Letters about a crisis, killed at every place: nobody forgotten, what comes twice is the same letter.

The phase changes as soon as something died: so what waits is never alone when it is tried again.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import Min

from belvedere.domains.crisis import public as crises
from belvedere.domains.crisis.models import Call
from belvedere.kernel.clock import standing_at
from tests.domains.crisis.examples import AT, declared
from tests.domains.crisis.test_crisis import given
from tests.domains.duty.dying import Fate, Killed, undone
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
RESTART = timedelta(seconds=7)


class Chain:
    """One run of who sends, as often as it is started; what its readers got."""

    def __init__(self, people: People, made: UUID, fate: Fate) -> None:
        self.people, self.made, self.fate = people, made, fate
        self.at = AT
        self.got: list[tuple[UUID, str, tuple[str, ...]]] = []  # reader, key, why they are told
        self.is_worse = False

    def run(self) -> None:
        while (due := Call.objects.filter(state="waiting").aggregate(at=Min("next_at"))["at"]) is not None:
            self.at = max(self.at, due)
            try:
                with self.fate.alive(), standing_at(self.at):
                    crises.send_due(self.at, self._deliver)
            except Killed:
                self.at += RESTART
            if not self.is_worse:
                self.is_worse = True
                with standing_at(self.at):
                    crises.change_phase(
                        **given(self.people, self.made, "lead"),
                        phase=crises.Phase.ALERT,
                        reason="Le Rhône monte.",
                    )

    def _deliver(self, letter: crises.Letter) -> bool:
        self.fate.place()
        self.got.append((letter.person.id, letter.key, tuple(one.why.value for one in letter.told)))
        return True


def run(people: People, made: UUID, *gaps: int) -> Fate:
    """A run that dies there, and all that must be true after it."""
    fate = Fate(gaps)
    with undone():
        chain = Chain(people, made, fate)
        chain.run()
        told: dict[UUID, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for person, key, whys in chain.got:
            for why in whys:
                told[person][why].add(key)
        assert set(told) == {people.lead.pk, people.contributor.pk}, "nobody is forgotten"
        for by_why in told.values():
            assert set(by_why) == {"declared", "phase"}
            assert all(len(keys) == 1 for keys in by_why.values()), "what comes twice is the same letter"
    return fate


def test_killed_once_at_every_place(valbelle: Valbelle, people: People) -> None:
    made = declared(people, valbelle)
    places = run(people, made).passed
    assert places > 8
    assert all(run(people, made, place).deaths == 1 for place in range(1, places + 1))


@pytest.mark.parametrize("gaps", [(1, 1), (2, 3), (3, 1, 2), (4, 4), (5, 2, 1), (2, 2, 2, 2)])
def test_killed_again_and_again(gaps: tuple[int, ...], valbelle: Valbelle, people: People) -> None:
    run(people, declared(people, valbelle), *gaps)
