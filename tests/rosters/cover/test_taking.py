"""Taking a duty over: whole, in part, now, in a chain, and taking it back; swapping two duties."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations import clock
from rosters import services
from rosters.core.intervals import Interval
from rosters.errors import CoverRefused, FormRefused, NotYours, RulesBroken
from rosters.models import CoverRequest, Duty, Terms
from rosters.services import covering, swapping, taking, taking_back
from tests import builders
from tests.rosters.cover.conftest import World, in_force, leaves
from tests.rosters.cover.test_requests import told, work

HOUR = timedelta(hours=1)


def take(request: CoverRequest, person: object, **fields: object) -> Duty:
    return taking.take(request_id=request.pk, person_id=person.pk, by=person.pk, **fields)  # type: ignore[attr-defined,arg-type]


def test_the_duty_changes_hands_and_everybody_concerned_hears_it(world: World) -> None:
    request = world.request()
    made = take(request, world.bob)
    request.refresh_from_db()
    old = request.duty
    assert (old.cancelled_why, made.came_from, made.origin) == ("given", old, "cover")
    assert made.confirmed_how == "page"
    assert in_force() == [("Bob de Boer", old.starts_at, old.ends_at)]
    assert (request.state, request.taken_by, request.taken_duty) == ("taken", world.bob, made)
    assert "Bob de B. neemt je dienst" in told(world.ada, "sms")[-1]
    assert "is nu van jou" in told(world.bob, "sms")[-1]


def test_the_second_is_told_who_was_first(world: World) -> None:
    request = world.request()
    take(request, world.bob)
    with pytest.raises(CoverRefused, match=r"al overgenomen door Bob de B\."):
        take(request, world.cor)


def test_nobody_takes_what_was_withdrawn_or_closed(world: World) -> None:
    request = world.request()
    clock.forward(timedelta(hours=47))
    with pytest.raises(CoverRefused, match="niemand meer gezocht"):
        take(request, world.bob)
    later = world.request(world.duty(starts=72))
    covering.withdraw(request_id=later.pk, by=world.ada.pk)
    with pytest.raises(CoverRefused, match="niemand meer gezocht"):
        take(later, world.bob)


def test_nobody_takes_on_behalf_of_a_colleague(world: World) -> None:
    with pytest.raises(NotYours):
        taking.take(request_id=world.request().pk, person_id=world.bob.pk, by=world.cor.pk)


def test_a_coordinator_takes_on_behalf_but_breaks_no_rule_for_another(world: World) -> None:
    request = world.request()
    Terms.objects.create(person=world.cor, max_per_week=1)
    world.duty(starts=24, person=world.cor, position=2)
    with pytest.raises(RulesBroken):
        taking.take(request_id=request.pk, person_id=world.cor.pk, by=world.coby.pk, breaking=["week_full"])
    taking.take(request_id=request.pk, person_id=world.bob.pk, by=world.coby.pk)
    assert in_force()[-1][0] == "Bob de Boer"


def test_a_rule_is_broken_knowingly_and_that_stands_on_record(world: World) -> None:
    request = world.request()
    Terms.objects.create(person=world.bob, max_per_week=1)
    world.duty(starts=24, person=world.bob, position=2)
    with pytest.raises(RulesBroken, match="maximum van die week") as refused:
        take(request, world.bob)
    assert (refused.value.can_tick, refused.value.broken) == (True, ("week_full",))
    take(request, world.bob, breaking=["week_full"])
    request.refresh_from_db()
    assert request.broke_rules == "week_full"


def test_what_protects_the_client_cannot_be_broken(world: World) -> None:
    request = world.request()
    fay = builders.a_lawyer("Fay Familie", areas=("familie-jeugd",))
    with pytest.raises(RulesBroken) as refused:
        take(request, fay, breaking=["not_qualified"])
    assert refused.value.can_tick is False


def test_who_has_another_duty_then_cannot_take_it_whatever_he_ticks(world: World) -> None:
    request = world.request()
    world.duty(starts=49, person=world.bob, desk=builders.a_desk(builders.a_line()))
    with pytest.raises(RulesBroken):
        take(request, world.bob, breaking=["on_duty"])


def test_who_left_takes_nothing(world: World) -> None:
    request = world.request()
    leaves(world.bob)
    with pytest.raises(CoverRefused):
        take(request, world.bob)
    assert in_force()[0][0] == "Ada Advocaat"


def test_a_part_leaves_the_rest_with_the_holder_and_open(world: World) -> None:
    request = world.request()
    start, end = request.starts_at, request.ends_at
    take(request, world.bob, part=Interval(start, start + HOUR))
    assert in_force() == [("Bob de Boer", start, start + HOUR), ("Ada Advocaat", start + HOUR, end)]
    request.refresh_from_db()
    assert (request.state, request.starts_at, request.ends_at) == ("open", start + HOUR, end)
    take(request, world.cor)
    assert [name for name, *_times in in_force()] == ["Bob de Boer", "Cor Cornelissen"]


def test_a_part_in_the_middle_is_refused(world: World) -> None:
    request = world.request()
    with pytest.raises(FormRefused):
        take(request, world.bob, part=Interval(request.starts_at + HOUR, request.ends_at - HOUR))


def test_a_part_that_is_offered_leaves_both_ends_with_the_holder(world: World) -> None:
    duty = world.duty()
    request = world.request(duty, starts_at=duty.starts_at + HOUR, ends_at=duty.ends_at - HOUR)
    take(request, world.bob)
    assert [(name, (end - start) / HOUR) for name, start, end in in_force()] == [
        ("Ada Advocaat", 1),
        ("Bob de Boer", 2),
        ("Ada Advocaat", 1),
    ]
    assert Duty.objects.get(pk=duty.pk).cancelled_why == "split"


def test_the_chain_from_a_to_b_to_c(world: World) -> None:
    first = take(world.request(), world.bob)
    clock.forward(HOUR)
    second = take(world.request(first), world.cor)
    assert second.came_from == first
    assert first.came_from is not None
    assert first.came_from.person == world.ada


def test_a_running_duty_is_taken_from_this_minute(world: World) -> None:
    duty = world.duty(starts=-1)
    clock.forward(timedelta(seconds=20))
    taking.take_now(duty_id=duty.pk, person_id=world.bob.pk, by=world.bob.pk)
    cut = clock.now().replace(second=0)
    assert in_force() == [("Ada Advocaat", duty.starts_at, cut), ("Bob de Boer", cut, duty.ends_at)]
    assert "Bob de B. neemt je dienst" in told(world.ada, "sms")[-1]


def test_a_far_duty_is_not_taken_without_being_asked_but_by_a_coordinator(world: World) -> None:
    duty = world.duty()
    with pytest.raises(CoverRefused) as refused:
        taking.take_now(duty_id=duty.pk, person_id=world.bob.pk, by=world.bob.pk)
    assert refused.value.code == "ask_first"
    taking.take_now(duty_id=duty.pk, person_id=world.bob.pk, by=world.coby.pk)
    assert in_force()[0][0] == "Bob de Boer"


# --- Taking back ------------------------------------------------------------------------------------------------------
def test_taking_back_gives_the_duty_to_its_holder_and_looks_on(world: World) -> None:
    request = world.request()
    take(request, world.bob)
    clock.forward(timedelta(minutes=14))
    taking_back.take_back(request_id=request.pk, by=world.bob.pk)
    request.refresh_from_db()
    assert request.state == "open"
    assert in_force()[0][0] == "Ada Advocaat"
    assert "toch niet" in told(world.ada, "sms")[-1]
    take(request, world.cor)
    assert in_force()[0][0] == "Cor Cornelissen"


@pytest.mark.parametrize(("starts", "minutes"), [(48, 15), (2.1, 7)])
def test_taking_back_has_an_end(world: World, starts: float, minutes: int) -> None:
    request = world.request(world.duty(starts=starts))
    take(request, world.bob)
    clock.forward(timedelta(minutes=minutes))
    with pytest.raises(CoverRefused) as refused:
        taking_back.take_back(request_id=request.pk, by=world.bob.pk)
    assert refused.value.code == "too_late"


def test_a_holder_who_is_busy_by_now_does_not_get_it_back(world: World) -> None:
    request = world.request()
    take(request, world.bob)
    world.duty(starts=49, desk=builders.a_desk(builders.a_line()))
    with pytest.raises(CoverRefused) as refused:
        taking_back.take_back(request_id=request.pk, by=world.bob.pk)
    assert refused.value.code == "holder_busy"
    assert ("Bob de Boer", request.starts_at, request.ends_at) in in_force()


def test_only_the_taker_takes_back(world: World) -> None:
    request = world.request()
    take(request, world.bob)
    with pytest.raises(NotYours):
        taking_back.take_back(request_id=request.pk, by=world.cor.pk)


def test_a_part_is_taken_back_beside_the_rest_that_is_open(world: World) -> None:
    request = world.request()
    start, end = request.starts_at, request.ends_at
    take(request, world.bob, part=Interval(start, start + HOUR))
    part = CoverRequest.objects.get(state="taken")
    taking_back.take_back(request_id=part.pk, by=world.bob.pk)
    assert in_force() == [("Ada Advocaat", start, start + HOUR), ("Ada Advocaat", start + HOUR, end)]
    assert CoverRequest.objects.filter(state="open").count() == 2


# --- Swapping ---------------------------------------------------------------------------------------------------------
def offered(world: World) -> tuple[CoverRequest, Duty, int]:
    request = world.request(kind="swap")
    other = world.duty(starts=72, person=world.bob)
    ask = swapping.offer_swap(request_id=request.pk, person_id=world.bob.pk, in_return=other.pk, by=world.bob.pk)
    return request, other, ask.pk


def test_a_swap_moves_both_duties_at_once(world: World) -> None:
    request, other, ask = offered(world)
    assert "ruilt jouw" in told(world.ada, "sms")[-1]
    swapping.accept_swap(ask_id=ask, by=world.ada.pk)
    assert in_force() == [
        ("Bob de Boer", request.starts_at, request.ends_at),
        ("Ada Advocaat", other.starts_at, other.ends_at),
    ]
    other.refresh_from_db()
    assert other.cancelled_why == "swapped"
    assert "geruild met Bob de B." in told(world.ada, "sms")[-1]
    assert "geruild met Ada A." in told(world.bob, "sms")[-1]


def test_a_swap_of_duties_at_the_same_time_is_possible(world: World) -> None:
    request = world.request(kind="swap")
    other = world.duty(starts=49, person=world.bob, desk=builders.a_desk(builders.a_line()))
    ask = swapping.offer_swap(request_id=request.pk, person_id=world.bob.pk, in_return=other.pk, by=world.bob.pk)
    swapping.accept_swap(ask_id=ask.pk, by=world.ada.pk)
    assert [name for name, *_times in in_force()] == ["Bob de Boer", "Ada Advocaat"]


def test_a_swap_never_books_somebody_twice(world: World) -> None:
    """Peers: whoever is on duty at that time could take the swap too, and both slots held one person."""
    request, other, ask = offered(world)
    world.duty(starts=49, person=world.bob, desk=builders.a_desk(builders.a_line()))
    before = in_force()
    with pytest.raises(RulesBroken):
        swapping.accept_swap(ask_id=ask, by=world.ada.pk)
    assert in_force() == before
    cor_busy = world.duty(starts=48, person=world.cor, position=2)
    with pytest.raises(RulesBroken):
        swapping.offer_swap(
            request_id=request.pk,
            person_id=world.cor.pk,
            in_return=world.duty(starts=96, person=world.cor).pk,
            by=world.cor.pk,
        )
    assert cor_busy.cancelled_at is None
    assert other.cancelled_at is None


def test_the_holder_is_not_booked_twice_either(world: World) -> None:
    _request, _other, ask = offered(world)
    world.duty(starts=73, desk=builders.a_desk(builders.a_line()))
    with pytest.raises(RulesBroken):
        swapping.accept_swap(ask_id=ask, by=world.ada.pk)


def test_the_holder_ticks_the_rule_that_he_breaks(world: World) -> None:
    _request, _other, ask = offered(world)
    Terms.objects.create(person=world.ada, max_per_week=1)
    world.duty(starts=30)
    with pytest.raises(RulesBroken):
        swapping.accept_swap(ask_id=ask, by=world.ada.pk)
    swapping.accept_swap(ask_id=ask, by=world.ada.pk, breaking=["week_full"])
    assert in_force()[1][0] == "Bob de Boer"


def test_an_offer_falls_away_with_its_duty(world: World) -> None:
    _request, other, ask = offered(world)
    services.cancel_duty(duty_id=other.pk)
    with pytest.raises(CoverRefused) as refused:
        swapping.accept_swap(ask_id=ask, by=world.ada.pk)
    assert refused.value.code == "offer_gone"


@pytest.mark.parametrize("by", ["bob", "cor"])
def test_only_the_holder_accepts(world: World, by: str) -> None:
    _request, _other, ask = offered(world)
    with pytest.raises(NotYours):
        swapping.accept_swap(ask_id=ask, by=getattr(world, by).pk)


def test_a_declined_swap_leaves_everything_and_is_told(world: World) -> None:
    request, _other, ask = offered(world)
    before = in_force()
    swapping.decline_swap(ask_id=ask, by=world.ada.pk)
    request.refresh_from_db()
    assert (request.state, in_force()) == ("open", before)
    assert "is afgewezen" in told(world.bob, "sms")[-1]


@pytest.mark.parametrize("by", ["ada", "bob"])
def test_a_swap_is_taken_back_by_either(world: World, by: str) -> None:
    request, other, ask = offered(world)
    swapping.accept_swap(ask_id=ask, by=world.ada.pk)
    taking_back.take_back(request_id=request.pk, by=getattr(world, by).pk)
    assert in_force() == [
        ("Ada Advocaat", request.starts_at, request.ends_at),
        ("Bob de Boer", other.starts_at, other.ends_at),
    ]
    request.refresh_from_db()
    assert request.state == "open"


def test_a_request_to_swap_is_not_simply_taken(world: World) -> None:
    request = world.request(kind="swap")
    work()
    with pytest.raises(CoverRefused) as refused:
        take(request, world.bob)
    assert refused.value.code == "swap_only"


def test_a_duty_of_somebody_else_is_no_return(world: World) -> None:
    request = world.request(kind="swap")
    for duty in (world.duty(starts=72, person=world.cor), world.duty(starts=-1, person=world.bob)):
        with pytest.raises(CoverRefused):
            swapping.offer_swap(request_id=request.pk, person_id=world.bob.pk, in_return=duty.pk, by=world.bob.pk)
