"""Who calls: the one hot read of the directory, as constant SQL. It runs in the first webhook of every call.

`tests/directory/test_caller.py` holds it to the same question asked through the ORM.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody, or the main number of an organisation, at the other end of the line."""

    person_id: int | None  # None for a main number
    name: str
    organisation_id: int | None
    organisation: str
    number: str  # E.164 to call back: the one dialled from, or by code the verified primary one ('' without)
    verified: bool
    is_main_number: bool
    roles: frozenset[str]  # those that hold today
    usual_area_id: int | None
    usual_area: str  # slug, '' without
    usual_region_id: int | None
    region_ids: tuple[int, ...]  # where he works: his own worker regions, else his organisation's; the usual one first

    @property
    def may_ask(self) -> bool:
        """Whether the line works for this caller: a worker, or an organisation's main number."""
        return self.is_main_number or WORKER in self.roles


_COLUMNS = """
    p.id, p.name, o.id, o.name, n.e164, n.verified_at, p.usual_area_id, a.slug, p.usual_region_id,
    r.role, r.region_id, g.region_id
"""
_JOINS = """
    LEFT JOIN directory_organisation o ON o.id = COALESCE(n.organisation_id, p.organisation_id)
    LEFT JOIN directory_organisation_regions g ON g.organisation_id = o.id
    LEFT JOIN directory_legalarea a ON a.id = p.usual_area_id
    LEFT JOIN directory_roleassignment r ON r.person_id = p.id
        AND (r.starts_on IS NULL OR r.starts_on <= %s) AND (r.ends_on IS NULL OR r.ends_on > %s)
"""
BY_NUMBER = f"""
SELECT {_COLUMNS} FROM directory_phonenumber n
    LEFT JOIN directory_person p ON p.id = n.person_id
    {_JOINS}
WHERE n.e164 = %s AND (p.id IS NULL OR p.is_active) ORDER BY r.id, g.region_id
"""  # noqa: S608 - constants only
BY_CODE = f"""
SELECT {_COLUMNS} FROM directory_person p
    LEFT JOIN directory_phonenumber n ON n.person_id = p.id AND n.is_primary AND n.verified_at IS NOT NULL
    {_JOINS}
WHERE p.dial_code_hash = %s AND p.is_active ORDER BY r.id, g.region_id
"""  # noqa: S608 - constants only


def by_number(e164: str, day: date) -> Caller | None:
    rows = _rows(BY_NUMBER, [day, day, e164])
    return _caller(rows, verified=rows[0][5] is not None) if rows else None


def by_code(code_hash: str, day: date) -> Caller | None:
    rows = _rows(BY_CODE, [day, day, code_hash])
    return _caller(rows, verified=True) if rows else None


def _rows(sql: str, parameters: list[date | str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _caller(rows: Sequence[tuple[Any, ...]], *, verified: bool) -> Caller:
    """One caller from one row per role and region of the organisation."""
    (person_id, name, organisation_id, organisation, number, _at, area_id, area, region_id, *_rest) = rows[0]
    own = dict.fromkeys(row[10] for row in rows if row[9] == WORKER and row[10] is not None)
    offices = dict.fromkeys(row[11] for row in rows if row[11] is not None)
    region_ids = sorted(own or offices, key=lambda place: place != region_id)
    return Caller(
        person_id=person_id,
        name=name or organisation or "",
        organisation_id=organisation_id,
        organisation=organisation or "",
        number=number or "",
        verified=verified,
        is_main_number=person_id is None,
        roles=frozenset(row[9] for row in rows if row[9] is not None),
        usual_area_id=area_id,
        usual_area=area or "",
        usual_region_id=region_id,
        region_ids=tuple(region_ids),
    )
