"""Constant SQL for what the router must know besides who is on duty: presence, what was tried, who is excluded.

One statement in every decision. `tests/hotline/test_facts.py` holds each of its rows to the same question asked through
the ORM. Every part reads by an index, for the handful of people on duty or for the one consultation.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

TRIED, OPEN, TALKED, PAUSED, RUNG, PROMISED = "tried", "open", "talked", "paused", "rung", "promised"
UNANSWERED = "unanswered"
NOT_PERSON, NOT_OFFICE, SPOKE = "not_person", "not_office", "spoke"
UNANSWERED_WITHIN = timedelta(hours=24)  # longer than a duty lasts
PROMISES_AHEAD = timedelta(minutes=10)  # a dry run lets some minutes pass

_PRESENCE = """
WITH person(id) AS ({people})
SELECT 'tried', o.lawyer_id, o.state, o.stage, o.ended_at, 0
  FROM hotline_offer o
 WHERE o.consultation_id = %(consultation)s AND o.round = %(round)s AND o.ended_at IS NOT NULL
   AND o.offered_at >= %(tried_since)s
UNION ALL
SELECT 'open', o.lawyer_id, o.state, '', NULL, 0
  FROM person p CROSS JOIN hotline_offer o
 WHERE o.lawyer_id = p.id AND o.channel = 'phone' AND o.state IN ('ring', 'whisper', 'taken')
UNION ALL
SELECT 'talked', o.lawyer_id, '', '', MAX(o.ended_at), 0
  FROM person p CROSS JOIN hotline_offer o
 WHERE o.lawyer_id = p.id AND o.ended_at > %(talked_since)s AND o.ended_at <= %(at)s
   AND o.channel = 'phone' AND o.state = 'talked' AND o.wrapped_up_at IS NULL
 GROUP BY o.lawyer_id
UNION ALL
SELECT 'paused', s.person_id, '', '', MAX(s.ends_at), 0
  FROM person p CROSS JOIN rosters_pause s
 WHERE s.person_id = p.id AND s.starts_at <= %(at)s AND s.ends_at > %(at)s
 GROUP BY s.person_id
UNION ALL
SELECT 'rung', p.id, '', '',
       (SELECT o.offered_at FROM hotline_offer o
         WHERE o.lawyer_id = p.id AND o.offered_at <= %(at)s AND o.channel = 'phone'
         ORDER BY o.offered_at DESC LIMIT 1),
       (SELECT COUNT(*) FROM hotline_offer o
         WHERE o.lawyer_id = p.id AND o.offered_at > %(rung_since)s AND o.offered_at <= %(at)s AND o.channel = 'phone')
  FROM person p
UNION ALL
SELECT 'unanswered', o.lawyer_id, '', '', MAX(o.offered_at), 0
  FROM person p CROSS JOIN hotline_offer o
 WHERE o.lawyer_id = p.id AND o.offered_at > %(unanswered_since)s AND o.offered_at <= %(at)s
   AND o.channel = 'phone' AND o.state IN ('missed', 'silent')
   AND NOT EXISTS (SELECT 1 FROM hotline_offer a
                    WHERE a.lawyer_id = p.id AND a.offered_at > o.offered_at AND a.channel = 'phone' AND a.key <> '')
 GROUP BY o.lawyer_id
UNION ALL
SELECT 'promised', c.lawyer_id, '', '', MIN(c.due_at), 0
  FROM hotline_callback c JOIN person p ON p.id = c.lawyer_id
 WHERE c.ended_at IS NULL AND c.state = 'waiting' AND c.due_at <= %(promised_until)s
   AND (c.consultation_id IS NULL OR c.consultation_id <> %(consultation)s)
 GROUP BY c.lawyer_id
UNION ALL
SELECT 'not_person', e.person_id, '', '', NULL, 0
  FROM hotline_exclusion e WHERE e.consultation_id = %(consultation)s AND e.person_id IS NOT NULL
UNION ALL
SELECT 'not_office', e.organisation_id, '', '', NULL, 0
  FROM hotline_exclusion e WHERE e.consultation_id = %(consultation)s AND e.organisation_id IS NOT NULL
UNION ALL
SELECT 'spoke', o.lawyer_id, '', '', NULL, o.round
  FROM hotline_offer o
 WHERE o.consultation_id = %(consultation)s AND o.round < %(round)s AND o.state IN ('taken', 'talked', 'answered')
"""
PRESENCE = {
    "sqlite": _PRESENCE.format(people="SELECT value FROM json_each(%(people)s)"),
    "postgresql": _PRESENCE.format(people="SELECT unnest(%(people)s::bigint[])"),
}


class Row(NamedTuple):
    """`subject` is a person, for `not_office` an organisation."""

    kind: str
    subject: int
    state: str
    stage: str
    moment: datetime | None
    number: int


def presence_rows(
    *,
    person_ids: Collection[int],
    consultation_id: int | None,
    round: int,
    at: datetime,
    wrap_up: timedelta,
    tried_since: datetime | None,
) -> list[Row]:
    """Everything besides duties that a decision at that moment looks at, moments aware; in one statement."""
    moments = {
        "at": at,
        "talked_since": at - wrap_up,
        "rung_since": at - timedelta(hours=1),
        "unanswered_since": at - UNANSWERED_WITHIN,
        "promised_until": at + PROMISES_AHEAD,
        "tried_since": tried_since or datetime(1970, 1, 1, tzinfo=UTC),
    }
    values: dict[str, Any] = {
        name: connection.ops.adapt_datetimefield_value(moment) for name, moment in moments.items()
    }
    values |= {"consultation": consultation_id or 0, "round": round}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(PRESENCE["postgresql"], {**values, "people": list(person_ids)})
            return [Row(*row) for row in cursor.fetchall()]
        cursor.execute(PRESENCE["sqlite"], {**values, "people": json.dumps(list(person_ids))})
        return [Row(*row)._replace(moment=_moment(row[4])) for row in cursor.fetchall()]


def _moment(stored: str | datetime | None) -> datetime | None:
    """SQLite keeps moments as UTC without saying so, and forgets in a UNION that a column holds them."""
    if stored is None:
        return None
    moment = stored if isinstance(stored, datetime) else datetime.fromisoformat(stored)
    return moment.replace(tzinfo=UTC)
