from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from integrations import clock
from integrations.due import run_due
from rosters import services
from rosters.core.weekly import MAX_DUTY
from rosters.errors import DutyRefused, NotKnown, SetUpRefused
from rosters.models import Duty, Pattern
from rosters.services.duties import polite_overlap
from tests.builders import a_desk, a_duty, a_lawyer, a_line, an_all_hours_line

pytestmark = pytest.mark.django_db
DUE = {services.FILL: services.keep_filled}
NINE = datetime(2026, 11, 18, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
MONDAY = date(2026, 11, 16)


def test_a_person_is_never_on_two_desks_at_once(at_ten_thirty: datetime) -> None:
    bos, line = a_lawyer(), a_line()
    a_duty(a_desk(line), bos, starts=0, hours=4)

    with pytest.raises(DutyRefused) as refused:
        a_duty(a_desk(line), bos, starts=3, hours=4)

    assert refused.value.code == "person_on_duty"
    assert Duty.objects.count() == 1


def test_a_position_is_never_held_by_two(at_ten_thirty: datetime) -> None:
    desk = a_desk(a_line())
    a_duty(desk, a_lawyer(), starts=0, hours=4)

    with pytest.raises(DutyRefused) as refused:
        a_duty(desk, a_lawyer(), starts=-1, hours=2)

    assert refused.value.code == "position_taken"
    a_duty(desk, a_lawyer(), 2, starts=-1, hours=2)
    assert Duty.objects.count() == 2


def test_duties_may_touch(at_ten_thirty: datetime) -> None:
    desk, bos = a_desk(a_line()), a_lawyer()
    a_duty(desk, bos, starts=0, hours=4)
    a_duty(desk, bos, starts=4, hours=4)
    a_duty(desk, bos, starts=-4, hours=4)

    assert Duty.objects.count() == 3


def test_a_cancelled_duty_makes_room_and_stays_on_record(at_ten_thirty: datetime) -> None:
    desk, bos = a_desk(a_line()), a_lawyer()
    duty = services.cancel_duty(duty_id=a_duty(desk, bos).pk, why="ziek")
    again = services.cancel_duty(duty_id=duty.pk, why="nog eens")

    a_duty(desk, bos)

    assert (again.cancelled_at, again.cancelled_why) == (at_ten_thirty, "ziek")
    assert Duty.objects.count() == 2


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (NINE, NINE, "no_length"),
        (NINE + HOUR, NINE, "no_length"),
        (NINE, NINE + MAX_DUTY + HOUR, "too_long"),
        (NINE.replace(tzinfo=None), NINE + HOUR, "naive_time"),
        (NINE, (NINE + HOUR).replace(tzinfo=None), "naive_time"),
    ],
)
def test_times_that_cannot_be_are_refused(start: datetime, end: datetime, code: str) -> None:
    desk, bos = a_desk(a_line()), a_lawyer()

    with pytest.raises(DutyRefused) as refused:
        services.add_duty(desk_id=desk.pk, person_id=bos.pk, starts_at=start, ends_at=end)

    assert refused.value.code == code


def test_an_unknown_desk_duty_or_position_is_said_so(at_ten_thirty: datetime) -> None:
    desk, bos = a_desk(a_line()), a_lawyer()

    with pytest.raises(NotKnown):
        services.add_duty(desk_id=0, person_id=bos.pk, starts_at=NINE, ends_at=NINE + HOUR)
    with pytest.raises(NotKnown):
        services.cancel_duty(duty_id=0)
    with pytest.raises(DutyRefused):
        services.add_duty(desk_id=desk.pk, person_id=bos.pk, starts_at=NINE, ends_at=NINE + HOUR, position=0)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the constraint is PostgreSQL's")
@pytest.mark.parametrize(("same_person", "code"), [(True, "person_on_duty"), (False, "position_taken")])
def test_what_the_database_refuses_is_said_politely(same_person: bool, code: str) -> None:
    desk, other, bos, chen = a_desk(a_line()), a_desk(a_line()), a_lawyer(), a_lawyer()
    Duty.objects.create(desk=desk, person=bos, starts_at=NINE, ends_at=NINE + HOUR)
    second = {"desk": other, "person": bos} if same_person else {"desk": desk, "person": chen}

    with pytest.raises(DutyRefused) as refused, polite_overlap(), transaction.atomic():
        Duty.objects.create(starts_at=NINE, ends_at=NINE + HOUR, **second)

    assert refused.value.code == code
    Duty.objects.update(cancelled_at=NINE)
    assert Duty.objects.create(starts_at=NINE, ends_at=NINE + HOUR, **second).pk


# --- Patterns -------------------------------------------------------------------------------------------------------


def a_pattern(desk: object, person: object, **changed: object) -> object:
    values = {"weekdays": "01234", "starts": 9 * 60, "minutes": 4 * 60, "valid_from": date(2026, 1, 1), **changed}
    return services.add_pattern(desk_id=desk.pk, person_id=person.pk, **values)  # type: ignore[attr-defined, arg-type]


