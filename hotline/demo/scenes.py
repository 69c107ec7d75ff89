"""What happens in the demo today: questions at every stage, a sick call, a pause. Made by the services themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from directory.queries import SetUp
from hotline.consultations import services
from hotline.consultations.access import Somebody, somebody
from hotline.demo.plan import OFFICE_HOURS, Plan
from hotline.demo.stories import MORE, STORIES
from hotline.demo.turns import AMSTERDAM
from hotline.models import Consultation, Lane, Offer
from integrations import clock
from rosters import queries as rosters
from rosters import services as roster_services

A_MINUTE, AN_HOUR, A_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def make(plan: Plan, known: SetUp, people: Mapping[str, int], now: datetime) -> None:
    """The open questions and the scenes on the desks of the second line. Needs the duties of the past days."""
    stage = _Stage(plan, known, people, now)
    stage.answered_and_waiting_for_a_word(0, "schulden", 2 * A_DAY)
    stage.answered_and_waiting_for_a_word(3, "sociale-verzekeringen", A_DAY)
    stage.answered_and_waiting_for_a_word(4, "toeslagen-belasting", A_DAY)
    stage.answered_with_a_follow_up(1, "arbeid", 2 * A_DAY)
    stage.answered_with_a_follow_up(0, "sociale-voorzieningen", 3 * A_DAY)
    stage.in_hand(12, "vreemdelingen", 5 * AN_HOUR)
    stage.in_hand(2, "familie-jeugd", 3 * AN_HOUR)
    stage.more_is_asked(0, "arbeid", 3 * AN_HOUR)
    stage.passed_on_twice(8, "bestuur-overig", 2 * AN_HOUR)
    stage.just_asked(0, "verbintenissen-consument", 6 * A_MINUTE)
    stage.just_asked(9, "asiel", 4 * A_MINUTE)
    _somebody_is_sick(plan, people, now)
    _somebody_pauses(plan, people)


class _Stage:
    """Plays small stories in the past, each by the people of the demo."""

    def __init__(self, plan: Plan, known: SetUp, people: Mapping[str, int], now: datetime) -> None:
        self.plan, self.known, self.people, self.now = plan, known, people, now

    def just_asked(self, worker: int, area: str, ago: timedelta) -> None:
        self._ask(worker, area, ago)

    def in_hand(self, worker: int, area: str, ago: timedelta) -> None:
        self._accepted(worker, area, ago)

    def more_is_asked(self, worker: int, area: str, ago: timedelta) -> None:
        reference, lawyer = self._accepted(worker, area, ago)
        with clock.at(self.now - ago + 20 * A_MINUTE):
            services.ask_more(person=lawyer, reference=reference, text=MORE)

    def answered_and_waiting_for_a_word(self, worker: int, area: str, ago: timedelta) -> str:
        reference, lawyer = self._accepted(worker, area, ago)
        with clock.at(self.now - ago + 90 * A_MINUTE):
            services.answer(person=lawyer, reference=reference, text=STORIES[area][0].answer, certificate_avoided=True)
        return reference

    def answered_with_a_follow_up(self, worker: int, area: str, ago: timedelta) -> None:
        """The worker was helped, and will look at it again within the week."""
        reference = self.answered_and_waiting_for_a_word(worker, area, ago)
        asker = self._worker(worker)
        with clock.at(self.now - ago + 2 * AN_HOUR):
            again_on = (self.now + 2 * A_DAY).astimezone(AMSTERDAM).date()
            services.log_outcome(person=asker, reference=reference, value="helped", follow_up_on=again_on)

    def passed_on_twice(self, worker: int, area: str, ago: timedelta) -> None:
        """Two lawyers have no time: the coordinator arranges it."""
        consultation = self._ask(worker, area, ago)
        for minutes in (10, 25):
            lawyer = _asked(consultation)
            if lawyer is None:
                return
            with clock.at(self.now - ago + minutes * A_MINUTE):
                services.decline(person=lawyer, reference=consultation.reference, reason="no_time")

    def _accepted(self, worker: int, area: str, ago: timedelta) -> tuple[str, Somebody]:
        consultation = self._ask(worker, area, ago)
        lawyer = _asked(consultation)
        if lawyer is None:
            raise LookupError(f"nobody on duty for {area} {ago} ago")
        with clock.at(self.now - ago + 5 * A_MINUTE):
            services.accept(person=lawyer, reference=consultation.reference)
        return consultation.reference, lawyer

    def _ask(self, worker: int, area: str, ago: timedelta) -> Consultation:
        story, planned = STORIES[area][0], self.plan.workers[worker]
        with clock.at(self.now - ago):
            return services.ask(
                person=self._worker(worker),
                area_id=self.known.area_by_slug[area].id,
                region_id=self.known.region_by_code[planned.region.lower()].id,
                question=story.question,
                background=story.background,
                lane=Lane.TODAY,
            )

    def _worker(self, place: int) -> Somebody:
        return somebody(self.people[self.plan.workers[place].email])


def _asked(consultation: Consultation) -> Somebody | None:
    """The lawyer whose answer is waited for."""
    offer = consultation.offers.filter(state=Offer.State.ASKED).order_by("-pk").first()
    return somebody(offer.lawyer_id) if offer else None


def _somebody_is_sick(plan: Plan, people: Mapping[str, int], now: datetime) -> None:
    """The next duty of the thin desk is cancelled: a gap, today or on the next working day."""
    coming = [
        duty
        for lawyer in plan.pool(OFFICE_HOURS[0].name)
        for duty in rosters.duties_of(people[lawyer.email], now, now + 5 * A_DAY)
    ]
    if coming:
        roster_services.cancel_duty(duty_id=min(coming, key=lambda duty: duty.starts_at).id, why="Ziek gemeld")


def _somebody_pauses(plan: Plan, people: Mapping[str, int]) -> None:
    lawyer = plan.pool(OFFICE_HOURS[2].name)[0]
    roster_services.pause(person_id=people[lawyer.email], source="page", minutes=60, reason="Zitting")
