"""Numbers that people give things sort as people count."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from belvedere.kernel.identifiers import natural_key

NUMBERS = st.integers(0, 10**30)


@given(NUMBERS, NUMBERS)
def test_the_smaller_number_comes_first(one: int, other: int) -> None:
    keys = natural_key(f"EP-{one}/b"), natural_key(f"EP-{other}/b")
    assert (keys[0] < keys[1]) is (one < other)


def test_a_list_reads_as_people_count() -> None:
    numbers = ["EP-10", "ep-9", "EP-2a", "EP-2", "AR-100", "EP-02", "Été-3", "EP-1-12", "EP-1-2", "EP"]
    shown = sorted(numbers, key=lambda one: (natural_key(one), one))
    assert shown == ["AR-100", "EP", "EP-1-2", "EP-1-12", "EP-02", "EP-2", "EP-2a", "ep-9", "EP-10", "Été-3"]
