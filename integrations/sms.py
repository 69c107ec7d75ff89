"""Texts that fit one SMS: 160 characters of the GSM-7 alphabet; one letter outside it leaves room for 70 only."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping

from integrations import gsm7

LINK = "{link}"
SHORTEST = 4  # characters that a cut name keeps
_REPLACED = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "})


def plain(text: str) -> str:
    """The text in GSM-7: letters it lacks lose their accent ('Fryslân' -> 'Fryslan'), others become '?'."""
    return "".join(_letter(letter) for letter in unicodedata.normalize("NFC", text.translate(_REPLACED)))


def _letter(letter: str) -> str:
    if gsm7.is_gsm7(letter):
        return letter
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if gsm7.is_gsm7(part))
    return bare or "?"


def fit(
    template: str,
    values: Mapping[str, str],
    *,
    cut: Collection[str],
    link: int = 0,
    limit: int = gsm7.ONE_MESSAGE,
) -> str:
    """`template` with its `{named}` values, in GSM-7; the longest of those in `cut` lose their end until it fits.

    'Zeeland-West-Brabant' becomes 'Zeeland-West.'; a name keeps four characters at least. `{link}` stays, for the
    outbox to fill in; it counts as `link` characters. Raises ValueError when the rest alone is too long.
    """
    said = {name: plain(value) for name, value in values.items()}
    template = plain(template)
    while True:
        text = template.format(**said, link=LINK)
        over = gsm7.length(text.replace(LINK, "")) + link * text.count(LINK) - limit
        if over <= 0:
            return text
        longest = max((name for name in cut if name in said), key=lambda name: len(said[name]), default="")
        if not longest or len(said[longest]) <= SHORTEST:
            raise ValueError(f"{over} characters too long for one SMS: {template}")
        kept = max(SHORTEST, len(said[longest]) - over) - 1
        said[longest] = said[longest].rstrip(".")[:kept].rstrip(" -,.") + "."
