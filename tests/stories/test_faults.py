"""When we fail, or the vendor does: the caller always hears something, and nothing asked is lost.

The file is long because each place that can fail has its own story.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from hotline.models import Call, Callback, Consultation, Offer, Ticket
from hotline.phone import faults
from tests.network import Person
from tests.stories.by_hand import dialled, key, leg_of, post, status, text
from tests.stories.conftest import LINE, Scene, with_two_lawyers
from tests.stories.ending import end_of, everything, offers, over
from tests.stories.moves import asks, picks_up, takes
from tests.stories.test_promises import at, joins, promised_by_bos

FALLBACK = "+31850000009"
OURS = ["failed at", "voice failed", "status of leg", "sms failed", "Service Unavailable"]


@pytest.fixture(autouse=True)
def we_fail_on_purpose(no_errors: list[str], settings: Settings) -> None:
    no_errors += OURS
    settings.FALLBACK_NUMBER = FALLBACK


def fallback(scene: Scene) -> Person:
    return scene.network.person(FALLBACK, "fallback")


# --- The caller's leg -----------------------------------------------------------------------------------------------


def test_fault_twice_recovers(two_lawyers: Scene) -> None:
    worker = two_lawyers.phone("worker")
    worker.dials(LINE)
    two_lawyers.loses_database("/twilio/l/k", times=2)
    worker.presses("1")
    worker.hears("Een ogenblik.")
    worker.hears("Een ogenblik.")
    worker.hears("Toets 1 voor huur", within=5)
    worker.presses("1")
    takes(two_lawyers, "bos")
    over(two_lawyers)
    assert Call.objects.get().memory["faults"] == 1
    assert faults.take_spooled() == []


def test_thrice_dials_fallback(two_lawyers: Scene) -> None:
    """The third answer is made with the database down: it comes from the address alone."""
    worker = two_lawyers.phone("worker")
    worker.dials(LINE)
    before = everything()
    two_lawyers.loses_database("/twilio/l/k", times=3)
    worker.presses("1")
    worker.hears("Een ogenblik.")
    worker.hears("Een ogenblik.")
    worker.hears("Er is een storing. Ik verbind je door.")
    assert {**everything(), "tickets": []} == before  # but for the ticket of the spool
    helper = fallback(two_lawyers)
    helper.is_ringing()
    helper.picks_up()
    two_lawyers.network.talking(worker, helper)
    two_lawyers.network.forward(30)
    helper.hangs_up()
    over(two_lawyers)
    assert end_of(two_lawyers) == ("connected", "fallback")
    assert sorted(Ticket.objects.values_list("kind", flat=True)) == ["fallback", "fault"]


def test_nobody_at_the_fallback_number_is_a_coordinators_ticket(two_lawyers: Scene) -> None:
    worker = two_lawyers.phone("worker")
    worker.dials(LINE)
    two_lawyers.loses_database("/twilio/l/k", times=3)
    fallback(two_lawyers).behaves("busy")
    worker.presses("1")
    worker.hears("Er is een storing.")
    worker.hears("Het lukt nu niet. We bellen je terug.")
    over(two_lawyers)
    assert end_of(two_lawyers) == ("callback", "fallback")
    assert (Callback.objects.get().state, Callback.objects.get().why) == ("coordinator", "fault")


def test_without_a_fallback_number_the_fault_is_spoken_and_spooled(two_lawyers: Scene, settings: Settings) -> None:
    settings.FALLBACK_NUMBER = ""
    worker = two_lawyers.phone("worker")
    worker.dials(LINE)
    two_lawyers.loses_database("/twilio/l/k", times=3)
    worker.presses("1")
    worker.hears("Het lukt nu niet. We bellen je terug.")
    over(two_lawyers)
    assert Ticket.objects.filter(kind="fault").count() == 1


def test_a_fault_at_the_entrance_is_answered_without_a_row(two_lawyers: Scene) -> None:
    """The database is down from the first request: two moments, the fallback number, and a line in the spool."""
    worker = two_lawyers.phone("worker")
    two_lawyers.loses_database("/twilio/voice", times=99)
    worker.dials(LINE)
    worker.hears("Een ogenblik.")
    worker.hears("Een ogenblik.")
    worker.hears("Er is een storing. Ik verbind je door.")
    helper = fallback(two_lawyers)
    helper.is_ringing()
    helper.picks_up()
    two_lawyers.network.talking(worker, helper)
    sid = leg_of(worker).sid
    two_lawyers.loses_database(times=0)
    over(two_lawyers)
    assert not Call.objects.exists()
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.key, ticket.data["called"]) == ("fault", f"fault:{sid}", LINE)
    assert worker.number not in str(ticket.data)


def test_the_spool_is_one_line_that_becomes_one_ticket(two_lawyers: Scene) -> None:
    """Also when the sweep dies between writing the ticket and forgetting the line."""
    faults.spool("CA1", LINE)
    faults.spool("CA1", LINE)
    faults.spool("CA2", LINE)
    (line, _same, _other) = (configured.VAR_DIR / faults.SPOOL).read_text(encoding="utf-8").splitlines()
    assert json.loads(line).keys() == {"at", "call", "called", "leg"}
    first = faults.take_spooled()
    faults.spool("CA3", LINE)
    assert faults.take_spooled() == first
    two_lawyers.look()
    two_lawyers.network.forward(6)
    two_lawyers.look()
    assert set(Ticket.objects.values_list("key", flat=True)) == {"fault:CA1", "fault:CA2", "fault:CA3"}
    assert faults.take_spooled() == []


def test_the_entrance_recovers_at_the_second_try(two_lawyers: Scene) -> None:
    worker = two_lawyers.phone("worker")
    two_lawyers.loses_database("/twilio/voice", times=1)
    worker.dials(LINE)
    worker.hears("Een ogenblik.")
    worker.hears("Toets 1 voor huur")
    worker.presses("1")
    takes(two_lawyers, "bos")
    over(two_lawyers)


def test_a_fault_that_returns_does_not_turn_in_a_circle(two_lawyers: Scene) -> None:
    """Each time the second try works; the third such fault of one call goes to the fallback number at once."""
    worker = two_lawyers.phone("worker")
    worker.dials(LINE)
    for _ in range(3):
        worker.hears("Toets 1 voor huur")
        two_lawyers.loses_database("/greet")
        worker.presses("1")
        worker.hears("Een ogenblik.")
    worker.hears("Er is een storing. Ik verbind je door.")
    assert Callback.objects.get().state == "coordinator"  # written before it was spoken
    helper = fallback(two_lawyers)
    helper.is_ringing()
    helper.picks_up()
    two_lawyers.network.talking(worker, helper)
    over(two_lawyers)
    assert end_of(two_lawyers) == ("connected", "fallback")
    assert Callback.objects.get().state == "withdrawn"


def test_a_fault_at_the_end_of_a_ring_rings_on(two_lawyers: Scene) -> None:
    worker = asks(two_lawyers)
    two_lawyers.loses_database("/dialled")
    worker.hears("Een ogenblik.", within=25)
    worker.hears("Nog geen gehoor")
    takes(two_lawyers, "chen")
    over(two_lawyers)
    assert offers() == [("bos", "missed"), ("chen", "talked")]


def test_a_fault_at_the_end_of_a_talk_asks_whether_there_was_one(two_lawyers: Scene) -> None:
    worker = asks(two_lawyers)
    bos = takes(two_lawyers, "bos")
    two_lawyers.network.forward(30)
    two_lawyers.loses_database("/dialled")
    bos.hangs_up()
    worker.hears("Een ogenblik.")
    worker.hears("Heb je de advocaat gesproken? 1 ja. 2 nee.")
    worker.presses("1")
    worker.hears("Ben je geholpen?")
    worker.presses("1")
    over(two_lawyers)
    assert end_of(two_lawyers) == ("connected", "talked")


def test_three_faults_while_a_lawyer_holds_the_accept_leave_her_free(two_lawyers: Scene) -> None:
    worker = asks(two_lawyers)
    bos = takes(two_lawyers, "bos")
    Call.objects.update(memory={**Call.objects.get().memory, "faults": 2})
    two_lawyers.loses_database("/dialled")
    bos.hangs_up()
    worker.hears("Er is een storing.")
    assert not Offer.objects.filter(ended_at__isnull=True).exists()
    worker.hangs_up()
    two_lawyers.network.forward(130)
    assert end_of(two_lawyers)[0] == "callback"


# --- The lawyer's leg -----------------------------------------------------------------------------------------------


def test_fault_on_key_1_never_bridges(two_lawyers: Scene) -> None:
    """She is asked again; the caller keeps ringing and nobody is joined by an answer of ours that failed."""
    worker = asks(two_lawyers)
    bos = picks_up(two_lawyers, "bos")
    two_lawyers.loses_database("/key")
    bos.presses("1")
    bos.hears("Een ogenblik.")
    two_lawyers.network.nobody_talks()
    assert Call.objects.get().state == "ring"
    bos.hears("Piket huur, Walcheren. Toets 1.")
    worker.hears_nothing_more()
    bos.presses("1")
    two_lawyers.network.talking(worker, bos)
    over(two_lawyers)
    assert offers() == [("bos", "talked")]


def test_a_lawyers_leg_that_fails_three_times_gets_a_text_and_the_next_is_rung(two_lawyers: Scene) -> None:
    worker = asks(two_lawyers)
    two_lawyers.loses_database("-1/", times=99)
    bos = two_lawyers.phone("bos")
    bos.is_ringing()
    bos.picks_up()
    bos.hears("Het lukt niet. Je krijgt een sms.")
    two_lawyers.loses_database(times=0)
    worker.hears("Nog geen gehoor")
    two_lawyers.look()
    bos.gets_sms("sorry, het lukte niet om PK-")
    takes(two_lawyers, "chen")
    over(two_lawyers)
    assert two_lawyers.network.bridges[0].callee.phone.name == "chen"
    assert Ticket.objects.filter(kind="fault").count() == 1


def test_a_status_that_fails_is_asked_again_and_changes_nothing(two_lawyers: Scene) -> None:
    asks(two_lawyers)
    leg = leg_of(two_lawyers.phone("bos"))
    before = everything()
    client = Client()
    with connection.execute_wrapper(refuses(0)):
        assert post(*status(leg, "busy", 2), client=client).status_code == 503
    assert everything() == before
    assert post(*status(leg, "busy", 2), client=client).status_code == 204


# --- Half a transaction is none -------------------------------------------------------------------------------------


def refuses(after: int) -> Any:
    """Lets `after` statements through; then the connection is gone."""
    left = [after]

    def execute(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if left[0] <= 0:
            raise OperationalError("server closed the connection unexpectedly")
        left[0] -= 1
        return run(sql, params, many, context)

    return execute


def breaks_at_every_statement(request: tuple[str, dict[str, str]]) -> None:
    """Whichever statement of this webhook fails, nothing of it stays, and the answer is 'one moment'."""
    before, n = everything(), 0
    while True:
        with connection.execute_wrapper(refuses(n)):
            answer = text(post(*request))
        if "Een ogenblik" not in answer:
            break
        assert "/again1</Redirect>" in answer
        assert everything() == before, f"statement {n} left something behind"
        n += 1
    assert n >= 4
    assert everything() != before


def test_whichever_statement_fails_nothing_is_half_done(shared_scene: Scene) -> None:
    town = with_two_lawyers(shared_scene)
    worker = town.phone("worker")
    worker.dials(LINE)
    breaks_at_every_statement(key(worker, "1"))
    worker.presses("1")
    bos = picks_up(town, "bos")
    breaks_at_every_statement(key(bos, "1"))
    bos.presses("1")
    town.network.talking(worker, bos)
    breaks_at_every_statement(dialled(worker, "completed", bridged=True, seconds=9))
    over(town)


def test_whichever_statement_fails_the_next_ring_is_whole(shared_scene: Scene) -> None:
    town = with_two_lawyers(shared_scene)
    worker = asks(town)
    breaks_at_every_statement(dialled(worker, "no-answer", bridged=False))
    assert offers() == [("bos", "missed"), ("chen", "ring")]


# --- REST -----------------------------------------------------------------------------------------------------------


def test_rest_create_times_out_and_her_phone_rings(two_lawyers: Scene) -> None:
    """The answer to our request got lost, but her phone rings: no second call, and the callback goes on."""
    promised_by_bos(two_lawyers)
    two_lawyers.network.misbehaves("lost", "Calls.json")
    at(two_lawyers, 40)
    assert Callback.objects.get().state == "placing"
    joins(two_lawyers, "bos")
    two_lawyers.network.forward(30)
    over(two_lawyers)
    assert placed(two_lawyers) == 1
    assert offers() == [("bos", "later"), ("bos", "talked")]


def test_rest_create_times_out_and_nothing_was_done(two_lawyers: Scene) -> None:
    """Unknown for a minute: nobody is rung until the vendor's list says that no phone rang."""
    promised_by_bos(two_lawyers)
    two_lawyers.network.misbehaves("swallowed", "Calls.json")
    at(two_lawyers, 40)
    two_lawyers.network.forward(58)
    assert placed(two_lawyers) == 1
    assert Callback.objects.get().state == "placing"
    two_lawyers.network.forward(200)
    joins(two_lawyers, "bos")
    two_lawyers.network.forward(10)
    over(two_lawyers)
    assert placed(two_lawyers) == 2
    assert offers() == [("bos", "later"), ("bos", "lapsed"), ("bos", "talked")]


