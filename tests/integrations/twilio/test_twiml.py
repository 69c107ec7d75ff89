"""The writer gives what the vendor library's own builder gives, byte for byte."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.voice_response import VoiceResponse

from integrations.twilio.twiml import render
from integrations.twilio.verbs import Dial, Document, Gather, Hangup, Number, Pause, Redirect, Reject, Say, Verb

BASE = "https://piket.example.nl/twilio/l/"
VOICE = "Polly.Laura-Neural"


def address(step: str) -> str:
    return f'{BASE}{step}?a=1&b="2"' if step == "odd" else BASE + (step if "/" in step else f"k7-3/{step}")


def words(say: Say) -> str:
    return say.text.format(**say.values)


def written(*document: Verb, **options: Any) -> str:
    return render(document, say=words, address=address, voice=VOICE, **options)


def built(document: Document) -> str:
    """The oracle: the same document by the vendor library's builder."""
    response = VoiceResponse()
    for verb in document:
        _build(response, verb)
    return str(response)


def _build(parent: Any, verb: Verb) -> None:
    match verb:
        case Say():
            parent.say(words(verb), language="nl-NL", voice=VOICE)
        case Pause(length):
            parent.pause(length=length)
        case Gather(action, says, digits, timeout):
            finish = {"finish_on_key": ""} if digits == 1 else {}
            gather = parent.gather(
                input="dtmf",
                num_digits=digits,
                timeout=timeout,
                action_on_empty_result=True,
                method="POST",
                action=address(action),
                **finish,
            )
            for inner in says:
                _build(gather, inner)
        case Dial(action, number, seconds, caller_id, time_limit, on_bridge):
            more: dict[str, Any] = {"answer_on_bridge": True, "ring_tone": "nl"} if on_bridge else {}
            dial = parent.dial(
                action=address(action),
                method="POST",
                timeout=max(5, seconds - 5),
                time_limit=time_limit,
                caller_id=caller_id,
                record="do-not-record",
                **more,
            )
            whisper = {"url": address(number.url), "method": "POST"} if number.url else {}
            status = {}
            if number.status:
                status = {
                    "status_callback": address(number.status),
                    "status_callback_event": "initiated ringing answered completed",
                    "status_callback_method": "POST",
                }
            dial.number(number.e164, **whisper, **status)
        case Redirect(action):
            parent.redirect(address(action), method="POST")
        case Hangup():
            parent.hangup()
        case Reject(reason):
            parent.reject(reason=reason)


RING = Dial("dialled", Number("+31600000001", "p2-1/whisper", "p2/status"), 20, "+31850000000")
DOCUMENTS: dict[str, Document] = {
    "greeting": (Gather("greet", (Say("Toets 1 voor {area}.", {"area": "huur & <werk>"}),), timeout=3),),
    "menu": (Gather("area", (Say("Kies een gebied."), Say("1 huur. 2 werk."))),),
    "code": (Gather("code", (Say("Toets je code."),), digits=8, timeout=6),),
    "ring, first": (RING,),
    "next": (Say("Nog geen gehoor."), RING),
    "whisper": (Gather("key", (Say("Piket huur."), Pause(), Say("Nu niet?")), timeout=4), Hangup()),
    "accepted": (Say("Verbonden."),),
    "fault": (Say("Een ogenblik."), Pause(2), Redirect("again1")),
    "fallback": (Say("Storing."), Dial("helped", Number("+31850000009"), 35, "+31850000000", answer_on_bridge=False)),
    "reject": (Reject(),),
    "nothing": (),
    "hang up": (Hangup(),),
    "odd address": (Gather("odd", ()), Redirect("odd")),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_writes_what_the_vendors_builder_writes(name: str) -> None:
    assert ET.canonicalize(written(*DOCUMENTS[name])) == ET.canonicalize(built(DOCUMENTS[name]))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff{}")))
def test_escapes_any_text_as_the_builder_does(text: str) -> None:
    assert ET.canonicalize(written(Say(text))) == ET.canonicalize(built((Say(text),)))


@given(st.text(st.characters(exclude_characters="{}")))
def test_any_text_gives_a_document_that_parses(text: str) -> None:
    document = ET.fromstring(written(Say(text), Redirect(text)))
    assert [verb.tag for verb in document] == ["Say", "Redirect"]


def test_takes_off_what_the_vendor_adds_and_never_rings_under_five_seconds() -> None:
    seconds = {20: "15", 10: "5", 7: "5"}
    for wanted, timeout in seconds.items():
        dial = ET.fromstring(written(Dial("dialled", Number("+31600000001"), wanted, "+31850000000")))[0]
        assert dial.get("timeout") == timeout
    plain = ET.fromstring(written(RING, vendor_buffer_s=0))[0]
    assert plain.get("timeout") == "20"


def test_only_a_one_key_question_hears_the_hash_as_a_key() -> None:
    one = ET.fromstring(written(*DOCUMENTS["greeting"]))[0]
    eight = ET.fromstring(written(*DOCUMENTS["code"]))[0]
    assert one.get("finishOnKey") == ""
    assert eight.get("finishOnKey") is None


def test_nothing_we_write_can_record() -> None:
    for document in DOCUMENTS.values():
        tree = ET.fromstring(written(*document))
        assert not list(tree.iter("Record"))
        assert all(dial.get("record") == "do-not-record" for dial in tree.iter("Dial"))


def test_the_fallback_number_is_rung_plainly() -> None:
    dial = ET.fromstring(written(*DOCUMENTS["fallback"])).find("Dial")
    assert dial is not None
    assert set(dial.keys()) == {"action", "callerId", "method", "record", "timeLimit", "timeout"}
    assert dial.get("timeout") == "30"
    assert dial[0].attrib == {}
