"""A dry run of a call: the same order as the router, on a page, in JSON and at the prompt."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from pytest_django import Settings

from directory.errors import NotKnown
from hotline.facts import gather, policy_of
from hotline.models import Consultation, Offer
from hotline.queries import reason_text, who_would_ring
from integrations import clock
from rosters import queries as rosters
from rosters import services as roster_services
from routing.core.decide import Reason, Ring, decide
from tests.builders import a_desk, a_duty, a_lawyer, a_line, an_all_hours_line, area_id, region_id

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def walcheren(at_ten_thirty: datetime) -> Any:
    """Example 1 of call-flow 5.2."""
    line = an_all_hours_line("Piketlijn")
    own = a_desk(line, "Walcheren alle gebieden", areas="*")
    rotterdam = a_desk(line, "Rotterdam huur", regions=["AR08"])
    landelijk = a_desk(line, "Landelijk huur", regions=["landelijk"])
    places = [(own, "Adriaanse", 1), (rotterdam, "Bakker", 1), (rotterdam, "Çelik", 2)]
    for desk, name, position in [*places, (landelijk, "De Groot", 1), (landelijk, "Evers", 2)]:
        a_duty(desk, a_lawyer(name), position, starts=-1, hours=9)
    return line


def who(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("who", *arguments, "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return answer


def test_walcheren_is_rung_in_the_order_of_the_example(walcheren: Any) -> None:
    found = who("huur", "walcheren")

    assert [(one["name"], one["seconds"]) for one in found["ring"]] == [
        ("Adriaanse", 20),
        ("Bakker", 20),
        ("De Groot", 20),
        ("Çelik", 0),
        ("Evers", 0),
    ]
    assert set(found["ring"][0]) == {"name", "number", "desk", "position", "seconds"}
    assert (found["ring"][0]["desk"], found["ring"][0]["position"]) == ("Walcheren alle gebieden", 1)
    assert found["ring"][0]["number"].startswith("+316")
    assert found["skipped"] == []


def test_the_router_rings_the_first_of_the_list(walcheren: Any) -> None:
    now, line = clock.now(), rosters.line(walcheren.pk)
    facts = gather(
        line=line,
        area_id=area_id(),
        region_id=region_id(),
        lane="vandaag",
        at=now,
        cap_at=now + timedelta(seconds=90),
    )
    outcome = decide(facts, policy_of(line), now)

    assert isinstance(outcome, Ring)
    assert outcome.person.person_id == who_would_ring("huur", "walcheren").ring[0].person_id


def test_who_is_not_rung_is_named_with_the_reason_in_dutch(walcheren: Any) -> None:
    adriaanse = who_would_ring("huur", "walcheren").ring[0].person_id
    roster_services.pause(person_id=adriaanse, minutes=30, source="page")

    found = who("huur", "walcheren")

    assert [one["name"] for one in found["ring"]] == ["Bakker", "De Groot", "Çelik", "Evers"]
    assert found["skipped"] == [{"name": "Adriaanse", "reason": "heeft pauze"}]


@pytest.mark.parametrize("code", list(Reason))
def test_every_reason_has_its_dutch_words(code: Reason) -> None:
    with translation.override("en"):
        english = reason_text(code)

    assert english
    assert reason_text(code) != english


@pytest.mark.parametrize("moment", ["2026-11-18T17:30", "2026-11-18T17:30+01:00", "2026-11-18T16:30:00Z"])
def test_a_moment_is_read_with_and_without_a_zone(walcheren: Any, moment: str) -> None:
    assert len(who("huur", "walcheren", "--at", moment)["ring"]) == 5
    assert who("huur", "walcheren", "--at", "2026-11-18T18:30")["ring"] == []


def test_a_conversation_now_says_nothing_about_tomorrow(walcheren: Any) -> None:
    adriaanse = who_would_ring("huur", "walcheren").ring[0].person_id
    consultation = Consultation.objects.create(
        channel="phone",
        line_id=walcheren.pk,
        area_id=area_id(),
        region_id=region_id(),
        lane="vandaag",
        next_step="connect",
        next_owner_role="line",
        next_due_at=clock.now(),
    )
    Offer.objects.create(
        consultation=consultation, lawyer_id=adriaanse, channel="phone", state="taken", offered_at=clock.now()
    )

    assert who("huur", "walcheren")["skipped"] == [{"name": "Adriaanse", "reason": "in gesprek"}]
    later = who_would_ring("huur", "walcheren", clock.now() + timedelta(hours=2))
    assert later.ring[0].name == "Adriaanse"
    assert later.skipped == ()


@pytest.mark.parametrize(
    ("arguments", "valid"), [(("huren", "walcheren"), "schulden"), (("huur", "zeeland"), "walcheren")]
)
def test_an_unknown_area_or_region_exits_2_and_lists_the_valid_ones(
    walcheren: Any, arguments: tuple[str, str], valid: str
) -> None:
    with pytest.raises(CommandError) as wrong:
        call_command("who", *arguments)

    assert wrong.value.returncode == 2
    assert valid in str(wrong.value)
    with pytest.raises(NotKnown):
        who_would_ring(*arguments)


def test_a_moment_that_cannot_be_read_exits_2(walcheren: Any) -> None:
    with pytest.raises(CommandError) as wrong:
        call_command("who", "huur", "walcheren", "--at", "morgen")

    assert wrong.value.returncode == 2


def test_the_prompt_shows_the_same_in_words(walcheren: Any) -> None:
    out = StringIO()
    call_command("who", "huur", "AR11", stdout=out)

    assert "1. Bakker, +316" in out.getvalue()
    assert "Rotterdam huur (1), 20 s" in out.getvalue()


def test_a_region_code_may_be_written_small(walcheren: Any) -> None:
    assert who("huur", "ar11") == who("huur", "AR11")


def test_an_area_that_no_line_serves_rings_nobody(walcheren: Any) -> None:
    found = who_would_ring("straf-zorgdwang", "walcheren")

    assert (found.line, found.is_open, found.ring) == (None, False, ())
    out = StringIO()
    call_command("who", "straf-zorgdwang", "walcheren", stdout=out)
    assert "Geen lijn" in out.getvalue()


def test_the_first_line_is_asked_before_an_older_one(walcheren: Any, settings: Settings) -> None:
    first = a_line("Eerste lijn", number="+31850000000")
    settings.HOTLINE_NUMBER = first.number
    a_desk(first, "Eigen")

    found = who_would_ring("huur", "walcheren")

    assert found.line is not None
    assert found.line.name == "Eerste lijn"
    assert who_would_ring("huur", "walcheren", line=rosters.line(walcheren.pk)).ring


def test_a_closed_line_says_when_it_opens(walcheren: Any) -> None:
    office = a_line("Kantoor")
    a_desk(office, "Kantoor schulden", areas=["schulden"], regions=["nijmegen"])

    found = who_would_ring("schulden", "nijmegen", clock.now() + timedelta(hours=9))

    assert found.is_open is False
    assert found.opens_at is not None
    assert found.opens_at.isoformat() == "2026-11-19T08:00:00+00:00"
