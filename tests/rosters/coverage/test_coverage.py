"""Coverage of areas and regions from the table of duties: the desks that serve, who counts, one statement."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from directory.models import Person, PhoneNumber
from integrations import clock
from rosters import coverage, queries, services
from rosters.core import coverage as core
from rosters.core import wall
from rosters.core.intervals import Interval
from rosters.errors import NotKnown
from rosters.models import Duty, Norm, Part
from tests.builders import a_desk, a_lawyer, a_line, an_all_hours_line, area_id, region_id
from tests.rosters.coverage.days import NEXT_WEEK, THURSDAY, WEDNESDAY, a_ready_lawyer, on, the_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten_thirty")]


def cells(day: date = NEXT_WEEK, area: str = "huur", region: str = "walcheren", **fields: Any) -> list[core.Cell]:
    found = coverage.coverage([area_id(area)], [region_id(region)], the_day(day), **fields)
    return list(found.rows[0].cells)


def states(day: date = NEXT_WEEK, area: str = "huur", region: str = "walcheren") -> list[str]:
    return [cell.state for cell in cells(day, area, region)]


def test_two_ready_people_are_the_norm() -> None:
    desk = a_desk(a_line())
    on(NEXT_WEEK, desk, a_ready_lawyer(), a_ready_lawyer())

    assert states() == ["op_norm", "op_norm"]
    assert states(THURSDAY) == ["gat", "gat"]
    assert states(date(2026, 11, 22)) == ["gesloten", "gesloten"]


def test_an_empty_roster_is_a_gap_everywhere_and_a_place_without_a_desk_says_so() -> None:
    """The peer saw no gap in a roster without duties."""
    a_desk(a_line())
    quarter = the_day(date(2026, 11, 23), 91)

    found = coverage.coverage([area_id("huur"), area_id("arbeid")], [region_id("walcheren")], quarter)

    rent, work = found.rows
    assert rent.has_desk
    assert not work.has_desk
    open_cells = [cell for row in found.rows for cell in row.cells if cell.state != "gesloten"]
    assert len(open_cells) == 2 * 2 * 63  # Christmas and New Year's Day fall on Fridays
    assert {(cell.state, cell.people, cell.norm) for cell in open_cells} == {("gat", 0, 2)}


def test_a_duty_of_a_whole_day_hides_no_other_day() -> None:
    """The peer stopped looking for gaps as soon as there was one event of a whole day."""
    desk = a_desk(a_line())
    on(NEXT_WEEK, desk, a_ready_lawyer(), a_ready_lawyer(), starts=0, ends=1440)

    found = coverage.coverage([area_id()], [region_id()], the_day(NEXT_WEEK - timedelta(days=1), 3))

    assert [cell.state for cell in found.rows[0].cells] == ["gat", "gat", "op_norm", "op_norm", "gat", "gat"]
    assert [lack.people for lack in coverage.lacks_of(desk.pk, the_day(NEXT_WEEK - timedelta(days=1), 3))] == [0] * 4


def test_days_of_somebody_who_left_are_gaps_at_once() -> None:
    """The peer counted on a removed person for ten days, and on a deactivated one until its memory faded."""
    desk, bos, chen = a_desk(a_line()), a_ready_lawyer(), a_ready_lawyer()
    on(NEXT_WEEK, desk, bos, chen)
    assert states() == ["op_norm", "op_norm"]

    Person.objects.filter(pk__in=[bos.pk, chen.pk]).update(is_active=False)

    assert states() == ["gat", "gat"]
    assert queries.on_duty([desk.pk], wall.moment(NEXT_WEEK, 600)) == []
    assert len(coverage.lacks_of(desk.pk, the_day(NEXT_WEEK))) == 2


def test_a_desk_of_the_arrondissement_counts_for_what_lies_in_it() -> None:
    line = a_line()
    on(NEXT_WEEK, a_desk(line, regions=("AR11",)), a_ready_lawyer(), a_ready_lawyer())
    a_desk(line)

    assert states() == ["op_norm", "op_norm"]
    assert states(region="AR11") == ["op_norm", "op_norm"]


def test_a_desk_of_a_part_does_not_count_for_the_whole() -> None:
    line = a_line()
    on(NEXT_WEEK, a_desk(line), a_ready_lawyer(), a_ready_lawyer())
    a_desk(line, regions=("AR11",))

    assert states(region="AR11") == ["gat", "gat"]


def test_neighbours_and_landelijk_are_a_safety_net_and_nothing_more() -> None:
    line = a_line()
    a_desk(line)
    on(NEXT_WEEK, a_desk(line, regions=("AR08",)), a_ready_lawyer())
    on(NEXT_WEEK, a_desk(line, regions=("landelijk",)), a_ready_lawyer(), ends=780)

    assert [(cell.state, cell.net) for cell in cells()] == [("gat", 2), ("gat", 1)]


def test_a_line_that_does_not_ring_neighbours_has_no_such_net() -> None:
    line = a_line(stages=("own", "country"))
    a_desk(line)
    on(NEXT_WEEK, a_desk(line, regions=("AR08",)), a_ready_lawyer())

    assert [(cell.state, cell.net) for cell in cells()] == [("gat", 0), ("gat", 0)]


def test_who_serves_two_areas_at_once_is_told_as_shared() -> None:
    desk = a_desk(a_line(), areas=("huur", "arbeid"))
    on(NEXT_WEEK, desk, a_ready_lawyer(areas=("huur", "arbeid")), a_ready_lawyer(areas=("huur", "arbeid")))

    both = coverage.coverage([area_id("huur"), area_id("arbeid")], [region_id()], the_day(NEXT_WEEK))

    assert {(cell.state, cell.people, cell.shared) for row in both.rows for cell in row.cells} == {("op_norm", 2, 2)}
    assert {cell.shared for cell in cells()} == {0}


def test_the_norm_of_a_desk_and_of_its_dagdeel() -> None:
    desk = a_desk(a_line())
    services.set_norm(desk_id=desk.pk, depth=3)
    services.set_norm(desk_id=desk.pk, depth=1, dagdeel="middag")
    on(NEXT_WEEK, desk, a_ready_lawyer(), a_ready_lawyer())

    assert [(cell.state, cell.norm) for cell in cells()] == [("onder_norm", 3), ("boven", 1)]
    assert Norm.objects.count() == 2


def test_a_line_has_dagdelen_of_its_own() -> None:
    line = an_all_hours_line()
    Part.objects.create(line=line, name="ochtend", starts=480, ends=720)
    desk = a_desk(line)
    on(NEXT_WEEK, desk, a_ready_lawyer(), a_ready_lawyer(), starts=480, ends=720)

    found = coverage.coverage([area_id()], [region_id()], the_day(NEXT_WEEK))

    assert [(slot.part, found.rows[0].cells[place].state) for place, slot in enumerate(found.slots)] == [
        ("ochtend", "op_norm"),
        (core.REST_OF_DAY, "gat"),
    ]


@pytest.mark.parametrize(
    ("numbers", "state"),
    [
        ({}, "op_norm"),
        ({"tested_at": None}, "kwetsbaar"),
        ({"verified_at": None}, "kwetsbaar"),
        ({"tested_at": clock.now() - timedelta(days=4000)}, "kwetsbaar"),
    ],
)
def test_who_has_no_proved_number_makes_it_fragile(numbers: dict[str, Any], state: str) -> None:
    desk, bos = a_desk(a_line()), a_ready_lawyer()
    on(NEXT_WEEK, desk, bos, a_ready_lawyer())
    PhoneNumber.objects.filter(person=bos).update(**numbers)

    assert states() == [state, state]


def test_a_duty_that_names_a_number_leans_on_that_one() -> None:
    desk, bos = a_desk(a_line()), a_ready_lawyer()
    (duty,) = on(NEXT_WEEK, desk, bos)
    services.set_norm(desk_id=desk.pk, depth=1)
    other = PhoneNumber.objects.create(
        person=bos, e164="+31600000999", is_primary=False, verified_at=clock.now(), tested_at=None
    )
    assert cells()[0].solid == 1

    Duty.objects.filter(pk=duty.pk).update(number=other)

    assert cells()[0].solid == 0


def test_unconfirmed_counts_once_the_alarm_of_the_evening_before_has_sounded(at_ten_thirty: datetime) -> None:
    desk = a_desk(a_line())
    on(THURSDAY, desk, a_ready_lawyer(), a_ready_lawyer())
    assert states(THURSDAY) == ["op_norm", "op_norm"]

    clock.forward(timedelta(hours=9, minutes=30))  # 20:00
    assert states(THURSDAY) == ["kwetsbaar", "kwetsbaar"]

    Duty.objects.filter(desk=desk).update(confirmed_at=at_ten_thirty)
    assert states(THURSDAY) == ["op_norm", "op_norm"]


def test_of_the_dagdeel_that_runs_only_what_is_to_come_counts() -> None:
    desk = a_desk(a_line())
    people = a_ready_lawyer(), a_ready_lawyer()
    on(WEDNESDAY, desk, *people, starts=630)
    Duty.objects.update(confirmed_at=clock.now())

    assert states(WEDNESDAY) == ["op_norm", "op_norm"]
    clock.forward(timedelta(days=1))
    assert states(WEDNESDAY) == ["gat", "op_norm"]


def test_it_is_asked_per_line_and_an_unknown_line_is_refused() -> None:
    first, second = a_line(), a_line()
    on(NEXT_WEEK, a_desk(second), a_ready_lawyer(), a_ready_lawyer())

    assert [cell.state for cell in cells()] == ["gat", "gat"]
    assert [cell.state for cell in cells(line_id=second.pk)] == ["op_norm", "op_norm"]
    assert coverage.line_of().id == first.pk
    with pytest.raises(NotKnown):
        coverage.line_of(0)


def test_a_whole_country_is_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    line = a_line()
    areas, regions = [area_id("huur"), area_id("arbeid")], [region_id(code) for code in ("AR08", "AR10", "AR11")]
    for code in ("AR08", "AR10", "AR11"):
        on(NEXT_WEEK, a_desk(line, regions=(code,)), a_ready_lawyer(region=code), a_ready_lawyer(region=code))
    queries.desks()  # the set-up is in memory

    with django_assert_num_queries(1):
        found = coverage.coverage(areas, regions, the_day(date(2026, 11, 23), 91))

    assert [(row.asked.area_id, row.asked.region_id) for row in found.rows] == [(a, r) for a in areas for r in regions]
    with django_assert_num_queries(1):
        coverage.desks_cover(coverage.watched_desks(), the_day(NEXT_WEEK, 14))


# --- Against asking every minute who is on duty -----------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28), date(2026, 12, 31), date(2027, 2, 1)])
def test_it_is_what_on_duty_says_of_every_open_quarter_of_an_hour(day: date, seed: int) -> None:
    """Small random rosters over two days, both nights on which the clocks change among them, with closed hours."""
    chance = random.Random(f"{day}{seed}")
    hours = [(weekday, 0, 1440) for weekday in range(7)] if seed % 2 else [(weekday, 60, 600) for weekday in range(7)]
    line = a_line(hours=hours, closed_on_holidays=bool(seed % 3))
    Part.objects.create(line=line, name="ochtend", starts=30, ends=240)
    Part.objects.create(line=line, name="middag", starts=240, ends=600)
    desks = [a_desk(line, regions=(code,)).pk for code in ("walcheren", "AR11", "AR08")]
    people = [a_lawyer().pk for _ in range(6)]
    start = wall.moment(day, 0)
    services.add_duties(
        duties=[
            services.NewDuty(
                desk_id=chance.choice(desks),
                person_id=chance.choice(people),
                position=chance.randint(1, 3),
                starts_at=(begin := start + timedelta(minutes=15 * chance.randrange(-20, 190))),
                ends_at=begin + timedelta(minutes=15 * chance.randint(1, 60)),
            )
            for _ in range(40)
        ]
    )
    Person.objects.filter(pk=people[0]).update(is_active=False)
    asked = Interval(start, wall.moment(day, 2 * wall.DAY_MINUTES))

    found = coverage.coverage([area_id()], [region_id(), region_id("AR11")], asked)

    for row in found.rows:
        for slot, cell in zip(found.slots, row.cells, strict=True):
            counted = [
                len(queries.on_duty(row.asked.desks, coverage.moment(at)))
                for since, until in slot.stretches
                for at in range(since, until, 900)
            ]
            assert cell.people == min(counted, default=0)
            assert (cell.state == "gesloten") == (not counted)
            assert (cell.state == "gat") == (min(counted, default=1) == 0)
    for desk in desks:
        lacking = coverage.lacks_of(desk, asked)
        for at in range(int(asked.start.timestamp()), int(asked.end.timestamp()), 900):
            is_open = any(since <= at < until for slot in found.slots for since, until in slot.stretches)
            short = is_open and len(queries.on_duty([desk], coverage.moment(at))) < 2
            assert short == any(lack.start <= at < lack.end for lack in lacking)
