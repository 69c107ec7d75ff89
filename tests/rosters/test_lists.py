"""A whole list of duties at once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from rosters import queries, services
from rosters.errors import DutyRefused
from rosters.models import Duty
from tests import builders

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def a_desk_of_a_line() -> int:
    line = services.create_line(number="+31850000000", name="Piketlijn")
    return services.create_desk(
        line_id=line.pk, name="Walcheren", area_ids=[builders.area_id()], region_ids=[builders.region_id()]
    ).pk


def test_what_is_taken_is_left_out_and_the_rest_is_in_force(at_ten_thirty: datetime) -> None:
    desk, now = a_desk_of_a_line(), at_ten_thirty
    ada, bo = builders.a_lawyer("Ada").pk, builders.a_lawyer("Bo").pk
    wanted = [
        services.NewDuty(desk, ada, 1, now, now + 2 * HOUR),
        services.NewDuty(desk, bo, 1, now + HOUR, now + 3 * HOUR),  # the position is taken
        services.NewDuty(desk, ada, 2, now + HOUR, now + 3 * HOUR),  # the person is taken
        services.NewDuty(desk, bo, 1, now + 2 * HOUR, now + 4 * HOUR),  # touches
        services.NewDuty(desk, ada, 2, now + 2 * HOUR, now + 4 * HOUR),
    ]
    assert services.add_duties(duties=wanted) == 3
    assert services.add_duties(duties=wanted) == 0, "twice is once"
    assert [one.name for one in queries.on_duty([desk], now + 2 * HOUR)] == ["Bo", "Ada"]


def test_a_list_with_impossible_times_adds_nothing(at_ten_thirty: datetime) -> None:
    desk, now = a_desk_of_a_line(), at_ten_thirty
    ada = builders.a_lawyer("Ada").pk
    with pytest.raises(DutyRefused):
        services.add_duties(
            duties=[services.NewDuty(desk, ada, 1, now, now + HOUR), services.NewDuty(desk, ada, 1, now, now)]
        )
    assert not Duty.objects.exists()
    assert services.add_duties(duties=[]) == 0