def test_a_pattern_fills_a_week_once() -> None:
    a_pattern(a_desk(a_line()), a_lawyer())

    first = services.fill_duties(since=MONDAY, until=MONDAY + timedelta(days=7))
    again = services.fill_duties(since=MONDAY, until=MONDAY + timedelta(days=7))

    assert (first.made, first.holes) == (5, ())
    assert (again.made, again.holes) == (0, ())
    assert Duty.objects.filter(origin="pattern", starts_at=NINE, ends_at=NINE + 4 * HOUR).count() == 1


def test_what_does_not_fit_is_left_out_whole_and_told() -> None:
    desk, bos, chen = a_desk(a_line()), a_lawyer(), a_lawyer()
    services.add_duty(desk_id=desk.pk, person_id=chen.pk, starts_at=NINE + HOUR, ends_at=NINE + 2 * HOUR)
    services.add_duty(
        desk_id=a_desk(a_line()).pk, person_id=bos.pk, starts_at=NINE + 24 * HOUR, ends_at=NINE + 48 * HOUR
    )
    pattern = a_pattern(desk, bos)

    filled = services.fill_duties(since=MONDAY, until=MONDAY + timedelta(days=7))

    assert filled.made == 3
    assert [(hole.starts_at, hole.reason) for hole in filled.holes] == [
        (NINE, "position_taken"),
        (NINE + 24 * HOUR, "person_on_duty"),
    ]
    assert {hole.pattern_id for hole in filled.holes} == {pattern.pk}  # type: ignore[attr-defined]


def test_two_patterns_that_collide_are_filled_in_order_of_position() -> None:
    """Patterns that overlap are refused; those of before that rule are still filled one way only."""
    desk, bos = a_desk(a_line()), a_lawyer()
    a_pattern(desk, bos, position=2, weekdays="0")
    Pattern.objects.create(desk=desk, person=bos, weekdays="0", starts=540, minutes=240, valid_from=date(2026, 1, 1))

    filled = services.fill_duties(since=MONDAY, until=MONDAY + timedelta(days=1))

    assert filled.made == 1
    assert [hole.position for hole in filled.holes] == [2]


def test_a_duty_of_a_pattern_that_was_cancelled_does_not_come_back() -> None:
    a_pattern(a_desk(a_line()), a_lawyer(), weekdays="0")
    services.fill_duties(since=MONDAY, until=MONDAY + timedelta(days=1))
    services.cancel_duty(duty_id=Duty.objects.get().pk, why="vakantie")

    assert services.fill_duties(since=MONDAY, until=MONDAY + timedelta(days=1)).made == 0


def test_a_pattern_that_ends_fills_no_more_and_leaves_what_is_there() -> None:
    pattern = a_pattern(a_desk(a_line()), a_lawyer())
    services.fill_duties(since=MONDAY, until=MONDAY + timedelta(days=7))

    services.end_pattern(pattern_id=pattern.pk, on=MONDAY + timedelta(days=7))  # type: ignore[attr-defined]

    assert services.fill_duties(since=MONDAY, until=MONDAY + timedelta(days=30)).made == 0
    assert Duty.objects.count() == 5


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"weekdays": ""}, "weekdays_wrong"),
        ({"weekdays": "00"}, "weekdays_wrong"),
        ({"weekdays": "7"}, "weekdays_wrong"),
        ({"starts": 1440}, "pattern_times_wrong"),
        ({"minutes": 0}, "pattern_times_wrong"),
        ({"minutes": 7 * 1440 + 1}, "pattern_times_wrong"),
        ({"position": 0}, "position_wrong"),
        ({"valid_until": date(2026, 1, 1)}, "pattern_dates_wrong"),
    ],
)
def test_a_pattern_that_cannot_be_is_refused(changed: dict[str, object], code: str) -> None:
    with pytest.raises(SetUpRefused) as refused:
        a_pattern(a_desk(a_line()), a_lawyer(), **changed)

    assert refused.value.code == code


def test_a_thousand_duties_take_few_statements() -> None:
    line = a_line()
    for _ in range(6):
        desk = a_desk(line)
        for position in (1, 2):
            for starts in (0, 720):
                a_pattern(
                    desk,
                    a_lawyer(),
                    weekdays="0123456",
                    starts=starts,
                    minutes=720,
                    position=position,
                    outside_hours=True,
                )

    filled = services.fill_duties(since=MONDAY, until=MONDAY + timedelta(days=60))

    assert (filled.made, filled.holes) == (24 * 60, ())


def test_patterns_are_kept_filled_night_after_night(at_ten_thirty: datetime) -> None:
    a_pattern(a_desk(an_all_hours_line()), a_lawyer(), weekdays="0123456")
    run_due(DUE)
    assert Duty.objects.count() == 13 * 7

    clock.forward(timedelta(hours=12))
    run_due(DUE)
    assert Duty.objects.count() == 13 * 7

    clock.forward(timedelta(hours=6))
    run_due(DUE)
    assert Duty.objects.count() == 13 * 7 + 1
