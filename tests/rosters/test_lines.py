from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from directory.errors import NumberRefused
from rosters import queries, services, snapshot
from rosters.errors import NotKnown, SetUpRefused
from tests.builders import a_desk, a_line, an_all_hours_line, area_id, region_id

pytestmark = pytest.mark.django_db
CHRISTMAS = datetime(2026, 12, 25, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_line_is_found_by_its_number_with_all_that_the_telephone_needs() -> None:
    line = a_line("Piketlijn", fallback_number="088 1234567", stages=["own", "country"], cap_seconds=60)

    found = queries.line_by_number(line.number)

    assert found is not None
    assert (found.id, found.name, found.fallback_number) == (line.pk, "Piketlijn", "+31881234567")
    assert (found.stages, found.cap_seconds, found.ring_seconds) == (("own", "country"), 60, 20)
    assert queries.line_by_number("+31850009999") is None


def test_reading_a_line_and_its_desks_again_costs_no_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    line = a_line()
    a_desk(line)
    region, area = region_id(), area_id()
    queries.desks_for(line.pk, area, region)

    with django_assert_num_queries(0):
        assert queries.line_by_number(line.number) is not None
        assert queries.line(line.pk).areas
        assert queries.desks_for(line.pk, area, region)


def test_the_set_up_is_read_in_eight_statements(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    a_desk(a_line())
    region_id()
    snapshot.forget_here()

    with django_assert_num_queries(8):
        assert queries.lines()


def test_a_line_without_hours_is_closed(at_ten_thirty: datetime) -> None:
    line = a_line(hours=())
    found = queries.line(line.pk)

    assert not queries.is_open(found, at_ten_thirty)
    assert queries.next_opening(found, at_ten_thirty) is None


def test_hours_holidays_and_closures_are_seen_at_once(at_ten_thirty: datetime) -> None:
    office, always = a_line(), an_all_hours_line()
    assert queries.is_open(queries.line(office.pk), at_ten_thirty)
    assert not queries.is_open(queries.line(office.pk), CHRISTMAS)
    assert queries.is_open(queries.line(always.pk), CHRISTMAS)

    closure = services.close_line(
        line_id=office.pk, starts_at=at_ten_thirty - HOUR, ends_at=at_ten_thirty + HOUR, reason="storing"
    )
    assert queries.next_opening(queries.line(office.pk), at_ten_thirty) == at_ten_thirty + HOUR

    services.reopen_line(closure_id=closure.pk)
    assert queries.is_open(queries.line(office.pk), at_ten_thirty)


def test_a_notice_is_spoken_until_its_moment(at_ten_thirty: datetime) -> None:
    line = a_line()

    services.set_notice(line_id=line.pk, text="Het is druk.", until=at_ten_thirty + HOUR)
    found = queries.line(line.pk)
    assert found.notice_at(at_ten_thirty) == "Het is druk."
    assert found.notice_at(at_ten_thirty + HOUR) == ""

    services.set_notice(line_id=line.pk, text="")
    assert queries.line(line.pk).notice_at(at_ten_thirty) == ""


def test_a_line_that_is_stopped_is_not_found_by_number_but_keeps_its_past() -> None:
    line = a_line()

    services.update_line(line_id=line.pk, number=line.number, name=line.name, is_active=False)

    assert queries.line_by_number(line.number) is None
    assert queries.line(line.pk).is_active is False
    assert line.pk not in [one.id for one in queries.lines()]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": ""}, "name_empty"),
        ({"stages": ["own", "own"]}, "stages_wrong"),
        ({"stages": ["elders"]}, "stages_wrong"),
        ({"stages": []}, "stages_wrong"),
        ({"cap_seconds": 10}, "seconds_wrong"),
        ({"ring_seconds": 90}, "seconds_wrong"),
    ],
)
def test_a_line_that_cannot_be_is_refused(changed: dict[str, object], code: str) -> None:
    with pytest.raises(SetUpRefused) as refused:
        services.create_line(**{"number": "+31850001234", "name": "Lijn", **changed})  # type: ignore[arg-type]

    assert refused.value.code == code


def test_a_number_is_of_one_line_and_can_be_rung() -> None:
    line = a_line()

    with pytest.raises(SetUpRefused):
        services.create_line(number=line.number, name="Nog een")
    with pytest.raises(NumberRefused):
        services.create_line(number="0900 1234", name="Betaald")


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([(0, 600, 600)], "hours_wrong"),
        ([(7, 0, 600)], "hours_wrong"),
        ([(0, 0, 1441)], "hours_wrong"),
        ([(0, 0, 601), (0, 600, 700)], "hours_overlap"),
    ],
)
def test_hours_that_cannot_be_leave_the_old_ones(parts: list[tuple[int, int, int]], code: str) -> None:
    line = a_line()

    with pytest.raises(SetUpRefused) as refused:
        services.set_hours(line_id=line.pk, parts=parts)

    assert refused.value.code == code
    assert line.hours.count() == 5


def test_a_closure_has_length_and_a_time_zone(at_ten_thirty: datetime) -> None:
    line = a_line()

    for start, end in [(at_ten_thirty, at_ten_thirty), (at_ten_thirty.replace(tzinfo=None), at_ten_thirty)]:
        with pytest.raises(SetUpRefused):
            services.close_line(line_id=line.pk, starts_at=start, ends_at=end, reason="x")


def test_an_unknown_line_is_said_so() -> None:
    with pytest.raises(NotKnown):
        queries.line(0)
    with pytest.raises(NotKnown):
        services.set_notice(line_id=0, text="x")
