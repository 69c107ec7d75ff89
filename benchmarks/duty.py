"""Who is on duty, among 1,000 and among 200,000 duties, and how long a decision takes.

Runs on the database that Django is connected to, which must be a throw-away one with the migrations applied: it fills
the table of duties. Figures are (name, value, unit, goal, met).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from directory import queries as directory
from directory import services as directory_services
from rosters import queries, services, sql
from rosters.core import wall
from rosters.core.weekly import MAX_DUTY
from rosters.models import Duty
from routing.core.decide import decide
from routing.core.facts import Facts, Person
from routing.core.policy import Policy

Figure = tuple[str, float, str, str, bool]
AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
SMALL, LARGE = 1_000, 200_000
DESKS, ASKED, POSITIONS = 8, 3, 2
ROUNDS, TIMES = 25, 60
FEW = "bench_few"
GOAL_MS, GOAL_GROWTH, GOAL_SHARE = 0.5, 1.3, 0.4


def on_duty_figures() -> list[Figure]:
    """CPU of `on_duty` for three desks, beside the ORM query that asks the same and beside a table of 1,000 duties.

    Each desk always has the same duties around AT; what differs is the past and the future. Both sides of a ratio take
    turns, so that what else the machine does hits both.
    """
    desk_ids, people = _desks(), _seats()
    asked = desk_ids[:ASKED]
    _fill(desk_ids, people, 0, SMALL)
    _copy_table()
    _fill(desk_ids, people, SMALL, LARGE)
    large, small, orm = _cheapest(lambda: queries.on_duty(asked, AT), lambda: _among_few(asked), lambda: _by_orm(asked))
    assert len(queries.on_duty(asked, AT)) == len(_among_few(asked)) == ASKED * POSITIONS
    growth, share = large / small, large / orm
    return [
        (f"on_duty, {SMALL} duties", round(small, 3), "ms CPU", f"<= {GOAL_MS}", small <= GOAL_MS),
        (f"on_duty, {LARGE} duties", round(large, 3), "ms CPU", f"<= {GOAL_MS}", large <= GOAL_MS),
        ("on_duty, growth", round(growth, 2), "ratio", f"<= {GOAL_GROWTH}", growth <= GOAL_GROWTH),
        ("on_duty, share of the ORM", round(share, 2), "ratio", f"<= {GOAL_SHARE}", share <= GOAL_SHARE),
    ]


def decide_figures() -> list[Figure]:
    """CPU of one decision among sixteen people. Needs no database."""
    people = tuple(
        Person(
            person_id=number,
            name=f"Persoon {number}",
            office_id=number,
            number=f"+316{number:08d}",
            desk_id=number % 4,
            desk=f"Piketpost {number % 4}",
            stage=("own", "own", "neighbour", "country")[number % 4],
            neighbour_rank=number % 4 == 2,
            distance=number % 2,
            area_count=1,
            region_count=1,
            position=number // 4 + 1,
            duty_id=number,
            duty_ends_at=AT + timedelta(hours=4),
        )
        for number in range(16)
    )
    facts, policy = Facts("vandaag", people, cap_at=AT + timedelta(seconds=90)), Policy()
    spent = _cheapest(lambda: decide(facts, policy, AT))[0] * 1000
    return [("decide, 16 people", round(spent, 1), "µs CPU", "<= 100", spent <= 100)]


def _cheapest(*work: Callable[[], object]) -> list[float]:
    """Milliseconds of CPU of one call of each: the best of several rounds in which they take turns."""
    best = [math.inf] * len(work)
    for _ in range(ROUNDS):
        for place, one in enumerate(work):
            start = time.process_time()
            for _ in range(TIMES):
                one()
            best[place] = min(best[place], (time.process_time() - start) / TIMES * 1000)
    return best


def _desks() -> list[int]:
    line = services.create_line(number="085 123 4567", name="Bench")
    area, region = directory.area("huur").id, directory.region("landelijk").id
    return [
        services.create_desk(line_id=line.pk, name=f"Bench {number}", area_ids=[area], region_ids=[region]).pk
        for number in range(DESKS)
    ]


def _seats() -> list[int]:
    """Ids of the people, one for each desk and position."""
    people = []
    for number in range(DESKS * POSITIONS):
        person = directory_services.create_person(email=f"bench{number}@example.nl", name=f"Bench {number}")
        directory_services.add_number(person_id=person.pk, number=f"+316000{number:05d}", verified=True)
        people.append(person.pk)
    return people


def _fill(desk_ids: list[int], people: list[int], since: int, until: int) -> None:
    """Duties `since` to `until`: twelve hours each, nearest to AT first, on every desk and position in turn."""
    midnight = wall.moment(date(2026, 11, 18), 0)
    rows = []
    for number in range(since, until):
        seat, turn = number % (DESKS * POSITIONS), number // (DESKS * POSITIONS)
        half_days = (turn + 1) // 2 if turn % 2 else -(turn // 2)
        start = midnight + timedelta(hours=12) * half_days
        rows.append(
            Duty(
                desk_id=desk_ids[seat // POSITIONS],
                position=seat % POSITIONS + 1,
                person_id=people[seat],
                starts_at=start,
                ends_at=start + timedelta(hours=12),
            )
        )
    Duty.objects.bulk_create(rows, batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy_table() -> None:
    """The table of duties as it is now, with its index, under the name FEW."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE TABLE {FEW} (LIKE rosters_duty)")
        else:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'rosters_duty'")
            cursor.execute(cursor.fetchone()[0].replace("rosters_duty", FEW))
        cursor.execute(f"INSERT INTO {FEW} SELECT * FROM rosters_duty")
        cursor.execute(f"CREATE INDEX {FEW}_start ON {FEW} (desk_id, starts_at) WHERE cancelled_at IS NULL")
        cursor.execute("ANALYZE")


def _among_few(desk_ids: list[int]) -> list[queries.OnDuty]:
    """As queries.on_duty, from the copy."""
    text = sql.ON_DUTY[connection.vendor]
    sql.ON_DUTY[connection.vendor] = text.replace("rosters_duty", FEW)
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
