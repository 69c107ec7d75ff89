"""The ledger from the duty table: hours as they were, balances of closed quarters, and 'waarom ik?'."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from integrations import clock
from rosters import ledger, why
from rosters import services as roster_services
from rosters.errors import NotKnown
from rosters.models import Balance, CoverRequest, Duty, Terms
from rosters.services import balances
from rosters.services.in_force import put_in_force
from tests import builders

pytestmark = pytest.mark.django_db
A_DAY = 24


@pytest.fixture
def desk(at_ten_thirty: datetime) -> Any:
    return builders.a_desk(builders.an_all_hours_line())


def figures(person: Any) -> ledger.Figures:
    period = ledger.quarter(builders.today())
    return ledger.figures_in(period).get(person.pk, ledger.Figures())


def test_hours_come_from_duties_that_began_and_stay_when_one_is_cancelled_halfway(desk: Any) -> None:
    ada, bea = builders.a_lawyer("Ada"), builders.a_lawyer("Bea")
    duty = builders.a_duty(desk, ada, starts=1, hours=8)
    assert figures(ada).duties == 0
    clock.forward(timedelta(hours=3))
    assert figures(ada) == ledger.Figures(1, 120, 0, 0)
    roster_services.cancel_duty(duty_id=duty.pk, why=Duty.Ended.SICK)
    builders.a_duty(desk, bea, starts=0, hours=6)
    clock.forward(timedelta(hours=20))
    assert figures(ada) == ledger.Figures(1, 120, 0, 0)
    assert figures(bea).minutes == 360


def test_who_took_over_by_hand_for_the_whole_of_it_has_the_hours(desk: Any, at_ten_thirty: datetime) -> None:
    ada, bea = builders.a_lawyer("Ada"), builders.a_lawyer("Bea")
    duty = builders.a_duty(desk, ada, starts=-2, hours=6)
    roster_services.cancel_duty(duty_id=duty.pk)
    taken = Duty(
        desk=desk,
        person=bea,
        starts_at=duty.starts_at,
        ends_at=duty.ends_at,
        origin=Duty.Origin.REPAIR,
        came_from=duty,
    )
    put_in_force([taken])
    clock.forward(timedelta(hours=10))
    month = ledger.month(builders.today())
    assert ledger.done_by([ada.pk], *month.window) == {}
    assert [one.minutes for one in ledger.done_by([bea.pk], *month.window)[bea.pk]] == [360]


def test_a_region_and_its_people_are_read_in_two_statements(
    desk: Any, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = [builders.a_lawyer() for _ in range(12)]
    for place, person in enumerate(people):
        duty = builders.a_duty(desk, person, starts=-(place + 2) * A_DAY, hours=8)
        if place == 3:
            Duty.objects.filter(pk=duty.pk).update(
                cancelled_at=duty.starts_at + timedelta(hours=1), cancelled_why="sick"
            )
    elsewhere = builders.a_desk(builders.an_all_hours_line(), regions=("zwolle",))
    builders.a_duty(elsewhere, builders.a_lawyer(region="zwolle"), starts=-A_DAY, hours=8)
    period = ledger.quarter(builders.today())
    country = builders.region_id("landelijk")
    ledger.figures_of_region(country, period)  # the set-up is in memory
    with django_assert_max_num_queries(2):
        found = ledger.figures_of_region(builders.region_id("walcheren"), period)
    assert set(found) == {person.pk for person in people}
    assert found[people[3].pk].minutes == 60
    assert len(ledger.figures_of_region(country, period)) == 13


def test_a_quarter_is_closed_once_a_night_and_counted_again_while_it_can_change(desk: Any) -> None:
    ada, bea = builders.a_lawyer("Ada"), builders.a_lawyer("Bea")
    duty = builders.a_duty(desk, ada, hours=8)
    assert balances.close_when_due() == 0  # the quarter runs
    clock.forward(datetime(2027, 1, 1, 1, 0, tzinfo=clock.now().tzinfo) - clock.now())
    assert balances.close_when_due() == 0  # it is over, and not yet 3:40
    clock.forward(timedelta(hours=4))
    assert balances.close_when_due() == 1
    assert balances.close_when_due() == 0
    balance = Balance.objects.get()
    assert (balance.person_id, balance.starts_on, balance.ends_on) == (ada.pk, date(2026, 10, 1), date(2027, 1, 1))
    assert (balance.duties, balance.minutes) == (1, 480)
    Duty.objects.filter(pk=duty.pk).update(person=bea)  # put right afterwards
    clock.forward(timedelta(days=1))
    assert balances.close_when_due() == 1
    assert [row.person_id for row in Balance.objects.all()] == [bea.pk]
    clock.forward(timedelta(days=92))
    Duty.objects.filter(pk=duty.pk).update(person=ada)
    assert balances.close_when_due() == 0  # now it stands
    assert [row.person_id for row in Balance.objects.all()] == [bea.pk]


def test_balances_are_carried_over_and_held_to_the_agreed_share(
    desk: Any, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ada, bea, cor = (builders.a_lawyer(name) for name in ("Ada", "Bea", "Cor"))
    Terms.objects.create(person=cor, weight=Decimal("0.5"))
    for person, duties in ((ada, 4), (bea, 6), (cor, 1)):
        Balance.objects.create(
            person=person, starts_on=date(2026, 7, 1), ends_on=date(2026, 10, 1), duties=duties, unpopular=1
        )
    Balance.objects.create(person=bea, starts_on=date(2026, 4, 1), ends_on=date(2026, 7, 1), duties=50)
    Balance.objects.create(person=ada, starts_on=date(2025, 7, 1), ends_on=date(2025, 10, 1), duties=99)
    for place, person in enumerate((ada, bea, cor)):
        builders.a_duty(desk, person, starts=-A_DAY * (place + 1), hours=4)
    with django_assert_max_num_queries(5):
        found = ledger.beside(ada.pk)
    # Of Bea's balances the one of before Ada took part does not count, nor what lies more than a year back.
    assert (found.duties.own, found.duties.people) == (5, 3)
    assert found.duties.average == pytest.approx((5 + 7 + 2 / 0.5) / 3)
    assert found.is_enough
    half = ledger.beside(cor.pk).duties
    assert half.own == 2
    assert half.average == pytest.approx((5 + 7 + 4) / 3 / 2)
    assert half.difference == -1
    assert found.measure({ada.pk: 3, bea.pk: 6}).average == pytest.approx(3)


def test_less_than_four_weeks_is_too_little_to_say_anything(desk: Any) -> None:
    ada = builders.a_lawyer("Ada")
    builders.a_duty(desk, ada, starts=-26 * A_DAY)
    assert not ledger.beside(ada.pk).is_enough
    clock.forward(timedelta(days=3))
    assert ledger.beside(ada.pk).is_enough
    assert not ledger.beside(builders.a_lawyer().pk).is_enough


def test_why_me_tells_the_whole_chain_and_who_else_fits(desk: Any, at_ten_thirty: datetime) -> None:
    ada, bea, cor = (builders.a_lawyer(name) for name in ("Ada", "Bea", "Cor"))
    coordinator = builders.a_coordinator("Coby")
    first = builders.a_duty(desk, ada, starts=A_DAY)
    roster_services.cancel_duty(duty_id=first.pk, why=Duty.Ended.GIVEN, by=coordinator.pk)
    second = Duty(
        desk=desk, person=bea, starts_at=first.starts_at, ends_at=first.ends_at, origin="cover", came_from=first
    )
    put_in_force([second])
    CoverRequest.objects.create(
        number=417,
        kind="give",
        state="taken",
        duty=first,
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        closes_at=first.starts_at,
        taken_by=bea,
        taken_at=at_ten_thirty,
        taken_duty=second,
    )
    told = why.why_me(second.pk, at_ten_thirty)
    assert (told.person, told.desk, told.limits.max_per_week, told.limits.rest_hours) == ("Bea", desk.name, 5, 11)
    assert [(step.person, step.how, step.by, step.number, step.ended) for step in told.steps] == [
        ("Bea", "cover", "Bea", 417, ""),
        ("Ada", "coordinator", "", None, "given"),
    ]
    assert told.steps[1].ended_by == "Coby"
    assert (told.others_fit, told.others) == (2, 2)
    builders.a_duty(builders.a_desk(builders.an_all_hours_line()), cor, starts=A_DAY)
    assert why.why_me(second.pk, at_ten_thirty).others_fit == 1
    assert why.why_me(second.pk, second.starts_at).others_fit is None


def test_why_me_is_told_to_the_holder_and_who_keeps_the_roster_only(desk: Any) -> None:
    people = builders.personas()
    duty = builders.a_duty(desk, people["lawyer"])
    for name in ("lawyer", "coordinator"):
        assert why.whose_duty(people[name].pk, duty.pk) == people["lawyer"].pk
    for name in ("worker", "other_coordinator", "stranger"):
        with pytest.raises(NotKnown):
            why.whose_duty(people[name].pk, duty.pk)
    with pytest.raises(NotKnown):
        why.why_me(duty.pk + 999, clock.now())
