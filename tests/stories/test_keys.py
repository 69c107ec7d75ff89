"""The lawyer's five keys, as section 6 of the design has them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.models import Call, Callback, Consultation, Exclusion, Offer, Ticket
from integrations import clock
from rosters.models import Pause
from tests import builders
from tests.stories.conftest import Scene
from tests.stories.ending import end_of, offers, over
from tests.stories.moves import asks, picks_up, takes


def test_key_3_pauses_until_end_of_duty(two_lawyers: Scene) -> None:
    worker = asks(two_lawyers)
    bos = picks_up(two_lawyers, "bos")
    bos.presses("3")
    bos.hears("Goed. Je bent met pauze. Die eindigt om 13 uur 30.")
    bos.gets_sms("je bent met pauze tot 13:30. Eerder terug? Antwoord VERDER.")
    worker.hears("Nog geen gehoor. Ik probeer de volgende.")
    takes(two_lawyers, "chen")
    worker.hangs_up()
    pause = Pause.objects.get()
    assert pause.person == two_lawyers.people["bos"]
    assert pause.ends_at == clock.now().replace(hour=12, minute=30, second=0, microsecond=0)
    assert not Ticket.objects.exists()
    asks(two_lawyers)
    assert offers()[-1][0] == "chen"  # Bos is paused, and Chen is the last one
    over(two_lawyers)


def test_the_last_cover_that_pauses_alarms_the_coordinator(two_lawyers: Scene) -> None:
    coby = two_lawyers.add("coby", builders.a_coordinator("Coby"))
    worker = asks(two_lawyers)
    picks_up(two_lawyers, "bos").presses("3")
    chen = picks_up(two_lawyers, "chen")
    assert not any("niemand te bellen" in text for text in coby.texts)
    chen.presses("3")
    worker.hears("Er is nu niemand vrij")
    worker.presses("1")
    coby.gets_sms("voor Walcheren huur (Walcheren) is nu niemand te bellen")
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.person, ticket.data) == (
        "last_cover",
        two_lawyers.people["chen"],
        {"desks": ["Walcheren huur"]},
    )
    assert ticket.due_at <= clock.now() + timedelta(minutes=5)
    over(two_lawyers)


def test_a_pause_ends_by_itself_and_by_a_word(two_lawyers: Scene) -> None:
    worker = asks(two_lawyers)
    bos = picks_up(two_lawyers, "bos")
    bos.presses("3")
    takes(two_lawyers, "chen")
    worker.hangs_up()
    bos.sends_sms(two_lawyers.line.number, "verder")
    bos.gets_sms("je pauze is voorbij")
    two_lawyers.network.forward(130)
    asks(two_lawyers)
    picks_up(two_lawyers, "bos").presses("3")
    takes(two_lawyers, "chen")
    worker.hangs_up()
    clock.move_to(clock.now().replace(hour=12, minute=30, second=0, microsecond=0))
    next_duty = builders.a_duty(builders.a_desk(two_lawyers.line, "Middag huur"), two_lawyers.people["bos"], starts=0)
    assert next_duty is not None
    asks(two_lawyers)
    two_lawyers.phone("bos").is_ringing()
    over(two_lawyers)


def test_key_4_skips_the_whole_office(two_lawyers: Scene) -> None:
    office = builders.an_office("Kantoor De Waal")
    desk = builders.a_desk(two_lawyers.line, "Walcheren eerst", areas=("huur",))
    both = builders.a_desk(two_lawyers.line, "Walcheren alles", areas="*")
    two_lawyers.lawyer("anna", desk, 1, organisation=office)
    two_lawyers.lawyer("ben", desk, 2, organisation=office)
    two_lawyers.lawyer("eva", both, 1)
    for name in ("bos", "chen"):
        two_lawyers.phone(name).behaves("busy")
    worker = asks(two_lawyers)
    anna = picks_up(two_lawyers, "anna", within=20)
    anna.presses("4")
    anna.hears("Goed. Jij en je kantoor krijgen deze vraag niet.")
    worker.hears("Nog geen gehoor")
    assert "conflict" not in worker.heard
    eva = picks_up(two_lawyers, "eva", within=20)
    eva.hangs_up()
    worker.hears("Er is nu niemand vrij", within=90)
    worker.presses("1")
    over(two_lawyers)
    assert "ben" not in dict(offers())
    excluded = Exclusion.objects.get()
    assert (excluded.person, excluded.organisation, excluded.reason) == (two_lawyers.people["anna"], office, "conflict")


def test_a_conflict_holds_at_the_callback_a_day_later(two_lawyers: Scene) -> None:
    office = builders.an_office("Kantoor De Waal")
    desk = builders.a_desk(two_lawyers.line, "Morgen huur")
    two_lawyers.lawyer("anna", builders.a_desk(two_lawyers.line, "Vandaag alles", areas="*"), organisation=office)
    for name in ("bos", "chen"):
        two_lawyers.phone(name).behaves("busy")
    worker = asks(two_lawyers)
    picks_up(two_lawyers, "anna", within=20).presses("4")
    worker.hears("Er is nu niemand vrij", within=90)
    worker.presses("2")
    worker.hangs_up()
    ben = two_lawyers.add("ben", builders.a_lawyer("Ben", organisation=office))
    eva = two_lawyers.add("eva", builders.a_lawyer("Eva"))
    clock.move_to(clock.now().replace(hour=7, minute=59, second=55) + timedelta(days=1))
    builders.a_duty(desk, two_lawyers.people["ben"], 1)
    builders.a_duty(desk, two_lawyers.people["eva"], 2)
    eva.is_ringing(within=10)
    ben.is_not_ringing()
    eva.picks_up()
    eva.hears("Terugbellen, piket huur, Walcheren.")
    eva.presses("1")
    worker.is_ringing()
    worker.picks_up()
    worker.presses("1")
    two_lawyers.network.talking(worker, eva)
    two_lawyers.network.forward(10)
    over(two_lawyers)
    assert Callback.objects.get().state == "done"


def with_two_areas(scene: Scene) -> None:
    """Desk 'Walcheren huur' has Bos, desk 'Walcheren schulden' has Chen."""
    scene.lawyer("bos", builders.a_desk(scene.line, "Walcheren huur"))
    scene.lawyer("chen", builders.a_desk(scene.line, "Walcheren schulden", areas=("schulden",)), areas=("schulden",))


def test_key_5_caller_chooses_again(scene: Scene) -> None:
    with_two_areas(scene)
    worker = asks(scene)
    cap_at = Call.objects.get().cap_at
    bos = picks_up(scene, "bos")
    bos.presses("5")
    bos.hears("Goed. De beller kiest opnieuw.")
    worker.hears("De advocaat denkt aan een ander gebied. Kies een gebied. 1 huur. 2 schulden.")
    scene.network.forward(2)
    worker.presses("2")
    call = Call.objects.get()
    assert cap_at is not None
    assert call.cap_at is not None
    assert timedelta(seconds=2) <= call.cap_at - cap_at <= timedelta(seconds=20)
    chen = scene.phone("chen")
    chen.is_ringing()
    chen.picks_up()
    chen.hears("Piket schulden, Walcheren.")
    chen.presses("1")
    scene.network.talking(worker, chen)
    over(scene)
    assert offers() == [("bos", "wrong_area"), ("chen", "talked")]
    assert Consultation.objects.get().area.slug == "schulden"


def test_the_same_area_again_rings_on_and_the_clock_stands_once(two_lawyers: Scene) -> None:
    worker = asks(two_lawyers)
    first = Call.objects.get().cap_at
    picks_up(two_lawyers, "bos").presses("5")
    worker.hears("1 huur.")
    worker.presses("1")
    stood_once = Call.objects.get().cap_at
    chen = picks_up(two_lawyers, "chen")
    chen.presses("5")
    worker.hears("1 huur.")
    two_lawyers.network.forward(3)
    worker.presses("1")
    assert first is not None
    assert stood_once is not None
    assert stood_once > first
    assert Call.objects.get().cap_at == stood_once
    worker.hears("Er is nu niemand vrij")
    over(two_lawyers)
    assert offers() == [("bos", "wrong_area"), ("chen", "wrong_area")]
    assert Ticket.objects.get().kind == "mismatch"


def test_a_caller_who_does_not_choose_again_keeps_within_the_time_that_was_said(two_lawyers: Scene) -> None:
    worker = asks(two_lawyers)
    picks_up(two_lawyers, "bos").presses("5")
    worker.hears("ander gebied")
    worker.is_idle(within=60)
    over(two_lawyers)
    assert end_of(two_lawyers) == ("callback", "missed")


@pytest.mark.parametrize(("keys", "state"), [("0", "silent"), ("7", "silent"), ("01", "talked"), ("71", "talked")])
def test_an_explanation_or_a_wrong_key_is_answered_once(two_lawyers: Scene, keys: str, state: str) -> None:
    worker = asks(two_lawyers)
    bos = picks_up(two_lawyers, "bos")
    bos.presses(keys[0])
    bos.hears("2: over tien minuten. 3: pas in mijn volgende dienst." if keys[0] == "0" else "Die toets ken ik niet.")
    bos.presses(keys[1:] or keys)
    two_lawyers.network.forward(2)
    assert Offer.objects.order_by("pk")[0].state == ("taken" if state == "talked" else state)
    worker.hangs_up()
    over(two_lawyers)


def test_every_key_of_a_lawyer_is_kept_with_her_name(two_lawyers: Scene) -> None:
    asks(two_lawyers)
    picks_up(two_lawyers, "bos").presses("4")
    takes(two_lawyers, "chen")
    over(two_lawyers)
    assert list(Offer.objects.order_by("pk").values_list("lawyer__name", "key")) == [("Bos", "4"), ("Chen", "1")]
