"""People: who they are, what they may do and know, and the code they key in."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from directory import numbers
from directory.core import dial_code
from directory.dial_hash import hash_code
from directory.errors import DirectoryError, NotKnown
from directory.models import Person, PhoneNumber, Qualification, RoleAssignment
from integrations import clock

CODE_TRIES = 20


@transaction.atomic
def create_person(
    *,
    email: str,
    name: str,
    organisation_id: int | None = None,
    password: str | None = None,
    usual_area_id: int | None = None,
    usual_region_id: int | None = None,
    is_generalist: bool = False,
    is_demo: bool = False,
) -> Person:
    """Add somebody. Without a password he cannot log in until one is set. Raises DirectoryError."""
    person = Person(
        email=_free_mail(email),
        name=_filled(name),
        organisation_id=organisation_id,
        usual_area_id=usual_area_id,
        usual_region_id=usual_region_id,
        is_generalist=is_generalist,
        is_demo=is_demo,
    )
    if password is None:
        person.set_unusable_password()
    else:
        _give_password(person, password)
    person.save()
    return person


@transaction.atomic
def update_person(
    *,
    person_id: int,
    email: str,
    name: str,
    organisation_id: int | None,
    usual_area_id: int | None,
    usual_region_id: int | None,
    is_generalist: bool,
    is_active: bool,
) -> Person:
    """Change what is known of somebody. Raises DirectoryError."""
    person = _locked(person_id)
    if email.strip().lower() != person.email:
        person.email = _free_mail(email)
    person.name = _filled(name)
    person.organisation_id = organisation_id
    person.usual_area_id = usual_area_id
    person.usual_region_id = usual_region_id
    person.is_generalist = is_generalist
    person.is_active = is_active
    person.save()
    return person


@transaction.atomic
def set_password(*, person_id: int, password: str) -> None:
    """Set the password somebody logs in with. Raises DirectoryError when it is too weak."""
    person = _locked(person_id)
    _give_password(person, password)
    person.save(update_fields=["password"])


@transaction.atomic
def set_dial_code(*, person_id: int, code: str = "") -> str:
    """Give somebody a dial code, a new random one unless `code` is given, and return it: it cannot be read again."""
    if code and not dial_code.is_code(code):
        raise DirectoryError("code_wrong", _("A dial code has eight digits, of which the last one is a check digit."))
    for _try in range(CODE_TRIES):
        given = code or dial_code.complete(secrets.randbelow(10 ** (dial_code.LENGTH - 1)))
        if not Person.objects.filter(dial_code_hash=hash_code(given)).exclude(pk=person_id).exists():
            Person.objects.filter(pk=person_id).update(dial_code_hash=hash_code(given))
            return given
        if code:
            break
    raise DirectoryError("code_taken", _("This dial code is in use. Let the line make a new one."))


@transaction.atomic
def assign_role(
    *,
    person_id: int,
    role: str,
    region_id: int | None = None,
    organisation_id: int | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> RoleAssignment:
    """Let somebody do what `role` may do in a region (with all that lies in it) or for an organisation.

    The same role in the same place again only moves its dates. `ends_on` is the first day without it.
    """
    if role not in RoleAssignment.Role.values:
        raise NotKnown("role_unknown", _("Choose one of the roles in the list."))
    if role == RoleAssignment.Role.COORDINATOR and region_id is None:
        raise DirectoryError("role_needs_region", _("A coordinator works for a region. Choose one."))
    if starts_on and ends_on and ends_on <= starts_on:
        raise DirectoryError("role_dates", _("The last day lies before the first. Change one of the dates."))
    place = Q(region_id=region_id) if region_id is not None else Q(region__isnull=True)
    place &= Q(organisation_id=organisation_id) if organisation_id is not None else Q(organisation__isnull=True)
    assignment = RoleAssignment.objects.filter(place, person_id=person_id, role=role).first() or RoleAssignment(
        person_id=person_id, role=role, region_id=region_id, organisation_id=organisation_id
    )
    assignment.starts_on, assignment.ends_on = starts_on, ends_on
    assignment.save()
    return assignment


@transaction.atomic
def end_role(*, role_id: int, on: date | None = None) -> None:
    """The role holds no longer from `on`; without a date it is taken away at once."""
    role = RoleAssignment.objects.filter(pk=role_id)
    if on is None:
        role.delete()
    else:
        role.update(ends_on=on)


@transaction.atomic
def qualify(*, person_id: int, area_id: int, valid_until: date | None = None) -> Qualification:
    """Register somebody for an area, until the end of `valid_until` or until withdrawn."""
    qualification, _new = Qualification.objects.update_or_create(
        person_id=person_id, area_id=area_id, defaults={"valid_until": valid_until}
    )
    return qualification


@transaction.atomic
def withdraw_qualification(*, person_id: int, area_id: int) -> None:
    Qualification.objects.filter(person_id=person_id, area_id=area_id).delete()


@transaction.atomic(savepoint=False)
def remember_region(*, person_id: int, region_id: int) -> None:
    """The region somebody chose last: proposed first the next time."""
    Person.objects.filter(pk=person_id).exclude(usual_region_id=region_id).update(usual_region_id=region_id)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """One row of a list of people. `password` is encoded already (django's make_password), because that is slow."""

    email: str
    name: str
    number: str
    role: str
    organisation_id: int | None = None
    role_region_id: int | None = None
    role_organisation_id: int | None = None
    password: str = ""
    code: str = ""
    area_ids: tuple[int, ...] = field(default=())
    usual_area_id: int | None = None
    usual_region_id: int | None = None
    is_generalist: bool = False
    is_demo: bool = False
    is_verified: bool = True
    is_ready: bool = False  # a test call and a text have reached the number


@transaction.atomic
def add_people(*, people: Iterable[NewPerson]) -> list[Person]:
    """Add a whole list in a handful of statements, in the order given. Raises DirectoryError, and then adds nobody."""
    rows = list(people)
    now = clock.now()
    taken = Person.objects.filter(email__in=[row.email.lower() for row in rows]).values_list("email", flat=True)
    if first := next(iter(taken), None):
        raise DirectoryError("mail_taken", _("%(email)s is in use already.") % {"email": first})
    created = Person.objects.bulk_create(
        Person(
            email=row.email.lower(),
            name=_filled(row.name),
            password=row.password,
            organisation_id=row.organisation_id,
            usual_area_id=row.usual_area_id,
            usual_region_id=row.usual_region_id,
            is_generalist=row.is_generalist,
            is_demo=row.is_demo,
            dial_code_hash=hash_code(row.code) if row.code else None,
        )
        for row in rows
    )
    PhoneNumber.objects.bulk_create(
        PhoneNumber(
            e164=numbers.target(row.number),
            person=person,
            verified_at=now if row.is_verified else None,
            tested_at=now if row.is_ready else None,
            texted_at=now if row.is_ready else None,
        )
        for row, person in zip(rows, created, strict=True)
        if row.number
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(
            person=person, role=row.role, region_id=row.role_region_id, organisation_id=row.role_organisation_id
        )
        for row, person in zip(rows, created, strict=True)
    )
    Qualification.objects.bulk_create(
        Qualification(person=person, area_id=area_id)
        for row, person in zip(rows, created, strict=True)
        for area_id in row.area_ids
    )
    return created


def _locked(person_id: int) -> Person:
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotKnown("person_unknown", _("This person is gone. Load the page again."))
    return person


def _filled(name: str) -> str:
    if not name.strip():
        raise DirectoryError("name_empty", _("Fill in a name."))
    return name.strip()


def _free_mail(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise DirectoryError("mail_wrong", _("This is not a mail address: name@example.nl.")) from error
    if Person.objects.filter(email=email).exists():
        raise DirectoryError("mail_taken", _("%(email)s is in use already.") % {"email": email})
    return email


def _give_password(person: Person, password: str) -> None:
    try:
        password_validation.validate_password(password, person)
    except ValidationError as error:
        raise DirectoryError("password_weak", " ".join(error.messages)) from error
    person.set_password(password)
