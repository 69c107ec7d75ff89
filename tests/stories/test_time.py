"""Opening hours, holidays, the end of a duty, midnight and the two nights on which the clock is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from directory.services import set_dial_code
from hotline.models import Call, Callback, Consultation
from integrations import clock
from rosters import services as rosters
from rosters.models import Desk
from tests import builders
from tests.network import Person
from tests.stories.conftest import LINE, Scene
from tests.stories.ending import end_of, offers, over
from tests.stories.moves import asks, picks_up, takes

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OFFICE = "+31850000002"


def wall(text: str) -> datetime:
    """A moment on the clock in Amsterdam."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


def calls_the_office(scene: Scene, name: str = "worker") -> Person:
    worker = scene.phone(name)
    worker.dials(OFFICE)
    return worker


@pytest.fixture
def office(scene: Scene) -> Scene:
    """A line with office hours, closed on holidays, and its desk."""
    line = builders.a_line("Kantooruren", number=OFFICE)
    builders.a_desk(line, "Kantoor huur")
    return scene


def works_there(scene: Scene, name: str, position: int = 1) -> None:
    """A lawyer with a duty at the office from an hour ago for four hours."""
    scene.lawyer(name, Desk.objects.get(name="Kantoor huur"), position)


def test_closed_line_key_1_makes_ticket_for_first_opening_minute(office: Scene) -> None:
    clock.move_to(wall("2027-03-27T11:00"))  # the Saturday before Easter
    worker = calls_the_office(office)
    worker.hears("Piketlijn. We zijn nu dicht. Dinsdag om 9 uur zijn we weer open. Zullen we je dan bellen? Toets 1.")
    worker.presses("1")
    worker.hears("Afgesproken. Je krijgt een sms.")
    worker.gets_sms("Piket: we bellen je terug: di 30 mrt 9:00.")
    promise = Callback.objects.get()
    assert promise.due_at == wall("2027-03-30T09:00")
    assert (promise.state, promise.why, promise.consultation) == ("waiting", "closed", None)
    assert end_of(office) == ("callback", "closed")

    clock.move_to(wall("2027-03-30T08:59:50"))
    works_there(office, "bos")
    bos = picks_up(office, "bos", within=15)
    bos.presses("1")
    worker.is_ringing()
    worker.picks_up()
    worker.presses("1")
    office.network.talking(worker, bos)
    office.network.forward(10)
    over(office)
    assert Consultation.objects.get().asker == office.people["worker"]


@pytest.mark.parametrize(
    ("moment", "spoken"),
    [
        ("2026-11-20T17:00", "Maandag om 9 uur zijn we weer open."),
        ("2026-11-19T07:30", "Vandaag om 9 uur zijn we weer open."),
        ("2026-11-18T23:59", "Morgen om 9 uur zijn we weer open."),
        ("2026-12-24T18:00", "Maandag om 9 uur zijn we weer open."),
        ("2027-04-30T17:00", "Maandag om 9 uur zijn we weer open."),
        ("2027-05-04T17:00", "Vrijdag om 9 uur zijn we weer open."),
    ],
)
def test_the_opening_is_spoken_as_people_say_it(office: Scene, moment: str, spoken: str) -> None:
    """Liberation day is a holiday every year here; in 2027 Ascension day follows it."""
    clock.move_to(wall(moment))
    worker = calls_the_office(office)
    worker.hears(spoken)
    over(office)
    assert end_of(office) == ("withdrawn", "hung_up")


def test_silence_at_a_closed_line_is_withdrawn(office: Scene) -> None:
    clock.move_to(wall("2026-11-21T11:00"))
    worker = calls_the_office(office)
    worker.is_idle(within=30)
    over(office)
    assert end_of(office) == ("withdrawn", "no_choice")
    assert not Callback.objects.exists()


def test_who_is_not_known_at_a_closed_line_is_asked_who_he_is(office: Scene) -> None:
    clock.move_to(wall("2026-11-21T11:00"))
    code = builders.a_code()
    person = builders.a_worker("Wies")
    set_dial_code(person_id=person.pk, code=code)
    stranger = office.network.person("+31600000997", "stranger")
    stranger.dials(OFFICE)
    stranger.presses("1")
    stranger.hears("Toets je code van 8 cijfers")
    stranger.presses(code)
    stranger.hears("Afgesproken")
    over(office)
    promise = Callback.objects.get()
    assert (promise.worker, promise.due_at) == (person, wall("2026-11-23T09:00"))


