"""What people see of requests for cover: the board, one request with who was asked, candidates, a person's week."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from directory import queries as directory
from integrations import clock
from rosters import eligibility, queries, snapshot
from rosters.agenda import DutyCard, agenda
from rosters.core import cover, eligible, wall
from rosters.core.eligible import Candidate, Verdict
from rosters.core.intervals import Interval
from rosters.cover_words import deal_words, reasons_words
from rosters.errors import NotKnown
from rosters.models import CoverAsk, CoverRequest, Duty
from rosters.services.left import HELD

State = CoverRequest.State
RECENT = timedelta(days=30)  # a request that ended stays on the board for so long
MOST_OPEN = 12  # open requests that are judged for somebody who looks at the board


@dataclass(frozen=True, slots=True)
class RequestCard:
    """A request as its holder, a colleague or a coordinator sees it. `answer`: the reader's; None when not asked."""

    id: int
    number: int
    kind: str
    kind_words: str
    state: str
    state_words: str
    duty_id: int
    desk_id: int
    desk: str
    holder_id: int
    holder: str
    when: Interval
    closes_at: datetime
    made_at: datetime
    made_by: str
    taken_by_id: int | None
    taken_by: str
    taken_duty_id: int | None
    undo_until: datetime | None
    broke_rules: str
    answer: str | None = None

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN and clock.now() < self.closes_at

    @property
    def is_vacant(self) -> bool:
        return self.kind not in HELD

    @property
    def can_take_back(self) -> bool:
        return self.state == State.TAKEN and self.undo_until is not None and clock.now() < self.undo_until

    @property
    def halves(self) -> tuple[Interval, ...]:
        return cover.halves(self.left)

    @property
    def left(self) -> Interval:
        """What can still be taken: of one that runs, from this minute on."""
        start = max(self.when.start, min(cover.minute(clock.now()), self.when.end))
        return Interval(start, self.when.end)


@dataclass(frozen=True, slots=True)
class AskCard:
    """Somebody who was or can be asked."""

    id: int
    person_id: int
    name: str
    rank: int
    asked_at: datetime | None
    reminded_at: datetime | None
    answer: str
    answered_at: datetime | None
    in_return_id: int | None
    in_return_desk: str
    in_return_when: Interval | None
    knows: str

    @property
    def was_told(self) -> bool:
        return self.asked_at is not None and self.asked_at <= clock.now()


@dataclass(frozen=True, slots=True)
class Option:
    """Somebody for a duty, with the words for why he stands where he stands."""

    id: int
    name: str
    fits: bool
    reasons: str
    number: str  # verified; '' when there is none
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week around a duty; `is_asked` is the day that the duty is on."""

    day: date
    duties: tuple[Interval, ...]
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Board:
    asked: tuple[RequestCard, ...]
    mine: tuple[RequestCard, ...]
    open: tuple[RequestCard, ...]


def board(person_id: int) -> Board:
    """What is asked of a person, what he asked himself, and what he could take besides."""
    now = clock.now()
    asks = dict(
        CoverAsk.objects.filter(
            person_id=person_id, request__state=State.OPEN, request__closes_at__gt=now, asked_at__lte=now
        ).values_list("request_id", "answer")
    )
    mine = rows().filter(duty__person_id=person_id).filter(Q(state=State.OPEN) | Q(ended_at__gt=now - RECENT))
    open_ones = rows().filter(state=State.OPEN, closes_at__gt=now).exclude(duty__person_id=person_id)
    asked = [card_of(row, asks[row.pk]) for row in open_ones.filter(pk__in=asks)]
    others = [row for row in _served(open_ones.exclude(pk__in=asks), person_id) if _could_take(row, person_id)]
    return Board(
        tuple(asked),
        tuple(card_of(row) for row in mine.order_by("-state", "starts_at")),
        tuple(card_of(row) for row in others),
    )


def open_in(region_ids: Iterable[int]) -> tuple[RequestCard, ...]:
    """The open requests of desks in these regions, soonest first."""
    wanted = set(region_ids)
    desks = [desk.id for desk in snapshot.current().desks if desk.regions & wanted]
    found = rows().filter(state=State.OPEN, closes_at__gt=clock.now(), duty__desk_id__in=desks)
    return tuple(card_of(row) for row in found)


def request(request_id: int) -> RequestCard:
    """Raises NotKnown."""
    row = rows().filter(pk=request_id).first()
    if row is None:
        raise NotKnown("request_unknown", str(request_id))
    return card_of(row)


def request_for(actor_id: int, request_id: int, person_id: int) -> RequestCard:
    """For who keeps the holder's roster, whoever is or was asked, and whoever could take it. Raises NotKnown.

    `person_id` is whom the reader acts for; `answer` is that person's.
    """
    row = rows().filter(pk=request_id).first()
    if row is None:
        raise NotKnown("request_unknown", str(request_id))
    answer = CoverAsk.objects.filter(request_id=request_id, person_id=person_id).values_list("answer", flat=True)
    said = answer.first()
    concerned = said is not None or row.taken_by_id == person_id or directory.may_act_for(actor_id, row.duty.person_id)
    if not concerned and (row.state != State.OPEN or not _could_take(row, person_id)):
        raise NotKnown("request_unknown", str(request_id))
    return card_of(row, said)


def asks(request_id: int) -> tuple[AskCard, ...]:
    """Who was asked or offered something, best first."""
    found = CoverAsk.objects.filter(request_id=request_id).select_related("person", "in_return__desk").order_by("rank")
    return tuple(
        AskCard(
            id=ask.pk,
            person_id=ask.person_id,
            name=ask.person.name,
            rank=ask.rank,
            asked_at=ask.asked_at,
            reminded_at=ask.reminded_at,
            answer=ask.answer,
            answered_at=ask.answered_at,
            in_return_id=ask.in_return_id,
            in_return_desk=ask.in_return.desk.name if ask.in_return else "",
            in_return_when=Interval(ask.in_return.starts_at, ask.in_return.ends_at) if ask.in_return else None,
            knows=deal_words(ask.reasons) if ask.in_return else "",
        )
        for ask in found
    )


def ask(ask_id: int) -> tuple[AskCard, RequestCard]:
    """An offer to swap, with its request. Raises NotKnown."""
    request_id = CoverAsk.objects.filter(pk=ask_id).values_list("request_id", flat=True).first()
    if request_id is None:
        raise NotKnown("request_unknown", str(ask_id))
    return next(one for one in asks(request_id) if one.id == ask_id), request(request_id)


def options(desk_id: int, when: Interval, *, exclude: Iterable[int] = ()) -> tuple[Option, ...]:
    """Everybody for this stretch, those who fit first, with words for their rank."""
    found = eligibility.verdicts(desk_id, when, exclude=exclude)
    numbers = {one.id: one.number for one in directory.contacts(one.id for one in found).values()}
    return tuple(
        Option(one.id, one.name, one.fits, reasons_words(one), numbers.get(one.id, ""), one.broken) for one in found
    )


def fit(card: RequestCard, person_id: int, *, ignore_duties: Iterable[int] = ()) -> Verdict | None:
    """What this person would break by taking what is left; None when he does no duties there."""
    return eligibility.verdict(card.desk_id, card.left, person_id, ignore_duties=ignore_duties)


def broken_by_swap(offer: AskCard, card: RequestCard) -> tuple[str, ...]:
    """The rules that the holder would break by taking what is offered in return for his own duty."""
    if offer.in_return_id is None:
        return ()
    duty = Duty.objects.get(pk=offer.in_return_id)
    when = Interval(duty.starts_at, duty.ends_at)
    verdict = eligibility.verdict(duty.desk_id, when, card.holder_id, ignore_duties=[card.duty_id])
    return verdict.broken if verdict else ()


def week_around(person_id: int, when: Interval) -> tuple[Day, ...]:
    """The person's seven days, Monday to Sunday, around a stretch; days without duties are free."""
    asked = wall.day_of(when.start)
    monday = asked - timedelta(days=asked.weekday())
    start, end = wall.moment(monday, 0), wall.moment(monday + timedelta(days=7), 0)
    duties = queries.duties_of(person_id, start, end)
    days = []
    for offset in range(7):
        day = monday + timedelta(days=offset)
        on_day = tuple(Interval(duty.starts_at, duty.ends_at) for duty in duties if wall.day_of(duty.starts_at) == day)
        days.append(Day(day, on_day, day == asked))
    return tuple(days)


