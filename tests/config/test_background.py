"""The sweep of a process: a round at its time, a poke in between, trouble survived, workers watched over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from celery.app.base import Celery
from pytest_django import Settings

from config import background, broker
from config.celery import app
from integrations import clock, lease, outbox, sweep, wake
from tests.integrations.vendor import FakeVendor, vendor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at_ten_thirty")]


@pytest.fixture
def phone() -> Iterator[FakeVendor]:
    with vendor() as fake:
        yield fake


@pytest.fixture(autouse=True)
def seldom(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first round comes at once and takes what time it needs, the next one comes too late for a test."""
    settings.SWEEP_EVERY = timedelta(seconds=30)
    monkeypatch.setattr(sweep, "DELIVERY_SECONDS", 30.0)
    wake.wait(0)


@pytest.fixture
def with_broker(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Celery]]:
    for name, value in {"_reachable": None, "_looked_at": 0.0, "_logged_at": 0.0}.items():
        monkeypatch.setattr(broker, name, value)
    before = app.conf.broker_url

    def use(url: str) -> Celery:
        settings.CELERY_BROKER_URL = url
        monkeypatch.setenv(
            "CELERY_BROKER_URL", url or ""
        )  # where it is set, the library believes it above its settings
        app.conf.update(broker_url=url)
        vars(app)["_pool"] = vars(app.amqp)["_producer_pool"] = None  # connections to the one before
        return app

    yield use
    use(before)


def steps(*each: Callable[[], object]) -> Callable[[], bool]:
    """`stopped` for a loop of so many turns; each of them begins with its step."""
    left = list(each)

    def stopped() -> bool:
        if not left:
            return True
        left.pop(0)()
        return False

    return stopped


def nothing() -> None:
    """A turn without anything new."""


def write(key: str) -> Callable[[], None]:
    def written() -> None:
        outbox.enqueue(outbox.sms("+31600000002", key, key=key))
        wake.poke()

    return written


def test_a_round_at_once_and_a_poke_in_between(phone: FakeVendor) -> None:
    background.run(steps(write("eerste"), write("tweede")), publishes=False)
    assert phone.texts() == ["eerste", "tweede"]


def test_a_full_round_is_followed_by_the_next_at_once(phone: FakeVendor) -> None:
    outbox.enqueue(*[outbox.sms("+31600000002", "tekst", key=f"k{number}") for number in range(51)])
    background.run(steps(nothing, nothing), publishes=False)
    assert len(phone.texts()) == 51


def test_with_a_broker_a_poke_goes_to_the_workers(phone: FakeVendor, with_broker: Callable[[str], Celery]) -> None:
    celery = with_broker("memory://")
    with lease.held(sweep.LEASE_NAME, seconds=1):
        pass
    background.run(steps(nothing, write("tekst")))
    assert phone.texts() == []
    assert broker.is_reachable()
    with celery.connection_for_read() as connection, connection.SimpleQueue("celery") as queue:
        message = queue.get(block=False)
        message.ack()
    assert message.headers["task"] == "send"
    assert message.headers["expires"]


def test_with_a_dead_broker_this_process_sends_itself(
    phone: FakeVendor, with_broker: Callable[[str], Celery], caplog: pytest.LogCaptureFixture
) -> None:
    with_broker("redis://127.0.0.1:1/0")
    with lease.held(sweep.LEASE_NAME, seconds=1):
        pass
    background.run(steps(nothing, write("eerste"), write("tweede")))
    assert phone.texts() == ["eerste", "tweede"]
    assert broker.is_reachable() is False
    assert [record.levelname for record in caplog.records if "broker" in record.name] == ["ERROR"]


@pytest.mark.parametrize(("age", "sweeps"), [(None, True), (6, True), (5, True), (3, False)])
def test_steps_in_when_no_worker_has_swept_for_five_seconds(
    phone: FakeVendor, with_broker: Callable[[str], Celery], age: int | None, sweeps: bool
) -> None:
    with_broker("memory://")
    outbox.enqueue(outbox.sms("+31600000002", "tekst", key="k"))
    if age is not None:
        with lease.held(sweep.LEASE_NAME, seconds=1):
            pass
        clock.forward(timedelta(seconds=age))
    background.run(steps(nothing))
    assert phone.texts() == (["tekst"] if sweeps else [])


def test_the_tasks_of_the_workers_do_the_same_work(phone: FakeVendor) -> None:
    outbox.enqueue(outbox.sms("+31600000002", "eerste", key="a"))
    app.tasks["send"]()
    outbox.enqueue(outbox.sms("+31600000002", "tweede", key="b"))
    app.tasks["sweep"]()
    assert phone.texts() == ["eerste", "tweede"]
    assert sweep.last_tick() == clock.now()


def test_every_task_has_a_time_limit_and_speaks_json() -> None:
    assert all(app.tasks[name].time_limit and app.tasks[name].soft_time_limit for name in ("send", "sweep"))
    assert list(app.conf.accept_content) == ["json"]
    assert app.conf.beat_schedule["sweep"]["options"]["expires"]
