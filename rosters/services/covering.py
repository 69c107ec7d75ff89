"""Looking for somebody else for a duty: opening a request, asking people, answering no, withdrawing.

A duty stays its holder's until somebody takes it (`taking`). Who is asked is decided by `rosters.eligibility` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from directory import queries as directory
from integrations import clock
from integrations.due import file_due
from rosters import cover_telling, eligibility
from rosters.core import cover, quiet, wall
from rosters.core.eligible import Verdict
from rosters.core.intervals import Interval
from rosters.errors import CoverRefused, FormRefused, NotKnown, NotYours
from rosters.models import CoverAsk, CoverRequest, Duty
from rosters.services.duties import hold_duty
from rosters.services.left import HELD, end_unfound

Answer, Kind, State = CoverAsk.Answer, CoverRequest.Kind, CoverRequest.State
MOST_ASKED = 25  # at once; the next are asked at the next reminder
CANDIDATES = 3
FIRST_NUMBER = 101  # three digits from the first, so that no number is mistaken for minutes
ASK = "cover_ask"


@transaction.atomic
def open_request(
    *,
    duty_id: int,
    kind: str,
    by: int | None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    ask: Iterable[int] | None = None,
) -> CoverRequest:
    """Look for somebody else for a duty, or for [starts_at, ends_at) of it.

    `kind`: give, swap or absence of a duty in force; sick or no_show of one that fell vacant. `by`: who opens it, None
    for the machinery. `ask`: people to ask, of those who fit; None asks all who fit, an empty list nobody yet. Raises
    NotKnown, NotYours, FormRefused (part), CoverRefused: duty_gone, duty_over, request_open.
    """
    duty = hold_duty(duty_id)
    if by is not None and not directory.may_act_for(by, duty.person_id):
        raise NotYours("not_yours", _("This duty is not yours. Ask its holder or a coordinator."))
    when = _part_of(duty, starts_at, ends_at)
    if kind in HELD and duty.cancelled_at is not None:
        raise duty_gone()
    if CoverRequest.objects.filter(duty=duty, state=State.OPEN).exists():
        raise CoverRefused(
            "request_open", _("Somebody is looked for already. Withdraw that request first, or wait for it.")
        )
    request = write_request(duty, kind, by, when)
    verdicts = [one for one in eligibility.verdicts(duty.desk_id, when, exclude=[duty.person_id]) if one.fits]
    if ask is not None:
        wanted = set(ask)
        verdicts = [one for one in verdicts if one.id in wanted]
    _ask(request, add_candidates(request, verdicts)[:MOST_ASKED])
    if by is not None and by != duty.person_id:
        cover_telling.on_behalf(request, by)
    return request


@transaction.atomic
def ask_candidates(*, request_id: int, person_ids: Iterable[int] | None = None, by: int | None = None) -> list[int]:
    """Ask these people, or the three best who were not asked yet. Returns whom; asking twice asks once.

    Somebody who no longer fits is left out. Raises NotKnown, NotYours, CoverRefused (ended).
    """
    request = hold_request(request_id)
    require_keeper(request, by)
    require_open(request)
    duty, when = request.duty, stretch_of(request)
    fitting = [one for one in eligibility.verdicts(duty.desk_id, when, exclude=[duty.person_id]) if one.fits]
    asked = set(request.asks.filter(asked_at__isnull=False).values_list("person_id", flat=True))
    fresh = [one for one in fitting if one.id not in asked]
    if person_ids is None:
        chosen = fresh[:CANDIDATES]
    else:
        wanted = set(person_ids)
        chosen = [one for one in fresh if one.id in wanted]
    asks = add_candidates(request, chosen)
    _ask(request, asks)
    return [ask.person_id for ask in asks]


@transaction.atomic
def say_no(*, request_id: int, person_id: int, by: int | None = None) -> None:
    """The person does not take it; he is not reminded any more. Raises NotKnown, NotYours."""
    request = hold_request(request_id)
    if by is not None and not directory.may_act_for(by, person_id):
        raise NotYours("not_yours", _("You do not keep this person's roster."))
    ask = own_ask(request, person_id)
    ask.answer, ask.answered_at, ask.in_return = Answer.NO, clock.now(), None
    ask.save(update_fields=["answer", "answered_at", "in_return"])


@transaction.atomic
def withdraw(*, request_id: int, by: int | None = None) -> None:
    """Nobody is looked for any more: the duty stays its holder's. Raises NotKnown, NotYours, CoverRefused.

    For a duty that stands empty somebody is looked for until it is filled or over.
    """
    request = hold_request(request_id)
    require_keeper(request, by)
    require_open(request)
    if request.kind not in HELD:
        raise CoverRefused("vacant", _("Nobody has this duty now. Take the sick call back, or find somebody."))
    end_unfound(request, State.WITHDRAWN)


# --- What the other services of cover need too ------------------------------------------------------------------------
def duty_gone() -> CoverRefused:
    return CoverRefused("duty_gone", _("This duty was changed meanwhile. Load the page again to see how it stands."))


def stretch_of(request: CoverRequest) -> Interval:
    """What of the request can still be taken."""
    return Interval(max(request.starts_at, min(cover.minute(clock.now()), request.ends_at)), request.ends_at)


def hold_request(request_id: int) -> CoverRequest:
    """The request with its duty's desk and holder locked. Raises NotKnown."""
    found = CoverRequest.objects.filter(pk=request_id).values_list("duty_id", flat=True).first()
    if found is None:
        raise request_gone()
    hold_duty(found)
    return locked(request_id)


