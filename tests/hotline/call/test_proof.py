"""A call without a question: only key 1 proves, and every document ends in Hangup."""

from __future__ import annotations

from itertools import product

import pytest

from hotline.call import proof
from hotline.call.proof import ProofLeg, ended, heard, speak
from integrations.twilio.verbs import Gather, Hangup, Say

KINDS = ("test", "code", "sick")
STATES = ("waiting", "answered", "proved", "denied", "silent", "missed", "failed", "lost")


@pytest.mark.parametrize(
    ("kind", "digits", "state"),
    [
        ("test", "1", "proved"),
        ("code", "1", "proved"),
        ("sick", "1", "proved"),
        ("sick", "2", "denied"),
        ("test", "2", "answered"),
        ("test", "", "silent"),
        ("code", "", "silent"),
        ("sick", "#", "answered"),
    ],
)
def test_a_key(kind: str, digits: str, state: str) -> None:
    assert heard(ProofLeg(kind, "answered"), digits).state == state


def test_one_wrong_key_is_forgiven_and_no_more() -> None:
    once = heard(ProofLeg("test", "answered"), "5")
    assert (once.state, once.tries) == ("answered", 1)
    assert heard(once, "1").state == "proved"
    assert heard(once, "5").state == "silent"


@pytest.mark.parametrize("state", [one for one in STATES if one not in proof.OPEN])
def test_what_has_come_out_stays(state: str) -> None:
    for kind, digits in product(KINDS, ("", "1", "2", "9")):
        assert heard(ProofLeg(kind, state), digits).state == state
        assert ended(ProofLeg(kind, state), "completed").state == state


@pytest.mark.parametrize(
    ("state", "word", "then"),
    [
        ("waiting", "no-answer", "missed"),
        ("waiting", "busy", "missed"),
        ("waiting", "failed", "failed"),
        ("waiting", "completed", "silent"),
        ("waiting", "a word of tomorrow", "missed"),
        ("answered", "completed", "silent"),
        ("answered", "failed", "silent"),
    ],
)
def test_the_end_of_the_leg(state: str, word: str, then: str) -> None:
    assert ended(ProofLeg("test", state), word).state == then


@pytest.mark.parametrize(("kind", "state", "tries", "code"), list(product(KINDS, STATES, (0, 1), ("", "123456"))))
def test_every_document_ends_in_hangup_and_tells_a_code_only_after_key_1(
    kind: str, state: str, tries: int, code: str
) -> None:
    document = speak(ProofLeg(kind, state, tries, code))
    assert isinstance(document[-1], Hangup)
    assert {type(verb) for verb in document} <= {Gather, Say, Hangup}
    tells = any(isinstance(verb, Say) and verb.values.get("code") for verb in document)
    assert tells is (kind == "code" and state == "proved" and code != "")
