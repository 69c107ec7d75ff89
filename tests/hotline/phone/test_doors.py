"""The doors of the telephone: who is let in, and what bad input does."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from hotline.models import Call, Event, Offer
from integrations.lab import wire
from integrations.models import OutboxMessage
from rosters.models import Pause
from tests.hotline.phone import contract
from tests.stories.by_hand import key, leg_of, post, status, text
from tests.stories.conftest import LINE, Scene
from tests.stories.ending import everything
from tests.stories.moves import asks, picks_up

UNKNOWN = "k" + "a" * 26
SORRY = "Sorry, ik ken dit gesprek niet meer. Bel opnieuw."
NEW_CALL = {"CallSid": "CA" + "9" * 32, "From": "+31600000001", "To": LINE, "CallStatus": "ringing"}


def doors(town: Scene) -> list[tuple[str, dict[str, str]]]:
    """Each door with what would be heard there, on a call whose lawyer listens to the whisper."""
    worker = asks(town)
    bos = picks_up(town, "bos")
    leg = leg_of(worker)
    sms = {"MessageSid": "SM1", "From": bos.number, "To": LINE, "Body": "PAUZE 15"}
    return [
        ("/twilio/voice", NEW_CALL),
        ("/twilio/voice/again1", NEW_CALL),
        (leg.dialling.action if leg.dialling else "", wire.voice(leg)),
        key(bos, "1"),
        status(leg_of(bos), "completed", 3),
        ("/twilio/sms", sms),
    ]


@pytest.mark.parametrize("token", ["", "a-token-that-is-not-ours"], ids=["unsigned", "wrongly signed"])
def test_who_is_not_the_vendor_is_refused_and_nothing_is_written(two_lawyers: Scene, token: str) -> None:
    for address, params in doors(two_lawyers):
        before = everything()
        response = post(address, params, token=token)
        assert response.status_code == 403
        assert "<Response" not in text(response)
        assert everything() == before
        assert not Pause.objects.exists()


def test_a_signature_of_another_form_or_address_is_refused(two_lawyers: Scene) -> None:
    address, params = key(picks_up_after_asking(two_lawyers), "1")
    signature = wire.signature(configured.TWILIO_AUTH_TOKEN[0], address, params)
    before = everything()
    path = address.removeprefix(configured.PUBLIC_URL)
    changed = [(path, {**params, "Digits": "4"}), (path.replace("/key", "/whisper"), params), (path + "?x=1", params)]
    for where, form in changed:
        assert Client().post(where, form, headers={"X-Twilio-Signature": signature}).status_code == 403
    assert everything() == before


def picks_up_after_asking(town: Scene) -> Any:
    asks(town)
    return picks_up(town, "bos")


def test_only_post_is_a_webhook(two_lawyers: Scene) -> None:
    for address, _params in doors(two_lawyers):
        path = address.removeprefix("http://127.0.0.1:8000")
        assert Client().get(path).status_code == 405


@pytest.mark.parametrize(
    "place",
    [f"{UNKNOWN}-1/greet", f"{UNKNOWN}-1/now", "p" + UNKNOWN[1:] + "-1/whisper", "c" + UNKNOWN[1:] + "-1/offer",
     "w" + UNKNOWN[1:] + "-1/key", "c" + UNKNOWN[1:] + "-1/outcome", "t" + UNKNOWN[1:] + "-0/offer",
     "k7-1/greet", "hallo/greet", "x-1/key",
     f"{UNKNOWN}-99999999999/greet"],
)  # fmt: skip
def test_an_unknown_leg_hears_an_apology(two_lawyers: Scene, place: str) -> None:
    before = everything()
    response = post(f"/twilio/l/{place}", NEW_CALL)
    assert response.status_code == 200
    assert SORRY in text(response)
    assert text(response).endswith("<Hangup /></Response>")
    assert everything() == before


def test_the_status_of_an_unknown_leg_is_nothing(two_lawyers: Scene) -> None:
    before = everything()
    for token in (UNKNOWN, "p" + UNKNOWN[1:], "c" + UNKNOWN[1:], "w" + UNKNOWN[1:], "t" + UNKNOWN[1:], "zomaar"):
        for word in ("ringing", "completed", "dreaming", ""):
            params = {**NEW_CALL, "CallStatus": word, "CallbackSource": "call-progress-events"}
            assert post(f"/twilio/l/{token}/status", params).status_code == 204
    assert post("/twilio/voice", {**NEW_CALL, "CallStatus": "completed"}).status_code == 204
    assert everything() == before


def test_another_call_on_a_known_leg_hears_an_apology(two_lawyers: Scene) -> None:
    bos = picks_up_after_asking(two_lawyers)
    before = everything()
    address, params = key(bos, "1")
    assert SORRY in text(post(address, {**params, "CallSid": "CA" + "8" * 32}))
    caller = Call.objects.get()
    assert SORRY in text(post(f"/twilio/l/{caller.token}-{caller.turn}/dialled", {**params, "CallSid": "CA7"}))
    assert everything() == before


def test_a_newer_turn_than_ours_hears_an_apology(two_lawyers: Scene) -> None:
    asks(two_lawyers)
    call, offer = Call.objects.get(), Offer.objects.get()
    before = everything()
    params = {**NEW_CALL, "CallSid": call.call_sid}
    assert SORRY in text(post(f"/twilio/l/{call.token}-{call.turn + 1}/dialled", params))
    assert SORRY in text(post(f"/twilio/l/{offer.token}-{offer.turn + 1}/key", params))
    assert everything() == before


def test_a_call_to_a_number_that_is_not_ours_hears_an_apology(two_lawyers: Scene) -> None:
    assert SORRY in text(post("/twilio/voice", {**NEW_CALL, "To": "+31850000099"}))
    assert not Call.objects.exists()


WORDS = some.sampled_from(
    ["", "ringing", "in-progress", "completed", "busy", "no-answer", "failed", "canceled", "answered", "dreaming"]
)
LETTERS = "0123456789*#+ abcXYZ<>&'\"{}%é€\u0130\x00\n\ud7ff"
FORMS = some.fixed_dictionaries(
    {"CallStatus": WORDS},
    optional={
        "Digits": some.one_of(some.sampled_from(["1", "2", "#", "*", "", "12345678"]), some.text(LETTERS, max_size=30)),
        "DialCallStatus": WORDS,
        "DialBridged": some.sampled_from(["true", "false", "True", "maybe", ""]),
        "DialCallDuration": some.sampled_from(["0", "17", "-1", "9" * 30, "x", ""]),
        "SequenceNumber": some.sampled_from(["0", "3", "9" * 40, "x"]),
        "From": some.sampled_from(["anonymous", "", "+31600000001", "x" * 200]),
        "CallbackSource": some.sampled_from(["call-progress-events", "", "x"]),
        "CallDuration": some.text(LETTERS, max_size=10),
        "Body": some.text(LETTERS, max_size=400),
    },
)
STEPS = ("greet", "area", "code", "region", "closed", "stranger", "later", "check", "outcome", "choice", "dialled",
         "now", "again1", "again2", "helped", "whisper", "key", "hallo")  # fmt: skip
PLACES = some.one_of(
    some.just("/twilio/voice"),
    some.just("/twilio/sms"),
    some.tuples(some.sampled_from("kp"), some.integers(1, 4), some.sampled_from(STEPS)),
    some.tuples(some.sampled_from("kp"), some.just(0), some.just("status")),
)


ASKED = some.lists(some.tuples(PLACES, FORMS), min_size=1, max_size=5)
AS_IT_IS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=AS_IT_IS)
@given(asked=ASKED)
def test_whatever_is_sent_is_answered_with_a_document_or_nothing(two_lawyers: Scene, asked: list[Any]) -> None:
    """Signed nonsense: no exception of ours (the log is watched), a well-formed answer, and rows that can be read."""
    assert sends_nonsense(two_lawyers, asked) == len(asked)


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=AS_IT_IS)
@given(asked=ASKED)
def test_whatever_is_sent_for_long(two_lawyers: Scene, asked: list[Any]) -> None:
    assert sends_nonsense(two_lawyers, asked) == len(asked)


def sends_nonsense(town: Scene, asked: list[Any]) -> int:
    """A call comes in, and then on its own and its lawyer's leg whatever `asked` says. How much was answered well."""
    answered = 0
    params = {**NEW_CALL, "CallSid": f"CA{Call.objects.count():032d}", "From": town.phone("worker").number}
    post("/twilio/voice", params)
    call = Call.objects.latest("pk")
    for place, form in asked:
        if isinstance(place, tuple):
            offer = Offer.objects.filter(call=call).last()
            leg, turn, word = place
            token = call.token if leg == "k" or offer is None else offer.token
            address = f"/twilio/l/{token}/status" if word == "status" else f"/twilio/l/{token}-{turn}/{word}"
        else:
            address = place
        response = post(address, {**params, **form})
        assert response.status_code in {200, 204}, address
        if response.content:
            contract.of(address, text(response))
        answered += 1
    assert Call.objects.get(pk=call.pk).state
    Offer.objects.filter(ended_at=None).update(state="stopped", ended_at=call.started_at)
    return answered


