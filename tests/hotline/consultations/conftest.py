"""A Wednesday at 10:30 with a line, two lawyers on duty and a first-line worker."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.hotline.consultations.story import World, a_world


@pytest.fixture
def world(db: None, at_ten_thirty: datetime) -> World:
    return a_world()
