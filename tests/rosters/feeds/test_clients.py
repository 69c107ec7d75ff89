"""A feed read by programs nobody here wrote: each sees the same events at the same instants, and none complains."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from integrations import clock
from rosters import services
from rosters.core.intervals import Interval
from rosters.services import feeds
from tests import builders
from tests.rosters.feeds import readers
from tests.rosters.feeds.conftest import Fetch, Town
from tests.rosters.feeds.readers import Read

pytestmark = pytest.mark.django_db
SPRING = datetime(2026, 3, 20, 9, tzinfo=UTC)
FIRST, LAST = date(2026, 3, 1), date(2027, 1, 31)
AWKWARD = 'Huur, pacht; "erf" \\ Noord 🏠 é en alles wat er verder nog bij hoort, ook later'


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


NIGHTS = (
    Interval(at(3, 28, 19), at(3, 29, 0, 30)),
    Interval(at(3, 29, 0, 30), at(3, 29, 1, 30)),  # over the hour that is skipped: 1:30 to 3:30 on the wall
    Interval(at(3, 29, 1, 30), at(3, 29, 6)),
    Interval(at(10, 24, 18), at(10, 25, 0, 30)),
    Interval(at(10, 25, 0, 30), at(10, 25, 1, 30)),  # over the hour that comes twice: 2:30 to 2:30 on the wall
    Interval(at(10, 25, 1, 30), at(10, 25, 7)),
    Interval(at(12, 31, 22), at(12, 31, 23)),
)


@pytest.fixture
def text(town: Town, fetch: Fetch) -> Iterator[tuple[bytes, list[Read]]]:
    """A feed with both nights of 2026, a cancelled duty, a backup, alarms and an awkward name; and what it says."""
    with clock.at(SPRING):
        feeds.set_feed_alarm(feed_id=town.feed.pk, holder_id=town.lawyer.pk, minutes=30)
        odd = builders.a_desk(builders.a_line(), AWKWARD)
        said = []
        for place, (starts, ends) in enumerate(NIGHTS):
            desk, position = (odd, 2) if place % 2 else (town.desk, 1)
            services.add_duty(
                desk_id=desk.pk, person_id=town.lawyer.pk, starts_at=starts, ends_at=ends, position=position
            )
            title = f"Piket {AWKWARD} (achterwacht)" if place % 2 else "Piket Huurrecht Walcheren"
            said.append(Read(starts, ends, title, "CONFIRMED"))
        gone = services.add_duty(
            desk_id=town.desk.pk, person_id=town.lawyer.pk, starts_at=at(4, 1, 7), ends_at=at(4, 1, 11)
        )
        services.cancel_duty(duty_id=gone.pk)
        said.append(Read(gone.starts_at, gone.ends_at, "Vervallen: Piket Huurrecht Walcheren", "CANCELLED"))
        yield fetch(town.path()).content, sorted(said)


Text = tuple[bytes, list[Read]]


def test_icalendar_with_recurring_events_reads_it(text: Text) -> None:
    assert readers.by_icalendar(text[0], FIRST, LAST) == text[1]


@pytest.mark.processes
def test_icaljs_reads_it(text: Text) -> None:
    assert readers.by_icaljs(text[0]) == text[1]


@pytest.mark.processes
def test_libical_reads_it_and_finds_no_fault(text: Text) -> None:
    assert readers.by_libical(text[0]) == text[1]


@pytest.mark.processes
def test_libical_would_find_a_fault(text: Text) -> None:
    with pytest.raises(AssertionError, match="X-LIC-ERROR"):
        readers.by_libical(text[0].replace(b"TRANSP:OPAQUE", b"TRANSP:OPAQUE\r\nTRANSP:OPAQUE"))


@pytest.mark.processes
def test_vdirsyncer_and_khal_read_it(text: Text, tmp_path: Path) -> None:
    assert readers.by_khal(text[0], tmp_path, FIRST) == text[1]


@pytest.mark.processes
def test_radicale_takes_it_and_gives_it_back(text: Text, tmp_path: Path) -> None:
    assert readers.by_radicale(text[0], tmp_path) == text[1]
