"""Which desks answer, in which order, for an area and a region."""

from __future__ import annotations

import pytest

from directory import queries as directory
from rosters import queries, services
from rosters.errors import SetUpRefused
from tests.builders import a_desk, a_line, area_id, region_id

pytestmark = pytest.mark.django_db


def serving(line: object, area: str | None, region: str) -> list[tuple[str, str, int, int]]:
    found = queries.desks_for(line.pk, area_id(area) if area else None, region_id(region))  # type: ignore[attr-defined]
    return [(desk.name, desk.stage, desk.neighbour_rank, desk.distance) for desk in found]


def test_the_nearest_region_comes_first_then_neighbours_then_the_country() -> None:
    line = a_line()
    a_desk(line, "landelijk", regions=["landelijk"])
    a_desk(line, "tweede buur", regions=["AR10"])
    a_desk(line, "eerste buur", regions=["AR08"])
    a_desk(line, "arrondissement", regions=["AR11"])
    a_desk(line, "walcheren alles", areas="*", regions=["walcheren"])
    a_desk(line, "walcheren huur", regions=["walcheren"])
    a_desk(line, "ver weg", regions=["AR05"])

    assert serving(line, "huur", "walcheren") == [
        ("walcheren huur", "own", 0, 0),
        ("walcheren alles", "own", 0, 0),
        ("arrondissement", "own", 0, 1),
        ("eerste buur", "neighbour", 1, 0),
        ("tweede buur", "neighbour", 2, 0),
        ("landelijk", "country", 0, 0),
    ]


def test_fewest_regions_and_then_the_oldest_desk_decide() -> None:
    line = a_line()
    a_desk(line, "twee regio's", regions=["walcheren", "nijmegen"])
    a_desk(line, "een regio", regions=["walcheren"])
    a_desk(line, "een regio, later", regions=["walcheren"])

    assert [name for name, *_ in serving(line, "huur", "walcheren")] == [
        "een regio",
        "een regio, later",
        "twee regio's",
    ]


def test_a_desk_appears_once_at_its_best_place() -> None:
    line = a_line()
    a_desk(line, "overal", regions=["walcheren", "AR08", "landelijk"])

    assert serving(line, "huur", "walcheren") == [("overal", "own", 0, 0)]
    assert serving(line, "huur", "nijmegen") == [("overal", "neighbour", 5, 0)]
    assert serving(line, "huur", "AR05") == [("overal", "country", 0, 0)]


def test_for_the_whole_country_only_national_desks_are_own() -> None:
    line = a_line()
    a_desk(line, "landelijk", regions=["landelijk"])
    a_desk(line, "amsterdam", regions=["AR01"])

    assert serving(line, "huur", "landelijk") == [("landelijk", "own", 0, 0)]


def test_another_area_another_line_and_a_coordination_desk_do_not_serve() -> None:
    line = a_line()
    a_desk(line, "schulden", areas=["schulden"])
    a_desk(a_line(), "andere lijn")
    a_desk(line, "regie", kind="regie")

    assert serving(line, "huur", "walcheren") == []


def test_who_does_not_know_the_area_gets_the_desks_that_serve_every_area() -> None:
    line = a_line()
    a_desk(line, "huur")
    a_desk(line, "alles", areas="*")

    assert [name for name, *_ in serving(line, None, "walcheren")] == ["alles"]


def test_a_desk_that_is_changed_or_stopped_is_seen_at_once() -> None:
    line = a_line()
    desk = a_desk(line, "post")
    assert serving(line, "huur", "walcheren")

    services.update_desk(
        desk_id=desk.pk,
        line_id=line.pk,
        name="post",
        area_ids=[area_id("huur")],
        region_ids=[region_id("walcheren")],
        is_active=False,
    )

    assert serving(line, "huur", "walcheren") == []


def test_the_menu_of_a_line_has_the_areas_of_its_desks_and_the_signposts_in_order() -> None:
    line = a_line()
    a_desk(line, areas=["schulden", "arbeid"])
    a_desk(line, areas=["huur"])

    assert [area.slug for area in queries.line(line.pk).areas] == ["huur", "arbeid", "schulden", "straf-zorgdwang"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": " "}, "name_empty"),
        ({"name": "bestaat al"}, "desk_taken"),
        ({"region_ids": []}, "desk_without_region"),
        ({"region_ids": [0]}, "desk_without_region"),
        ({"area_ids": []}, "desk_without_area"),
        ({"area_ids": [0]}, "desk_without_area"),
        ({"kind": "ander"}, "kind_unknown"),
    ],
)
def test_a_desk_that_cannot_be_is_refused_with_what_to_do(changed: dict[str, object], code: str) -> None:
    line = a_line()
    a_desk(line, "bestaat al")
    values = {"line_id": line.pk, "name": "nieuw", "area_ids": [area_id()], "region_ids": [region_id()], **changed}

    with pytest.raises(SetUpRefused) as refused:
        services.create_desk(**values)

    assert refused.value.code == code


def test_a_signpost_is_never_connected() -> None:
    signpost = next(area.id for area in directory.set_up().areas if area.signpost)

    with pytest.raises(SetUpRefused) as refused:
        services.create_desk(line_id=a_line().pk, name="straf", area_ids=[signpost], region_ids=[region_id()])

    assert refused.value.code == "desk_signpost"


def test_a_norm_is_set_once_for_each_part_of_the_day() -> None:
    desk = a_desk(a_line())

    services.set_norm(desk_id=desk.pk, depth=2)
    services.set_norm(desk_id=desk.pk, depth=1, dagdeel="avond")
    services.set_norm(desk_id=desk.pk, depth=3)

    assert sorted(desk.norms.values_list("dagdeel", "depth")) == [("", 3), ("avond", 1)]
    with pytest.raises(SetUpRefused):
        services.set_norm(desk_id=desk.pk, depth=1, dagdeel="nacht")
