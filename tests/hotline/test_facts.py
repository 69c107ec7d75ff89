"""What a decision looks at, against the same questions asked through the ORM, in two statements."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Max
from pytest_django import DjangoAssertNumQueries

from hotline import sql_facts
from hotline.facts import gather, policy_of
from hotline.models import Callback, Consultation, Exclusion, Offer
from integrations import clock
from rosters import queries as rosters
from rosters import services as roster_services
from routing.core.decide import Ring, decide
from routing.core.facts import Facts, Presence, Tried
from tests.builders import a_desk, a_duty, a_lawyer, a_number, an_all_hours_line, an_office, area_id, region_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten_thirty")]
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class Scene:
    """Walcheren: Adriaanse first, Bos second; Chen at the neighbour; a consultation in its second round."""

    def __init__(self) -> None:
        self.line = an_all_hours_line()
        own = a_desk(self.line, "Walcheren huur")
        neighbour = a_desk(self.line, "Rotterdam huur", regions=["AR08"])
        self.adriaanse, self.bos, self.chen = (a_lawyer(name) for name in ("Adriaanse", "Bos", "Chen"))
        self.duty = a_duty(own, self.adriaanse, 1)
        a_duty(own, self.bos, 2)
        a_duty(neighbour, self.chen, 1)
        self.consultation = self.a_consultation(round=2)

    def a_consultation(self, **fields: Any) -> Consultation:
        return Consultation.objects.create(
            **{
                "channel": "phone",
                "line_id": self.line.pk,
                "area_id": area_id(),
                "region_id": region_id(),
                "lane": "vandaag",
                "next_step": "connect",
                "next_owner_role": "line",
                "next_due_at": clock.now(),
                **fields,
            }
        )

    def an_offer(self, lawyer: Any, state: str, ago: timedelta, ended: timedelta | None = None, **fields: Any) -> Offer:
        """An offer made `ago`, ended `ended` ago or still open; of another consultation unless told otherwise."""
        return Offer.objects.create(
            **{
                "consultation": fields.pop("consultation", None) or self.a_consultation(),
                "round": 1,
                "lawyer": lawyer,
                "channel": "phone",
                "state": state,
                "stage": "own",
                "offered_at": clock.now() - ago,
                "ended_at": None if ended is None else clock.now() - ended,
                **fields,
            }
        )

    def facts(self, **asked: Any) -> Facts:
        return gather(
            **{
                "line": rosters.line(self.line.pk),
                "area_id": area_id(),
                "region_id": region_id(),
                "lane": "vandaag",
                "at": clock.now(),
                "consultation_id": self.consultation.pk,
                "round": 2,
                **asked,
            }
        )

    def presence(self, lawyer: Any, **asked: Any) -> Presence:
        found = {known.person_id: known for known in self.facts(**asked).presence}
        return found.get(lawyer.pk, Presence(lawyer.pk))


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_everybody_on_duty_on_the_desks_that_serve_is_a_candidate(scene: Scene) -> None:
    people = {person.name: person for person in scene.facts().people}

    assert set(people) == {"Adriaanse", "Bos", "Chen"}
    adriaanse = people["Adriaanse"]
    assert (adriaanse.desk, adriaanse.stage, adriaanse.distance, adriaanse.position) == ("Walcheren huur", "own", 0, 1)
    assert (adriaanse.duty_id, adriaanse.duty_ends_at) == (scene.duty.pk, scene.duty.ends_at)
    assert (adriaanse.office_id, adriaanse.number) == (
        scene.adriaanse.organisation_id,
        scene.adriaanse.numbers.get().e164,
    )
    assert (people["Chen"].stage, people["Chen"].neighbour_rank) == ("neighbour", 1)


def test_it_takes_two_statements(scene: Scene, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    known = scene.facts()

    with django_assert_num_queries(2):
        assert scene.facts() == known


def test_of_somebody_free_nothing_is_known(scene: Scene) -> None:
    assert scene.facts().presence == ()


@pytest.mark.parametrize("state", ["ring", "whisper", "taken"])
def test_an_open_offer_by_phone_is_seen_wherever_it_comes_from(scene: Scene, state: str) -> None:
    scene.an_offer(scene.bos, state, 5 * SECOND)

    assert scene.presence(scene.bos).open_offer == state


def test_an_open_offer_online_is_no_call(scene: Scene) -> None:
    scene.an_offer(scene.bos, "asked", MINUTE, channel="online")

    assert scene.presence(scene.bos) == Presence(scene.bos.pk)


@pytest.mark.parametrize(
    ("state", "ended", "ended_by_himself", "wraps_up"),
    [
        ("talked", 119 * SECOND, False, True),
        ("talked", 120 * SECOND, False, False),
        ("talked", 10 * SECOND, True, False),
        ("missed", 10 * SECOND, False, False),
    ],
)
def test_after_a_talk_somebody_wraps_up_for_two_minutes(
    scene: Scene, state: str, ended: timedelta, ended_by_himself: bool, wraps_up: bool
) -> None:
    offer = scene.an_offer(scene.bos, state, 20 * MINUTE, ended)
    if ended_by_himself:
        Offer.objects.filter(pk=offer.pk).update(wrapped_up_at=clock.now())

    until = offer.ended_at + 120 * SECOND if wraps_up and offer.ended_at else None
    assert scene.presence(scene.bos).wrapping_up_until == until


def test_a_pause_is_seen_until_its_end(scene: Scene) -> None:
    made = roster_services.pause(person_id=scene.bos.pk, minutes=15, source="page")

    assert scene.presence(scene.bos).paused_until == made.until
    assert scene.presence(scene.bos, at=made.until) == Presence(scene.bos.pk)


def test_rings_of_the_last_hour_are_counted_and_the_last_one_is_known(scene: Scene) -> None:
    for ago in (10, 59, 61, 500):
        scene.an_offer(scene.bos, "missed", ago * MINUTE, ago * MINUTE)
    scene.an_offer(scene.bos, "expired", MINUTE, SECOND, channel="online")

    known = scene.presence(scene.bos)

    assert known.rung_last_hour == 2
    assert known.last_rung_at == clock.now() - 10 * MINUTE


def test_a_promise_keeps_somebody_free_from_a_minute_before(scene: Scene) -> None:
    due = clock.now() + 5 * MINUTE
    a_callback(scene, scene.a_consultation(), lawyer=scene.bos, due_at=due)
    a_callback(scene, scene.a_consultation(), lawyer=scene.chen, due_at=due, state="done", ended_at=clock.now())

    assert scene.presence(scene.bos).promise_from == due - MINUTE
    assert scene.presence(scene.chen) == Presence(scene.chen.pk)


def test_the_promise_on_this_consultation_does_not_stand_in_its_own_way(scene: Scene) -> None:
    a_callback(scene, scene.consultation, lawyer=scene.bos, due_at=clock.now())

    assert scene.presence(scene.bos).promise_from is None


def a_callback(scene: Scene, consultation: Consultation, **fields: Any) -> Callback:
    return Callback.objects.create(
        **{"consultation": consultation, "line_id": scene.line.pk, "why": "promised", "state": "waiting", **fields}
    )


def test_ended_offers_of_this_round_are_tried(scene: Scene) -> None:
    mine = {"consultation": scene.consultation}
    scene.an_offer(scene.adriaanse, "missed", 60 * SECOND, 40 * SECOND, round=2, **mine)
    scene.an_offer(scene.bos, "busy", 35 * SECOND, 30 * SECOND, round=2, stage="continuity", **mine)
    scene.an_offer(scene.chen, "missed", 900 * SECOND, 880 * SECOND, round=1, **mine)
    scene.an_offer(scene.chen, "missed", 60 * SECOND, 40 * SECOND)

    now = clock.now()
    assert scene.facts().tried == (
        Tried(scene.adriaanse.pk, "missed", "own", now - 40 * SECOND),
        Tried(scene.bos.pk, "busy", "continuity", now - 30 * SECOND),
    )
    assert [entry.person_id for entry in scene.facts(tried_since=now - 50 * SECOND).tried] == [scene.bos.pk]


def test_the_next_one_is_rung_as_soon_as_an_offer_has_ended(scene: Scene) -> None:
    mine = {"consultation": scene.consultation, "round": 2}
    scene.an_offer(scene.adriaanse, "missed", 20 * SECOND, 0 * SECOND, **mine)

    outcome = decide(scene.facts(), policy_of(rosters.line(scene.line.pk)), clock.now())

    assert isinstance(outcome, Ring)
    assert outcome.person.name == "Bos"
    assert [(skip.name, skip.reason_code) for skip in outcome.skipped] == [("Adriaanse", "tried")]


def test_a_conflict_excludes_a_person_and_an_office_from_this_consultation_only(scene: Scene) -> None:
    office = an_office()
    Exclusion.objects.create(consultation=scene.consultation, person=scene.bos, reason="wrong_area")
    Exclusion.objects.create(consultation=scene.consultation, person=scene.chen, organisation=office, reason="conflict")
    Exclusion.objects.create(consultation=scene.a_consultation(), person=scene.adriaanse, reason="conflict")

    facts = scene.facts()

    assert facts.excluded_people == {scene.bos.pk, scene.chen.pk}
    assert facts.excluded_offices == {office.pk}
    assert scene.facts(consultation_id=None).excluded_people == frozenset()


@pytest.mark.parametrize("state", ["taken", "talked", "answered"])
def test_who_spoke_on_it_in_an_earlier_round_is_known(scene: Scene, state: str) -> None:
    ended = None if state == "taken" else 80 * MINUTE
    scene.an_offer(scene.chen, state, 90 * MINUTE, ended, consultation=scene.consultation, round=1)
    scene.an_offer(scene.bos, "missed", 91 * MINUTE, 91 * MINUTE, consultation=scene.consultation, round=1)

    assert scene.facts().continuity == scene.chen.pk
    assert scene.facts(round=1).continuity is None


def test_of_several_who_spoke_on_it_the_last_one_counts(scene: Scene) -> None:
    for round, lawyer in enumerate((scene.chen, scene.bos), start=1):
        scene.an_offer(
            lawyer, "talked", (9 - round) * 60 * MINUTE, 80 * MINUTE, consultation=scene.consultation, round=round
        )

    assert scene.facts(round=3).continuity == scene.bos.pk


def test_a_dry_run_without_a_consultation_tries_nobody(scene: Scene) -> None:
    scene.an_offer(scene.adriaanse, "missed", MINUTE, MINUTE, consultation=scene.consultation)

    facts = scene.facts(consultation_id=None, round=1)

    assert (facts.tried, facts.continuity, facts.excluded_people) == ((), None, frozenset())


def test_the_numbers_of_the_line_are_its_policy() -> None:
    line = an_all_hours_line(stages=["own", "country"], ring_seconds=15)

    policy = policy_of(rosters.line(line.pk))

    assert (policy.stages, policy.ring_seconds) == (("own", "country"), 15)


def test_the_statement_agrees_with_the_orm_on_a_busy_hour(scene: Scene) -> None:
    """Thirty lawyers with offers of every kind: counts, last rings and open offers as the ORM has them."""
    lawyers = [a_lawyer(number=a_number()) for _ in range(30)]
    states = ["missed", "talked", "silent", "busy", "later"]
    for index, lawyer in enumerate(lawyers):
        for turn in range(index % 8):
            ended = (turn * 11 + index) * MINUTE
            scene.an_offer(lawyer, states[(index + turn) % 5], ended + MINUTE, ended)
        if index % 3 == 0:
            scene.an_offer(lawyer, "taken", 2 * MINUTE)
    now, ids = clock.now(), [lawyer.pk for lawyer in lawyers]

    rows = sql_facts.presence_rows(
        person_ids=ids, consultation_id=None, round=1, at=now, wrap_up=120 * SECOND, tried_since=None
    )

    phone = Offer.objects.filter(lawyer_id__in=ids, channel="phone")
    by_kind = {kind: {row.subject: row for row in rows if row.kind == kind} for kind in ("open", "talked", "rung")}
    assert {person: row.state for person, row in by_kind["open"].items()} == dict(
        phone.filter(state__in=Offer.PHONE_OPEN).values_list("lawyer_id", "state")
    )
    assert {person: row.moment for person, row in by_kind["talked"].items()} == dict(
        phone.filter(state="talked", ended_at__gt=now - 120 * SECOND).values_list("lawyer_id").annotate(Max("ended_at"))
    )
    last = dict(phone.values_list("lawyer_id").annotate(Max("offered_at")))
    assert {person: row.moment for person, row in by_kind["rung"].items()} == {pk: last.get(pk) for pk in ids}
    for person, row in by_kind["rung"].items():
        assert row.number == phone.filter(lawyer_id=person, offered_at__gt=now - 60 * MINUTE).count()


def test_presence_reads_by_index(scene: Scene, at_ten_thirty: datetime) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL scans a table of a few rows whatever its indexes")
    values = dict.fromkeys(
        ("at", "talked_since", "rung_since", "promised_until", "tried_since", "unanswered_since"), "2026-11-18 09:30:00"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN QUERY PLAN " + sql_facts.PRESENCE["sqlite"],
            {**values, "people": "[1]", "consultation": 1, "round": 1},
        )
        plan = [row[3] for row in cursor.fetchall()]

    assert not [
        step for step in plan if step.startswith("SCAN") and step.split()[1] not in {"json_each", "p", "person"}
    ]


def test_a_missed_call_counts_only_in_a_duty_that_was_not_confirmed(scene: Scene) -> None:
    scene.an_offer(scene.bos, "missed", 10 * MINUTE, 9 * MINUTE)
    assert scene.presence(scene.bos).not_answering
    duty = rosters.on_duty_now(scene.bos.pk)
    assert duty is not None
    roster_services.confirm(duty_ids=[duty.id], how="page", by=scene.bos.pk)
    assert not scene.presence(scene.bos).not_answering


@pytest.mark.parametrize(
    ("offers", "not_answering"),
    [
        ([("missed", 90, "")], False),  # before this duty
        ([("busy", 10, "")], False),
        ([("silent", 10, "")], True),  # a voicemail
        ([("missed", 20, ""), ("talked", 10, "1")], False),
        ([("missed", 20, ""), ("later", 10, "2")], False),  # somebody is there
        ([("talked", 20, "1"), ("missed", 10, "")], True),
    ],
)
def test_whoever_answers_a_later_call_answers(
    scene: Scene, offers: list[tuple[str, int, str]], not_answering: bool
) -> None:
    for state, minutes, key in offers:
        scene.an_offer(scene.bos, state, minutes * MINUTE, (minutes - 1) * MINUTE, key=key)
    assert scene.presence(scene.bos).not_answering is not_answering
