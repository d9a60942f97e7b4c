"""What much work at once costs: the journal, names looked up, the demo filled.

    python -m bench.work

An embedded PostgreSQL in a home of its own. Processor time is this process's: the database works in others.
The tests bound the number of queries and check what comes out; how long it takes is said here.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from uuid import uuid4

from bench.pages import database

ENTRIES = 25_000
NAMES = 16_500  # the owners in the list of French grants
ASKED = 2_000


def _timed(label: str, act: Callable[[], object]) -> None:
    start, began = time.perf_counter(), time.process_time()
    act()
    print(f"{label:<44} {time.perf_counter() - start:7.2f} s {time.process_time() - began:7.2f} s of CPU")


def _record() -> None:
    from belvedere.duties.journal.public import Entry, record_many

    entries = [
        Entry(
            actor_id=None,
            actor_label="Bench",
            verb="plans.change_estimate",
            subject=("plans.measure", str(number)),
            after={"amount": str(number), "name": "Rue " * 10},
        )
        for number in range(ENTRIES)
    ]
    _timed(f"{ENTRIES:,} entries of the journal", lambda: record_many(entries))


def _match() -> None:
    from belvedere.domains.territory.matching import Matcher

    chance = random.Random(1)
    syllables = [consonant + vowel for consonant in "bcdflmnprstvz" for vowel in "aeiou"]
    words = ["".join(chance.choices(syllables, k=3)) for _n in range(3000)]
    names = list(dict.fromkeys("-".join(chance.choices(words, k=3)) for _n in range(NAMES)))
    matcher = Matcher()
    for name in names:
        matcher.add(uuid4(), name, [name], [])
    asked = [name[:-1] + "x" for name in names[:ASKED]]
    _timed(f"{ASKED:,} misspelt names among {len(names):,}", lambda: [matcher.find(text) for text in asked])


def _fill() -> None:
    from belvedere.demo.filling import fill

    _timed("the demo filled", fill)


def main() -> None:
    with database():
        print(f"\n{'Work at once':<44} {'elapsed':>9}")
        _record()
        _match()
        _fill()


if __name__ == "__main__":
    main()
