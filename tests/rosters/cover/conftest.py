"""A desk with three lawyers who fit and one who has the duty, on a Wednesday at 10:30."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from rosters.models import CoverRequest, Duty
from rosters.services import covering
from tests import builders


@dataclass
class World:
    """Ada has the duty; Bob, Cor and Dee fit; Coby coordinates the region, Els keeps Ada's roster."""

    desk: Any
    ada: Any
    bob: Any
    cor: Any
    dee: Any
    coby: Any

    def duty(
        self, starts: float = 48, hours: float = 4, person: Any = None, position: int = 1, desk: Any = None
    ) -> Duty:
        made: Duty = builders.a_duty(desk or self.desk, person or self.ada, position, starts=starts, hours=hours)
        return made

    def request(self, duty: Duty | None = None, kind: str = "give", **fields: Any) -> CoverRequest:
        duty = duty or self.duty()
        return covering.open_request(duty_id=duty.pk, kind=kind, by=duty.person_id, **fields)


@pytest.fixture
def world(db: None, at_ten_thirty: datetime) -> World:
    return World(
        desk=builders.a_desk(builders.an_all_hours_line(), "Walcheren huur"),
        ada=builders.a_lawyer("Ada Advocaat"),
        bob=builders.a_lawyer("Bob de Boer"),
        cor=builders.a_lawyer("Cor Cornelissen"),
        dee=builders.a_lawyer("Dee Dijk"),
        coby=builders.a_coordinator("Coby Coördinator"),
    )


def as_(person: Any) -> Client:
    """A browser without JavaScript, logged in as this person."""
    client = Client()
    client.force_login(person)
    return client


def main_of(answer: Any) -> str:
    """The main part of a page, white space folded."""
    return " ".join(answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0].split())


def in_force(desk: Any = None) -> list[tuple[str, datetime, datetime]]:
    """Who holds what, in order of time."""
    rows = Duty.objects.filter(cancelled_at__isnull=True).order_by("starts_at", "person__name")
    return list(rows.values_list("person__name", "starts_at", "ends_at"))


def leaves(person: Any) -> None:
    """He no longer takes part."""
    person.is_active = False
    person.save(update_fields=["is_active"])
