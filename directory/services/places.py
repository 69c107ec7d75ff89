"""Organisations, regions with their neighbours and municipalities, and legal areas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from directory import snapshot
from directory.errors import DirectoryError, NotKnown
from directory.models import LegalArea, Municipality, Organisation, Region, RegionNeighbour
from directory.services.phones import add_number

SHORT_NAME = 14  # letters: what a menu of eight can hold
KIND_BELOW = {Region.Kind.COUNTRY: Region.Kind.COURT, Region.Kind.COURT: Region.Kind.SUB}


@transaction.atomic
def create_organisation(
    *, name: str, kind: str, region_ids: Iterable[int] = (), main_number: str = "", verified: bool = False
) -> Organisation:
    """Add an office of the first line or a law office. Raises DirectoryError, NumberRefused."""
    _refuse_organisation(name, kind, None)
    organisation = Organisation.objects.create(name=name.strip(), kind=kind)
    organisation.regions.set(list(region_ids))
    if main_number:
        add_number(organisation_id=organisation.pk, number=main_number, verified=verified)
    return organisation


@transaction.atomic
def update_organisation(*, organisation_id: int, name: str, kind: str, region_ids: Iterable[int]) -> Organisation:
    _refuse_organisation(name, kind, organisation_id)
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    organisation.name, organisation.kind = name.strip(), kind
    organisation.save()
    organisation.regions.set(list(region_ids))
    return organisation


@transaction.atomic
def save_region(*, code: str, name: str, parent_id: int | None, region_id: int | None = None) -> Region:
    """Add a region, or change one when `region_id` is given. Its parent decides its kind."""
    parent = Region.objects.select_for_update().filter(pk=parent_id).first() if parent_id is not None else None
    region = Region.objects.select_for_update().get(pk=region_id) if region_id is not None else Region()
    kind = _kind_below(parent, region)
    if Region.objects.filter(code__iexact=code).exclude(pk=region_id or 0).exists():
        raise DirectoryError("region_taken", _("There is a region with this code already. Choose another code."))
    region.code, region.name, region.kind, region.parent = code, name.strip(), kind, parent
    region.save()
    snapshot.forget()
    return region


@transaction.atomic
def set_neighbours(*, region_id: int, neighbour_ids: Sequence[int]) -> None:
    """Whom to ask when the region has nobody, nearest first."""
    family = snapshot.read()
    if region_id in neighbour_ids or any(
        region_id in family.ancestors(other) or other in family.ancestors(region_id) for other in neighbour_ids
    ):
        raise DirectoryError("neighbour_is_family", _("A neighbour lies outside the region. Choose another one."))
    if len(set(neighbour_ids)) != len(neighbour_ids):
        raise DirectoryError("neighbour_twice", _("A neighbour can be in the list once. Take one out."))
    RegionNeighbour.objects.filter(region_id=region_id).delete()
    RegionNeighbour.objects.bulk_create(
        RegionNeighbour(region_id=region_id, neighbour_id=other, rank=rank)
        for rank, other in enumerate(neighbour_ids, start=1)
    )
    snapshot.forget()


@transaction.atomic
def move_municipality(*, municipality_id: int, region_id: int) -> None:
    """Put a municipality in another region, the smallest one that lists it."""
    region = Region.objects.filter(pk=region_id).first()
    if region is None or region.kind == Region.Kind.COUNTRY:
        raise DirectoryError("region_too_wide", _("Choose a court district or a sub-region for a municipality."))
    if not Municipality.objects.filter(pk=municipality_id).update(region=region):
        raise NotKnown("municipality_unknown", _("This municipality is gone. Load the page again."))


@transaction.atomic
def save_area(
    *, slug: str, name: str, short_name: str, order: int, signpost: str = "", area_id: int | None = None
) -> LegalArea:
    """Add a legal area, or change one when `area_id` is given. With a signpost it is spoken, never connected."""
    others = LegalArea.objects.exclude(pk=area_id or 0)
    if others.filter(slug=slug).exists() or others.filter(order=order).exists():
        raise DirectoryError("area_taken", _("Another area has this slug or this place in the menu."))
    if not 0 < len(short_name.strip()) <= SHORT_NAME:
        raise DirectoryError("area_short_name", _("The spoken name has 1 to 14 letters. Make it shorter."))
    area = LegalArea.objects.select_for_update().get(pk=area_id) if area_id is not None else LegalArea()
    area.slug, area.name, area.short_name = slug, name.strip(), short_name.strip()
    area.order, area.signpost = order, signpost.strip()
    area.save()
    snapshot.forget()
    return area


def _refuse_organisation(name: str, kind: str, organisation_id: int | None) -> None:
    if not name.strip():
        raise DirectoryError("name_empty", _("Fill in a name."))
    if kind not in Organisation.Kind.values:
        raise NotKnown("kind_unknown", _("Choose one of the kinds in the list."))
    if Organisation.objects.filter(name=name.strip()).exclude(pk=organisation_id or 0).exists():
        raise DirectoryError("organisation_taken", _("There is an organisation with this name already."))


def _kind_below(parent: Region | None, region: Region) -> Region.Kind:
    """The kind a region has under `parent`. Raises DirectoryError when it does not fit there."""
    if parent is None:
        if Region.objects.filter(kind=Region.Kind.COUNTRY).exclude(pk=region.pk).exists():
            raise DirectoryError("region_second_country", _("There is one country. Choose the region it lies in."))
        return Region.Kind.COUNTRY
    kind = KIND_BELOW.get(Region.Kind(parent.kind))
    has_children = region.pk is not None and region.children.exists()
    if kind is None or parent.pk == region.pk or (has_children and kind != region.kind):
        raise DirectoryError(
            "region_too_deep", _("Regions are country, court district, sub-region. Choose a higher one.")
        )
    return kind
