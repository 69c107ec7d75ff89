"""What happens around open requests as time goes on: people are told and reminded, nobody found, closed.

`steps_due` is a watch on `CoverRequest.next_step_at`; `tell_asked` is the due work that sends one person his message.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from integrations import clock
from rosters import cover_telling
from rosters.core import cover
from rosters.models import CoverAsk, CoverRequest, Duty
from rosters.services.covering import ask_more, hold_request, remind
from rosters.services.left import HELD, end_unfound

AT_ONCE = 50
State = CoverRequest.State


@transaction.atomic
def tell_asked(key: str) -> None:
    """Send somebody the one message about all that he is asked at this moment. Nothing when all of it is over."""
    _ask, person_id, moment = key.split(":", 2)
    at = datetime.fromisoformat(moment)
    asks = (
        CoverAsk.objects.filter(
            Q(asked_at=at) | Q(reminded_at=at),
            person_id=int(person_id),
            answer="",
            request__state=State.OPEN,
            request__closes_at__gt=clock.now(),
        )
        .select_related("request__duty__desk")
        .order_by("request__starts_at", "pk")
    )
    requests = [ask.request for ask in asks]
    if requests:
        cover_telling.asked(int(person_id), requests, key=key)


def steps_due() -> int:
    """Do the steps whose moment has come, each request in a transaction of its own. Returns how many requests."""
    waiting = CoverRequest.objects.filter(state=State.OPEN, next_step_at__lte=clock.now()).order_by("next_step_at")
    found = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
    for request_id in found:
        step(request_id=request_id)
    return len(found)


@transaction.atomic
def step(*, request_id: int) -> None:
    """All steps of a request that are due. Does nothing for one that is no longer open, or that nobody needs now."""
    request, now = hold_request(request_id), clock.now()
    if request.state != State.OPEN or request.next_step_at is None or request.next_step_at > now:
        return
    if request.kind not in HELD and _is_filled(request):
        end_unfound(request, State.WITHDRAWN)
        return
    planned = cover.plan(request.starts_at, request.made_at, request.closes_at)
    due = [one for one in planned if request.next_step_at <= one.at <= now]
    names = {one.name for one in due}
    if cover.CLOSE in names:
        end_unfound(request, State.EXPIRED)
        if not any(one.name == cover.NOT_FOUND for one in planned if one.at < due[0].at):
            cover_telling.not_found(request, key=f"{request.pk}:closed")
        return
    if cover.NOT_FOUND in names:
        cover_telling.not_found(request, key=f"{request.pk}:{due[-1].at.isoformat()}")
    if cover.REMIND in names:
        remind(request)
        if request.kind in HELD:
            ask_more(request)
    request.next_step_at = cover.first_after(planned, now)
    request.save(update_fields=["next_step_at"])


def _is_filled(request: CoverRequest) -> bool:
    """Whether a coordinator put somebody on the empty position by hand or by a roster."""
    duty = request.duty
    return Duty.objects.filter(
        desk_id=duty.desk_id,
        position=duty.position,
        cancelled_at__isnull=True,
        starts_at__lte=request.starts_at,
        ends_at__gte=request.ends_at,
    ).exists()
