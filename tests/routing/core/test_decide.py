from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from routing.core.decide import GiveUp, Reason, Ring, Wait, Why, decide, ring_list
from routing.core.facts import Facts, Person, Presence
from routing.core.policy import Policy
from tests.routing.core.people import AMSTERDAM, NOON, WALCHEREN, facts, number_of, on_desk, tried

POLICY = Policy()
NO_NEIGHBOURS = Policy(stages=("own", "country"))


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def rung(asked: Facts, seconds: float = 0, policy: Policy = POLICY) -> tuple[str, int]:
    """Who is rung, for how long, `seconds` after noon."""
    outcome = decide(asked, policy, NOON + after(seconds))
    assert isinstance(outcome, Ring), outcome
    return outcome.person.name, outcome.seconds


def reasons(asked: Facts, policy: Policy = POLICY) -> dict[str, str]:
    return {skip.name: skip.reason_code.value for skip in decide(asked, policy, NOON).skipped}


# --- The two examples of the design, literally ----------------------------------------------------------------------


def test_who_shows_walcheren_in_the_order_of_the_example() -> None:
    planned = ring_list(facts(*WALCHEREN), POLICY, NOON)

    assert [(place.person.name, place.seconds) for place in planned] == [
        ("Adriaanse", 20),
        ("Bakker", 20),
        ("De Groot", 20),
        ("Çelik", 0),
        ("Evers", 0),
    ]


def test_walcheren_as_it_goes_in_the_example() -> None:
    adriaanse = tried("Adriaanse", "missed", 20)
    bakker = tried("Bakker", "slot", 35, "neighbour")

    assert rung(facts(*WALCHEREN), 0) == ("Adriaanse", 20)
    assert rung(facts(*WALCHEREN, tried=(adriaanse,)), 24) == ("Bakker", 20)
    assert rung(facts(*WALCHEREN, tried=(adriaanse, bakker)), 38) == ("De Groot", 20)


def test_walcheren_with_the_own_lawyer_in_conversation_starts_at_the_neighbour() -> None:
    in_call = Presence(number_of("Adriaanse"), open_offer="taken")
    bakker = tried("Bakker", "missed", 20, "neighbour")
    de_groot = tried("De Groot", "silent", 36, "country")

    assert rung(facts(*WALCHEREN, presence=(in_call,))) == ("Bakker", 20)
    assert reasons(facts(*WALCHEREN, presence=(in_call,))) == {"Adriaanse": "in_conversation"}
    assert rung(facts(*WALCHEREN, presence=(in_call,), tried=(bakker,)), 24) == ("De Groot", 20)
    assert rung(facts(*WALCHEREN, tried=(bakker, de_groot)), 40) == ("Adriaanse", 20)


def test_amsterdam_as_it_goes_in_the_example() -> None:
    bos = tried("Bos", "silent", 13)
    chen = tried("Chen", "missed", 36)
    de_groot = tried("De Groot", "missed", 60, "country")
    planned = ring_list(facts(*AMSTERDAM), NO_NEIGHBOURS, NOON)

    assert [place.person.name for place in planned] == ["Bos", "Chen", "De Groot", "Evers"]
    assert rung(facts(*AMSTERDAM), 0.3, NO_NEIGHBOURS) == ("Bos", 20)
    assert rung(facts(*AMSTERDAM, tried=(bos,)), 16, NO_NEIGHBOURS) == ("Chen", 20)
    assert rung(facts(*AMSTERDAM, tried=(bos, chen)), 40, NO_NEIGHBOURS) == ("De Groot", 20)
    assert rung(facts(*AMSTERDAM, tried=(bos, chen, de_groot)), 63, NO_NEIGHBOURS) == ("Evers", 13)
    evers = tried("Evers", "missed", 76, "country")
    end = decide(facts(*AMSTERDAM, tried=(bos, chen, de_groot, evers)), NO_NEIGHBOURS, NOON + after(77))
    assert isinstance(end, GiveUp)
    assert end.reason is Why.NO_TIME


def test_the_overflow_is_recorded_with_its_stage() -> None:
    outcome = decide(facts(*AMSTERDAM, tried=(tried("Bos", "silent", 13), tried("Chen", "missed", 36))), POLICY, NOON)

    assert isinstance(outcome, Ring)
    assert (outcome.person.name, outcome.stage) == ("Bakker", "neighbour")
    assert {skip.name: skip.reason_code for skip in outcome.skipped} == {"Bos": Reason.TRIED, "Chen": Reason.TRIED}


