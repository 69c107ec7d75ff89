"""How deep a dagdeel is covered: tables of states, slots over closed hours and both clock changes, the worst minute."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosters.core import coverage, dagdelen, hours, wall
from rosters.core.coverage import Asked, Slot
from rosters.core.intervals import Interval

HOUR = 3600
DAY = date(2026, 11, 18)  # a Wednesday
MORNING = Slot(DAY, "ochtend", ((0, 4 * HOUR),))
AFTERNOON = Slot(DAY, "middag", ((4 * HOUR, 8 * HOUR),))
CLOSED = Slot(DAY, "avond", ())
OFFICE = hours.Hours((*tuple(((540, 1020),) for _ in range(5)), (), ()))


Spans = dict[int, list[tuple[int, int, int, int]]]


def by_desk(spans: Spans) -> dict[int, dict[int, int]]:
    return coverage.changes((desk, *span) for desk, some in spans.items() for span in some)


def rows(asked: list[Asked], spans: Spans, norms: dict[int, dict[str, int]], over: list[Slot]) -> Any:
    return coverage.rows(asked, by_desk(spans), norms, over)


def cell(spans: list[tuple[int, int, int, int]], norm: int, slot: Slot = MORNING) -> coverage.Cell:
    row = rows([Asked(1, 1, (7,))], {7: spans}, {7: {"": norm}}, [slot])[0]
    return row.cells[0]


@pytest.mark.parametrize(
    ("people", "solid", "norm", "state"),
    [
        (0, 0, 1, "gat"),
        (0, 0, 2, "gat"),
        (1, 1, 2, "onder_norm"),
        (2, 2, 3, "onder_norm"),
        (1, 1, 1, "kwetsbaar"),  # enough, but one person only
        (1, 0, 1, "kwetsbaar"),
        (2, 1, 2, "kwetsbaar"),  # leans on somebody unconfirmed or not ready
        (3, 1, 2, "kwetsbaar"),
        (3, 2, 2, "boven"),  # one of the three is shaky, and two are enough
        (2, 1, 1, "boven"),
        (2, 2, 2, "op_norm"),
        (3, 3, 2, "boven"),
        (0, 0, 0, "gesloten"),  # a norm of nobody: not needed
        (1, 0, 0, "boven"),
    ],
)
def test_the_state_of_a_cell(people: int, solid: int, norm: int, state: str) -> None:
    found = cell([(0, 4 * HOUR, people, solid)] if people else [], norm)

    assert (found.state, found.people, found.norm) == (state, people, norm)


def test_the_worst_open_minute_sets_the_cell() -> None:
    two_but_for_a_minute = [(0, 4 * HOUR, 1, 1), (0, 2 * HOUR, 1, 1), (2 * HOUR + 60, 4 * HOUR, 1, 1)]

    found = cell(two_but_for_a_minute, 2)

    assert (found.state, found.people, found.at) == ("onder_norm", 1, 2 * HOUR)


def test_minutes_in_which_the_line_is_closed_do_not_count() -> None:
    lunch = Slot(DAY, "ochtend", ((0, 2 * HOUR), (3 * HOUR, 4 * HOUR)))
    spans = [(0, 2 * HOUR, 2, 2), (3 * HOUR, 4 * HOUR, 2, 2)]

    assert cell(spans, 2, lunch).state == "op_norm"
    assert cell(spans, 2, MORNING).state == "gat"
    assert cell([], 2, CLOSED) == coverage.NOT_NEEDED


def test_a_duty_counts_from_its_first_second_to_before_its_last() -> None:
    assert cell([(0, 4 * HOUR, 2, 2)], 2, AFTERNOON).state == "gat"
    assert cell([(4 * HOUR, 8 * HOUR, 2, 2)], 2, MORNING).state == "gat"
    assert cell([(-HOUR, 4 * HOUR, 2, 2)], 2, MORNING).state == "op_norm"


def test_without_any_desk_everything_is_a_gap_of_the_default_depth() -> None:
    row = rows([Asked(1, 1, ())], {}, {}, [MORNING, CLOSED])[0]

    assert not row.has_desk
    assert [(one.state, one.people, one.norm) for one in row.cells] == [("gat", 0, 2), ("gesloten", 0, 0)]


def test_a_norm_of_a_dagdeel_goes_before_the_one_for_all() -> None:
    norms = {7: {"": 3, "middag": 1}}
    row = rows([Asked(1, 1, (7,))], {}, norms, [MORNING, AFTERNOON])[0]

    assert [one.norm for one in row.cells] == [3, 1]
    assert coverage.depth({}, "ochtend") == 2


def test_desks_of_one_cell_are_added_and_the_most_demanding_norm_holds() -> None:
    spans = {7: [(0, 4 * HOUR, 1, 1)], 8: [(0, 4 * HOUR, 1, 1)]}
    row = rows([Asked(1, 1, (7, 8))], spans, {7: {"": 1}, 8: {"": 2}}, [MORNING])[0]

    assert (row.cells[0].state, row.cells[0].people, row.cells[0].norm) == ("op_norm", 2, 2)


def test_who_serves_several_cells_is_told_as_shared() -> None:
    spans = {7: [(0, 4 * HOUR, 1, 1)], 8: [(0, 4 * HOUR, 2, 2)]}
    asked = [Asked(1, 1, (7, 8)), Asked(2, 1, (8,))]

    first, second = rows(asked, spans, {}, [MORNING])

    assert (first.cells[0].people, first.cells[0].shared) == (3, 2)
    assert (second.cells[0].people, second.cells[0].shared) == (2, 2)


def test_the_safety_net_is_told_and_never_turns_a_cell_green() -> None:
    spans = {9: [(0, 4 * HOUR, 3, 3)]}
    row = rows([Asked(1, 1, (7,), net=(9,))], spans, {}, [MORNING, AFTERNOON])[0]

    assert [(one.state, one.net) for one in row.cells] == [("gat", 3), ("gat", 0)]


def test_a_roll_up_shows_the_worst_child() -> None:
    row = rows([Asked(1, 1, (7,))], {7: [(4 * HOUR, 8 * HOUR, 3, 3)]}, {}, [MORNING, AFTERNOON, CLOSED])[0]

    assert coverage.worst(row.cells).state == "gat"
    assert coverage.worst(row.cells[1:]).state == "boven"


def test_lacks_are_stretches_within_a_dagdeel() -> None:
    spans = [(HOUR, 2 * HOUR, 2, 2), (2 * HOUR, 6 * HOUR, 1, 1)]

    found = coverage.lacks(by_desk({7: spans})[7], {}, [MORNING, AFTERNOON])

    assert [(one.start // HOUR, one.end // HOUR, one.part, one.people) for one in found] == [
        (0, 1, "ochtend", 0),
        (2, 4, "ochtend", 1),
        (4, 8, "middag", 0),
    ]


# --- Slots ------------------------------------------------------------------------------------------------------------
def window(since: date, until: date) -> Interval:
    return Interval(wall.moment(since, 0), wall.moment(until, 0))


def test_a_week_of_office_hours_has_two_dagdelen_a_day_closed_at_the_weekend() -> None:
    week = coverage.slots(OFFICE, dagdelen.DEFAULT, window(date(2026, 11, 16), date(2026, 11, 23)))

    assert [slot.part for slot in week] == ["ochtend", "middag"] * 7
    assert [bool(slot.stretches) for slot in week] == [True] * 10 + [False] * 4


def test_holidays_and_closures_need_nobody() -> None:
    closed = Interval(wall.moment(date(2026, 12, 24), 780), wall.moment(date(2026, 12, 25), 0))
    line = hours.Hours(OFFICE.week, closures=(closed,))

    found = coverage.slots(line, dagdelen.DEFAULT, window(date(2026, 12, 24), date(2026, 12, 26)))

    assert [bool(slot.stretches) for slot in found] == [True, False, False, False]


def test_open_time_outside_the_dagdelen_is_a_slot_too() -> None:
    always = hours.Hours(hours.ALWAYS, closed_on_holidays=False)

    found = coverage.slots(always, dagdelen.DEFAULT, window(DAY, DAY + timedelta(days=1)))

    rest = found[-1]
    assert [slot.part for slot in found] == ["ochtend", "middag", coverage.REST_OF_DAY]
    assert sum(end - start for start, end in rest.stretches) == 16 * HOUR


@pytest.mark.parametrize(("day", "open_hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (DAY, 24)])
def test_every_open_second_of_a_day_is_in_one_slot(day: date, open_hours: int) -> None:
    always = hours.Hours(hours.ALWAYS, closed_on_holidays=False)
    night = (dagdelen.Part("nacht", 0, 180), *dagdelen.DEFAULT)

    found = coverage.slots(always, night, window(day, day + timedelta(days=1)))

    pieces = sorted(piece for slot in found for piece in slot.stretches)
    assert sum(end - start for start, end in pieces) == open_hours * HOUR
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(pieces))


def test_of_a_slot_that_runs_only_what_is_to_come_counts() -> None:
    now = wall.moment(DAY, 660)

    morning, afternoon = coverage.slots(OFFICE, dagdelen.DEFAULT, window(DAY, DAY + timedelta(days=1)), now)
    past = coverage.slots(OFFICE, dagdelen.DEFAULT, window(DAY, DAY + timedelta(days=1)), now + timedelta(hours=3))[0]

    assert morning.stretches == ((int(now.timestamp()), int(wall.moment(DAY, 780).timestamp())),)
    assert afternoon.stretches[0][1] - afternoon.stretches[0][0] == 4 * HOUR
    assert past.stretches[0][1] - past.stretches[0][0] == 4 * HOUR


# --- Unconfirmed ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("now", "before"),
    [
        (datetime(2026, 11, 18, 18, 59, tzinfo=UTC), date(2026, 11, 19)),  # Wednesday 19:59: tomorrow may still say yes
        (datetime(2026, 11, 18, 19, 0, tzinfo=UTC), date(2026, 11, 20)),  # 20:00: tomorrow is unconfirmed
        (datetime(2026, 11, 20, 19, 0, tzinfo=UTC), date(2026, 11, 24)),  # Friday 20:00: until Monday
        (datetime(2026, 12, 24, 19, 0, tzinfo=UTC), date(2026, 12, 29)),  # before Christmas: until Monday 28
    ],
)
def test_who_must_have_confirmed_by_now(now: datetime, before: date) -> None:
    assert coverage.must_be_confirmed_before(now) == wall.moment(before, 0)


# --- Against counting every minute ------------------------------------------------------------------------------------
spans_of_a_desk = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 60), st.integers(1, 2), st.integers(0, 2)).map(
        lambda one: (one[0] * 60, (one[0] + one[1]) * 60, one[2], min(one[2], one[3]))
    ),
    max_size=5,
)


@given(
    spans=st.dictionaries(st.integers(1, 3), spans_of_a_desk),
    desks=st.sets(st.integers(1, 3)),
    norm=st.integers(0, 3),
    cuts=st.lists(st.integers(0, 90), min_size=2, max_size=6, unique=True),
)
def test_a_cell_is_its_worst_minute(
    spans: dict[int, list[tuple[int, int, int, int]]], desks: set[int], norm: int, cuts: list[int]
) -> None:
    cuts = sorted(cuts)
    pieces = tuple((start * 60, end * 60) for start, end in zip(cuts[::2], cuts[1::2], strict=False))
    norms = {desk: {"": norm} for desk in desks}

    row = rows([Asked(1, 1, tuple(sorted(desks)))], spans, norms, [Slot(DAY, "ochtend", pieces)])[0]

    needs = norm if desks else 2
    seen = [
        (
            sum(one[2] for desk in desks for one in spans.get(desk, []) if one[0] <= minute < one[1]),
            sum(one[3] for desk in desks for one in spans.get(desk, []) if one[0] <= minute < one[1]),
        )
        for start, end in pieces
        for minute in range(start, end, 60)
    ]
    by_hand = min(coverage.STATES.index(state_by_hand(*minute, needs)) for minute in seen)
    if needs == 0:
        people = min(minute[0] for minute in seen)
        assert row.cells[0].state == ("boven" if people else "gesloten")
    else:
        assert row.cells[0].state == coverage.STATES[by_hand]


def state_by_hand(people: int, solid: int, norm: int) -> str:
    if people == 0:
        return "gat"
    if people < norm:
        return "onder_norm"
    if people == 1 or solid < norm:
        return "kwetsbaar"
    return "op_norm" if people == norm else "boven"
