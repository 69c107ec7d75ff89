"""The asker's side: ask, correct, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from directory import queries as directory
from hotline.consultations import files, telling
from hotline.consultations.access import Actor, As, require
from hotline.consultations.calling import promise_call
from hotline.consultations.files import Stored, Upload
from hotline.consultations.lines import line_for
from hotline.consultations.offering import offer_next, release_accepted, stop_open_offers
from hotline.consultations.record import lock, open_call, put, stand, told, write
from hotline.core import lanes, lifecycle
from hotline.core.lifecycle import Status, Step
from hotline.errors import FormRefused, NotNow, Signposted
from hotline.models import Callback, Consultation, Lane
from hotline.phone import callbacks
from integrations import clock
from rosters import queries as rosters
from rosters.queries import LineAt

MOST_LETTERS = 300
MOST_BACKGROUND = 10_000


def ask(
    *,
    person: Actor,
    area_id: int,
    region_id: int,
    question: str,
    lane: str | None = None,
    background: str = "",
    deadline: date | None = None,
    uploads: Sequence[Upload] = (),
    line_id: int | None = None,
) -> Consultation:
    """A question online. The duty lawyer is asked at once; lane 'nu' is 'bel me zo': the line calls both.

    `lane` None: today when `deadline` (of the asker's own matter) is two working days away or less, else two days.
    Raises FormRefused with its field, FileRefused, Signposted; then nothing was written.
    """
    question, background = question.strip(), background.strip()
    _check(question, background, lane, area_id, region_id)
    line = rosters.line(line_id) if line_id is not None else line_for(area_id, region_id, clock.now())
    with files.stored(uploads) as stored:
        return _ask(person, line, area_id, region_id, question, lane, background, deadline, stored)


@transaction.atomic
def _ask(
    person: Actor,
    line: LineAt,
    area_id: int,
    region_id: int,
    question: str,
    lane: str | None,
    background: str,
    deadline: date | None,
    stored: tuple[Stored, ...],
) -> Consultation:
    now = clock.now()
    lane = lane or lanes.default_lane(deadline, now, line.hours)
    due = lanes.answer_due(lane, now, line.hours)
    consultation = Consultation(
        channel=Consultation.Channel.ONLINE,
        line_id=line.id,
        area_id=area_id,
        region_id=region_id,
        lane=lane,
        organisation_id=person.organisation_id,
        asker_id=person.pk,
        question=question,
        background=background,
        deadline=deadline,
        answer_due_at=due,
        created_at=now,
    )
    first = lifecycle.standing_when_waiting(now)
    put(consultation, first)
    consultation.save()
    write(consultation, "asked", actor_id=person.pk, lane=lane, files=len(stored), **told("", first))
    files.attach(consultation, person.pk, stored)
    if lane == Lane.NOW:
        promise_call(consultation, actor_id=person.pk, lawyer_id=None, kind="call_me")
    else:
        offer_next(consultation)
    return consultation


@transaction.atomic
def withdraw(*, person: Actor, reference: str) -> Consultation:
    """Not needed any more. Whoever was asked or had it is told; a promised call is taken back."""
    consultation = lock(reference)
    require(person, consultation, As.ASKER)
    if consultation.status == Status.WITHDRAWN:
        return consultation
    if consultation.status not in {Status.SUBMITTED, Status.WITH_LAWYER, Status.MORE_INFO}:
        raise NotNow("too_late", _("This question is answered or being talked about: say whether it helped instead."))
    promised = open_call(consultation)
    if promised is not None and promised.state not in callbacks.MOVABLE:
        raise NotNow("call_running", _("The line is calling you about this now. Nothing was changed."))
    if promised is not None:
        callbacks.end(promised, Callback.State.WITHDRAWN, "by_worker")
    asked = stop_open_offers(consultation)
    held = release_accepted(consultation, "withdrawn")
    event = stand(consultation, lifecycle.standing_withdrawn(), "withdrawn", actor_id=person.pk)
    called = promised.lawyer_id if promised is not None else None
    telling.tell("withdrawn", event, consultation, *{*asked, called, held.lawyer_id if held is not None else None})
    return consultation


@transaction.atomic
def correct_area_region(
    *, person: Actor, reference: str, area_id: int | None = None, region_id: int | None = None
) -> Consultation:
    """Either side puts the area or the region right. While nobody has accepted, other lawyers are asked at once."""
    consultation = lock(reference)
    require(person, consultation, As.ASKER, As.LAWYER, As.OFFERED)
    if not consultation.is_open:
        raise NotNow("over", _("This question is over; ask a new one."))
    setup = directory.set_up()
    area, region = area_id or consultation.area_id, region_id or consultation.region_id
    if area not in setup.area_by_id:
        raise FormRefused("area", _("Choose an area of law."), field="area")
    if region not in setup.region_by_id:
        raise FormRefused("region", _("Choose a region."), field="region")
    if setup.area_by_id[area].signpost:
        raise Signposted(setup.area_by_id[area].signpost)
    if (area, region) == (consultation.area_id, consultation.region_id):
        return consultation
    before = {"area": consultation.area.slug, "region": consultation.region.code}
    consultation.area_id, consultation.region_id = area, region
    consultation.save()
    event = write(
        consultation,
        "corrected",
        actor_id=person.pk,
        before=before,
        after={"area": setup.area_by_id[area].slug, "region": setup.region_by_id[region].code},
    )
    if consultation.next_step == Step.ACCEPT:
        telling.tell("offer_over", event, consultation, *stop_open_offers(consultation))
        offer_next(consultation)
    return consultation


def _check(question: str, background: str, lane: str | None, area_id: int, region_id: int) -> None:
    setup = directory.set_up()
    if area_id not in setup.area_by_id:
        raise FormRefused("area", _("Choose an area of law."), field="area")
    if region_id not in setup.region_by_id:
        raise FormRefused("region", _("Choose a region."), field="region")
    if signpost := setup.area_by_id[area_id].signpost:
        raise Signposted(signpost)
    if lane is not None and lane not in Lane.values:
        raise FormRefused("lane", _("Choose how soon you need the answer."), field="lane")
    if not question:
        raise FormRefused("question", _("Put your question in one sentence."), field="question")
    if len(question) > MOST_LETTERS:
        raise FormRefused(
            "question_long",
            _("Keep your question to %(most)s characters; the rest can go under background.") % {"most": MOST_LETTERS},
            field="question",
        )
    if len(background) > MOST_BACKGROUND:
        raise FormRefused(
            "background_long",
            _("Keep the background to %(most)s characters.") % {"most": MOST_BACKGROUND},
            field="background",
        )
