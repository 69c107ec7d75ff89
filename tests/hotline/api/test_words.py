"""The API has a Dutch code for every code of the tables, and no two the same."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from django.db.models import TextChoices

from directory.core.tree import COUNTRY, COURT, SUB
from hotline.api import words
from hotline.core.outcomes import Then
from hotline.models import Consultation, Lane, Message, Outcome

TABLES: list[tuple[Mapping[str, str], type[TextChoices]]] = [
    (words.CHANNEL, Consultation.Channel),
    (words.LANE, Lane),
    (words.STATUS, Consultation.Status),
    (words.STEP, Consultation.NextStep),
    (words.MESSAGE, Message.Kind),
    (words.SIDE, Outcome.Side),
    (words.OUTCOME, Outcome.Value),
]


@pytest.mark.parametrize(("dutch", "codes"), TABLES, ids=[codes.__qualname__ for _words, codes in TABLES])
def test_every_code_of_the_table_has_its_dutch(dutch: Mapping[str, str], codes: type[TextChoices]) -> None:
    assert set(dutch) == {value for value in codes.values if value}


def test_codes_that_are_not_in_a_table_have_their_dutch() -> None:
    assert set(words.THEN) == set(Then) - {Then.UNDECIDED}
    assert set(words.REGION) == {COUNTRY, COURT, SUB}


@pytest.mark.parametrize("dutch", [words.STAGE, words.THEN, words.REGION, *(one for one, _codes in TABLES)])
def test_every_dutch_code_means_one_thing_and_is_plain(dutch: Mapping[str, str]) -> None:
    assert len(set(dutch.values())) == len(dutch)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", word) for word in dutch.values())
