"""Two at one moment, the same thing twice, and things out of order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hotline.models import Call, Consultation, Event, Offer
from integrations.lab import wire
from integrations.models import OutboxMessage
from tests import builders
from tests.concurrency import at_once
from tests.stories.by_hand import dialled, key, leg_of, post, posting, status, text
from tests.stories.conftest import LINE, Scene, with_two_lawyers
from tests.stories.ending import end_of, everything, offers, over
from tests.stories.moves import asks, picks_up, takes

# --- Two callers, one lawyer ----------------------------------------------------------------------------------------


def test_two_callers_one_lawyer(two_lawyers: Scene) -> None:
    two_lawyers.add("other", builders.a_worker("Olga"))
    asks(two_lawyers)
    asks(two_lawyers, "other")
    assert offers() == [("bos", "ring"), ("chen", "ring")]
    skipped = Offer.objects.latest("pk").decision.outcome["skipped"]
    assert [(skip["name"], skip["reason_code"]) for skip in skipped] == [("Bos", "ringing")]
    takes(two_lawyers, "bos", "worker")
    takes(two_lawyers, "chen", "other")
    over(two_lawyers)
    assert offers() == [("bos", "talked"), ("chen", "talked")]


def test_two_callers_at_one_moment_ring_two_lawyers(shared_scene: Scene) -> None:
    town = with_two_lawyers(shared_scene)
    town.add("other", builders.a_worker("Olga"))
    for name in ("worker", "other"):
        town.phone(name).dials(LINE)
    answers = at_once(*(posting(key(town.phone(name), "1")) for name in ("worker", "other")))
    assert all("<Dial" in str(answer) for answer in answers), answers
    assert sorted(offers()) == [("bos", "ring"), ("chen", "ring")]
    assert Offer.objects.values("call").distinct().count() == 2


def test_two_callers_at_one_moment_and_one_lawyer_only(shared_scene: Scene) -> None:
    desk = builders.a_desk(shared_scene.line, "Walcheren huur")
    shared_scene.lawyer("bos", desk)
    shared_scene.add("other", builders.a_worker("Olga"))
    for name in ("worker", "other"):
        shared_scene.phone(name).dials(LINE)
    answers = at_once(*(posting(key(shared_scene.phone(name), "1")) for name in ("worker", "other")))
    assert sorted("<Dial" in str(answer) for answer in answers) == [False, True], answers
    assert sorted("niemand vrij" in str(answer) for answer in answers) == [False, True], answers
    assert offers() == [("bos", "ring")]
    assert sorted(Call.objects.values_list("state", flat=True)) == ["choice", "ring"]


def test_nobody_else_is_rung_again_when_the_insert_was_refused(shared_scene: Scene) -> None:
    """The lawyer whom somebody else just rang is skipped with that reason, and nothing of the first try is left."""
    town = with_two_lawyers(shared_scene)
    town.add("other", builders.a_worker("Olga"))
    for name in ("worker", "other"):
        town.phone(name).dials(LINE)
    at_once(*(posting(key(town.phone(name), "1")) for name in ("worker", "other")))
    assert Consultation.objects.count() == 2
    assert Event.objects.filter(kind="greet").count() == 2
    assert Offer.objects.count() == 2
    assert OutboxMessage.objects.filter(dedupe_key__startswith="ringing:").count() == 2


# --- Two accepts at one moment --------------------------------------------------------------------------------------


def test_key_webhook_twice_one_accept(two_lawyers: Scene) -> None:
    worker = asks(two_lawyers)
    bos = picks_up(two_lawyers, "bos")
    request = key(bos, "1")
    first, second = post(*request), post(*request)
    assert text(first) == text(second)
    assert "Verbonden." in text(first)
    assert Event.objects.filter(kind="key").count() == 1
    bos.presses("1")
    two_lawyers.network.talking(worker, bos)
    over(two_lawyers)
    assert Offer.objects.filter(accepted_at__isnull=False).count() == 1


def test_the_same_key_webhook_at_one_moment_is_one_accept(shared_scene: Scene) -> None:
    town = with_two_lawyers(shared_scene)
    asks(town)
    request = posting(key(picks_up(town, "bos"), "1"))
    answers = at_once(request, request, request)
    assert len(set(answers)) == 1, answers
    assert "Verbonden." in str(answers[0])
    assert Event.objects.filter(kind="key").count() == 1
    assert Offer.objects.get().state == "taken"
    assert Call.objects.get().state == "talk"


def test_two_keys_on_one_leg_at_one_moment_are_heard_once(shared_scene: Scene) -> None:
    """A 1 and a 3 for the same turn: whoever is first is the answer to both."""
    town = with_two_lawyers(shared_scene)
    asks(town)
    bos = picks_up(town, "bos")
    answers = at_once(posting(key(bos, "1")), posting(key(bos, "3")))
    assert answers[0] == answers[1]
    offer = Offer.objects.get()
    assert (offer.state == "taken") is ("Verbonden." in str(answers[0]))
    assert offer.state in {"taken", "slot"}


def test_key_1_and_the_callers_hang_up_at_one_moment(shared_scene: Scene) -> None:
    """Whoever is first: she is joined to nobody, or the call waits for the evidence of the bridge. Never both."""
    town = with_two_lawyers(shared_scene)
    worker = asks(town)
    bos = picks_up(town, "bos")
    leg = leg_of(worker)
    gone = wire.status(leg, "completed", 0, leg.network.now)
    answers = at_once(posting(key(bos, "1")), posting((leg.status_url, gone)))
    call, offer = Call.objects.get(), Offer.objects.get()
    if "Verbonden." in str(answers[0]):
        assert (call.state, offer.state) == ("talk", "taken")
        assert call.memory["caller_left_at"]
    else:
        assert "opgehangen" in str(answers[0])
        assert (call.state, offer.state) == ("end", "stopped")


def test_key_1_and_the_end_of_the_dial_at_one_moment(shared_scene: Scene) -> None:
    """The Dial is over as she presses: either she is too late, or the call goes on because she was not joined."""
    town = with_two_lawyers(shared_scene)
    worker = asks(town)
    bos = picks_up(town, "bos")
    answers = at_once(posting(key(bos, "1")), posting(dialled(worker, "completed", bridged=False)))
    first = Offer.objects.order_by("pk").first()
    assert first is not None
    assert first.state in {"unbridged", "silent"}
    assert (first.state == "unbridged") is ("Verbonden." in str(answers[0]))
    assert Call.objects.get().state == "ring"
    assert Offer.objects.filter(state="ring").count() == 1


# --- The same webhook twice -----------------------------------------------------------------------------------------


def test_every_webhook_of_a_call_twice_is_the_same_as_once(two_lawyers: Scene) -> None:
    """All requests of a whole call are sent again: nothing changes, and the answers are equal to the byte."""
    sent: list[tuple[str, dict[str, str], str]] = []
    carry = two_lawyers.network.engine.carry

    def carry_and_remember(url: str, params: Any, headers: Any, done: Any) -> None:
        def remember(answer: Any) -> None:
            sent.append((url, dict(params), answer.body))
            done(answer)

        carry(url, params, headers, remember)

    two_lawyers.network.engine.carry = carry_and_remember
    worker = asks(two_lawyers)
    two_lawyers.network.forward(21)
    two_lawyers.network.settle()
    chen = picks_up(two_lawyers, "chen")
    chen.presses("0")
    chen.presses("1")
    two_lawyers.network.talking(worker, chen)
    two_lawyers.network.forward(10)
    chen.hangs_up()
    worker.presses("3")
    worker.is_idle(within=10)
    two_lawyers.network.settle()
    before = everything()
    assert len(sent) >= 15
    for url, params, body in sent:
        assert text(post(url, params)) == body, url
    assert everything() == before
    over(two_lawyers)


def test_the_same_wrong_key_twice_counts_as_two(two_lawyers: Scene) -> None:
    """Two presses of one wrong key are two tries; the same press delivered twice is one."""
    worker = two_lawyers.phone("worker")
    worker.dials(LINE)
    worker.presses("2")
    two_lawyers.network.misbehaves("duplicate", "/area")
    worker.presses("7")
    two_lawyers.network.forward(0.2)
    assert Call.objects.get().memory["tries"] == 1
    worker.presses("7")
    assert Call.objects.get().memory["tries"] == 2
    worker.presses("7")
    worker.hears("Er is nu niemand vrij")
    over(two_lawyers)


def test_a_lost_answer_is_given_again_when_the_vendor_asks_again(two_lawyers: Scene) -> None:
    worker = two_lawyers.phone("worker")
    worker.dials(LINE)
    two_lawyers.network.misbehaves("retry", "/greet")
    worker.presses("1")
    two_lawyers.network.forward(1)
    takes(two_lawyers, "bos")
    over(two_lawyers)
    assert offers() == [("bos", "talked")]


def test_the_first_webhook_twice_at_one_moment_is_one_call(shared_scene: Scene) -> None:
    with_two_lawyers(shared_scene)
    params = {"CallSid": "CA" + "1" * 32, "From": shared_scene.phone("worker").number, "To": LINE,
              "CallStatus": "ringing"}  # fmt: skip
    request = posting(("/twilio/voice", params))
    answers = at_once(request, request, request)
    assert len(set(answers)) == 1, answers
    assert "Toets 1 voor huur" in str(answers[0])
    assert Call.objects.count() == 1


def test_an_older_turn_gets_its_own_answer_and_changes_nothing(two_lawyers: Scene) -> None:
    worker = two_lawyers.phone("worker")
    worker.dials(LINE)
    old = key(worker, "1")
    worker.presses("2")
    worker.hears("Kies een gebied")
    before = everything()
    address, params = old
    assert "Kies een gebied" in text(post(address, params))  # what was answered to that turn, whatever the key
    older = address.replace("/greet", "/area")
    assert "/now</Redirect>" in text(post(older, params))
    assert everything() == before
    over(two_lawyers)


# --- Out of order ---------------------------------------------------------------------------------------------------

WORDS = ("initiated", "ringing", "in-progress", "completed")


@pytest.mark.parametrize("order", ["0123", "3210", "3012", "2301", "1302"])
def test_completed_before_in_progress_and_late_ringing(two_lawyers: Scene, order: str) -> None:
    """The lawyer's voicemail hung up; the four statuses come in any order, and the rows are the same."""
    worker = asks(two_lawyers)
    leg = leg_of(two_lawyers.phone("bos"))
    for place in map(int, order):
        assert post(*status(leg, WORDS[place], place)).status_code == 204
    offer = Offer.objects.get()
    assert (offer.state, offer.rank) == ("silent", 4)
    assert Call.objects.get().state == "ring"
    post(*dialled(worker, "completed", bridged=False))
    assert offers() == [("bos", "silent"), ("chen", "ring")]


