from __future__ import annotations

import pytest

from routing.core.decide import decide
from routing.core.policy import Policy
from routing.core.replay import outcome_from_json, replay
from routing.models import Decision
from routing.services import record
from tests.routing.core.people import NOON, WALCHEREN, facts, tried


@pytest.mark.django_db
def test_a_recorded_decision_can_be_made_again() -> None:
    policy = Policy(stages=("own", "country"))
    asked = facts(*WALCHEREN, tried=(tried("Adriaanse", "missed", 0),))
    outcome = decide(asked, policy, NOON)

    key = record(about="call:12", at=NOON, facts=asked, outcome=outcome, policy=policy)

    stored = Decision.objects.get(pk=key)
    assert (stored.about, stored.at) == ("call:12", NOON)
    assert replay(stored.facts, stored.at) == outcome
    assert outcome_from_json(stored.outcome) == outcome
    assert stored.outcome["person"]["name"] == "De Groot"
