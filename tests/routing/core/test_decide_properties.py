"""Whatever the facts: an answer, the same answer, and nobody rung who must not be."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.core.decide import GiveUp, Reason, Ring, Wait, decide, ring_list
from routing.core.facts import STAGES, Facts, Person, Presence, Tried
from routing.core.policy import Policy
from routing.core.replay import facts_to_json, outcome_from_json, outcome_to_json, policy_to_json, replay
from tests.routing.core.people import NOON

GIVES_WAY = {Reason.WRAPPING_UP, Reason.RING_CAP}
moments = st.integers(-4000, 4000).map(lambda seconds: NOON + timedelta(seconds=seconds))
person_ids = st.integers(1, 6)
offices = st.none() | st.integers(1, 3)
person = st.builds(
    Person,
    person_id=person_ids,
    name=st.just("Bos"),
    office_id=offices,
    number=st.sampled_from([None, "+31600000001"]),
    desk_id=st.integers(1, 4),
    desk=st.just("huur"),
    stage=st.sampled_from(STAGES),
    neighbour_rank=st.integers(0, 2),
    distance=st.integers(0, 1),
    area_count=st.integers(1, 3),
    region_count=st.integers(1, 2),
    position=st.integers(1, 3),
    duty_id=st.integers(1, 50),
    duty_ends_at=moments,
)
presence = st.builds(
    Presence,
    person_id=person_ids,
    open_offer=st.sampled_from(["", "", "ring", "whisper", "taken"]),
    wrapping_up_until=st.none() | moments,
    paused_until=st.none() | moments,
    promise_from=st.none() | moments,
    rung_last_hour=st.integers(0, 8),
    last_rung_at=st.none() | moments,
)
ended = st.builds(
    Tried,
    person_id=person_ids,
    state=st.sampled_from(["missed", "busy", "silent", "later", "stopped"]),
    stage=st.sampled_from([*STAGES, "continuity"]),
    ended_at=moments,
)
some_ids = st.frozensets(person_ids, max_size=2)
all_facts = st.builds(
    Facts,
    lane=st.sampled_from(["nu", "vandaag", "twee_dagen"]),
    people=st.lists(person, max_size=10).map(tuple),
    presence=st.lists(presence, max_size=6, unique_by=lambda known: known.person_id).map(tuple),
    tried=st.lists(ended, max_size=5).map(tuple),
    excluded_people=some_ids,
    excluded_offices=st.frozensets(st.integers(1, 3), max_size=1),
    just_rung=some_ids,
    continuity=st.none() | person_ids,
    cap_at=st.none() | st.integers(0, 120).map(lambda seconds: NOON + timedelta(seconds=seconds)),
)
policies = st.builds(Policy, stages=st.sampled_from([STAGES, ("own", "country"), ("country", "own"), ("own",)]))


def stands_against(chosen: Person, facts: Facts, now: datetime) -> bool:
    """Written from the text of the architecture, section 3.3, not from the code."""
    known = {entry.person_id: entry for entry in facts.presence}.get(chosen.person_id, Presence(chosen.person_id))
    return (
        not chosen.number
        or chosen.duty_ends_at <= now
        or known.open_offer != ""
        or (known.paused_until is not None and known.paused_until > now)
        or (known.promise_from is not None and known.promise_from <= now)
        or chosen.person_id in facts.excluded_people | facts.just_rung
        or chosen.office_id in facts.excluded_offices
    )


@given(all_facts, policies)
@settings(deadline=None)
def test_nobody_is_rung_who_must_not_be(facts: Facts, policy: Policy) -> None:
    outcome = decide(facts, policy, NOON)

    if isinstance(outcome, Ring):
        assert outcome.person in facts.people
        assert outcome.person.stage in policy.stages
        assert not stands_against(outcome.person, facts, NOON)
        earlier = [entry for entry in facts.tried if entry.person_id == outcome.person.person_id]
        assert bool(earlier) == outcome.again
        if outcome.again:
            assert facts.cap_at is not None
            assert len(earlier) == 1
            assert earlier[0].state in {"missed", "busy"}
            assert earlier[0].ended_at <= NOON - timedelta(seconds=20)


@given(all_facts, policies)
@settings(deadline=None)
def test_a_reason_gives_way_only_when_nobody_else_is_left(facts: Facts, policy: Policy) -> None:
    outcome = decide(facts, policy, NOON)

    if isinstance(outcome, Ring):
        known = {entry.person_id: entry for entry in facts.presence}.get(outcome.person.person_id)
        wrapping_up = known is not None and known.wrapping_up_until is not None and known.wrapping_up_until > NOON
        too_often = known is not None and known.rung_last_hour >= 6 and facts.lane != "nu"
        if wrapping_up or too_often:
            on_list = {entry.person_id for entry in facts.people if entry.stage in policy.stages}
            assert {skip.person_id for skip in outcome.skipped} == on_list - {outcome.person.person_id}


@given(all_facts, policies)
@settings(deadline=None)
def test_a_ring_ends_before_the_cap_with_room_for_the_whisper(facts: Facts, policy: Policy) -> None:
    outcome = decide(facts, policy, NOON)

    if isinstance(outcome, Ring):
        assert 10 <= outcome.seconds <= 20
        if facts.cap_at is not None:
            assert NOON + timedelta(seconds=outcome.seconds + 14) <= facts.cap_at


@given(all_facts, policies)
@settings(deadline=None)
def test_everybody_on_the_list_is_rung_free_or_has_one_reason(facts: Facts, policy: Policy) -> None:
    outcome = decide(facts, policy, NOON)
    skipped = [skip.person_id for skip in outcome.skipped]

    assert len(skipped) == len(set(skipped))
    assert set(skipped) <= {entry.person_id for entry in facts.people}
    if isinstance(outcome, Wait):
        assert facts.cap_at is None
        assert outcome.until > NOON
        assert set(skipped) == {entry.person_id for entry in facts.people if entry.stage in policy.stages}
    if isinstance(outcome, GiveUp) and facts.cap_at is None:
        assert not GIVES_WAY & {skip.reason_code for skip in outcome.skipped}


@given(all_facts, policies)
@settings(deadline=None)
def test_a_stored_decision_replays_equal(facts: Facts, policy: Policy) -> None:
    outcome = decide(facts, policy, NOON)
    stored = json.loads(json.dumps({"facts": facts_to_json(facts), "policy": policy_to_json(policy)}))

    assert replay(stored, NOON) == outcome
    assert outcome_from_json(json.loads(json.dumps(outcome_to_json(outcome)))) == outcome


@given(all_facts, policies)
@settings(deadline=None)
def test_the_order_in_which_facts_arrive_does_not_matter(facts: Facts, policy: Policy) -> None:
    turned = Facts(
        lane=facts.lane,
        people=facts.people[::-1],
        presence=facts.presence[::-1],
        tried=facts.tried,
        excluded_people=facts.excluded_people,
        excluded_offices=facts.excluded_offices,
        just_rung=facts.just_rung,
        continuity=facts.continuity,
        cap_at=facts.cap_at,
    )
    one, other = decide(facts, policy, NOON), decide(turned, policy, NOON)

    if len({(entry.person_id, entry.duty_id) for entry in facts.people}) == len(facts.people):
        assert one == other


@given(all_facts, policies)
@settings(deadline=None)
def test_the_list_names_everybody_once_and_fits_the_cap(facts: Facts, policy: Policy) -> None:
    planned = ring_list(facts, policy, NOON)
    names = [place.person.person_id for place in planned]

    assert len(names) == len(set(names))
    assert not set(names) & {entry.person_id for entry in facts.tried}
    if facts.cap_at is not None:
        assert sum(place.seconds for place in planned) <= (facts.cap_at - NOON).total_seconds()
