"""Calls without a question on real phones: test call, spoken code; and what the vendor can do to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from directory import queries as directory
from hotline.errors import NotNow
from hotline.models import Event, Offer, ProofCall, Ticket
from hotline.phone import proof_calls
from integrations import clock
from integrations.models import OutboxMessage
from tests import builders
from tests.stories.by_hand import key, leg_of, post, status, text
from tests.stories.conftest import Scene


def rings(scene: Scene, kind: str = "test", name: str = "ada", **fields: Any) -> Any:
    if name not in scene.people:
        scene.add(name, builders.a_lawyer(name.capitalize()))
    person, phone = scene.people[name], scene.phone(name)
    proof_calls.place(kind=kind, person_id=person.pk, number=phone.number, asked_by=person.pk, **fields)
    scene.look()
    return phone


def last_test(scene: Scene) -> Any:
    return directory.numbers_of(scene.people["ada"].pk)[0].tested_at


def test_key_1_in_a_test_call_shows_that_somebody_can_be_reached(scene: Scene) -> None:
    """Also without a duty: a test call offers nothing."""
    ada = rings(scene)
    ada.is_ringing()
    ada.picks_up()
    ada.hears("Dit is een testoproep. Toets 1")
    ada.presses("1")
    ada.hears("Je bent bereikbaar op dit nummer.")
    ada.is_idle(within=20)
    scene.network.forward(5)
    call = ProofCall.objects.get()
    assert (call.state, call.due_at) == ("proved", None)
    assert call.ended_at is not None
    assert last_test(scene) is not None
    assert scene.network.faults == []
    assert scene.network.bridges == []
    assert not Offer.objects.exists()
    assert Event.objects.get(kind="proof").data == {"proof": "test", "state": "proved"}


@pytest.mark.parametrize(
    ("behaviour", "state"),
    [("off", "silent"), ("busy", "missed"), ("refuses", "missed"), ("voicemail", "silent"), ("silent", "missed")],
)
def test_who_does_not_press_1_proves_nothing(scene: Scene, behaviour: str, state: str) -> None:
    scene.add("ada", builders.a_lawyer("Ada")).behaves(behaviour)
    rings(scene)
    scene.network.forward(150)
    assert ProofCall.objects.get().state == state
    assert last_test(scene) is None
    assert not Ticket.objects.exists()
    assert scene.network.faults == []


def test_a_number_that_does_not_work_is_suspect(scene: Scene) -> None:
    scene.add("ada", builders.a_lawyer("Ada")).behaves("bad")
    rings(scene)
    scene.network.forward(130)
    assert ProofCall.objects.get().state == "failed"
    assert directory.numbers_of(scene.people["ada"].pk)[0].suspect
    assert not Ticket.objects.exists()


def test_wrong_keys(scene: Scene) -> None:
    ada = rings(scene)
    ada.is_ringing()
    ada.picks_up()
    ada.hears("testoproep")
    ada.presses("7")
    ada.hears("Die toets ken ik niet. Piketlijn. Dit is een testoproep.")
    ada.presses("8")
    ada.is_idle(within=10)
    scene.network.forward(5)
    assert ProofCall.objects.get().state == "silent"


def test_the_code_is_spoken_twice_after_key_1_and_then_lies_nowhere(scene: Scene) -> None:
    ada = rings(scene, "code", code="482913")
    assert ProofCall.objects.get().code == "482913"
    assert "482913" not in str(list(OutboxMessage.objects.values()))
    ada.is_ringing()
    ada.picks_up()
    ada.hears("Toets 1, dan hoor je je code.")
    assert "4, 8" not in ada.heard
    ada.presses("1")
    ada.hears("Je code is 4, 8, 2, 9, 1, 3. Nog een keer: 4, 8, 2, 9, 1, 3.")
    ada.is_idle(within=30)
    scene.network.forward(5)
    assert ProofCall.objects.get().code == ""
    assert last_test(scene) is None  # a code is typed; it is no test call
    assert "482913" not in str(list(Event.objects.values()))


def test_the_same_request_twice_is_heard_once(scene: Scene) -> None:
    ada = rings(scene)
    ada.is_ringing()
    ada.picks_up()
    ada.hears("testoproep")
    address, params = key(ada, "1")
    assert "bereikbaar op dit nummer" in text(post(address, params))
    assert "bereikbaar op dit nummer" in text(post(address, params))
    assert Event.objects.filter(kind="proof").count() == 1
    turn = ProofCall.objects.get().turn
    assert "Sorry" in text(post(address.replace(f"-{turn - 1}/", f"-{turn + 5}/"), params))
    assert "Sorry" in text(post(address, {**params, "CallSid": "CA" + "8" * 32}))


def test_a_status_of_another_leg_changes_nothing(scene: Scene) -> None:
    ada = rings(scene)
    ada.is_ringing()
    ada.picks_up()
    ada.hears("testoproep")
    address, params = status(leg_of(ada), "completed", 3)
    post(address, {**params, "CallSid": "CA" + "8" * 32})
    assert ProofCall.objects.get().state == "answered"
    post(address, params)
    post(address, params)
    assert ProofCall.objects.get().state == "silent"


def test_a_call_without_news_ends_by_itself(scene: Scene) -> None:
    rings(scene)
    scene.network.misbehaves("drop", "/status", times=20)
    scene.network.forward(200)
    call = ProofCall.objects.get()
    assert call.state in {"lost", "silent"}
    assert (call.due_at, call.ended_at is None) == (None, False)


def test_five_calls_an_hour_is_the_most(scene: Scene) -> None:
    scene.add("ada", builders.a_lawyer("Ada")).behaves("busy")
    for _ in range(5):
        rings(scene)
        scene.network.forward(30)
    with pytest.raises(NotNow, match="vijf oproepen per uur") as refused:
        rings(scene)
    assert refused.value.code == "too_many_calls"
    rings(scene, "sick")  # is never refused
    scene.network.forward(30)
    clock.forward(timedelta(hours=1))
    rings(scene)
    assert ProofCall.objects.count() == 7


def test_asking_twice_rings_once(scene: Scene) -> None:
    rings(scene)
    rings(scene)
    assert ProofCall.objects.count() == 1


def test_without_a_database_the_phone_hears_something(scene: Scene, no_errors: list[str]) -> None:
    no_errors += ["leg t failed"]
    ada = rings(scene)
    ada.is_ringing()
    scene.loses_database("/offer", times=1)
    ada.picks_up()
    ada.hears("Een ogenblik")
    ada.hears("testoproep", within=10)
    ada.presses("1")
    ada.hears("Je bent bereikbaar")
