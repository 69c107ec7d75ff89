"""A desk with patterns in force, its coordinator, and a few ways to say what is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from directory.services import proof
from integrations import clock
from rosters import services
from rosters.models import Duty, RosterVersion
from rosters.services import publishing
from tests import builders

MONDAY = date(2026, 11, 23)
HOUR = timedelta(hours=1)


def at(day: date, hour: float) -> datetime:
    """That hour on the wall in winter, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + (hour - 1) * HOUR


def a_ready_lawyer(name: str = "", **fields: Any) -> Any:
    """A lawyer whose number was proved by a test call."""
    person = builders.a_lawyer(name, **fields)
    for number in person.numbers.all():
        proof.mark_tested(e164=number.e164)
    return person


@dataclass
class Plans:
    """One desk in office hours that needs one person, Ada on mornings and Bos on afternoons of all working days."""

    coordinator: Any = field(default_factory=lambda: builders.a_coordinator("Coby"))
    line: Any = field(default_factory=builders.a_line)
    ada: Any = field(default_factory=lambda: a_ready_lawyer("Ada"))
    bos: Any = field(default_factory=lambda: a_ready_lawyer("Bos"))
    chen: Any = field(default_factory=lambda: a_ready_lawyer("Chen"))
    desk: Any = None

    def __post_init__(self) -> None:
        self.desk = builders.a_desk(self.line, "Walcheren huur")
        services.set_norm(desk_id=self.desk.pk, depth=1)

    def pattern(self, person: Any, **changed: Any) -> Any:
        values = {"weekdays": "01234", "starts": 540, "minutes": 240, "valid_from": date(2026, 11, 16), **changed}
        return services.add_pattern(desk_id=self.desk.pk, person_id=person.pk, **values)

    def with_patterns(self) -> Plans:
        self.pattern(self.ada)
        self.pattern(self.bos, starts=780)
        services.keep_filled()
        clock.forward(timedelta(minutes=1))
        return self

    def draft(self, since: date = MONDAY, days: int = 7, **changed: Any) -> RosterVersion:
        values = {
            "kind": "version", "desk_ids": [self.desk.pk], "starts_on": since, "ends_on": since + timedelta(days=days),
            "name": "Week 48", "by": self.coordinator.pk, **changed,
        }  # fmt: skip
        version = services.draft_version(**values)
        clock.forward(timedelta(minutes=1))
        return version

    def give(self, version: RosterVersion, day: date, hour: int, person: Any) -> None:
        """In the draft, that duty to somebody else."""
        planned = version.planned.get(starts_at=at(day, hour))
        services.change_planned(planned_id=planned.pk, by=self.coordinator.pk, person_id=person.pk)

    def publish(self, version: RosterVersion, **how: Any) -> publishing.Publication:
        done = services.publish(version_id=version.pk, by=self.coordinator.pk, **how)
        clock.forward(timedelta(minutes=1))
        return done

    def undo(self, version: RosterVersion) -> publishing.Undone:
        done = services.undo(version_id=version.pk, by=self.coordinator.pk)
        clock.forward(timedelta(minutes=1))
        return done

    def who(self, day: date, hour: int) -> str:
        """Who starts at that hour; '' for nobody."""
        found = Duty.objects.filter(desk=self.desk, starts_at=at(day, hour), cancelled_at__isnull=True)
        return ", ".join(found.order_by("position").values_list("person__name", flat=True))

    def rows(self) -> list[tuple[Any, ...]]:
        """The duties in force, whole."""
        standing = Duty.objects.filter(cancelled_at__isnull=True).order_by("pk")
        return list(standing.values_list("pk", "person__name", "starts_at", "sequence", "changed_at"))


@pytest.fixture
def plans(db: None, at_ten_thirty: datetime) -> Plans:
    return Plans()
