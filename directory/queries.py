"""What others may know of people and places. Plain values, few statements; the set-up comes from memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from directory import snapshot
from directory.caller import Caller, by_code, by_number
from directory.core import dial_code
from directory.core.tree import AreaAt, RegionAt, SetUp
from directory.dial_hash import hash_code
from directory.errors import NotKnown
from directory.models import Assistance, Municipality, Organisation, Person, PhoneNumber, Qualification, RoleAssignment
from integrations import clock

__all__ = ["AreaAt", "Caller", "Contact", "NumberAt", "OrganisationAt", "RegionAt", "RoleAt", "SetUp", "Staff"]

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DUTY_ROLES = (RoleAssignment.Role.LAWYER, RoleAssignment.Role.WORKER, RoleAssignment.Role.COORDINATOR)


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a person. `number` is the verified primary one, '' when there is none."""

    id: int
    name: str
    email: str
    number: str
    organisation_id: int | None
    organisation: str


@dataclass(frozen=True, slots=True)
class RoleAt:
    role: str
    region_id: int | None
    organisation_id: int | None


@dataclass(frozen=True, slots=True)
class OrganisationAt:
    id: int
    name: str
    kind: str
    region_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who can be put on duty. `areas`: to the last day of each registration, None without end."""

    id: int
    name: str
    generalist: bool
    areas: Mapping[int, date | None]
    regions: frozenset[int] | None  # of his role; None: everywhere
    has_number: bool  # a verified primary one
    tested_at: datetime | None  # last test call on it


@dataclass(frozen=True, slots=True)
class NumberAt:
    """A number of a person. `tested_at`: key 1 in a test call; `texted_at`: a text came back from it."""

    id: int
    e164: str
    is_primary: bool
    verified: bool
    suspect: bool
    tested_at: datetime | None
    texted_at: datetime | None


# --- Places -------------------------------------------------------------------------------------------------------
def set_up() -> SetUp:
    """Areas, the tree of regions and ranked neighbours, at most ten seconds old."""
    return snapshot.current()


def area(slug: str) -> AreaAt:
    """Raises NotKnown, with the slugs that exist."""
    areas = set_up().area_by_slug
    if slug not in areas:
        raise NotKnown("area_unknown", ", ".join(areas))
    return areas[slug]


def region(code: str) -> RegionAt:
    """By AR code, slug of a sub-region or 'landelijk'. Raises NotKnown, with the codes that exist."""
    regions = set_up().region_by_code
    if code.lower() not in regions:
        raise NotKnown("region_unknown", ", ".join(region.code for region in set_up().regions))
    return regions[code.lower()]


def region_of_municipality(code: str) -> int:
    """Id of the smallest region that lists the municipality with this CBS code. Raises NotKnown."""
    found = Municipality.objects.filter(code=code.upper()).values_list("region_id", flat=True).first()
    if found is None:
        raise NotKnown("municipality_unknown", code)
    return found


# --- Who calls ----------------------------------------------------------------------------------------------------
def caller_of(number: str, at: datetime | None = None) -> Caller | None:
    """Whose number this is, in one statement; None for a withheld or unknown number.

    `number` as the vendor gives it, in E.164. An unverified number finds its person with `verified` False.
    """
    return by_number(number, _day(at)) if number else None


def person_by_code(code: str, at: datetime | None = None) -> Caller | None:
    """Who keys in this code, in one statement; a code with a wrong check digit costs none."""
    return by_code(hash_code(code), _day(at)) if dial_code.is_code(code) else None


# --- People -------------------------------------------------------------------------------------------------------
def contact(person_id: int) -> Contact:
    """Raises NotKnown."""
    found = contacts([person_id])
    if not found:
        raise NotKnown("person_unknown", str(person_id))
    return found[person_id]


def contacts(person_ids: Iterable[int]) -> dict[int, Contact]:
    """How to reach these people, in two statements. Who is no longer active is left out."""
    return _contacts(Person.objects.filter(pk__in=set(person_ids)))


def numbers_of(person_id: int) -> tuple[NumberAt, ...]:
    """The numbers of a person, his first choice first."""
    return numbers_of_all([person_id]).get(person_id, ())


def numbers_of_all(person_ids: Iterable[int]) -> dict[int, tuple[NumberAt, ...]]:
    """The numbers of each of these people who has any, first choice first; in one statement."""
    rows = PhoneNumber.objects.filter(person_id__in=set(person_ids)).order_by("person_id", "-is_primary", "pk")
    found: dict[int, list[NumberAt]] = defaultdict(list)
    for person_id, number_id, e164, primary, verified_at, suspect_at, tested_at, texted_at in rows.values_list(
        "person_id", "id", "e164", "is_primary", "verified_at", "suspect_at", "tested_at", "texted_at"
    ):
        number = NumberAt(
            number_id, e164, primary, verified_at is not None, suspect_at is not None, tested_at, texted_at
        )
        found[person_id].append(number)
    return {person_id: tuple(numbers) for person_id, numbers in found.items()}


def roles_of(person: Person | int, at: datetime | None = None) -> tuple[RoleAt, ...]:
    """The roles that hold at that moment (default now)."""
    person_id = person if isinstance(person, int) else person.pk
    held = RoleAssignment.objects.filter(_holds(_day(at)), person_id=person_id).order_by("role", "pk")
    return tuple(RoleAt(*row) for row in held.values_list("role", "region_id", "organisation_id"))


def in_scope(person: Person | int, role: str, region_id: int | None = None, at: datetime | None = None) -> bool:
    """Whether the person holds the role, and in this region if one is asked; a region includes what lies in it.

    A role without a region holds everywhere.
    """
    held = [item for item in roles_of(person, at) if item.role == role]
    if region_id is None:
        return bool(held)
    above = set_up().ancestors(region_id)
    return any(item.region_id is None or item.region_id in above for item in held)


def regions_in_scope(person: Person | int, role: str, at: datetime | None = None) -> frozenset[int]:
    """Ids of every region in which the person holds the role, with all that lies in them."""
    tree = set_up()
    found: set[int] = set()
    for item in roles_of(person, at):
        if item.role == role:
            found |= tree.within(item.region_id) if item.region_id is not None else set(tree.region_by_id)
    return frozenset(found)


def coordinators_for(region_id: int, at: datetime | None = None) -> tuple[Contact, ...]:
    """The coordinators of the nearest region upward that has any, by name; in two statements."""
    above = set_up().ancestors(region_id)
    assigned: dict[int, set[int]] = defaultdict(set)
    held = RoleAssignment.objects.filter(
        _holds(_day(at)), role=RoleAssignment.Role.COORDINATOR, region_id__in=above, person__is_active=True
    )
    for held_in, person_id in held.values_list("region_id", "person_id"):
        if held_in is not None:
            assigned[held_in].add(person_id)
    nearest = next((assigned[place] for place in above if assigned[place]), None)
    if nearest is None:
        return ()
    return tuple(sorted(contacts(nearest).values(), key=lambda one: (one.name, one.id)))


def qualified(person_ids: Iterable[int], area_ids: Iterable[int], at: datetime) -> dict[int, frozenset[int]]:
    """Per person the areas, of those asked, that he is registered for at that moment; in two statements."""
    wanted, people = frozenset(area_ids), frozenset(person_ids)
    found: dict[int, frozenset[int]] = dict.fromkeys(people, frozenset())
    for person_id in Person.objects.filter(pk__in=people, is_generalist=True).values_list("pk", flat=True):
        found[person_id] = wanted
    valid = Qualification.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=_day(at)), person_id__in=people, area_id__in=wanted
    )
    for person_id, area_id in valid.values_list("person_id", "area_id"):
        found[person_id] |= {area_id}
    return found


def colleagues(person_id: int) -> tuple[Contact, ...]:
    """The other active people of the same organisation, by name."""
    organisation_id = Person.objects.filter(pk=person_id).values_list("organisation_id", flat=True).first()
    return tuple(one for one in people_of(organisation_id) if one.id != person_id)


def people_of(organisation_id: int | None) -> tuple[Contact, ...]:
    """The active people of an organisation, by name."""
    if organisation_id is None:
        return ()
    found = _contacts(Person.objects.filter(organisation_id=organisation_id))
    return tuple(sorted(found.values(), key=lambda one: (one.name, one.id)))


def people_with_role(role: str, at: datetime | None = None) -> tuple[Contact, ...]:
    """Everybody active who holds the role somewhere, by name."""
    held = RoleAssignment.objects.filter(_holds(_day(at)), role=role).values("person_id")
    return tuple(sorted(_contacts(Person.objects.filter(pk__in=held)).values(), key=lambda one: (one.name, one.id)))


def staff(role: str, at: datetime | None = None, *, person_ids: Iterable[int] | None = None) -> dict[int, Staff]:
    """Everybody active who holds the role, with where and for what; in three statements. `person_ids`: only these.

    A first-line worker is of the regions of his organisation.
    """
    held = RoleAssignment.objects.filter(_holds(_day(at)), role=role, person__is_active=True)
    if person_ids is not None:
        held = held.filter(person_id__in=set(person_ids))
    regions: dict[int, set[int] | None] = {}
    names: dict[int, tuple[str, bool]] = {}
    tree = set_up()
    for person_id, name, generalist, region_id, organisation_id in held.values_list(
        "person_id", "person__name", "person__is_generalist", "region_id", "organisation_id"
    ):
        names[person_id] = (name, generalist)
        if not region_id and not organisation_id:
            regions[person_id] = None
            continue
        among = regions.setdefault(person_id, set())
        if among is not None:
            among |= {region_id} if region_id else _regions_of(organisation_id, tree)
    areas: dict[int, dict[int, date | None]] = defaultdict(dict)
    for person_id, area_id, until in Qualification.objects.filter(person_id__in=names).values_list(
        "person_id", "area_id", "valid_until"
    ):
        areas[person_id][area_id] = until
    reachable = dict(
        PhoneNumber.objects.filter(person_id__in=names, is_primary=True, verified_at__isnull=False).values_list(
            "person_id", "tested_at"
        )
    )
    return {
        person_id: Staff(
            id=person_id,
            name=name,
            generalist=generalist,
            areas=areas[person_id],
            regions=None if (found := regions[person_id]) is None else frozenset(found),
            has_number=person_id in reachable,
            tested_at=reachable.get(person_id),
        )
        for person_id, (name, generalist) in names.items()
    }


def may_act_for(actor_id: int, person_id: int, at: datetime | None = None) -> bool:
    """Whether somebody keeps this person's roster: himself, his assistant, or a coordinator of a region of his."""
    if actor_id == person_id:
        return True
    if person_id in assisted_by(actor_id, at):
        return True
    mine = regions_in_scope(actor_id, RoleAssignment.Role.COORDINATOR, at)
    if not mine:
        return False
    theirs = [one for role in DUTY_ROLES for one in staff(role, at, person_ids=[person_id]).values()]
    return any(one.regions is None or one.regions & mine for one in theirs)


