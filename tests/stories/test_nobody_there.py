"""Phones that nobody answers, and callers who leave."""

from __future__ import annotations

from datetime import timedelta

from hotline.models import Call, Callback, Consultation, Offer, Ticket
from integrations import clock
from tests import builders
from tests.stories.conftest import LINE, Scene
from tests.stories.ending import end_of, offers, over
from tests.stories.moves import asks, picks_up, takes


def test_voicemail_picks_up_and_never_hears_the_caller(two_lawyers: Scene) -> None:
    bos = two_lawyers.phone("bos")
    bos.behaves("off")
    worker = asks(two_lawyers)
    worker.hears("Nog geen gehoor", within=20)
    takes(two_lawyers, "chen")
    two_lawyers.network.forward(10)
    dialled = two_lawyers.network.webhooks("dialled")
    assert "'DialCallStatus': 'completed'" in dialled[0]
    assert "'DialBridged': 'false'" in dialled[0]
    assert [bridge.callee.phone.name for bridge in two_lawyers.network.bridges] == ["chen"]
    assert bos.phone.lines[-1].text == "completed"
    over(two_lawyers)
    assert offers() == [("bos", "silent"), ("chen", "talked")]


def test_the_word_answered_for_a_voicemail_is_not_believed_either(two_lawyers: Scene) -> None:
    two_lawyers.phone("bos").behaves("off")
    two_lawyers.network.misbehaves("lie")
    asks(two_lawyers).hears("Nog geen gehoor", within=20)
    assert "'DialCallStatus': 'answered'" in two_lawyers.network.webhooks("dialled")[0]
    takes(two_lawyers, "chen")
    over(two_lawyers)
    assert offers() == [("bos", "silent"), ("chen", "talked")]


def test_busy_then_bad_number_then_taken(two_lawyers: Scene) -> None:
    desk = builders.a_desk(two_lawyers.line, "Walcheren alles", areas="*")
    two_lawyers.lawyer("dirk", desk)
    two_lawyers.phone("bos").behaves("busy")
    two_lawyers.phone("chen").behaves("bad")
    for _ in range(2):
        worker = asks(two_lawyers)
        takes(two_lawyers, "dirk", within=20)
        worker.hangs_up()
        two_lawyers.network.forward(125)  # Dirk wraps up for two minutes
    over(two_lawyers)
    assert offers() == [("bos", "busy"), ("chen", "bad_number"), ("dirk", "talked")] * 2
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.person) == ("bad_number", two_lawyers.people["chen"])
    assert two_lawyers.people["chen"].numbers.get(is_primary=True).suspect_at is not None


def test_nobody_answers_choice_before_cap(two_lawyers: Scene) -> None:
    for name in ("bos", "chen"):
        two_lawyers.phone(name).behaves("silent")
    worker = asks(two_lawyers)
    worker.hears("Nog geen gehoor", within=40)
    worker.hears("Er is nu niemand vrij. We bellen je om 11 uur 5. Goed?", within=90)
    call, promise = Call.objects.get(), Callback.objects.get()
    assert call.state == "choice"
    spoken = next(line.at for line in worker.phone.lines if "niemand vrij" in line.text)
    assert promise.created_at <= spoken
    assert call.cap_at is not None
    assert spoken <= call.cap_at
    assert promise.due_at == clock.now().replace(hour=10, minute=5, second=0, microsecond=0)
    worker.presses("1")
    worker.hears("Afgesproken. Je krijgt een sms.")
    worker.gets_sms("we bellen je over PK-")
    over(two_lawyers)
    assert end_of(two_lawyers) == ("callback", "nobody_free")
    assert Callback.objects.get().state == "waiting"
    assert offers() == [("bos", "missed"), ("chen", "missed")] * 2
    assert list(Offer.objects.order_by("pk").values_list("ring_seconds", flat=True)) == [20, 20, 20, 10]


def test_rather_tomorrow_and_no_longer_needed(two_lawyers: Scene) -> None:
    for name in ("bos", "chen"):
        two_lawyers.phone(name).behaves("off")
    worker = asks(two_lawyers)
    worker.hears("Liever morgen om 9 uur? Toets 2.", within=90)
    worker.presses("2")
    worker.gets_sms("morgen 9:00")
    two_lawyers.network.forward(5)
    assert Callback.objects.get().due_at == clock.now().replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(
        days=1
    )
    asks(two_lawyers)
    worker.hears("Niet meer nodig? Toets 3.", within=90)
    worker.presses("3")
    worker.hears("Dank je wel")
    over(two_lawyers)
    assert end_of(two_lawyers) == ("withdrawn", "not_needed")
    assert [one.state for one in Callback.objects.order_by("pk")] == ["waiting", "withdrawn"]
    assert Consultation.objects.latest("pk").status == "withdrawn"