@pytest.mark.parametrize("word", ["busy", "failed", "completed"])
def test_the_first_final_word_wins(two_lawyers: Scene, word: str) -> None:
    asks(two_lawyers)
    leg = leg_of(two_lawyers.phone("bos"))
    post(*status(leg, word, 2))
    first = Offer.objects.values().get()
    for other in ("busy", "no-answer", "failed", "canceled", "completed", "ringing", "in-progress", "dreaming"):
        post(*status(leg, other, 3))
    assert Offer.objects.values().get() == first


def test_final_status_before_dialled_is_still_connected(two_lawyers: Scene) -> None:
    """Her leg's end comes first, the Dial's action seconds later: within the grace the bridge is evidence enough."""
    worker = asks(two_lawyers)
    bos = takes(two_lawyers, "bos")
    two_lawyers.network.forward(30)
    two_lawyers.network.misbehaves("delay", "/dialled", seconds=15)
    bos.hangs_up()
    two_lawyers.network.forward(14)
    assert Call.objects.get().state == "talk"
    worker.hears("Ben je geholpen?", within=3)
    worker.presses("1")
    over(two_lawyers)
    assert end_of(two_lawyers) == ("connected", "talked")


def test_without_the_dials_action_the_evidence_of_the_leg_decides(two_lawyers: Scene) -> None:
    """Both hung up and the action is lost: her leg lasted long enough for a conversation."""
    worker = asks(two_lawyers)
    takes(two_lawyers, "bos")
    two_lawyers.network.forward(30)
    two_lawyers.network.misbehaves("drop", "/dialled")
    worker.hangs_up()
    two_lawyers.network.forward(19)
    assert Call.objects.get().state == "talk"
    two_lawyers.network.forward(5)
    assert end_of(two_lawyers) == ("connected", "talked")
    over(two_lawyers, bad_vendor=True)


