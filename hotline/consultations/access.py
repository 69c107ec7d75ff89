"""Who may see a consultation, who may read its text, and as what. The rules of architecture section 6, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from directory import queries as directory
from hotline.consultations.record import ACCEPTED
from hotline.errors import NotFound, NotYours
from hotline.models import Consultation, Offer, Share


class Actor(Protocol):
    """Somebody who is logged in, or who holds a link."""

    @property
    def pk(self) -> int: ...

    @property
    def name(self) -> str: ...

    @property
    def organisation_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Somebody:
    """An Actor who is not logged in: the person whom a link, a key or a token was made for."""

    pk: int
    name: str
    organisation_id: int | None


def somebody(person_id: int) -> Somebody:
    """Raises NotFound for who is not known or no longer active."""
    found = directory.contacts([person_id]).get(person_id)
    if found is None:
        raise NotFound
    return Somebody(found.id, found.name, found.organisation_id)


class As(StrEnum):
    """In what capacity somebody looks at a consultation, the strongest first."""

    ASKER = "asker"
    LAWYER = "lawyer"  # accepted, by phone or online, and not released
    OFFERED = "offered"  # an online offer is open
    SHARED = "shared"  # a colleague whom the asker shares with
    COLLEAGUE = "colleague"  # of the same organisation: may take it over
    COORDINATOR = "coordinator"


READS_TEXT = frozenset({As.ASKER, As.LAWYER, As.OFFERED, As.SHARED})


def seen_as(person: Actor, consultation: Consultation) -> As:
    """Raises NotFound for everybody who has nothing to do with it: they do not learn that it exists."""
    if consultation.asker_id == person.pk:
        return As.ASKER
    mine = Offer.objects.filter(consultation=consultation, lawyer_id=person.pk)
    if mine.filter(state__in=ACCEPTED, released_at__isnull=True).exists():
        return As.LAWYER
    if mine.filter(channel=Offer.Channel.ONLINE, state=Offer.State.ASKED).exists():
        return As.OFFERED
    if is_colleague(person, consultation):
        shared = Share.objects.filter(consultation=consultation, person_id=person.pk).exists()
        return As.SHARED if shared else As.COLLEAGUE
    if directory.in_scope(person.pk, "coordinator", consultation.region_id):
        return As.COORDINATOR
    raise NotFound


def is_colleague(person: Actor, consultation: Consultation) -> bool:
    """Whether the person works, as a first-line worker, at the organisation that asked."""
    return (
        consultation.organisation_id is not None
        and person.organisation_id == consultation.organisation_id
        and directory.in_scope(person.pk, "worker")
    )


def require(person: Actor, consultation: Consultation, *allowed: As) -> As:
    """In what capacity the person acts. Raises NotFound, or NotYours when it is none of `allowed`."""
    capacity = seen_as(person, consultation)
    if capacity not in allowed:
        raise NotYours
    return capacity
