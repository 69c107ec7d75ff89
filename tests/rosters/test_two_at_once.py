"""Two planners write at one moment: one of two duties that exclude each other stands, the other is refused politely."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from rosters import services
from rosters.errors import DutyRefused
from rosters.models import Duty
from tests.builders import a_desk, a_lawyer, a_line
from tests.concurrency import at_once, shared_by_threads

pytestmark = pytest.mark.django_db(transaction=True)
NINE = datetime(2026, 11, 18, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with shared_by_threads(tmp_path):
        yield


def ends_of(*writes: Callable[[], object]) -> list[str]:
    """What each of the writes came to: written, or the code of the refusal."""
    return sorted(end.code if isinstance(end, DutyRefused) else written(end) for end in at_once(*writes))


def written(end: object) -> str:
    assert not isinstance(end, Exception), end
    return "written"


def adding(desk: object, person: object, later: float = 0) -> Callable[[], object]:
    start = NINE + later * HOUR
    values = {"desk_id": desk.pk, "person_id": person.pk, "starts_at": start, "ends_at": start + 4 * HOUR}  # type: ignore[attr-defined]
    return lambda: services.add_duty(**values)


@pytest.mark.parametrize("turn", range(3))
def test_one_person_two_desks(turn: int) -> None:
    line, bos = a_line(), a_lawyer()

    ends = ends_of(adding(a_desk(line), bos), adding(a_desk(line), bos, later=turn))

    assert ends == ["person_on_duty", "written"]
    assert Duty.objects.count() == 1


@pytest.mark.parametrize("turn", range(3))
def test_one_position_two_people(turn: int) -> None:
    desk = a_desk(a_line())

    ends = ends_of(adding(desk, a_lawyer()), adding(desk, a_lawyer(), later=-turn))

    assert ends == ["position_taken", "written"]
    assert Duty.objects.count() == 1


def test_two_people_two_desks_crosswise_do_not_wait_for_each_other_for_ever() -> None:
    line, bos, chen = a_line(), a_lawyer(), a_lawyer()
    one, other = a_desk(line), a_desk(line)

    ends = ends_of(adding(one, bos), adding(other, chen), adding(other, bos, later=1), adding(one, chen, later=1))

    assert ends.count("written") == 2
    assert Duty.objects.count() == 2


def test_the_same_horizon_filled_twice_at_once_is_filled_once() -> None:
    desk, bos = a_desk(a_line()), a_lawyer()
    services.add_pattern(
        desk_id=desk.pk, person_id=bos.pk, weekdays="01234", starts=540, minutes=240, valid_from=date(2026, 1, 1)
    )
    fill = lambda: services.fill_duties(since=date(2026, 11, 16), until=date(2026, 12, 14))  # noqa: E731

    assert ends_of(fill, fill) == ["written", "written"]
    assert Duty.objects.count() == 20
