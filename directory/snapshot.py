"""The set-up (areas, regions, neighbours) as one value, kept in this process for at most ten seconds.

Every call and every page needs it, and it changes a few times a year.
"""

from __future__ import annotations

import time
from collections import defaultdict

from django.db import transaction

from directory.core.tree import AreaAt, RegionAt, SetUp, parents_first
from directory.models import LegalArea, Region, RegionNeighbour

KEPT_SECONDS = 10.0
_kept: tuple[float, SetUp] | None = None


def current() -> SetUp:
    """The set-up as it was at most ten seconds ago; reads three statements when it has to."""
    global _kept
    kept = _kept
    if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
        kept = _kept = (time.monotonic(), read())
    return kept[1]


def read() -> SetUp:
    """The set-up as it is in the database now."""
    ranked: dict[int, list[int]] = defaultdict(list)
    for region_id, neighbour_id in RegionNeighbour.objects.order_by("region_id", "rank").values_list(
        "region_id", "neighbour_id"
    ):
        ranked[region_id].append(neighbour_id)
    areas = LegalArea.objects.order_by("order").values_list("id", "slug", "name", "short_name", "order", "signpost")
    regions = Region.objects.values_list("id", "code", "name", "kind", "parent_id")
    return SetUp(
        areas=tuple(AreaAt(*row) for row in areas),
        regions=parents_first(RegionAt(*row) for row in regions),
        ranked_neighbours={region_id: tuple(neighbours) for region_id, neighbours in ranked.items()},
    )


def forget() -> None:
    """Read again at the next use: for this transaction at once, for other threads when it is committed."""
    forget_here()
    transaction.on_commit(forget_here)


def forget_here() -> None:
    """Read again at the next use, whatever the transaction does."""
    global _kept
    _kept = None