def placed(scene: Scene) -> int:
    """How often we asked the vendor to ring somebody."""
    asked = [line.text for line in scene.network.engine.log if line.kind == "REST"]
    return sum("POST" in text and "Calls.json" in text for text in asked)


@pytest.mark.parametrize("kind", ["error", "too_many", "unreachable"])
def test_a_vendor_that_does_not_answer_is_asked_again(two_lawyers: Scene, kind: str) -> None:
    promised_by_bos(two_lawyers)
    two_lawyers.network.misbehaves(kind, "Calls.json")
    at(two_lawyers, 40)
    two_lawyers.network.forward(7)
    joins(two_lawyers, "bos")
    two_lawyers.network.forward(10)
    over(two_lawyers)
    assert offers() == [("bos", "later"), ("bos", "talked")]


def test_a_number_that_the_vendor_refuses_is_suspect_and_the_next_is_rung(two_lawyers: Scene) -> None:
    two_lawyers.phone("bos").behaves("silent")
    two_lawyers.phone("chen").behaves("silent")
    worker = asks(two_lawyers)
    two_lawyers.network.forward(12)
    worker.hangs_up()
    due = Callback.objects.get().due_at
    assert due is not None
    two_lawyers.network.misbehaves("refuse", "Calls.json")
    two_lawyers.network.forward((due - two_lawyers.network.engine.now).total_seconds())
    two_lawyers.phone("chen").is_ringing(within=5)
    assert offers()[1:] == [("bos", "bad_number"), ("chen", "ring")]
    assert Ticket.objects.filter(kind="bad_number").count() == 1
    two_lawyers.network.forward(100)


