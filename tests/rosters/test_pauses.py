from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from integrations import clock
from rosters import queries, services
from rosters.errors import PauseRefused
from rosters.models import Pause
from tests.builders import a_desk, a_duty, a_lawyer, a_line

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("minutes", [15, 30, 60])
def test_a_pause_ends_by_itself(at_ten_thirty: datetime, minutes: int) -> None:
    bos = a_lawyer()

    made = services.pause(person_id=bos.pk, minutes=minutes, source="page")

    assert made.until == at_ten_thirty + minutes * MINUTE
    found = queries.pause_of(bos.pk)
    assert found is not None
    assert (found.id, found.ends_at, found.source) == (made.pause_id, made.until, "page")
    assert queries.pauses_of([bos.pk], at_ten_thirty) == {bos.pk: made.until}
    assert queries.pause_of(bos.pk, made.until) is None


def test_without_a_time_it_lasts_for_the_rest_of_the_duty(at_ten_thirty: datetime) -> None:
    desk, bos = a_desk(a_line()), a_lawyer()
    duty = a_duty(desk, bos)
    a_duty(desk, bos, starts=3)

    made = services.pause(person_id=bos.pk, source="key", reason="rechtbank")

    assert made.until == duty.ends_at


def test_a_new_pause_takes_the_place_of_the_one_that_runs(at_ten_thirty: datetime) -> None:
    bos = a_lawyer()
    services.pause(person_id=bos.pk, minutes=60, source="page")
    clock.forward(5 * MINUTE)

    services.pause(person_id=bos.pk, minutes=15, source="sms")

    assert queries.pause_of(bos.pk, at_ten_thirty + 21 * MINUTE) is None
    assert Pause.objects.count() == 2


def test_somebody_may_come_back_early(at_ten_thirty: datetime) -> None:
    bos = a_lawyer()
    services.pause(person_id=bos.pk, minutes=60, source="page")
    clock.forward(MINUTE)

    assert services.resume(person_id=bos.pk) is True
    assert services.resume(person_id=bos.pk) is False
    assert queries.pause_of(bos.pk) is None
    assert Pause.objects.get().ends_at == at_ten_thirty + MINUTE


def test_the_last_cover_is_told(at_ten_thirty: datetime) -> None:
    desk, bos, chen = a_desk(a_line(), "Walcheren huur"), a_lawyer(), a_lawyer()
    a_duty(desk, bos, 1)
    a_duty(desk, chen, 2)
    a_duty(desk, a_lawyer(number=""), 3)

    assert services.pause(person_id=bos.pk, minutes=15, source="page").last_cover == ()
    assert services.pause(person_id=chen.pk, minutes=15, source="page").last_cover == ("Walcheren huur",)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"minutes": 20}, "pause_minutes"),
        ({"until": timedelta()}, "pause_end"),
        ({"until": timedelta(hours=25)}, "pause_end"),
        ({}, "not_on_duty"),
    ],
)
def test_a_pause_without_an_end_that_can_be_kept_is_refused(
    at_ten_thirty: datetime, asked: dict[str, object], code: str
) -> None:
    if isinstance(asked.get("until"), timedelta):
        asked = {"until": at_ten_thirty + asked["until"]}  # type: ignore[operator]

    with pytest.raises(PauseRefused) as refused:
        services.pause(person_id=a_lawyer().pk, source="page", **asked)  # type: ignore[arg-type]

    assert refused.value.code == code
    assert not Pause.objects.exists()


def test_a_pause_may_end_at_a_chosen_moment(at_ten_thirty: datetime) -> None:
    bos = a_lawyer()

    made = services.pause(person_id=bos.pk, until=at_ten_thirty + 100 * MINUTE, source="coordinator")

    assert queries.pauses_of([bos.pk], at_ten_thirty + 99 * MINUTE) == {bos.pk: made.until}
