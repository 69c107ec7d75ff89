"""The calls that go as they should, and what happens when the first lawyer does not answer."""

from __future__ import annotations

from hotline.models import Call, Consultation, Event, Offer, Outcome
from tests import builders
from tests.stories.conftest import LINE, Scene
from tests.stories.ending import end_of, offers, over


def test_rings_primary_key_1_talks_outcome_by_key(two_lawyers: Scene) -> None:
    worker, bos = two_lawyers.phone("worker"), two_lawyers.phone("bos")
    worker.dials(LINE)
    worker.hears("Piketlijn. Toets 1 voor huur. Anders: toets 2.")
    worker.presses("1")
    bos.is_ringing(within=0)
    worker.hears_nothing_more()
    two_lawyers.network.forward(7)
    bos.picks_up()
    bos.hears("Piket huur, Walcheren. Toets 1.")
    bos.presses("1")
    bos.hears("Verbonden")
    two_lawyers.network.talking(worker, bos)
    assert Call.objects.get().state == "talk"
    two_lawyers.network.forward(60)
    bos.hangs_up()
    worker.hears("Het gesprek is klaar. Ben je geholpen?")
    worker.presses("1")
    worker.hears("Dank je wel. Tot ziens.")
    bos.gets_sms("Wat is de uitkomst? Eén tik: ", within=130)
    over(two_lawyers)
    assert end_of(two_lawyers) == ("connected", "talked")
    assert offers() == [("bos", "talked")]
    assert Outcome.objects.get().value == "helped"
    assert Outcome.objects.get().side == "worker"
    assert len(two_lawyers.network.bridges) == 1


def test_both_sides_see_one_timeline(two_lawyers: Scene) -> None:
    worker, bos = two_lawyers.phone("worker"), two_lawyers.phone("bos")
    worker.dials(LINE)
    worker.presses("1")
    bos.picks_up()
    bos.presses("1")
    two_lawyers.network.talking(worker, bos)
    two_lawyers.network.forward(30)
    bos.hangs_up()
    worker.presses("2")
    two_lawyers.network.forward(5)
    reference = Consultation.objects.get().reference
    for_worker = timeline_of(two_lawyers, "worker", reference)
    for_lawyer = timeline_of(two_lawyers, "bos", reference)
    assert for_worker == for_lawyer
    assert len(for_worker) >= 3
    over(two_lawyers)


def timeline_of(scene: Scene, name: str, reference: str) -> list[str]:
    from hotline.consultations import queries

    found = queries.consultation_for(scene.people[name], reference)
    return [str(entry) for entry in found.timeline]


def test_silence_at_greeting_gives_menu_not_a_ring(two_lawyers: Scene) -> None:
    worker, bos = two_lawyers.phone("worker"), two_lawyers.phone("bos")
    worker.dials(LINE)
    worker.hears("Piketlijn. Kies een gebied.")
    bos.is_not_ringing()
    for _ in range(2):
        worker.hears("Ik hoorde geen keuze.", within=30)
    worker.is_idle(within=30)
    over(two_lawyers)
    assert not Offer.objects.exists()
    assert not Consultation.objects.exists()
    assert end_of(two_lawyers) == ("withdrawn", "menu")


def test_primary_rings_out_backup_takes(two_lawyers: Scene) -> None:
    worker, bos, chen = (two_lawyers.phone(name) for name in ("worker", "bos", "chen"))
    worker.dials(LINE)
    worker.presses("1")
    bos.is_ringing()
    two_lawyers.network.forward(19)
    bos.is_ringing()
    two_lawyers.network.forward(2)
    bos.is_not_ringing()
    worker.hears("Nog geen gehoor. Ik probeer de volgende.")
    chen.is_ringing()
    chen.picks_up()
    chen.presses("1")
    two_lawyers.network.talking(worker, chen)
    two_lawyers.network.forward(20)
    bos.gets_sms("oproep gemist")
    over(two_lawyers)
    assert offers() == [("bos", "missed"), ("chen", "talked")]
    first, second = Offer.objects.order_by("pk")
    assert (first.stage, first.position, second.position) == ("own", 1, 2)
    assert "tried" in str(second.decision.outcome["skipped"])


