"""What somebody with bad intent, or a machine without any, could try."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from email.mime.multipart import MIMEMultipart
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from config.log_filter import WithoutKeys
from directory import services as directory
from directory.errors import NumberRefused
from directory.models import NumberCode
from hotline.errors import NotYours
from hotline.models import Ticket
from hotline.phone import replies
from hotline.statements import services as statements
from hotline.statements.queries import sheet
from integrations import clock
from integrations.calendars import fetch
from integrations.calendars.faults import CalendarFault
from integrations.calendars.replies import read_reply
from integrations.models import Link, OutboxMessage
from rosters.models import CoverAsk, Duty
from rosters.services import covering, sick
from tests import builders
from tests.stories.conftest import LINE

pytestmark = pytest.mark.django_db


def text(person: Any, body: str, serial: int = 1) -> None:
    number = person.numbers.get(is_primary=True).e164
    replies.receive({"MessageSid": f"SM{serial}", "From": number, "To": LINE, "Body": body})


def test_no_key_and_no_address_of_a_calendar_is_logged() -> None:
    line = logging.LogRecord("django.request", 30, "", 0, "%s: %s", ("Bad Request", "/k/abcdefghij"), None)
    assert WithoutKeys().filter(line)
    assert line.getMessage() == "Bad Request: /k/..."
    feed = logging.LogRecord("django.request", 30, "", 0, "Gone: /agenda/%s.ics", ("a" * 40,), None)
    WithoutKeys().filter(feed)
    assert feed.getMessage() == "Gone: /agenda/....ics"
    assert not logging.getLogger("urllib3.connection").isEnabledFor(logging.WARNING), fetch.__name__


def test_removing_a_number_does_not_give_new_codes(at_ten_thirty: datetime) -> None:
    """Otherwise one login texts any number that nobody holds yet, without end."""
    ada, sent = builders.a_lawyer("Ada"), 0
    for _ in range(10):
        number = directory.add_number(person_id=ada.pk, number=builders.a_number(), primary=False)
        try:
            directory.new_code(number_id=number.pk, person_id=ada.pk, via="sms")
            sent += 1
            directory.take_away(number_id=number.pk, person_id=ada.pk)
        except NumberRefused:
            continue  # the number stays for an hour, or five codes were enough
    assert sent == NumberCode.objects.count() == 5


def test_a_phone_that_answers_by_itself_is_answered_five_times_a_day(at_ten_thirty: datetime) -> None:
    ada = builders.a_lawyer("Ada")
    for serial in range(12):
        text(ada, "Ik rijd en bel je terug", serial)
    assert OutboxMessage.objects.filter(kind="sms", to=ada.numbers.get().e164).count() == 5
    assert Ticket.objects.filter(kind="unknown_text").count() == 1


def test_guessing_the_number_of_a_request_opens_nothing(at_ten_thirty: datetime) -> None:
    line = builders.an_all_hours_line(number=LINE)
    duty = builders.a_duty(builders.a_desk(line), builders.a_lawyer("Bos"), starts=48)
    request = covering.open_request(duty_id=duty.pk, kind="give", by=duty.person_id, ask=())
    stranger = builders.a_worker("Wim", region="zwolle")
    before = CoverAsk.objects.count()
    for serial, word in enumerate((f"NEE {request.number}", f"JA {request.number}")):
        text(stranger, word, serial)
    assert CoverAsk.objects.count() == before
    assert not Link.objects.exists()
    assert not OutboxMessage.objects.filter(to=stranger.numbers.get().e164, body__contains="{link}").exists()


def test_a_mail_of_parts_in_parts_is_unreadable_and_no_crash() -> None:
    mail = MIMEMultipart()
    raw = mail.as_bytes()
    for number in range(1500):
        raw = b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number) + raw
    with pytest.raises(CalendarFault):
        read_reply(raw)


def test_undoing_one_sick_call_leaves_another_as_it_is(at_ten_thirty: datetime) -> None:
    duty = builders.a_duty(builders.a_desk(builders.an_all_hours_line()), builders.a_lawyer("Bos"))
    who = duty.person_id
    first = sick.report_sick(person_id=who, by=who)
    second = sick.report_sick(person_id=who, by=who, until=clock.now() + timedelta(days=3))
    sick.undo_sick(absence_id=first.absence_id, by=who)
    in_force = Duty.objects.filter(person_id=who, cancelled_at__isnull=True, ends_at__gt=clock.now())
    assert not in_force.exists()
    sick.undo_sick(absence_id=second.absence_id, by=who)
    assert in_force.exists(), "well again: it is his"


def test_whoever_corrected_hours_does_not_agree_to_them(at_ten_thirty: datetime) -> None:
    lawyer, coordinator = builders.a_lawyer("Bos"), builders.a_coordinator("Coby")
    builders.a_duty(builders.a_desk(builders.an_all_hours_line()), lawyer, starts=-24 * 20)
    directory.assist(assistant_id=coordinator.pk, person_id=lawyer.pk)
    month = date(2026, 10, 1)
    statements.correct(
        actor_id=coordinator.pk, person_id=lawyer.pk, month=month, key="extra", minutes=600, text="Overleg"
    )
    seen = sheet(lawyer.pk, month).seen
    made = statements.submit(actor_id=lawyer.pk, person_id=lawyer.pk, month=month, seen=seen)
    with pytest.raises(NotYours):
        statements.agree(actor_id=coordinator.pk, statement_id=made.pk, seen=made.lines_hash)


@pytest.mark.parametrize("month", ["99999999999-01", "0001-01", "x-y", ""])
def test_a_month_that_cannot_be_is_this_month(at_ten_thirty: datetime, month: str) -> None:
    client = Client()
    client.force_login(builders.a_lawyer("Bos"))
    assert client.get(reverse("hours"), {"maand": month}).status_code == 200
