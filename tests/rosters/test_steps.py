"""Reminders, confirmation and the number of a duty: what goes out, once, and who may say what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory import queries as directory
from directory import services as directory_services
from integrations import clock
from integrations.models import OutboxMessage
from rosters import queries, services
from rosters.core.wall import AMSTERDAM
from rosters.errors import DutyRefused, NotKnown
from rosters.models import Duty, Revision
from rosters.services import in_force, steps
from rosters.services.steps import Unconfirmed
from tests import builders

pytestmark = pytest.mark.django_db


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=AMSTERDAM).astimezone(UTC)  # type: ignore[arg-type, misc]


class World:
    def __init__(self) -> None:
        self.desk = builders.a_desk(builders.an_all_hours_line(number="+31850000000"), "Walcheren huur")
        self.ada = builders.a_lawyer("Ada")
        self.alarms: list[Unconfirmed] = []

    def duty(self, starts: datetime, hours: float = 4, person: Any = None, position: int = 1) -> Duty:
        return services.add_duty(
            desk_id=self.desk.pk,
            person_id=(person or self.ada).pk,
            starts_at=starts,
            ends_at=starts + timedelta(hours=hours),
            position=position,
        )

    def at(self, *parts: int) -> int:
        clock.move_to(local(*parts))
        return steps.steps_due(self.alarms.append)

    def texts(self, kind: str = "sms") -> list[str]:
        return list(OutboxMessage.objects.filter(kind=kind).order_by("pk").values_list("body", flat=True))


@pytest.fixture
def world(at_ten_thirty: datetime) -> World:
    return World()


def test_reminder_second_reminder_alarm_and_start_each_once(world: World) -> None:
    coordinator = builders.a_coordinator("Coby")
    duty = world.duty(local(2026, 11, 19, 9))
    assert world.at(2026, 11, 18, 15) == 0
    assert world.at(2026, 11, 18, 16) == 1
    assert world.at(2026, 11, 18, 16, 1) == 0
    assert world.texts() == [
        "Piket: morgen 9-13 u heb je dienst Walcheren huur. Klaar? Antwoord JA. Kan je niet: {link}"
    ]
    assert "{link}" in world.texts("mail")[0]
    world.at(2026, 11, 18, 18)
    assert world.texts()[1] == (
        "Piket: we weten nog niet of je morgen 9-13 u kunt (Walcheren huur). Antwoord JA of NEE. Hulp: bel 085 000 0000"
    )
    world.at(2026, 11, 18, 20)
    alarm = OutboxMessage.objects.get(kind="sms", to=coordinator.numbers.get().e164)
    assert alarm.body.startswith("Piket: Ada heeft de dienst morgen 9-13 u (Walcheren huur) niet bevestigd. Bel 06 ")
    assert alarm.not_before == local(2026, 11, 19, 7, 30)
    assert OutboxMessage.objects.get(kind="mail", to=coordinator.email).not_before <= clock.now()
    assert [one.duty_id for one in world.alarms] == [duty.pk]
    world.at(2026, 11, 19, 8, 55)
    assert world.texts()[-1] == (
        "Piket: je dienst Walcheren huur begint (tot 13 u). Oproepen komen van 085 000 0000. Pauze? Antwoord PAUZE 15"
    )
    duty.refresh_from_db()
    assert (duty.next_step, duty.next_step_at) == ("", None)
    assert world.at(2026, 11, 19, 12) == 0


def test_who_confirmed_hears_only_that_it_starts(world: World) -> None:
    duty = world.duty(local(2026, 11, 19, 9))
    world.at(2026, 11, 18, 16)
    assert services.confirm(duty_ids=[duty.pk], how="sms", by=world.ada.pk) == (duty.pk,)
    assert services.confirm(duty_ids=[duty.pk], how="sms", by=world.ada.pk) == ()
    assert world.at(2026, 11, 18, 20) == 0
    world.at(2026, 11, 19, 8, 55)
    assert [text.split(" ")[1:4] for text in world.texts()] == [["morgen", "9-13", "u"], ["je", "dienst", "Walcheren"]]
    assert world.alarms == []


def test_a_confirmation_that_is_taken_back_is_asked_for_again(world: World) -> None:
    duty = world.duty(local(2026, 11, 19, 9))
    world.at(2026, 11, 18, 16)
    services.confirm(duty_ids=[duty.pk], how="sms", by=world.ada.pk)
    assert services.unconfirm(duty_ids=[duty.pk], by=world.ada.pk) == (duty.pk,)
    assert world.at(2026, 11, 18, 18) == 1
    assert len(world.texts()) == 2


def test_who_said_yes_before_is_reminded_without_a_question(world: World) -> None:
    duty = world.duty(local(2026, 11, 25, 9))
    services.confirm(duty_ids=[duty.pk], how="page", by=world.ada.pk)
    world.at(2026, 11, 24, 16)
    assert world.texts() == [
        "Piket: morgen 9-13 u heb je dienst Walcheren huur. Je hebt dat bevestigd. Kan je toch niet: {link}"
    ]
    assert world.at(2026, 11, 24, 20) == 0


def test_the_duties_of_one_day_are_one_message_and_one_yes(world: World) -> None:
    first, second = world.duty(local(2026, 11, 19, 9)), world.duty(local(2026, 11, 19, 17), 3)
    other_day = world.duty(local(2026, 11, 20, 9))
    assert world.at(2026, 11, 18, 16) == 2
    assert len(world.texts()) == 1
    assert world.texts()[0].startswith("Piket: morgen 9-13 en 17-20 u heb je dienst Walcheren huur.")
    waiting = queries.to_confirm(world.ada.pk)
    assert [duty.id for duty in waiting] == [first.pk, second.pk]
    services.confirm(duty_ids=[duty.id for duty in waiting], how="sms", by=world.ada.pk)
    assert queries.to_confirm(world.ada.pk) == []
    assert Duty.objects.get(pk=other_day.pk).confirmed_at is None


@pytest.mark.parametrize(
    ("starts", "reminded"),
    [
        ((2026, 11, 23, 9), (2026, 11, 20, 16)),  # Friday for Monday
        ((2026, 12, 28, 9), (2026, 12, 24, 16)),  # before Christmas, on a Friday and Saturday
        ((2027, 3, 28, 9), (2027, 3, 25, 16)),  # the day of the spring night, Easter; Good Friday is a holiday
        ((2026, 10, 25, 9), (2026, 10, 23, 16)),  # the day of the autumn night
        ((2027, 11, 1, 9), (2027, 10, 29, 16)),  # over the autumn night
    ],
)
def test_the_reminder_comes_at_four_on_the_wall(db: None, starts: tuple[int, ...], reminded: tuple[int, ...]) -> None:
    with clock.at(local(2026, 9, 1, 10)):
        world = World()
        world.duty(local(*starts))
        world.at(*reminded[:3], 15, 59)
        assert world.texts() == []
        world.at(*reminded)
        assert "9-13 u heb je dienst" in world.texts()[0]


def test_a_cancelled_duty_and_a_leaver_get_nothing(world: World) -> None:
    services.cancel_duty(duty_id=world.duty(local(2026, 11, 19, 9)).pk)
    gone = builders.a_lawyer("Bo")
    duty = world.duty(local(2026, 11, 19, 13), person=gone)
    gone.is_active = False
    gone.save()
    assert world.at(2026, 11, 18, 16) == 1
    assert world.texts() == []
    duty.refresh_from_db()
    assert duty.next_step_at is None


def test_a_duty_taken_over_for_tomorrow_is_not_reminded_of_today(world: World) -> None:
    clock.move_to(local(2026, 11, 18, 17))
    day = local(2026, 11, 19, 9)
    services.add_duties(
        duties=[services.NewDuty(world.desk.pk, world.ada.pk, 1, day, day + timedelta(hours=4))], confirmed="link"
    )
    assert Duty.objects.get().next_step == "start"


def test_after_a_late_reminder_there_is_time_to_answer(world: World) -> None:
    clock.move_to(local(2026, 11, 18, 19))
    world.duty(local(2026, 11, 19, 9))
    world.at(2026, 11, 18, 19)
    assert len(world.texts()) == 1
    assert Duty.objects.get().next_step == "alarm"
    assert Duty.objects.get().next_step_at == local(2026, 11, 18, 20, 30)


def test_a_sweep_after_a_long_silence_does_not_send_old_news(world: World) -> None:
    world.duty(local(2026, 11, 19, 9))
    for _ in range(5):
        world.at(2026, 11, 20, 9)
    assert world.texts() == []
    assert Duty.objects.get().next_step_at is None


def test_two_sweeps_with_the_same_duties_send_once(world: World) -> None:
    world.duty(local(2026, 11, 19, 9))
    clock.move_to(local(2026, 11, 18, 16))
    read = Duty.objects.get()
    steps.steps_due(world.alarms.append)
    assert in_force.claim_step(read, "nudge", local(2026, 11, 18, 18)) is False
    assert len(world.texts()) == 1


def test_a_round_is_bounded_and_the_rest_follows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        world.duty(local(2026, 11, 19, 9), person=builders.a_lawyer(), position=number + 1)
    monkeypatch.setattr(steps, "MOST_AT_ONCE", 2)
    assert [world.at(2026, 11, 18, 16) for _ in range(4)] == [2, 2, 1, 0]
    assert len(world.texts()) == 5


def test_fifty_reminders_cost_few_statements_each(world: World) -> None:
    for number in range(9):
        world.duty(local(2026, 11, 19, 9), person=builders.a_lawyer(), position=number + 1)
    clock.move_to(local(2026, 11, 18, 16))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert steps.steps_due(world.alarms.append) == 9
    assert len(asked) <= 3 + 9 * 9


# --- Confirming -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["holder", "assistant", "coordinator"])
def test_the_holder_his_assistant_and_his_coordinator_confirm(world: World, who: str) -> None:
    duty = world.duty(local(2026, 11, 19, 9))
    people: dict[str, Callable[[], Any]] = {
        "holder": lambda: world.ada,
        "assistant": lambda: _assistant_of(world.ada),
        "coordinator": lambda: builders.a_coordinator(),
    }
    by = people[who]()
    revision = Revision.objects.get(kind="person", object_id=world.ada.pk).number
    services.confirm(duty_ids=[duty.pk], how="page", by=by.pk)
    duty.refresh_from_db()
    assert (duty.confirmed_at, duty.confirmed_how) == (clock.now(), "page")
    assert Revision.objects.get(kind="person", object_id=world.ada.pk).number == revision  # no news for a calendar


def _assistant_of(person: Any) -> Any:
    from directory.models import Assistance

    assistant = builders.a_person("Ans")
    directory_services.assign_role(person_id=assistant.pk, role="assistant")
    Assistance.objects.create(assistant=assistant, person=person)
    return assistant


def test_nobody_else_confirms(world: World) -> None:
    duty = world.duty(local(2026, 11, 19, 9))
    for other in (builders.a_lawyer(), builders.a_coordinator(region="zwolle")):
        with pytest.raises(NotKnown):
            services.confirm(duty_ids=[duty.pk], how="page", by=other.pk)
    assert Duty.objects.get().confirmed_at is None


def test_a_duty_that_is_over_or_gone_is_not_confirmed(world: World) -> None:
    duty = world.duty(local(2026, 11, 19, 9))
    services.cancel_duty(duty_id=duty.pk)
    with pytest.raises(DutyRefused, match="Kijk in je rooster") as refused:
        services.confirm(duty_ids=[duty.pk], how="page", by=world.ada.pk)
    assert refused.value.code == "duty_gone"


# --- The number of a duty -------------------------------------------------------------------------------------------
def test_a_duty_rings_the_number_that_was_chosen_for_it(world: World) -> None:
    duty = world.duty(clock.now() - timedelta(hours=1))
    primary, other = (
        world.ada.numbers.get(),
        directory_services.add_number(person_id=world.ada.pk, number="0600000777", verified=True, primary=False),
    )
    services.choose_number(duty_id=duty.pk, number_id=other.pk, by=world.ada.pk)
    assert [one.number for one in queries.on_duty([world.desk.pk], clock.now())] == ["+31600000777"]
    services.choose_number(duty_id=duty.pk, number_id=None, by=world.ada.pk)
    assert [one.number for one in queries.on_duty([world.desk.pk], clock.now())] == [primary.e164]
    assert [one.id for one in directory.numbers_of(world.ada.pk)] == [primary.pk, other.pk]


def test_a_number_that_is_not_proved_or_not_his_is_refused(world: World) -> None:
    duty = world.duty(local(2026, 11, 19, 9))
    unproved = directory_services.add_number(person_id=world.ada.pk, number="0600000777", primary=False)
    for number_id, code in (
        (unproved.pk, "number_unverified"),
        (builders.a_lawyer().numbers.get().pk, "number_not_yours"),
    ):
        with pytest.raises(DutyRefused) as refused:
            services.choose_number(duty_id=duty.pk, number_id=number_id, by=world.ada.pk)
        assert refused.value.code == code
    assert Duty.objects.get().number_id is None