def test_line_closes_and_duty_ends_while_ringing(office: Scene) -> None:
    """The phone rings at 17:00: who was rung on duty may take it, and the caller who got in is helped."""
    clock.move_to(wall("2026-11-18T13:00:05"))
    works_there(office, "bos")  # until 16:00:05, an hour ago for four
    clock.move_to(wall("2026-11-18T15:59:55"))
    worker = calls_the_office(office)
    worker.presses("1")
    office.network.forward(12)
    bos = picks_up(office, "bos")
    bos.presses("1")
    office.network.talking(worker, bos)
    over(office)
    assert offers() == [("bos", "talked")]


def test_a_call_that_came_in_before_closing_is_rung_on_after_it(office: Scene) -> None:
    clock.move_to(wall("2026-11-18T15:00"))
    works_there(office, "bos")
    works_there(office, "chen", 2)
    clock.move_to(wall("2026-11-18T16:59:50"))
    worker = calls_the_office(office)
    worker.presses("1")
    office.phone("bos").is_ringing()
    worker.hears("Nog geen gehoor", within=25)
    takes(office, "chen")
    over(office)
    assert end_of(office) == ("connected", "talked")


def test_slots_after_closing_are_those_of_the_next_opening(office: Scene) -> None:
    clock.move_to(wall("2026-11-20T16:50"))
    worker = calls_the_office(office)
    worker.presses("1")
    worker.hears("We bellen je maandag om 9 uur 20. Goed? Toets 1. Liever dinsdag om 9 uur? Toets 2.")
    over(office)


def test_a_pause_that_starts_while_she_rings_is_for_later(two_lawyers: Scene) -> None:
    asks(two_lawyers)
    two_lawyers.phone("bos").is_ringing()
    rosters.pause(person_id=two_lawyers.people["bos"].pk, source="page", minutes=15)
    takes(two_lawyers, "bos")
    over(two_lawyers)
    assert offers() == [("bos", "talked")]


@pytest.mark.parametrize(
    ("start", "spoken", "due"),
    [
        ("2026-11-18T23:50", "morgen om 0 uur 20", "2026-11-19T00:20"),
        ("2027-03-28T01:50", "om 3 uur 20", "2027-03-28T03:20"),  # an hour is skipped
        ("2027-10-31T01:50", "om 2 uur 20", "2027-10-31T02:20"),  # the first of two times 2:20
    ],
)
def test_a_promise_over_midnight_and_over_a_change_of_the_clock(
    scene: Scene, start: str, spoken: str, due: str
) -> None:
    builders.a_desk(scene.line, "Walcheren huur")
    clock.move_to(wall(start))
    worker = scene.phone("worker")
    worker.dials(LINE)
    worker.presses("1")
    worker.hears(f"We bellen je {spoken}. Goed?")
    worker.presses("1")
    over(scene)
    promise = Callback.objects.get()
    assert promise.due_at == wall(due)
    assert promise.due_at - Call.objects.get().started_at == timedelta(minutes=30)


@pytest.mark.parametrize("start", ["2026-11-18T23:59:50", "2027-03-28T01:59:50", "2027-10-31T02:59:50"])
def test_a_call_over_midnight_and_over_a_change_of_the_clock(scene: Scene, start: str) -> None:
    clock.move_to(wall(start))
    desk = builders.a_desk(scene.line, "Nacht huur")
    scene.lawyer("bos", desk, 1)
    scene.lawyer("chen", desk, 2)
    worker = asks(scene)
    worker.hears("Nog geen gehoor", within=25)
    takes(scene, "chen")
    over(scene)
    assert offers() == [("bos", "missed"), ("chen", "talked")]


def test_a_notice_is_spoken_after_the_first_word(scene: Scene) -> None:
    scene.lawyer("bos", builders.a_desk(scene.line, "Walcheren huur"))
    rosters.set_notice(line_id=scene.line.pk, text="Drukte vandaag.", until=clock.now() + timedelta(hours=1))
    worker = scene.phone("worker")
    worker.dials(LINE)
    worker.hears("Piketlijn. Drukte vandaag. Toets 1 voor huur.")
    over(scene)
