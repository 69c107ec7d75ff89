"""A sick call: duties stand empty at once, candidates are ranked, the coordinator hears it, and it can be undone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations import clock
from integrations.models import OutboxMessage
from rosters import cover_board, queries
from rosters.core import wall
from rosters.errors import CoverRefused, DutyRefused, FormRefused, NotYours
from rosters.models import Absence, CoverRequest, Duty
from rosters.services import covering, sick, taking
from tests import builders
from tests.rosters.cover.conftest import World, in_force
from tests.rosters.cover.test_requests import told, work

HOUR = timedelta(hours=1)


def ill(world: World, **fields: object) -> sick.SickCall:
    return sick.report_sick(person_id=world.ada.pk, by=world.ada.pk, **fields)  # type: ignore[arg-type]


def test_a_running_duty_stands_empty_at_once_and_the_backup_is_next(world: World) -> None:
    duty = world.duty(starts=-1)
    world.duty(starts=-1, person=world.dee, position=2)
    call = ill(world)
    now = clock.now()
    assert [one.name for one in queries.on_duty([world.desk.pk], now)] == ["Dee Dijk"]
    assert [one.name for one in queries.on_duty([world.desk.pk], now - HOUR / 2)] == ["Ada Advocaat", "Dee Dijk"]
    duty.refresh_from_db()
    assert duty.cancelled_why == "sick"
    assert call.duty_ids == (duty.pk,)
    assert Absence.objects.get().reason == "ill"


def test_three_candidates_are_ranked_with_reasons_and_nobody_is_asked_yet(world: World) -> None:
    world.duty(starts=-1)
    for weeks in (1, 2, 3):  # Bob did more of late
        world.duty(starts=-24 * 7 * weeks, person=world.bob, position=2)
    call = ill(world)
    asks = cover_board.asks(call.request_ids[0])
    assert [ask.name for ask in asks] == ["Cor Cornelissen", "Dee Dijk", "Bob de Boer"]
    assert {ask.asked_at for ask in asks} == {None}
    card = cover_board.request(call.request_ids[0])
    words = {one.name: one.reasons for one in cover_board.options(card.desk_id, card.left, exclude=[world.ada.pk])}
    assert words["Bob de Boer"] == "vrij, kent het gebied, 2 diensten boven gemiddelde, telefoon niet getest"
    assert words["Cor Cornelissen"] == "vrij, 1 dienst onder gemiddelde, telefoon niet getest"


def test_asking_all_three_is_one_press_and_goes_out_at_once_for_a_running_duty(world: World) -> None:
    world.duty(starts=-1)
    call = ill(world)
    work()
    assert told(world.bob) == []
    clock.forward(timedelta(hours=2))
    assert len(covering.ask_candidates(request_id=call.request_ids[0], by=world.coby.pk)) == 3
    assert covering.ask_candidates(request_id=call.request_ids[0], by=world.coby.pk) == []
    work()
    assert [len(told(one)) for one in (world.bob, world.cor, world.dee)] == [1, 1, 1]


@pytest.mark.parametrize(("starts", "kinds"), [(-1, {"sms", "mail"}), (3, {"sms", "mail"}), (5, {"mail"})])
def test_the_coordinator_hears_it_by_text_when_it_is_soon(world: World, starts: float, kinds: set[str]) -> None:
    clock.forward(10 * HOUR)  # 20:30: quiet hours do not count
    world.duty(starts=starts)
    ill(world)
    rows = OutboxMessage.objects.filter(to__in=[world.coby.email, world.coby.numbers.get().e164])
    assert {row.kind for row in rows} == kinds
    assert all(row.not_before == clock.now() for row in rows)


def test_all_duties_of_the_period_are_vacated_and_no_others(world: World) -> None:
    first, second, later = world.duty(starts=3), world.duty(starts=26), world.duty(starts=50)
    call = ill(world, until=second.ends_at)
    assert call.duty_ids == (first.pk, second.pk)
    assert in_force() == [("Ada Advocaat", later.starts_at, later.ends_at)]


def test_without_an_end_it_holds_for_the_day_of_the_next_duty(world: World) -> None:
    clock.forward(11 * HOUR)
    tomorrow = world.duty(starts=12)
    assert ill(world).until == wall.moment(wall.day_of(tomorrow.starts_at) + timedelta(days=1), 0)


def test_ill_without_duties_is_an_absence_only(world: World) -> None:
    call = ill(world)
    assert (call.duty_ids, CoverRequest.objects.count()) == ((), 0)
    assert call.until == wall.moment(wall.day_of(clock.now()) + timedelta(days=1), 0)


def test_a_request_that_was_open_goes_on_as_a_sick_call(world: World) -> None:
    duty = world.duty()
    request = world.request(duty)
    work()
    call = ill(world, until=duty.ends_at)
    request.refresh_from_db()
    assert call.request_ids == (request.pk,)
    assert (request.kind, request.state) == ("sick", "open")
    assert len(told(world.bob)) == 1
    taking.take(request_id=request.pk, person_id=world.bob.pk, by=world.bob.pk)
    assert in_force() == [("Bob de Boer", duty.starts_at, duty.ends_at)]


def test_an_empty_duty_is_looked_for_until_it_is_filled(world: World) -> None:
    world.duty(starts=-1)
    call = ill(world)
    with pytest.raises(CoverRefused) as refused:
        covering.withdraw(request_id=call.request_ids[0], by=world.ada.pk)
    assert refused.value.code == "vacant"


def test_who_takes_it_has_it_from_now_and_the_coordinator_is_told(world: World) -> None:
    duty = world.duty(starts=-1)
    call = ill(world)
    clock.forward(timedelta(minutes=10))
    made = taking.take(request_id=call.request_ids[0], person_id=world.bob.pk, by=world.bob.pk, how="sms")
    assert (made.starts_at, made.ends_at, made.origin) == (clock.now(), duty.ends_at, "repair")
    assert "Bob de B. neemt de dienst" in told(world.coby, "sms")[-1]


def test_a_position_that_was_filled_by_hand_meanwhile_is_not_taken_twice(world: World) -> None:
    duty = world.duty()
    call = ill(world, until=duty.ends_at)
    world.duty(person=world.dee)
    with pytest.raises(DutyRefused) as refused:
        taking.take(request_id=call.request_ids[0], person_id=world.bob.pk, by=world.bob.pk)
    assert refused.value.code == "position_taken"
    for _ in range(3):
        clock.forward(12 * HOUR)
        work()
    assert CoverRequest.objects.get().state == "withdrawn"


def test_not_ill_after_all_brings_back_what_nobody_took(world: World) -> None:
    running, later = world.duty(starts=-1), world.duty(starts=26)
    call = ill(world, until=later.ends_at)
    clock.forward(timedelta(minutes=5))
    taking.take(request_id=call.request_ids[1], person_id=world.bob.pk, by=world.bob.pk)
    undone = sick.undo_sick(absence_id=call.absence_id, by=world.ada.pk)
    assert (len(undone.restored), undone.taken_over) == (1, (later.pk,))
    assert in_force()[1:] == [
        ("Ada Advocaat", clock.now(), running.ends_at),
        ("Bob de Boer", later.starts_at, later.ends_at),
    ]
    assert Absence.objects.get().withdrawn_at is not None
    assert sick.undo_sick(absence_id=call.absence_id, by=world.ada.pk).restored == ()
    assert "toch niet ziek" in told(world.coby, "sms")[-1]


def test_a_coordinator_reports_somebody_sick_who_hears_it(world: World) -> None:
    world.duty(starts=-1)
    sick.report_sick(person_id=world.ada.pk, by=world.coby.pk)
    assert "Coby C. meldde je ziek" in told(world.ada, "sms")[-1]
    assert told(world.coby) == []


def test_nobody_reports_a_colleague_sick_or_for_ever(world: World) -> None:
    with pytest.raises(NotYours):
        sick.report_sick(person_id=world.ada.pk, by=world.bob.pk)
    for until in (clock.now(), clock.now() + timedelta(days=400)):
        with pytest.raises(FormRefused):
            ill(world, until=until)
    assert Absence.objects.count() == 0


def test_who_does_not_show_up_is_out_and_somebody_is_looked_for(world: World) -> None:
    duty = world.duty(starts=-0.25)
    request = sick.no_show(duty_id=duty.pk)
    assert request is not None
    assert (request.kind, request.asks.count()) == ("no_show", 3)
    assert in_force() == []
    assert Duty.objects.get(pk=duty.pk).cancelled_why == "no_show"
    assert "is er niet" in told(world.coby, "sms")[-1]
    assert sick.no_show(duty_id=duty.pk) is None


def test_the_sick_one_is_no_candidate_for_another_duty(world: World) -> None:
    ill(world)
    request = world.request(world.duty(starts=3, person=world.bob))
    assert "Ada Advocaat" not in request.asks.values_list("person__name", flat=True)


def test_a_contact_point_is_repaired_by_the_same_code(world: World) -> None:
    line = builders.an_all_hours_line(direction="back")
    desk = builders.a_desk(line)
    wim, wil = builders.a_worker("Wim Werker"), builders.a_worker("Wil Werker")
    world.duty(starts=-1, person=wim, desk=desk)
    call = sick.report_sick(person_id=wim.pk, by=wim.pk)
    assert [ask.name for ask in cover_board.asks(call.request_ids[0])] == ["Wil Werker"]
    taking.take(request_id=call.request_ids[0], person_id=wil.pk, by=wil.pk)
    assert in_force()[-1][0] == "Wil Werker"
