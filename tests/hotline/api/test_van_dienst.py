"""Areas, regions, and who is on duty: by the same code as the router."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hotline.queries import who_would_ring
from integrations import clock
from rosters import services as roster_services
from tests import builders as make
from tests.hotline.api.client import Api, faults
from tests.hotline.consultations.story import World

HERE = {"rechtsgebied": "huur", "regio": "walcheren"}


def test_the_areas_come_in_the_order_of_the_menu(worker: Api) -> None:
    areas = worker.get("/rechtsgebieden").json()
    assert len(areas) == 12
    assert areas[0] == {"code": "huur", "naam": "Huurrecht", "korteNaam": "huur", "verwijzing": ""}
    assert [area["code"] for area in areas if area["verwijzing"]] == ["straf-zorgdwang"]


def test_the_regions_are_a_tree(worker: Api) -> None:
    regions = worker.get("/regios").json()
    codes = {region["code"] for region in regions}
    assert regions[0] == {"code": "landelijk", "naam": "Landelijk", "soort": "landelijk", "ligtIn": None}
    assert {region["ligtIn"] for region in regions[1:]} <= codes
    assert [region["soort"] for region in regions].count("arrondissement") == 11


def test_tells_who_would_be_rung_and_the_number_of_the_line(world: World, worker: Api) -> None:
    found = worker.get("/van-dienst", HERE).json()
    assert found["lijn"] == {
        "naam": "Hulplijn",
        "nummer": world.line.number,
        "open": True,
        "opentOp": "2026-11-18T09:30:00Z",
    }
    assert found["moment"] == "2026-11-18T09:30:00Z"
    assert found["belvolgorde"][0] == {
        "naam": "Ada Eerste",
        "piketpost": "Walcheren huur",
        "positie": 1,
        "trap": "eigen_regio",
        "tot": "2026-11-18T14:30:00Z",
        "belSeconden": 20,
    }
    assert [one["naam"] for one in found["belvolgorde"]] == ["Ada Eerste", "Bea Tweede"]


def test_says_the_same_as_the_router(world: World, worker: Api) -> None:
    roster_services.pause(person_id=world.first.pk, minutes=30, source="page")
    found = worker.get("/van-dienst", HERE).json()
    same = who_would_ring("huur", "walcheren")
    assert [one["naam"] for one in found["belvolgorde"]] == [one.name for one in same.ring] == ["Bea Tweede"]
    assert found["overgeslagen"] == [
        {"naam": one.name, "piketpost": one.desk, "reden": one.reason} for one in same.skipped
    ]
    assert found["overgeslagen"][0]["naam"] == "Ada Eerste"


def test_everybody_with_a_token_may_look(world: World) -> None:
    for person in (world.first, world.coordinator, make.a_stranger()):
        assert Api(person).get("/van-dienst", HERE).status_code == 200


def test_looks_at_the_moment_that_was_asked(worker: Api) -> None:
    asked = {
        "2026-11-18T11:00:00Z": "2026-11-18T11:00:00Z",
        "2026-11-18T12:00:00+01:00": "2026-11-18T11:00:00Z",
        "2026-11-18T12:00": "2026-11-18T11:00:00Z",
        "2027-03-28T01:30:00Z": "2027-03-28T01:30:00Z",
        "2026-10-25T00:30:00Z": "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z": "2026-10-25T01:30:00Z",
    }
    told = {moment: worker.get("/van-dienst", {**HERE, "moment": moment}).json()["moment"] for moment in asked}
    assert told == asked


def test_another_moment_has_other_people_and_a_closed_line(worker: Api) -> None:
    found = worker.get("/van-dienst", {**HERE, "moment": "2026-11-18T20:00"}).json()
    assert found["belvolgorde"] == []
    assert (found["lijn"]["open"], found["lijn"]["opentOp"]) == (False, "2026-11-19T08:00:00Z")


def test_a_moment_that_cannot_be_is_a_fault(worker: Api) -> None:
    far = ("2029-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-10:00")
    for moment in ("gisteren", "2026-13-01", "", *far):
        answer = worker.get("/van-dienst", {**HERE, "moment": moment})
        assert (answer.status_code, list(faults(answer))) == (400, ["moment"]), moment


def test_all_faults_of_a_question_are_told_at_once(worker: Api) -> None:
    answer = worker.get("/van-dienst", {"rechtsgebied": "vis", "moment": "ooit", "extra": "1"})
    assert list(faults(answer)) == ["rechtsgebied", "regio", "moment", "extra"]


def test_an_area_that_belongs_elsewhere_says_where(worker: Api) -> None:
    found = worker.get("/van-dienst", {**HERE, "rechtsgebied": "straf-zorgdwang"}).json()
    assert "Centrale Piketafdeling" in found["verwijzing"]
    assert (found["lijn"], found["belvolgorde"]) == (None, [])


def test_a_look_costs_three_statements(worker: Api, django_assert_num_queries: Any) -> None:
    worker.get("/van-dienst", HERE)
    with django_assert_num_queries(3):  # the token, who is on duty, what they do now
        worker.get("/van-dienst", HERE)


def test_a_look_after_a_minute_also_writes_that_the_token_was_used(
    worker: Api, django_assert_max_num_queries: Any
) -> None:
    worker.get("/van-dienst", HERE)
    clock.forward(timedelta(seconds=61))
    with django_assert_max_num_queries(12):  # and the set-up, read anew
        assert worker.get("/van-dienst", HERE).status_code == 200
