"""Showing that somebody can be reached: codes for new numbers, test calls and test texts; and who is 'gereed'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from directory import queries as directory
from directory import services as directory_services
from directory.errors import NotKnown
from directory.queries import Contact, NumberAt
from hotline.call import proof
from hotline.errors import NotNow
from hotline.models import ProofCall
from hotline.phone import proof_calls, texting
from integrations import clock, outbox
from rosters import waiting
from rosters.core import quiet

HOLDS = timedelta(days=90)  # a test call proves that long
AHEAD = timedelta(days=30)  # whoever has a duty within this belongs on the list, besides the lawyers
BY_SMS, BY_VOICE = "sms", "voice"


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether somebody can be reached, channel by channel. `call`: state of the last test call, '' for none."""

    person_id: int
    name: str
    email: str
    number: str  # E.164 of his first choice, '' when it is not proved
    is_suspect: bool
    tested_at: datetime | None
    texted_at: datetime | None
    call: str
    has_phone: bool  # key 1 in a test call of the last 90 days
    has_sms: bool
    has_mail: bool

    @property
    def is_ready(self) -> bool:
        return self.has_phone and self.has_sms and self.has_mail


# --- Proving ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def send_code(*, person_id: int, number_id: int, via: str) -> None:
    """Six digits to a number of one's own, by text or spoken. Raises DirectoryError, NotNow (too_many_calls)."""
    code = directory_services.new_code(number_id=number_id, person_id=person_id, via=via)
    if via == BY_VOICE:
        proof_calls.place(kind=proof.CODE, person_id=person_id, number=code.e164, asked_by=person_id, code=code.digits)
        return
    outbox.enqueue(texting.message("code", code.e164, key=f"code:{code.id}", code=code.digits))


@transaction.atomic
def test_me(*, person_id: int, number_id: int) -> None:
    """'Bel mij nu als test', on a proved number of one's own. Raises NotKnown, NotNow: unproved, too_many_calls."""
    number = next((one for one in directory.numbers_of(person_id) if one.id == number_id), None)
    if number is None:
        raise NotKnown("number_unknown", _("This number is gone. Load the page again."))
    _ring(person_id, number, person_id)


@transaction.atomic
def send_test(*, person_id: int, by: int) -> None:
    """A coordinator tests somebody of his regions: a call and a text, by day.

    Raises NotKnown, NotNow: quiet, no_number, unproved, too_many_calls.
    """
    now = clock.now()
    if person_id not in _in_scope(by, now):
        raise NotKnown("person_unknown", _("This person does no duties in your regions. Load the page again."))
    if quiet.in_day_time(now) != now:
        raise NotNow("quiet", _("It is evening, night or weekend. Test people on a working day, 7:30 to 20:00."))
    number = next((one for one in directory.numbers_of(person_id) if one.is_primary), None)
    if number is None:
        raise NotNow("no_number", _("This person has no number yet. Ask for one, or add it in the set-up."))
    call = _ring(person_id, number, by)
    outbox.enqueue(texting.message("test_text", number.e164, key=f"test_text:{call.pk}"))


def _ring(person_id: int, number: NumberAt, by: int) -> ProofCall:
    if not number.verified:
        raise NotNow("unproved", _("This number is not proved yet. Send a code to it first."))
    return proof_calls.place(kind=proof.TEST, person_id=person_id, number=number.e164, asked_by=by)


# --- Who is ready -----------------------------------------------------------------------------------------------------
def readiness_of(person_id: int) -> Readiness:
    """Raises NotKnown."""
    return _all([directory.contact(person_id)])[0]


def readiness_for(coordinator_id: int) -> list[Readiness]:
    """Everybody who does duties in the regions of this coordinator, by name; in a fixed number of statements."""
    contacts = directory.contacts(_in_scope(coordinator_id, clock.now()))
    return _all(sorted(contacts.values(), key=lambda one: (one.name, one.id)))


def _in_scope(coordinator_id: int, now: datetime) -> set[int]:
    mine = directory.regions_in_scope(coordinator_id, "coordinator")
    found: set[int] = set()
    for person in directory.staff("lawyer").values():
        if person.regions is None or person.regions & mine:
            found.add(person.id)
    return found | waiting.people_rostered(mine, now, now + AHEAD)


def _all(contacts: Iterable[Contact]) -> list[Readiness]:
    people = list(contacts)
    numbers = directory.numbers_of_all(one.id for one in people)
    calls = _last_calls([one.id for one in people])
    now = clock.now()
    return [_one(person, numbers.get(person.id, ()), calls, now) for person in people]


def _one(person: Contact, numbers: tuple[NumberAt, ...], calls: Mapping[int, str], now: datetime) -> Readiness:
    first = next((one for one in numbers if one.is_primary and one.verified), None)
    tested_at = first.tested_at if first else None
    is_suspect = first is not None and first.suspect
    return Readiness(
        person_id=person.id,
        name=person.name,
        email=person.email,
        number=first.e164 if first else "",
        is_suspect=is_suspect,
        tested_at=tested_at,
        texted_at=first.texted_at if first else None,
        call=calls.get(person.id, ""),
        has_phone=tested_at is not None and now - tested_at < HOLDS and not is_suspect,
        has_sms=first is not None and first.texted_at is not None,
        has_mail=bool(person.email),
    )


def _last_calls(person_ids: list[int]) -> dict[int, str]:
    rows = ProofCall.objects.filter(person_id__in=person_ids, kind=proof.TEST).order_by("created_at", "pk")
    return dict(rows.values_list("person_id", "state"))
