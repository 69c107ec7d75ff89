"""The lists of the asker, the lawyer and the coordinator; and the timeline both sides see."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hotline.consultations import queries, services
from hotline.errors import NotFound
from integrations import clock
from tests import builders as make
from tests.hotline.consultations.story import World, nobody_accepts, pass_time, view
from tests.hotline.consultations.test_outcomes import talked


def references(rows: Any) -> list[str]:
    return [row.reference for row in rows]


def test_a_question_moves_through_the_tabs(world: World) -> None:
    consultation = world.ask()
    mine = queries.my_questions(world.worker)
    assert (references(mine.waiting), references(mine.running)) == ([], [consultation.reference])
    services.accept(person=world.first, reference=consultation.reference)
    assert references(queries.my_questions(world.worker).running) == [consultation.reference]
    services.ask_more(person=world.first, reference=consultation.reference, text="Welke datum?")
    waiting = queries.my_questions(world.worker).waiting
    assert references(waiting) == [consultation.reference]
    assert (waiting[0].next_step, waiting[0].mine, waiting[0].lawyer) == ("inform", True, "Ada Eerste")
    services.reply(person=world.worker, reference=consultation.reference, text="1 november")
    services.answer(person=world.first, reference=consultation.reference, text="Nee.")
    assert references(queries.my_questions(world.worker).waiting) == [consultation.reference]
    services.log_outcome(person=world.worker, reference=consultation.reference, value="helped")
    mine = queries.my_questions(world.worker)
    assert (references(mine.waiting), references(mine.running)) == ([], [])
    assert references(mine.ended) == [consultation.reference]


def test_a_follow_up_of_today_waits_for_its_owner(world: World) -> None:
    consultation = world.accepted(lane="twee_dagen")
    services.plan_follow_up(person=world.worker, reference=consultation.reference, due_on=date(2026, 11, 19))
    assert references(queries.my_questions(world.worker).running) == [consultation.reference]
    clock.forward(timedelta(days=1))
    assert references(queries.my_questions(world.worker).waiting) == [consultation.reference]


def test_ours_are_those_of_colleagues_without_their_text(world: World) -> None:
    consultation = world.ask()
    other = world.ask(person=make.a_worker())
    ours = queries.my_questions(world.colleague).ours
    assert references(ours) == [consultation.reference]
    assert ours[0].asker == "Wim Werker"
    assert not hasattr(ours[0], "question")
    assert queries.my_questions(world.worker).ours == ()
    assert other.reference not in references(queries.my_questions(world.colleague).ours)
    assert queries.my_questions(world.first).ours == ()


def test_the_lawyer_sees_what_is_asked_of_him_the_most_pressing_first(world: World) -> None:
    calm, pressing = world.ask(lane="twee_dagen"), world.ask()
    cards = queries.asked_of_me(world.first)
    assert references(cards) == [pressing.reference, calm.reference]
    assert (cards[0].organisation, cards[0].lane, cards[0].can_accept) == (
        "Juridisch Loket Vlissingen",
        "vandaag",
        True,
    )
    services.accept(person=world.first, reference=pressing.reference)
    assert references(queries.asked_of_me(world.first)) == [calm.reference]
    assert queries.asked_of_me(world.second) == ()


def test_an_offer_is_shown_to_its_lawyer_only_and_says_when_it_is_over(world: World) -> None:
    consultation = world.ask()
    offer = consultation.offers.get()
    assert queries.offer_card(offer.pk, world.first.pk).can_accept
    with pytest.raises(NotFound):
        queries.offer_card(offer.pk, world.second.pk)
    pass_time(minutes=45)
    assert queries.offer_card(offer.pk, world.first.pk).can_accept  # late, while nobody else has it
    services.accept(person=world.second, reference=consultation.reference)
    assert not queries.offer_card(offer.pk, world.first.pk).can_accept


def test_the_conversations_of_a_lawyer_start_with_what_has_no_outcome(world: World) -> None:
    open_one = talked(world)
    clock.forward(timedelta(hours=1))
    answered = world.answered()
    found = queries.conversations(world.first)
    assert [(one.row.reference, one.needs_outcome, one.outcome) for one in found] == [
        (open_one.reference, True, ""),
        (answered.reference, False, "answered"),
    ]
    assert references(one.row for one in queries.open_outcomes(world.first)) == [open_one.reference]
    services.log_outcome(person=world.first, reference=open_one.reference, value="later")
    assert len(queries.open_outcomes(world.first)) == 1
    services.log_outcome(person=world.first, reference=open_one.reference, value="answered")
    assert queries.open_outcomes(world.first) == ()


def test_a_released_lawyer_has_no_row_of_it(world: World) -> None:
    consultation = world.accepted()
    services.release(person=world.first, reference=consultation.reference)
    assert queries.conversations(world.first) == ()


def test_the_coordinator_sees_what_he_has_to_arrange_in_his_regions(world: World) -> None:
    consultation = world.ask()
    nobody_accepts()
    assert references(queries.to_coordinate(world.coordinator)) == [consultation.reference]
    assert references(queries.to_coordinate(make.a_coordinator(region="landelijk"))) == [consultation.reference]
    assert queries.to_coordinate(make.a_coordinator(region="zwolle")) == ()
    assert queries.to_coordinate(world.worker) == ()


def test_a_link_page_shows_the_outside_to_both_sides(world: World) -> None:
    consultation = world.answered()
    assert queries.row_for(world.worker, consultation.pk).reference == consultation.reference
    assert queries.row_for(world.first, consultation.pk).area == consultation.area.name
    for person in (world.second, world.colleague, world.coordinator):
        with pytest.raises(NotFound):
            queries.row_for(person, consultation.pk)


def test_lists_cost_a_fixed_number_of_statements(world: World, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        world.ask(lane="twee_dagen")
    with django_assert_max_num_queries(6) as few:
        queries.my_questions(world.worker)
    for _ in range(3):
        world.ask(lane="twee_dagen")
    with django_assert_max_num_queries(len(few)):
        queries.my_questions(world.worker)
    with django_assert_max_num_queries(1):
        queries.asked_of_me(world.first)
    with django_assert_max_num_queries(1):
        queries.conversations(world.first)


def test_the_timeline_is_the_same_for_both_sides_and_names_no_number(world: World) -> None:
    consultation = world.ask()
    pass_time(minutes=45)
    services.accept(person=world.second, reference=consultation.reference)
    services.answer(person=world.second, reference=consultation.reference, text="Nee.")
    worker, lawyer = view(world.worker, consultation), view(world.second, consultation)
    assert worker.timeline == lawyer.timeline
    assert [entry.text for entry in worker.timeline] == [
        "Wim Werker stelde de vraag",
        "Ada Eerste is gevraagd",
        "Niet op tijd aangenomen",
        "Bea Tweede is gevraagd",
        "Bea Tweede nam de vraag aan",
        "Bea Tweede antwoordde",
        "Bea Tweede legde de uitkomst vast",
    ]
    for entry in worker.timeline:
        assert "+316" not in entry.text
        assert "06" not in entry.text


def test_waiting_is_one_line_however_often_it_looks(world: World) -> None:
    make.a_desk(world.line, "Walcheren arbeid", areas=("arbeid",))
    consultation = world.ask(area_id=make.area_id("arbeid"))
    pass_time(minutes=30)
    kinds = [entry.kind for entry in view(world.worker, consultation).timeline]
    assert kinds == ["asked", "waiting"]


def test_the_way_of_a_call_is_told_from_its_offers(world: World) -> None:
    consultation = talked(world)
    consultation.offers.create(
        lawyer=world.second, channel="phone", state="missed", ended_at=clock.now(), number="+31600000001"
    )
    texts = [entry.text for entry in view(world.worker, consultation).timeline]
    assert texts == ["Ada Eerste nam op", "Gesprek van 1 min", "Bea Tweede nam niet op"]