def assisted_by(assistant_id: int, at: datetime | None = None) -> dict[int, str]:
    """Whose roster this assistant keeps: id and name, by name."""
    kept = Assistance.objects.filter(_holds(_day(at)), assistant_id=assistant_id, person__is_active=True)
    return dict(kept.order_by("person__name", "person_id").values_list("person_id", "person__name"))


def organisation(organisation_id: int) -> OrganisationAt:
    """Raises NotKnown."""
    found = Organisation.objects.filter(pk=organisation_id).values_list("id", "name", "kind").first()
    if found is None:
        raise NotKnown("organisation_unknown", str(organisation_id))
    regions: Sequence[int] = tuple(
        Organisation.regions.through.objects.filter(organisation_id=organisation_id)
        .order_by("region_id")
        .values_list("region_id", flat=True)
    )
    return OrganisationAt(*found, region_ids=tuple(regions))


def has_demo_people() -> bool:
    return Person.objects.filter(is_demo=True).exists()


def demo_count() -> int:
    """How many people the demo made, also those no longer active."""
    return Person.objects.filter(is_demo=True).count()


def demo_people() -> tuple[Contact, ...]:
    """Everybody the demo made, in the order in which it made them."""
    return tuple(_contacts(Person.objects.filter(is_demo=True)).values())


