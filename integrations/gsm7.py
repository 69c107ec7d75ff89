"""The alphabet of a text message (3GPP TS 23.038): 160 characters fit in one, if every character is in it."""

from __future__ import annotations

ONE_MESSAGE = 160

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")  # an escape and a second character: they count double


def is_gsm7(text: str) -> bool:
    """Whether no character makes the message switch to 70 characters of UCS-2."""
    return _BASIC.union(_EXTENDED).issuperset(text)


def length(text: str) -> int:
    """How many of the 160 places `text` takes. Outside the alphabet only 70 characters fit."""
    if is_gsm7(text):
        return len(text) + sum(character in _EXTENDED for character in text)
    return -(-(len(text.encode("utf-16-be")) // 2) * ONE_MESSAGE // 70)
