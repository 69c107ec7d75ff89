"""Callbacks: promised by the line, promised by a lawyer, kept, moved and given back."""

from __future__ import annotations

from datetime import timedelta

from hotline.models import Call, Callback, Consultation, Offer, Outcome, Ticket
from hotline.phone import callbacks
from integrations import clock
from tests import builders
from tests.stories.conftest import Scene
from tests.stories.ending import end_of, offers, over
from tests.stories.moves import asks, picks_up, takes


def promised_by_bos(scene: Scene) -> None:
    """Bos pressed 2 at 10:30 and the worker agreed: at 10:40 the line rings her first."""
    worker = asks(scene)
    bos = picks_up(scene, "bos")
    bos.presses("2")
    bos.hears("Goed. We bellen je om 10 uur 40.")
    worker.hears("De advocaat belt je om 10 uur 40. Goed? Toets 1. Liever nu verder zoeken? Toets 2.")
    worker.presses("1")
    worker.hears("Afgesproken. Je krijgt een sms.")
    worker.is_idle(within=5)


def at(scene: Scene, minute: int) -> None:
    """Let time pass until ten past ... in this hour."""
    moment = clock.now().replace(minute=minute, second=0, microsecond=0)
    scene.network.forward((moment - clock.now()).total_seconds())


def joins(scene: Scene, name: str) -> None:
    """She takes the callback with 1, and so does the worker."""
    worker, lawyer = scene.phone("worker"), picks_up(scene, name)
    lawyer.presses("1")
    lawyer.hears("Ik bel nu.")
    worker.is_ringing()
    worker.picks_up()
    worker.hears("Piketlijn. De advocaat is aan de lijn. Toets 1.")
    worker.presses("1")
    scene.network.talking(worker, lawyer)


def test_key_2_agreed_both_rung_after_ten_minutes(two_lawyers: Scene) -> None:
    promised_by_bos(two_lawyers)
    worker, bos = two_lawyers.phone("worker"), two_lawyers.phone("bos")
    assert end_of(two_lawyers) == ("callback", "promised")
    bos.gets_sms("Tijd: 10:40. We bellen eerst jou, dan de vrager van PK-")
    worker.gets_sms("we bellen je over PK-")
    at(two_lawyers, 40)
    joins(two_lawyers, "bos")
    assert Consultation.objects.get().status == "in_conversation"
    two_lawyers.network.forward(60)
    worker.hangs_up()
    bos.hears("Het gesprek is klaar. 1 beantwoord. 2 vervolg. 3 overdragen. 4 ander gebied. 9 later.")
    bos.presses("1")
    bos.hears("Dank je wel")
    over(two_lawyers)
    assert Callback.objects.get().state == "done"
    assert Consultation.objects.get().status == "answered"
    assert Outcome.objects.get(side="lawyer").value == "answered"
    assert offers() == [("bos", "later"), ("bos", "talked")]
    assert [one.round for one in Offer.objects.order_by("pk")] == [1, 2]


def test_key_2_search_goes_on_other_takes(two_lawyers: Scene) -> None:
    worker = asks(two_lawyers)
    bos = picks_up(two_lawyers, "bos")
    bos.presses("2")
    worker.hears("Liever nu verder zoeken? Toets 2.")
    worker.presses("2")
    takes(two_lawyers, "chen")
    assert Callback.objects.get().state == "waiting"
    two_lawyers.network.forward(30)
    over(two_lawyers)
    bos.gets_sms("je bent niet meer nodig voor PK-")
    assert end_of(two_lawyers) == ("connected", "talked")
    promise = Callback.objects.get()
    assert (promise.state, promise.end_reason) == ("done", "connected")
    two_lawyers.network.forward(660)
    bos.is_not_ringing()


def test_key_2_and_nobody_else_takes_it_keeps_the_promise(two_lawyers: Scene) -> None:
    two_lawyers.phone("chen").behaves("off")
    worker = asks(two_lawyers)
    picks_up(two_lawyers, "bos").presses("2")
    worker.hears("Liever nu verder zoeken? Toets 2.")
    worker.presses("2")
    worker.hears("Afgesproken", within=60)
    over(two_lawyers)
    assert end_of(two_lawyers) == ("callback", "promised")
    assert Callback.objects.get().lawyer == two_lawyers.people["bos"]


def test_a_second_lawyers_key_2_counts_as_silence(two_lawyers: Scene) -> None:
    worker = asks(two_lawyers)
    picks_up(two_lawyers, "bos").presses("2")
    worker.hears("Liever nu verder zoeken? Toets 2.")
    worker.presses("2")
    picks_up(two_lawyers, "chen").presses("2")
    worker.hears("Afgesproken", within=10)
    over(two_lawyers)
    assert offers() == [("bos", "later"), ("chen", "silent")]
    assert Callback.objects.count() == 1


