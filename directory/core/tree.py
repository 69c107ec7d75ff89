"""The set-up of the directory as plain values: legal areas, and the tree of regions with ranked neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

COUNTRY, COURT, SUB = "country", "court", "sub"


@dataclass(frozen=True, slots=True)
class AreaAt:
    id: int
    slug: str
    name: str
    short_name: str  # as spoken in the menu
    order: int
    signpost: str  # spoken instead of connecting; empty for an area that is connected


@dataclass(frozen=True, slots=True)
class RegionAt:
    id: int
    code: str
    name: str
    kind: str  # COUNTRY, COURT or SUB
    parent_id: int | None


@dataclass(frozen=True)
class SetUp:
    """Areas in menu order, regions with parents above their children, and per region its neighbours, nearest first."""

    areas: tuple[AreaAt, ...]
    regions: tuple[RegionAt, ...]
    ranked_neighbours: Mapping[int, tuple[int, ...]]

    @cached_property
    def area_by_id(self) -> dict[int, AreaAt]:
        return {area.id: area for area in self.areas}

    @cached_property
    def area_by_slug(self) -> dict[str, AreaAt]:
        return {area.slug: area for area in self.areas}

    @cached_property
    def region_by_id(self) -> dict[int, RegionAt]:
        return {region.id: region for region in self.regions}

    @cached_property
    def region_by_code(self) -> dict[str, RegionAt]:
        return {region.code.lower(): region for region in self.regions}

    @cached_property
    def country_id(self) -> int:
        """Id of landelijk. Raises StopIteration on an empty directory."""
        return next(region.id for region in self.regions if region.kind == COUNTRY)

    @cached_property
    def _ancestors(self) -> dict[int, tuple[int, ...]]:
        upward: dict[int, tuple[int, ...]] = {}
        for region in self.regions:
            above = upward[region.parent_id] if region.parent_id is not None else ()
            upward[region.id] = (region.id, *above)
        return upward

    def ancestors(self, region_id: int) -> tuple[int, ...]:
        """The region itself, its parent, ... up to landelijk. Raises KeyError for an unknown id."""
        return self._ancestors[region_id]

    def own_stage(self, region_id: int) -> tuple[int, ...]:
        """The region and what lies between it and its arrondissement, nearest first; for landelijk only itself."""
        own = tuple(i for i in self.ancestors(region_id) if self.region_by_id[i].kind != COUNTRY)
        return own or (region_id,)

    def within(self, region_id: int) -> frozenset[int]:
        """The region and everything that lies in it."""
        return frozenset(inner for inner, above in self._ancestors.items() if region_id in above)

    def neighbours(self, region_id: int) -> tuple[int, ...]:
        """Who to ask when the own stage has nobody, nearest first; a region without its own list takes its parent's."""
        for candidate in self.ancestors(region_id):
            if ranked := self.ranked_neighbours.get(candidate):
                return ranked
        return ()


def parents_first(regions: Iterable[RegionAt]) -> tuple[RegionAt, ...]:
    """The same regions, ordered so that a parent comes before what lies in it; by code within a level."""
    rank = {COUNTRY: 0, COURT: 1, SUB: 2}
    return tuple(sorted(regions, key=lambda region: (rank[region.kind], region.code)))