# --- Order ----------------------------------------------------------------------------------------------------------

OWN = "Amsterdam huur"


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([on_desk("far", OWN, distance=1), on_desk("near", OWN, distance=0)], "near"),
        ([on_desk("broad", OWN, area_count=3), on_desk("narrow", OWN, area_count=1)], "narrow"),
        ([on_desk("wide", OWN, region_count=2), on_desk("small", OWN, region_count=1)], "small"),
        ([on_desk("later desk", OWN, desk_id=9), on_desk("earlier desk", OWN, desk_id=8)], "earlier desk"),
        ([on_desk("backup", OWN, 2), on_desk("first", OWN, 1)], "first"),
        ([on_desk("near backup", OWN, 2), on_desk("far first", OWN, 1, desk_id=3, distance=1)], "near backup"),
        ([on_desk("second", "Den Haag huur"), on_desk("nearest", "Rotterdam huur")], "nearest"),
        ([on_desk("national", "Landelijk huur"), on_desk("nearest", "Den Haag huur")], "nearest"),
    ],
)
def test_the_best_place_comes_first(people: list[Person], expected: str) -> None:
    assert rung(facts(*people))[0] == expected


def test_within_a_position_the_longest_idle_comes_first() -> None:
    people = [on_desk(name, OWN) for name in ("just", "an hour ago", "never")]
    just = Presence(number_of("just"), last_rung_at=NOON - after(60))
    hour = Presence(number_of("an hour ago"), last_rung_at=NOON - after(3600))

    planned = ring_list(facts(*people, presence=(just, hour)), POLICY, NOON)

    assert [place.person.name for place in planned] == ["never", "an hour ago", "just"]


def test_a_person_appears_once_at_the_best_place() -> None:
    people = (on_desk("Bos", "Landelijk huur"), on_desk("Bos", OWN, 2), on_desk("Chen", OWN, 1))

    planned = ring_list(facts(*people), POLICY, NOON)

    assert [(place.person.name, place.person.desk) for place in planned] == [("Chen", OWN), ("Bos", OWN)]


def test_after_one_attempt_for_each_stage_the_rest_follows_in_order() -> None:
    people = (
        on_desk("own", OWN),
        *(on_desk(name, "Rotterdam huur", index) for index, name in enumerate(("n1", "n2"), 1)),
        on_desk("n3", "Den Haag huur"),
        *(on_desk(name, "Landelijk huur", index) for index, name in enumerate(("c1", "c2"), 1)),
    )

    planned = ring_list(facts(*people, cap_at=None), POLICY, NOON)

    assert [place.person.name for place in planned] == ["own", "n1", "c1", "n2", "n3", "c2"]


def test_the_first_neighbour_with_somebody_reachable_gets_the_attempt() -> None:
    away = Presence(number_of("Bakker"), paused_until=NOON + after(900))
    people = (on_desk("Bakker", "Rotterdam huur"), on_desk("Dijk", "Den Haag huur"))

    assert rung(facts(*people, presence=(away,)))[0] == "Dijk"


def test_a_dropped_stage_is_never_rung() -> None:
    assert decide(facts(on_desk("Bakker", "Rotterdam huur")), NO_NEIGHBOURS, NOON) == GiveUp(Why.NOBODY_ON_DUTY, ())


def test_the_lawyer_who_already_spoke_on_it_comes_first() -> None:
    outcome = decide(facts(*WALCHEREN, continuity=number_of("Evers")), POLICY, NOON)

    assert isinstance(outcome, Ring)
    assert (outcome.person.name, outcome.stage) == ("Evers", "continuity")


def test_the_lawyer_who_already_spoke_on_it_is_not_rung_off_duty() -> None:
    assert rung(facts(*WALCHEREN, continuity=number_of("Zwart")))[0] == "Adriaanse"


# --- Reasons --------------------------------------------------------------------------------------------------------

BOS = number_of("Bos")
LATER = NOON + after(60)


