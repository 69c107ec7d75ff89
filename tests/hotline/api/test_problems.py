"""Whatever goes wrong is a problem in Dutch, with a version, and with all faults at once."""

from __future__ import annotations

from typing import Any

from django.test import Client
from pytest_django import Settings

from hotline.api.body import MOST_BYTES
from tests.hotline.api.client import QUESTION, Api, faults
from tests.hotline.consultations.story import World

DEEP = "[" * 100_000


def is_problem(answer: Any, status: int) -> bool:
    body = answer.json()
    assert answer.status_code == body["status"] == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["API-Version"] == "1.0.0"
    assert answer.headers["Content-Language"] == "nl"
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert set(body) == {"type", "title", "status", "detail", "fouten"}
    assert body["type"] == "about:blank" or body["type"].startswith("urn:piketlijn:")
    return bool(body["title"] and body["detail"])


def test_an_unknown_address_is_a_problem_and_never_a_redirect(worker: Api) -> None:
    for path in ("/nergens", "/vragen/", "/rechtsgebieden/", "/vragen/PK-2401/", "/", ""):
        assert is_problem(worker.get(path), 404), path
    assert is_problem(worker.client.get("/api/"), 404)


def test_another_method_is_a_problem_that_says_which_there_are(worker: Api) -> None:
    for verb in ("put", "patch", "delete", "options"):
        answer = getattr(worker.client, verb)("/api/v1/vragen", headers={"Authorization": f"Bearer {worker.token}"})
        assert is_problem(answer, 405), verb
        assert answer.headers["Allow"] == "GET, HEAD, POST"


def test_another_form_than_json_is_a_problem(worker: Api) -> None:
    assert is_problem(worker.get("/rechtsgebieden", Accept="text/html"), 406)
    answer = worker.client.post("/api/v1/vragen", QUESTION, headers={"Authorization": f"Bearer {worker.token}"})
    assert is_problem(answer, 415)


def test_whoever_takes_json_gets_it(worker: Api) -> None:
    for accept in ("*/*", "application/json", "application/problem+json, application/json;q=0.9"):
        assert worker.get("/rechtsgebieden", Accept=accept).status_code == 200, accept


def test_what_is_not_an_object_of_json_is_a_problem(worker: Api) -> None:
    not_objects = ("[]", "null", '"x"', "7")
    for body in ("", "{", "nee", '{"vraag": NaN}', DEEP, '{"vraag": ' + "9" * 5000 + "}", b"\xff\xfe", *not_objects):
        assert is_problem(worker.post("/vragen", body, key="k"), 400), body[:20]


def test_a_body_without_end_is_refused(worker: Api) -> None:
    body = {**QUESTION, "achtergrond": "a" * MOST_BYTES}
    assert is_problem(worker.post("/vragen", body, key="k"), 413)


def test_all_faults_are_told_at_once_with_their_field(worker: Api) -> None:
    answer = worker.post(
        "/vragen",
        {
            "rechtsgebied": "vis",
            "regio": "AR99",
            "termijn": "ooit",
            "vraag": "v" * 301,
            "achtergrond": 7,
            "laatsteDag": "31-02-2027",
            "termijm": "nu",
        },
    )
    assert is_problem(answer, 400)
    told = faults(answer)
    assert set(told) == {
        "Idempotency-Key",
        "rechtsgebied",
        "regio",
        "termijn",
        "vraag",
        "achtergrond",
        "laatsteDag",
        "termijm",
    }
    assert "huur" in told["rechtsgebied"]
    assert "walcheren" in told["regio"]
    assert "twee_dagen" in told["termijn"]
    assert all(told.values())


def test_one_wrong_field_is_one_fault(worker: Api) -> None:
    wrong: list[tuple[str, Any]] = [
        ("vraag", ""),
        ("vraag", "   "),
        ("vraag", None),
        ("vraag", "nul \x00"),
        ("vraag", "\ud800"),
        ("vraag", ["x"]),
        ("achtergrond", "a" * 10_001),
        ("rechtsgebied", "straf-zorgdwang"),
        ("rechtsgebied", "asiel"),  # no line serves it here
        ("regio", 7),
        ("laatsteDag", "2027-02-31"),
        ("laatsteDag", "2027-02-28T10:00:00Z"),
        ("termijn", "NU"),
    ]
    for field, value in wrong:
        answer = worker.ask(**{field: value})
        assert is_problem(answer, 400), (field, value)
        assert list(faults(answer)) == [field], (field, value)
    assert worker.get("/vragen").json()["aantal"] == 0


def test_a_refusal_of_the_service_says_what_to_do(worker: Api) -> None:
    reference = worker.ask().json()["referentie"]
    answer = worker.post(f"/vragen/{reference}/uitkomst", {"uitkomst": "geholpen"})
    assert is_problem(answer, 409)
    assert answer.json()["type"] == "urn:piketlijn:not-answered"


def test_the_cookie_of_the_pages_does_not_change_the_language(worker: Api, settings: Settings) -> None:
    worker.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert is_problem(worker.get("/nergens"), 404)
    assert faults(worker.ask(vraag=""))["vraag"] == "Dit veld mag niet leeg zijn."


def test_a_fault_of_ours_is_a_problem_without_a_word_about_it(world: World, settings: Settings) -> None:
    api = Api(world.worker)
    settings.FIELD_KEYS = ["geen sleutel"]
    answer = api.ask(vraag="Een geheim van de cliënt.")
    assert is_problem(answer, 500)
    assert "geheim" not in answer.content.decode()


def test_a_wrong_host_is_a_problem() -> None:
    assert is_problem(Client().get("/api/v1/rechtsgebieden", headers={"Host": "kwaad.example.com"}), 400)


def test_the_pages_keep_their_own_faults(db: None) -> None:
    answer = Client().get("/nergens/")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "API-Version" not in answer.headers
