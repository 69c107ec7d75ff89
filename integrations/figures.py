"""How the outgoing and the due work stand, for monitoring: counts and ages, nothing about anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from integrations import clock, sweep
from integrations.models import Due, OutboxMessage

RECENT = timedelta(hours=24)


@dataclass(frozen=True)
class Waiting:
    """One kind of outgoing message. `oldest_s`: how long the oldest waits beyond its moment. Ends of the last 24 h."""

    kind: str
    waiting: int
    oldest_s: float
    failed: int
    unknown: int


@dataclass(frozen=True)
class Figures:
    outbox: tuple[Waiting, ...]
    due_overdue: int
    due_oldest_s: float
    due_failed: int
    since_sweep_s: float | None  # None: never swept


def figures() -> Figures:
    """Three statements, all on small indexes."""
    now = clock.now()
    waits, lately = Q(state="waiting", not_before__lte=now), Q(ended_at__gt=now - RECENT)
    rows = {
        row["kind"]: row
        for row in OutboxMessage.objects.filter(waits | lately)
        .values("kind")
        .annotate(
            waiting=Count("pk", filter=waits),
            oldest=Min("not_before", filter=waits),
            failed=Count("pk", filter=lately & Q(state="failed")),
            unknown=Count("pk", filter=lately & Q(state="unknown")),
        )
    }
    overdue = Q(done_at=None, due_at__lte=now)
    due = Due.objects.filter(overdue | Q(done_at__gt=now - RECENT)).aggregate(
        overdue=Count("pk", filter=overdue),
        oldest=Min("due_at", filter=overdue),
        failed=Count("pk", filter=Q(done_at__gt=now - RECENT) & ~Q(error="")),
    )
    last = sweep.last_tick()

    return Figures(
        outbox=tuple(
            Waiting(kind, row["waiting"], _age(now, row["oldest"]), row["failed"], row["unknown"])
            if (row := rows.get(kind))
            else Waiting(kind, 0, 0.0, 0, 0)
            for kind in OutboxMessage.Kind.values
        ),
        due_overdue=due["overdue"],
        due_oldest_s=_age(now, due["oldest"]),
        due_failed=due["failed"],
        since_sweep_s=max(0.0, _age(now, last)) if last else None,
    )


def _age(now: datetime, moment: datetime | None) -> float:
    return (now - moment).total_seconds() if moment else 0.0