def test_silence_and_hanging_up_agree_with_a_promise(two_lawyers: Scene) -> None:
    worker = asks(two_lawyers)
    picks_up(two_lawyers, "bos").presses("2")
    worker.hears("De advocaat belt je om 10 uur 40")
    worker.hangs_up()
    worker.gets_sms("10:40")
    over(two_lawyers)
    assert end_of(two_lawyers) == ("callback", "promised")


def test_promise_worker_absent_twice_then_coordinator(two_lawyers: Scene) -> None:
    promised_by_bos(two_lawyers)
    worker, bos = two_lawyers.phone("worker"), two_lawyers.phone("bos")
    worker.behaves("silent")
    at(two_lawyers, 40)
    for spoken, texted in (("10 uur 51", "10:51"), ("11 uur 2", "11:02"), ("", "")):
        picks_up(two_lawyers, "bos", within=660).presses("1")
        worker.is_ringing()
        if spoken:
            bos.hears(f"Geen gehoor. Nog eens om {spoken}? Toets 1. Geef je het terug? Toets 2.", within=40)
            bos.presses("1")
            bos.hears("Goed. We proberen het")
            worker.gets_sms(texted)
    bos.is_idle(within=60)
    worker.gets_sms("Een coördinator belt je.")
    over(two_lawyers)
    promise = Callback.objects.get()
    assert (promise.state, promise.worker_tries) == ("coordinator", 3)
    consultation = Consultation.objects.get()
    assert (consultation.next_owner_role, consultation.next_step) == ("coordinator", "coordinate")
    assert [state for _name, state in offers()] == ["later", "unbridged", "unbridged", "unbridged"]


def test_promise_lawyer_declines_list_at_once(two_lawyers: Scene) -> None:
    promised_by_bos(two_lawyers)
    worker = two_lawyers.phone("worker")
    at(two_lawyers, 40)
    bos = picks_up(two_lawyers, "bos")
    bos.presses("4")
    bos.hears("Goed. Jij en je kantoor krijgen deze vraag niet.")
    worker.is_not_ringing()
    worker.gets_sms("wordt iets later")
    joins(two_lawyers, "chen")
    two_lawyers.network.forward(10)
    over(two_lawyers)
    assert offers() == [("bos", "later"), ("bos", "conflict"), ("chen", "talked")]


def test_who_promised_is_rung_again_after_three_minutes_and_then_the_list(two_lawyers: Scene) -> None:
    promised_by_bos(two_lawyers)
    bos, chen = two_lawyers.phone("bos"), two_lawyers.phone("chen")
    bos.behaves("silent")
    at(two_lawyers, 40)
    bos.is_ringing()
    two_lawyers.network.forward(40)
    bos.is_not_ringing()
    chen.is_not_ringing()
    two_lawyers.network.forward(170)
    bos.is_ringing(within=20)
    chen.is_ringing(within=60)
    joins(two_lawyers, "chen")
    two_lawyers.network.forward(10)
    over(two_lawyers)
    assert offers() == [("bos", "later"), ("bos", "missed"), ("bos", "missed"), ("chen", "talked")]


def test_key_2_twice_more_gives_the_promise_back(two_lawyers: Scene) -> None:
    """'In ten minutes' once at the call, once more at the callback; the third time the list has it."""
    promised_by_bos(two_lawyers)
    bos, worker = two_lawyers.phone("bos"), two_lawyers.phone("worker")
    at(two_lawyers, 40)
    picks_up(two_lawyers, "bos").presses("2")
    bos.hears("Goed. We bellen je om 10 uur 50.")
    worker.gets_sms("het wordt later. We bellen je over PK-")
    at(two_lawyers, 50)
    picks_up(two_lawyers, "bos").presses("2")
    bos.hears("Goed. Een andere advocaat belt.")
    joins(two_lawyers, "chen")
    two_lawyers.network.forward(10)
    over(two_lawyers)
    assert offers()[1:] == [("bos", "later"), ("bos", "later"), ("chen", "talked")]


def test_the_lawyer_leaves_while_the_worker_rings(two_lawyers: Scene) -> None:
    promised_by_bos(two_lawyers)
    worker, bos = two_lawyers.phone("worker"), two_lawyers.phone("bos")
    at(two_lawyers, 40)
    picks_up(two_lawyers, "bos").presses("1")
    worker.is_ringing()
    bos.hangs_up()
    worker.is_not_ringing()
    two_lawyers.network.forward(185)
    joins(two_lawyers, "bos")
    two_lawyers.network.forward(10)
    over(two_lawyers)
    assert offers()[1:] == [("bos", "unbridged"), ("bos", "talked")]