def test_a_refused_redirect_ends_the_call_with_an_alarm(two_lawyers: Scene) -> None:
    asks(two_lawyers)
    two_lawyers.network.misbehaves("drop", "/dialled")
    two_lawyers.network.misbehaves("refuse", "/Calls/", times=6)
    two_lawyers.network.forward(90)
    over(two_lawyers, bad_vendor=True)
    assert end_of(two_lawyers)[0] == "callback"
    assert "vendor_refused" in set(Ticket.objects.values_list("kind", flat=True))


# --- The bridge -----------------------------------------------------------------------------------------------------


def test_bridge_unknown_asks(two_lawyers: Scene) -> None:
    worker = asks(two_lawyers)
    bos = takes(two_lawyers, "bos")
    two_lawyers.network.forward(30)
    two_lawyers.network.misbehaves("no_bridged")
    bos.hangs_up()
    worker.hears("Heb je de advocaat gesproken? 1 ja. 2 nee.")
    worker.presses("1")
    worker.hears("Ben je geholpen?")
    worker.presses("2")
    over(two_lawyers)
    assert end_of(two_lawyers) == ("connected", "talked")
    assert Consultation.objects.get().status == "answered"


def test_bridge_unknown_and_not_spoken_rings_on(two_lawyers: Scene) -> None:
    worker = asks(two_lawyers)
    bos = takes(two_lawyers, "bos")
    two_lawyers.network.misbehaves("no_bridged")
    bos.hangs_up()
    worker.hears("Heb je de advocaat gesproken?")
    worker.presses("2")
    takes(two_lawyers, "chen")
    over(two_lawyers)
    assert offers() == [("bos", "unbridged"), ("chen", "talked")]


def test_bridge_without_key_alarms(two_lawyers: Scene) -> None:
    """Must not happen: the vendor says that the two were joined, and she never pressed 1."""
    worker = asks(two_lawyers)
    picks_up(two_lawyers, "bos")
    answer = text(post(*dialled(worker, "completed", bridged=True, seconds=40)))
    assert two_lawyers.phone("chen").number in answer
    assert offers() == [("bos", "silent"), ("chen", "ring")]
    assert Ticket.objects.get().kind == "no_bridge_key"
    assert not Offer.objects.filter(accepted_at__isnull=False).exists()
