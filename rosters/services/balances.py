"""Balances: what everybody did in a closed quarter, carried over. Written by nobody else.

Every night the quarters that ended are counted, and counted again while what was done can still be put right.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Max, Min

from integrations import clock
from rosters import ledger
from rosters.core import wall
from rosters.core.ledger import Period, quarter
from rosters.models import Balance, Duty

NIGHT = 3 * 60 + 40  # minutes after midnight
CAN_CHANGE = timedelta(days=92)  # after its end a quarter is counted anew every night, for so long
LOOK_BACK = 12  # quarters that are counted when they never were
ROWS_AT_ONCE = 1000

logger = logging.getLogger("piketlijn.rosters")


def close_when_due() -> int:
    """Close what is to be closed tonight; once a night, asked any number of times. Returns the balances written.

    A quiet hour costs two statements.
    """
    now = clock.now()
    today = wall.day_of(now)
    if now < wall.moment(today, NIGHT):
        return 0
    first = Duty.objects.aggregate(first=Min("starts_at"))["first"]
    if first is None:
        return 0
    closed = dict(Balance.objects.values_list("starts_on").annotate(Max("closed_at")))
    written = 0
    for back in range(1, LOOK_BACK + 1):
        period = quarter(today, back)
        if period.window.end <= first:
            break
        last = closed.get(period.starts_on)
        can_change = today < period.ends_on + CAN_CHANGE
        if last is None or (can_change and wall.day_of(last) < today):
            written += close_period(period=period)
    return written


@transaction.atomic
def close_period(*, period: Period) -> int:
    """Count a period that is over, for everybody who did duties in it; what was counted before is replaced.

    Returns how many balances there are now.
    """
    now = clock.now()
    found = ledger.figures_in(period)
    rows = [
        Balance(
            person_id=person_id,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            duties=one.duties,
            minutes=one.minutes,
            unpopular=one.unpopular,
            holidays=one.holidays,
            closed_at=now,
        )
        for person_id, one in sorted(found.items())
    ]
    Balance.objects.filter(starts_on=period.starts_on).exclude(person_id__in=list(found)).delete()
    Balance.objects.bulk_create(
        rows,
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["person", "starts_on"],
        update_fields=["ends_on", "duties", "minutes", "unpopular", "holidays", "closed_at"],
    )
    logger.info("balances: %d people in %s", len(rows), period.starts_on)
    return len(rows)
