"""Whatever is filled, drafted, published, taken back and changed by people, in any order: nothing ever overlaps, one
source fills a desk at a moment, and publishing or taking back twice changes nothing.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations import clock
from rosters import services
from rosters.core import wall
from rosters.errors import RosterError
from rosters.models import Duty, RosterVersion
from rosters.services.publishing import BY_SOURCES
from rosters.sources import sources_for
from tests.rosters.plans.conftest import MONDAY, Plans

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["fill", "draft", "edit", "publish", "undo", "sick", "cover", "later"]),
        st.integers(0, 6),
        st.integers(0, 3),
    ),
    min_size=4,
    max_size=14,
)


class Undone(Exception):
    """Ends an example without leaving anything."""


class World:
    def __init__(self, plans: Plans) -> None:
        self.plans = plans
        self.people = [plans.ada, plans.bos, plans.chen]

    def do(self, step: str, one: int, other: int) -> None:
        with suppress(RosterError), transaction.atomic():
            getattr(self, step)(one, other)
        clock.forward(timedelta(seconds=40))

    def fill(self, one: int, other: int) -> None:
        services.keep_filled()

    def later(self, one: int, other: int) -> None:
        clock.forward(timedelta(minutes=4 * one))

    def draft(self, one: int, other: int) -> None:
        self.plans.draft(
            since=MONDAY + timedelta(days=one), days=1 + other, kind=("version", "temporary")[other % 2], empty=one == 6
        )

    def edit(self, one: int, other: int) -> None:
        version = RosterVersion.objects.filter(state="draft").order_by("-pk").first()
        rows = list(version.planned.order_by("starts_at", "pk")) if version else []
        if rows and other == 3:
            services.remove_planned(planned_id=rows[one % len(rows)].pk, by=self.plans.coordinator.pk)
        elif rows:
            services.change_planned(
                planned_id=rows[one % len(rows)].pk, by=self.plans.coordinator.pk, person_id=self.people[other].pk
            )

    def publish(self, one: int, other: int) -> None:
        drafts = list(RosterVersion.objects.filter(state="draft").order_by("pk"))
        if not drafts:
            return
        version = drafts[one % len(drafts)]
        how: dict[str, Any] = {"gaps_accepted": "mag", "unready_accepted": True}
        self.plans.publish(version, **how)
        before = self.plans.rows()
        assert self.plans.publish(version, **how).merge.is_empty
        assert self.plans.rows() == before

    def undo(self, one: int, other: int) -> None:
        version = RosterVersion.objects.filter(state="published").order_by("-published_at", "-pk").first()
        if version is None:
            return
        self.plans.undo(version)
        before = self.plans.rows()
        self.plans.undo(version)
        assert self.plans.rows() == before

    def sick(self, one: int, other: int) -> None:
        duty = self._duty(one, other)
        if duty:
            services.cancel_duty(duty_id=duty.pk, why=Duty.Ended.SICK)

    def cover(self, one: int, other: int) -> None:
        duty = self._duty(one, other)
        if duty:
            services.cancel_duty(duty_id=duty.pk, why=Duty.Ended.GIVEN)
            services.add_duty(
                desk_id=duty.desk_id, person_id=self.people[other % 3].pk, position=duty.position,
                starts_at=duty.starts_at, ends_at=duty.ends_at, origin="cover",
            )  # fmt: skip

    def _duty(self, one: int, other: int) -> Duty | None:
        rows = Duty.objects.filter(cancelled_at__isnull=True, starts_at__gte=wall.moment(MONDAY, 0))
        return rows.order_by("starts_at", "pk")[(one + 7 * other) % 20 :].first()

    def judge(self) -> None:
        standing = list(Duty.objects.filter(cancelled_at__isnull=True))
        for key in ("person_id", "position"):
            ordered = sorted(standing, key=lambda duty: (getattr(duty, key), duty.starts_at))
            for duty, following in pairwise(ordered):
                if getattr(duty, key) == getattr(following, key):
                    assert duty.ends_at <= following.starts_at, f"{key}: {duty} and {following}"
        sources = sources_for([self.plans.desk.pk], MONDAY, MONDAY + timedelta(days=14))
        for duty in standing:
            if duty.origin in BY_SOURCES and duty.starts_at >= wall.moment(MONDAY, 0):
                source = sources.at(duty.desk_id, duty.starts_at)
                if duty.starts_at < wall.moment(MONDAY + timedelta(days=14), 0):
                    assert (duty.origin, duty.version_id) == source, str(duty)


def walk(plans: Plans, steps: list[tuple[str, int, int]]) -> None:
    started = clock.now()
    try:
        with transaction.atomic():
            world = World(plans.with_patterns())
            for step in steps:
                world.do(*step)
                world.judge()
            raise Undone
    except Undone:
        clock.forward(started - clock.now())


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_no_sequence_breaks_it(plans: Plans, steps: list[tuple[str, int, int]]) -> None:
    walk(plans, steps)


@pytest.mark.slow
@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_no_sequence_breaks_it_for_long(plans: Plans, steps: list[tuple[str, int, int]]) -> None:
    walk(plans, steps)
