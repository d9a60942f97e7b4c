"""What comes at one moment is written together, and what is wrong with one stops no other."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from belvedere.domains.context.gathering import MOST, Gathering
from belvedere.kernel.errors import Conflict


@dataclass(eq=False)
class Wanted:
    name: str
    kind: str = "a"
    error: BaseException | None = None

    @property
    def key(self) -> str:
        return self.kind

    @property
    def subject(self) -> str:
        return self.name[:5]


class Store:
    """Refuses the bad; holds the first that comes until the others wait."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.kept: list[str] = []
        self.first, self.go = threading.Event(), threading.Event()

    def write(self, many: list[Wanted]) -> None:
        if not self.first.is_set():
            self.first.set()
            assert self.go.wait(10)
        self.groups.append([one.name for one in many])
        if any(one.name == "bad" for one in many):
            raise Conflict("It is there.")
        if any(one.name == "broken" for one in many):
            raise ZeroDivisionError
        self.kept += [one.name for one in many]


def outcome(names: list[str], kinds: dict[str, str] | None = None) -> tuple[Store, dict[str, str]]:
    """What becomes of these, the first alone and the others while it is written."""
    store = Store()
    gathering: Gathering[Wanted] = Gathering(store.write, (Conflict,))
    told: dict[str, str] = {}

    def ask(name: str) -> None:
        try:
            gathering.take(Wanted(name, (kinds or {}).get(name, "a")))
            told[name] = "kept"
        except Exception as error:
            told[name] = type(error).__name__

    threads = [threading.Thread(target=ask, args=(name,)) for name in names]
    threads[0].start()
    assert store.first.wait(10)
    for thread in threads[1:]:
        thread.start()
    while len(gathering._waiting) < len(names) - 1:
        threading.Event().wait(0.001)
    store.go.set()
    for thread in threads:
        thread.join(10)
    return store, told


def test_those_that_wait_are_written_together() -> None:
    names = [str(number) for number in range(MOST + 3)]
    store, told = outcome(names)
    assert sorted(store.kept) == sorted(names)
    assert [len(group) for group in store.groups] == [1, MOST, 2]
    assert set(told.values()) == {"kept"}


def test_what_is_wrong_with_one_stops_no_other() -> None:
    store, told = outcome(["first", "one", "bad", "other"])
    assert told == {"first": "kept", "one": "kept", "bad": "Conflict", "other": "kept"}
    assert sorted(store.kept) == ["first", "one", "other"]


def test_only_what_goes_together_is_written_together_and_a_fault_is_told_to_all() -> None:
    store, told = outcome(["first", "one", "broken", "apart"], {"apart": "b"})
    assert (told["one"], told["broken"], told["apart"]) == ("ZeroDivisionError", "ZeroDivisionError", "kept")
    assert ["apart"] in store.groups


def test_two_that_are_about_one_thing_are_written_one_after_the_other() -> None:
    store, told = outcome(["first", "thing-a", "other", "thing-b", "more"])
    assert [len(group) for group in store.groups] == [1, 3, 1]
    assert sorted(store.kept) == sorted(told)
    assert set(told.values()) == {"kept"}
