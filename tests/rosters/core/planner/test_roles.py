"""First and backup, once it is known who."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from rosters.core.planner import roles

SLOTS = st.lists(st.lists(st.integers(0, 4), max_size=3, unique=True), max_size=7)


def off(on: list[list[int]], first: Sequence[int | None]) -> list[int]:
    """How much further than two each person's turns as first and as backup are apart."""
    found = []
    for person in range(5):
        turns = sum(one == person for one in first)
        found.append(max(0, abs(2 * turns - sum(person in present for present in on)) - roles.WIDEST))
    return found


@given(SLOTS)
def test_nobody_is_further_off_than_the_best_division_leaves_somebody(on: list[list[int]]) -> None:
    first = roles.firsts(on, [None] * len(on), 5)
    assert all((one in present) if present else one is None for one, present in zip(first, on, strict=True))
    best = min(max(off(on, chosen)) for chosen in product(*[[*present] or [-1] for present in on]))
    assert max(off(on, first)) == best


@given(SLOTS)
def test_where_all_slots_have_two_people_nobody_is_off(on: list[list[int]]) -> None:
    pairs = [present[:2] for present in on if len(present) >= 2]
    assert max(off(pairs, roles.firsts(pairs, [None] * len(pairs), 5)), default=0) == 0


def test_who_is_first_already_stays_first_when_that_is_fair() -> None:
    assert roles.firsts([[0, 1], [0, 1], [2, 3]], [1, 1, 3], 4) == [1, 1, 3]
    assert roles.firsts([[0, 1]] * 4, [1] * 4, 2).count(1) == 3
