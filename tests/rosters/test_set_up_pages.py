"""The set-up pages of lines, desks and patterns: through the services, and without duties."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from config.due import SERVICES
from integrations import clock, due
from rosters import queries, services
from rosters.models import Closure, Desk, Duty, Line, Norm, Pattern
from tests.builders import a_desk, a_lawyer, a_line, an_administrator, area_id, region_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten_thirty")]
OURS = [model for model in admin.site._registry if model._meta.app_label == "rosters"]


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(an_administrator())
    return client


def address(model: str, row: Any = None, do: str = "") -> str:
    return reverse(f"admin:rosters_{model}_{do or ('change' if row else 'add')}", args=[row.pk] if row else [])


def test_duties_and_pauses_are_not_set_up() -> None:
    assert {model._meta.model_name for model in OURS} == {"line", "closure", "desk", "norm", "pattern"}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_every_list_and_every_form_opens(administrator: Client, model: type[Any]) -> None:
    now = clock.now()
    desk, lawyer = a_desk(line := a_line()), a_lawyer()
    services.close_line(line_id=line.pk, starts_at=now, ends_at=now.replace(hour=20), reason="storing")
    services.set_norm(desk_id=desk.pk, depth=2)
    services.add_pattern(
        desk_id=desk.pk, person_id=lawyer.pk, weekdays="01", starts=540, minutes=240, valid_from=now.date()
    )
    name = model._meta.model_name
    assert name is not None

    assert administrator.get(reverse(f"admin:rosters_{name}_changelist")).status_code == 200
    assert administrator.get(address(name)).status_code == 200
    assert administrator.get(address(name, model.objects.get())).status_code == 200


LINE = {
    "number": "085 000 1234",
    "name": "Piketlijn",
    "direction": "up",
    "fallback_number": "",
    "closed_on_holidays": "on",
    "week": "ma-vr 09:00-17:00\nza 10:00-12:00",
    "stages": ["own", "country"],
    "cap_seconds": 90,
    "ring_seconds": 20,
    "notice": "",
    "is_active": "on",
}


def test_a_line_is_added_with_its_hours_and_changed(administrator: Client) -> None:
    assert administrator.post(address("line"), LINE).status_code == 302
    line = queries.line_by_number("+31850001234")
    assert line is not None
    assert line.stages == ("own", "country")
    assert line.hours.week[5] == ((600, 720),)

    row = Line.objects.get()
    page = administrator.get(address("line", row)).content.decode()
    assert "ma-vr 09:00-17:00\nza 10:00-12:00" in page
    changed = {**LINE, "week": "zo 00:00-24:00", "notice": "Het is druk.", "stages": ["own"]}
    assert administrator.post(address("line", row), changed).status_code == 302
    line = queries.line(row.pk)
    assert line.hours.week == ((), (), (), (), (), (), ((0, 1440),))
    assert (line.notice_at(clock.now()), line.stages) == ("Het is druk.", ("own",))


def test_hours_that_are_not_understood_are_named_and_nothing_is_written(administrator: Client) -> None:
    answer = administrator.post(address("line"), {**LINE, "week": "ma-vr kantoor"})

    assert "ma-vr kantoor" in answer.content.decode()
    assert answer.status_code == 200
    assert not Line.objects.exists()


def test_a_refusal_of_the_service_is_shown_and_nothing_is_written(administrator: Client) -> None:
    answer = administrator.post(address("line"), {**LINE, "week": "ma 09:00-12:00, 11:00-13:00"})

    assert "overlappen" in answer.content.decode()
    assert not Line.objects.exists()


def test_a_closure_remembers_who_made_it_and_is_taken_back(administrator: Client) -> None:
    line = a_line()
    typed = {"line": line.pk, "reason": "teamdag", "starts_at_0": "18-11-2026", "starts_at_1": "09:00"}
    typed |= {"ends_at_0": "18-11-2026", "ends_at_1": "12:00"}

    assert administrator.post(address("closure"), typed).status_code == 302
    closure = Closure.objects.get()
    assert closure.closed_by is not None
    assert not queries.is_open(queries.line(line.pk), clock.now())

    administrator.post(address("closure", closure, "delete"), {"post": "yes"})
    assert queries.is_open(queries.line(line.pk), clock.now())


def test_a_desk_and_its_norm_are_set(administrator: Client) -> None:
    line = a_line()
    typed = {
        "line": line.pk,
        "kind": "piket",
        "name": "Walcheren huur",
        "areas": [area_id("huur")],
        "regions": [region_id("walcheren")],
        "is_active": "on",
    }
    assert administrator.post(address("desk"), typed).status_code == 302
    desk = Desk.objects.get()
    assert queries.desks_for(line.pk, area_id("huur"), region_id("walcheren"))
    typed["areas"] = [area_id("schulden")]
    assert administrator.post(address("desk", desk), typed).status_code == 302
    assert not queries.desks_for(line.pk, area_id("huur"), region_id("walcheren"))

    for depth in (2, 1):
        assert administrator.post(address("norm"), {"desk": desk.pk, "dagdeel": "", "depth": depth}).status_code == 302
    assert Norm.objects.get().depth == 1


def test_a_pattern_is_in_force_within_seconds_and_can_be_ended(administrator: Client) -> None:
    desk, lawyer = a_desk(a_line()), a_lawyer()
    typed = {
        "desk": desk.pk,
        "person": lawyer.pk,
        "position": 1,
        "weekdays": ["2", "3"],
        "begins": "22:00",
        "ends": "06:00",
        "valid_from": "16-11-2026",
    }
    assert administrator.post(address("pattern"), typed).status_code == 200
    assert not Pattern.objects.exists(), "a night is outside opening hours: that needs a tick"
    typed["outside_hours"] = "on"
    assert administrator.post(address("pattern"), typed).status_code == 302
    pattern = Pattern.objects.get()
    assert (pattern.weekdays, pattern.starts, pattern.minutes) == ("23", 22 * 60, 8 * 60)

    due.run_due(SERVICES)
    assert Duty.objects.count() == 26
    assert "22:00-06:00" in administrator.get(reverse("admin:rosters_pattern_changelist")).content.decode()

    assert administrator.post(address("pattern", pattern), {"valid_until": "25-11-2026"}).status_code == 302
    pattern.refresh_from_db()
    assert pattern.valid_until is not None
    assert pattern.valid_until.isoformat() == "2026-11-25"


def test_nothing_but_a_closure_can_be_deleted(administrator: Client) -> None:
    desk = a_desk(a_line())

    assert administrator.post(address("desk", desk, "delete"), {"post": "yes"}).status_code == 403
    assert administrator.post(address("line", desk.line, "delete"), {"post": "yes"}).status_code == 403
