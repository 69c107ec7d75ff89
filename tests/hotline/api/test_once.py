"""A request that is sent twice is done once, also by twins at one moment, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hotline.consultations import services
from hotline.models import ApiRequest, Consultation, Message, Outcome
from integrations import clock
from integrations.models import OutboxMessage
from tests.concurrency import at_once, shared_by_threads
from tests.hotline.api.client import QUESTION, Api, faults
from tests.hotline.api.conftest import two_on_duty
from tests.hotline.consultations.story import World


def test_the_same_key_and_the_same_question_get_the_same_answer(world: World, worker: Api) -> None:
    first = worker.post("/vragen", QUESTION, key="k1")
    sent = OutboxMessage.objects.count()
    services.accept(person=world.first, reference=first.json()["referentie"])
    clock.forward(timedelta(days=2))
    accepted = OutboxMessage.objects.count() - sent
    second = worker.post("/vragen", dict(reversed(QUESTION.items())), key="k1")
    assert (second.status_code, second.json()) == (first.status_code, first.json()) == (201, first.json())
    assert second.headers["Location"] == first.headers["Location"]
    assert Consultation.objects.count() == 1
    assert OutboxMessage.objects.count() == sent + accepted


def test_the_same_key_and_another_question_is_refused(worker: Api) -> None:
    assert worker.post("/vragen", QUESTION, key="k1").status_code == 201
    changed: tuple[dict[str, Any], ...] = (
        {"vraag": "Iets anders?"},
        {"termijn": "nu"},
        {"achtergrond": "Meer."},
        {"x": 1},
    )
    for changes in changed:
        answer = worker.post("/vragen", {**QUESTION, **changes}, key="k1")
        assert answer.status_code == 422, changes
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["type"] == "urn:piketlijn:key-reused"
    assert Consultation.objects.count() == 1


def test_another_key_is_another_question(worker: Api) -> None:
    answers = [worker.post("/vragen", QUESTION, key=key).json()["referentie"] for key in ("k1", "k2")]
    assert len(set(answers)) == 2


def test_the_keys_of_two_people_are_two_keys(world: World) -> None:
    answers = [Api(person).post("/vragen", QUESTION, key="k1") for person in (world.worker, world.colleague)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Consultation.objects.count() == 2


def test_two_tokens_of_one_person_share_their_keys(world: World) -> None:
    answers = [Api(world.worker).post("/vragen", QUESTION, key="k1").json() for _ in range(2)]
    assert answers[0] == answers[1]


def test_a_question_needs_a_key_of_its_own(worker: Api) -> None:
    for key in (None, "", "   ", "k" * 81, "sleutel-é", "tab\tkey"):
        answer = worker.post("/vragen", QUESTION, key=key)
        assert (answer.status_code, list(faults(answer))) == (400, ["Idempotency-Key"]), key
    assert Consultation.objects.count() == 0


def test_what_was_refused_can_be_put_right_with_the_same_key(worker: Api) -> None:
    assert worker.post("/vragen", {**QUESTION, "vraag": ""}, key="k1").status_code == 400
    assert ApiRequest.objects.count() == 0
    assert worker.post("/vragen", QUESTION, key="k1").status_code == 201


def test_a_key_is_kept_for_seven_days(worker: Api) -> None:
    first = worker.post("/vragen", QUESTION, key="k1").json()
    clock.forward(timedelta(days=7) - timedelta(seconds=1))
    assert worker.post("/vragen", QUESTION, key="k1").json() == first
    clock.forward(timedelta(seconds=1))
    assert worker.post("/vragen", QUESTION, key="k1").json()["referentie"] != first["referentie"]
    assert ApiRequest.objects.count() == 1


def test_no_text_can_be_read_from_what_is_kept(world: World, worker: Api) -> None:
    question = world.accepted()
    worker.post(f"/vragen/{question.reference}/berichten", {"tekst": "Mevrouw belde weer."}, key="k1")
    with_text = ApiRequest.objects.extra(select={"raw": "answer"}).get()  # `raw` is what lies in the column
    assert "Mevrouw" in with_text.answer
    assert "Mevrouw" not in with_text.raw
    assert "Mevrouw" not in with_text.body_hash


def test_a_message_is_written_once(world: World, worker: Api) -> None:
    question = world.accepted()
    path = f"/vragen/{question.reference}/berichten"
    answers = [worker.post(path, {"tekst": "Nog iets."}, key="k1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Message.objects.filter(kind="reply").count() == 1


def test_an_outcome_that_asks_again_starts_one_round(world: World, worker: Api) -> None:
    question = world.answered()
    body = {"uitkomst": "niet_geholpen", "daarna": "opnieuw"}
    path = f"/vragen/{question.reference}/uitkomst"
    answers = [worker.post(path, body, key="k1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Outcome.objects.filter(side="worker").count() == 1
    assert Consultation.objects.get().round == 2


def test_a_key_belongs_to_one_address(world: World, worker: Api) -> None:
    first, second = world.ask(), world.ask()
    body = {"tekst": "Nog iets."}
    assert worker.post(f"/vragen/{first.reference}/berichten", body, key="k1").status_code == 201
    assert worker.post(f"/vragen/{second.reference}/berichten", body, key="k1").status_code == 422


# --- Real threads ---------------------------------------------------------------------------------------------------
@pytest.fixture
def shared_world(transactional_db: None, at_ten_thirty: datetime, tmp_path: Path) -> Iterator[World]:
    with shared_by_threads(tmp_path):
        yield two_on_duty()


@pytest.mark.django_db(transaction=True)
def test_twins_at_one_moment_are_one_question(shared_world: World) -> None:
    twins = [Api(shared_world.worker) for _ in range(3)]
    answers = at_once(*[lambda api=api: api.post("/vragen", QUESTION, key="k1") for api in twins])
    assert [answer.status_code for answer in answers] == [201] * 3, [answer.content for answer in answers]
    assert len({answer.content for answer in answers}) == 1
    assert Consultation.objects.count() == 1
    assert ApiRequest.objects.count() == 1
    asked = OutboxMessage.objects.filter(to=shared_world.first.email)
    assert asked.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_different_questions_with_one_key_at_one_moment_one_is_refused(shared_world: World) -> None:
    questions = [QUESTION, {**QUESTION, "vraag": "Iets anders?"}]
    pairs = [(Api(shared_world.worker), question) for question in questions]
    answers = at_once(*[lambda api=api, body=body: api.post("/vragen", body, key="k1") for api, body in pairs])
    assert sorted(answer.status_code for answer in answers) == [201, 422], [answer.content for answer in answers]
    assert Consultation.objects.count() == 1
