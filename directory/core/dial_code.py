"""The code a worker keys in when his number is not known: seven digits and a check digit (Damm, 2004).

The check digit finds every single wrong digit and every swap of two neighbours, so that a slip of the finger is heard
without looking anybody up.
"""

from __future__ import annotations

LENGTH = 8
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def _damm(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


def complete(number: int) -> str:
    """The code of eight digits for `number`, 0 to 9,999,999."""
    if not 0 <= number < 10 ** (LENGTH - 1):
        raise ValueError(f"{number} does not fit in {LENGTH - 1} digits")
    digits = f"{number:0{LENGTH - 1}d}"
    return f"{digits}{_damm(digits)}"


def is_code(text: str) -> bool:
    """Whether `text` is eight digits of which the last one is right."""
    return len(text) == LENGTH and text.isascii() and text.isdigit() and _damm(text) == 0
