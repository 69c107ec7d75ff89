"""The words that people text: one literal table. A word does something only when it stands alone, or with its number.

'Ja maar ik kan pas om tien' is no yes: whatever is not exactly a word of ours gets the list, and a person looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hotline.phone.words import duties, other, pausing, sick
from hotline.phone.words.reply import Reply, Sender

TEXT = re.compile(r"(?P<word>[A-Z]+)(?:[ ,:]*(?P<rest>[0-9]{1,7}|DIENST))?")
# The vendor answers these itself, and after a STOP it sends nothing more to that number. Never words of ours.
STOPS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"})
VENDORS = STOPS | {"START", "UNSTOP", "YES", "HELP", "INFO"}

WORDS: dict[str, Callable[[Sender, str], Reply]] = {
    "JA": duties.yes,
    "NEE": duties.no,
    "ZIEK": sick.ill,
    "PAUZE": pausing.pause,
    "VERDER": pausing.resume,
    "HULP": other.help_,
}
WITH_MORE = frozenset({"JA", "NEE", "PAUZE"})


def answer(sender: Sender, body: str) -> Reply:
    """Do what was texted and say what to answer."""
    text = body.strip().upper().rstrip("!. ")
    if text in VENDORS:
        return other.for_the_vendor(sender, is_stop=text in STOPS)
    found = TEXT.fullmatch(text)
    deed = WORDS.get(found["word"]) if found else None
    if found is None or deed is None or (found["rest"] and found["word"] not in WITH_MORE):
        return other.unknown(sender)
    return deed(sender, found["rest"] or "")
