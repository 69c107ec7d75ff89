"""From evidence to agreement: what may be done with an urenstaat, by whom and when."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from directory.models import Assistance
from hotline.core.statement import EXTRA
from hotline.errors import FormRefused, NotNow, NotYours
from hotline.models import Statement
from hotline.statements import files, queries, services
from hotline.statements.evidence import lines_of
from integrations import clock
from rosters import ledger
from rosters.models import Duty
from tests import builders

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def people(at_ten_thirty: datetime) -> dict[str, Any]:
    return builders.personas()


@pytest.fixture
def desk(people: dict[str, Any]) -> Any:
    return builders.a_desk(builders.an_all_hours_line(), "Piket Walcheren")


@pytest.fixture
def duty(desk: Any, people: dict[str, Any]) -> Any:
    """Yesterday from 9:30 to 13:30, with one call of four minutes."""
    made = builders.a_duty(desk, people["lawyer"], starts=-25)
    clock.forward(timedelta(hours=-24))
    builders.an_offer(people["lawyer"], duty=made, seconds=200)
    clock.forward(timedelta(hours=24))
    return made


def in_december() -> None:
    clock.forward(datetime(2026, 12, 2, 9, tzinfo=UTC) - clock.now())


def lawyer_submits(people: dict[str, Any], **changes: Any) -> Statement:
    lawyer = people["lawyer"].pk
    values = {"actor_id": lawyer, "person_id": lawyer, "month": NOVEMBER}
    return services.submit(**{**values, "seen": queries.sheet(lawyer, NOVEMBER).seen, **changes})


def corrects(people: dict[str, Any], key: str, minutes: int | None, text: str = "liep uit") -> Statement:
    lawyer = people["lawyer"].pk
    return services.correct(actor_id=lawyer, person_id=lawyer, month=NOVEMBER, key=key, minutes=minutes, text=text)


def refusal(kind: type[Exception], act: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(kind) as refused:
        act(*args, **kwargs)
    return str(refused.value.code)  # type: ignore[attr-defined]


def test_a_month_shows_duties_with_their_calls_and_calls_outside_duties(
    people: dict[str, Any], duty: Any, desk: Any
) -> None:
    builders.an_offer(people["lawyer"], seconds=61)
    quiet = builders.a_duty(desk, people["lawyer"], starts=-50)
    sheet = queries.sheet(people["lawyer"].pk, NOVEMBER)
    assert [(line.key, line.minutes, line.calls, line.call_minutes) for line in sheet.lines] == [
        (f"duty:{quiet.pk}", 240, 0, 0),
        (f"duty:{duty.pk}", 240, 1, 4),
        ("calls:2026-11-18", 0, 1, 2),
    ]
    assert sheet.lines[0].is_quiet
    assert (sheet.totals.duties, sheet.totals.minutes, sheet.totals.calls, sheet.totals.call_minutes) == (2, 480, 2, 6)
    assert (sheet.state, sheet.id, sheet.is_over, sheet.may_submit) == ("concept", None, False, False)


def test_a_call_after_midnight_of_the_last_day_is_of_the_duty_and_of_one_month_only(
    people: dict[str, Any], desk: Any
) -> None:
    clock.forward(datetime(2026, 11, 30, 19, tzinfo=UTC) - clock.now())
    night = builders.a_duty(desk, people["lawyer"], starts=0, hours=12)
    clock.forward(timedelta(hours=6))
    builders.an_offer(people["lawyer"], duty=night, seconds=60)
    clock.forward(timedelta(hours=30))
    lawyer = people["lawyer"].pk
    november, december = (lines_of([lawyer], ledger.month(day))[lawyer] for day in (NOVEMBER, date(2026, 12, 1)))
    assert [(line.minutes, line.calls) for line in november] == [(720, 1)]
    assert december == ()


def test_the_evidence_of_many_people_is_four_statements(
    desk: Any, people: dict[str, Any], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    lawyers = [builders.a_lawyer() for _ in range(15)]
    for place, lawyer in enumerate(lawyers):
        builders.an_offer(lawyer, duty=builders.a_duty(desk, lawyer, starts=-10 * place - 20))
    first = Duty.objects.order_by("pk")[0]
    Duty.objects.filter(pk=first.pk).update(cancelled_at=first.starts_at + timedelta(hours=1), cancelled_why="sick")
    with django_assert_max_num_queries(4):
        found = lines_of([one.pk for one in lawyers], ledger.month(NOVEMBER))
    assert {len(lines) for lines in found.values()} == {1}
    assert found[lawyers[0].pk][0].minutes == 60


def test_a_line_is_put_right_with_a_reason_and_back_again(people: dict[str, Any], duty: Any) -> None:
    key, lawyer = f"duty:{duty.pk}", people["lawyer"].pk
    corrects(people, key, 300, "liep  uit\n tot half drie\x00")
    line = queries.sheet(lawyer, NOVEMBER).lines[0]
    assert (line.minutes, line.counted, line.remark) == (240, 300, "liep uit tot half drie")
    corrects(people, EXTRA, 30)
    assert queries.sheet(lawyer, NOVEMBER).totals.minutes == 330
    corrects(people, key, None)
    corrects(people, EXTRA, None)
    assert queries.sheet(lawyer, NOVEMBER).totals.minutes == 240
    assert refusal(FormRefused, corrects, people, "duty:999999", 10) == "line_unknown"
    assert refusal(FormRefused, corrects, people, key, -1) == "minutes_wrong"
    assert refusal(FormRefused, corrects, people, key, 99999) == "minutes_wrong"
    assert refusal(FormRefused, corrects, people, key, 10, "  ") == "text_missing"
    assert refusal(FormRefused, corrects, people, key, 10, "x" * 201) == "text_long"
    assert Statement.objects.get().corrections == {}


def test_a_month_is_handed_in_when_it_is_over_and_as_it_was_shown(people: dict[str, Any], duty: Any, desk: Any) -> None:
    assert refusal(NotNow, lawyer_submits, people) == "month_runs"
    seen = queries.sheet(people["lawyer"].pk, NOVEMBER).seen
    clock.forward(datetime(2026, 11, 30, 20, tzinfo=UTC) - clock.now())
    builders.a_duty(desk, people["lawyer"], starts=0, hours=12)
    clock.forward(timedelta(hours=5))
    assert refusal(NotNow, lawyer_submits, people) == "duty_runs"
    in_december()
    assert refusal(NotNow, lawyer_submits, people, seen=seen) == "lines_changed"
    handed_in = lawyer_submits(people)
    assert (handed_in.state, handed_in.submitted_by_id) == ("submitted", people["lawyer"].pk)
    assert len(handed_in.lines) == 2
    assert refusal(NotNow, lawyer_submits, people) == "handed_in"
    assert refusal(NotNow, corrects, people, EXTRA, 10) == "handed_in"


def test_an_empty_month_is_not_handed_in(people: dict[str, Any]) -> None:
    in_december()
    assert refusal(NotNow, lawyer_submits, people) == "nothing_done"


def test_evidence_that_changes_later_is_shown_and_never_applied(people: dict[str, Any], duty: Any) -> None:
    in_december()
    lawyer_submits(people)
    Duty.objects.filter(pk=duty.pk).update(ends_at=duty.ends_at - timedelta(hours=1))
    sheet = queries.sheet(people["lawyer"].pk, NOVEMBER)
    assert sheet.totals.minutes == 240
    assert [(one.was.minutes, one.now.minutes) for one in sheet.differences if one.was and one.now] == [(240, 180)]
    entry = queries.overview(people["coordinator"].pk, NOVEMBER)[0]
    assert (entry.totals.minutes, len(entry.differences)) == (240, 1)
    agreed = services.agree(actor_id=people["coordinator"].pk, statement_id=entry.id or 0, seen=entry.seen)
    assert agreed.lines[0]["minutes"] == 240


def test_only_a_coordinator_of_the_region_agrees_and_to_what_he_saw(people: dict[str, Any], duty: Any) -> None:
    in_december()
    made = lawyer_submits(people)
    says = {"statement_id": made.pk, "seen": made.lines_hash}
    for name in ("lawyer", "worker", "other_coordinator", "stranger"):
        with pytest.raises(NotYours):
            services.agree(actor_id=people[name].pk, **says)
    coordinator = people["coordinator"].pk
    assert refusal(NotNow, services.agree, actor_id=coordinator, statement_id=made.pk, seen="x") == "lines_changed"
    with pytest.raises(NotYours):
        services.agree(actor_id=coordinator, statement_id=made.pk + 99, seen="")
    agreed = services.agree(actor_id=coordinator, **says)
    assert (agreed.state, agreed.agreed_by_id) == ("agreed", coordinator)
    assert services.agree(actor_id=coordinator, **says).agreed_at == agreed.agreed_at


def test_nobody_agrees_to_his_own_hours_not_even_by_hand(people: dict[str, Any], desk: Any) -> None:
    coordinator = people["coordinator"]
    builders.a_duty(desk, coordinator, starts=-30)
    in_december()
    seen = queries.sheet(coordinator.pk, NOVEMBER).seen
    made = services.submit(actor_id=coordinator.pk, person_id=coordinator.pk, month=NOVEMBER, seen=seen)
    with pytest.raises(NotYours):
        services.agree(actor_id=coordinator.pk, statement_id=made.pk, seen=seen)
    assert queries.overview(coordinator.pk, NOVEMBER) == ()
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.filter(pk=made.pk).update(state="agreed", agreed_at=clock.now(), agreed_by_id=coordinator.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.filter(pk=made.pk).update(state="agreed")


def test_an_assistant_hands_in_for_his_lawyer_and_a_coordinator_does_not(people: dict[str, Any], duty: Any) -> None:
    assistant = people["stranger"]
    in_december()
    for name in ("stranger", "coordinator", "worker"):
        with pytest.raises(NotYours):
            lawyer_submits(people, actor_id=people[name].pk)
    Assistance.objects.create(assistant=assistant, person=people["lawyer"])
    assert lawyer_submits(people, actor_id=assistant.pk).submitted_by_id == assistant.pk


def test_a_coordinator_who_also_assists_does_not_agree_to_what_he_handed_in(people: dict[str, Any], duty: Any) -> None:
    coordinator = people["coordinator"]
    Assistance.objects.create(assistant=coordinator, person=people["lawyer"])
    in_december()
    made = lawyer_submits(people, actor_id=coordinator.pk)
    with pytest.raises(NotYours):
        services.agree(actor_id=coordinator.pk, statement_id=made.pk, seen=made.lines_hash)
    assert not queries.overview(coordinator.pk, NOVEMBER)[0].may_agree


def test_what_is_sent_back_can_be_put_right_and_handed_in_again(people: dict[str, Any], duty: Any) -> None:
    in_december()
    corrects(people, f"duty:{duty.pk}", 480)
    made = lawyer_submits(people)
    coordinator = people["coordinator"].pk
    assert (
        refusal(FormRefused, services.send_back, actor_id=coordinator, statement_id=made.pk, why="") == "text_missing"
    )
    with pytest.raises(NotYours):
        services.send_back(actor_id=people["other_coordinator"].pk, statement_id=made.pk, why="x")
    services.send_back(actor_id=coordinator, statement_id=made.pk, why="Acht uur klopt niet")
    sheet = queries.sheet(people["lawyer"].pk, NOVEMBER)
    assert (sheet.state, sheet.sent_back_why, sheet.totals.minutes) == ("concept", "Acht uur klopt niet", 480)
    assert refusal(NotNow, services.agree, actor_id=coordinator, statement_id=made.pk, seen="") == "not_handed_in"
    assert refusal(NotNow, services.send_back, actor_id=coordinator, statement_id=made.pk, why="x") == "not_handed_in"
    corrects(people, f"duty:{duty.pk}", None)
    assert lawyer_submits(people).sent_back_why == ""


def test_the_list_of_a_coordinator_is_of_his_regions_and_reads_a_fixed_number_of_statements(
    people: dict[str, Any], duty: Any, desk: Any, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(10):
        builders.a_duty(desk, builders.a_lawyer(f"Lid {place}"), starts=-40 - 5 * place)
    in_december()
    lawyer_submits(people)
    with django_assert_max_num_queries(18):
        entries = queries.overview(people["coordinator"].pk, NOVEMBER)
    assert [one.name for one in entries[:3]] == ["Ada Advocaat", "Lid 0", "Lid 1"]
    assert len(entries) == 11
    assert queries.overview(people["other_coordinator"].pk, NOVEMBER) == ()
    assert queries.overview(people["worker"].pk, NOVEMBER) == ()


def test_the_csv_opens_in_a_dutch_spreadsheet_and_computes_nothing(people: dict[str, Any], duty: Any) -> None:
    corrects(people, f"duty:{duty.pk}", 300, '=HYPERLINK("http://x")')
    for place, text in enumerate(("+1", "-1", "@a")):
        corrects(people, EXTRA, place, text)
        body = files.as_csv(queries.sheet(people["lawyer"].pk, NOVEMBER), "=Ada; 'Ş'").decode()
        assert f"'{text}" in body
    assert body.startswith("\ufeff")
    rows = list(csv.reader(StringIO(body[1:]), delimiter=";"))
    assert rows[0][1] == "'=Ada; 'Ş'"
    assert rows[2][:4] == ["17-11-2026", "09:30", "13:30", "Piket Walcheren"]
    assert rows[2][5:10] == ["240", "1", "4", "300", "300"]
    assert rows[2][10] == '\'=HYPERLINK("http://x")'
    assert {len(row) for row in rows[1:]} == {11}
    assert rows[-1][9] == "302"


def test_the_pdf_is_the_same_every_time_in_dutch_and_named_by_its_month(people: dict[str, Any], duty: Any) -> None:
    in_december()
    lawyer_submits(people)
    sheet = queries.sheet(people["lawyer"].pk, NOVEMBER)
    first = files.as_pdf(sheet, "Ada Şen <b>")
    clock.forward(timedelta(days=3))
    assert files.as_pdf(sheet, "Ada Şen <b>") == first
    assert first.startswith(b"%PDF-1.")
    assert b"/Lang (nl)" in first
    assert len(files.as_pdf(sheet, "Bea")) > 1000
    assert files.file_name(sheet, "pdf") == "urenstaat-2026-11.pdf"
