"""What is shown of sick calls, and of a duty that fell vacant, to whoever keeps the holder's roster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from directory import queries as directory
from rosters.core.intervals import Interval
from rosters.cover_board import RequestCard, State, card_of, rows
from rosters.errors import NotKnown
from rosters.models import Absence, CoverRequest, Duty


@dataclass(frozen=True, slots=True)
class SickCallCard:
    """A sick call: whose, until when, whether it was taken back, and the requests that it opened."""

    id: int
    person_id: int
    person: str
    until: datetime
    is_withdrawn: bool
    requests: tuple[RequestCard, ...]


def sick_call_for(actor_id: int, absence_id: int) -> SickCallCard:
    """For who keeps the person's roster. Raises NotKnown for everybody else too."""
    row = Absence.objects.select_related("person").filter(pk=absence_id, reason=Absence.Reason.ILL).first()
    if row is None or not directory.may_act_for(actor_id, row.person_id):
        raise NotKnown("absence_unknown", str(absence_id))
    found = rows().filter(
        kind=CoverRequest.Kind.SICK,
        duty__person_id=row.person_id,
        duty__cancelled_at__gte=row.made_at,
        starts_at__lt=row.ends_at,
        ends_at__gt=row.starts_at,
    )
    return SickCallCard(
        row.pk,
        row.person_id,
        row.person.name,
        row.ends_at,
        row.withdrawn_at is not None,
        tuple(card_of(one) for one in found),
    )


@dataclass(frozen=True, slots=True)
class VacantDuty:
    """A duty as the repair page shows it, also one that is out of force. `cover_id`: its latest request."""

    id: int
    desk_id: int
    desk: str
    person_id: int
    person: str
    position: int
    when: Interval
    is_in_force: bool
    ended_words: str
    cover_id: int | None


def repair_of(actor_id: int, duty_id: int) -> VacantDuty:
    """For who keeps the holder's roster. Raises NotKnown for everybody else too."""
    duty = Duty.objects.select_related("desk", "person").filter(pk=duty_id).first()
    if duty is None or not directory.may_act_for(actor_id, duty.person_id):
        raise NotKnown("duty_unknown", str(duty_id))
    requests = CoverRequest.objects.filter(duty_id=duty_id).order_by("-made_at", "-pk").values_list("pk", flat=True)
    open_one = requests.filter(state=State.OPEN).first()
    return VacantDuty(
        id=duty.pk,
        desk_id=duty.desk_id,
        desk=duty.desk.name,
        person_id=duty.person_id,
        person=duty.person.name,
        position=duty.position,
        when=Interval(duty.starts_at, duty.ends_at),
        is_in_force=duty.cancelled_at is None,
        ended_words=_ended_words(duty.cancelled_why) if duty.cancelled_at else "",
        cover_id=open_one or requests.first(),
    )


def _ended_words(why: str) -> str:
    return str(Duty.Ended(why).label) if why in Duty.Ended.values else why
