"""What leaves the building: rows first, once by key, most urgent first, retried, given up, reported."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail as mailbox
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from integrations import clock, housekeeping, outbox, wake
from integrations.models import Due, Link, OutboxMessage
from integrations.outbox import LinkFor, deliver_due, enqueue, place_call, sms
from tests.integrations.vendor import lost_answer, not_reached, vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten_thirty")]
WORKER, LAWYER = "+31600000002", "+31600000001"


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def a_call(**changes: Any) -> OutboxMessage:
    fields: dict[str, Any] = {
        "url": "https://p/twilio/l/c4-1/offer",
        "status_url": "https://p/twilio/l/c4/status",
        "caller_id": "+31850000000",
        "ring_seconds": 20,
        "key": "callback:1:1",
    }
    return place_call(LAWYER, **{**fields, **changes})


def the_message() -> OutboxMessage:
    return OutboxMessage.objects.get()


def due_now() -> list[tuple[str, str]]:
    return list(Due.objects.filter(done_at=None, due_at__lte=clock.now()).values_list("kind", "key"))


# --- Writing ------------------------------------------------------------------------------------------------------
def test_writes_any_number_of_messages_in_one_statement() -> None:
    messages = [sms(WORKER, f"tekst {number}", key=f"k{number}") for number in range(4)]
    with CaptureQueriesContext(connection) as queries:
        enqueue(*messages, a_call())
        enqueue()
    assert len(queries) == 1
    assert OutboxMessage.objects.count() == 5


def test_the_statement_writes_what_the_orm_would() -> None:
    at = clock.now()
    link = LinkFor(7, "accept", "offer:1", "c")
    fields: dict[str, Any] = {"about": "offer:1", "link": link, "not_before": at + seconds(5), "expires": at}
    enqueue(sms(WORKER, "a {link} é €", key="one", report="told", priority=3, **fields))
    message = sms(WORKER, "a {link} é €", key="two", report="told", priority=3, **fields)
    message.save()
    names = {field.attname for field in OutboxMessage._meta.concrete_fields} - {"id", "dedupe_key"}
    one, two = OutboxMessage.objects.order_by("dedupe_key").values(*names)
    assert one == two
    assert one["payload"]["expires"] == at.isoformat()


def test_a_second_message_with_the_same_key_is_ignored() -> None:
    enqueue(sms(WORKER, "eerste", key="k"))
    enqueue(sms(WORKER, "tweede", key="k"), sms(WORKER, "andere", key="l"))
    with vendor() as phone:
        assert deliver_due() == 2
    assert phone.texts() == ["eerste", "andere"]


def test_nothing_is_written_when_the_cause_is_rolled_back() -> None:
    with transaction.atomic():
        enqueue(sms(WORKER, "tekst", key="k"))
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


def test_wakes_the_sender_when_the_cause_is_committed(django_capture_on_commit_callbacks: Any) -> None:
    wake.wait(0)
    with django_capture_on_commit_callbacks(execute=True):
        enqueue(sms(WORKER, "tekst", key="k"))
        assert not wake.wait(0)
    assert wake.wait(0)
    assert not wake.wait(0)


# --- Sending ------------------------------------------------------------------------------------------------------
def test_sends_the_most_urgent_first() -> None:
    enqueue(outbox.mail("p@example.nl", "Vraag", "tekst", key="mail"))
    enqueue(sms(WORKER, "tweede", key="sms"), a_call(), outbox.end_call("CA9", key="end"))
    with vendor() as phone:
        assert deliver_due() == 4
    assert [uri for uri, _ in phone.asked] == ["Calls.json", "CA9.json", "Messages.json"]
    assert [message.subject for message in mailbox.outbox] == ["Vraag"]
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"sent"}


def test_sends_each_message_once_and_keeps_the_vendors_id() -> None:
    enqueue(sms(WORKER, "tekst", key="k"))
    with vendor() as phone:
        assert (deliver_due(), deliver_due()) == (1, 0)
    assert len(phone.asked) == 1
    message = the_message()
    assert (message.state, message.vendor_id, message.ended_at) == ("sent", "SID1", clock.now())


def test_each_kind_asks_the_vendor_what_it_should() -> None:
    enqueue(a_call(), outbox.redirect_call("CA1", url="https://p/x", key="r"), outbox.end_call("CA2", key="e"))
    with vendor() as phone:
        deliver_due()
    call, redirect, end = phone.asked
    assert call[1]["Url"] == "https://p/twilio/l/c4-1/offer"
    assert (call[1]["To"], call[1]["From"], call[1]["Timeout"]) == (LAWYER, "+31850000000", 20)
    assert redirect == ("CA1.json", {"Url": "https://p/x", "Method": "POST"})
    assert end == ("CA2.json", {"Status": "completed"})


def test_waits_until_its_moment_and_is_not_sent_after_its_last() -> None:
    at = clock.now()
    enqueue(sms(WORKER, "later", key="later", not_before=at + seconds(60)))
    enqueue(sms(WORKER, "bij het bellen", key="ring", expires=at + seconds(90), report="told"))
    enqueue(sms(WORKER, "te laat", key="late", expires=at, report="told"))
    with vendor() as phone:
        assert deliver_due() == 2
        assert phone.texts() == ["bij het bellen"]
        clock.forward(seconds(60))
        deliver_due()
    assert phone.texts() == ["bij het bellen", "later"]
    late = OutboxMessage.objects.get(dedupe_key="late")
    assert (late.state, late.error) == ("cancelled", "too late")
    assert sorted(kind for kind, _ in due_now()) == ["told", "told"]


def test_what_is_taken_back_in_time_is_not_sent() -> None:
    enqueue(sms(WORKER, "a", key="a"), sms(WORKER, "b", key="b"))
    with vendor() as phone:
        assert outbox.cancel(["a", "unknown"]) == 1
        deliver_due()
        assert outbox.cancel(["a", "b"]) == 0
    assert phone.texts() == ["b"]


def test_stops_after_its_share_of_time_and_its_share_of_messages() -> None:
    enqueue(*[sms(WORKER, "tekst", key=f"k{number}") for number in range(5)])
    with vendor():
        assert deliver_due(limit=2) == 2
        assert deliver_due(seconds=0) == 1
        assert deliver_due() == 2


@pytest.mark.django_db
def test_sends_nothing_inside_a_transaction() -> None:
    enqueue(sms(WORKER, "tekst", key="k"))
    with vendor() as phone, transaction.atomic(), pytest.raises(RuntimeError):
        deliver_due()
    assert (phone.asked, the_message().state) == ([], "waiting")


# --- Links --------------------------------------------------------------------------------------------------------
def test_makes_the_link_when_the_text_goes_out(settings: Settings) -> None:
    settings.SHORT_URL = "https://pk.nl"
    enqueue(sms(LAWYER, "Neem aan: {link} tot {uur}", key="k", link=LinkFor(7, "accept", "offer:1", "c", hours=1)))
    assert not Link.objects.exists()
    with vendor() as phone:
        deliver_due()
    [text] = phone.texts()
    assert text.startswith("Neem aan: https://pk.nl/c/")
    assert text.endswith(" tot {uur}")
    link = Link.objects.get()
    assert (link.whom, link.action, link.about) == (7, "accept", "offer:1")
    assert link.expires_at == clock.now() + timedelta(hours=1)
    assert text[26:36] not in str(OutboxMessage.objects.values())


def test_a_text_too_long_for_one_message_is_sent_and_noted_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    enqueue(sms(WORKER, "geheim " * 23, key="long"), sms(WORKER, "kort", key="short"))
    with vendor() as phone:
        deliver_due()
    assert len(phone.texts()) == 2
    [warning] = caplog.messages
    assert "161 places" in warning
    assert "geheim" not in caplog.text


# --- Failing ------------------------------------------------------------------------------------------------------
def test_tries_again_after_5_15_and_45_seconds_then_after_minutes() -> None:
    enqueue(sms(WORKER, "tekst", key="k"))
    with vendor(500, 429, not_reached(), lost_answer(), 201) as phone:
        for attempt, wait in enumerate((5, 15, 45, 120), start=1):
            assert deliver_due() == 1
            message = the_message()
            assert (message.attempts, message.state) == (attempt, "waiting")
            assert message.not_before == clock.now() + seconds(wait)
            clock.forward(seconds(wait - 1))
            assert deliver_due() == 0
            clock.forward(seconds(1))
        deliver_due()
    assert len(phone.asked) == 5
    assert the_message().state == "sent"
    assert due_now() == []


def test_a_refusal_ends_it_at_once_and_raises_the_alarm() -> None:
    enqueue(sms(WORKER, "tekst", key="k", about="consultation:3"))
    with vendor(400):
        deliver_due()
        assert deliver_due() == 0
    message = the_message()
    assert (message.state, message.error) == ("failed", "HTTP 400, code 21211")
    assert due_now() == [("delivery_failed", f"delivery_failed:{message.pk}")]
    result = outbox.result_of(f"delivery_failed:{message.pk}")
    assert result is not None
    assert (result.state, result.about, result.to, result.kind) == ("failed", "consultation:3", WORKER, "sms")
    assert outbox.result_of("delivery_failed:999999") is None


@pytest.mark.parametrize(("kind", "attempts"), [("sms", 8), ("call", 4), ("mail", 12)])
def test_gives_up_after_a_bounded_number_of_attempts(kind: str, attempts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    messages = {
        "sms": sms(WORKER, "tekst", key="k"),
        "call": a_call(),
        "mail": outbox.mail("p@example.nl", "Vraag", "tekst", key="k"),
    }
    enqueue(messages[kind])
    monkeypatch.setattr(EmailBackend, "send_messages", _raise(ConnectionRefusedError()))
    with vendor(*[503] * 20):
        for _ in range(20):
            deliver_due()
            clock.forward(timedelta(hours=1))
    message = the_message()
    assert (message.state, message.attempts) == ("failed", attempts)
    assert [kind for kind, _ in due_now()] == ["delivery_failed"]


def test_an_alarm_that_fails_raises_no_alarm() -> None:
    enqueue(sms(WORKER, "tekst", key="k", about="alarm:3"))
    with vendor(400):
        deliver_due()
    assert the_message().state == "failed"
    assert due_now() == []


def test_one_message_that_breaks_does_not_stop_the_others() -> None:
    enqueue(sms(WORKER, "stuk", key="broken"), sms(WORKER, "heel", key="whole"))
    OutboxMessage.objects.filter(dedupe_key="broken").update(payload={"link": {"nonsense": 1}})
    with vendor() as phone:
        assert deliver_due() == 2
    assert phone.texts() == ["heel"]
    assert OutboxMessage.objects.get(dedupe_key="broken").error == "TypeError"


# --- Placing a call -----------------------------------------------------------------------------------------------
def test_a_call_whose_answer_got_lost_is_unknown_and_never_placed_again() -> None:
    enqueue(a_call(report="call_placed"))
    with vendor(lost_answer()) as phone:
        deliver_due()
        clock.forward(timedelta(hours=1))
        deliver_due()
    message = the_message()
    assert (len(phone.asked), message.state) == (1, "unknown")
    assert due_now() == [("call_placed", f"call_placed:{message.pk}")]


def test_a_call_that_was_being_placed_when_the_process_died_is_unknown() -> None:
    enqueue(a_call(), sms(WORKER, "tekst", key="k"))
    OutboxMessage.objects.update(lease_until=clock.now() + seconds(60), attempts=1)
    with vendor() as phone:
        assert deliver_due() == 0
        clock.forward(seconds(60))
        assert deliver_due() == 2
    assert phone.texts() == ["tekst"]
    assert len(phone.asked) == 1
    assert OutboxMessage.objects.get(kind="call").state == "unknown"
    assert [kind for kind, _ in due_now()] == ["delivery_failed"]


def test_a_call_that_did_not_reach_the_vendor_is_placed_again() -> None:
    enqueue(a_call(report="call_placed"))
    with vendor(not_reached(), 503, 201) as phone:
        for wait in (5, 15, 45):
            deliver_due()
            clock.forward(seconds(wait))
    message = the_message()
    assert (len(phone.asked), message.state, message.vendor_id) == (3, "sent", "SID3")
    assert due_now() == [("call_placed", f"call_placed:{message.pk}")]


def test_the_report_of_a_refused_call_and_the_alarm_are_both_filed() -> None:
    enqueue(a_call(report="call_placed"))
    with vendor(404):
        deliver_due()
    assert sorted(kind for kind, _ in due_now()) == ["call_placed", "delivery_failed"]


# --- Mail ---------------------------------------------------------------------------------------------------------
def _raise(error: Exception) -> Any:
    def send_messages(self: Any, messages: Any) -> int:
        raise error

    return send_messages


def test_a_mail_is_plain_from_us_and_the_same_mail_twice_has_the_same_id() -> None:
    for _ in range(2):
        OutboxMessage.objects.all().delete()
        enqueue(outbox.mail("p@example.nl", "Vraag", "Open {link}", key="k", link=LinkFor(7, "read", "c:1", "c")))
        deliver_due()
    first, second = mailbox.outbox
    assert first.to == ["p@example.nl"]
    assert "/c/" in first.body
    assert first.body != second.body
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.extra_headers["Auto-Submitted"] == "auto-generated"


REFUSALS: dict[str, tuple[Exception, str]] = {
    "unknown recipient": (smtplib.SMTPRecipientsRefused({"p@example.nl": (550, b"no such user")}), "failed"),
    "full mailbox": (smtplib.SMTPRecipientsRefused({"p@example.nl": (452, b"full")}), "waiting"),
    "refused content": (smtplib.SMTPDataError(554, b"spam"), "failed"),
    "try later": (smtplib.SMTPDataError(451, b"greylisted"), "waiting"),
    "wrong password": (smtplib.SMTPAuthenticationError(535, b"no"), "waiting"),
    "hung up": (smtplib.SMTPServerDisconnected("bye"), "waiting"),
    "no server": (ConnectionRefusedError(), "waiting"),
    "silence": (TimeoutError(), "waiting"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_mail_servers_no_is_final_only_when_it_says_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    error, state = REFUSALS[name]
    monkeypatch.setattr(EmailBackend, "send_messages", _raise(error))
    enqueue(outbox.mail("p@example.nl", "Vraag", "tekst", key="k"))
    deliver_due()
    message = the_message()
    assert message.state == state
    assert "example.nl" not in message.error


def test_a_subject_of_two_lines_is_refused_for_good() -> None:
    enqueue(outbox.mail("p@example.nl", "Vraag\nBcc: x@example.nl", "tekst", key="k"))
    deliver_due()
    assert (the_message().state, mailbox.outbox) == ("failed", [])


def test_a_mail_server_that_does_not_answer_is_left_alone_for_half_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EmailBackend, "send_messages", _raise(TimeoutError()))
    enqueue(*[outbox.mail("p@example.nl", "Vraag", "tekst", key=f"k{number}") for number in range(3)])
    assert deliver_due() == 1
    monkeypatch.undo()
    clock.forward(seconds(30))
    assert deliver_due() == 3
    assert len(mailbox.outbox) == 3


# --- Keeping ------------------------------------------------------------------------------------------------------
def test_the_words_of_a_message_are_forgotten_after_a_day(at_ten_thirty: datetime) -> None:
    enqueue(sms(WORKER, "woorden", key="sent"), sms(WORKER, "woorden", key="waiting"))
    OutboxMessage.objects.filter(dedupe_key="waiting").update(not_before=at_ten_thirty + timedelta(days=9))
    with vendor():
        deliver_due()
    clock.forward(timedelta(hours=23))
    housekeeping.tidy()
    assert set(OutboxMessage.objects.values_list("body", flat=True)) == {"woorden"}
    clock.forward(timedelta(hours=2))
    assert housekeeping.tidy() == 1
    assert housekeeping.tidy() == 0
    bodies = dict(OutboxMessage.objects.values_list("dedupe_key", "body"))
    assert bodies == {"sent": "", "waiting": "woorden"}
