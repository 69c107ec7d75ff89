"""Saying when somebody can: by whom, what it replaces, and what happens to duties that it hits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from integrations import clock
from rosters import eligibility, services, stated
from rosters.core import wall
from rosters.core.intervals import Interval
from rosters.errors import FormRefused, NotKnown, NotYours
from rosters.models import Absence, CoverRequest, Duty, WeeklyAvailability
from rosters.services import covering
from tests import builders
from tests.rosters.availability.conftest import Office

CAN, RATHER_NOT, CANNOT = "can", "rather_not", "cannot"


def days(first: date, number: int = 1) -> Interval:
    return Interval(wall.moment(first, 0), wall.moment(first + timedelta(days=number), 0))


TOMORROW = days(date(2026, 11, 19))
NEXT_WEEK = days(date(2026, 11, 23), 7)


def say(person: Any, *stretches: Interval, level: str = CANNOT, by: Any = None, reason: str = "") -> services.Said:
    return services.say(person_id=person.pk, by=(by or person).pk, stretches=stretches, level=level, reason=reason)


def said_of(person: Any) -> list[tuple[Interval, str]]:
    rows = Absence.objects.filter(person=person, withdrawn_at__isnull=True).order_by("starts_at")
    return [(Interval(one.starts_at, one.ends_at), one.level) for one in rows]


def state_of(duty: Any) -> list[str]:
    return list(CoverRequest.objects.filter(duty=duty).order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize("who", ["ada", "els", "coordinator"])
def test_the_person_the_assistant_and_a_coordinator_say_it_on_record(office: Office, who: str) -> None:
    by = getattr(office, who)
    say(office.ada, NEXT_WEEK, by=by, reason="holiday")
    absence = Absence.objects.get()
    assert (absence.person_id, absence.made_by_id, absence.reason) == (office.ada.pk, by.pk, "holiday")


@pytest.mark.parametrize("who", ["bea", "elsewhere"])
def test_nobody_else_does(office: Office, who: str) -> None:
    by = getattr(office, who)
    with pytest.raises(NotYours):
        say(office.ada, NEXT_WEEK, by=by)
    with pytest.raises(NotYours):
        services.set_habit(person_id=office.ada.pk, by=by.pk, weekdays=[2], part="", level=CANNOT)
    say(office.ada, NEXT_WEEK)
    with pytest.raises(NotYours):
        services.withdraw_absence(absence_id=Absence.objects.get().pk, by=by.pk)
    assert said_of(office.ada) == [(NEXT_WEEK, CANNOT)]


def test_an_absence_never_removes_a_duty_it_looks_for_somebody_else(office: Office) -> None:
    hit = builders.a_duty(office.desk, office.ada, starts=24)
    other = builders.a_duty(office.desk, office.ada, starts=24 * 5)
    said = say(office.ada, TOMORROW)
    assert said.hit == said.asked == (hit.pk,)
    request = CoverRequest.objects.get()
    assert (request.duty_id, request.kind, request.state, request.made_by_id) == (
        hit.pk,
        "absence",
        "open",
        office.ada.pk,
    )
    assert list(request.asks.values_list("person_id", flat=True)) == [office.bea.pk]
    assert list(Duty.objects.filter(cancelled_at__isnull=True).order_by("pk")) == [hit, other]


def test_somebody_is_looked_for_once(office: Office) -> None:
    duty = builders.a_duty(office.desk, office.ada, starts=24)
    say(office.ada, TOMORROW)
    again = say(office.ada, TOMORROW)
    assert (again.hit, again.asked) == ((duty.pk,), ())
    assert state_of(duty) == ["open"]


def test_rather_not_looks_for_nobody(office: Office) -> None:
    duty = builders.a_duty(office.desk, office.ada, starts=24)
    assert say(office.ada, TOMORROW, level=RATHER_NOT).hit == ()
    assert state_of(duty) == []


def test_who_can_after_all_is_no_longer_replaced(office: Office) -> None:
    duty = builders.a_duty(office.desk, office.ada, starts=24)
    say(office.ada, TOMORROW)
    say(office.ada, TOMORROW, level=CAN)
    assert state_of(duty) == ["withdrawn"]
    assert said_of(office.ada) == []


def test_withdrawing_ends_the_search_and_twice_is_once(office: Office) -> None:
    duty = builders.a_duty(office.desk, office.ada, starts=24)
    say(office.ada, TOMORROW)
    absence = Absence.objects.get()
    for _ in range(2):
        services.withdraw_absence(absence_id=absence.pk, by=office.els.pk)
    assert (state_of(duty), said_of(office.ada)) == (["withdrawn"], [])
    with pytest.raises(NotKnown):
        services.withdraw_absence(absence_id=absence.pk + 1, by=office.ada.pk)


def test_a_request_that_somebody_made_himself_stays(office: Office) -> None:
    duty = builders.a_duty(office.desk, office.ada, starts=24)
    made = covering.open_request(duty_id=duty.pk, kind="give", by=office.ada.pk)
    say(office.ada, TOMORROW)
    say(office.ada, TOMORROW, level=CAN)
    assert list(CoverRequest.objects.values_list("pk", "state")) == [(made.pk, "open")]


def test_the_last_word_counts_and_cuts_what_was_said_before(office: Office) -> None:
    say(office.ada, NEXT_WEEK, reason="holiday")
    wednesday = days(date(2026, 11, 25))
    say(office.ada, wednesday, level=RATHER_NOT)
    assert said_of(office.ada) == [
        (Interval(NEXT_WEEK.start, wednesday.start), CANNOT),
        (wednesday, RATHER_NOT),
        (Interval(wednesday.end, NEXT_WEEK.end), CANNOT),
    ]
    kept = Absence.objects.filter(withdrawn_at__isnull=True, level=CANNOT)
    assert set(kept.values_list("reason", flat=True)) == {"holiday"}
    found = eligibility.availability_of([office.ada.pk], NEXT_WEEK)[office.ada.pk]
    assert found.rather_not == (wednesday,)


def test_can_is_kept_only_where_a_habit_or_a_calendar_says_otherwise(office: Office) -> None:
    wednesday, thursday = days(date(2026, 11, 25)), days(date(2026, 11, 26))
    services.set_habit(person_id=office.ada.pk, by=office.ada.pk, weekdays=[2], part="", level=CANNOT)
    say(office.ada, wednesday, level=CAN)
    say(office.ada, thursday, level=CAN)
    assert said_of(office.ada) == [(wednesday, CAN)]
    assert eligibility.availability_of([office.ada.pk], wednesday)[office.ada.pk].cannot == ()


@pytest.mark.parametrize(
    ("stretches", "level", "reason", "code"),
    [
        ([NEXT_WEEK], "maybe", "", "level"),
        ([NEXT_WEEK], CANNOT, "zin", "reason"),
        ([], CANNOT, "", "when"),
        ([days(date(2026, 11, 2), 7)], CANNOT, "", "when"),
        ([days(date(2036, 11, 2), 7)], CANNOT, "", "when"),
        ([days(date(2026, 11, 20) + timedelta(days=2 * n)) for n in range(101)], CANNOT, "", "when"),
    ],
)
def test_refuses_what_cannot_be(office: Office, stretches: list[Interval], level: str, reason: str, code: str) -> None:
    with pytest.raises(FormRefused) as refused:
        say(office.ada, *stretches, level=level, reason=reason)
    assert refused.value.code == code
    assert not Absence.objects.exists()


def habits(person: Any) -> list[tuple[int, str, str]]:
    return [(one.weekday, one.dagdeel, one.level) for one in stated.habits(person.pk)]


def habit(office: Office, *weekdays: int, part: str = "", level: str = CANNOT) -> None:
    services.set_habit(person_id=office.ada.pk, by=office.ada.pk, weekdays=weekdays, part=part, level=level)


def test_a_later_habit_of_the_same_part_takes_the_place_of_the_earlier(office: Office) -> None:
    habit(office, 2, 4)
    habit(office, 2, level=RATHER_NOT)
    assert habits(office.ada) == [(2, "", RATHER_NOT), (4, "", CANNOT)]
    habit(office, 4, level=CAN)
    assert habits(office.ada) == [(2, "", RATHER_NOT)]


def test_a_part_of_a_day_leaves_the_rest_of_that_day_as_it_was(office: Office) -> None:
    habit(office, 2)
    habit(office, 2, part="ochtend", level=CAN)
    assert sorted(habits(office.ada)) == [(2, "avond", CANNOT), (2, "middag", CANNOT)]


def test_a_habit_that_ends_stays_true_of_the_past(office: Office) -> None:
    habit(office, 2)
    clock.forward(timedelta(days=14))
    row = WeeklyAvailability.objects.get()
    services.end_habit(habit_id=row.pk, by=office.els.pk)
    row.refresh_from_db()
    assert (row.valid_from, row.valid_until) == (date(2026, 11, 18), date(2026, 12, 2))
    assert habits(office.ada) == []


@pytest.mark.parametrize(("weekdays", "part", "level"), [([7], "", CANNOT), ([], "", CANNOT), ([1], "nacht", CANNOT)])
def test_refuses_a_habit_that_cannot_be(office: Office, weekdays: list[int], part: str, level: str) -> None:
    with pytest.raises(FormRefused):
        habit(office, *weekdays, part=part, level=level)


def test_duties_when_somebody_cannot_are_listed_whatever_the_calendar_says(office: Office) -> None:
    thursday = builders.a_duty(office.desk, office.ada, starts=24)
    friday = builders.a_duty(office.desk, office.ada, starts=48)
    habit(office, 3)
    assert [duty.id for duty in stated.hit_duties(office.ada.pk)] == [thursday.pk]
    say(office.ada, days(date(2026, 11, 20)))
    assert [(duty.id, duty.cover is not None) for duty in stated.hit_duties(office.ada.pk)] == [
        (thursday.pk, False),
        (friday.pk, True),
    ]


def test_the_grid_shows_what_holds_in_a_handful_of_statements(
    office: Office, django_assert_max_num_queries: Any
) -> None:
    say(office.ada, NEXT_WEEK)
    habit(office, 3, part="middag", level=RATHER_NOT)
    builders.a_duty(office.desk, office.ada, starts=24)
    stated.grid(office.ada.pk, date(2026, 11, 18))
    with django_assert_max_num_queries(6):
        weeks = stated.grid(office.ada.pk, date(2026, 11, 18))
    assert len(weeks) == 8
    levels = {cell.level for day in weeks[1].days for cell in day.cells}
    thursday = weeks[0].days[3]
    assert (levels, weeks[1].next_level) == ({CANNOT}, CAN)
    assert [(cell.part, cell.level, cell.has_duty) for cell in thursday.cells] == [
        ("ochtend", CAN, True),
        ("middag", RATHER_NOT, True),
    ]
    assert weeks[0].days[0].is_past
    assert datetime(2026, 11, 16, tzinfo=UTC).date() == weeks[0].monday
