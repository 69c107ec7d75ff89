"""The live board while a call runs: waiting, ringing, in conversation, wrapping up, and quiet again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hotline.live import live_board
from tests import builders
from tests.stories.conftest import LINE, Scene


@pytest.fixture
def coordinator(two_lawyers: Scene) -> Any:
    return builders.a_coordinator("Coby Regie")


def states(person: Any) -> dict[str, str]:
    return {one.name: one.state for one in live_board(person.pk).present}


def test_the_board_follows_a_call_from_ring_to_rest(two_lawyers: Scene, coordinator: Any) -> None:
    worker, bos = two_lawyers.phone("worker"), two_lawyers.phone("bos")
    assert live_board(coordinator.pk).is_calm
    worker.dials(LINE)
    worker.presses("1")
    bos.is_ringing()
    board = live_board(coordinator.pk)
    (waiting,) = board.waiting
    assert (waiting.area, waiting.region, waiting.rings, waiting.stage) == ("Huurrecht", "Walcheren", "Bos", "own")
    assert states(coordinator) == {"Bos": "rings", "Chen": "free"}
    bos.picks_up()
    bos.presses("1")
    two_lawyers.network.forward(3)
    board = live_board(coordinator.pk)
    assert not board.waiting
    assert [talk.lawyer for talk in board.talks] == ["Bos"]
    assert states(coordinator)["Bos"] == "talks"
    bos.hangs_up()
    worker.hears("Ben je geholpen")
    worker.presses("1")
    two_lawyers.network.forward(5)
    board = live_board(coordinator.pk)
    assert board.is_calm
    assert board.calls_today == 1
    assert states(coordinator)["Bos"] == "wraps_up"
    two_lawyers.network.forward(130)
    assert states(coordinator)["Bos"] == "free"


def test_a_call_elsewhere_is_not_on_the_board(two_lawyers: Scene) -> None:
    elsewhere = builders.a_coordinator(region="zwolle")
    worker = two_lawyers.phone("worker")
    worker.dials(LINE)
    worker.presses("1")
    two_lawyers.phone("bos").is_ringing()
    assert live_board(elsewhere.pk).waiting == ()
    assert live_board(elsewhere.pk).present == ()


def test_a_callback_stands_on_the_board(two_lawyers: Scene, coordinator: Any) -> None:
    worker = two_lawyers.phone("worker")
    for name in ("bos", "chen"):
        two_lawyers.phone(name).behaves("silent")
    worker.dials(LINE)
    worker.presses("1")
    worker.hears("Er is nu niemand vrij", within=90)
    worker.presses("1")
    two_lawyers.network.forward(5)
    (promise,) = live_board(coordinator.pk).promises
    assert (promise.area, promise.state, promise.is_late) == ("Huurrecht", "waiting", False)


def test_the_page_asks_again_for_nothing_while_nothing_changed(two_lawyers: Scene, coordinator: Any) -> None:
    client = Client()
    client.force_login(coordinator)
    first = client.get(reverse("live_board"))
    etag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert client.get(reverse("live_board"), headers={"If-None-Match": etag}).status_code == 304
    worker = two_lawyers.phone("worker")
    worker.dials(LINE)
    worker.presses("1")
    later = client.get(reverse("live_board"), headers={"If-None-Match": etag})
    assert later.status_code == 200
    assert "belt nu: Bos" in later.content.decode()


def test_the_pages_of_the_board(two_lawyers: Scene, coordinator: Any) -> None:
    client = Client()
    client.force_login(coordinator)
    calm = client.get(reverse("live")).content.decode()
    assert "Alles rustig. 2 mensen van dienst." in calm
    assert "piket-wall" in client.get(reverse("live"), {"scherm": "1"}).content.decode()
    two_lawyers.phone("worker").dials(LINE)
    page = client.get(reverse("live")).content.decode()
    assert "in het keuzemenu" in page
    assert two_lawyers.phone("worker").number not in page


def test_the_board_costs_the_same_for_one_call_and_for_many(two_lawyers: Scene, coordinator: Any) -> None:
    two_lawyers.phone("worker").dials(LINE)
    live_board(coordinator.pk)
    with CaptureQueriesContext(connection) as one:
        live_board(coordinator.pk)
    for number in range(4):
        two_lawyers.add(f"worker{number}", builders.a_worker()).dials(LINE)
    with CaptureQueriesContext(connection) as many:
        live_board(coordinator.pk)
    assert len(one) == len(many) <= 12
