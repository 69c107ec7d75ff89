"""A line with two lawyers on duty for huur in Walcheren, a first-line worker, and what the tests ask of the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hotline.consultations import queries, services
from hotline.consultations.record import replayed, standing_now
from hotline.models import Consultation
from integrations import clock
from integrations.models import OutboxMessage
from tests import builders as make


@dataclass
class World:
    line: Any
    desk: Any
    worker: Any
    colleague: Any
    first: Any
    second: Any
    coordinator: Any

    def ask(self, **changes: Any) -> Consultation:
        """A question for today, put to the first lawyer."""
        values = {
            "person": self.worker,
            "area_id": make.area_id("huur"),
            "region_id": make.region_id("walcheren"),
            "question": "Mag de verhuurder de borg houden?",
            "lane": "vandaag",
        }
        return services.ask(**{**values, **changes})

    def accepted(self, **changes: Any) -> Consultation:
        consultation = self.ask(**changes)
        services.accept(person=self.first, reference=consultation.reference)
        return fresh(consultation)

    def answered(self, **changes: Any) -> Consultation:
        consultation = self.accepted(**changes)
        services.answer(person=self.first, reference=consultation.reference, text="Nee, alleen voor schade.")
        return fresh(consultation)


def a_world() -> World:
    """Both lawyers are on duty in office hours, today and tomorrow."""
    line = make.a_line("Hulplijn")
    desk = make.a_desk(line, "Walcheren huur")
    first, second = make.a_lawyer("Ada Eerste"), make.a_lawyer("Bea Tweede")
    for days in range(2):
        make.a_duty(desk, first, 1, starts=24 * days - 1, hours=8)
        make.a_duty(desk, second, 2, starts=24 * days - 1, hours=8)
    loket = make.a_loket("Juridisch Loket Vlissingen")
    return World(
        line=line,
        desk=desk,
        worker=make.a_worker("Wim Werker", organisation=loket),
        colleague=make.a_worker("Cor Collega", organisation=loket),
        first=first,
        second=second,
        coordinator=make.a_coordinator("Coby Regie"),
    )


def fresh(consultation: Consultation) -> Consultation:
    return Consultation.objects.get(pk=consultation.pk)


def states(consultation: Consultation) -> list[tuple[str, str]]:
    """(lawyer, state) of every offer, in order."""
    return [(offer.lawyer.name, offer.state) for offer in consultation.offers.order_by("pk")]


def standing(consultation: Consultation) -> tuple[str, str, str]:
    """Status, next step, and who owes it: a name, or a role."""
    row = fresh(consultation)
    return row.status, row.next_step, row.next_owner.name if row.next_owner else row.next_owner_role


def pass_time(**amount: float) -> None:
    """Move the clock, then let the watches look until nothing is overdue."""
    clock.forward(timedelta(**amount))
    services.follow_ups_due()
    while services.consultations_overdue():
        pass


def nobody_accepts() -> None:
    """Both lawyers let their 45 minutes pass: the coordinator has it."""
    pass_time(minutes=45)
    pass_time(minutes=45)


def until_due(consultation: Consultation) -> None:
    """Move the clock to the moment that the next step is due, and let the watches look."""
    due = fresh(consultation).next_due_at
    assert due is not None
    clock.move_to(max(due, clock.now()))
    services.follow_ups_due()
    services.consultations_overdue()


def mails_to(person: Any, text: str = "") -> list[str]:
    """Subjects of the mails to this person, of one text (a name in texts.MAILS) if given, oldest first."""
    rows = OutboxMessage.objects.filter(kind="mail", to=person.email).order_by("pk")
    return [row.subject for row in rows if row.dedupe_key.startswith(text and f"{text}:")]


def texts_to(person: Any) -> list[str]:
    numbers = list(person.numbers.values_list("e164", flat=True))
    return list(OutboxMessage.objects.filter(kind="sms", to__in=numbers).order_by("pk").values_list("body", flat=True))


def same_as_replayed(consultation: Consultation) -> bool:
    """Property 8 of the architecture: the log gives the same state."""
    return replayed(consultation.pk) == standing_now(fresh(consultation))


def view(person: Any, consultation: Consultation) -> queries.ConsultationView:
    return queries.consultation_for(person, consultation.reference)
