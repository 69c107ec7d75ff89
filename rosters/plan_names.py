"""Ids in a difference as people read them: names of people and desks, in two statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from directory import queries as directory
from rosters import snapshot
from rosters.core.diff import Change
from rosters.models import Hole
from rosters.services.patterns import Difference
from rosters.services.publishing import Publication


@dataclass(frozen=True, slots=True)
class Names:
    people: dict[int, str] = field(default_factory=dict)
    desks: dict[int, str] = field(default_factory=dict)

    def person(self, person_id: int | None) -> str:
        """'' for nobody; somebody who left has no name any more."""
        return "" if person_id is None else self.people.get(person_id, "–")

    def desk(self, desk_id: int) -> str:
        return self.desks.get(desk_id, "–")

    @classmethod
    def of_difference(cls, one: Difference) -> Names:
        others = {stint.person_id for stint in one.kept} | {warned.person_id for warned in one.warnings}
        return cls.of(_people(one.rows, one.holes) | others)

    @classmethod
    def of_publication(cls, one: Publication) -> Names:
        merge = one.merge
        others = {stays.stint.person_id for stays in merge.stays} | {stint.person_id for stint in merge.gone}
        told = {news.person_id for news in one.news} | {warned.person_id for warned in one.warnings}
        return cls.of(_people(one.rows, one.holes) | others | told | set(one.unready))

    @classmethod
    def of(cls, person_ids: Iterable[int]) -> Names:
        found = {contact.id: contact.name for contact in directory.contacts(person_ids).values()}
        return cls(found, {desk.id: desk.name for desk in snapshot.current().desks})


def _people(rows: Iterable[Change], holes: Iterable[Hole]) -> set[int]:
    named = {person_id for row in rows for person_id in (row.was, row.becomes) if person_id is not None}
    return named | {hole.person_id for hole in holes}
