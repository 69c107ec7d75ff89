"""Regions, neighbours, municipalities, areas and organisations can be arranged."""

from __future__ import annotations

from typing import Any

import pytest

from directory import queries, services
from directory.errors import DirectoryError
from directory.models import Municipality
from tests import builders
from tests.directory.test_people import refused

pytestmark = pytest.mark.django_db


def test_a_new_sub_region_is_known_at_once() -> None:
    queries.set_up()
    region = services.save_region(code="schouwen", name="Schouwen-Duiveland", parent_id=builders.region_id("AR11"))
    assert region.kind == "sub"
    assert queries.set_up().ancestors(region.pk)[1:] == queries.set_up().ancestors(builders.region_id("AR11"))
    assert queries.set_up().neighbours(region.pk) == queries.set_up().neighbours(builders.region_id("AR11"))


def test_the_tree_keeps_its_three_levels() -> None:
    with refused("region_too_deep"):
        services.save_region(code="veere", name="Veere", parent_id=builders.region_id("walcheren"))
    with refused("region_second_country"):
        services.save_region(code="belgie", name="België", parent_id=None)
    with refused("region_too_deep"):
        services.save_region(
            region_id=builders.region_id("AR11"), code="AR11", name="X", parent_id=builders.region_id("AR10")
        )
    with refused("region_taken"):
        services.save_region(code="WALCHEREN", name="Walcheren", parent_id=builders.region_id("AR11"))


def test_neighbours_lie_outside_the_region_and_in_the_list_once() -> None:
    walcheren, south = builders.region_id("walcheren"), builders.region_id("AR10")
    services.set_neighbours(region_id=walcheren, neighbour_ids=[south])
    assert queries.set_up().neighbours(walcheren) == (south,)
    for own in ("walcheren", "AR11", "landelijk"):
        with refused("neighbour_is_family"):
            services.set_neighbours(region_id=walcheren, neighbour_ids=[builders.region_id(own)])
    with refused("neighbour_twice"):
        services.set_neighbours(region_id=walcheren, neighbour_ids=[south, south])


def test_a_municipality_moves_to_another_region() -> None:
    goes = Municipality.objects.get(name="Goes")
    services.move_municipality(municipality_id=goes.pk, region_id=builders.region_id("walcheren"))
    assert queries.region_of_municipality(goes.code) == builders.region_id("walcheren")
    with refused("region_too_wide"):
        services.move_municipality(municipality_id=goes.pk, region_id=builders.region_id("landelijk"))


def test_an_area_changes_and_keeps_a_spoken_name_that_fits() -> None:
    said: dict[str, Any] = {"slug": "huur", "name": "Huurrecht", "order": 1, "area_id": builders.area_id("huur")}
    services.save_area(short_name="wonen", **said)
    assert queries.area("huur").short_name == "wonen"
    for spoken in ("", "vijftien letters"):
        with refused("area_short_name"):
            services.save_area(short_name=spoken, **said)
    with refused("area_taken"):
        services.save_area(slug="nieuw", name="Nieuw", short_name="nieuw", order=1)


def test_an_organisation_has_one_name_regions_and_a_main_number() -> None:
    loket = builders.a_loket("Loket Noorderpoort", regions=("walcheren", "zwolle"))
    assert queries.organisation(loket.pk).region_ids == tuple(
        sorted([builders.region_id("walcheren"), builders.region_id("zwolle")])
    )
    with refused("organisation_taken"):
        builders.a_loket("Loket Noorderpoort")
    with refused("kind_unknown"):
        services.create_organisation(name="X", kind="winkel")
    with pytest.raises(DirectoryError):
        services.create_organisation(name="Betaald", kind="first_line", main_number="0900 1234")
