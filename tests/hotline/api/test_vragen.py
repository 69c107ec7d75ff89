"""Asking, following, writing and saying what came of it, each for who may."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from hotline.consultations import services
from hotline.models import Consultation, Event, Outcome
from integrations import clock
from rosters import queries as rosters
from tests import builders as make
from tests.hotline.api.client import QUESTION, Api, faults
from tests.hotline.consultations.story import World, fresh


@pytest.fixture
def people(world: World) -> dict[str, Api]:
    """Everybody who may, or may not, have to do with a question of Wim Werker that was put to Ada Eerste."""
    return {
        "asker": Api(world.worker),
        "colleague": Api(world.colleague),
        "lawyer": Api(world.first),
        "other lawyer": Api(world.second),
        "coordinator": Api(world.coordinator),
        "coordinator elsewhere": Api(make.a_coordinator("Otto Elders", region="zwolle")),
        "worker elsewhere": Api(make.a_worker("Nel Nergens")),
        "stranger": Api(make.a_stranger("Vera Vreemd")),
    }


def statuses(people: dict[str, Api], do: Any) -> dict[str, int]:
    return {name: do(api).status_code for name, api in people.items()}


def everybody(others: int = 404, **known: int) -> dict[str, int]:
    names = ("asker", "colleague", "lawyer", "other lawyer", "coordinator")
    rest = ("coordinator elsewhere", "worker elsewhere", "stranger")
    return {name: known.get(name.replace(" ", "_"), others) for name in (*names, *rest)}


# --- Asking ---------------------------------------------------------------------------------------------------------
def test_a_question_is_put_to_the_lawyer_on_duty_at_once(world: World, worker: Api) -> None:
    answer = worker.ask(achtergrond="De borg was 800 euro.", laatsteDag="2026-12-01")
    assert answer.status_code == 201
    asked = answer.json()
    assert answer.headers["Location"] == asked["url"]
    assert asked["url"].endswith(f"/api/v1/vragen/{asked['referentie']}")
    assert asked["rechtsgebied"] == {"code": "huur", "naam": "Huurrecht"}
    assert asked["regio"] == {"code": "walcheren", "naam": "Walcheren"}
    assert (asked["termijn"], asked["status"], asked["kanaal"]) == ("vandaag", "ingediend", "online")
    assert (asked["vrager"], asked["organisatie"]) == ("Wim Werker", "Juridisch Loket Vlissingen")
    assert asked["laatsteDag"] == "2026-12-01"
    step = asked["volgendeStap"]
    assert (step["stap"], step["uiterlijk"], step["vanJou"]) == ("aannemen", "2026-11-18T10:15:00Z", False)
    row = Consultation.objects.get()
    assert (row.question, row.background) == (QUESTION["vraag"], "De borg was 800 euro.")
    assert [offer.lawyer.name for offer in row.offers.all()] == ["Ada Eerste"]


def test_without_a_lane_it_follows_from_the_last_day(worker: Api) -> None:
    soon = {"laatsteDag": "2026-11-19", "termijn": None}
    assert worker.ask(**soon).json()["termijn"] == "vandaag"
    assert worker.ask(termijn=None).json()["termijn"] == "twee_dagen"


def test_only_first_line_workers_ask(people: dict[str, Api]) -> None:
    assert statuses(people, lambda api: api.ask()) == everybody(403, asker=201, colleague=201, worker_elsewhere=201)
    assert Consultation.objects.count() == 3


def test_a_region_is_known_by_its_code_however_it_is_written(worker: Api) -> None:
    assert worker.ask(regio="Walcheren").json()["regio"]["code"] == "walcheren"


# --- Following ------------------------------------------------------------------------------------------------------
def test_where_it_stands_is_for_who_has_to_do_with_it(people: dict[str, Api]) -> None:
    reference = people["asker"].ask().json()["referentie"]
    seen = statuses(people, lambda api: api.get(f"/vragen/{reference}"))
    assert seen == everybody(asker=200, colleague=200, lawyer=200, coordinator=200)


def test_the_text_is_for_who_may_read_it(people: dict[str, Api]) -> None:
    reference = people["asker"].ask().json()["referentie"]
    seen = statuses(people, lambda api: api.get(f"/vragen/{reference}/berichten"))
    assert seen == everybody(asker=200, colleague=403, lawyer=200, coordinator=403)


def test_a_reference_that_is_none_is_not_found(worker: Api) -> None:
    for reference in ("PK-1", "PK-99999", "PK-2400", "nee", "2'; --", "PK-²", "9" * 400):
        assert worker.get(f"/vragen/{reference}").status_code == 404, reference
        assert worker.get(f"/vragen/{reference}/berichten").status_code == 404, reference
        assert worker.post(f"/vragen/{reference}/uitkomst", {"uitkomst": "geholpen"}).status_code == 404, reference


def test_where_it_stands_holds_no_text_and_leaves_no_trace(world: World, people: dict[str, Api]) -> None:
    question = world.answered()
    for api in people.values():
        told = api.get(f"/vragen/{question.reference}").content.decode()
        assert "borg" not in told
        assert "schade" not in told
    assert not Event.objects.filter(kind="read").exists()


def test_reading_the_text_is_put_on_record(world: World, lawyer: Api) -> None:
    question = world.accepted()
    read = lawyer.get(f"/vragen/{question.reference}/berichten").json()
    assert read["vraag"] == QUESTION["vraag"]
    events = Event.objects.filter(kind="read", consultation=question)
    assert [event.actor_id for event in events] == [world.first.pk]


def test_the_next_step_says_who_owes_it_and_by_when(world: World, worker: Api, lawyer: Api) -> None:
    question = world.accepted()
    for api, mine in ((worker, False), (lawyer, True)):
        step = api.get(f"/vragen/{question.reference}").json()["volgendeStap"]
        assert (step["stap"], step["eigenaar"], step["vanJou"]) == ("beantwoorden", "Ada Eerste", mine)
        assert step["uiterlijk"] == "2026-11-18T16:00:00Z"


def test_a_question_that_has_ended_has_no_next_step(world: World, worker: Api) -> None:
    question = world.ask()
    services.withdraw(person=world.worker, reference=question.reference)
    told = worker.get(f"/vragen/{question.reference}").json()
    assert (told["status"], told["volgendeStap"], told["beeindigdOp"]) == ("ingetrokken", None, "2026-11-18T09:30:00Z")


def test_the_timeline_tells_the_whole_story(world: World, worker: Api) -> None:
    question = world.answered()
    told = worker.get(f"/vragen/{question.reference}").json()["tijdlijn"]
    who = [entry["wie"] for entry in told if entry["wie"]]
    assert who[0] == "Wim Werker"
    assert who.count("Ada Eerste") >= 2
    assert all(entry["op"].endswith("Z") and entry["tekst"] for entry in told)


def test_the_list_holds_ones_own_questions_newest_first(world: World, people: dict[str, Api]) -> None:
    asked = [people["asker"].ask().json()["referentie"] for _ in range(3)]
    listed = {
        name: [row["referentie"] for row in api.get("/vragen").json()["resultaten"]] for name, api in people.items()
    }
    assert listed.pop("asker") == asked[::-1]
    assert listed.pop("lawyer") == asked[::-1]
    assert set(map(tuple, listed.values())) == {()}


def test_the_list_comes_in_pages_that_lead_to_each_other(worker: Api) -> None:
    asked = [worker.ask().json()["referentie"] for _ in range(5)]
    seen: list[str] = []
    query: dict[str, Any] = {"paginaGrootte": 2}
    for _page in range(3):
        page = worker.get("/vragen", query).json()
        seen += [row["referentie"] for row in page["resultaten"]]
        assert page["aantal"] == 5
        last, following = page, page["volgende"]
        query = dict(re.findall(r"(\w+)=(\w+)", following.split("?")[1])) if following else {}
    assert seen == asked[::-1]
    assert last["volgende"] is None
    assert last["vorige"].endswith("/api/v1/vragen?pagina=2&paginaGrootte=2")


def test_a_page_that_cannot_be_is_a_fault(worker: Api) -> None:
    wrong = ({"pagina": 0}, {"pagina": "x"}, {"paginaGrootte": 101}, {"pagina": 10**9}, {"bladzij": 1})
    assert [list(faults(worker.get("/vragen", query))) for query in wrong] == [list(query) for query in wrong]


def test_beyond_the_last_page_there_is_nothing(worker: Api) -> None:
    assert worker.get("/vragen", {"pagina": 1000}).json()["resultaten"] == []


# --- Writing --------------------------------------------------------------------------------------------------------
def test_the_asker_writes_and_nobody_else(people: dict[str, Api]) -> None:
    reference = people["asker"].ask().json()["referentie"]
    said = statuses(people, lambda api: api.post(f"/vragen/{reference}/berichten", {"tekst": "Nog iets."}))
    assert said == everybody(asker=201, colleague=403, lawyer=403, coordinator=403)


def test_a_reply_gives_the_lawyer_what_he_asked_for(world: World, worker: Api, lawyer: Api) -> None:
    question = world.accepted()
    services.ask_more(person=world.first, reference=question.reference, text="Welke maand?")
    told = worker.get(f"/vragen/{question.reference}").json()
    assert (told["status"], told["volgendeStap"]["vanJou"]) == ("meer_info", True)
    clock.forward(timedelta(minutes=30))
    answer = worker.post(f"/vragen/{question.reference}/berichten", {"tekst": "Mei."})
    assert answer.status_code == 201
    assert answer.json() == {"soort": "reactie", "auteur": "Wim Werker", "tekst": "Mei.", "op": "2026-11-18T10:00:00Z"}
    assert fresh(question).status == "with_lawyer"
    thread = lawyer.get(f"/vragen/{question.reference}/berichten").json()["berichten"]
    assert [(one["soort"], one["auteur"], one["tekst"]) for one in thread] == [
        ("verzoek_om_info", "Ada Eerste", "Welke maand?"),
        ("reactie", "Wim Werker", "Mei."),
    ]


# --- Outcomes -------------------------------------------------------------------------------------------------------
def test_both_sides_say_what_came_of_it_and_nobody_else(world: World, people: dict[str, Api]) -> None:
    question = world.answered()
    words = {"lawyer": "beantwoord"}
    said = {
        name: api.post(f"/vragen/{question.reference}/uitkomst", {"uitkomst": words.get(name, "geholpen")}).status_code
        for name, api in people.items()
    }
    assert said == everybody(asker=201, colleague=403, lawyer=201, coordinator=403)


def test_an_outcome_closes_the_question_and_stands_on_both_sides(world: World, worker: Api, lawyer: Api) -> None:
    question = world.answered()
    answer = worker.post(
        f"/vragen/{question.reference}/uitkomst",
        {"uitkomst": "geholpen", "toevoegingVoorkomen": True, "notitie": "Fijn."},
    )
    assert answer.json() == {
        "zijde": "eerste_lijn",
        "uitkomst": "geholpen",
        "door": "Wim Werker",
        "op": "2026-11-18T09:30:00Z",
        "toevoegingVoorkomen": True,
    }
    assert Outcome.objects.filter(side="worker").get().route == "api"
    told = lawyer.get(f"/vragen/{question.reference}").json()
    assert told["status"] == "afgerond"
    assert {one["zijde"]: one["uitkomst"] for one in told["uitkomsten"]} == {
        "eerste_lijn": "geholpen",
        "advocaat": "beantwoord",
    }
    assert "Fijn." not in json.dumps(told)


def test_a_follow_up_is_planned_with_the_outcome(world: World, worker: Api) -> None:
    question = world.answered()
    body = {"uitkomst": "geholpen", "vervolgOp": "2026-11-25"}
    assert worker.post(f"/vragen/{question.reference}/uitkomst", body).status_code == 201
    told = worker.get(f"/vragen/{question.reference}").json()
    assert told["vervolgen"] == [{"eigenaar": "Wim Werker", "vanJou": True, "dag": "2026-11-25", "gedaanOp": None}]
    assert told["volgendeStap"]["stap"] == "vervolg_doen"


def test_who_was_not_helped_can_ask_again(world: World, worker: Api) -> None:
    question = world.answered()
    body = {"uitkomst": "niet_geholpen", "daarna": "opnieuw"}
    assert worker.post(f"/vragen/{question.reference}/uitkomst", body).status_code == 201
    assert (fresh(question).round, fresh(question).status) == (2, "submitted")


def test_an_outcome_that_cannot_be_names_its_field(world: World, worker: Api) -> None:
    question = world.answered()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, "uitkomst"),
        ({"uitkomst": "beantwoord"}, "uitkomst"),  # what a lawyer says
        ({"uitkomst": "helped"}, "uitkomst"),
        ({"uitkomst": "geholpen", "vervolgOp": "2026-11-17"}, "vervolgOp"),
        ({"uitkomst": "geholpen", "vervolgOp": "2028-01-01"}, "vervolgOp"),
        ({"uitkomst": "geholpen", "daarna": "misschien"}, "daarna"),
        ({"uitkomst": "geholpen", "toevoegingVoorkomen": "ja graag"}, "toevoegingVoorkomen"),
    ]
    for body, field in wrong:
        answer = worker.post(f"/vragen/{question.reference}/uitkomst", body)
        assert (answer.status_code, list(faults(answer))) == (400, [field]), body
    assert not Outcome.objects.filter(side="worker").exists()


# --- Numbers --------------------------------------------------------------------------------------------------------
def test_no_answer_holds_a_number_but_that_of_a_line(world: World, people: dict[str, Api]) -> None:
    question = world.accepted()
    services.call_the_asker(person=world.first, reference=question.reference)
    public = {line.number for line in rosters.lines()}
    for api in people.values():
        for path in ("/rechtsgebieden", "/regios", "/vragen", f"/vragen/{question.reference}"):
            assert numbers(api.get(path)) <= public
        assert numbers(api.get(f"/vragen/{question.reference}/berichten")) <= public
        assert numbers(api.get("/van-dienst", {"rechtsgebied": "huur", "regio": "walcheren"})) == public


def numbers(answer: Any) -> set[str]:
    return set(re.findall(r"\+\d{6,}", answer.content.decode()))


# --- Statements -----------------------------------------------------------------------------------------------------
def test_the_list_costs_the_same_for_one_question_and_for_many(worker: Api, django_assert_num_queries: Any) -> None:
    worker.ask()
    for _round in range(2):
        with django_assert_num_queries(3):  # the token, how many, one page
            worker.get("/vragen")
        for _ in range(4):
            worker.ask()


def test_where_a_question_stands_costs_a_fixed_number_of_statements(
    world: World, worker: Api, django_assert_max_num_queries: Any
) -> None:
    question = world.answered()
    worker.get(f"/vragen/{question.reference}")
    with django_assert_max_num_queries(15):
        worker.get(f"/vragen/{question.reference}")