def locked(request_id: int) -> CoverRequest:
    """The request itself; desks and people are locked before. Raises NotKnown."""
    rows = CoverRequest.objects.select_for_update(of=("self",)).select_related("duty__desk", "duty__person", "taken_by")
    request = rows.filter(pk=request_id).first()
    if request is None:
        raise request_gone()
    return request


def request_gone() -> NotKnown:
    return NotKnown("request_unknown", _("This request is gone. Load the page again."))


def require_open(request: CoverRequest) -> None:
    """Raises CoverRefused: taken (with who took it), withdrawn or expired."""
    if request.state == State.TAKEN and request.taken_by is not None:
        who = cover.short_name(request.taken_by.name)
        raise CoverRefused("taken", _("You need not do anything: already taken over by %(who)s") % {"who": who})
    if request.state != State.OPEN or clock.now() >= request.closes_at:
        raise CoverRefused("ended", _("Nobody is looked for any more. You need not do anything."))


def require_keeper(request: CoverRequest, by: int | None) -> None:
    """`by` is the holder of the duty or keeps his roster; None is the machinery. Raises NotYours."""
    if by is not None and not directory.may_act_for(by, request.duty.person_id):
        raise NotYours("not_yours", _("This request is not yours. Ask its holder or a coordinator."))


def own_ask(request: CoverRequest, person_id: int) -> CoverAsk:
    """What this person was asked or says of his own accord; unsaved when it is new."""
    found = request.asks.filter(person_id=person_id).first()
    return found or CoverAsk(request=request, person_id=person_id, rank=_last_rank(request) + 1)


def add_candidates(request: CoverRequest, verdicts: Sequence[Verdict]) -> list[CoverAsk]:
    """Rows for these people, in the order given; who was there already keeps his rank. Nobody is asked by it."""
    known = {ask.person_id: ask for ask in request.asks.all()}
    rank = _last_rank(request)
    fresh = [one for one in verdicts if one.id not in known]
    made = CoverAsk.objects.bulk_create(
        CoverAsk(request=request, person_id=one.id, rank=rank + place, reasons=list(one.reasons))
        for place, one in enumerate(fresh, start=1)
    )
    known |= {ask.person_id: ask for ask in made}
    return [known[one.id] for one in verdicts]


