"""A person's own roster as a page shows it, and one duty with where it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from directory import queries as directory
from rosters.core.intervals import Interval
from rosters.core.weekly import MAX_DUTY
from rosters.errors import NotKnown
from rosters.models import CoverRequest, Duty

LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class DutyCard:
    """One duty in force. `cover` is the number of its open request, None without one."""

    id: int
    desk_id: int
    desk: str
    person_id: int
    person: str
    position: int
    when: Interval
    origin: str
    origin_words: str
    confirmed_at: datetime | None
    number_id: int | None
    cover: int | None
    cover_id: int | None


@dataclass(frozen=True, slots=True)
class Holder:
    """A link of the chain A -> B -> C: who held it, and how it left him ('' for whoever holds it now)."""

    name: str
    when: Interval
    left: str


def agenda(person_id: int, since: datetime, until: datetime) -> list[DutyCard]:
    """The duties in force of a person that touch [since, until), in order; in two statements."""
    found = Duty.objects.filter(
        person_id=person_id,
        cancelled_at__isnull=True,
        starts_at__gt=since - MAX_DUTY,
        starts_at__lt=until,
        ends_at__gt=since,
    )
    return _cards(found.select_related("desk", "person").order_by("starts_at", "pk"))


def duty(duty_id: int) -> DutyCard:
    """One duty in force. Raises NotKnown, also for one that is no longer in force."""
    cards = _cards(Duty.objects.filter(pk=duty_id, cancelled_at__isnull=True).select_related("desk", "person"))
    if not cards:
        raise NotKnown("duty_unknown", str(duty_id))
    return cards[0]


def duty_for(actor_id: int, duty_id: int) -> DutyCard:
    """The duty, for whoever keeps its holder's roster. Raises NotKnown for everybody else too: it tells nothing."""
    card = duty(duty_id)
    if not directory.may_act_for(actor_id, card.person_id):
        raise NotKnown("duty_unknown", str(duty_id))
    return card


def chain(duty_id: int) -> tuple[Holder, ...]:
    """Who held this duty before, first holder first, and who holds it now."""
    found: list[Holder] = []
    row = Duty.objects.select_related("person").get(pk=duty_id)
    for _ in range(LONGEST_CHAIN):
        left = row.cancelled_why if row.cancelled_at else ""
        found.append(Holder(row.person.name, Interval(row.starts_at, row.ends_at), _words_of(left)))
        if row.came_from_id is None:
            break
        row = Duty.objects.select_related("person").get(pk=row.came_from_id)
    return tuple(reversed(found))


def _cards(duties: Iterable[Duty]) -> list[DutyCard]:
    rows = list(duties)
    sought = {
        duty_id: (number, request_id)
        for duty_id, number, request_id in CoverRequest.objects.filter(
            duty_id__in=[row.pk for row in rows], state=CoverRequest.State.OPEN
        ).values_list("duty_id", "number", "id")
    }
    return [
        DutyCard(
            id=row.pk,
            desk_id=row.desk_id,
            desk=row.desk.name,
            person_id=row.person_id,
            person=row.person.name,
            position=row.position,
            when=Interval(row.starts_at, row.ends_at),
            origin=row.origin,
            origin_words=str(Duty.Origin(row.origin).label),
            confirmed_at=row.confirmed_at,
            number_id=row.number_id,
            cover=sought.get(row.pk, (None, None))[0],
            cover_id=sought.get(row.pk, (None, None))[1],
        )
        for row in rows
    ]


def _words_of(why: str) -> str:
    return str(Duty.Ended(why).label) if why in Duty.Ended.values else why
