"""Which service does which due work, and who looks for what is overdue. Two literals, nothing else.

SERVICES: kind of a Due row -> service, called with the row's key; it opens its own transaction and may be asked twice.
WATCHES: who looks for what is overdue by a moment of its own; its SELECT tells the sweep whether to look at all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from hotline import duty_watch
from hotline.consultations import overdue
from hotline.phone import aftermath, calling_back, effects, proof_calls, sick_calls, watchdog
from integrations import housekeeping
from integrations.sweep import Watch
from rosters import services as rosters
from rosters.services import cover_steps
from rosters.services.covering import ASK

SERVICES: dict[str, Callable[[str], object]] = {
    ASK: cover_steps.tell_asked,
    calling_back.PLACED: calling_back.placed,
    proof_calls.PLACED: proof_calls.placed,
    rosters.DIGEST: rosters.gap_digest,
    rosters.FILL: rosters.keep_filled,
    sick_calls.UNCONFIRMED: sick_calls.unconfirmed,
    effects.MISSED: duty_watch.missed,
    "delivery_failed": aftermath.delivery_failed,
    "lawyer_outcome": aftermath.lawyer_outcome,
    "redirect_done": watchdog.redirect_done,
    "work_failed": aftermath.work_failed,
    "worker_outcome": aftermath.worker_outcome,
}

A_MINUTE = timedelta(minutes=1)

WATCHES: tuple[Watch, ...] = (
    Watch(watchdog.overdue_calls, "SELECT MIN(due_at) FROM hotline_call WHERE due_at IS NOT NULL"),
    Watch(
        watchdog.overdue_offers,
        "SELECT MIN(due_at) FROM hotline_offer WHERE ended_at IS NULL AND due_at IS NOT NULL AND channel = 'phone'",
    ),
    Watch(
        calling_back.overdue_callbacks,
        "SELECT MIN(due_at) FROM hotline_callback WHERE ended_at IS NULL AND state <> 'coordinator'",
    ),
    Watch(
        overdue.consultations_overdue,
        "SELECT MIN(next_due_at) FROM hotline_consultation WHERE next_due_at IS NOT NULL"
        " AND next_step NOT IN ('connect', 'call_back') AND status <> 'in_conversation'",
    ),
    Watch(
        duty_watch.steps_due,
        "SELECT MIN(next_step_at) FROM rosters_duty WHERE cancelled_at IS NULL AND next_step_at IS NOT NULL",
    ),
    Watch(proof_calls.overdue_proofs, "SELECT MIN(due_at) FROM hotline_proofcall WHERE due_at IS NOT NULL"),
    Watch(rosters.refresh_due, "SELECT MIN(next_fetch_at) FROM rosters_busysource"),
    Watch(
        cover_steps.steps_due,
        "SELECT MIN(next_step_at) FROM rosters_coverrequest WHERE state = 'open' AND next_step_at IS NOT NULL",
    ),
    # What the telephone lost track of, and what is due on a day rather than at a moment.
    Watch(overdue.consultations_overdue, every=10 * A_MINUTE),
    Watch(overdue.follow_ups_due, every=A_MINUTE),
    Watch(aftermath.spooled_faults, every=timedelta(seconds=5)),
    Watch(aftermath.blank_answers, every=A_MINUTE),
    Watch(rosters.gaps_due, every=timedelta(seconds=20)),
    Watch(housekeeping.tidy, every=A_MINUTE),
    Watch(rosters.close_when_due, every=60 * A_MINUTE),
)