def write_request(duty: Duty, kind: str, by: int | None, when: Interval, *, state: str = State.OPEN) -> CoverRequest:
    """The row, with a number that nobody has."""
    now = clock.now()
    request = CoverRequest(
        kind=kind, state=state, duty=duty, starts_at=when.start, ends_at=when.end, made_by_id=by, made_at=now
    )
    plan_anew(request)
    while True:  # of two who open one at a moment, one finds the number gone and takes the next
        request.number = (CoverRequest.objects.aggregate(last=Max("number"))["last"] or FIRST_NUMBER - 1) + 1
        try:
            with transaction.atomic():
                request.save(force_insert=True)
        except IntegrityError:
            if not CoverRequest.objects.filter(number=request.number).exists():
                raise
            request.pk = None
        else:
            return request


def plan_anew(request: CoverRequest) -> None:
    """When it closes and what happens next, from its present stretch."""
    now = clock.now()
    vacant = request.kind not in HELD
    request.closes_at = cover.closes_at(request.starts_at, request.ends_at, now, vacant=vacant)
    planned = cover.plan(request.starts_at, request.made_at, request.closes_at)
    request.next_step_at = cover.first_after(planned, now)


def ask_more(request: CoverRequest) -> None:
    """The next of those who fit and were not asked yet."""
    _ask(request, list(request.asks.filter(asked_at__isnull=True, answer="").order_by("rank")[:MOST_ASKED]))


def remind(request: CoverRequest) -> None:
    """Ask again whoever was asked, told, and has not answered."""
    now = clock.now()
    silent = list(request.asks.filter(asked_at__lte=now - cover.REST_BETWEEN, answer=""))
    moments = _moments(request, [ask.person_id for ask in silent])
    for ask in silent:
        ask.reminded_at = moments[ask.person_id]
    CoverAsk.objects.bulk_update(silent, ["reminded_at"])
    _file(moments)


def _ask(request: CoverRequest, asks: Sequence[CoverAsk]) -> None:
    fresh = [ask for ask in asks if ask.asked_at is None]
    moments = _moments(request, [ask.person_id for ask in fresh])
    for ask in fresh:
        ask.asked_at = moments[ask.person_id]
    CoverAsk.objects.bulk_update(fresh, ["asked_at"])
    _file(moments)


def _file(moments: dict[int, datetime]) -> None:
    for person_id, moment in moments.items():
        file_due(ASK, f"{ASK}:{person_id}:{moment.isoformat()}", moment)


def _moments(request: CoverRequest, person_ids: Sequence[int]) -> dict[int, datetime]:
    """When each of these is told: one message a day, that others join; what starts within a day waits for nothing."""
    now = clock.now()
    moment = cover.ask_at(request.starts_at, now)
    if request.starts_at - now < cover.SOON:
        return dict.fromkeys(person_ids, moment)
    day = wall.day_of(moment)
    since, next_day = wall.moment(day, 0), quiet.in_day_time(wall.moment(day + wall.A_DAY, quiet.UNTIL))
    told: dict[int, datetime] = {}
    near = Q(asked_at__gte=since) | Q(reminded_at__gte=since)
    for ask in CoverAsk.objects.filter(near, person_id__in=person_ids):
        for at in (ask.asked_at, ask.reminded_at):
            if at is not None and at >= since:
                told[ask.person_id] = max(at, told.get(ask.person_id, at))
    return {
        one: moment if one not in told else told[one] if told[one] > now else next_day for one in person_ids
    }  # fmt: skip


def _part_of(duty: Duty, starts_at: datetime | None, ends_at: datetime | None) -> Interval:
    """The part that is offered, from this minute on. Raises FormRefused: part; CoverRefused: duty_over."""
    now = cover.minute(clock.now())
    if duty.ends_at <= now + timedelta(minutes=1):
        raise CoverRefused("duty_over", _("This duty is over. Choose one that is still to come."))
    start, end = starts_at or duty.starts_at, ends_at or duty.ends_at
    whole = Interval(duty.starts_at, duty.ends_at)
    if not whole.start <= start < end <= whole.end or end <= now:
        raise FormRefused("part", _("Choose a part that lies within the duty and is still to come."), field="deel")
    return Interval(max(start, now), end)


def _last_rank(request: CoverRequest) -> int:
    return request.asks.aggregate(last=Max("rank"))["last"] or 0
