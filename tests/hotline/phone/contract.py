"""What every document must keep to, whatever path made it. The story tests hold each answer to it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from xml.etree.ElementTree import Element

MOST_BYTES = 4_000
# Verbs and attributes that the vendor's own pages name, of those that we use.
KNOWN = {
    "Say": {"language", "voice"},
    "Pause": {"length"},
    "Gather": {"action", "actionOnEmptyResult", "finishOnKey", "input", "method", "numDigits", "timeout"},
    "Dial": {"action", "answerOnBridge", "callerId", "method", "record", "ringTone", "timeLimit", "timeout"},
    "Number": {"method", "statusCallback", "statusCallbackEvent", "statusCallbackMethod", "url"},
    "Redirect": {"method"},
    "Hangup": set(),
    "Reject": {"reason"},
}
INSIDE = {"Response": set(KNOWN) - {"Number"}, "Gather": {"Say", "Pause"}, "Dial": {"Number"}}
SCREENED = re.compile(r"/twilio/l/[pw][a-z2-7]{26}-\d+/")  # the legs of people whom we rang from a Dial
TOKEN = re.compile(r"[kpcwt][a-z2-7]{26}")
PROOF = re.compile(r"/twilio/l/t[a-z2-7]{26}-\d+/")  # calls without a question: nobody is joined, ever
DIGITS = re.compile(r"\d{8,}")
CONNECTED = "Verbonden."


def of(path: str, body: str) -> Element:
    """Assert the contract for the answer to a request at `path`; the document as read."""
    assert len(body.encode()) < MOST_BYTES
    response = ElementTree.fromstring(body)
    assert response.tag == "Response"
    for parent in response.iter():
        for verb in parent:
            assert verb.tag in INSIDE.get(parent.tag, set()), f"{verb.tag} in {parent.tag}"
            assert set(verb.attrib) <= KNOWN[verb.tag], (verb.tag, verb.attrib)
    for dial in response.iter("Dial"):
        assert dial.get("record") == "do-not-record"
        assert len(dial) == 1
        assert int(dial.get("timeout", "0")) >= 5
    for say in response.iter("Say"):
        assert (say.text or "").strip(), "nothing is said"
        assert "{" not in (say.text or "")
    for address in _addresses(response):
        assert not DIGITS.search(TOKEN.sub("", address)), address
    last = response[-1].tag
    if PROOF.search(path):
        assert _never_joins(response)
        assert not list(response.iter("Dial"))
    elif SCREENED.search(path):
        assert _never_joins(response) or [verb.text for verb in response] == [CONNECTED]
    else:
        assert last in {"Gather", "Dial", "Redirect", "Hangup", "Reject"}, last
    return response


def _never_joins(response: Element) -> bool:
    """Whether a rung leg cannot reach the end of this document: an end without Hangup joins the two."""
    return response[-1].tag in {"Hangup", "Redirect"}


def _addresses(response: Element) -> list[str]:
    found = [verb.text or "" for verb in response.iter("Redirect")]
    for verb in response.iter():
        found += [verb.get(name, "") for name in ("action", "url", "statusCallback")]
    return found