# --- The door for text messages -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("PAUZE 15", "je bent met pauze tot 10:45"),
        ("pauze", "je bent met pauze tot 13:30"),
        (" Pauze 30! ", "je bent met pauze tot 11:00"),
        ("pauze 17", "pauze kan 15, 30 of 60 minuten"),
        ("PAUZE15", "je bent met pauze tot 10:45"),
        ("verder", "je was niet met pauze"),
        ("Hulp", "Bel +31850000000"),
        ("ik ben laat", "dat woord ken ik niet"),
        ("", "dat woord ken ik niet"),
    ],
)
def test_one_word_one_deed_one_answer(two_lawyers: Scene, body: str, answer: str) -> None:
    bos = two_lawyers.phone("bos")
    bos.sends_sms(LINE, body)
    assert answer in bos.gets_sms("Piket: ")
    assert len(bos.texts) == 1
    assert Pause.objects.exists() is ("met pauze tot" in answer)


def test_a_text_that_comes_twice_is_done_once(two_lawyers: Scene) -> None:
    bos = two_lawyers.phone("bos")
    two_lawyers.network.misbehaves("duplicate", "/sms")
    bos.sends_sms(LINE, "PAUZE 15")
    two_lawyers.network.forward(2)
    assert len(bos.texts) == 1
    assert Pause.objects.count() == 1
    assert Event.objects.filter(kind="sms").count() == 1


