"""One webhook's work on one call, from the lock to the commit: what was read, and what will be written at the end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings

from hotline.call.state import CallState, OfferSeen, Slots
from hotline.consultations import record
from hotline.core import slots
from hotline.core.lifecycle import ENDED, Standing
from hotline.phone import rows
from integrations import clock
from integrations.outbox import OutboxMessage
from rosters import queries as rosters
from rosters.queries import LineAt
from routing.core.decide import Ring


@dataclass(slots=True)
class Draft:
    """Filled while a step is worked out; `finish` writes what is common to every step."""

    call: rows.CallRow
    line: LineAt
    now: datetime
    state: CallState
    offers: list[rows.OfferRow]
    messages: list[OutboxMessage] = field(default_factory=list)
    standing: Standing | None = None
    lawyer_id: int | None = None
    heard: list[dict[str, Any]] = field(default_factory=list)
    given: dict[str, Any] = field(default_factory=dict)
    note: dict[str, Any] = field(default_factory=dict)
    just_rung: frozenset[int] = frozenset()
    ring: Ring | None = None
    decision_id: int | None = None
    due_at: datetime | None = None
    call_changed: bool = False

    @property
    def offer(self) -> rows.OfferRow | None:
        """The latest lawyer's leg of this call."""
        return self.offers[-1] if self.offers else None

    def seen(self) -> OfferSeen | None:
        return self.offer.seen() if self.offer else None

    @property
    def moments(self) -> Slots:
        return slots_of(self.line, self.now)

    def give(self, **fields: Any) -> None:
        """Ids that the database gave, into the state and into the event, so that a replay has them too."""
        self.state = replace(self.state, **fields)
        self.given.update({k: v.isoformat() if isinstance(v, datetime) else v for k, v in fields.items()})

    def stand(self, standing: Standing, lawyer_id: int | None = None) -> None:
        self.standing = standing
        self.lawyer_id = lawyer_id or self.lawyer_id

    def write_standing(self) -> dict[str, Any]:
        """One UPDATE of the consultation for the whole step; returns what the event tells of it."""
        if self.standing is None or self.state.consultation_id is None:
            return {}
        standing = self.standing
        rows.stand(
            self.state.consultation_id,
            status=standing.status.value,
            step=standing.next_step.value,
            owner_id=standing.owner_id,
            role=standing.owner_role.value,
            due_at=standing.due_at,
            lawyer_id=self.lawyer_id,
            ended_at=self.now if standing.status in ENDED else None,
        )
        return record.told(self.call.status, standing)


def open_draft(call: rows.CallRow, ended: rows.OfferRow | None = None) -> Draft:
    """What a step works on. Before the first ring there are no offers, so that read is saved.

    `ended` is the leg that this very request ended: the step needs no other.
    """
    line = rosters.line(call.line_id)
    fallback = line.fallback_number or settings.FALLBACK_NUMBER
    state = replace(call.state, line_number=line.number, fallback_number=fallback)
    found = [ended] if ended else rows.offers_of_call(call.id) if state.rings else []
    return Draft(call, line, clock.now(), state, found)


def slots_of(line: LineAt, now: datetime) -> Slots:
    """The two moments at which this line can promise to call back."""
    soon = slots.soon(now, line.hours)
    return Slots(soon, slots.next_day(soon, line.hours))
