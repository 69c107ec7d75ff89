"""Alive, ready, figures: for machines, about nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from config import broker, health
from integrations import clock, due, lease, outbox
from integrations.models import Due, OutboxMessage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten_thirty")]


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_has_all_migrations", False)
    monkeypatch.setattr(broker, "_reachable", None)


def figures(client: Client) -> dict[str, float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        sample.name.removeprefix("piketlijn_") + "".join(f":{value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_a_living_process_says_so_without_the_database(client: Client) -> None:
    with connection.execute_wrapper(_down):
        assert client.get("/healthz").content == b"ok\n"


def _down(*args: object) -> object:
    from django.db import OperationalError

    raise OperationalError("away")


def test_ready_when_the_database_answers_with_every_table(client: Client) -> None:
    assert client.get("/readyz").status_code == 200
    with connection.execute_wrapper(_down):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"database: no answer\n")


def test_not_ready_before_the_migrations_are_run(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("integrations", "0001_initial")
    assert client.get("/readyz").status_code == 503
    MigrationRecorder(connection).record_applied("integrations", "0001_initial")
    assert client.get("/readyz").status_code == 200


def test_a_dead_broker_leaves_a_process_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "_reachable", False)
    assert client.get("/readyz").status_code == 200
    assert figures(client)["broker_reachable"] == 0


def test_the_figures_tell_what_waits_what_failed_and_how_long(client: Client) -> None:
    minute = timedelta(minutes=1)
    outbox.enqueue(outbox.sms("+31600000002", "a", key="a"), outbox.sms("+31600000002", "b", key="b"))
    outbox.enqueue(outbox.mail("p@example.nl", "a", "b", key="later", not_before=clock.now() + timedelta(hours=1)))
    due.file_due("remind", "remind:1", clock.now() + minute)
    Due.objects.create(kind="x", key="x", due_at=clock.now(), done_at=clock.now(), error="ValueError")
    with lease.held("sweep", seconds=1):
        pass
    clock.forward(2 * minute)
    OutboxMessage.objects.filter(dedupe_key="b").update(state="failed", ended_at=clock.now())
    found = figures(client)
    assert found["outbox_waiting:sms"] == 1
    assert found["outbox_oldest_seconds:sms"] == 120
    assert found["outbox_failed_24h:sms"] == 1
    assert found["outbox_waiting:mail"] == 0
    assert (found["due_overdue"], found["due_oldest_seconds"], found["due_failed_24h"]) == (1, 60, 1)
    assert found["sweep_age_seconds"] == 120
    assert "broker_reachable" not in found


def test_the_figures_hold_nothing_about_anybody(client: Client) -> None:
    outbox.enqueue(outbox.sms("+31600000002", "geheim", key="sleutel", about="consultation:1"))
    text = client.get("/metrics").content.decode()
    assert not [word for word in ("31600000002", "geheim", "sleutel", "consultation") if word in text]


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.7"}, 403),
        ("203.0.113.7", {}, 403),
        ("", {}, 403),
        ("203.0.113.7", {"Authorization": "Bearer the-token"}, 200),
        ("203.0.113.7", {"Authorization": "Bearer other"}, 403),
        ("203.0.113.7", {"Authorization": "Bearer é"}, 403),
        ("203.0.113.7", {"Authorization": "Bearer "}, 403),
    ],
)
def test_the_figures_are_for_this_machine_or_who_has_the_token(
    client: Client, settings: Settings, address: str, headers: dict[str, str], status: int
) -> None:
    settings.METRICS_TOKEN = "the-token"
    assert client.get("/metrics", REMOTE_ADDR=address, headers=headers).status_code == status


def test_without_a_token_nobody_has_it(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    answer = client.get("/metrics", REMOTE_ADDR="203.0.113.7", headers={"Authorization": "Bearer "})
    assert answer.status_code == 403


def test_health_is_only_read(client: Client) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert client.post(path).status_code == 405