def test_who_is_not_on_duty_has_nothing_to_pause(two_lawyers: Scene) -> None:
    worker = two_lawyers.phone("worker")
    worker.sends_sms(LINE, "PAUZE")
    worker.gets_sms("je hebt nu geen dienst")
    assert not Pause.objects.exists()


def test_a_stranger_gets_no_answer(two_lawyers: Scene) -> None:
    stranger = two_lawyers.network.person("+31600000999", "stranger")
    stranger.sends_sms(LINE, "PAUZE 15")
    two_lawyers.network.forward(2)
    assert stranger.texts == []
    assert not Event.objects.filter(kind="sms").exists()
    assert not OutboxMessage.objects.exists()


def test_what_somebody_writes_is_kept_nowhere(two_lawyers: Scene) -> None:
    two_lawyers.phone("bos").sends_sms(LINE, "Mevrouw Jansen wordt uit huis gezet")
    assert "Jansen" not in str(everything())
    assert Event.objects.get(kind="sms").data == {"answer": "words"}


def test_without_a_database_the_vendor_asks_again(two_lawyers: Scene, no_errors: list[str]) -> None:
    no_errors += ["sms failed", "Service Unavailable"]
    engine, bos = two_lawyers.network.engine, two_lawyers.phone("bos")
    engine.profile = type(engine.profile)(retries=1)
    two_lawyers.loses_database("/sms")
    bos.sends_sms(LINE, "PAUZE 15")
    bos.gets_sms("je bent met pauze tot 10:45")
    assert Pause.objects.count() == 1
