"""A token opens the API for one person, is kept as a hash, can be revoked, and may not be used without end."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from hotline.api import throttle, tokens
from hotline.models import ApiToken
from integrations import clock
from tests import builders as make
from tests.hotline.api.client import Api
from tests.hotline.consultations.story import World

pytestmark = pytest.mark.usefixtures("at_ten_thirty")


@pytest.fixture
def person(db: None) -> Any:
    return make.a_worker("Wim Werker", email="wim@example.nl")


def token_command(*arguments: str) -> str:
    out = StringIO()
    call_command("api_token", *arguments, stdout=out)
    return out.getvalue()


def test_a_token_opens_the_api_for_its_person(world: World) -> None:
    reference = Api(world.worker).ask().json()["referentie"]
    other = make.a_worker("Nel Nergens")
    assert Api(world.worker).get(f"/vragen/{reference}").status_code == 200
    assert Api(other).get(f"/vragen/{reference}").status_code == 404


def test_only_a_hash_of_the_token_is_kept(person: Any) -> None:
    token = tokens.create_token(person_id=person.pk, name="zaaksysteem")
    row = ApiToken.objects.get()
    assert row.token_hash == tokens.hash_of(token)
    assert token not in {row.name, row.token_hash}
    assert len(token) > 40


def test_without_a_valid_token_nothing_is_told(person: Any) -> None:
    for header in ("", "Bearer", "Bearer ", "Bearer verzonnen", "Basic d2ltOnB3", "Bearer é", "verzonnen"):
        answer = Api().get("/rechtsgebieden", Authorization=header)
        assert answer.status_code == 401, header
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_logging_in_on_the_pages_does_not_open_the_api(person: Any) -> None:
    api = Api()
    api.client.force_login(person)
    assert api.get("/rechtsgebieden").status_code == 401


def test_a_revoked_token_opens_nothing(person: Any) -> None:
    api = Api(person)
    assert api.get("/rechtsgebieden").status_code == 200
    assert tokens.revoke_tokens(person_id=person.pk, name="proef") == 1
    assert api.get("/rechtsgebieden").status_code == 401


def test_the_token_of_somebody_who_left_opens_nothing(person: Any) -> None:
    api = Api(person)
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert api.get("/rechtsgebieden").status_code == 401


def test_that_it_was_used_is_written_at_most_once_a_minute(person: Any) -> None:
    api, started = Api(person), clock.now()
    api.get("/rechtsgebieden")
    clock.forward(timedelta(seconds=59))
    api.get("/rechtsgebieden")
    assert ApiToken.objects.get().last_used_at == started
    clock.forward(timedelta(seconds=1))
    api.get("/rechtsgebieden")
    assert ApiToken.objects.get().last_used_at == started + timedelta(seconds=60)


def test_the_command_shows_a_new_token_once_and_lists_names(person: Any) -> None:
    assert "no tokens" in token_command("wim@example.nl")
    token = token_command("WIM@example.nl", "--name", "zaaksysteem").strip().splitlines()[-1]
    assert Api(token=token).get("/rechtsgebieden").status_code == 200
    listed = token_command("wim@example.nl")
    assert "zaaksysteem: made 2026-11-18, last used 2026-11-18 09:30 UTC" in listed
    assert token not in listed


def test_the_command_revokes_by_name(person: Any) -> None:
    token = token_command("wim@example.nl", "--name", "zaaksysteem").strip()
    assert "1 revoked" in token_command("wim@example.nl", "--name", "zaaksysteem", "--revoke")
    assert Api(token=token).get("/rechtsgebieden").status_code == 401


@pytest.mark.parametrize(
    "arguments",
    [("nooit@example.nl", "--name", "x"), ("wim@example.nl", "--name", "x" * 61), ("wim@example.nl", "--revoke")],
)
def test_the_command_refuses_what_it_cannot_do(arguments: tuple[str, ...], person: Any) -> None:
    with pytest.raises(CommandError):
        token_command(*arguments)
    assert ApiToken.objects.count() == 0


def test_too_many_requests_of_one_token_wait_until_the_minute_is_over(person: Any) -> None:
    api, other = Api(person), Api(person)
    most = int(throttle.RATES[throttle.READING].split("/")[0])
    assert {api.get("/rechtsgebieden").status_code for _ in range(most)} == {200}
    answer = api.get("/rechtsgebieden")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert answer.json()["title"]
    assert other.get("/rechtsgebieden").status_code == 200
    clock.forward(timedelta(seconds=61))
    assert api.get("/rechtsgebieden").status_code == 200


def test_writing_has_a_limit_of_its_own(person: Any) -> None:
    api = Api(person)
    most = int(throttle.RATES[throttle.WRITING].split("/")[0])
    assert {api.post("/vragen", {}).status_code for _ in range(most)} == {400}
    assert api.post("/vragen", {}).status_code == 429
    assert api.get("/rechtsgebieden").status_code == 200
