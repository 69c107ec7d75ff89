"""Duties that leave take their requests with them: whoever was asked is told that nobody is needed any more.

Called by `in_force.take_out`, so that no way of ending a duty can forget it.
"""

from __future__ import annotations

from collections.abc import Collection

from integrations import clock
from rosters import telling
from rosters.core.intervals import Interval
from rosters.models import CoverAsk, CoverRequest

Kind, State = CoverRequest.Kind, CoverRequest.State
HELD = (Kind.GIVE, Kind.SWAP, Kind.ABSENCE)  # of a duty in force; the others are of one that fell vacant


def duties_left(duty_ids: Collection[int]) -> int:
    """Withdraw the open requests of duties that go out of force, and offers to swap for them. Returns how many."""
    ids = set(duty_ids)
    found = CoverRequest.objects.filter(duty_id__in=ids, state=State.OPEN, kind__in=HELD)
    requests = list(found.select_for_update(of=("self",)).select_related("duty__desk"))
    for request in requests:
        end_unfound(request, State.WITHDRAWN)
    offered = CoverAsk.objects.filter(in_return_id__in=ids, request__state=State.OPEN)
    offered.update(in_return=None, answer=CoverAsk.Answer.NONE, answered_at=None)
    return len(requests)


def end_unfound(request: CoverRequest, state: str) -> None:
    """End a locked, open request without a taker. Who was asked and did not say no is told when it is withdrawn."""
    now = clock.now()
    request.state, request.ended_at, request.next_step_at = state, now, None
    request.save(update_fields=["state", "ended_at", "next_step_at"])
    asked = request.asks.filter(asked_at__lte=now).exclude(answer=CoverAsk.Answer.NO)
    if state == State.WITHDRAWN:
        telling.tell(
            "cover_withdrawn",
            asked.values_list("person_id", flat=True),
            key=f"{request.pk}:{now.isoformat()}",
            when=telling.time_words(Interval(request.starts_at, request.ends_at)),
            desk=request.duty.desk.name,
            number=str(request.number),
        )
