"""What is said when we fail. Made from the address alone: no database, no state, no exception of its own."""

from __future__ import annotations

import fcntl
import json
import logging
from contextlib import suppress

from django.conf import settings

from hotline.phone import speech
from hotline.phone.answers import SORRY
from integrations import clock
from integrations.twilio.verbs import Dial, Document, Hangup, Number, Pause, Redirect, Say

logger = logging.getLogger("piketlijn.phone")

AGAIN = {"again1": "again2", "again2": ""}
SPOOL = "faults.jsonl"


def caller_fault(token: str, turn: int, word: str, call_sid: str, called: str) -> str:
    """'One moment' twice, then the staffed number. The third also leaves a line for the coordinator."""
    next_word = AGAIN.get(word, "again1")
    if next_word:
        return speech.write_document(_once_more(next_word), token, turn)
    spool(call_sid, called)
    return speech.write_document(_fallback(), token, turn)


def entrance_fault(word: str, call_sid: str, called: str) -> str:
    """The same before a call has a token: the retries run over /twilio/voice."""
    next_word = AGAIN.get(word, "again1")
    if next_word:
        document = _once_more(f"{settings.PUBLIC_URL}/twilio/voice/{next_word}")
    else:
        spool(call_sid, called)
        document = _fallback(action=f"{settings.PUBLIC_URL}/twilio/voice/helped")
    return speech.write_document(document, "", 0)


def lawyer_fault(token: str, turn: int, word: str, call_sid: str) -> str:
    """The lawyer's leg: twice again, then goodbye and a text. Never a document that would join the two."""
    next_word = AGAIN.get(word, "again1")
    if next_word:
        return speech.write_document(_once_more(next_word), token, turn)
    spool(call_sid, leg=token)
    return speech.write_document((Say("lawyer_fault"), Hangup()), token, turn)


def _once_more(word: str) -> Document:
    return (Say("moment"), Pause(2), Redirect(word))


def _fallback(action: str = "helped") -> Document:
    if not settings.FALLBACK_NUMBER:
        return (Say("fault_later"), Hangup())
    party = Number(settings.FALLBACK_NUMBER)
    return (Say("fault"), Dial(action, party, 35, settings.HOTLINE_NUMBER, answer_on_bridge=False))


def spool(call_sid: str, called: str = "", leg: str = "") -> None:
    """One line that the sweep turns into a coordinator's ticket: time, call id, and our number or the lawyer's leg."""
    line = json.dumps({"at": clock.now().isoformat(), "call": call_sid, "called": called, "leg": leg}) + "\n"
    try:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        with (settings.VAR_DIR / SPOOL).open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(line)
    except OSError:
        logger.exception("the spool cannot be written: a failed call leaves no ticket")


def take_spooled() -> list[dict[str, str]]:
    """The spooled faults, once. The file is renamed first, so that a line written meanwhile is not lost."""
    path = settings.VAR_DIR / SPOOL
    taken = path.with_suffix(".taken")
    if not taken.exists():
        if not path.exists():
            return []
        path.rename(taken)
    found = []
    for line in taken.read_text(encoding="utf-8").splitlines():
        with suppress(json.JSONDecodeError):  # a torn last line: the call has a retry of its own
            found.append(json.loads(line))
    return found


def forget_spooled() -> None:
    """After the tickets are committed."""
    (settings.VAR_DIR / SPOOL).with_suffix(".taken").unlink(missing_ok=True)


def sorry() -> str:
    """A leg that we do not know."""
    return speech.write_document(SORRY, "", 0)