def test_without_the_dials_action_a_leg_of_a_moment_is_no_conversation(two_lawyers: Scene) -> None:
    worker = asks(two_lawyers)
    two_lawyers.network.forward(11)
    bos = picks_up(two_lawyers, "bos")
    bos.presses("1")
    two_lawyers.network.misbehaves("drop", "/dialled")
    worker.hangs_up()
    two_lawyers.network.forward(25)
    assert offers() == [("bos", "unbridged")]
    assert end_of(two_lawyers) == ("callback", "missed")
    over(two_lawyers, bad_vendor=True)


def test_inbound_jumps_to_no_answer(two_lawyers: Scene) -> None:
    """He hangs up before our first answer arrives: the call that never was in progress is over, and nothing is open."""
    engine = two_lawyers.network.engine
    engine.profile = replace(engine.profile, latency_s=1)
    worker = two_lawyers.phone("worker")
    worker.dials(LINE)
    worker.hangs_up()
    two_lawyers.network.forward(5)
    assert "'CallStatus': 'no-answer'" in two_lawyers.network.webhooks("no-answer")[0]
    over(two_lawyers)
    assert end_of(two_lawyers) == ("withdrawn", "hung_up")
    assert worker.heard == ""


def test_dialled_lost_watchdog_redirects(two_lawyers: Scene) -> None:
    """The vendor never tells that the phone rang out: the caller is fetched back and the next lawyer rings."""
    worker, chen = asks(two_lawyers), two_lawyers.phone("chen")
    two_lawyers.network.misbehaves("drop", "/dialled")
    two_lawyers.network.forward(42)
    chen.is_not_ringing()
    worker.hears("Nog geen gehoor", within=5)
    takes(two_lawyers, "chen")
    over(two_lawyers, bad_vendor=True)
    assert offers() == [("bos", "missed"), ("chen", "talked")]


