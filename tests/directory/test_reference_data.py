"""What stands in an empty database after `migrate`."""

from __future__ import annotations

import pytest

from directory import queries
from directory.errors import NotKnown
from directory.models import Municipality

pytestmark = pytest.mark.django_db

AREAS = [
    "huur",
    "arbeid",
    "verbintenissen-consument",
    "schulden",
    "sociale-voorzieningen",
    "sociale-verzekeringen",
    "vreemdelingen",
    "asiel",
    "familie-jeugd",
    "toeslagen-belasting",
    "bestuur-overig",
    "straf-zorgdwang",
]


def test_twelve_areas_in_menu_order_of_which_one_is_a_signpost() -> None:
    areas = queries.set_up().areas
    assert [area.slug for area in areas] == AREAS
    assert [area.slug for area in areas if area.signpost] == ["straf-zorgdwang"]
    assert all(0 < len(area.short_name) <= 14 for area in areas)


def test_eleven_court_districts_and_the_five_sites_of_the_pilot() -> None:
    tree = queries.set_up()
    codes = {kind: [region.code for region in tree.regions if region.kind == kind] for kind in ("court", "sub")}
    assert codes["court"] == [f"AR{number:02d}" for number in range(1, 12)]
    parents = {
        code: tree.region_by_id[tree.ancestors(tree.region_by_code[code].id)[1]].code for code in sorted(codes["sub"])
    }
    assert parents == {
        "amsterdam": "AR01",
        "nijmegen": "AR03",
        "utrecht": "AR04",
        "walcheren": "AR11",
        "zwolle": "AR06",
    }


def test_neighbours_are_each_others_neighbours_and_walcheren_asks_rotterdam_first() -> None:
    tree = queries.set_up()
    for region in tree.regions:
        ranked = tree.neighbours(region.id)
        assert bool(ranked) == (region.kind != "country"), region.code
        if region.kind == "court":
            assert all(region.id in tree.neighbours(other) for other in ranked), region.code
        if region.kind == "sub":
            assert ranked == tree.neighbours(tree.ancestors(region.id)[1]), region.code
    first = tree.neighbours(tree.region_by_code["walcheren"].id)[0]
    assert tree.region_by_id[first].code == "AR08"


def test_342_municipalities_each_in_the_smallest_region_that_lists_it() -> None:
    assert Municipality.objects.count() == 342
    assert (
        Municipality.objects.filter(code="GM0820").values_list("name", flat=True)[0] == "Nuenen, Gerwen en Nederwetten"
    )
    assert queries.region_of_municipality("GM0718") == queries.region("walcheren").id
    assert queries.region_of_municipality("gm0363") == queries.region("amsterdam").id
    assert queries.region_of_municipality("GM0599") == queries.region("AR08").id
    with pytest.raises(NotKnown):
        queries.region_of_municipality("GM9999")


def test_an_unknown_slug_or_code_is_answered_with_those_that_exist() -> None:
    with pytest.raises(NotKnown) as refused:
        queries.area("verkeersboetes")
    assert "huur, arbeid" in str(refused.value)
    with pytest.raises(NotKnown) as refused:
        queries.region("zeeland")
    assert "AR11" in str(refused.value)
    assert queries.region("ar11").code == "AR11"


def test_the_set_up_is_read_once_and_again_after_a_change(django_assert_num_queries: object) -> None:
    queries.set_up()
    with django_assert_num_queries(0):  # type: ignore[operator]
        queries.set_up()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["before", "after"])
def test_the_data_is_there_again_after_a_test_that_emptied_the_tables(turn: str) -> None:
    assert [area.slug for area in queries.set_up().areas] == AREAS
    assert Municipality.objects.count() == 342
