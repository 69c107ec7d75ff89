"""`manage.py load_demo` into a database of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError

from directory import queries as directory
from hotline.models import Consultation
from tests import builders
from tests.hotline.demo.loading import load_demo, reachable

pytestmark = pytest.mark.django_db


def test_a_database_with_people_it_did_not_make_stays_as_it_is() -> None:
    builders.a_worker("Wim")
    with pytest.raises(CommandError, match="did not make"):
        load_demo()
    assert not directory.has_demo_people()


@pytest.mark.slow
def test_the_pilot_has_its_557_questions_in_nine_months(at_ten_thirty: datetime) -> None:
    people = load_demo("pilot")
    assert len(people["workers"]) + len(people["lawyers"]) == 175
    asked = Consultation.objects.order_by("created_at").values_list("created_at", flat=True)
    assert len(asked) == 557
    assert at_ten_thirty - timedelta(days=275) < asked[0] < at_ten_thirty - timedelta(days=240)
    assert len({*Consultation.objects.values_list("region", flat=True)}) == 5
    assert len(set(reachable(at_ten_thirty, people))) >= 6
