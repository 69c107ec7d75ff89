"""A Wednesday at 10:30 with a line, two lawyers on duty and a first-line worker; throttles start at nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.core.cache import cache

from tests import builders as make
from tests.hotline.api.client import Api
from tests.hotline.consultations.story import World


@pytest.fixture(autouse=True)
def unthrottled() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def world(db: None, at_ten_thirty: datetime) -> World:
    return two_on_duty()


def two_on_duty() -> World:
    """Both lawyers are on duty for some hours; two first-line workers of one organisation."""
    line, loket = make.a_line("Hulplijn"), make.a_loket("Juridisch Loket Vlissingen")
    desk = make.a_desk(line, "Walcheren huur")
    first, second = make.a_lawyer("Ada Eerste"), make.a_lawyer("Bea Tweede")
    make.a_duty(desk, first, 1, hours=6)
    make.a_duty(desk, second, 2, hours=6)
    return World(
        line=line,
        desk=desk,
        worker=make.a_worker("Wim Werker", organisation=loket),
        colleague=make.a_worker("Cor Collega", organisation=loket),
        first=first,
        second=second,
        coordinator=make.a_coordinator("Coby Regie"),
    )


@pytest.fixture
def worker(world: World) -> Api:
    return Api(world.worker)


@pytest.fixture
def lawyer(world: World) -> Api:
    """Of the lawyer who is asked first."""
    return Api(world.first)
