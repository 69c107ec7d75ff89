"""Gaps as objects: found, kept, closed; with a cause and an owner; and who is told, when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from config.due import SERVICES
from integrations import clock, due
from integrations.models import Due, OutboxMessage
from rosters import services
from rosters.core import wall
from rosters.errors import DutyRefused, NotKnown, SetUpRefused
from rosters.models import Absence, Duty, Gap
from rosters.services import filling_gaps, gaps
from tests.builders import a_coordinator, a_desk, a_duty, a_lawyer, a_line, an_all_hours_line
from tests.rosters.coverage.days import NEXT_WEEK, THURSDAY, WEDNESDAY, a_ready_lawyer, on, the_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten_thirty")]
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def open_gaps() -> list[Gap]:
    return list(Gap.objects.filter(closed_at__isnull=True).order_by("starts_at", "desk"))


def texts() -> list[tuple[str, str]]:
    rows = OutboxMessage.objects.filter(kind="sms").order_by("pk")
    return [(row.to, row.body) for row in rows]


def number(person: Any) -> str:
    return str(person.numbers.get(is_primary=True).e164)


def a_full_desk(line: Any = None, days: int = 14, **fields: Any) -> tuple[Any, list[Any]]:
    """A desk with two people at every open hour of two weeks."""
    desk = a_desk(line or a_line(), **fields)
    people = [a_ready_lawyer(), a_ready_lawyer()]
    for ahead in range(days + 1):
        day = WEDNESDAY + timedelta(days=ahead)
        if day.weekday() < 5:
            on(day, desk, *people)
    return desk, people


# --- Kept -------------------------------------------------------------------------------------------------------------
def test_a_full_roster_has_no_gaps() -> None:
    a_full_desk()

    assert gaps.watch_gaps() == 0
    assert open_gaps() == []


def test_an_empty_roster_is_a_gap_in_every_dagdeel_that_is_still_to_come() -> None:
    desk = a_desk(a_line())

    found = gaps.watch_gaps()

    assert found == len(open_gaps()) == 2 * 11  # the working days of today and two weeks
    first = open_gaps()[0]
    assert (first.desk_id, first.kind, first.depth, first.norm) == (desk.pk, "gat", 0, 2)
    assert (first.starts_at, first.ends_at) == (wall.moment(WEDNESDAY, 540), wall.moment(WEDNESDAY, 780))


def test_a_duty_that_is_taken_away_leaves_a_gap_and_a_new_one_closes_it() -> None:
    desk, people = a_full_desk()
    duty = Duty.objects.get(person=people[1], starts_at=wall.moment(THURSDAY, 540))

    services.cancel_duty(duty_id=duty.pk)
    gaps.watch_gaps()
    morning, afternoon = open_gaps()
    clock.forward(5 * MINUTE)
    services.add_duty(
        desk_id=desk.pk,
        person_id=a_ready_lawyer().pk,
        position=2,
        starts_at=wall.moment(THURSDAY, 540),
        ends_at=wall.moment(THURSDAY, 780),
    )
    gaps.watch_gaps()

    assert (morning.kind, morning.depth, morning.cause) == ("onder_norm", 1, "nobody_rostered")
    assert [gap.pk for gap in open_gaps()] == [afternoon.pk]
    assert Gap.objects.get(pk=morning.pk).closed_at == clock.now()


def test_a_gap_that_is_filled_in_part_is_the_same_gap() -> None:
    coordinator, other = a_coordinator("Anna"), a_coordinator("Bert")
    desk = a_desk(a_line())
    gaps.watch_gaps()
    gap = Gap.objects.get(starts_at=wall.moment(THURSDAY, 540))
    assert gap.owner_id == coordinator.pk
    gaps.assign_gap(gap_id=gap.pk, owner_id=other.pk)

    clock.forward(MINUTE)
    on(THURSDAY, desk, a_ready_lawyer(), a_ready_lawyer(), ends=660)
    gaps.watch_gaps()

    again = Gap.objects.get(pk=gap.pk)
    assert (again.starts_at, again.ends_at) == (wall.moment(THURSDAY, 660), wall.moment(THURSDAY, 780))
    assert (again.owner_id, again.first_seen_at, again.closed_at) == (other.pk, gap.first_seen_at, None)


def test_looking_twice_changes_nothing() -> None:
    a_coordinator()
    a_desk(a_line())
    gaps.watch_gaps()
    before = list(Gap.objects.values())
    told = len(texts())

    clock.forward(MINUTE)
    gaps.watch_gaps()

    assert list(Gap.objects.values()) == before
    assert len(texts()) == told


def test_a_gap_that_passes_is_closed() -> None:
    a_desk(a_line())
    gaps.watch_gaps()
    morning = Gap.objects.get(starts_at=wall.moment(WEDNESDAY, 540))

    clock.forward(3 * HOUR)
    gaps.watch_gaps()

    morning.refresh_from_db()
    assert morning.closed_at is not None
    assert morning.closed_at >= morning.ends_at


def test_closed_hours_and_a_coordination_desk_without_a_norm_need_nobody() -> None:
    line = an_all_hours_line()
    a_desk(line, areas=(), kind="regie")
    services.close_line(
        line_id=line.pk,
        starts_at=wall.moment(WEDNESDAY, 0),
        ends_at=wall.moment(NEXT_WEEK, 0) + 30 * 24 * HOUR,
        reason="",
    )
    desk = a_desk(line)

    assert gaps.watch_gaps() == 0
    services.set_norm(desk_id=desk.pk, depth=1)
    assert gaps.watch_gaps() == 0


def test_the_days_of_somebody_who_left_become_gaps() -> None:
    """The peer showed none, and gave the roster the highest mark."""
    _desk, people = a_full_desk()
    assert gaps.watch_gaps() == 0

    type(people[0]).objects.filter(pk__in=[one.pk for one in people]).update(is_active=False)

    assert gaps.watch_gaps() == 22
    assert {gap.kind for gap in open_gaps()} == {"gat"}


# --- Why --------------------------------------------------------------------------------------------------------------
def test_nobody_is_registered_for_the_area() -> None:
    a_lawyer(areas=("arbeid",))
    a_desk(a_line())
    gaps.watch_gaps()

    assert {gap.cause for gap in open_gaps()} == {"nobody_qualified"}


def test_everybody_who_could_is_absent() -> None:
    away = a_lawyer()
    a_desk(a_line())
    day = the_day(THURSDAY)
    Absence.objects.create(person=away, starts_at=day.start, ends_at=day.end)
    gaps.watch_gaps()

    causes = {wall.day_of(gap.starts_at): gap.cause for gap in open_gaps()}
    assert causes.pop(THURSDAY) == "all_absent"
    assert set(causes.values()) == {"nobody_rostered"}


def test_the_number_of_statements_does_not_grow_with_the_gaps(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    line = a_line()
    for _ in range(6):
        a_desk(line)
        a_lawyer()
    services.set_norm(desk_id=a_desk(line).pk, depth=1)
    clock.forward(12 * HOUR)  # at night nobody is told of anything

    with django_assert_max_num_queries(25):
        assert gaps.watch_gaps() > 100


# --- Who is told ------------------------------------------------------------------------------------------------------
def test_the_coordinator_is_texted_once_four_hours_before() -> None:
    coordinator = a_coordinator()
    desk, people = a_full_desk(name="Huur Walcheren")
    services.cancel_duty(duty_id=Duty.objects.get(person=people[0], starts_at=wall.moment(THURSDAY, 540)).pk)
    services.cancel_duty(duty_id=Duty.objects.get(person=people[1], starts_at=wall.moment(THURSDAY, 540)).pk)
    gaps.watch_gaps()
    assert texts() == []

    clock.forward(wall.moment(THURSDAY, 5 * 60 + 1) - clock.now())
    gaps.watch_gaps()
    clock.forward(MINUTE)
    gaps.watch_gaps()

    gap = Gap.objects.get(starts_at=wall.moment(THURSDAY, 540))
    ((to, body),) = texts()
    assert to == number(coordinator)
    assert body.startswith("Piket: nog niemand voor do 19 nov 9-13 u, Huur Walcheren. Los op: http")
    assert f"/regie/dekking/gat/{gap.pk}/" in body
    assert len(body) <= 160
    assert desk.pk == gap.desk_id


def test_who_holds_the_coordination_desk_is_texted_instead_of_everybody() -> None:
    a_coordinator()
    on_duty = a_coordinator(region="AR11")
    line = a_line()
    a_duty(a_desk(line, areas=(), regions=("AR11",), kind="regie"), on_duty)
    a_desk(line)

    gaps.watch_gaps()

    assert {to for to, _body in texts()} == {number(on_duty)}


def test_several_gaps_are_one_text() -> None:
    coordinator = a_coordinator()
    line = a_line()
    for _ in range(3):
        a_desk(line)

    gaps.watch_gaps()

    ((to, body),) = texts()  # the mornings that run, and the afternoons that start within four hours
    assert to == number(coordinator)
    assert "6 diensten" in body


def test_an_hour_before_everybody_is_texted_again() -> None:
    coordinator, on_duty = a_coordinator(), a_coordinator(region="AR11")
    line = a_line()
    regie = a_desk(line, areas=(), regions=("AR11",), kind="regie")
    a_duty(regie, on_duty, hours=48)
    a_desk(line)
    clock.forward(8 * HOUR)  # after closing
    gaps.watch_gaps()
    assert texts() == []

    clock.forward(wall.moment(THURSDAY, 6 * 60) - clock.now())
    gaps.watch_gaps()
    assert {to for to, _body in texts()} == {number(on_duty)}
    clock.forward(2 * HOUR)
    gaps.watch_gaps()

    urgent = [to for to, body in texts() if "SPOED" in body]
    assert set(urgent) == {number(on_duty), number(coordinator)}
    clock.forward(MINUTE)
    gaps.watch_gaps()
    assert len([body for _to, body in texts() if "SPOED" in body]) == 2


def test_too_few_people_and_a_desk_that_another_bears_raise_no_alarm() -> None:
    a_coordinator()
    line = a_line()
    a_desk(line)
    broad = a_desk(line, regions=("AR11",))
    on(WEDNESDAY, broad, a_ready_lawyer())

    gaps.watch_gaps()

    assert {gap.kind for gap in open_gaps() if gap.desk_id == broad.pk and gap.starts_at < clock.now()} == {
        "onder_norm"
    }
    assert texts() == []


def test_the_digest_comes_on_monday_at_eight_to_who_has_gaps() -> None:
    coordinator = a_coordinator(name="Coby")
    a_coordinator(region="zwolle")
    desk, people = a_full_desk(days=20, name="Huur Walcheren")
    services.cancel_duty(duty_id=Duty.objects.get(person=people[0], starts_at=wall.moment(NEXT_WEEK, 540)).pk)
    gaps.watch_gaps()
    monday = wall.moment(date(2026, 11, 23), 8 * 60)
    assert Due.objects.get(kind=gaps.DIGEST).due_at == monday

    clock.forward(monday - clock.now())
    due.run_due(SERVICES)

    (mail,) = OutboxMessage.objects.filter(kind="mail")
    assert mail.to == coordinator.email
    assert mail.subject == "2 gaten t/m 7 dec"
    assert "- wo 25 nov 9-13 u Huur Walcheren: 1 van 2, niemand ingeroosterd" in mail.body
    assert desk.pk


def test_an_empty_digest_is_not_sent() -> None:
    a_coordinator()
    gaps.gap_digest("gap_digest:2026-11-23")

    assert not OutboxMessage.objects.exists()


def test_the_sweep_looks_when_a_roster_changed_and_every_five_minutes() -> None:
    clock.forward(365 * 24 * HOUR)  # this process has not looked yet, at this time
    desk = a_desk(a_line())
    gaps.gaps_due()
    before = len(open_gaps())
    clock.forward(timedelta(seconds=20))
    assert gaps.gaps_due() == 0

    on(wall.day_of(clock.now()) + timedelta(days=1), desk, a_ready_lawyer(), a_ready_lawyer())
    assert gaps.gaps_due() == len(open_gaps()) < before
    clock.forward(5 * MINUTE)
    assert gaps.gaps_due() == len(open_gaps())


# --- By hand ----------------------------------------------------------------------------------------------------------
def test_a_gap_belongs_to_a_coordinator_of_its_region() -> None:
    elsewhere = a_coordinator(region="zwolle")
    a_desk(a_line())
    gaps.watch_gaps()
    gap = open_gaps()[0]

    with pytest.raises(SetUpRefused) as refused:
        gaps.assign_gap(gap_id=gap.pk, owner_id=elsewhere.pk)
    assert refused.value.code == "owner_wrong"
    with pytest.raises(NotKnown):
        gaps.assign_gap(gap_id=0, owner_id=elsewhere.pk)
    Gap.objects.update(closed_at=clock.now())
    with pytest.raises(SetUpRefused) as closed:
        gaps.assign_gap(gap_id=gap.pk, owner_id=elsewhere.pk)
    assert closed.value.code == "gap_closed"


@pytest.mark.parametrize(("agreed", "code"), [(False, "breaks_rules"), (True, "")])
def test_a_rule_of_his_own_is_broken_only_when_it_was_agreed(agreed: bool, code: str) -> None:
    desk, bos = a_desk(a_line()), a_lawyer("Bos")
    day = the_day(THURSDAY)
    Absence.objects.create(person=bos, starts_at=day.start, ends_at=day.end)
    when = day._replace(start=wall.moment(THURSDAY, 540), end=wall.moment(THURSDAY, 780))

    if code:
        with pytest.raises(DutyRefused) as refused:
            filling_gaps.put_on_duty(desk_id=desk.pk, person_id=bos.pk, when=when, agreed=agreed)
        assert refused.value.code == code
        assert not Duty.objects.exists()
    else:
        made = filling_gaps.put_on_duty(desk_id=desk.pk, person_id=bos.pk, when=when, agreed=agreed)
        assert (made.position, made.person_id) == (1, bos.pk)
