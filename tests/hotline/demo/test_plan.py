"""The plan, the turns and the cases of the demo, without a database."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from directory.core import dial_code
from hotline.demo.cases import cases
from hotline.demo.plan import ALL, ASKED_MOST, CONTACT_POINTS, PASSWORD, ROUND_THE_CLOCK, SIZES, plan_of
from hotline.demo.stories import STORIES
from hotline.demo.turns import AMSTERDAM, changing_hour, turns

A_DAY = date(2026, 11, 18)
YEAR_OF_TWO_NIGHTS = (date(2026, 3, 1), date(2027, 3, 1))  # 29 March loses an hour, 25 October has one twice


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_nobody_shares_a_name_an_address_a_number_or_a_code(size: object) -> None:
    plan = plan_of(size)  # type: ignore[arg-type]
    for what in ("name", "email", "number", "code"):
        assert len({getattr(person, what) for person in plan.people}) == len(plan.people), what
    assert len({one.name for one in plan.organisations}) == len(plan.organisations)
    assert all(dial_code.is_code(person.code) for person in plan.people)
    assert all(person.email.endswith("@example.nl") for person in plan.people)
    assert len(PASSWORD) >= 12


def test_the_small_demo_and_the_pilot_have_the_promised_numbers() -> None:
    small, pilot = plan_of(SIZES["small"]), plan_of(SIZES["pilot"])
    assert (len(small.workers), len(small.lawyers)) == (40, 60)
    assert len(pilot.workers) + len(pilot.lawyers) == 175
    assert len([one for one in small.organisations if one.kind == "first_line"]) == 12
    assert pilot.size.questions == 557


def test_the_same_plan_comes_out_every_time() -> None:
    assert plan_of(SIZES["pilot"]) == plan_of(SIZES["pilot"])


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_three_desks_that_back_the_first_worker_share_no_lawyer_and_no_office(size: object) -> None:
    plan = plan_of(size)  # type: ignore[arg-type]
    worker = plan.workers[0]
    serving = [
        desk.name
        for desk in ROUND_THE_CLOCK
        if worker.usual_area in desk.areas and desk.region in {worker.region, "AR08", "landelijk"}
    ]
    lawyers = [lawyer for name in serving for lawyer in plan.pool(name)]
    assert len(serving) == 3
    assert len({lawyer.organisation for lawyer in lawyers}) == len(lawyers)
    assert all(lawyer.is_verified for lawyer in lawyers)
    assert worker.is_verified


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_every_contact_point_has_two_workers_of_its_site(size: object) -> None:
    plan = plan_of(size)  # type: ignore[arg-type]
    pools = [plan.contact_pool(desk.region) for desk in CONTACT_POINTS]
    assert [len(pool) for pool in pools] == [2] * 5
    assert plan.workers[0] not in {worker for pool in pools for worker in pool}


@pytest.mark.parametrize("pool", [3, 5, 6, 8])
@pytest.mark.parametrize("hour", [8, 20])
def test_every_hour_has_a_first_and_a_second_and_nobody_is_both(pool: int, hour: int) -> None:
    since, until = YEAR_OF_TWO_NIGHTS
    taken = list(turns(pool, since, until, hour))
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    running: list[object] = []
    place = 0
    while moment < datetime(2027, 2, 28, tzinfo=UTC):
        while place < len(taken) and taken[place].starts_at <= moment:
            running.append(taken[place])
            place += 1
        running = [turn for turn in running if turn.ends_at > moment]  # type: ignore[attr-defined]
        assert sorted(turn.position for turn in running) == [1, 2], moment  # type: ignore[attr-defined]
        assert len({turn.person for turn in running}) == 2, moment  # type: ignore[attr-defined]
        moment += timedelta(minutes=30)


@pytest.mark.parametrize("pool", [5, 6])
def test_the_turns_are_fair_on_every_day_of_the_week(pool: int) -> None:
    taken = list(turns(pool, A_DAY, A_DAY + timedelta(days=7 * pool), 8))
    held = Counter((turn.person, turn.position, turn.starts_at.weekday()) for turn in taken)
    assert len(held) == pool * 2 * 7
    assert set(held.values()) == {1}


@pytest.mark.parametrize("pool", [1, 2, 7, 14])
def test_a_pool_that_cannot_be_fair_is_refused(pool: int) -> None:
    with pytest.raises(ValueError, match="fair"):
        list(turns(pool, A_DAY, A_DAY + timedelta(days=1), 8))


@pytest.mark.parametrize("hour", range(24))
def test_whoever_is_on_duty_when_the_demo_is_loaded_stays_for_half_a_day(hour: int) -> None:
    now = datetime(2026, 11, 18, hour, 59, tzinfo=AMSTERDAM)
    days = turns(5, A_DAY - timedelta(days=2), A_DAY + timedelta(days=2), changing_hour(now))
    present = [turn for turn in days if turn.starts_at <= now < turn.ends_at and turn.position == 1]
    assert len(present) == 1
    assert present[0].ends_at - now > timedelta(hours=12)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_cases_lie_in_the_past_on_working_days_and_are_over(size: object) -> None:
    plan = plan_of(size)  # type: ignore[arg-type]
    told = cases(plan.size, [worker.usual_area for worker in plan.workers], A_DAY)
    assert len(told) == plan.size.finished
    assert told == sorted(told, key=lambda case: case.asked_at)
    for case in told:
        assert plan.size.days_back >= (A_DAY - case.asked_at.date()).days >= 3
        assert case.asked_at.weekday() < 5
        assert case.worker_says or case.lawyer_says
    assert {case.area for case in told} >= set(ASKED_MOST)
    assert any(case.asker == 0 for case in told)


def test_every_area_that_is_connected_has_stories_that_fit() -> None:
    assert set(STORIES) == set(ALL)
    for story in (one for stories in STORIES.values() for one in stories):
        assert 0 < len(story.question) <= 300
