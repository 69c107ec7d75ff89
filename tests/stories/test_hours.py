"""A month from evidence: real calls on the fake network end as hours that a coordinator agrees to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.test import Client
from django.urls import reverse

from hotline import figures
from hotline.models import Statement
from hotline.statements import queries
from integrations import clock
from rosters import services as roster_services
from rosters.models import Duty
from tests import builders
from tests.stories.conftest import Scene
from tests.stories.ending import over
from tests.stories.moves import asks, takes


def test_two_calls_and_a_sick_report_become_a_month_that_is_agreed_to(two_lawyers: Scene) -> None:
    bos = two_lawyers.people["bos"]
    day = clock.now()
    for _call in range(2):
        asks(two_lawyers)
        takes(two_lawyers, "bos")
        two_lawyers.network.forward(90)
        two_lawyers.phone("bos").hangs_up()
        over(two_lawyers)
        two_lawyers.network.forward(300)
    duty = Duty.objects.get(person=bos)
    roster_services.cancel_duty(duty_id=duty.pk, why=Duty.Ended.SICK)
    until = clock.now()
    assert until < duty.ends_at
    coordinator = builders.a_coordinator()
    clock.forward(datetime(day.year, 12, 3, tzinfo=UTC) - clock.now())
    november = {"maand": f"{day:%Y-%m}"}
    sheet = queries.sheet(bos.pk, day.date())
    worked = int((until - duty.starts_at) / timedelta(minutes=1))
    assert [(line.minutes, line.calls) for line in sheet.lines] == [(worked, 2)]
    assert 3 <= sheet.totals.call_minutes <= 5
    calls = figures.calls_of([bos.pk], day - timedelta(days=1), clock.now())[bos.pk]
    assert (calls.offered, calls.taken) == (2, 2)
    lawyer, chief = Client(), Client()
    lawyer.force_login(bos)
    chief.force_login(coordinator)
    lawyer.post(reverse("hours_submit"), {**november, "seen": sheet.seen})
    made = Statement.objects.get()
    chief.post(reverse("statement_agree", args=[made.pk]), {**november, "seen": made.lines_hash})
    made.refresh_from_db()
    assert (made.state, made.agreed_by) == ("agreed", coordinator)
    assert made.lines[0]["minutes"] == worked
