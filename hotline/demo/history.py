"""Writes the finished questions as they would lie there: each with its calls, offers, events, thread and outcomes.

In bulk and without a single message to anybody: they are over. `tests/hotline/demo` replays their events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from directory.queries import SetUp
from hotline.consultations.record import put, told
from hotline.core import lifecycle
from hotline.core.lifecycle import Standing
from hotline.core.outcomes import Side
from hotline.demo.cases import SILENT_FOR, Case, cases
from hotline.demo.plan import Plan, PlannedPerson
from hotline.demo.rosters import Desks
from hotline.demo.stories import DO_LATER
from hotline.demo.turns import AMSTERDAM
from hotline.models import Call, Consultation, Event, FollowUp, Lane, Message, Offer, Outcome
from rosters import queries as rosters
from rosters.queries import DeskAt, OnDuty

ROWS_AT_ONCE = 500
TO_KEY, RING, PICK_UP = timedelta(seconds=9), timedelta(seconds=20), timedelta(seconds=11)
ACCEPTS_AFTER, SAYS_AFTER = timedelta(minutes=7), timedelta(minutes=2)
A_DAY = timedelta(days=1)


@dataclass(slots=True)
class Rows:
    """What is to be written, in the order of the questions."""

    consultations: list[Consultation] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)

    def write(self) -> None:
        Consultation.objects.bulk_create(self.consultations, ROWS_AT_ONCE)
        Call.objects.bulk_create(self.calls, ROWS_AT_ONCE)
        Offer.objects.bulk_create(self.offers, ROWS_AT_ONCE)
        Event.objects.bulk_create(self.events, ROWS_AT_ONCE)
        Message.objects.bulk_create(self.messages, ROWS_AT_ONCE)
        Outcome.objects.bulk_create(self.outcomes, ROWS_AT_ONCE)
        FollowUp.objects.bulk_create(self.follow_ups, ROWS_AT_ONCE)


class History:
    """Tells one case after the other; `stand` moves its question on and writes the event of it."""

    def __init__(self, known: SetUp, desks: Desks, people: Mapping[str, int]) -> None:
        self.known, self.desks, self.people = known, desks, people
        self.rows = Rows()

    def tell(self, case: Case, asker: PlannedPerson, organisation_id: int | None) -> None:
        """The whole of one case. Nothing when nobody was on duty for it."""
        area_id = self.known.area_by_slug[case.area].id
        region_id = self.known.region_by_code[asker.region.lower()].id
        asked = self._who_was_asked(area_id, region_id, case)
        if not asked:
            return
        asker_id, taker = self.people[asker.email], asked[-1][1]
        consultation = Consultation(
            channel=Consultation.Channel.PHONE if case.by_phone else Consultation.Channel.ONLINE,
            line_id=self.desks.line_id,
            area_id=area_id,
            region_id=region_id,
            lane=Lane.NOW if case.by_phone else Lane.TODAY,
            organisation_id=organisation_id,
            asker_id=asker_id,
            lawyer_id=taker.person_id,
            question="" if case.by_phone else case.story.question,
            background="" if case.by_phone else case.story.background,
            answer_due_at=case.asked_at + A_DAY,
            created_at=case.asked_at,
        )
        self.rows.consultations.append(consultation)
        answered_at = (
            self._phone(consultation, case, asked) if case.by_phone else self._online(consultation, case, asked)
        )
        self._after(consultation, case, answered_at, asker_id, taker.person_id)

    def _who_was_asked(self, area_id: int, region_id: int, case: Case) -> list[tuple[DeskAt, OnDuty]]:
        """The lawyers on the nearest desk, up to and with the one who took it."""
        desk = rosters.desks_for(self.desks.line_id, area_id, region_id)[0]
        on_duty = [(desk, one) for one in rosters.on_duty([desk.desk_id], case.asked_at)]
        return on_duty[: 2 if case.missed_first else 1]

    def _phone(self, consultation: Consultation, case: Case, asked: Sequence[tuple[DeskAt, OnDuty]]) -> datetime:
        at = case.asked_at + TO_KEY
        call = self._call(consultation, case)
        self._stand(consultation, at, "rung", lifecycle.standing_when_ringing(at + timedelta(seconds=90)))
        for desk, one in asked[:-1]:
            self._offer(consultation, desk, one, at, call, state=Offer.State.MISSED, ended_at=at + RING)
            at += RING + timedelta(seconds=3)
        desk, one = asked[-1]
        talk_from = at + PICK_UP
        over = talk_from + case.talk
        self._offer(
            consultation,
            desk,
            one,
            at,
            call,
            state=Offer.State.TALKED,
            answered_at=at + PICK_UP - timedelta(seconds=4),
            accepted_at=talk_from,
            ended_at=over,
            wrapped_up_at=over + SAYS_AFTER,
            key="1",
            bridged=True,
            seconds=int(case.talk.total_seconds()),
        )
        call.ended_at = over
        self._stand(
            consultation, talk_from, "taken", lifecycle.standing_when_talking(one.person_id, over), one.person_id
        )
        return over

    def _online(self, consultation: Consultation, case: Case, asked: Sequence[tuple[DeskAt, OnDuty]]) -> datetime:
        at, (desk, one) = case.asked_at, asked[-1]
        accepted_at, answered_at = at + ACCEPTS_AFTER, at + ACCEPTS_AFTER + case.talk
        self._stand(consultation, at, "asked", lifecycle.standing_when_waiting(at), consultation.asker_id)
        offer = self._offer(
            consultation,
            desk,
            one,
            at,
            None,
            state=Offer.State.ANSWERED,
            accepted_at=accepted_at,
            answered_at=answered_at,
            ended_at=answered_at,
        )
        until = at + timedelta(minutes=45)
        self._stand(consultation, at, "offered", lifecycle.standing_when_offered(until), offer=offer)
        with_lawyer = lifecycle.standing_with_lawyer(one.person_id, answered_at)
        self._stand(consultation, accepted_at, "accepted", with_lawyer, one.person_id, offer)
        self.rows.messages.append(
            Message(
                consultation=consultation,
                author_id=one.person_id,
                kind=Message.Kind.ANSWER,
                body=case.story.answer,
                created_at=answered_at,
            )
        )
        return answered_at

    def _after(
        self, consultation: Consultation, case: Case, answered_at: datetime, asker_id: int, lawyer_id: int
    ) -> None:
        """Both sides say what came of it, or one of them; then it closes."""
        closed_at = answered_at + SILENT_FOR - A_DAY
        standing = lifecycle.standing_after_talk(lawyer_id, closed_at, asker_id, True)
        self._stand(consultation, answered_at, "answered", standing, lawyer_id)
        if case.lawyer_says:
            self._outcome(consultation, case, Side.LAWYER, case.lawyer_says, answered_at + SAYS_AFTER, lawyer_id)
        if not case.worker_says:
            self._stand(consultation, closed_at, "closed_silent", lifecycle.standing_closed())
        else:
            closed_at = answered_at + 2 * SAYS_AFTER
            self._outcome(consultation, case, Side.WORKER, case.worker_says, closed_at, asker_id)
            if case.follow_up:
                closed_at = self._follow_up(consultation, closed_at, lawyer_id)
            self._stand(consultation, closed_at, "closed", lifecycle.standing_closed(), asker_id)
        consultation.ended_at = closed_at

    def _follow_up(self, consultation: Consultation, at: datetime, owner_id: int) -> datetime:
        """A week later it was done. Returns when."""
        done_at = at + 7 * A_DAY
        self.rows.follow_ups.append(
            FollowUp(
                consultation=consultation,
                owner_id=owner_id,
                what=DO_LATER,
                due_on=done_at.astimezone(AMSTERDAM).date(),
                created_at=at,
                done_at=done_at,
            )
        )
        standing = lifecycle.standing_follow_up(owner_id, done_at, lifecycle.Status.ANSWERED)
        self._stand(consultation, at, "confirmed", standing, consultation.asker_id)
        self._event(consultation, done_at, "followed_up", owner_id, None)
        return done_at

    def _call(self, consultation: Consultation, case: Case) -> Call:
        call = Call(
            token=f"demo-{len(self.rows.calls)}",
            call_sid=f"CAdemo{len(self.rows.calls)}",
            line_id=self.desks.line_id,
            worker_id=consultation.asker_id,
            organisation_id=consultation.organisation_id,
            state="end",
            area_id=consultation.area_id,
            region_id=consultation.region_id,
            lane=consultation.lane,
            consultation=consultation,
            started_at=case.asked_at,
            end=Call.End.CONNECTED,
        )
        self.rows.calls.append(call)
        return call

    def _offer(
        self,
        consultation: Consultation,
        desk: DeskAt,
        one: OnDuty,
        at: datetime,
        call: Call | None,
        **rest: Any,
    ) -> Offer:
        offer = Offer(
            consultation=consultation,
            call=call,
            channel=Offer.Channel.ONLINE if call is None else Offer.Channel.PHONE,
            lawyer_id=one.person_id,
            desk_id=desk.desk_id,
            duty_id=one.duty_id,
            position=one.position,
            stage=desk.stage,
            ring_seconds=0 if call is None else int(RING.total_seconds()),
            offered_at=at,
            **rest,
        )
        self.rows.offers.append(offer)
        return offer

    def _outcome(
        self, consultation: Consultation, case: Case, side: Side, value: str, at: datetime, person_id: int
    ) -> None:
        self.rows.outcomes.append(
            Outcome(
                consultation=consultation,
                side=side,
                person_id=person_id,
                value=value,
                route=Outcome.Route.KEY if case.by_phone else Outcome.Route.PAGE,
                certificate_avoided=case.avoided if side == Side.LAWYER else None,
                at=at,
            )
        )
        self._event(consultation, at, "outcome", person_id, None, side=str(side), value=value)

    def _stand(
        self,
        consultation: Consultation,
        at: datetime,
        kind: str,
        standing: Standing,
        actor_id: int | None = None,
        offer: Offer | None = None,
    ) -> None:
        before = consultation.status if consultation.next_step else ""
        if before:
            lifecycle.check(before, standing)
        put(consultation, standing)
        self._event(consultation, at, kind, actor_id, offer, **told(before, standing))

    def _event(
        self,
        consultation: Consultation,
        at: datetime,
        kind: str,
        actor_id: int | None,
        offer: Offer | None,
        **data: Any,
    ) -> None:
        key = f"demo:{len(self.rows.events)}"
        self.rows.events.append(
            Event(key=key, at=at, kind=kind, consultation=consultation, offer=offer, actor_id=actor_id, data=data)
        )


def make(
    plan: Plan,
    known: SetUp,
    desks: Desks,
    people: Mapping[str, int],
    organisations: Mapping[str, int],
    now: datetime,
) -> None:
    """Write them all."""
    history = History(known, desks, people)
    today = now.astimezone(AMSTERDAM).date()
    for case in cases(plan.size, [worker.usual_area for worker in plan.workers], today):
        asker = plan.workers[case.asker]
        history.tell(case, asker, organisations.get(asker.organisation))
    history.rows.write()