def test_the_stale_action_of_a_broken_off_dial_skips_nobody(two_lawyers: Scene) -> None:
    """The action comes after all, when the next phone rings already: it is evidence of an older turn and no more."""
    worker, chen = asks(two_lawyers), two_lawyers.phone("chen")
    two_lawyers.network.misbehaves("delay", "/dialled", seconds=28)
    two_lawyers.network.forward(42)
    worker.hears("Nog geen gehoor", within=5)
    chen.is_ringing()
    two_lawyers.network.forward(8)
    assert len(two_lawyers.network.webhooks("dialled")) == 1
    chen.is_ringing()
    takes(two_lawyers, "chen")
    over(two_lawyers, bad_vendor=True)
    assert offers() == [("bos", "missed"), ("chen", "talked")]


def test_a_dial_that_the_watchdog_breaks_off_is_an_older_turn(scene: Scene) -> None:
    """She still hears the whisper when the cap comes: the redirect ends the Dial, and what that tells skips nobody."""
    quick = builders.an_all_hours_line("Snel", number="+31850000002", cap_seconds=30)
    scene.lawyer("bos", builders.a_desk(quick, "Walcheren huur"))
    worker = scene.phone("worker")
    worker.dials("+31850000002")
    worker.presses("1")
    scene.network.forward(15)
    bos = picks_up(scene, "bos")
    scene.network.forward(5)
    bos.presses("0")
    bos.hears("2: over tien minuten.")
    worker.hears("Er is nu niemand vrij", within=12)
    bos.is_idle(within=1)
    worker.presses("1")
    over(scene)
    assert offers() == [("bos", "lapsed")]
    assert end_of(scene) == ("callback", "nobody_free")
    call = Call.objects.get()
    assert [event.data["cell"] for event in call.events.filter(kind="look")] == ["REST"]
