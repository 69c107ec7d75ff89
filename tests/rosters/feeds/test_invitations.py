"""Duties by mail as invitations, and the answers that calendar programs send back."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import OperationalError
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from config import environment
from integrations import clock, housekeeping, outbox
from integrations.calendars.faults import CalendarFault
from integrations.calendars.replies import MOST_BYTES, read_reply
from integrations.models import OutboxMessage
from rosters import services
from rosters.models import CoverRequest, Duty
from rosters.services import feeds
from rosters.services.invitations import receive
from tests import builders
from tests.rosters.feeds.conftest import Town

pytestmark = pytest.mark.django_db
BOX = "piket@example.nl"


@pytest.fixture
def chosen(town: Town, settings: Settings) -> Town:
    """The lawyer chose invitations; answers are read."""
    settings.MAIL_REPLIES = BOX
    feeds.set_feed_invitations(feed_id=town.feed.pk, holder_id=town.lawyer.pk, wanted=True)
    return town


def invitations() -> list[OutboxMessage]:
    return [one for one in OutboxMessage.objects.order_by("pk") if "calendar" in one.payload]


def event_of(message: OutboxMessage) -> Any:
    (event,) = icalendar.Calendar.from_ical(message.payload["calendar"]["text"]).walk("VEVENT")
    return event


def test_nobody_is_mailed_who_did_not_choose_so(town: Town) -> None:
    services.cancel_duty(duty_id=builders.a_duty(town.desk, town.lawyer, starts=48).pk)
    assert invitations() == []


def test_a_new_duty_is_mailed_with_the_uid_of_the_feed(chosen: Town) -> None:
    duty = builders.a_duty(chosen.desk, chosen.lawyer, starts=48)
    (message,) = invitations()
    event = event_of(message)
    assert message.to == chosen.lawyer.email
    assert message.subject == "Dienst vr 20 nov 10:30-14:30 u, Huurrecht Walcheren"
    assert message.payload["calendar"]["method"] == "REQUEST"
    assert (str(event["UID"]), event["SEQUENCE"]) == (f"dienst-{duty.pk}@127.0.0.1", 0)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (duty.starts_at, duty.ends_at)
    assert str(event["ATTENDEE"]) == f"mailto:{chosen.lawyer.email}"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert str(event["ORGANIZER"]).startswith("mailto:piket+")


def test_without_a_box_for_answers_none_is_asked(chosen: Town, settings: Settings) -> None:
    settings.MAIL_REPLIES = ""
    builders.a_duty(chosen.desk, chosen.lawyer, starts=48)
    event = event_of(invitations()[0])
    assert str(event["ORGANIZER"]) == "mailto:piketlijn@example.nl"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"


def test_it_waits_as_long_as_a_roster_can_be_taken_back_unless_the_duty_is_near(chosen: Town) -> None:
    builders.a_duty(chosen.desk, chosen.lawyer, starts=48)
    builders.a_duty(chosen.desk, chosen.lawyer, starts=3)
    far, near = invitations()
    assert far.not_before == clock.now() + timedelta(minutes=10)
    assert near.not_before == clock.now()


def test_a_duty_that_leaves_before_its_invitation_went_out_is_never_mailed(chosen: Town) -> None:
    duty = builders.a_duty(chosen.desk, chosen.lawyer, starts=48)
    services.cancel_duty(duty_id=duty.pk)
    assert [message.state for message in invitations()] == ["cancelled"]


@pytest.mark.django_db(transaction=True)
def test_a_duty_that_leaves_later_is_cancelled_by_mail(chosen: Town, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    duty = builders.a_duty(chosen.desk, chosen.lawyer, starts=48)
    clock.forward(timedelta(minutes=11))
    outbox.deliver_due()
    services.cancel_duty(duty_id=duty.pk)
    outbox.deliver_due()

    request, off = mail.outbox
    parts = [part for part in request.message().walk() if part.get_content_type() == "text/calendar"]
    assert parts[0].get_param("method") == "REQUEST"
    assert parts[0].get_content_charset() == "utf-8"
    assert request.reply_to == [str(event_of(invitations()[0])["ORGANIZER"]).removeprefix("mailto:")]
    assert "staat in je rooster" in request.body
    assert off.subject.startswith("Vervallen: dienst vr 20 nov")
    event = event_of(invitations()[1])
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    assert invitations()[1].payload["calendar"]["method"] == "CANCEL"
    assert event["UID"] == event_of(invitations()[0])["UID"]
    clock.forward(timedelta(hours=25))
    housekeeping.tidy()
    assert invitations() == []  # no tag stays behind that could answer


def test_a_duty_from_before_the_choice_or_of_the_past_is_not_mailed(town: Town) -> None:
    before = builders.a_duty(town.desk, town.lawyer, starts=48)
    clock.forward(timedelta(minutes=1))
    feeds.set_feed_invitations(feed_id=town.feed.pk, holder_id=town.lawyer.pk, wanted=True)
    services.cancel_duty(duty_id=before.pk)
    builders.a_duty(town.desk, town.lawyer, starts=-10)
    assert invitations() == []


# --- Answers ----------------------------------------------------------------------------------------------------------
Answer = Callable[..., bytes]


@pytest.fixture
def answer(chosen: Town) -> Answer:
    """A mail as a calendar program sends it: the event comes back with UID, organizer and one attendee."""
    duty = builders.a_duty(chosen.desk, chosen.lawyer, starts=48)
    asked = event_of(invitations()[0])

    def made(status: str, *, sender: str = "", attendee: str = "", uid: str = "", organizer: str = "") -> bytes:
        calendar, event = icalendar.Calendar(), icalendar.Event()
        calendar.add("prodid", "-//Some program//EN")
        calendar.add("version", "2.0")
        calendar.add("method", "REPLY")
        event.add("uid", uid or f"dienst-{duty.pk}@127.0.0.1")
        event.add("dtstamp", clock.now())
        event.add("organizer", organizer or str(asked["ORGANIZER"]))
        whom = icalendar.vCalAddress(f"MAILTO:{attendee or chosen.lawyer.email}")
        whom.params["PARTSTAT"] = status
        event.add("attendee", whom)
        calendar.add_component(event)
        message = EmailMessage()
        message["From"] = sender or f"Sanne <{chosen.lawyer.email.upper()}>"
        message["To"] = BOX
        message["Subject"] = f"{status}: dienst"
        message.set_content("Antwoord")
        message.add_alternative(calendar.to_ical().decode(), subtype="calendar", params={"method": "REPLY"})
        return bytes(message)

    return made


def test_a_yes_confirms_the_duty(chosen: Town, answer: Answer) -> None:
    assert receive(answer("ACCEPTED")).outcome == "accepted"
    duty = Duty.objects.get()
    assert (duty.confirmed_at, duty.confirmed_how) == (clock.now(), "mail")


def test_a_no_looks_for_somebody_else_once_and_the_duty_stays_his_until_then(chosen: Town, answer: Answer) -> None:
    assert receive(answer("DECLINED")).outcome == "declined"
    assert receive(answer("DECLINED")).outcome == "declined"
    request = CoverRequest.objects.get()
    duty = Duty.objects.get()
    assert (request.kind, request.state, request.duty_id) == ("give", "open", duty.pk)
    assert duty.cancelled_at is None


def test_neither_yes_nor_no_changes_anything(chosen: Town, answer: Answer) -> None:
    assert receive(answer("TENTATIVE")).why == "undecided"
    assert Duty.objects.get().confirmed_at is None


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"sender": "iemand@example.nl"}, "stranger"),
        ({"attendee": "iemand@example.nl"}, "stranger"),
        ({"organizer": f"mailto:{BOX}"}, "stranger"),
        ({"organizer": "mailto:piket+aaaaaaaaaaaaaaaa@example.nl"}, "stranger"),
        ({"uid": "dienst-999999@127.0.0.1"}, "unknown"),
        ({"uid": "dienst-1@elders.example.nl"}, "unknown"),
        ({"uid": "iets anders"}, "unknown"),
    ],
)
def test_a_forged_answer_does_nothing(chosen: Town, answer: Answer, fields: dict[str, str], why: str) -> None:
    assert receive(answer("DECLINED", **fields)).why == why
    assert CoverRequest.objects.count() == 0


def test_two_senders_are_none(chosen: Town, answer: Answer) -> None:
    raw = answer("DECLINED", sender=f"{chosen.lawyer.email}, iemand@example.nl")
    assert receive(raw).why == "stranger"


def test_the_tag_of_one_duty_does_not_answer_for_another(chosen: Town, answer: Answer) -> None:
    other = builders.a_duty(chosen.desk, chosen.lawyer, starts=72)
    assert receive(answer("DECLINED", uid=f"dienst-{other.pk}@127.0.0.1")).why == "stranger"


def test_an_answer_about_a_duty_that_is_over_or_gone_does_nothing(chosen: Town, answer: Answer) -> None:
    no = answer("DECLINED")
    services.cancel_duty(duty_id=Duty.objects.get().pk)
    assert receive(no).why == "over"


def test_whoever_left_does_not_answer_any_more(chosen: Town, answer: Answer) -> None:
    no = answer("DECLINED")
    chosen.lawyer.is_active = False
    chosen.lawyer.save()
    assert receive(no).why == "stranger"


def test_a_mail_that_is_no_answer_is_left_alone_and_a_huge_one_is_not_read(chosen: Town) -> None:
    plain = EmailMessage()
    plain["From"] = chosen.lawyer.email
    plain.set_content("Ik ben er volgende week niet.")
    assert receive(bytes(plain)).why == "no_reply"
    assert receive(b"x" * (MOST_BYTES + 1)).why == "too_big"


@given(st.binary(max_size=400), st.integers(0, 2000), st.integers(0, 50))
def test_no_bytes_break_the_reader(noise: bytes, place: int, cut: int) -> None:
    whole = (
        b"From: a@example.nl\r\nContent-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n"
        b"BEGIN:VEVENT\r\nUID:dienst-1@127.0.0.1\r\nDTSTART:20261101T090000Z\r\nORGANIZER:mailto:piket+a@example.nl\r\n"
        b"ATTENDEE;PARTSTAT=DECLINED:mailto:a@example.nl\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    place = min(place, len(whole))
    with suppress(CalendarFault):
        assert read_reply(whole[:place] + noise + whole[place + cut :]).uid


def piped(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> str:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    said = io.StringIO()
    call_command("receive_mail", stdout=said)
    return said.getvalue().strip()


def test_the_mail_server_pipes_a_mail_and_hears_what_came_of_it(
    chosen: Town, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert piped(monkeypatch, answer("DECLINED")) == f"declined dienst {Duty.objects.get().pk}"
    assert piped(monkeypatch, b"\xff\x00 spam") == "ignored (no_reply)"


def test_the_mail_server_keeps_the_mail_while_the_database_is_away(
    answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.management import CommandError
    from django.db import connection

    def away(*_arguments: Any) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(away), pytest.raises(CommandError) as ended:
        piped(monkeypatch, answer("ACCEPTED"))
    assert ended.value.returncode == 75


@pytest.mark.parametrize("box", ["piket+dienst@example.nl", "piket", "Piket <piket@example.nl>", "a@b@c"])
def test_a_box_for_answers_that_cannot_be_stops_the_boot(monkeypatch: pytest.MonkeyPatch, box: str) -> None:
    monkeypatch.setenv("MAIL_REPLIES", box)
    with pytest.raises(ImproperlyConfigured, match="MAIL_REPLIES"):
        environment.mail_address("MAIL_REPLIES")
    monkeypatch.setenv("MAIL_REPLIES", BOX)
    assert environment.mail_address("MAIL_REPLIES") == BOX
