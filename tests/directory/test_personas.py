"""The builders and the five personas."""

from __future__ import annotations

import pytest

from directory import queries
from tests import builders

pytestmark = pytest.mark.django_db


def test_a_worker_is_known_by_his_number() -> None:
    worker = builders.a_worker("Wim")
    number = queries.contact(worker.pk).number
    caller = queries.caller_of(number)
    assert caller is not None
    assert (caller.person_id, caller.verified, caller.usual_area) == (worker.pk, True, "huur")


def test_the_personas_have_their_roles_in_their_regions() -> None:
    people = builders.personas()
    walcheren = builders.region_id("walcheren")
    in_charge = {name: queries.in_scope(person, "coordinator", walcheren) for name, person in people.items()}
    assert in_charge == {
        "worker": False,
        "lawyer": False,
        "coordinator": True,
        "other_coordinator": False,
        "stranger": False,
    }
