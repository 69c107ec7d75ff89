"""Colleagues: reading along, taking over, claiming what the main number asked."""

from __future__ import annotations

from datetime import date

import pytest

from hotline.consultations import queries, services
from hotline.errors import FormRefused, NotFound, NotYours
from hotline.models import Callback, FollowUp, Share
from integrations import clock, links
from tests import builders as make
from tests.hotline.consultations.story import World, fresh, mails_to, same_as_replayed, standing, view
from tests.hotline.consultations.test_outcomes import talked


def test_a_colleague_sees_the_outside_and_reads_along_when_it_is_shared(world: World) -> None:
    consultation = world.ask()
    outside = view(world.colleague, consultation)
    assert (outside.seen_as, outside.has_text, outside.question) == ("colleague", False, "")
    services.share(person=world.worker, reference=consultation.reference, colleague_id=world.colleague.pk)
    assert view(world.colleague, consultation).question == "Mag de verhuurder de borg houden?"
    assert mails_to(world.colleague, "shared")
    assert view(world.worker, consultation).shared_with == ((world.colleague.pk, "Cor Collega"),)
    services.unshare(person=world.worker, reference=consultation.reference, colleague_id=world.colleague.pk)
    assert view(world.colleague, consultation).question == ""


def test_sharing_twice_tells_once(world: World) -> None:
    consultation = world.ask()
    for _ in range(2):
        services.share(person=world.worker, reference=consultation.reference, colleague_id=world.colleague.pk)
    assert len(mails_to(world.colleague, "shared")) == 1


def test_it_is_shared_within_the_organisation_only(world: World) -> None:
    consultation = world.ask()
    for person in (make.a_worker(), world.first, world.worker):
        with pytest.raises(FormRefused):
            services.share(person=world.worker, reference=consultation.reference, colleague_id=person.pk)
    with pytest.raises(NotYours):
        services.share(person=world.colleague, reference=consultation.reference, colleague_id=world.colleague.pk)


def test_a_colleague_who_left_the_organisation_reads_no_more(world: World) -> None:
    consultation = world.ask()
    services.share(person=world.worker, reference=consultation.reference, colleague_id=world.colleague.pk)
    world.colleague.organisation_id = make.a_loket().pk
    world.colleague.save()
    with pytest.raises(NotFound):
        view(world.colleague, consultation)


def test_taking_over_moves_owner_follow_ups_and_links_and_tells_both(world: World) -> None:
    consultation = world.answered()
    services.plan_follow_up(person=world.worker, reference=consultation.reference, due_on=date(2026, 11, 25))
    services.plan_follow_up(person=world.first, reference=consultation.reference, due_on=date(2026, 11, 26))
    old = links.mint(
        links.LinkFor(world.worker.pk, "outcome", f"consultation:{consultation.pk}", "u"), clock.now()
    ).rpartition("/")[2]
    services.take_over(person=world.colleague, reference=consultation.reference)
    assert fresh(consultation).asker_id == world.colleague.pk
    assert standing(consultation) == ("answered", "confirm", "Cor Collega")
    owners = set(FollowUp.objects.values_list("owner__name", flat=True))
    assert owners == {"Cor Collega", "Ada Eerste"}
    assert links.look(old, "1.2.3.4") is None
    assert mails_to(world.colleague, "you_took_over")
    assert mails_to(world.colleague, "confirm")
    assert mails_to(world.worker, "was_taken_over")
    services.log_outcome(person=world.colleague, reference=consultation.reference, value="helped")
    with pytest.raises(NotYours):
        services.log_outcome(person=world.worker, reference=consultation.reference, value="helped")
    assert same_as_replayed(consultation)


def test_the_former_asker_reads_along_until_the_new_one_ends_it(world: World) -> None:
    consultation = world.ask()
    services.take_over(person=world.colleague, reference=consultation.reference)
    assert view(world.worker, consultation).seen_as == "shared"
    services.unshare(person=world.colleague, reference=consultation.reference, colleague_id=world.worker.pk)
    assert view(world.worker, consultation).has_text is False
    assert Share.objects.count() == 0


def test_taking_over_keeps_what_the_lawyer_owes(world: World) -> None:
    consultation = world.accepted()
    services.take_over(person=world.colleague, reference=consultation.reference)
    assert standing(consultation) == ("with_lawyer", "answer", "Ada Eerste")
    services.take_over(person=world.colleague, reference=consultation.reference)
    assert len(mails_to(world.worker, "was_taken_over")) == 1


def test_taking_over_moves_the_promised_call(world: World) -> None:
    consultation = world.ask(lane="nu")
    services.take_over(person=world.colleague, reference=consultation.reference)
    callback = Callback.objects.get(consultation=consultation)
    assert callback.worker_id == world.colleague.pk
    assert callback.number == world.colleague.numbers.get().e164


def test_a_closed_question_is_taken_over_too(world: World) -> None:
    consultation = world.answered()
    services.log_outcome(person=world.worker, reference=consultation.reference, value="helped")
    services.take_over(person=world.colleague, reference=consultation.reference)
    assert fresh(consultation).asker_id == world.colleague.pk
    assert standing(consultation) == ("closed", "", "")


def test_only_a_colleague_takes_over(world: World) -> None:
    consultation = world.accepted()
    with pytest.raises(NotYours):
        services.take_over(person=world.first, reference=consultation.reference)
    with pytest.raises(NotFound):
        services.take_over(person=make.a_worker(), reference=consultation.reference)


def test_what_the_main_number_asked_is_claimed_by_a_colleague(world: World) -> None:
    consultation = talked(world, asker=False)
    assert standing(consultation) == ("answered", "confirm", "organisation")
    rows = queries.my_questions(world.colleague).ours
    assert [(row.reference, row.asker, row.mine) for row in rows] == [(consultation.reference, "", False)]
    assert view(world.colleague, consultation).may == {"claim_for_organisation"}
    services.claim_for_organisation(person=world.colleague, reference=consultation.reference)
    assert standing(consultation) == ("answered", "confirm", "Cor Collega")
    assert mails_to(world.colleague, "confirm")


def test_only_a_first_line_worker_of_the_organisation_claims(world: World) -> None:
    consultation = talked(world, asker=False)
    for person in (world.first, world.coordinator):
        with pytest.raises(NotYours):
            services.claim_for_organisation(person=person, reference=consultation.reference)
    with pytest.raises(NotFound):
        services.claim_for_organisation(person=make.a_worker(), reference=consultation.reference)
