"""What rosters cost: who is on duty, the duties of a desk, gaps, coverage of the country, a calendar feed.

Process CPU, the median of seven samples after a warm-up, each sample the mean of several calls; sizes that are compared
take turns. The peer is the engine of grafana/oncall, measured the same way on SQLite with its own two kinds of roster
(weekly rotations, and duties one by one). Runs on the database that Django is connected to, which must be a throw-away
one with the migrations applied.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from statistics import median
from typing import Any

from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from directory import queries as directory
from directory import services as people
from directory.models import PhoneNumber
from integrations import clock
from integrations.calendars import encode
from rosters import coverage, queries, services, sql
from rosters.core import wall
from rosters.core.intervals import Interval
from rosters.core.weekly import MAX_DUTY
from rosters.feeds import kept, reading, writing
from rosters.models import Duty, Feed, FeedText
from rosters.pages.feeds import feed as feed_view
from rosters.services.feeds import address_of, hand_out_feed

Figure = tuple[str, float, str, str, bool]
AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 18)
SAMPLES = 7
HOUR = timedelta(hours=1)


def figures() -> list[Figure]:
    """All of them, in one run; every group of figures fills the database with what it needs and empties it again."""
    with clock.at(AT):
        line = services.create_line(number="085 123 4567", name="Bench", closed_on_holidays=False)
        services.set_hours(line_id=line.pk, parts=[(day, 0, 1440) for day in range(7)])
        found = []
        for group in (on_duty, of_a_desk, of_the_country, of_a_feed):
            began = time.monotonic()
            found += group(line.pk)
            Duty.objects.all().delete()
            print(f"{group.__name__}: {time.monotonic() - began:.0f} s", file=sys.stderr)
        return found


# --- Who is on duty ---------------------------------------------------------------------------------------------------
SIZES = (10, 100, 1_000, 200_000)
PEER_ON_DUTY = {10: "12-27", 100: "25-185", 1_000: "166-2722"}  # a3: its text in the database, its memory warm
SEATS = [(desk, position) for desk in range(5) for position in (1, 2)]


def on_duty(line_id: int) -> list[Figure]:
    """Three desks of five with two people each. What grows is the past and the future, not who is on duty."""
    desks = _desks(line_id, len({desk for desk, _position in SEATS}))
    seats = _people(len(SEATS))
    asked = desks[:3]
    since = 0
    for size in SIZES:
        _twelve_hours(desks, seats, since, size)
        since = size
        _copy_table(size)
    work = [partial(_among, size, asked) for size in SIZES]
    times = _taking_turns(work, times=60)
    orm = _taking_turns([lambda: _by_orm(asked)], times=20)[0]
    counted = _statements(lambda: queries.on_duty(asked, AT))
    assert {len(one()) for one in work} == {6}
    found = []
    for size, samples in zip(SIZES, times, strict=True):
        spent = median(samples)
        peer = f" [peer {PEER_ON_DUTY[size]} ms]" if size in PEER_ON_DUTY else ""
        found.append(_at_most(f"on duty now, {size} duties{peer}", spent, 0.5))
    growth = min(times[-1]) / min(times[0])
    share = median(times[-1]) / median(orm)
    return [
        *found,
        ("on duty now, growth from 10 to 200000", round(growth, 2), "ratio", "<= 1.3", growth <= 1.3),
        ("on duty now, share of the ORM", round(share, 2), "ratio", "<= 0.4", share <= 0.4),
        ("on duty now, SQL", counted, "statements", "1", counted == 1),
    ]


def _twelve_hours(desks: list[int], seats: list[int], since: int, until: int) -> None:
    """Duties `since` to `until`: twelve hours each, nearest to AT first, on every seat in turn."""
    midnight = wall.moment(TODAY, 0)
    rows = []
    for number in range(since, until):
        seat, turn = number % len(SEATS), number // len(SEATS)
        start = midnight + 12 * HOUR * ((turn + 1) // 2 if turn % 2 else -(turn // 2))
        desk, position = SEATS[seat]
        rows.append((desks[desk], seats[seat], position, start, start + 12 * HOUR))
    _put(rows)


def _copy_table(size: int) -> None:
    """The table of duties as it is now, with its index, under a name of its own."""
    name = f"bench_{size}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE TABLE {name} (LIKE rosters_duty)")
        else:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'rosters_duty'")
            cursor.execute(cursor.fetchone()[0].replace("rosters_duty", name))
        cursor.execute(f"INSERT INTO {name} SELECT * FROM rosters_duty")
        cursor.execute(f"CREATE INDEX {name}_start ON {name} (desk_id, starts_at) WHERE cancelled_at IS NULL")
        cursor.execute("ANALYZE")


def _among(size: int, desk_ids: list[int]) -> list[queries.OnDuty]:
    """As queries.on_duty, from the copy of that size."""
    text = sql.ON_DUTY[connection.vendor]
    sql.ON_DUTY[connection.vendor] = text.replace("rosters_duty", f"bench_{size}")
    try:
        return queries.on_duty(desk_ids, AT)
    finally:
        sql.ON_DUTY[connection.vendor] = text


def _by_orm(desk_ids: list[int]) -> list[Duty]:
    """The same people, with the same bounds; their numbers would be one more statement."""
    held = Duty.objects.filter(
        desk_id__in=desk_ids,
        cancelled_at__isnull=True,
        starts_at__gt=AT - MAX_DUTY,
        starts_at__lte=AT,
        ends_at__gt=AT,
    )
    return list(held.filter(person__is_active=True).select_related("person").order_by("desk_id", "position"))


# --- One desk ---------------------------------------------------------------------------------------------------------
PEER_YEAR = {10: "13-92", 100: "33-909", 1_000: "257-12716"}
PEER_GAPS = {10: "10-27", 100: "31-248", 1_000: "156-3760"}


def of_a_desk(line_id: int) -> list[Figure]:
    """One desk with N duties of eight hours, one after the other."""
    seats = _people(2, "desk")
    year = Interval(wall.moment(TODAY, 0), wall.moment(TODAY + timedelta(days=365), 0))
    month = Interval(year.start, wall.moment(TODAY + timedelta(days=30), 0))
    found: list[Figure] = []
    for size in (10, 100, 1_000):
        (desk,) = _desks(line_id, 1, f"desk {size}")
        rows = [
            (desk, seats[0], 1, year.start + 8 * HOUR * number, year.start + 8 * HOUR * (number + 1))
            for number in range(size)
        ]
        _put(rows)
        queries.desks()  # the set-up is in memory
        spent, gaps = (
            median(samples)
            for samples in _taking_turns(
                [
                    partial(queries.duties_on, desk, *year),
                    partial(coverage.lacks_of, desk, month),
                ],
                times=10,
            )
        )
        assert len(queries.duties_on(desk, *year)) == size
        assert coverage.lacks_of(desk, month)  # one person where two are needed
        found += [
            _at_most(f"duties of a desk in 365 days, {size} duties [peer {PEER_YEAR[size]} ms]", spent, 20),
            _at_most(f"gap check of a desk, 30 days, {size} duties [peer {PEER_GAPS[size]} ms]", gaps, 5),
        ]
        Duty.objects.filter(desk_id=desk).delete()
    counted = _statements(lambda: coverage.lacks_of(desk, month))
    return [*found, ("gap check of a desk, SQL", counted, "statements", "1", counted == 1)]


# --- The country ------------------------------------------------------------------------------------------------------
QUARTER = 91


def of_the_country(line_id: int) -> list[Figure]:
    """Eleven regions by twelve areas for a quarter: a desk for each two areas in each region, two people day and night
    in duties of eight hours (36,036 of them); and the same where no two duties share their hours."""
    tree = directory.set_up()
    regions = [region.id for region in tree.regions if region.kind == "court"]
    connected = [area.id for area in tree.areas if not area.signpost]
    areas = [area.id for area in tree.areas][:12]
    desks = [
        services.create_desk(
            line_id=line_id, name=f"Land {region} {place}", area_ids=connected[place : place + 2], region_ids=[region]
        ).pk
        for region in regions
        for place in range(0, len(connected), 2)
    ]
    seats = _people(2 * len(desks), "country")
    window = Interval(wall.moment(TODAY, 0), wall.moment(TODAY + timedelta(days=QUARTER), 0))
    found: list[Figure] = []
    for name, apart in (("", 0), (", irregular hours", 7)):
        rows = []
        for place, desk in enumerate(desks):
            for position in (1, 2):
                person = seats[2 * place + position - 1]
                shift = timedelta(minutes=apart * (2 * place + position))
                for turn in range(-3, 3 * QUARTER):
                    start = window.start + 8 * HOUR * turn + shift
                    rows.append((desk, person, position, start, start + 8 * HOUR))
        _put(rows)
        queries.desks()
        work = partial(coverage.coverage, areas, regions, window, line_id=line_id)
        seen = work()
        assert len(seen.rows) == len(regions) * len(areas) == 132
        assert {cell.people for row in seen.rows if row.has_desk for cell in row.cells} == {2}
        spent = median(_taking_turns([work], times=1)[0])
        found.append(_at_most(f"coverage of the country, a quarter, {len(rows)} duties{name}", spent, 100))
        counted = _statements(work)
        Duty.objects.all().delete()
    empty = median(_taking_turns([work], times=1)[0])
    return [
        *found,
        _at_most("coverage of the country, nobody rostered", empty, 100),
        ("coverage of the country, SQL", counted, "statements", "1", counted == 1),
    ]


# --- A feed -----------------------------------------------------------------------------------------------------------
def of_a_feed(line_id: int) -> list[Figure]:
    """A personal feed of a thousand duties: written, fetched again unchanged, and asked for with its ETag."""
    (desk,) = _desks(line_id, 1, "feed")
    (person,) = _people(1, "feed")
    people.assign_role(person_id=person, role="lawyer", region_id=directory.region("landelijk").id)
    start = wall.moment(TODAY, 0)
    _put([(desk, person, 1, start + 2 * HOUR * number, start + 2 * HOUR * number + HOUR) for number in range(1_000)])
    feed = hand_out_feed(kind=Feed.Kind.PERSON, object_id=person, holder_id=person)
    token = address_of(feed).rpartition("/")[2].removesuffix(".ics")
    fresh = RequestFactory().get(f"/agenda/{token}.ics", headers={"User-Agent": "Bench"})
    answer = feed_view(fresh, token)
    assert answer.content.count(b"BEGIN:VEVENT") == 1_000
    known = RequestFactory().get(
        f"/agenda/{token}.ics", headers={"User-Agent": "Bench", "If-None-Match": answer.headers["ETag"]}
    )
    assert feed_view(known, token).status_code == 304

    def write_first() -> None:
        FeedText.objects.all().delete()
        encode.forget()
        kept.body_of(reading.find(token))

    writing_ms = median(_taking_turns([write_first], times=1)[0])
    again, unchanged = (
        median(samples)
        for samples in _taking_turns([lambda: feed_view(fresh, token), lambda: feed_view(known, token)], times=20)
    )
    size = len(writing.text_of(reading.find(token), "Bench"))
    counts = [_statements(partial(feed_view, request, token)) for request in (fresh, known)]
    return [
        _at_most(f"feed of 1000 duties, first writing ({size // 1000} kB) [peer 96-8504 ms]", writing_ms, 400),
        _at_most("feed of 1000 duties, unchanged fetch [peer 96-8504 ms]", again, 2),
        _at_most("feed of 1000 duties, 304 [peer 96-8504 ms]", unchanged, 1),
        ("feed of 1000 duties, unchanged fetch, SQL", counts[0], "statements", "<= 2", counts[0] <= 2),
        ("feed of 1000 duties, 304, SQL", counts[1], "statements", "1", counts[1] == 1),
    ]


# --- What all of them need --------------------------------------------------------------------------------------------
def _taking_turns(work: Sequence[Callable[[], object]], *, times: int) -> list[list[float]]:
    """Per piece of work the milliseconds of CPU of a call, SAMPLES times after a warm-up, in alternating rounds."""
    found: list[list[float]] = [[] for _one in work]
    for one in work:
        one()
    for _ in range(SAMPLES):
        for place, one in enumerate(work):
            start = time.process_time()
            for _ in range(times):
                one()
            found[place].append((time.process_time() - start) / times * 1000)
    return found


def _at_most(name: str, spent: float, goal: float) -> Figure:
    return (name, round(spent, 3 if spent < 10 else 1), "ms CPU", f"<= {goal}", spent <= goal)


def _statements(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        work()
    return len(seen)


def _desks(line_id: int, number: int, name: str = "bench") -> list[int]:
    area, region = directory.area("huur").id, directory.region("landelijk").id
    return [
        services.create_desk(line_id=line_id, name=f"Post {name} {place}", area_ids=[area], region_ids=[region]).pk
        for place in range(number)
    ]


def _people(number: int, name: str = "bench") -> list[int]:
    """Ids of people who are ready to be rung."""
    made = []
    for place in range(number):
        person = people.create_person(email=f"{name}{place}@example.nl", name=f"{name} {place}")
        serial = PhoneNumber.objects.count()
        people.add_number(person_id=person.pk, number=f"+316000{serial:05d}", verified=True)
        made.append(person.pk)
    PhoneNumber.objects.update(tested_at=AT)
    return made


def _put(rows: Sequence[tuple[Any, ...]]) -> None:
    """(desk, person, position, start, end) in force, and the database knows what it holds."""
    Duty.objects.bulk_create(
        (
            Duty(desk_id=desk, person_id=person, position=position, starts_at=start, ends_at=end, confirmed_at=AT)
            for desk, person, position, start, end in rows
        ),
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