def demo_cast(each: int) -> dict[str, list[tuple[int, str]]]:
    """Per role the id and name of the first `each` people the demo made, in one statement."""
    place = Window(RowNumber(), partition_by=F("role"), order_by=F("person_id").asc())
    held = RoleAssignment.objects.filter(_holds(_day(None)), person__is_demo=True, person__is_active=True)
    cast: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for role, person_id, name in (
        held.annotate(place=place)
        .filter(place__lte=each)
        .order_by("role", "person_id")
        .values_list("role", "person_id", "person__name")
    ):
        if (person_id, name) not in cast[role]:
            cast[role].append((person_id, name))
    return dict(cast)


def has_people_besides_demo() -> bool:
    return Person.objects.filter(is_demo=False).exists()


def _regions_of(organisation_id: int, tree: SetUp) -> set[int]:
    return {
        region_id
        for region_id in Organisation.regions.through.objects.filter(organisation_id=organisation_id).values_list(
            "region_id", flat=True
        )
        if region_id in tree.region_by_id
    }


def _day(at: datetime | None) -> date:
    return (at or clock.now()).astimezone(AMSTERDAM).date()


def _holds(on: date) -> Q:
    return (Q(starts_on__isnull=True) | Q(starts_on__lte=on)) & (Q(ends_on__isnull=True) | Q(ends_on__gt=on))


def _contacts(people: QuerySet[Person]) -> dict[int, Contact]:
    rows = list(
        people.filter(is_active=True)
        .order_by("pk")
        .values_list("id", "name", "email", "organisation_id", "organisation__name")
    )
    numbers = dict(
        PhoneNumber.objects.filter(
            person_id__in=[row[0] for row in rows], is_primary=True, verified_at__isnull=False
        ).values_list("person_id", "e164")
    )
    return {
        person_id: Contact(person_id, name, email, numbers.get(person_id, ""), organisation_id, organisation or "")
        for person_id, name, email, organisation_id, organisation in rows
    }
