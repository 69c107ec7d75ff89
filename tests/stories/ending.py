"""How every story ends: the phones are put down, time passes, and then nothing may be open, false or lost."""

from __future__ import annotations

from typing import Any

from hotline.models import Call, Callback, Consultation, Event, Offer, Ticket
from hotline.phone import replay
from hotline.simulation import judge
from integrations.models import OutboxMessage
from tests.stories.conftest import Scene

GRACE = 25.0  # longer than the watchdog waits for the last word of a conversation


def over(scene: Scene, *, faults: int = 0, bad_vendor: bool = False) -> None:
    """Assert that the story is over: one end per call, no open offer, and a log that leads to the rows.

    `faults` is how often the vendor may have complained (a story in which we fail on purpose).
    """
    scene.network.settle()
    for phone in list(scene.network.engine.phones.values()):
        if phone.state != "idle":
            phone.hang_up()
    scene.network.forward(GRACE)
    scene.look()
    transcript = scene.network.transcript()
    assert len(scene.network.faults) == faults, transcript
    assert not Offer.objects.filter(ended_at__isnull=True).exists(), transcript
    for call in Call.objects.all():
        assert call.end in {"connected", "callback", "withdrawn"}, transcript
        assert replay.difference(call.pk) == "", transcript
    assert judge.broken(bad_vendor=bad_vendor) == [], transcript
    assert not OutboxMessage.objects.filter(state="failed").exists(), transcript


def end_of(scene: Scene) -> tuple[str, str]:
    """How the latest call ended, and why."""
    call = Call.objects.latest("pk")
    return call.end, call.end_reason


def offers() -> list[tuple[str, str]]:
    """Who was rung and how it ended, in order."""
    found = Offer.objects.order_by("pk").values_list("lawyer__name", "state")
    return [(name.lower(), state) for name, state in found]


def everything() -> dict[str, list[Any]]:
    """All rows of the calls as they lie in the database: to see that nothing was written."""
    return {
        "calls": list(Call.objects.order_by("pk").values()),
        "offers": list(Offer.objects.order_by("pk").values()),
        "callbacks": list(Callback.objects.order_by("pk").values()),
        "consultations": list(Consultation.objects.order_by("pk").values()),
        "events": list(Event.objects.order_by("pk").values()),
        "tickets": list(Ticket.objects.order_by("pk").values()),
        "messages": list(OutboxMessage.objects.order_by("pk").values("dedupe_key", "state")),
    }
