"""What follows a call a moment later, by the sweep: an outcome by key, and the tickets of faults that left no row."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from hotline.consultations import record
from hotline.consultations.outcomes import note_outcome
from hotline.core.outcomes import Side
from hotline.models import Call, Consultation, Event, Offer, Outcome
from hotline.phone import faults, proof_calls, texting, tickets
from integrations import clock, lease, outbox
from integrations.due import failed_work
from integrations.outbox import OutboxMessage

KEEP_ANSWER = timedelta(hours=24)


@transaction.atomic
def worker_outcome(key: str) -> None:
    """The key that the worker pressed after the talk. `key` ends in the call and the value; written once."""
    _kind, call_id, value = key.split(":")
    call = Call.objects.get(pk=int(call_id))
    if call.consultation_id is None:
        return
    consultation = record.lock_by_id(call.consultation_id)
    if Outcome.objects.filter(consultation=consultation, side=Side.WORKER, round=consultation.round).exists():
        return
    note_outcome(consultation, side=Side.WORKER, value=value, route=Outcome.Route.KEY, person_id=call.worker_id)


@transaction.atomic
def lawyer_outcome(key: str) -> None:
    """The key that the lawyer pressed after a callback. `key` ends in the offer and the value; written once."""
    _kind, offer_id, value = key.split(":")
    offer = Offer.objects.get(pk=int(offer_id))
    consultation = record.lock_by_id(offer.consultation_id)
    if Outcome.objects.filter(consultation=consultation, side=Side.LAWYER, round=offer.round).exists():
        return
    note_outcome(consultation, side=Side.LAWYER, value=value, route=Outcome.Route.KEY, person_id=offer.lawyer_id)


@transaction.atomic
def delivery_failed(key: str) -> None:
    """A text, mail or request that did not go out: a coordinator looks, because somebody was not told."""
    result = outbox.result_of(key)
    if result is None or result.kind in {"redirect", "hangup"}:  # the watchdog has these
        return
    subject, _, number = result.about.partition(":")
    if subject == proof_calls.ABOUT:  # whoever asked for the call sees how it ended
        return
    consultation = Consultation.objects.filter(pk=number).first() if subject == "consultation" else None
    tickets.file_ticket(
        "delivery",
        f"delivery:{key}",
        clock.now(),
        region_id=consultation.region_id if consultation else None,
        consultation_id=consultation.pk if consultation else None,
        data={"kind": result.kind, "error": result.error},
    )


@transaction.atomic
def work_failed(key: str) -> None:
    """Due work that kept failing: told to a coordinator, with the kind and never with a text."""
    failed = failed_work(key)
    if failed is not None:
        tickets.file_ticket(
            "work", f"work:{failed.key}", clock.now(), data={"kind": failed.kind, "error": failed.error}
        )


def blank_answers() -> int:
    """Once an hour: documents older than a day are blanked (they hold a number to ring), keys of repeats after 30."""
    with lease.held("answers", seconds=300, rest=timedelta(hours=1)) as mine:
        if not mine:
            return 0
        now = clock.now()
        old = Event.objects.filter(at__lt=now - KEEP_ANSWER).exclude(answer="")
        return old.update(answer="")


def spooled_faults() -> int:
    """Each line of the fault spool becomes a ticket, and a text to the lawyer who was told of one; never two."""
    found = faults.take_spooled()
    if not found:
        return 0
    with transaction.atomic():
        for line in found:
            outbox.enqueue(*_text_to(line.get("leg", "")))
            at = datetime.fromisoformat(line["at"])
            data = {"called": line["called"], "at": line["at"]}
            tickets.file_ticket(
                "fault", f"fault:{line['call']}", clock.now(), data=data, due_at=at + tickets.LOOK_WITHIN
            )
    faults.forget_spooled()
    return len(found)


def _text_to(leg: str) -> list[OutboxMessage]:
    """To the lawyer on this leg, who heard that it did not work."""
    rung = Offer.objects.select_related("consultation").filter(token=leg).exclude(number="").first() if leg else None
    if rung is None:
        return []
    about = rung.consultation
    key = f"fault:{rung.pk}"
    return [texting.message("fault", rung.number, key=key, consultation_id=about.pk, area_id=about.area_id)]