def to_return(card: RequestCard, person_id: int) -> tuple[DutyCard, ...]:
    """Own duties that a person could offer in a swap: to come, not on offer, in the next 13 weeks."""
    now = clock.now()
    mine = agenda(person_id, now, now + timedelta(weeks=13))
    return tuple(duty for duty in mine if duty.when.start > now and duty.cover is None)


def rows() -> QuerySet[CoverRequest]:
    """Requests with all that a card shows."""
    return CoverRequest.objects.select_related("duty__desk", "duty__person", "taken_by", "made_by").order_by(
        "starts_at", "pk"
    )


def _served(found: Iterable[CoverRequest], person_id: int) -> list[CoverRequest]:
    """Those on desks that this person could ever serve, by role, area and region: only they are judged in full."""
    desks = {desk.id: desk for desk in snapshot.current().desks}
    known: dict[str, Candidate | None] = {}
    serving = []
    for row in found:
        desk = desks.get(row.duty.desk_id)
        role = eligibility.role_for(desk) if desk else ""
        if role not in known:
            staff = directory.staff(role, person_ids=[person_id]).get(person_id) if role else None
            known[role] = (
                Candidate(staff.id, staff.name, staff.generalist, staff.areas, staff.regions) if staff else None
            )
        one = known[role]
        wanted = eligibility.wanted_at(row.duty.desk_id, Interval(row.starts_at, row.ends_at)) if one else None
        if one and wanted and not eligible.broken_rules(wanted, one):
            serving.append(row)
    return serving[:MOST_OPEN]


def _could_take(row: CoverRequest, person_id: int) -> bool:
    """Whether he fits, or may take it knowing which rule he breaks."""
    verdict = eligibility.verdict(row.duty.desk_id, Interval(row.starts_at, row.ends_at), person_id)
    return verdict is not None and verdict.may_take


def card_of(row: CoverRequest, answer: str | None = None) -> RequestCard:
    """One row of `rows`."""
    return RequestCard(
        id=row.pk,
        number=row.number,
        kind=row.kind,
        kind_words=str(row.get_kind_display()),
        state=row.state,
        state_words=str(row.get_state_display()),
        duty_id=row.duty_id,
        desk_id=row.duty.desk_id,
        desk=row.duty.desk.name,
        holder_id=row.duty.person_id,
        holder=row.duty.person.name,
        when=Interval(row.starts_at, row.ends_at),
        closes_at=row.closes_at,
        made_at=row.made_at,
        made_by=row.made_by.name if row.made_by else "",
        taken_by_id=row.taken_by_id,
        taken_by=cover.short_name(row.taken_by.name) if row.taken_by else "",
        taken_duty_id=row.taken_duty_id,
        undo_until=row.undo_until,
        broke_rules=row.broke_rules,
        answer=answer,
    )
