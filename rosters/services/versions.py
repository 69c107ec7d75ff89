"""Roster versions as drafts: made from what is in force, changed row by row, thrown away. See `publishing` too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from integrations import clock
from rosters import snapshot
from rosters.core import wall
from rosters.core.diff import Stint
from rosters.core.intervals import Interval, without
from rosters.errors import FormRefused, NotKnown, PlanRefused
from rosters.models import Duty, Hole, PlannedDuty, RosterVersion
from rosters.obstacles import obstacles
from rosters.planners import refuse_stranger
from rosters.services.duties import POSITIONS, refuse_times
from rosters.services.filling import HORIZON, stint_of, wanted_of
from rosters.services.in_force import ROWS_AT_ONCE
from rosters.sources import window_of

Kind, State = RosterVersion.Kind, RosterVersion.State
LONGEST = timedelta(days=366)
NAME_LENGTH = 80


@transaction.atomic
def draft_version(
    *,
    kind: str,
    desk_ids: Iterable[int],
    starts_on: date,
    ends_on: date,
    name: str,
    by: int,
    empty: bool = False,
    copy_of: int | None = None,
) -> RosterVersion:
    """A draft for these desks on the days in [starts_on, ends_on), made from what is in force there.

    Beyond the horizon from what patterns will ask. `empty`: without any duty; `copy_of`: with the duties of that
    version. Raises FormRefused (name, desks, starts_on, ends_on), NotYours, NotKnown.
    """
    desks = set(desk_ids)
    _refuse(kind, desks, starts_on, ends_on, name.strip())
    refuse_stranger(by, desks)
    version = RosterVersion.objects.create(
        kind=kind, name=name.strip(), starts_on=starts_on, ends_on=ends_on, based_on=clock.now(), made_by_id=by
    )
    version.desks.set(desks)
    rows: list[PlannedDuty] = []
    if copy_of is not None:
        rows = _copied(copy_of, version, desks)
    elif not empty:
        rows = _drafted(version, desks)
    PlannedDuty.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    return version


@transaction.atomic
def add_planned(
    *,
    version_id: int,
    by: int,
    desk_id: int,
    person_id: int,
    starts_at: datetime,
    ends_at: datetime,
    position: int = 1,
    outside_hours: bool = False,
) -> PlannedDuty:
    """One more duty in a draft. Raises PlanRefused (not_a_draft), FormRefused, DutyRefused, NotYours, NotKnown."""
    version = hold_draft(version_id, by)
    planned = PlannedDuty(
        version=version, desk_id=desk_id, person_id=person_id, position=position, starts_at=starts_at, ends_at=ends_at
    )
    _refuse_planned(version, planned, outside_hours)
    planned.save()
    _changed(version)
    return planned


@transaction.atomic
def change_planned(*, planned_id: int, by: int, person_id: int) -> PlannedDuty:
    """Somebody else for a duty of a draft. Raises what `add_planned` raises."""
    planned, version = _hold_planned(planned_id, by)
    planned.person_id = person_id
    _refuse_planned(version, planned, outside_hours=True)
    planned.save(update_fields=["person"])
    _changed(version)
    return planned


@transaction.atomic
def remove_planned(*, planned_id: int, by: int) -> None:
    """Raises PlanRefused, NotYours, NotKnown."""
    planned, version = _hold_planned(planned_id, by)
    planned.delete()
    _changed(version)


@transaction.atomic
def lock_planned(*, planned_id: int, by: int, locked: bool = True) -> None:
    """It stays where it is when the draft is computed again. Raises PlanRefused, NotYours, NotKnown."""
    planned, version = _hold_planned(planned_id, by)
    planned.is_locked = locked
    planned.save(update_fields=["is_locked"])
    _changed(version)


@transaction.atomic
def discard_version(*, version_id: int, by: int) -> None:
    """The draft is thrown away; its rows are kept. Raises PlanRefused, NotYours, NotKnown."""
    version = hold_draft(version_id, by)
    version.state = State.DISCARDED
    version.save(update_fields=["state"])


def hold_version(version_id: int, by: int) -> RosterVersion:
    """The row, locked. Raises NotKnown, NotYours."""
    version = RosterVersion.objects.select_for_update().filter(pk=version_id).first()
    if version is None:
        raise NotKnown("version_unknown", _("This roster is gone. Load the page again."))
    refuse_stranger(by, version.desks.values_list("pk", flat=True))
    return version


def hold_draft(version_id: int, by: int) -> RosterVersion:
    """Raises PlanRefused (not_a_draft), NotKnown, NotYours."""
    version = hold_version(version_id, by)
    if version.state != State.DRAFT:
        raise PlanRefused("not_a_draft", _("This roster is no longer a draft. Make a new draft to change it."))
    return version


def refuse_outside_hours(desk_id: int, when: Interval, outside_hours: bool) -> None:
    """Raises FormRefused for time in which the line of the desk is closed, unless somebody wants it so."""
    desk = next((desk for desk in snapshot.current().desks if desk.id == desk_id), None)
    if desk is None:
        raise NotKnown("desk_unknown", _("This desk is gone. Load the page again."))
    hours = snapshot.current().lines[desk.line_id].hours
    day = wall.day_of(when.start)
    opened: list[Interval] = []
    while day <= wall.day_of(when.end):
        opened += hours.on(day)
        day += wall.A_DAY
    if not outside_hours and without([when], opened):
        raise FormRefused(
            "outside_hours",
            _("The line is not open all that time. Correct the times, or tick that it must be so."),
            field="outside_hours",
        )


def refuse_obstacle(stint: Stint) -> None:
    """Raises FormRefused for somebody who is gone, not registered for the area, or absent then."""
    texts = {
        Hole.Reason.NOT_ACTIVE: _("This person no longer takes part. Choose somebody else."),
        Hole.Reason.NOT_QUALIFIED: _("This person is not registered for the area then. Choose somebody else."),
        Hole.Reason.ABSENT: _("This person is absent then. Choose somebody else or another time."),
    }
    if reason := obstacles([stint]).of(stint):
        raise FormRefused(reason, texts[Hole.Reason(reason)], field="person")


def _refuse(kind: str, desks: set[int], starts_on: date, ends_on: date, name: str) -> None:
    if kind not in Kind.values:
        raise FormRefused("kind_unknown", _("Choose one of the kinds in the list."), field="kind")
    if not name or len(name) > NAME_LENGTH:
        raise FormRefused("name_empty", _("Fill in a name of at most 80 letters."), field="name")
    if not desks or not desks <= {desk.id for desk in snapshot.current().desks}:
        raise FormRefused("desks_empty", _("Choose at least one desk."), field="desks")
    if ends_on <= starts_on:
        raise FormRefused("dates_wrong", _("A roster ends after it starts. Correct the dates."), field="ends_on")
    if ends_on - starts_on > LONGEST:
        raise FormRefused("too_long", _("A roster is at most a year long. Make two of it."), field="ends_on")
    if ends_on <= wall.day_of(clock.now()):
        raise FormRefused("past", _("What has been stays as it was. Choose days from today on."), field="ends_on")


def _drafted(version: RosterVersion, desks: set[int]) -> list[PlannedDuty]:
    window, today = window_of(version), wall.day_of(clock.now())
    standing = Duty.objects.filter(
        desk_id__in=desks,
        cancelled_at__isnull=True,
        starts_at__gte=max(window.start, clock.now()),
        starts_at__lt=window.end,
    ).order_by("starts_at", "desk_id", "position")
    rows = [_row(version, stint_of(duty), duty.pk) for duty in standing]
    beyond = max(today + HORIZON, version.starts_on)
    if beyond < version.ends_on:
        there = {stint_of(row) for row in rows}
        wanted = wanted_of(desks, beyond, version.ends_on)
        rows += [_row(version, one.stint, None) for one in wanted if one.stint not in there]
    return rows


def _copied(source_id: int, version: RosterVersion, desks: set[int]) -> list[PlannedDuty]:
    window = window_of(version)
    source = PlannedDuty.objects.filter(
        version_id=source_id, desk_id__in=desks, starts_at__gte=window.start, starts_at__lt=window.end
    )
    return [_row(version, stint_of(planned), None, planned.is_locked) for planned in source.order_by("starts_at", "pk")]


def _row(version: RosterVersion, stint: Stint, duty_id: int | None, locked: bool = False) -> PlannedDuty:
    when, desk_id, position, person_id = stint
    return PlannedDuty(
        version=version, desk_id=desk_id, person_id=person_id, position=position, starts_at=when.start,
        ends_at=when.end, based_on_id=duty_id, is_locked=locked,
    )  # fmt: skip


def _hold_planned(planned_id: int, by: int) -> tuple[PlannedDuty, RosterVersion]:
    version_id = PlannedDuty.objects.filter(pk=planned_id).values_list("version_id", flat=True).first()
    if version_id is None:
        raise NotKnown("planned_unknown", _("This duty is no longer in the draft. Load the page again."))
    version = hold_draft(version_id, by)
    planned = PlannedDuty.objects.filter(pk=planned_id).first()
    if planned is None:
        raise NotKnown("planned_unknown", _("This duty is no longer in the draft. Load the page again."))
    return planned, version


def _refuse_planned(version: RosterVersion, planned: PlannedDuty, outside_hours: bool) -> None:
    refuse_times(planned.starts_at, planned.ends_at)
    window, when = window_of(version), Interval(planned.starts_at, planned.ends_at)
    if planned.position not in POSITIONS:
        raise FormRefused("position_wrong", _("A position is 1 to 9."), field="position")
    if not version.desks.filter(pk=planned.desk_id).exists():
        raise FormRefused("desk_elsewhere", _("This desk is not in this roster. Choose another one."), field="desk")
    if planned.starts_at not in window:
        raise FormRefused("day_elsewhere", _("This day is not in this roster. Choose another one."), field="day")
    refuse_outside_hours(planned.desk_id, when, outside_hours)
    refuse_obstacle(stint_of(planned))
    same_time = version.planned.filter(starts_at__lt=planned.ends_at, ends_at__gt=planned.starts_at).exclude(
        pk=planned.pk
    )
    if same_time.filter(person_id=planned.person_id).exists():
        raise FormRefused(
            "person_on_duty", _("This person has a duty in this draft at that time. Choose somebody else."),
            field="person",
        )  # fmt: skip
    if same_time.filter(desk_id=planned.desk_id, position=planned.position).exists():
        raise FormRefused(
            "position_taken", _("Somebody holds this position in this draft at that time. Take that out first."),
            field="position",
        )  # fmt: skip


def _changed(version: RosterVersion) -> None:
    version.revision += 1
    version.save(update_fields=["revision"])
