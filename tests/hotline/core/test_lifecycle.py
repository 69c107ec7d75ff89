"""The table of statuses and next steps: total, equal to the words of the tables, and replayable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hotline.core import lifecycle, outcomes
from hotline.core.lifecycle import Cure, ImpossibleMove, Role, Standing, Status, Step
from hotline.models import Consultation, Outcome

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
OPEN = [status for status in Status if status not in lifecycle.ENDED]


def any_standing(status: Status) -> Standing:
    step = sorted(lifecycle.STEPS[status])[0]
    return Standing(status) if status in lifecycle.ENDED else Standing(status, step, owner_id=1, due_at=NOW)


def test_the_core_and_the_tables_use_the_same_words() -> None:
    assert [status.value for status in Status] == Consultation.Status.values
    assert {step.value for step in Step} == set(Consultation.NextStep.values)
    assert {role.value for role in Role} == set(Consultation.OwnerRole.values)
    assert {side.value for side in outcomes.Side} == set(Outcome.Side.values)
    assert {value.value for value in outcomes.Value} == set(Outcome.Value.values)


def test_every_status_has_its_line_in_both_tables() -> None:
    assert set(lifecycle.TRANSITIONS) == set(Status) == set(lifecycle.STEPS)
    assert set(lifecycle.OVERDUE) == set(Step) - {Step.NONE}


@pytest.mark.parametrize("before", Status)
@pytest.mark.parametrize("after", Status)
def test_a_move_is_allowed_exactly_when_the_table_says_so(before: Status, after: Status) -> None:
    standing = any_standing(after)
    stays = before == after and before not in lifecycle.ENDED
    if stays or after in lifecycle.TRANSITIONS[before]:
        lifecycle.check(before, standing)
    else:
        with pytest.raises(ImpossibleMove):
            lifecycle.check(before, standing)


@pytest.mark.parametrize("status", Status)
def test_from_every_open_status_the_end_is_reached(status: Status) -> None:
    reached, grown = {status}, True
    while grown:
        more = {after for before in reached for after in lifecycle.TRANSITIONS[before]} - reached
        reached |= more
        grown = bool(more)
    assert reached & lifecycle.ENDED


@pytest.mark.parametrize("status", OPEN)
def test_an_open_consultation_needs_one_owner_and_a_moment(status: Status) -> None:
    step = sorted(lifecycle.STEPS[status])[0]
    for owner_id, role, due in [
        (None, Role.NONE, NOW),
        (1, Role.LINE, NOW),
        (1, Role.NONE, None),
    ]:
        with pytest.raises(ImpossibleMove):
            Standing(status, step, owner_id=owner_id, owner_role=role, due_at=due)
    with pytest.raises(ImpossibleMove):
        Standing(status, Step.NONE, owner_id=1, due_at=NOW)


@pytest.mark.parametrize("status", sorted(lifecycle.ENDED))
def test_an_ended_consultation_owes_nothing(status: Status) -> None:
    assert Standing(status).due_at is None
    with pytest.raises(ImpossibleMove):
        Standing(status, due_at=NOW)


@pytest.mark.parametrize(
    ("standing", "status", "step", "owner"),
    [
        (lifecycle.standing_when_ringing(NOW), Status.SUBMITTED, Step.CONNECT, Role.LINE),
        (lifecycle.standing_when_talking(7, NOW), Status.IN_CONVERSATION, Step.OUTCOME, 7),
        (lifecycle.standing_after_talk(7, NOW, 3, True), Status.ANSWERED, Step.CONFIRM, 3),
        (lifecycle.standing_after_talk(7, NOW, None, True), Status.ANSWERED, Step.CONFIRM, Role.ORGANISATION),
        (lifecycle.standing_after_talk(7, NOW, None, False), Status.ANSWERED, Step.OUTCOME, 7),
        (lifecycle.standing_with_coordinator(NOW), Status.SUBMITTED, Step.COORDINATE, Role.COORDINATOR),
        (lifecycle.standing_call_back(NOW), Status.SUBMITTED, Step.CALL_BACK, Role.LINE),
        (lifecycle.standing_call_back(NOW, Status.WITH_LAWYER), Status.WITH_LAWYER, Step.CALL_BACK, Role.LINE),
        (lifecycle.standing_when_offered(NOW), Status.SUBMITTED, Step.ACCEPT, Role.DESK),
        (lifecycle.standing_when_waiting(NOW), Status.SUBMITTED, Step.ACCEPT, Role.LINE),
        (lifecycle.standing_with_lawyer(7, NOW), Status.WITH_LAWYER, Step.ANSWER, 7),
        (lifecycle.standing_more_info(3, NOW), Status.MORE_INFO, Step.INFORM, 3),
        (lifecycle.standing_follow_up(3, NOW), Status.ANSWERED, Step.FOLLOW_UP, 3),
    ],
)
def test_each_standing_says_who_owes_what(standing: Standing, status: Status, step: Step, owner: Role | int) -> None:
    assert (standing.status, standing.next_step, standing.due_at) == (status, step, NOW)
    assert (standing.owner_role or standing.owner_id) == owner


@pytest.mark.parametrize("step", sorted(lifecycle.OVERDUE))
def test_something_happens_to_every_overdue_step_reminded_or_not(step: Step) -> None:
    assert lifecycle.cure(step, reminded=False) in Cure
    assert lifecycle.cure(step, reminded=True) in Cure


def test_an_asker_who_was_not_helped_and_chose_nothing_gets_the_coordinator_not_a_closed_question() -> None:
    assert lifecycle.cure(Step.CONFIRM, reminded=False) == Cure.REMIND
    assert lifecycle.cure(Step.CONFIRM, reminded=True) == Cure.CLOSE
    assert lifecycle.cure(Step.CONFIRM, reminded=False, unhelped=True) == Cure.COORDINATOR
    assert lifecycle.cure(Step.CONFIRM, reminded=True, unhelped=True) == Cure.COORDINATOR


@given(some.lists(some.sampled_from(Status), min_size=1, max_size=12))
def test_replay_accepts_a_log_exactly_when_each_change_follows_the_one_before(path: list[Status]) -> None:
    changes = [(before, any_standing(after)) for before, after in zip(["", *path], path, strict=False)]
    lawful = all(lifecycle.may_follow(before, after) for before, after in pairwise(path))
    if lawful:
        assert lifecycle.replay(changes) == any_standing(path[-1])
    else:
        with pytest.raises(ImpossibleMove):
            lifecycle.replay(changes)


def test_replay_notices_a_change_that_is_missing() -> None:
    accepted = lifecycle.standing_with_lawyer(7, NOW)
    closed = lifecycle.standing_closed()
    with pytest.raises(ImpossibleMove):
        lifecycle.replay([("", lifecycle.standing_when_waiting(NOW)), (Status.WITH_LAWYER, accepted), ("", closed)])
    assert lifecycle.replay([]) is None


def test_a_later_moment_is_a_move_too() -> None:
    lifecycle.check(Status.SUBMITTED, lifecycle.standing_call_back(NOW + timedelta(hours=1)))


@pytest.mark.parametrize(
    ("side", "key", "value"),
    [
        ("worker", "1", "helped"),
        ("worker", "2", "partly"),
        ("worker", "3", "not_helped"),
        ("worker", "4", None),
        ("lawyer", "1", "answered"),
        ("lawyer", "2", "follow_up"),
        ("lawyer", "3", "hand_over"),
        ("lawyer", "4", "wrong_area"),
        ("lawyer", "5", None),
        ("lawyer", "9", "later"),
        ("lawyer", "", None),
    ],
)
def test_each_key_says_one_thing_on_its_own_side(side: str, key: str, value: str | None) -> None:
    assert outcomes.by_key(side, key) == value
    if value is not None:
        assert outcomes.belongs_to(side, value)
        assert not outcomes.belongs_to("worker" if side == "lawyer" else "lawyer", value)