def test_hang_up_while_ringing_makes_callback(two_lawyers: Scene) -> None:
    worker, bos = asks(two_lawyers), two_lawyers.phone("bos")
    bos.is_ringing()
    two_lawyers.network.forward(12)
    worker.hangs_up()
    bos.is_not_ringing()
    worker.gets_sms("we bellen je over PK-")
    over(two_lawyers)
    assert end_of(two_lawyers) == ("callback", "missed")
    assert offers() == [("bos", "stopped")]
    assert (Callback.objects.get().why, Callback.objects.get().lawyer_id) == ("missed", None)


def test_hang_up_within_ten_seconds_is_only_withdrawn(two_lawyers: Scene) -> None:
    worker, bos = asks(two_lawyers), two_lawyers.phone("bos")
    bos.is_ringing()
    two_lawyers.network.forward(9)
    worker.hangs_up()
    bos.is_not_ringing()
    over(two_lawyers)
    assert end_of(two_lawyers) == ("withdrawn", "short")
    assert not Callback.objects.exists()
    assert Consultation.objects.get().status == "withdrawn"
    assert offers() == [("bos", "stopped")]


def test_caller_gone_in_accept_window(two_lawyers: Scene) -> None:
    worker = asks(two_lawyers)
    two_lawyers.network.forward(3)
    bos = picks_up(two_lawyers, "bos")
    bos.presses("1")
    bos.hears("Verbonden")
    assert Call.objects.get().state == "talk"
    worker.hangs_up()
    two_lawyers.network.nobody_talks()
    bos.gets_sms("de beller van PK-")
    over(two_lawyers)
    assert two_lawyers.network.bridges == []
    assert offers() == [("bos", "unbridged")]
    assert end_of(two_lawyers) == ("callback", "missed")
    assert Callback.objects.get().lawyer == two_lawyers.people["bos"]
    assert "we bellen je over PK-" in worker.texts[-1]


def test_key_1_after_the_caller_left_is_told_so(two_lawyers: Scene) -> None:
    worker, bos = asks(two_lawyers), two_lawyers.phone("bos")
    two_lawyers.network.forward(12)
    picks_up(two_lawyers, "bos")
    two_lawyers.network.misbehaves("orphan", seconds=20)
    worker.hangs_up()
    bos.presses("1")
    bos.hears("De beller heeft opgehangen. Je krijgt een sms.")
    bos.gets_sms("de beller van PK-")
    over(two_lawyers)
    assert two_lawyers.network.bridges == []
    assert offers() == [("bos", "stopped")]
    assert end_of(two_lawyers) == ("callback", "missed")


def test_picking_up_after_the_caller_left_is_told_so(two_lawyers: Scene) -> None:
    worker, bos = asks(two_lawyers), two_lawyers.phone("bos")
    two_lawyers.network.forward(12)
    bos.is_ringing()
    two_lawyers.network.misbehaves("delay", "/whisper", seconds=1)
    two_lawyers.network.misbehaves("orphan", seconds=20)
    bos.picks_up()
    worker.hangs_up()
    bos.hears("De beller heeft opgehangen. Je krijgt een sms.")
    bos.gets_sms("de beller van PK-")
    over(two_lawyers)
    assert end_of(two_lawyers) == ("callback", "missed")


def test_the_lawyer_who_hangs_up_in_the_whisper_is_passed_over(two_lawyers: Scene) -> None:
    asks(two_lawyers)
    picks_up(two_lawyers, "bos").hangs_up()
    takes(two_lawyers, "chen")
    over(two_lawyers)
    assert offers() == [("bos", "silent"), ("chen", "talked")]


def test_nobody_on_duty_is_a_promise_at_once(scene: Scene) -> None:
    builders.a_desk(scene.line, "Walcheren huur")
    worker = scene.phone("worker")
    worker.dials(LINE)
    worker.presses("1")
    worker.hears("Er is nu niemand vrij", within=1)
    worker.hangs_up()
    worker.gets_sms("we bellen je over PK-")
    over(scene)
    assert end_of(scene) == ("callback", "nobody_free")
    assert not Offer.objects.exists()