@pytest.mark.parametrize(
    ("changed", "person", "reason"),
    [
        ({"presence": (Presence(BOS, paused_until=LATER),)}, {}, "paused"),
        ({"presence": (Presence(BOS, open_offer="taken"),)}, {}, "in_conversation"),
        ({"presence": (Presence(BOS, open_offer="ring"),)}, {}, "ringing"),
        ({"presence": (Presence(BOS, open_offer="whisper"),)}, {}, "ringing"),
        ({"presence": (Presence(BOS, wrapping_up_until=LATER),)}, {}, "wrapping_up"),
        ({"presence": (Presence(BOS, promise_from=NOON),)}, {}, "promise"),
        ({"presence": (Presence(BOS, rung_last_hour=6),)}, {}, "ring_cap"),
        ({"excluded_people": frozenset({BOS})}, {}, "excluded"),
        ({"excluded_offices": frozenset({7})}, {"office_id": 7}, "excluded_office"),
        ({"just_rung": frozenset({BOS})}, {}, "just_rung"),
        ({"tried": (tried("Bos", "declined", -30),)}, {}, "tried"),
        ({}, {"number": None}, "no_number"),
        ({}, {"duty_ends_at": NOON}, "off_duty"),
    ],
)
def test_somebody_with_a_reason_is_passed_over(
    changed: dict[str, object], person: dict[str, object], reason: str
) -> None:
    asked = facts(on_desk("Bos", OWN, 1, **person), on_desk("Chen", OWN, 2), **changed)

    assert rung(asked)[0] == "Chen"
    assert reasons(asked) == {"Bos": reason}


@pytest.mark.parametrize(
    "presence",
    [
        Presence(BOS, paused_until=NOON),
        Presence(BOS, wrapping_up_until=NOON),
        Presence(BOS, promise_from=LATER),
        Presence(BOS, rung_last_hour=5),
    ],
)
def test_a_reason_that_is_over_or_not_yet_there_does_not_count(presence: Presence) -> None:
    assert rung(facts(on_desk("Bos", OWN, 1), on_desk("Chen", OWN, 2), presence=(presence,)))[0] == "Bos"


@pytest.mark.parametrize("known", [Presence(BOS, wrapping_up_until=LATER), Presence(BOS, rung_last_hour=9)])
def test_wrapping_up_and_the_ring_cap_give_way_for_the_last_one_left(known: Presence) -> None:
    chen_paused = Presence(number_of("Chen"), paused_until=LATER)
    outcome = decide(facts(on_desk("Bos", OWN), on_desk("Chen", OWN), presence=(known, chen_paused)), POLICY, NOON)

    assert isinstance(outcome, Ring)
    assert outcome.person.name == "Bos"
    assert [skip.name for skip in outcome.skipped] == ["Chen"]


def test_the_ring_cap_is_lifted_for_an_urgent_call() -> None:
    often = Presence(BOS, rung_last_hour=20)

    assert rung(facts(on_desk("Bos", OWN, 1), on_desk("Chen", OWN, 2), presence=(often,), lane="nu"))[0] == "Bos"


# --- Time -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("passed", "seconds"), [(0, 20), (56, 20), (56.5, 19), (57, 19), (65.9, 10), (66, 10)])
def test_a_ring_leaves_room_for_the_whisper_before_the_cap(passed: float, seconds: int) -> None:
    assert rung(facts(on_desk("Bos", OWN)), passed) == ("Bos", seconds)


def test_no_ring_starts_in_the_last_24_seconds() -> None:
    assert decide(facts(on_desk("Bos", OWN)), POLICY, NOON + after(66.1)) == GiveUp(Why.NO_TIME, ())


def test_without_a_caller_every_ring_is_whole() -> None:
    assert rung(facts(on_desk("Bos", OWN), cap_at=None), 500) == ("Bos", 20)


@pytest.mark.parametrize("state", ["missed", "busy"])
def test_who_missed_it_is_rung_once_more_when_the_list_is_empty(state: str) -> None:
    asked = facts(
        on_desk("Bos", OWN, 1), on_desk("Chen", OWN, 2), tried=(tried("Bos", state, 5), tried("Chen", state, 9))
    )
    outcome = decide(asked, POLICY, NOON + after(29))

    assert isinstance(outcome, Ring)
    assert (outcome.person.name, outcome.again) == ("Bos", True)
    twice = replace(asked, tried=(*asked.tried, tried("Bos", "missed", 49)))
    assert rung(twice, 52) == ("Chen", 20)
    thrice = replace(twice, tried=(*twice.tried, tried("Chen", "missed", 62)))
    assert decide(thrice, POLICY, NOON + after(64)).skipped[0].reason_code is Reason.TRIED
    assert isinstance(decide(thrice, POLICY, NOON + after(64)), GiveUp)


