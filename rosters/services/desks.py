"""Desks, their norms, and the weekly patterns that fill them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from directory import queries as directory
from rosters import snapshot
from rosters.core.wall import DAY_MINUTES
from rosters.errors import NotKnown, SetUpRefused
from rosters.models import Desk, Norm, Pattern
from rosters.services.filling import fill_soon
from rosters.services.lines import hold_line

DAGDELEN = ("ochtend", "middag", "avond")
POSITIONS = range(1, 10)
PATTERN_MINUTES = range(1, 7 * DAY_MINUTES + 1)


@transaction.atomic
def create_desk(
    *, line_id: int, name: str, area_ids: Iterable[int], region_ids: Iterable[int], kind: str = Desk.Kind.PIKET
) -> Desk:
    """Add a piketpost. A coordination desk ('regie') needs no areas. Raises SetUpRefused, NotKnown."""
    return _save_desk(Desk(), line_id, name, area_ids, region_ids, kind, True)


@transaction.atomic
def update_desk(
    *,
    desk_id: int,
    line_id: int,
    name: str,
    area_ids: Iterable[int],
    region_ids: Iterable[int],
    kind: str = Desk.Kind.PIKET,
    is_active: bool = True,
) -> Desk:
    return _save_desk(_hold_desk(desk_id), line_id, name, area_ids, region_ids, kind, is_active)


@transaction.atomic
def set_norm(*, desk_id: int, depth: int, dagdeel: str = "") -> Norm:
    """How many people the desk needs in a dagdeel, or in all of them."""
    desk = _hold_desk(desk_id)
    if dagdeel and dagdeel not in DAGDELEN:
        raise SetUpRefused("dagdeel_unknown", _("Choose morning, afternoon, evening or all of them."))
    if depth not in range(10):
        raise SetUpRefused("depth_wrong", _("A desk needs 0 to 9 people."))
    norm: Norm = Norm.objects.update_or_create(desk=desk, dagdeel=dagdeel, defaults={"depth": depth})[0]
    snapshot.forget()
    return norm


@transaction.atomic
def add_pattern(
    *,
    desk_id: int,
    person_id: int,
    weekdays: str,
    starts: int,
    minutes: int,
    valid_from: date,
    valid_until: date | None = None,
    position: int = 1,
) -> Pattern:
    """Every week on `weekdays` (digits, 0 is Monday) from `starts` minutes after midnight, `minutes` long on the wall.

    Duties come of it within seconds, by `keep_filled`. Raises SetUpRefused, NotKnown.
    """
    desk = _hold_desk(desk_id)
    directory.contact(person_id)
    if not weekdays or len(set(weekdays)) != len(weekdays) or not set(weekdays) <= set("0123456"):
        raise SetUpRefused("weekdays_wrong", _("Choose at least one day of the week, each once."))
    if starts not in range(DAY_MINUTES) or minutes not in PATTERN_MINUTES:
        raise SetUpRefused("pattern_times_wrong", _("A duty starts within the day and is at most seven days long."))
    if position not in POSITIONS:
        raise SetUpRefused("position_wrong", _("A position is 1 to 9."))
    if valid_until is not None and valid_until <= valid_from:
        raise SetUpRefused("pattern_dates_wrong", _("A pattern ends after it starts. Correct the dates."))
    fill_soon()
    return Pattern.objects.create(
        desk=desk,
        person_id=person_id,
        position=position,
        weekdays="".join(sorted(weekdays)),
        starts=starts,
        minutes=minutes,
        valid_from=valid_from,
        valid_until=valid_until,
    )


@transaction.atomic
def end_pattern(*, pattern_id: int, on: date) -> None:
    """No new duties of it from that day; those in force stay."""
    pattern = Pattern.objects.select_for_update().filter(pk=pattern_id).first()
    if pattern is None:
        raise NotKnown("pattern_unknown", _("This pattern is gone. Load the page again."))
    pattern.valid_until = on
    pattern.save(update_fields=["valid_until"])


def _hold_desk(desk_id: int) -> Desk:
    desk = Desk.objects.select_for_update().filter(pk=desk_id).first()
    if desk is None:
        raise NotKnown("desk_unknown", _("This desk is gone. Load the page again."))
    return desk


def _save_desk(
    desk: Desk,
    line_id: int,
    name: str,
    area_ids: Iterable[int],
    region_ids: Iterable[int],
    kind: str,
    is_active: bool,
) -> Desk:
    areas, regions, known = set(area_ids), set(region_ids), directory.set_up()
    if not name.strip():
        raise SetUpRefused("name_empty", _("Fill in a name."))
    if Desk.objects.filter(name=name.strip()).exclude(pk=desk.pk).exists():
        raise SetUpRefused("desk_taken", _("There is a desk with this name already. Choose another name."))
    if kind not in Desk.Kind.values:
        raise SetUpRefused("kind_unknown", _("Choose one of the kinds in the list."))
    if not regions or not regions <= set(known.region_by_id):
        raise SetUpRefused("desk_without_region", _("Choose at least one region."))
    if not areas <= set(known.area_by_id) or (not areas and kind == Desk.Kind.PIKET):
        raise SetUpRefused("desk_without_area", _("Choose at least one legal area."))
    if any(known.area_by_id[area].signpost for area in areas):
        raise SetUpRefused("desk_signpost", _("An area with a signpost is never connected. Take it out."))
    desk.line, desk.name, desk.kind, desk.is_active = hold_line(line_id), name.strip(), kind, is_active
    desk.save()
    desk.areas.set(areas)
    desk.regions.set(regions)
    snapshot.forget()
    return desk
