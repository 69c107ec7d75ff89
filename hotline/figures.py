"""Calls in figures, from the offers that were made: how many somebody was offered and took, and why not the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count

from hotline.models import Offer

State = Offer.State
TAKEN = frozenset({State.TAKEN, State.TALKED, State.ANSWERED, State.UNBRIDGED})
REFUSED = (
    State.MISSED,
    State.BUSY,
    State.SILENT,
    State.LATER,
    State.SLOT,
    State.CONFLICT,
    State.WRONG_AREA,
    State.DECLINED,
    State.EXPIRED,
    State.BAD_NUMBER,
)
"""Not taken, and for a reason of the person or his telephone. The rest ended before he could say anything."""


@dataclass(frozen=True, slots=True)
class Calls:
    """Of one person in one period, by phone and online. `refused`: state of Offer to how often; 0 is left out."""

    offered: int = 0
    taken: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)

    @property
    def reasons(self) -> tuple[tuple[str, int], ...]:
        """In the order of REFUSED, in words."""
        return tuple((str(state.label), self.refused[state]) for state in REFUSED if state in self.refused)


@dataclass(frozen=True, slots=True)
class Talk:
    """An offer that was taken. `seconds` is 0 online and when nobody was put through."""

    person_id: int
    duty_id: int | None
    at: datetime
    seconds: int


def calls_of(person_ids: Iterable[int], since: datetime, until: datetime) -> dict[int, Calls]:
    """Per person, also who got none, what was offered in [since, until); in one statement."""
    counted: dict[int, dict[str, int]] = {person_id: {} for person_id in person_ids}
    rows = (
        Offer.objects.filter(lawyer_id__in=counted, offered_at__gte=since, offered_at__lt=until)
        .order_by()
        .values_list("lawyer_id", "state")
        .annotate(Count("pk"))
    )
    for person_id, state, number in rows:
        counted[person_id][state] = number
    return {
        person_id: Calls(
            offered=sum(states.values()),
            taken=sum(number for state, number in states.items() if state in TAKEN),
            refused={state: number for state, number in states.items() if state in REFUSED},
        )
        for person_id, states in counted.items()
    }


def talks_of(person_ids: Iterable[int], since: datetime, until: datetime) -> dict[int, list[Talk]]:
    """Per person what he took of what was offered in [since, until), in order; in one statement."""
    found: dict[int, list[Talk]] = defaultdict(list)
    rows = Offer.objects.filter(
        lawyer_id__in=set(person_ids), offered_at__gte=since, offered_at__lt=until, state__in=TAKEN
    )
    for person_id, duty_id, at, channel, seconds, accepted_at, ended_at in rows.order_by(
        "offered_at", "pk"
    ).values_list("lawyer_id", "duty_id", "offered_at", "channel", "seconds", "accepted_at", "ended_at"):
        length = 0
        if channel == Offer.Channel.PHONE:
            measured = int((ended_at - accepted_at).total_seconds()) if ended_at and accepted_at else 0
            length = max(0, measured if seconds is None else seconds)
        found[person_id].append(Talk(person_id, duty_id, at, length))
    return dict(found)