@pytest.mark.parametrize(
    "state", ["silent", "slot", "later", "conflict", "bad_number", "stopped", "unbridged", "lapsed"]
)
def test_other_endings_get_no_second_ring(state: str) -> None:
    outcome = decide(facts(on_desk("Bos", OWN), tried=(tried("Bos", state, 0),)), POLICY, NOON + after(40))

    assert isinstance(outcome, GiveUp)
    assert outcome.reason is Why.ALL_TRIED


def test_the_second_ring_waits_twenty_seconds() -> None:
    asked = facts(on_desk("Bos", OWN), tried=(tried("Bos", "busy", 5),))

    assert isinstance(decide(asked, POLICY, NOON + after(24.9)), GiveUp)
    assert rung(asked, 25) == ("Bos", 20)


def test_somebody_not_yet_rung_comes_before_the_second_round() -> None:
    wrapping_up = Presence(number_of("Chen"), wrapping_up_until=NOON + after(100))
    asked = facts(on_desk("Bos", OWN), on_desk("Chen", OWN), presence=(wrapping_up,), tried=(tried("Bos", "busy", 0),))

    assert rung(asked, 30)[0] == "Chen"


# --- Nobody ---------------------------------------------------------------------------------------------------------


def test_nobody_on_duty_is_said_so() -> None:
    assert decide(facts(), POLICY, NOON) == GiveUp(Why.NOBODY_ON_DUTY, ())


def test_without_a_caller_it_waits_for_the_first_pause_to_end() -> None:
    pauses = (
        Presence(BOS, paused_until=NOON + after(900)),
        Presence(number_of("Chen"), paused_until=NOON + after(600)),
    )
    asked = facts(on_desk("Bos", OWN), on_desk("Chen", OWN), presence=pauses, cap_at=None)
    outcome = decide(asked, POLICY, NOON)

    assert isinstance(outcome, Wait)
    assert outcome.until == NOON + after(600)
    assert len(outcome.skipped) == 2


def test_with_a_caller_it_never_waits() -> None:
    asked = facts(on_desk("Bos", OWN), presence=(Presence(BOS, paused_until=NOON + after(10)),))
    outcome = decide(asked, POLICY, NOON)

    assert isinstance(outcome, GiveUp)
    assert outcome.reason is Why.NOBODY_REACHABLE


@pytest.mark.parametrize("pause", [after(4 * 3600), after(5 * 3600)])
def test_a_pause_to_the_end_of_the_duty_is_not_waited_for(pause: timedelta) -> None:
    asked = facts(on_desk("Bos", OWN), presence=(Presence(BOS, paused_until=NOON + pause),), cap_at=None)

    assert isinstance(decide(asked, POLICY, NOON), GiveUp)


# --- Not confirmed, and missed a call in this duty --------------------------------------------------------------------
BOS_AND_CHEN = (on_desk("Bos", "Walcheren alle gebieden"), on_desk("Chen", "Walcheren alle gebieden", 2))
BOS_IS_QUIET = Presence(number_of("Bos"), not_answering=True)


def test_who_does_not_answer_stands_behind_the_others_of_his_desk() -> None:
    asked = facts(*BOS_AND_CHEN, presence=(BOS_IS_QUIET,))
    assert rung(asked)[0] == "Chen"
    assert reasons(asked) == {"Bos": "not_answering"}
    assert [place.person.name for place in ring_list(asked, POLICY, NOON)] == ["Chen", "Bos"]
    assert reasons(facts(*BOS_AND_CHEN)) == {}


def test_who_does_not_answer_is_rung_when_he_is_the_last() -> None:
    chen = Presence(number_of("Chen"), paused_until=NOON + after(900))
    asked = facts(*BOS_AND_CHEN, presence=(BOS_IS_QUIET, chen))
    assert rung(asked)[0] == "Bos"
    assert reasons(asked) == {"Chen": "paused"}
