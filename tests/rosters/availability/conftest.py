"""A Wednesday at 10:30 with a lawyer, his assistant, two coordinators, and a colleague who can take a duty over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from directory.models import Assistance
from tests import builders


@dataclass
class Office:
    ada: Any
    bea: Any
    els: Any  # Ada's assistant
    coordinator: Any
    elsewhere: Any
    desk: Any


@pytest.fixture
def office(db: None, at_ten_thirty: datetime) -> Office:
    ada, els = builders.a_lawyer("Ada Advocaat"), builders.a_person("Els Assistent")
    Assistance.objects.create(assistant=els, person=ada)
    return Office(
        ada=ada,
        bea=builders.a_lawyer("Bea Collega"),
        els=els,
        coordinator=builders.a_coordinator("Coby Coördinator"),
        elsewhere=builders.a_coordinator("Otto Elders", region="zwolle"),
        desk=builders.a_desk(builders.a_line()),
    )