def test_the_lawyer_leaves_in_the_workers_accept_window(two_lawyers: Scene) -> None:
    promised_by_bos(two_lawyers)
    worker, bos = two_lawyers.phone("worker"), two_lawyers.phone("bos")
    at(two_lawyers, 40)
    picks_up(two_lawyers, "bos").presses("1")
    worker.is_ringing()
    worker.picks_up()
    worker.hears("De advocaat is aan de lijn")
    two_lawyers.network.misbehaves("orphan", seconds=20)
    bos.hangs_up()
    worker.presses("1")
    worker.hears("De advocaat is weggevallen. We bellen je terug.")
    two_lawyers.network.forward(185)
    joins(two_lawyers, "bos")
    two_lawyers.network.forward(10)
    over(two_lawyers)


def test_the_workers_voicemail_is_never_joined_to_the_lawyer(two_lawyers: Scene) -> None:
    promised_by_bos(two_lawyers)
    two_lawyers.phone("worker").behaves("off")
    at(two_lawyers, 40)
    bos = picks_up(two_lawyers, "bos")
    bos.presses("1")
    bos.hears("Geen gehoor. Nog eens om 10 uur 5", within=60)
    bos.presses("2")
    bos.hears("Goed. Een andere advocaat belt.")
    over(two_lawyers)
    assert two_lawyers.network.bridges == []
    promise = Callback.objects.get()
    assert (promise.state, promise.lawyer_id, promise.worker_tries) == ("waiting", None, 1)


def test_an_empty_list_waits_ten_and_thirty_minutes_and_then_the_coordinator_has_it(two_lawyers: Scene) -> None:
    for name in ("bos", "chen"):
        two_lawyers.phone(name).behaves("busy")
    worker = asks(two_lawyers)
    worker.hears("We bellen je om 11 uur", within=90)
    worker.presses("1")
    due = Callback.objects.get().due_at
    assert due is not None
    found = []
    for _ in range(3):
        two_lawyers.network.forward((Callback.objects.get().due_at - clock.now()).total_seconds() + 120)
        promise = Callback.objects.get()
        found.append((promise.state, promise.attempt))
    assert found == [("waiting", 1), ("waiting", 2), ("coordinator", 2)]
    worker.gets_sms("Een coördinator belt je.")
    over(two_lawyers)


def test_the_worker_moves_and_withdraws_by_link(two_lawyers: Scene) -> None:
    promised_by_bos(two_lawyers)
    promise, person = Callback.objects.get(), two_lawyers.people["worker"]
    callbacks.move(callback_id=promise.pk, person_id=person.pk, due_at=clock.now() + timedelta(minutes=30))
    at(two_lawyers, 41)
    two_lawyers.phone("bos").is_not_ringing()
    callbacks.withdraw(callback_id=promise.pk, person_id=person.pk)
    over(two_lawyers)
    assert Consultation.objects.get().status == "withdrawn"
    two_lawyers.network.forward(1500)
    two_lawyers.phone("bos").is_not_ringing()
    two_lawyers.phone("chen").is_not_ringing()


def test_a_promise_outlives_the_duty_by_a_quarter_of_an_hour(two_lawyers: Scene) -> None:
    """Her duty ends at 13:30; what she promised for 13:40 she still keeps, what is due later goes to the list."""
    clock.move_to(clock.now().replace(hour=12, minute=29, second=30))
    worker = asks(two_lawyers)
    picks_up(two_lawyers, "bos").presses("2")
    worker.hears("om 13 uur 40")
    worker.presses("1")
    two_lawyers.network.forward(628)
    joins(two_lawyers, "bos")
    two_lawyers.network.forward(5)
    over(two_lawyers)
    assert offers() == [("bos", "later"), ("bos", "talked")]


def test_a_line_that_closed_meanwhile_calls_at_its_opening_and_says_so(scene: Scene) -> None:
    number = "+31850000002"
    office = builders.a_line("Kantooruren", number=number)
    desk = builders.a_desk(office, "Kantoor huur")
    clock.move_to(clock.now().replace(hour=15, minute=55))  # 16:55 in Amsterdam
    scene.lawyer("bos", desk)
    worker = scene.phone("worker")
    worker.dials(number)
    worker.presses("1")
    scene.network.forward(11)
    worker.hangs_up()
    promise = Callback.objects.get()
    assert promise.due_at == clock.now().replace(hour=8, minute=30, second=0) + timedelta(days=1)
    over(scene)


def test_the_call_and_the_callback_are_one_consultation(two_lawyers: Scene) -> None:
    promised_by_bos(two_lawyers)
    at(two_lawyers, 40)
    joins(two_lawyers, "bos")
    two_lawyers.network.forward(30)
    over(two_lawyers)
    assert Consultation.objects.count() == Call.objects.count() == Callback.objects.count() == 1
    assert not Ticket.objects.exists()
