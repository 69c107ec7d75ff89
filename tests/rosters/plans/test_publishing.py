"""Publishing is three-way and whole; it can be taken back for ten minutes; and one source fills a desk."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from integrations import clock, outbox
from integrations.models import OutboxMessage
from rosters import services
from rosters.errors import NotYours, PlanRefused
from rosters.models import Duty, Hole, RosterVersion
from rosters.services import publishing
from tests import builders
from tests.rosters.plans.conftest import MONDAY, Plans, at

TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
NEXT_MONDAY = MONDAY + timedelta(days=7)


def test_a_draft_is_made_from_what_is_in_force(plans: Plans) -> None:
    version = plans.with_patterns().draft()

    assert version.planned.count() == 10
    assert {planned.based_on_id for planned in version.planned.all()} <= set(Duty.objects.values_list("pk", flat=True))
    assert version.state == "draft"


def test_publishing_what_is_the_same_touches_no_duty_and_changes_no_calendar(plans: Plans) -> None:
    version = plans.with_patterns().draft()
    before = plans.rows()

    done = plans.publish(version)

    assert plans.rows() == before
    assert done.merge.is_empty
    assert len(done.merge.same) == 10
    assert Duty.objects.filter(version=version, origin="version").count() == 10, "the source is the roster now"
    assert not OutboxMessage.objects.exists()


def test_publishing_changes_what_differs_and_leaves_the_rest(plans: Plans) -> None:
    version = plans.with_patterns().draft()
    plans.give(version, MONDAY, 9, plans.chen)
    plans.publish(version)

    assert plans.who(MONDAY, 9) == "Chen"
    assert plans.who(TUESDAY, 9) == "Ada"
    gone = Duty.objects.get(cancelled_at__isnull=False)
    assert (gone.person, gone.cancelled_why, gone.cancelled_by) == (plans.ada, "replaced", plans.coordinator)
    assert Duty.objects.get(person=plans.chen).version == version


def test_publishing_twice_changes_nothing_the_second_time(plans: Plans) -> None:
    version = plans.with_patterns().draft()
    plans.give(version, MONDAY, 9, plans.chen)
    plans.publish(version)
    before, told = plans.rows(), OutboxMessage.objects.count()

    again = plans.publish(version)

    assert plans.rows() == before
    assert again.merge.is_empty
    assert OutboxMessage.objects.count() == told


def test_a_duty_that_people_changed_since_stays_and_is_told(plans: Plans) -> None:
    """Somebody took Monday over, Ada was ill on Tuesday; the draft of before knows neither."""
    version = plans.with_patterns().draft()
    monday = Duty.objects.get(person=plans.ada, starts_at=at(MONDAY, 9))
    services.cancel_duty(duty_id=monday.pk, why=Duty.Ended.GIVEN)
    taken = services.add_duty(
        desk_id=plans.desk.pk, person_id=plans.chen.pk, starts_at=at(MONDAY, 9), ends_at=at(MONDAY, 13), origin="cover"
    )
    tuesday = Duty.objects.get(person=plans.ada, starts_at=at(TUESDAY, 9))
    services.cancel_duty(duty_id=tuesday.pk, why=Duty.Ended.SICK)
    plans.give(version, WEDNESDAY, 9, plans.chen)

    done = plans.publish(version, gaps_accepted="Ada is ziek, we zoeken nog")

    assert plans.who(MONDAY, 9) == "Chen"
    assert plans.who(TUESDAY, 9) == ""
    assert plans.who(WEDNESDAY, 9) == "Chen"
    assert [one.id for one in done.merge.stays] == [taken.pk]
    assert [(stint.person_id, stint.when.start) for stint in done.merge.gone] == [
        (plans.ada.pk, at(MONDAY, 9)),
        (plans.ada.pk, at(TUESDAY, 9)),
    ]
    services.keep_filled()
    assert plans.who(TUESDAY, 9) == "", "the night does not put back whom people took out"


def test_who_is_put_in_place_of_somebody_ill_since_comes_in_force(plans: Plans) -> None:
    version = plans.with_patterns().draft()
    services.cancel_duty(duty_id=Duty.objects.get(person=plans.ada, starts_at=at(MONDAY, 9)).pk, why="sick")
    plans.give(version, MONDAY, 9, plans.chen)

    plans.publish(version)

    assert plans.who(MONDAY, 9) == "Chen"


def test_a_duty_that_a_coordinator_added_since_stays(plans: Plans) -> None:
    version = plans.with_patterns().draft()
    services.add_duty(
        desk_id=plans.desk.pk, person_id=plans.chen.pk, starts_at=at(MONDAY, 9), ends_at=at(MONDAY, 13), position=2
    )

    plans.publish(version)

    assert plans.who(MONDAY, 9) == "Ada, Chen"


def test_gaps_need_a_reason(plans: Plans) -> None:
    version = plans.with_patterns().draft()
    services.remove_planned(planned_id=version.planned.get(starts_at=at(MONDAY, 9)).pk, by=plans.coordinator.pk)

    with pytest.raises(PlanRefused) as refused:
        plans.publish(version)
    assert refused.value.code == "gaps"
    assert plans.who(MONDAY, 9) == "Ada", "nothing is half done"

    plans.publish(version, gaps_accepted="Loket is dicht")
    assert plans.who(MONDAY, 9) == ""
    version.refresh_from_db()
    assert version.gaps_accepted == "Loket is dicht"


def test_nobody_who_cannot_be_rung_is_published_without_a_tick(plans: Plans) -> None:
    version = plans.with_patterns().draft()
    plans.give(version, MONDAY, 9, builders.a_lawyer("Niet Getest"))

    with pytest.raises(PlanRefused) as refused:
        plans.publish(version)
    assert refused.value.code == "not_ready"

    plans.publish(version, unready_accepted=True)
    assert plans.who(MONDAY, 9) == "Niet Getest"


def test_what_cannot_be_becomes_a_hole_of_the_roster(plans: Plans) -> None:
    version = plans.with_patterns().draft()
    plans.give(version, MONDAY, 9, plans.chen)
    elsewhere = builders.a_desk(plans.line)
    services.add_duty(desk_id=elsewhere.pk, person_id=plans.chen.pk, starts_at=at(MONDAY, 12), ends_at=at(MONDAY, 14))

    done = plans.publish(version, gaps_accepted="lost Chen zelf op")

    assert [hole.reason for hole in done.holes] == ["person_on_duty"]
    assert plans.who(MONDAY, 9) == ""
    assert Hole.objects.get().version == version
    services.keep_filled()
    assert Hole.objects.get().version == version, "found again every night while it lasts"


def test_a_draft_that_changed_since_it_was_looked_at_is_refused(plans: Plans) -> None:
    version = plans.with_patterns().draft()
    plans.give(version, MONDAY, 9, plans.chen)

    with pytest.raises(PlanRefused) as refused:
        plans.publish(version, revision=version.revision)

    assert refused.value.code == "changed_meanwhile"


def test_only_who_plans_all_its_desks_may_publish(plans: Plans) -> None:
    version = plans.with_patterns().draft()
    elsewhere = builders.a_coordinator(region="zwolle")

    with pytest.raises(NotYours):
        services.publish(version_id=version.pk, by=elsewhere.pk)
    with pytest.raises(NotYours):
        services.draft_version(
            kind="version", desk_ids=[plans.desk.pk], starts_on=MONDAY, ends_on=NEXT_MONDAY, name="x", by=elsewhere.pk
        )


# --- One source -----------------------------------------------------------------------------------------------------


def test_a_temporary_roster_goes_before_a_published_one_and_that_before_patterns(plans: Plans) -> None:
    plan = plans.with_patterns().draft(days=14)
    plans.give(plan, WEDNESDAY, 9, plans.chen)
    plans.publish(plan)
    temporary = plans.draft(since=WEDNESDAY, days=1, kind="temporary", name="Kantoor dicht")
    plans.give(temporary, WEDNESDAY, 9, plans.ada)
    plans.publish(temporary)

    assert plans.who(WEDNESDAY, 9) == "Ada"
    origins = Duty.objects.filter(cancelled_at__isnull=True, starts_at__lt=at(MONDAY, 9) + timedelta(days=21))
    assert set(origins.filter(starts_at__gte=at(MONDAY, 0)).values_list("origin", flat=True)) == {
        "version", "temporary", "pattern",
    }  # fmt: skip
    services.keep_filled()
    assert plans.who(WEDNESDAY, 9) == "Ada", "the night skips what a temporary roster covers"

    newer = plans.draft(since=MONDAY, days=7, name="Week 48, tweede")
    plans.give(newer, WEDNESDAY, 9, plans.chen)
    plans.publish(newer)
    assert plans.who(WEDNESDAY, 9) == "Ada", "a newer roster does not break into a temporary one"


def test_beyond_a_roster_the_patterns_fill_again(plans: Plans) -> None:
    version = plans.draft(empty=True)
    plans.publish(version, gaps_accepted="dicht")
    plans.with_patterns()

    assert plans.who(MONDAY, 9) == ""
    assert plans.who(NEXT_MONDAY, 9) == "Ada"


def test_a_roster_beyond_the_horizon_is_drafted_from_the_patterns(plans: Plans) -> None:
    far = date(2027, 4, 5)
    version = plans.with_patterns().draft(since=far)

    assert version.planned.count() == 10
    assert {planned.based_on_id for planned in version.planned.all()} == {None}


def test_an_absence_that_ended_lets_the_night_fill_what_was_a_hole(plans: Plans) -> None:
    elsewhere = builders.a_desk(plans.line)
    other = services.add_duty(
        desk_id=elsewhere.pk, person_id=plans.ada.pk, starts_at=at(MONDAY, 9), ends_at=at(MONDAY, 10)
    )
    plans.with_patterns()
    assert plans.who(MONDAY, 9) == ""
    assert Hole.objects.filter(starts_at=at(MONDAY, 9)).count() == 1

    services.cancel_duty(duty_id=other.pk)
    services.keep_filled()

    assert plans.who(MONDAY, 9) == "Ada"
    assert not Hole.objects.exists()


# --- Taking back ----------------------------------------------------------------------------------------------------


def test_a_roster_is_taken_back_within_ten_minutes_and_everybody_has_his_duty_again(plans: Plans) -> None:
    version = plans.with_patterns().draft()
    before = [row[1:3] for row in plans.rows()]
    plans.give(version, MONDAY, 9, plans.chen)
    services.remove_planned(planned_id=version.planned.get(starts_at=at(TUESDAY, 9)).pk, by=plans.coordinator.pk)
    plans.publish(version, gaps_accepted="even niet")
    assert publishing.minutes_left(RosterVersion.objects.get(pk=version.pk)) == 9

    done = plans.undo(version)

    assert done.restored == 2
    assert sorted(row[1:3] for row in plans.rows()) == sorted(before)
    in_force = Duty.objects.filter(cancelled_at__isnull=True)
    assert set(in_force.values_list("origin", flat=True)) == {"pattern"}
    assert not in_force.filter(version__isnull=False).exists()
    back = Duty.objects.get(person=plans.ada, starts_at=at(MONDAY, 9), cancelled_at__isnull=True)
    assert back.pattern is not None, "as it was, with a row and an event of its own"
    assert plans.undo(version).restored == 0, "twice is once"
    version.refresh_from_db()
    assert (version.state, publishing.minutes_left(version)) == ("undone", 0)


def test_after_ten_minutes_it_stands(plans: Plans) -> None:
    version = plans.with_patterns().draft()
    plans.publish(version)
    clock.forward(timedelta(minutes=9))

    with pytest.raises(PlanRefused) as refused:
        plans.undo(version)

    assert refused.value.code == "undo_too_late"


def test_what_people_changed_after_publishing_stays_when_it_is_taken_back(plans: Plans) -> None:
    version = plans.with_patterns().draft()
    plans.give(version, MONDAY, 9, plans.chen)
    plans.publish(version)
    chen = Duty.objects.get(person=plans.chen)
    services.cancel_duty(duty_id=chen.pk, why="given")
    services.add_duty(
        desk_id=plans.desk.pk, person_id=(dirk := builders.a_lawyer("Dirk")).pk, starts_at=chen.starts_at,
        ends_at=chen.ends_at, origin="cover",
    )  # fmt: skip

    done = plans.undo(version)

    assert plans.who(MONDAY, 9) == dirk.name
    assert [stint.person_id for stint in done.left_out] == [plans.ada.pk]


def test_a_roster_under_a_newer_one_is_not_taken_back_first(plans: Plans) -> None:
    first = plans.with_patterns().draft()
    plans.give(first, MONDAY, 9, plans.chen)
    plans.publish(first)
    second = plans.draft()
    plans.give(second, MONDAY, 9, plans.ada)
    plans.publish(second)

    with pytest.raises(PlanRefused) as refused:
        plans.undo(first)
    assert refused.value.code == "newer_holds"

    plans.undo(second)
    assert plans.who(MONDAY, 9) == "Chen"
    plans.undo(first)
    assert plans.who(MONDAY, 9) == "Ada"


# --- The news -------------------------------------------------------------------------------------------------------


def news() -> list[tuple[str, str, str, str]]:
    """(kind, receiver, state, when on the wall), in order of writing."""
    return [
        (
            row.kind,
            row.to.partition("@")[0],
            row.state,
            row.not_before.astimezone(builders.AMSTERDAM).strftime("%d %H:%M"),
        )
        for row in OutboxMessage.objects.order_by("pk")
    ]


def test_the_news_waits_until_it_cannot_be_taken_back(plans: Plans) -> None:
    """Wednesday 10:30, about next Monday: within a week, so by text message too."""
    version = plans.with_patterns().draft()
    plans.give(version, MONDAY, 9, plans.chen)
    done = plans.publish(version)

    assert {one.person_id: (one.added, one.removed) for one in done.news} == {
        plans.ada.pk: (0, 1),
        plans.bos.pk: (0, 0),
        plans.chen.pk: (1, 0),
    }
    told = [(kind, when) for kind, _to, _state, when in news()]
    assert sorted(told) == [("mail", "18 10:42")] * 3 + [("sms", "18 10:42")] * 2, "nothing changes for Bos: a mail"
    assert "1 dienst" in OutboxMessage.objects.get(to=plans.chen.numbers.get().e164).body

    plans.undo(version)
    assert {state for _kind, _to, state, _when in news()} == {"cancelled"}
    assert OutboxMessage.objects.count() == 5, "who heard nothing needs no correction"


def test_who_has_a_duty_within_a_day_is_told_at_once_and_corrected(plans: Plans) -> None:
    tomorrow = date(2026, 11, 19)
    version = plans.with_patterns().draft(since=tomorrow, days=1)
    plans.give(version, tomorrow, 9, plans.chen)
    plans.publish(version)
    changed = [plans.ada.email, plans.chen.email, *(one.numbers.get().e164 for one in (plans.ada, plans.chen))]
    assert {when for _kind, to, _state, when in news() if to in changed} == {"18 10:32"}
    outbox.deliver_due()

    plans.undo(version)

    corrections = [row.body for row in OutboxMessage.objects.filter(state="waiting", kind="sms")]
    assert len(corrections) == 2
    assert all("teruggedraaid" in body for body in corrections)


def test_news_of_the_weekend_comes_on_monday_in_office_hours(plans: Plans) -> None:
    plans.with_patterns()
    clock.forward(timedelta(days=3))
    version = plans.draft(since=NEXT_MONDAY)
    plans.give(version, NEXT_MONDAY, 9, plans.chen)

    plans.publish(version)

    assert {(kind, when) for kind, _to, _state, when in news()} == {("mail", "23 09:00")}, "later than a week: no SMS"
