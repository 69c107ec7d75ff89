"""Numbers that we do not know: codes, refusals, and a way for a professional."""

from __future__ import annotations

from directory.services import set_dial_code
from hotline.models import Call, Callback, Offer
from tests import builders
from tests.network import Person
from tests.stories.conftest import LINE, Scene
from tests.stories.ending import end_of, over
from tests.stories.moves import takes

WRONG = "12345678"


def a_stranger(scene: Scene) -> Person:
    return scene.network.person("+31600000999", "stranger")


def calls_with_three_wrong_codes(stranger: Person) -> None:
    stranger.dials(LINE)
    stranger.hears("Piketlijn. Toets je code van 8 cijfers.")
    stranger.presses(WRONG)
    stranger.hears("Die code klopt niet. Probeer het nog een keer.")
    stranger.presses(WRONG)
    stranger.hears("Die code klopt niet.")
    stranger.presses(WRONG)
    stranger.hears("Deze lijn is voor professionals. Hulp nodig? Bel het Juridisch Loket, 0800 8020.")


def test_three_wrong_codes_are_refused_and_counted(two_lawyers: Scene) -> None:
    stranger = a_stranger(two_lawyers)
    for _ in range(3):
        calls_with_three_wrong_codes(stranger)
        stranger.is_idle(within=40)
        assert end_of(two_lawyers) == ("withdrawn", "refused")
    stranger.dials(LINE)
    stranger.is_idle()
    assert [line.kind for line in stranger.phone.lines][-2:] == ["call", "end"]
    assert stranger.phone.lines[-1].text == "busy"
    assert Call.objects.count() == 3
    two_lawyers.network.forward(3600)
    stranger.dials(LINE)
    stranger.hears("Toets je code van 8 cijfers.")
    stranger.hangs_up()
    over(two_lawyers)
    assert not Offer.objects.exists()


def test_a_known_worker_is_never_limited(two_lawyers: Scene) -> None:
    worker = two_lawyers.phone("worker")
    for _ in range(4):
        worker.dials(LINE)
        worker.hears("Toets 1 voor huur")
        worker.hangs_up()
    over(two_lawyers)
    assert Call.objects.count() == 4


def test_a_right_code_from_any_phone_names_the_worker(two_lawyers: Scene) -> None:
    code = builders.a_code()
    person = builders.a_worker("Wies Werker")
    set_dial_code(person_id=person.pk, code=code)
    elsewhere = two_lawyers.network.person("+31600000998", "elsewhere")
    elsewhere.dials(LINE, withheld=True)
    elsewhere.hears("Toets je code")
    elsewhere.presses(WRONG)
    elsewhere.hears("Die code klopt niet")
    elsewhere.presses(code)
    elsewhere.hears("Toets 1 voor huur")
    elsewhere.presses("1")
    bos = two_lawyers.phone("bos")
    bos.is_ringing()
    bos.picks_up()
    bos.presses("1")
    two_lawyers.network.talking(elsewhere, bos)
    elsewhere.hangs_up()
    over(two_lawyers)
    call = Call.objects.get()
    assert (call.worker, call.consultation.asker) == (person, person)
    assert code not in str(call.memory)


def test_a_code_is_nowhere_in_what_is_kept(two_lawyers: Scene) -> None:
    code = builders.a_code()
    set_dial_code(person_id=builders.a_worker("Wies Werker").pk, code=code)
    stranger = a_stranger(two_lawyers)
    stranger.dials(LINE)
    stranger.presses(WRONG)
    stranger.presses(code)
    stranger.hears("Toets 1 voor huur")
    call = Call.objects.get()
    kept = " ".join(f"{event.key} {event.data} {event.answer}" for event in call.events.all()) + str(call.memory)
    assert code not in kept
    assert WRONG not in kept
    over(two_lawyers)


def test_an_unverified_number_is_asked_for_its_code(two_lawyers: Scene) -> None:
    unsure = two_lawyers.add("unsure", builders.a_worker("Ward", verified=False))
    unsure.dials(LINE)
    unsure.hears("Toets je code van 8 cijfers")
    over(two_lawyers)


def test_a_professional_without_a_code_is_called_by_a_coordinator_once_a_day(two_lawyers: Scene) -> None:
    stranger = a_stranger(two_lawyers)
    for _ in range(2):
        calls_with_three_wrong_codes(stranger)
        stranger.hears("Toets 1, dan belt een coördinator.")
        stranger.presses("1")
        stranger.is_idle(within=20)
    over(two_lawyers)
    assert end_of(two_lawyers) == ("callback", "stranger")
    ticket = Callback.objects.get()
    assert (ticket.state, ticket.why, ticket.number) == ("coordinator", "stranger", stranger.number)
    assert "sms" not in stranger.heard
    assert stranger.texts == []


def test_three_times_silence_at_the_code_hangs_up(two_lawyers: Scene) -> None:
    stranger = a_stranger(two_lawyers)
    stranger.dials(LINE)
    stranger.is_idle(within=60)
    over(two_lawyers)
    assert end_of(two_lawyers) == ("withdrawn", "no_choice")
    assert stranger.heard.count("code") == 3


def test_somebody_who_is_no_worker_is_asked_for_a_code(two_lawyers: Scene) -> None:
    bos = two_lawyers.phone("bos")
    bos.dials(LINE)
    bos.hears("Toets je code")
    bos.hangs_up()
    takes_after(two_lawyers)
    over(two_lawyers)


def takes_after(scene: Scene) -> None:
    """The line still works for everybody else."""
    worker = scene.phone("worker")
    worker.dials(LINE)
    worker.presses("1")
    takes(scene, "bos")
