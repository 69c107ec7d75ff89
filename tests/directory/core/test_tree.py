"""The tree of regions, without a database."""

from __future__ import annotations

from directory.core.tree import COUNTRY, COURT, SUB, RegionAt, SetUp, parents_first

LAND, ZWB, ROTTERDAM, BRABANT, WALCHEREN = 9, 3, 7, 8, 1
TREE = SetUp(
    areas=(),
    regions=parents_first(
        [
            RegionAt(WALCHEREN, "walcheren", "Walcheren", SUB, ZWB),
            RegionAt(ROTTERDAM, "AR08", "Rotterdam", COURT, LAND),
            RegionAt(BRABANT, "AR10", "Oost-Brabant", COURT, LAND),
            RegionAt(ZWB, "AR11", "Zeeland-West-Brabant", COURT, LAND),
            RegionAt(LAND, "landelijk", "Landelijk", COUNTRY, None),
        ]
    ),
    ranked_neighbours={ZWB: (ROTTERDAM, BRABANT), ROTTERDAM: (ZWB,)},
)


def test_ancestors_go_up_to_the_country() -> None:
    assert TREE.ancestors(WALCHEREN) == (WALCHEREN, ZWB, LAND)
    assert TREE.ancestors(LAND) == (LAND,)


def test_the_own_stage_ends_at_the_court_district() -> None:
    assert TREE.own_stage(WALCHEREN) == (WALCHEREN, ZWB)
    assert TREE.own_stage(ZWB) == (ZWB,)
    assert TREE.own_stage(LAND) == (LAND,)


def test_a_region_includes_what_lies_in_it() -> None:
    assert TREE.within(ZWB) == {ZWB, WALCHEREN}
    assert TREE.within(WALCHEREN) == {WALCHEREN}
    assert TREE.within(LAND) == {LAND, ZWB, ROTTERDAM, BRABANT, WALCHEREN}


def test_a_region_without_neighbours_of_its_own_has_those_of_its_parent() -> None:
    assert TREE.neighbours(WALCHEREN) == (ROTTERDAM, BRABANT)
    assert TREE.neighbours(BRABANT) == ()
    assert TREE.neighbours(LAND) == ()


def test_regions_are_found_by_code_in_any_case() -> None:
    assert TREE.region_by_code["ar08"].id == ROTTERDAM
    assert TREE.country_id == LAND
