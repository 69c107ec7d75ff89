"""Constant SQL for the hot reads of rosters: who is on duty, which every call asks, and what the coverage is made of.

Through the ORM the first costs 15 times more. `tests/rosters/test_on_duty.py` holds it to the same question asked
through the ORM. The lower bound on `starts_at` (nobody is on duty longer than MAX_DUTY) keeps the number of rows read
the same however many duties lie in the past.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from integrations import plain_sql
from rosters.core.intervals import Interval
from rosters.core.weekly import MAX_DUTY

# CROSS JOIN holds SQLite to this order: desks, their duties by index, then who that is. PostgreSQL finds it itself.
_ON_DUTY = """
SELECT d.id, d.desk_id, d.position, d.starts_at, d.ends_at, p.id, p.name, p.organisation_id, COALESCE(m.e164, n.e164),
 d.confirmed_at IS NOT NULL
FROM {desks} CROSS JOIN rosters_duty d CROSS JOIN directory_person p
LEFT JOIN directory_phonenumber m ON m.id = d.number_id AND m.person_id = p.id AND m.verified_at IS NOT NULL
LEFT JOIN directory_phonenumber n ON n.person_id = p.id AND n.is_primary AND n.verified_at IS NOT NULL
WHERE d.desk_id = k.value AND d.cancelled_at IS NULL
  AND d.starts_at > %s AND d.starts_at <= %s AND d.ends_at > %s AND p.id = d.person_id AND p.is_active
ORDER BY d.desk_id, d.position, d.id
"""
ON_DUTY = {
    "sqlite": _ON_DUTY.format(desks="json_each(%s) k"),
    "postgresql": _ON_DUTY.format(desks="unnest(%s::bigint[]) k(value)"),
}
HOLD_PEOPLE = "SELECT id FROM directory_person WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


def on_duty_rows(desk_ids: Iterable[int], at: datetime) -> list[tuple[Any, ...]]:
    """Rows as `rosters.queries.OnDuty` has its fields; moments aware, in UTC."""
    desks = list(desk_ids)
    since, moment = (connection.ops.adapt_datetimefield_value(value) for value in (at - MAX_DUTY, at))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(ON_DUTY["postgresql"], (desks, since, moment, moment))
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows
        cursor.execute(ON_DUTY["sqlite"], (json.dumps(desks), since, moment, moment))
        # SQLite keeps moments as UTC without saying so.
        return [
            (*row[:3], row[3].replace(tzinfo=UTC), row[4].replace(tzinfo=UTC), *row[5:-1], bool(row[-1]))
            for row in cursor.fetchall()
        ]


def hold_people(person_ids: Iterable[int]) -> None:
    """Lock these people, by id, until the transaction ends. SQLite's one writer needs no lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(HOLD_PEOPLE, (sorted(set(person_ids)),))


_REVISION = (
    "INSERT INTO rosters_revision (kind, object_id, number, changed_at) VALUES {rows} ON CONFLICT (kind, object_id)"
    " DO UPDATE SET number = rosters_revision.number + 1, changed_at = excluded.changed_at"
)


def raise_revisions(kind: str, object_ids: Iterable[int], now: datetime) -> None:
    """One higher for each of these, by id, so that two writers cannot wait for each other."""
    ids = sorted(set(object_ids))
    for start in range(0, len(ids), 200):
        some = ids[start : start + 200]
        values = [value for one in some for value in (str(kind), one, plain_sql.stamp(now))]
        plain_sql.write(_REVISION.format(rows=", ".join(["(%s, %s, 1, %s)"] * len(some))), values)


# Duties share their hours, so desk, start and end are grouped; seconds since 1970 are cheap to count with.
# The index duty_desk_start holds the columns in the order of the groups: nothing is sorted (30 % of the time).
# Solid: the number that the duty rings was tried lately, and the duty is confirmed, if it must be by now.
_COVER = """
SELECT d.desk_id, {start}, {end}, COUNT(*), SUM(CASE WHEN
  (d.confirmed_at IS NOT NULL OR d.starts_at >= %s OR d.ends_at <= %s)
  AND CASE WHEN d.number_id IS NULL THEN d.person_id IN (
    SELECT person_id FROM directory_phonenumber WHERE is_primary AND verified_at IS NOT NULL AND tested_at > %s
    AND person_id IS NOT NULL)
  ELSE d.number_id IN (
    SELECT id FROM directory_phonenumber WHERE verified_at IS NOT NULL AND tested_at > %s) END
  THEN 1 ELSE 0 END)
FROM rosters_duty d
WHERE d.desk_id {desks} AND d.cancelled_at IS NULL AND d.starts_at > %s AND d.starts_at < %s AND d.ends_at > %s
  AND d.person_id NOT IN (SELECT id FROM directory_person WHERE NOT is_active)
GROUP BY d.desk_id, d.starts_at, d.ends_at
"""
COVER = {
    "sqlite": _COVER.format(
        desks="IN (SELECT value FROM json_each(%s))",
        start="CAST(strftime('%%s', d.starts_at) AS INTEGER)",
        end="CAST(strftime('%%s', d.ends_at) AS INTEGER)",
    ),
    "postgresql": _COVER.format(
        desks="= ANY(%s::bigint[])",
        start="FLOOR(EXTRACT(EPOCH FROM d.starts_at))::bigint",
        end="FLOOR(EXTRACT(EPOCH FROM d.ends_at))::bigint",
    ),
}


def cover_rows(
    desk_ids: Iterable[int], window: Interval, *, unconfirmed_before: datetime, now: datetime, tested_since: datetime
) -> list[tuple[Any, ...]]:
    """Per desk the stretches of duties in force that touch the window, of active people: (desk, start, end, people,
    solid), moments in seconds since 1970."""
    desks: Any = list(desk_ids)
    if not plain_sql.on_postgresql():
        desks = json.dumps(desks)
    moments = (unconfirmed_before, now, tested_since, tested_since)
    bounds = (window.start - MAX_DUTY, window.end, window.start)
    stamps = [[plain_sql.stamp(moment) for moment in some] for some in (moments, bounds)]
    return [
        (desk, start, end, people, int(solid))
        for desk, start, end, people, solid in plain_sql.rows(COVER[connection.vendor], [*stamps[0], desks, *stamps[1]])
    ]
