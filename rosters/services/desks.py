"""Desks and their norms."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from directory import queries as directory
from integrations import clock
from rosters import snapshot
from rosters.errors import NotKnown, SetUpRefused
from rosters.models import Desk, Duty, Norm
from rosters.services.in_force import raise_revisions
from rosters.services.lines import hold_line

DAGDELEN = ("ochtend", "middag", "avond")


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
    desk = _hold_desk(desk_id)
    before = desk.name
    saved = _save_desk(desk, line_id, name, area_ids, region_ids, kind, is_active)
    if saved.name != before:  # the name is the title of its duties in every calendar
        holders = Duty.objects.filter(desk=saved).values_list("person_id", flat=True).distinct()
        raise_revisions(holders, [saved.pk], clock.now())
    return saved


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
