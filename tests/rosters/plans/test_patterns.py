"""Patterns: turns, holidays, refusals that name the other pattern, and changes that never rewrite the past."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from directory import services as directory_services
from integrations import clock
from integrations.models import OutboxMessage
from rosters import services
from rosters.core import wall
from rosters.errors import NotKnown, SetUpRefused
from rosters.models import Absence, Duty, Hole, Pattern
from rosters.services import NewPattern
from tests import builders
from tests.rosters.plans.conftest import MONDAY, Plans, a_ready_lawyer, at

TUESDAY = MONDAY + timedelta(days=1)
NEXT_MONDAY = MONDAY + timedelta(days=7)


def mondays(plans: Plans, count: int) -> list[str]:
    return [plans.who(MONDAY + timedelta(weeks=week), 9) for week in range(count)]


def new(plans: Plans, person: Any, **changed: Any) -> NewPattern:
    return replace(NewPattern(plans.desk.pk, person.pk, "01234", 540, 240, MONDAY, turn=None), **changed)


# --- What a pattern asks for ----------------------------------------------------------------------------------------


def test_three_people_in_turns_a_week_each(plans: Plans) -> None:
    made = services.add_rotation(
        desk_id=plans.desk.pk, person_ids=[plans.ada.pk, plans.bos.pk, plans.chen.pk], weekdays="0", starts=540,
        minutes=240, valid_from=MONDAY,
    )  # fmt: skip
    services.keep_filled()

    assert mondays(plans, 7) == ["Ada", "Bos", "Chen", "Ada", "Bos", "Chen", "Ada"]
    assert len({pattern.rotation for pattern in made}) == 1
    assert [pattern.turn for pattern in made] == [0, 1, 2]


def test_with_two_positions_the_next_in_turn_is_the_backup(plans: Plans) -> None:
    services.add_rotation(
        desk_id=plans.desk.pk, person_ids=[plans.ada.pk, plans.bos.pk, plans.chen.pk], weekdays="0", dagdeel="ochtend",
        positions=(1, 2), valid_from=MONDAY,
    )  # fmt: skip
    services.keep_filled()

    assert mondays(plans, 4) == ["Ada, Bos", "Bos, Chen", "Chen, Ada", "Ada, Bos"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"person_ids": [1]}, "rotation_too_short"),
        ({"dagdeel": "nacht"}, "dagdeel_unknown"),
        ({"starts": None}, "pattern_times_wrong"),
    ],
)
def test_a_rotation_that_cannot_be_is_refused_whole(plans: Plans, changed: dict[str, Any], code: str) -> None:
    values = {
        "desk_id": plans.desk.pk, "person_ids": [plans.ada.pk, plans.bos.pk], "weekdays": "0", "starts": 540,
        "minutes": 240, "valid_from": MONDAY, **changed,
    }  # fmt: skip

    with pytest.raises(SetUpRefused) as refused:
        services.add_rotation(**values)

    assert refused.value.code == code
    assert not Pattern.objects.exists()


def test_holidays_are_staffed_or_skipped(plans: Plans) -> None:
    """25 December 2026 is a Friday."""
    friday = date(2026, 12, 25)
    plans.pattern(plans.ada, weekdays="4")
    plans.pattern(plans.bos, weekdays="4", starts=780, on_holidays="skip")
    services.keep_filled()

    assert (plans.who(friday, 9), plans.who(friday, 13)) == ("Ada", "")
    assert plans.who(friday - timedelta(days=7), 13) == "Bos"


# --- What cannot be -------------------------------------------------------------------------------------------------


def test_who_is_absent_then_is_not_made_and_shows_as_a_hole_until_it_is_over(plans: Plans) -> None:
    absence = Absence.objects.create(
        person=plans.ada, starts_at=at(MONDAY, 0), ends_at=at(TUESDAY, 0), level="cannot", made_by=plans.ada
    )
    plans.with_patterns()

    assert plans.who(MONDAY, 9) == ""
    hole = Hole.objects.get()
    assert (hole.reason, hole.starts_at, hole.person) == ("absent", at(MONDAY, 9), plans.ada)

    services.keep_filled()
    assert Hole.objects.count() == 1, "written anew, not once more"
    absence.withdrawn_at = clock.now()
    absence.save()
    services.keep_filled()
    assert plans.who(MONDAY, 9) == "Ada"
    assert not Hole.objects.exists()


def test_whose_registration_ends_is_not_made_after_its_last_day(plans: Plans) -> None:
    person = a_ready_lawyer("Dirk", areas=())
    directory_services.qualify(person_id=person.pk, area_id=builders.area_id(), valid_until=MONDAY)
    plans.pattern(person, weekdays="01")
    services.keep_filled()

    assert (plans.who(MONDAY, 9), plans.who(TUESDAY, 9)) == ("Dirk", "")
    assert set(Hole.objects.values_list("reason", flat=True)) == {"not_qualified"}


def test_who_left_gets_no_new_duties(plans: Plans) -> None:
    plans.pattern(plans.ada, weekdays="0")
    plans.ada.is_active = False
    plans.ada.save()
    services.keep_filled()

    assert plans.who(MONDAY, 9) == ""
    assert set(Hole.objects.values_list("reason", flat=True)) == {"not_active"}


def test_whose_role_ends_gets_no_duties_after_it(plans: Plans) -> None:
    person = builders.a_person("Dirk", is_generalist=True)
    directory_services.assign_role(person_id=person.pk, role="lawyer", region_id=builders.region_id(), ends_on=TUESDAY)
    plans.pattern(person, weekdays="01")
    services.keep_filled()

    assert (plans.who(MONDAY, 9), plans.who(TUESDAY, 9)) == ("Dirk", "")


def test_a_pattern_makes_nothing_that_is_over(plans: Plans) -> None:
    """It is 10:30 on a Wednesday: the night before is over, the morning runs."""
    line = builders.an_all_hours_line()
    plans.desk = builders.a_desk(line)
    plans.pattern(plans.ada, weekdays="2", starts=0, minutes=300)
    plans.pattern(plans.bos, weekdays="2", starts=540)
    services.keep_filled()

    today = date(2026, 11, 18)
    assert (plans.who(today, 0), plans.who(today, 9)) == ("", "Bos")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "Ada heeft al een patroon: Walcheren huur, ma-vr 9:00-13:00"),
        ({"starts": 600, "position": 2}, "Ada heeft al een patroon"),
        ({"every_weeks": 3, "turn": 2, "weekdays": "4"}, "op 4 dec 2026"),
        ({"person": "bos"}, "Ada heeft deze plek al: Walcheren huur, ma-vr 9:00-13:00"),
    ],
)
def test_a_pattern_that_overlaps_another_is_refused_by_name(plans: Plans, changed: dict[str, Any], words: str) -> None:
    plans.pattern(plans.ada)
    person = getattr(plans, changed.pop("person", "ada"))

    with pytest.raises(SetUpRefused) as refused:
        plans.pattern(person, **changed)

    assert refused.value.code == "pattern_overlaps"
    assert words in refused.value.message
    assert Pattern.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"starts": 780},  # touches
        {"position": 2, "person": "bos"},
        {"weekdays": "56", "outside_hours": True},
        {"valid_from": date(2027, 1, 4)},
    ],
)
def test_patterns_that_do_not_overlap_stand_beside_each_other(plans: Plans, changed: dict[str, Any]) -> None:
    plans.pattern(plans.ada, valid_until=date(2027, 1, 4))
    plans.pattern(getattr(plans, changed.pop("person", "ada")), **changed)

    assert Pattern.objects.count() == 2


def test_turns_of_one_cycle_do_not_overlap_and_turns_of_others_may(plans: Plans) -> None:
    plans.pattern(plans.ada, every_weeks=2)
    plans.pattern(plans.bos, every_weeks=2, turn=1)

    with pytest.raises(SetUpRefused) as refused:
        plans.pattern(plans.chen, every_weeks=3)

    assert refused.value.code == "pattern_overlaps"


@pytest.mark.parametrize(
    "changed", [{"minutes": 600}, {"starts": 480}, {"weekdays": "045"}, {"starts": 1320, "minutes": 480}]
)
def test_hours_outside_those_of_the_line_need_a_tick(plans: Plans, changed: dict[str, Any]) -> None:
    with pytest.raises(SetUpRefused) as refused:
        plans.pattern(plans.ada, **changed)
    assert refused.value.code == "outside_hours"

    assert plans.pattern(plans.ada, outside_hours=True, **changed).pk


def test_a_night_fits_a_line_that_never_closes(plans: Plans) -> None:
    plans.desk = builders.a_desk(builders.an_all_hours_line())

    assert plans.pattern(plans.ada, weekdays="0123456", starts=1320, minutes=480).pk


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"minutes": 1441, "outside_hours": True}, "pattern_times_wrong"),
        ({"every_weeks": 0}, "turn_wrong"),
        ({"every_weeks": 2, "turn": 2}, "turn_wrong"),
        ({"on_holidays": "soms"}, "holidays_wrong"),
        ({"valid_until": date(2026, 11, 16)}, "pattern_dates_wrong"),
    ],
)
def test_a_pattern_that_cannot_be_is_refused(plans: Plans, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(SetUpRefused) as refused:
        plans.pattern(plans.ada, **changed)

    assert refused.value.code == code


def test_a_desk_or_person_that_is_gone_is_said(plans: Plans) -> None:
    values = {"weekdays": "0", "starts": 540, "minutes": 60, "valid_from": MONDAY}
    with pytest.raises(NotKnown):
        services.add_pattern(desk_id=0, person_id=plans.ada.pk, **values)
    with pytest.raises(NotKnown):
        services.add_pattern(desk_id=plans.desk.pk, person_id=0, **values)


# --- Changing -------------------------------------------------------------------------------------------------------


def test_a_change_shows_its_difference_first_and_then_does_that(plans: Plans) -> None:
    plans.with_patterns()
    pattern = Pattern.objects.get(person=plans.ada)
    before = plans.rows()
    change = new(plans, plans.chen, weekdays="01")

    shown = services.preview_change(pattern_id=pattern.pk, new=change, from_day=NEXT_MONDAY)
    assert plans.rows() == before, "looking changes nothing"

    made, done = services.change_pattern(pattern_id=pattern.pk, new=change, from_day=NEXT_MONDAY)
    assert done == shown
    assert {row.becomes for row in shown.rows} == {plans.chen.pk, None}
    assert mondays(plans, 3) == ["Ada", "Chen", "Chen"]
    assert plans.who(NEXT_MONDAY + timedelta(days=2), 9) == ""
    pattern.refresh_from_db()
    assert (pattern.valid_until, made.replaces) == (NEXT_MONDAY, pattern)
    assert set(Duty.objects.filter(cancelled_at__isnull=False).values_list("cancelled_why", flat=True)) == {"pattern"}


def test_a_change_that_is_the_same_for_some_days_touches_those_not(plans: Plans) -> None:
    plans.with_patterns()
    pattern = Pattern.objects.get(person=plans.ada)
    tuesday = Duty.objects.get(starts_at=at(TUESDAY, 9))

    made, done = services.change_pattern(
        pattern_id=pattern.pk, new=new(plans, plans.ada, weekdays="1"), from_day=MONDAY
    )

    after = Duty.objects.get(starts_at=at(TUESDAY, 9))
    assert (after.pk, after.sequence, after.cancelled_at) == (tuesday.pk, 0, None)
    assert after.pattern == made
    assert done.same > 10
    assert not done.added


def test_what_people_changed_stays_when_the_pattern_changes(plans: Plans) -> None:
    plans.with_patterns()
    duty = Duty.objects.get(person=plans.ada, starts_at=at(MONDAY, 9))
    services.cancel_duty(duty_id=duty.pk, why="given")
    Duty.objects.create(
        desk=plans.desk, person=plans.chen, starts_at=at(MONDAY, 9), ends_at=at(MONDAY, 13), origin="cover",
        came_from=duty,
    )  # fmt: skip

    _made, done = services.change_pattern(
        pattern_id=duty.pattern_id, new=new(plans, plans.ada, starts=600, minutes=180), from_day=MONDAY
    )

    assert plans.who(MONDAY, 9) == "Chen"
    assert [stint.person_id for stint in done.kept] == [plans.chen.pk]
    assert [(hole.reason, hole.starts_at) for hole in done.holes] == [("position_taken", at(MONDAY, 10))]
    assert plans.who(TUESDAY, 10) == "Ada"


def test_the_past_is_never_rewritten(plans: Plans) -> None:
    plans.with_patterns()
    pattern = Pattern.objects.get(person=plans.ada)
    running = Duty.objects.get(person=plans.ada, starts_at=at(date(2026, 11, 18), 9))

    with pytest.raises(SetUpRefused) as refused:
        services.change_pattern(pattern_id=pattern.pk, new=None, from_day=date(2026, 11, 17))
    assert refused.value.code == "from_day_past"

    services.change_pattern(pattern_id=pattern.pk, new=None, from_day=date(2026, 11, 18))
    running.refresh_from_db()
    assert running.cancelled_at is None, "it runs"
    assert not Duty.objects.filter(person=plans.ada, starts_at__gt=clock.now(), cancelled_at__isnull=True).exists()
    with pytest.raises(SetUpRefused) as refused:
        services.preview_change(pattern_id=pattern.pk, new=None, from_day=MONDAY)
    assert refused.value.code == "pattern_ended"


def test_a_changed_pattern_goes_on_in_its_own_weeks(plans: Plans) -> None:
    services.add_rotation(
        desk_id=plans.desk.pk, person_ids=[plans.ada.pk, plans.bos.pk], weekdays="0", starts=540, minutes=240,
        valid_from=MONDAY,
    )  # fmt: skip
    services.keep_filled()
    ada = Pattern.objects.get(person=plans.ada)

    services.change_pattern(
        pattern_id=ada.pk, new=new(plans, plans.chen, weekdays="0", every_weeks=2), from_day=NEXT_MONDAY
    )

    assert mondays(plans, 5) == ["Ada", "Bos", "Chen", "Bos", "Chen"]


def test_a_published_roster_is_not_touched_by_a_change_of_patterns(plans: Plans) -> None:
    version = plans.with_patterns().draft()
    plans.publish(version)
    pattern = Pattern.objects.get(person=plans.ada)

    services.change_pattern(pattern_id=pattern.pk, new=None, from_day=MONDAY)

    assert mondays(plans, 2) == ["Ada", ""]


def test_rest_and_readiness_are_warned_of_and_refused_nobody(plans: Plans) -> None:
    plans.desk = builders.a_desk(builders.an_all_hours_line())
    plans.pattern(plans.ada, weekdays="0", starts=960, minutes=420)
    services.keep_filled()
    untested = builders.a_lawyer("Dirk")

    rest = services.preview_change(
        pattern_id=None, new=new(plans, plans.ada, weekdays="1", starts=420), from_day=MONDAY
    )
    ready = services.preview_change(pattern_id=None, new=new(plans, untested, weekdays="3"), from_day=MONDAY)

    assert {(one.code, one.person_id) for one in rest.warnings} == {("rest", plans.ada.pk)}
    assert min(one.when.start for one in rest.warnings) == wall.moment(TUESDAY, 420)
    assert [(one.code, one.person_id) for one in ready.warnings] == [("not_ready", untested.pk)]


def test_who_gets_or_loses_a_pattern_is_told(plans: Plans) -> None:
    plans.with_patterns()
    pattern = Pattern.objects.get(person=plans.ada)
    assert not OutboxMessage.objects.exists(), "an import or the demo tells nobody"

    services.change_pattern(pattern_id=pattern.pk, new=new(plans, plans.chen), from_day=MONDAY, by=plans.coordinator.pk)

    bodies = {row.to: row.body for row in OutboxMessage.objects.filter(kind="sms")}
    assert "stoppen" in bodies[plans.ada.numbers.get().e164]
    assert "ma-vr 9:00-13:00" in bodies[plans.chen.numbers.get().e164]
