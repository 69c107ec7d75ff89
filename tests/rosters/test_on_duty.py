"""Who is on duty: the constant SQL against the same question through the ORM, and what it reads."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from directory.models import Person, PhoneNumber
from integrations import clock
from rosters import queries, services, sql
from rosters.core.weekly import MAX_DUTY
from rosters.models import Desk, Duty
from tests.builders import a_desk, a_duty, a_lawyer, a_line, a_number, a_person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def oracle(desk_ids: list[int], at: datetime) -> list[queries.OnDuty]:
    """The question asked through the ORM, without the lower bound."""
    duties = Duty.objects.filter(
        desk_id__in=desk_ids, cancelled_at__isnull=True, starts_at__lte=at, ends_at__gt=at, person__is_active=True
    ).select_related("person")
    primary = dict(
        PhoneNumber.objects.filter(is_primary=True, verified_at__isnull=False).values_list("person_id", "e164")
    )
    return [
        queries.OnDuty(
            duty.pk,
            duty.desk_id,
            duty.position,
            duty.starts_at,
            duty.ends_at,
            duty.person_id,
            duty.person.name,
            duty.person.organisation_id,
            primary.get(duty.person_id),
            duty.confirmed_at is not None,
        )
        for duty in duties.order_by("desk_id", "position", "pk")
    ]


def test_it_names_who_is_on_duty_with_office_and_number(
    at_ten_thirty: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    desk = a_desk(a_line())
    bos, chen = a_lawyer("Bos", number=a_number()), a_lawyer("Chen")
    a_duty(desk, chen, 2)
    duty = a_duty(desk, bos, 1)

    with django_assert_num_queries(1):
        found = queries.on_duty([desk.pk], at_ten_thirty)

    assert [(one.name, one.position) for one in found] == [("Bos", 1), ("Chen", 2)]
    assert found[0].office_id == bos.organisation_id
    assert found[0].number == bos.numbers.get().e164
    assert (found[0].duty_id, found[0].starts_at, found[0].ends_at) == (duty.pk, duty.starts_at, duty.ends_at)
    assert found == oracle([desk.pk], at_ten_thirty)


def test_a_duty_holds_from_its_first_moment_until_its_last(at_ten_thirty: datetime) -> None:
    desk = a_desk(a_line())
    a_duty(desk, a_lawyer(), starts=0, hours=1)
    tick = timedelta(microseconds=1)

    held = [at_ten_thirty - tick, at_ten_thirty, at_ten_thirty + HOUR - tick, at_ten_thirty + HOUR]

    assert [len(queries.on_duty([desk.pk], at)) for at in held] == [0, 1, 1, 0]


def test_the_longest_duty_is_found_in_its_last_moment(at_ten_thirty: datetime) -> None:
    desk = a_desk(a_line())
    a_duty(desk, a_lawyer(), starts=0, hours=8 * 24)

    assert len(queries.on_duty([desk.pk], at_ten_thirty + timedelta(days=8, microseconds=-1))) == 1


def test_who_has_no_verified_primary_number_has_none(at_ten_thirty: datetime) -> None:
    desk = a_desk(a_line())
    a_duty(desk, a_lawyer("zonder", number=""), 1)
    a_duty(desk, a_lawyer("niet bevestigd", verified=False), 2)

    assert [one.number for one in queries.on_duty([desk.pk], at_ten_thirty)] == [None, None]


def test_cancelled_duties_inactive_people_and_other_desks_are_left_out(at_ten_thirty: datetime) -> None:
    desk, other = a_desk(a_line()), a_desk(a_line())
    gone = a_lawyer()
    a_duty(desk, gone, 1)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    services.cancel_duty(duty_id=a_duty(desk, a_lawyer(), 2).pk, why="ziek")
    a_duty(other, a_lawyer())

    assert queries.on_duty([desk.pk], at_ten_thirty) == []
    assert queries.on_duty([], at_ten_thirty) == []


def test_it_agrees_with_the_orm_over_a_month_of_random_duties(at_ten_thirty: datetime) -> None:
    chance = random.Random(7)
    line = a_line()
    desks = [a_desk(line).pk for _ in range(4)]
    people = [a_lawyer(number="" if index % 5 == 0 else None).pk for index in range(12)]
    start = at_ten_thirty - timedelta(days=15)
    wanted = [
        services.NewDuty(
            desk_id=chance.choice(desks),
            person_id=chance.choice(people),
            position=chance.randint(1, 3),
            starts_at=(begin := start + timedelta(minutes=chance.randrange(43_200))),
            ends_at=begin + timedelta(minutes=chance.randint(30, 11_000)),
        )
        for _ in range(400)
    ]
    assert services.add_duties(duties=wanted) > 20

    for _ in range(60):
        at = start + timedelta(minutes=chance.randrange(43_200))
        some = chance.sample(desks, chance.randint(1, 4))
        assert queries.on_duty(some, at) == oracle(some, at)


def test_older_duties_are_not_read(at_ten_thirty: datetime) -> None:
    """However many lie in the past: the plan goes by the index on (desk, start), bounded on both sides."""
    desk = a_desk(a_line())
    _a_long_past(desk, at_ten_thirty, 3000)
    a_duty(desk, a_lawyer())

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE rosters_duty")
            values = ([desk.pk], at_ten_thirty - MAX_DUTY, at_ten_thirty, at_ten_thirty)
            cursor.execute("EXPLAIN (ANALYZE, TIMING OFF) " + sql.ON_DUTY["postgresql"], values)
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "duty_desk_start" in plan
        assert "Seq Scan on rosters_duty" not in plan
        assert not re.search(r"Rows Removed by Filter: \d{3}", plan)
    else:
        moments = [connection.ops.adapt_datetimefield_value(at_ten_thirty)] * 3
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + sql.ON_DUTY["sqlite"], (f"[{desk.pk}]", *moments))
            plan = "\n".join(row[3] for row in cursor.fetchall())
        assert "duty_desk_start (desk_id=? AND starts_at>? AND starts_at<?)" in plan
    assert len(queries.on_duty([desk.pk], at_ten_thirty)) == 1


def _a_long_past(desk: Desk, at: datetime, number: int) -> None:
    person = a_person()
    Duty.objects.bulk_create(
        Duty(desk=desk, person=person, starts_at=at - (index + 400) * HOUR, ends_at=at - (index + 399) * HOUR)
        for index in range(number)
    )


def test_a_person_sees_his_duties_and_the_one_he_is_in(at_ten_thirty: datetime) -> None:
    desk, bos = a_desk(a_line(), "Walcheren huur"), a_lawyer()
    a_duty(desk, bos, starts=-30, hours=2)
    now = a_duty(desk, bos, 2, starts=-1, hours=2)
    later = a_duty(desk, bos, starts=20, hours=2)
    services.cancel_duty(duty_id=a_duty(desk, bos, starts=10, hours=2).pk)

    found = queries.duties_of(bos.pk, at_ten_thirty, at_ten_thirty + timedelta(days=2))

    assert [duty.id for duty in found] == [now.pk, later.pk]
    assert queries.on_duty_now(bos.pk) == found[0]
    assert (found[0].desk, found[0].position) == ("Walcheren huur", 2)
    clock.forward(HOUR)
    assert queries.on_duty_now(bos.pk) is None