def test_the_worker_is_asked_by_link_when_she_hangs_up_first(two_lawyers: Scene) -> None:
    worker, bos = two_lawyers.phone("worker"), two_lawyers.phone("bos")
    worker.dials(LINE)
    worker.presses("1")
    bos.picks_up()
    bos.presses("1")
    two_lawyers.network.talking(worker, bos)
    two_lawyers.network.forward(45)
    worker.hangs_up()
    worker.gets_sms("Ben je geholpen? Eén tik: ")
    bos.gets_sms("Wat is de uitkomst? Eén tik: ", within=130)
    over(two_lawyers)
    assert end_of(two_lawyers) == ("connected", "talked")
    assert not Outcome.objects.exists()


def test_star_makes_it_urgent_once_and_zero_repeats(two_lawyers: Scene) -> None:
    worker, bos = two_lawyers.phone("worker"), two_lawyers.phone("bos")
    worker.dials(LINE)
    worker.presses("0")
    worker.hears("Piketlijn. Toets 1 voor huur.")
    worker.presses("*")
    worker.hears("Spoed. Piketlijn. Toets 1 voor huur.")
    worker.presses("*")
    worker.hears("Piketlijn. Toets 1 voor huur.")
    worker.presses("1")
    bos.is_ringing()
    bos.gets_sms("huur, Walcheren, nu")
    bos.picks_up()
    bos.hears("Piket huur, Walcheren, spoed. Toets 1.")
    over(two_lawyers)
    assert Consultation.objects.get().lane == "nu"


def test_an_area_without_a_desk_ends_with_its_own_sentence(two_lawyers: Scene) -> None:
    builders.a_desk(two_lawyers.line, "Landelijk", areas="*", regions=("landelijk",))
    worker = two_lawyers.phone("worker")
    worker.dials(LINE)
    worker.presses("2")
    worker.hears("9 meer")
    worker.presses("9")
    worker.hears("4 strafrecht. 9 weet ik niet.")
    worker.presses("4")
    worker.hears("Bel de Centrale Piketafdeling")
    worker.is_idle(within=20)
    over(two_lawyers)
    assert end_of(two_lawyers) == ("withdrawn", "signposted")
    assert not Consultation.objects.exists()


def test_who_does_not_know_the_area_is_called_by_a_coordinator(two_lawyers: Scene) -> None:
    builders.a_desk(two_lawyers.line, "Landelijk", areas="*", regions=("landelijk",))
    worker = two_lawyers.phone("worker")
    worker.dials(LINE)
    worker.presses("2")
    worker.presses("9")
    worker.hears("9 weet ik niet")
    worker.presses("9")
    worker.hears("Er is nu niemand vrij")
    worker.presses("1")
    worker.hears("Afgesproken")
    over(two_lawyers)
    assert end_of(two_lawyers)[0] == "callback"
    promise = Call.objects.get().callbacks.get()
    assert (promise.state, promise.why) == ("coordinator", "area_unknown")


def test_the_main_number_of_an_organisation_needs_no_code(two_lawyers: Scene) -> None:
    office = builders.a_loket("Stadsloket", main_number="+31115000111")
    desk = two_lawyers.network.person("+31115000111", "desk")
    bos = two_lawyers.phone("bos")
    desk.dials(LINE)
    desk.hears("Je belt namens Stadsloket. Toets je code, of wacht.")
    desk.hears("Kies een gebied.", within=20)
    desk.presses("1")
    bos.is_ringing()
    bos.picks_up()
    bos.presses("1")
    two_lawyers.network.talking(desk, bos)
    two_lawyers.network.forward(20)
    desk.hangs_up()
    over(two_lawyers)
    consultation = Consultation.objects.get()
    assert (consultation.asker_id, consultation.organisation_id) == (None, office.pk)
    assert consultation.next_owner_role == "organisation"


def test_more_than_one_region_is_asked_once_and_remembered(scene: Scene) -> None:
    builders.a_desk(scene.line, "Zwolle huur", regions=("zwolle",))
    desk = builders.a_desk(scene.line, "Walcheren huur")
    bos = scene.lawyer("bos", desk)
    loket = builders.a_loket("Reisloket", regions=("zwolle", "walcheren"))
    walker = scene.add("walker", builders.a_worker("Wiep", organisation=loket, usual_region=False))
    walker.dials(LINE)
    walker.hears("Welke regio?")
    heard = walker.heard
    key = "1" if "1 Walcheren" in heard else "2"
    walker.presses(key)
    walker.hears("Toets 1 voor huur")
    walker.presses("1")
    bos.is_ringing()
    walker.hangs_up()
    scene.network.forward(5)
    walker.dials(LINE)
    walker.hears("Piketlijn. Toets 1 voor huur.")
    over(scene)
    assert Event.objects.filter(kind="region").count() == 1
