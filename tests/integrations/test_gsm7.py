"""The alphabet of text messages."""

from __future__ import annotations

import pytest

from integrations.gsm7 import is_gsm7, length


@pytest.mark.parametrize(
    ("text", "fits", "places"),
    [
        ("", True, 0),
        ("Piketlijn: kies 1.", True, 18),
        ("é è à ö Ä ñ £ @ _ \n", True, 19),
        ("€ [x] {y} ~|^\\", True, 23),
        ("ë", False, 3),
        ("Çelik", True, 5),
        ("ç" * 70, False, 160),
        ("ç" * 71, False, 163),
        ("😀", False, 5),
        ("a`b", False, 7),
    ],
)
def test_counts_the_places_of_a_text(text: str, fits: bool, places: int) -> None:
    assert (is_gsm7(text), length(text)) == (fits, places)
