"""Reads a TwiML document strictly: whatever this vendor would not carry out exactly as asked is named as a fault.

Only verbs and attributes that the lab really interprets are known here; the lists are re-typed from the vendor's pages
about <Say>, <Pause>, <Gather>, <Dial>, <Number>, <Redirect>, <Hangup>, <Reject> and <Message>.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_DOCUMENT = 64 * 1024
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "Say": frozenset({"voice", "language", "loop"}),
    "Pause": frozenset({"length"}),
    "Gather": frozenset(
        {"input", "numDigits", "finishOnKey", "timeout", "actionOnEmptyResult", "action", "method", "language"}
    ),
    "Dial": frozenset(
        {
            "action", "method", "timeout", "timeLimit", "answerOnBridge", "callerId", "sequential", "ringTone",
            "record", "hangupOnStar",
        }
    ),
    "Number": frozenset({"url", "method", "statusCallback", "statusCallbackEvent", "statusCallbackMethod"}),
    "Redirect": frozenset({"method"}),
    "Hangup": frozenset(),
    "Reject": frozenset({"reason"}),
    "Message": frozenset({"to", "from"}),
}  # fmt: skip
INSIDE: Mapping[str, frozenset[str]] = {
    "Response": frozenset(ATTRIBUTES) - {"Number"},
    "Gather": frozenset({"Say", "Pause"}),
    "Dial": frozenset({"Number"}),
}
WHOLE_NUMBERS: Mapping[tuple[str, str], tuple[int, int]] = {
    ("Pause", "length"): (1, 14_400),
    ("Gather", "numDigits"): (1, 100),
    ("Gather", "timeout"): (1, 600),
    ("Dial", "timeout"): (5, 600),
    ("Dial", "timeLimit"): (1, 86_400),
    ("Say", "loop"): (1, 10),
}
WORDS: Mapping[str, frozenset[str]] = {
    "method": frozenset({"POST"}),
    "statusCallbackMethod": frozenset({"POST"}),
    "input": frozenset({"dtmf"}),
    "answerOnBridge": frozenset({"true", "false"}),
    "actionOnEmptyResult": frozenset({"true", "false"}),
    "sequential": frozenset({"true", "false"}),
    "hangupOnStar": frozenset({"false"}),
    "record": frozenset({"do-not-record"}),  # nothing is ever recorded
    "reason": frozenset({"busy", "rejected"}),
}
EVENTS = ("initiated", "ringing", "answered", "completed")
DUTCH_VOICES = ("Polly.Lotte", "Polly.Ruben", "Polly.Laura-Neural", "Google.nl-NL-Standard-", "Google.nl-NL-Wavenet-")
NUMBERS_IN_A_DIAL = 10


class DocumentBroken(Exception):
    """The document cannot be carried out at all; `code` is the vendor's error code."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Verb:
    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    inside: tuple[Verb, ...] = ()

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def number(self, name: str, default: int) -> int:
        value = self.attributes.get(name, "")
        return int(value) if value.isdecimal() else default

    def is_on(self, name: str) -> bool:
        return self.attributes.get(name) == "true"


@dataclass(frozen=True, slots=True)
class Document:
    verbs: tuple[Verb, ...]
    faults: tuple[str, ...] = ()


def parse(body: str) -> Document:
    """The verbs of a document and what is wrong with it. An empty body is an empty document.

    Raises DocumentBroken: 11750 too large, 12100 not XML, 12102 the root is not Response.
    """
    if len(body.encode()) > MAX_DOCUMENT:
        raise DocumentBroken(11750, "document larger than 64 kB")
    if not body.strip():
        return Document(())
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - the text of our own product, on this machine
    except ElementTree.ParseError as error:
        raise DocumentBroken(12100, f"document parse failure: {error}") from error
    if root.tag != "Response":
        raise DocumentBroken(12102, f"root element {root.tag}, not Response")
    faults: list[str] = []
    verbs = _children(root, faults)
    if root.attrib or (root.text or "").strip():
        faults.append("Response: text or attributes of its own")
    return Document(verbs, tuple(faults))


def _children(element: ElementTree.Element, faults: list[str]) -> tuple[Verb, ...]:
    verbs = []
    for child in element:
        if (child.tail or "").strip():
            faults.append(f"text after {child.tag}")
        if child.tag not in INSIDE.get(element.tag, ()):
            faults.append(f"{child.tag} within {element.tag} is unknown")
            continue
        verbs.append(_verb(child, faults))
    return tuple(verbs)


def _verb(element: ElementTree.Element, faults: list[str]) -> Verb:
    name, attributes, text = element.tag, element.attrib, (element.text or "").strip()
    known = ATTRIBUTES[name]
    for attribute, value in attributes.items():
        if attribute not in known:
            faults.append(f"{name}: attribute {attribute} is unknown")
        elif problem := _wrong(name, attribute, value):
            faults.append(f"{name}: {attribute}={value!r}: {problem}")
    inside = _children(element, faults) if name in INSIDE else ()
    if name not in INSIDE and len(element):
        faults.append(f"{name}: tags inside are not plain text")
    if name == "Dial":
        inside = (*inside, Verb("Number", {}, text)) if text else inside
        if not 1 <= len(inside) <= NUMBERS_IN_A_DIAL:
            faults.append(f"Dial: {len(inside)} numbers, between 1 and {NUMBERS_IN_A_DIAL} can be rung")
    if name in {"Say", "Number", "Redirect", "Message"} and not text:
        faults.append(f"{name}: empty")
    return Verb(name, dict(attributes), text, inside)


def _wrong(name: str, attribute: str, value: str) -> str:
    """What is wrong with an attribute's value, or nothing."""
    if bounds := WHOLE_NUMBERS.get((name, attribute)):
        low, high = bounds
        return "" if value.isdecimal() and low <= int(value) <= high else f"a whole number from {low} to {high}"
    if (words := WORDS.get(attribute)) and value not in words:
        return f"one of {', '.join(sorted(words))}"
    if attribute == "statusCallbackEvent" and not set(value.split()) <= set(EVENTS):
        return f"words of {' '.join(EVENTS)}, with spaces between"
    return ""


def can_be_spoken(say: Verb) -> bool:
    """A voice that does not fit the language fails the Say (V16); without a voice there is always a default one."""
    voice, language = say.get("voice"), say.get("language")
    if not voice or voice in {"man", "woman", "alice"}:
        return True
    return voice.startswith(DUTCH_VOICES) if language in {"nl-NL", ""} else not voice.startswith(DUTCH_VOICES)
