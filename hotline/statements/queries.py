"""The sheet of a month for its person, and the list of all sheets for a coordinator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hotline.core import statement
from hotline.core.statement import Difference, Line, Totals
from hotline.models import Statement
from hotline.statements.evidence import lines_of
from hotline.statements.scope import people_of
from hotline.statements.services import lines_now
from integrations import clock
from rosters.ledger import Period
from rosters.ledger import month as month_of

State = Statement.State


@dataclass(frozen=True, slots=True)
class Sheet:
    """A month of one person. `lines` are as handed in, or from evidence while it is a concept."""

    person_id: int
    month: Period
    id: int | None
    state: str
    lines: tuple[Line, ...]
    totals: Totals
    seen: str  # hash of the lines
    differences: tuple[Difference, ...]  # what the evidence says otherwise since it was handed in
    is_over: bool
    sent_back_why: str = ""
    submitted_at: datetime | None = None
    submitted_by: str = ""
    agreed_at: datetime | None = None
    agreed_by: str = ""

    @property
    def is_concept(self) -> bool:
        return self.state == State.CONCEPT

    @property
    def extra(self) -> Line | None:
        return next((line for line in self.lines if line.key == statement.EXTRA), None)

    @property
    def may_submit(self) -> bool:
        return self.is_concept and self.is_over and bool(self.lines) and not any(one.is_running for one in self.lines)


@dataclass(frozen=True, slots=True)
class Entry:
    """One person in the list of a coordinator. `id` None: nothing was written yet."""

    person_id: int
    name: str
    id: int | None
    state: str
    totals: Totals
    seen: str
    corrections: tuple[Line, ...]
    differences: tuple[Difference, ...]
    may_agree: bool


def sheet(person_id: int, day: date) -> Sheet:
    """Of the month in which the day lies."""
    period = month_of(day)
    found = (
        Statement.objects.filter(person_id=person_id, month=period.starts_on)
        .select_related("submitted_by", "agreed_by")
        .first()
    )
    now = lines_now(person_id, period, found)
    frozen = found is not None and found.state != State.CONCEPT
    lines = statement.from_json(found.lines) if found and frozen else now
    return Sheet(
        person_id=person_id,
        month=period,
        id=found.pk if found else None,
        state=found.state if found else State.CONCEPT,
        lines=lines,
        totals=statement.totals(lines),
        seen=found.lines_hash if found and frozen else statement.hash_of(statement.as_json(lines)),
        differences=statement.differences(lines, now) if frozen else (),
        is_over=period.window.end <= clock.now(),
        sent_back_why=found.sent_back_why if found else "",
        submitted_at=found.submitted_at if found else None,
        submitted_by=found.submitted_by.name if found and found.submitted_by else "",
        agreed_at=found.agreed_at if found else None,
        agreed_by=found.agreed_by.name if found and found.agreed_by else "",
    )


def overview(coordinator_id: int, day: date) -> tuple[Entry, ...]:
    """Everybody in the coordinator's regions who did something that month: to be agreed first, then by name."""
    period = month_of(day)
    names = people_of(coordinator_id)
    evidence = lines_of(names, period)
    found = {row.person_id: row for row in Statement.objects.filter(person_id__in=names, month=period.starts_on)}
    entries = [_entry(one, name, evidence[one], found.get(one), coordinator_id, period) for one, name in names.items()]
    order = [State.SUBMITTED, State.CONCEPT, State.AGREED]
    return tuple(
        sorted(
            (one for one in entries if one.totals.duties or one.totals.calls or one.id),
            key=lambda one: (order.index(State(one.state)), one.name, one.person_id),
        )
    )


def _entry(
    person_id: int, name: str, evidence: tuple[Line, ...], row: Statement | None, reader_id: int, period: Period
) -> Entry:
    corrections = row.corrections if row else {}
    now = statement.put_right(evidence, corrections, period.ends_on)
    frozen = row is not None and row.state != State.CONCEPT
    lines = statement.from_json(row.lines) if row and frozen else now
    return Entry(
        person_id=person_id,
        name=name,
        id=row.pk if row else None,
        state=row.state if row else State.CONCEPT,
        totals=statement.totals(lines),
        seen=row.lines_hash if row else "",
        corrections=tuple(line for line in lines if line.corrected is not None),
        differences=statement.differences(lines, now) if frozen else (),
        may_agree=row is not None
        and row.state == State.SUBMITTED
        and reader_id not in {row.submitted_by_id, *(one["by"] for one in corrections.values())},
    )
