"""'Waarom ik?': the plain facts of how a duty came to somebody, and how he stands beside the others. No judgement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory import queries as directory
from rosters import eligibility, ledger
from rosters.core.intervals import Interval
from rosters.core.ledger import Measure
from rosters.errors import NotKnown
from rosters.models import CoverRequest, Duty, Terms

MOST_STEPS = 20  # of a chain of take-overs that are told
HOW_WORDS = {
    Duty.Origin.PATTERN: gettext_lazy("from a fixed pattern"),
    Duty.Origin.PLANNED: gettext_lazy("from a published roster"),
    Duty.Origin.TEMPORARY: gettext_lazy("from a temporary roster"),
    Duty.Origin.COORDINATOR: gettext_lazy("put on duty by a coordinator"),
    Duty.Origin.COVER: gettext_lazy("took it over"),
    Duty.Origin.SWAP: gettext_lazy("swapped it"),
    Duty.Origin.REPAIR: gettext_lazy("stepped in for somebody who fell out"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One duty of the chain: whose it was, how it came to be, by whom and when.

    `how` is a code of Duty.Origin; `what` names the roster or the pattern's days, `number` the request for cover.
    `by` is '' when nobody did it by hand. `ended` is a code of Duty.Ended or free text, '' while it is in force.
    """

    duty_id: int
    person: str
    how: str
    at: datetime
    by: str = ""
    what: str = ""
    number: int | None = None
    ended: str = ""
    ended_by: str = ""
    ended_at: datetime | None = None

    @property
    def how_words(self) -> str:
        return str(HOW_WORDS[Duty.Origin(self.how)])

    @property
    def ended_words(self) -> str:
        return str(Duty.Ended(self.ended).label) if self.ended in Duty.Ended.values else self.ended


@dataclass(frozen=True, slots=True)
class Limits:
    """What was agreed with the person."""

    weight: float
    max_per_week: int
    max_per_month: int | None
    rest_hours: int


@dataclass(frozen=True, slots=True)
class WhyMe:
    duty_id: int
    desk: str
    person_id: int
    person: str
    starts_at: datetime
    ends_at: datetime
    steps: tuple[Step, ...]  # newest first; the last one is where it began
    others_fit: int | None  # others who fit at this moment; None for a duty that began
    others: int | None  # everybody else who could ever serve the desk
    duties: Measure
    unpopular: Measure
    is_enough: bool  # whether there are four weeks to compare
    limits: Limits


def why_me(duty_id: int, now: datetime) -> WhyMe:
    """Raises NotKnown. Who may read it is the caller's to decide (`directory.queries.may_act_for`)."""
    duty = Duty.objects.select_related("desk", "person").filter(pk=duty_id).first()
    if duty is None:
        raise NotKnown("duty_unknown", _("This duty is gone. Load the page again."))
    fit, others = _others(duty) if duty.starts_at > now else (None, None)
    stands = ledger.beside(duty.person_id, now)
    agreed = Terms.objects.filter(person_id=duty.person_id).first() or Terms(person_id=duty.person_id)
    return WhyMe(
        duty_id=duty.pk,
        desk=duty.desk.name,
        person_id=duty.person_id,
        person=duty.person.name,
        starts_at=duty.starts_at,
        ends_at=duty.ends_at,
        steps=_chain(duty),
        others_fit=fit,
        others=others,
        duties=stands.duties,
        unpopular=stands.unpopular,
        is_enough=stands.is_enough,
        limits=Limits(float(agreed.weight), agreed.max_per_week, agreed.max_per_month, agreed.rest_hours),
    )


def whose_duty(actor_id: int, duty_id: int) -> int:
    """Id of the holder, for somebody who may read about this duty. Raises NotKnown, also when he may not."""
    holder_id = Duty.objects.filter(pk=duty_id).values_list("person_id", flat=True).first()
    if holder_id is None or not directory.may_act_for(actor_id, holder_id):
        raise NotKnown("duty_unknown", _("This duty is gone. Load the page again."))
    return holder_id


def _others(duty: Duty) -> tuple[int, int]:
    when = Interval(duty.starts_at, duty.ends_at)
    verdicts = eligibility.verdicts(duty.desk_id, when, exclude=[duty.person_id])
    return sum(one.fits for one in verdicts), len(verdicts)


def _chain(duty: Duty) -> tuple[Step, ...]:
    """From this duty back to the one that was not taken over from anybody."""
    rows = [duty]
    while rows[-1].came_from_id and len(rows) < MOST_STEPS:
        rows.append(Duty.objects.select_related("person").get(pk=rows[-1].came_from_id))
    full = (
        Duty.objects.filter(pk__in=[row.pk for row in rows])
        .select_related("person", "pattern", "version__published_by", "cancelled_by")
        .in_bulk()
    )
    requests = {
        request.taken_duty_id: request
        for request in CoverRequest.objects.filter(taken_duty_id__in=full).select_related("taken_by")
    }
    return tuple(_step(full[row.pk], requests.get(row.pk)) for row in rows)


def _step(duty: Duty, request: CoverRequest | None) -> Step:
    at, by, what = duty.created_at, "", ""
    if request and request.taken_at:
        at, by = request.taken_at, request.taken_by.name if request.taken_by else ""
    elif duty.version:
        what = duty.version.name
        at = duty.version.published_at or at
        by = duty.version.published_by.name if duty.version.published_by else ""
    elif duty.pattern:
        what = ", ".join(str(WEEKDAYS_ABBR[int(digit)]) for digit in duty.pattern.weekdays)
    return Step(
        duty_id=duty.pk,
        person=duty.person.name,
        how=duty.origin,
        at=at,
        by=by,
        what=what,
        number=request.number if request else None,
        ended=duty.cancelled_why,
        ended_by=duty.cancelled_by.name if duty.cancelled_by else "",
        ended_at=duty.cancelled_at,
    )
