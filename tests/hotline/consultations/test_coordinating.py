"""What a coordinator does: ask a named lawyer, search again, settle it himself."""

from __future__ import annotations

import pytest

from hotline.consultations import services
from hotline.errors import FormRefused, NotFound, NotNow
from hotline.models import Callback
from tests import builders as make
from tests.hotline.consultations.story import (
    World,
    fresh,
    mails_to,
    nobody_accepts,
    same_as_replayed,
    standing,
    states,
    view,
)


def test_asks_a_named_lawyer_who_is_not_on_duty(world: World) -> None:
    third = make.a_lawyer("Cem Derde")
    consultation = world.ask()
    nobody_accepts()
    services.assign(person=world.coordinator, reference=consultation.reference, lawyer_id=third.pk)
    assert states(consultation)[-1] == ("Cem Derde", "asked")
    assert (fresh(consultation).round, standing(consultation)) == (2, ("submitted", "accept", "desk"))
    assert mails_to(third, "offered")
    services.accept(person=third, reference=consultation.reference)
    assert standing(consultation) == ("with_lawyer", "answer", "Cem Derde")
    assert same_as_replayed(consultation)


def test_takes_it_from_a_lawyer_who_does_not_answer(world: World) -> None:
    consultation = world.accepted()
    services.assign(person=world.coordinator, reference=consultation.reference, lawyer_id=world.second.pk)
    assert mails_to(world.first, "taken_from_you")
    with pytest.raises(NotFound):
        view(world.first, consultation)
    assert fresh(consultation).lawyer_id is None
    assert same_as_replayed(consultation)


def test_searches_again_among_who_is_on_duty(world: World) -> None:
    consultation = world.ask()
    nobody_accepts()
    services.assign(person=world.coordinator, reference=consultation.reference)
    assert states(consultation)[-1] == ("Ada Eerste", "asked")
    assert same_as_replayed(consultation)


def test_does_not_ask_who_is_excluded_or_no_lawyer(world: World) -> None:
    partner = make.a_lawyer("Pim Partner", organisation=world.first.organisation)
    consultation = world.ask()
    services.decline(person=world.first, reference=consultation.reference, reason="conflict")
    for person in (world.first, partner, world.worker, make.a_stranger()):
        with pytest.raises(FormRefused):
            services.assign(person=world.coordinator, reference=consultation.reference, lawyer_id=person.pk)
    assert states(consultation)[-1] == ("Bea Tweede", "asked")


def test_settling_asks_the_worker_whether_it_helped(world: World) -> None:
    consultation = world.ask()
    with pytest.raises(NotNow):
        services.settle(person=world.coordinator, reference=consultation.reference)
    nobody_accepts()
    services.settle(person=world.coordinator, reference=consultation.reference)
    assert standing(consultation) == ("answered", "confirm", "Wim Werker")
    assert mails_to(world.worker, "confirm")
    services.log_outcome(person=world.worker, reference=consultation.reference, value="helped")
    assert standing(consultation) == ("closed", "", "")
    assert same_as_replayed(consultation)


def test_a_call_that_nobody_could_make_ends_when_the_coordinator_acts(world: World) -> None:
    nobody = make.a_worker("Nico Nummerloos", organisation=world.worker.organisation, number="")
    consultation = world.ask(person=nobody, lane="nu")
    assert Callback.objects.get().state == "coordinator"
    services.assign(person=world.coordinator, reference=consultation.reference, lawyer_id=world.second.pk)
    assert Callback.objects.get().state == "done"
    assert states(consultation) == [("Bea Tweede", "asked")]
    assert same_as_replayed(consultation)


def test_leaves_a_promised_call_alone(world: World) -> None:
    consultation = world.ask(lane="nu")
    with pytest.raises(NotNow):
        services.assign(person=world.coordinator, reference=consultation.reference, lawyer_id=world.second.pk)
