"""What coordinators must know of people on duty: who did not confirm, and who then does not answer either."""

from __future__ import annotations

from datetime import timedelta

from hotline.phone import tickets
from integrations import clock
from rosters.services import steps
from rosters.services.steps import Unconfirmed

BEFORE_START = timedelta(hours=1)  # by then a coordinator has looked


def steps_due() -> int:
    """The reminders of duties; whoever answered none of them becomes a task of the coordinator. Returns how many."""
    return steps.steps_due(_to_coordinator)


def _to_coordinator(duty: Unconfirmed) -> None:
    now = clock.now()
    tickets.file_ticket(
        "unconfirmed",
        f"unconfirmed:{duty.duty_id}",
        now,
        region_id=min(duty.region_ids, default=None),
        person_id=duty.person_id,
        data={"duty": duty.duty_id},
        due_at=max(now, duty.starts_at - BEFORE_START),
    )
