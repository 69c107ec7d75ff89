"""Loads the demo, or brings a loaded one up to date: the only door to this package."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from directory import queries as directory
from directory import services as directory_services
from directory.queries import Contact, SetUp
from directory.services import NewPerson
from hotline.demo import contact_points, history, rosters, scenes
from hotline.demo.plan import PASSWORD, SIZES, Plan, PlannedPerson, plan_of
from integrations import clock
from rosters import queries as roster_queries
from rosters import services as roster_services

Say = Callable[[str], None]


class Refused(Exception):
    """The demo cannot be loaded here; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The plan, and the contact of each of its people who is still active, by mail address."""

    plan: Plan
    contacts: Mapping[str, Contact]
    first_lawyer_id: int
    feeds: Mapping[int, str]  # address of the calendar of each lawyer, by id


def load(size: str, say: Say) -> Loaded:
    """Make everything in an empty database, or extend the duties of a demo that is there. Raises Refused."""
    plan = plan_of(SIZES[size])
    _refuse(plan)
    with transaction.atomic():
        if directory.demo_count():
            say("The demo is here already: bringing its duties up to date.")
            _extend(plan, say)
        else:
            _make(plan, say)
        return _loaded(plan)


def _refuse(plan: Plan) -> None:
    if settings.REAL_VENDOR:
        raise Refused("A real telephone vendor is set: demo people have numbers that do not exist. Use TELEPHONY=lab.")
    if directory.has_people_besides_demo():
        raise Refused(
            "This database holds people that load_demo did not make, so it stays as it is. "
            "Point DATABASE_URL at an empty database and run migrate first."
        )
    if directory.demo_count() not in {0, len(plan.people), _without_assistants(plan)}:
        raise Refused(
            f"This database holds a demo of another size than {plan.size.name}. Load that size, "
            "or start with an empty database."
        )


def _make(plan: Plan, say: Say) -> None:
    known, now = directory.set_up(), clock.now()
    say(f"Making {len(plan.organisations)} organisations and {len(plan.people)} people ...")
    organisations = _make_organisations(plan, known)
    people = _add_people(plan.people, known, organisations)
    say("Making lines, desks and patterns ...")
    desks = rosters.make_lines(known, plan.coordinators[-1].number)
    rosters.make_patterns(desks, plan, people, now)
    contact_points.keep(known, plan, people, now)
    say("Filling duties around the clock ...")
    rosters.fill_round_the_clock(desks, plan, people, now)
    rosters.fill_patterns(desks, now)
    say(f"Making {plan.size.questions} questions ...")
    history.make(plan, known, desks, people, organisations, now)
    scenes.make(plan, known, people, now)


def _extend(plan: Plan, say: Say) -> None:
    """Duties up to the horizon, and what a demo of before did not have; adds nothing when all is there."""
    if directory.demo_count() == _without_assistants(plan):
        _add_people(plan.assistants, directory.set_up(), {})
    now, contacts = clock.now(), {one.email: one for one in directory.demo_people()}
    try:
        desks = rosters.find_desks()
        people = {person.email: contacts[person.email].id for person in plan.lawyers}
        added = rosters.fill_round_the_clock(desks, plan, people, now) + rosters.fill_patterns(desks, now)
        rostered = {email: one.id for email, one in contacts.items()}
        added += contact_points.keep(directory.set_up(), plan, rostered, now)
    except KeyError as gone:
        raise Refused(
            f"{gone.args[0]} of the demo was changed or put out of use. Start with an empty database."
        ) from gone
    if added:
        say(f"Added {added} duties.")


def _loaded(plan: Plan) -> Loaded:
    contacts = {one.email: one for one in directory.demo_people()}
    worker, known = plan.workers[0], directory.set_up()
    answering = roster_queries.desks_for(
        rosters.find_desks().line_id,
        known.area_by_slug[worker.usual_area].id,
        known.region_by_code[worker.region].id,
    )
    first = rosters.first_on_duty([desk.desk_id for desk in answering], clock.now())
    lawyers = [contacts[one.email].id for one in plan.lawyers if one.email in contacts]
    for assistant in plan.assistants:
        if assistant.email in contacts:
            directory_services.assist(assistant_id=contacts[assistant.email].id, person_id=first)
    return Loaded(plan, contacts, first, roster_services.hand_out_own_feeds(person_ids=lawyers))


def _make_organisations(plan: Plan, known: SetUp) -> dict[str, int]:
    return {
        one.name: directory_services.create_organisation(
            name=one.name,
            kind=one.kind,
            region_ids=[known.region_by_code[code.lower()].id for code in one.regions],
            main_number=one.main_number,
            verified=bool(one.main_number),
        ).pk
        for one in plan.organisations
    }


def _add_people(people: Iterable[PlannedPerson], known: SetUp, organisations: Mapping[str, int]) -> dict[str, int]:
    """Ids by mail address."""
    password = make_password(PASSWORD)
    rows = [_new_person(person, known, organisations, password) for person in people]
    return {person.email: person.pk for person in directory_services.add_people(people=rows)}


def _without_assistants(plan: Plan) -> int:
    """How many people a demo of before there were assistants has."""
    return len(plan.people) - len(plan.assistants)


def _new_person(person: PlannedPerson, known: SetUp, organisations: Mapping[str, int], password: str) -> NewPerson:
    region_id = known.region_by_code[person.region.lower()].id if person.region else None
    organisation_id = organisations.get(person.organisation)
    is_worker = person.role == "worker"
    return NewPerson(
        email=person.email,
        name=person.name,
        number=person.number,
        role=person.role,
        organisation_id=organisation_id,
        role_region_id=None if is_worker else region_id,
        role_organisation_id=organisation_id if is_worker else None,
        password=password,
        code=person.code,
        area_ids=tuple(known.area_by_slug[slug].id for slug in person.areas),
        usual_area_id=known.area_by_slug[person.usual_area].id if person.usual_area else None,
        usual_region_id=region_id if is_worker else None,
        is_demo=True,
        is_verified=person.is_verified,
        is_ready=person.is_verified,
    )
