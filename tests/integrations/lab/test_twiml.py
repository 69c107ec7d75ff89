"""Documents are read strictly: what the lab would not do as asked is named."""

from __future__ import annotations

import pytest
from twilio.twiml.voice_response import VoiceResponse

from integrations.lab.twiml import DocumentBroken, Verb, can_be_spoken, parse
from tests.integrations.lab.product import WHISPER, dial, gather


def faults(inside: str) -> tuple[str, ...]:
    return parse(f"<Response>{inside}</Response>").faults


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<Say>Dag</Say>",
        '<Pause length="2"/>',
        "<Hangup/>",
        '<Reject reason="busy"/>',
        '<Redirect method="POST">/now</Redirect>',
        gather("Kies", "/area"),
        WHISPER,
        dial("+31600000101"),
        dial(*(f"+3160000010{n}" for n in range(10))),
        "<Dial>+31600000101</Dial>",
    ],
)
def test_what_the_product_may_say_is_read_without_faults(inside: str) -> None:
    assert faults(inside) == ()


@pytest.mark.parametrize(
    ("inside", "part"),
    [
        ("<Record/>", "Record within Response"),
        ("<Play>/a.mp3</Play>", "Play within Response"),
        ("<Number>+31600000101</Number>", "Number within Response"),
        ("<Gather><Dial>+31600000101</Dial></Gather>", "Dial within Gather"),
        ('<Say loudness="9">Dag</Say>', "loudness"),
        ("<Say></Say>", "Say: empty"),
        ("<Say>Dag <b>u</b></Say>", "not plain text"),
        ("<Say>Dag</Say>los", "text after Say"),
        ('<Pause length="0"/>', "length"),
        (gather("Kies", "/area", numDigits="0"), "numDigits"),
        (gather("Kies", "/area", input="speech"), "input"),
        (gather("Kies", "/area", actionOnEmptyResult="yes"), "actionOnEmptyResult"),
        (dial("+31600000101", timeout="4"), "timeout"),
        (dial("+31600000101", timeout="601"), "timeout"),
        (dial("+31600000101", answerOnBridge="1"), "answerOnBridge"),
        ('<Dial record="record-from-answer">+31600000101</Dial>', "record"),
        ('<Dial method="GET">+31600000101</Dial>', "method"),
        ("<Dial></Dial>", "0 numbers"),
        (dial(*(f"+316000001{n:02}" for n in range(11))), "11 numbers"),
        ('<Dial><Number statusCallbackEvent="initiated,ringing">+31600000101</Number></Dial>', "statusCallbackEvent"),
        ('<Dial><Number machineDetection="Enable">+31600000101</Number></Dial>', "machineDetection"),
        ('<Reject reason="moe"/>', "reason"),
    ],
)
def test_what_the_lab_would_not_do_as_asked_is_a_fault(inside: str, part: str) -> None:
    found = faults(inside)
    assert any(part in fault for fault in found), found


@pytest.mark.parametrize(("body", "code"), [("<Response>", 12100), ("<Twiml/>", 12102), (" " * 70_000, 11750)])
def test_a_document_that_cannot_be_read_has_the_vendors_code(body: str, code: int) -> None:
    with pytest.raises(DocumentBroken) as broken:
        parse(body)
    assert broken.value.code == code


def test_what_the_vendors_own_builder_writes_is_read_the_same() -> None:
    response = VoiceResponse()
    question = response.gather(input="dtmf", num_digits=1, finish_on_key="", timeout=3, action="/greet", method="POST")
    question.say("Toets 1 & wacht <even>.", language="nl-NL", voice="Polly.Laura-Neural")
    document = parse(str(response))
    assert document.faults == ()
    (gathered,) = document.verbs
    assert (gathered.get("finishOnKey", "#"), gathered.number("timeout", 5)) == ("", 3)
    assert gathered.inside[0].text == "Toets 1 & wacht <even>."


@pytest.mark.parametrize(
    ("voice", "language", "speaks"),
    [
        ("", "nl-NL", True),
        ("Polly.Laura-Neural", "nl-NL", True),
        ("Google.nl-NL-Wavenet-B", "nl-NL", True),
        ("Polly.Joanna", "nl-NL", False),
        ("Polly.Lotte", "en-GB", False),
    ],
)
def test_a_voice_speaks_only_its_own_language(voice: str, language: str, speaks: bool) -> None:
    say = Verb("Say", {"voice": voice, "language": language} if voice else {"language": language}, "Dag")
    assert can_be_spoken(say) is speaks
