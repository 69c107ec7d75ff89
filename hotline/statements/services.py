"""What is done with an urenstaat: put a line right, hand it in, agree to it, send it back. The only writers of it.

Handing in freezes the lines as they were shown. What the evidence says later is shown beside them, never written in.
"""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from directory import queries as directory
from hotline.core import statement
from hotline.core.statement import EXTRA, MOST_MINUTES, Line
from hotline.errors import FormRefused, NotNow, NotYours
from hotline.models import Statement
from hotline.statements.evidence import lines_of
from hotline.statements.scope import may_agree_for
from integrations import clock
from rosters.core import wall
from rosters.ledger import Period
from rosters.ledger import month as month_of

MOST_LETTERS = 200


@transaction.atomic
def correct(*, actor_id: int, person_id: int, month: date, key: str, minutes: int | None, text: str) -> Statement:
    """Put one line right: so many minutes, and why. Without minutes the line is again as the evidence has it.

    Raises NotYours, NotNow (handed in), FormRefused: line_unknown, minutes_wrong, text_missing, text_long.
    """
    _own(actor_id, person_id)
    period = month_of(month)
    found = _concept(person_id, period)
    if key != EXTRA and key not in {line.key for line in lines_of([person_id], period)[person_id]}:
        raise FormRefused("line_unknown", _("This line of the month is gone. Load the page again."), field="")
    if minutes is None:
        found.corrections.pop(key, None)
    else:
        found.corrections[key] = {
            "minutes": _checked(minutes),
            "text": _words(text),
            "by": actor_id,
            "at": clock.now().isoformat(),
        }
    found.save(update_fields=["corrections"])
    return found


@transaction.atomic
def submit(*, actor_id: int, person_id: int, month: date, seen: str) -> Statement:
    """Hand a month in as it was shown: `seen` is the hash of those lines.

    Raises NotYours, NotNow: month_runs, duty_runs, handed_in, lines_changed, nothing_done.
    """
    _own(actor_id, person_id)
    period, now = month_of(month), clock.now()
    if period.window.end > now:
        first = _day(period.ends_on)
        raise NotNow("month_runs", _("This month is not over. Hand it in from %(day)s.") % {"day": first})
    found = _concept(person_id, period)
    lines = lines_now(person_id, period, found)
    if not lines:
        raise NotNow("nothing_done", _("There is nothing to hand in this month."))
    if any(line.is_running for line in lines):
        raise NotNow("duty_runs", _("Your last duty is not over. Hand it in after it."))
    rows = statement.as_json(lines)
    if statement.hash_of(rows) != seen:
        raise NotNow("lines_changed", _("The lines changed while you looked. Read them again and hand them in then."))
    found.state, found.lines, found.lines_hash = Statement.State.SUBMITTED, rows, seen
    found.submitted_at, found.submitted_by_id, found.sent_back_why = now, actor_id, ""
    found.save()
    return found


@transaction.atomic
def agree(*, actor_id: int, statement_id: int, seen: str) -> Statement:
    """A coordinator of the region agrees to the lines that he saw. Twice is once.

    Raises NotYours (no coordinator there, his own, handed in or corrected by himself), NotNow: not_handed_in,
    lines_changed.
    """
    found = _for_coordinator(actor_id, statement_id)
    if found.state == Statement.State.AGREED:
        return found
    if found.state != Statement.State.SUBMITTED:
        raise NotNow("not_handed_in", _("This statement is not handed in (any more). Load the page again."))
    if found.lines_hash != seen:
        raise NotNow("lines_changed", _("It was handed in again meanwhile. Load the page again."))
    if actor_id == found.submitted_by_id or any(one["by"] == actor_id for one in found.corrections.values()):
        raise NotYours
    found.state, found.agreed_at, found.agreed_by_id = Statement.State.AGREED, clock.now(), actor_id
    found.save(update_fields=["state", "agreed_at", "agreed_by"])
    return found


@transaction.atomic
def send_back(*, actor_id: int, statement_id: int, why: str) -> Statement:
    """It is a concept again, with the reason on it; the corrections stay. Raises NotYours, NotNow, FormRefused."""
    found = _for_coordinator(actor_id, statement_id)
    if found.state == Statement.State.CONCEPT:
        raise NotNow("not_handed_in", _("This statement is not handed in (any more). Load the page again."))
    found.sent_back_why = _words(why)
    found.state, found.lines, found.lines_hash = Statement.State.CONCEPT, [], ""
    found.submitted_at = found.submitted_by = found.agreed_at = found.agreed_by = None
    found.save()
    return found


def lines_now(person_id: int, period: Period, found: Statement | None) -> tuple[Line, ...]:
    """What the evidence says, with what the person put right."""
    corrections = found.corrections if found else {}
    return statement.put_right(
        lines_of([person_id], period)[person_id], corrections, period.ends_on - timedelta(days=1)
    )


def _concept(person_id: int, period: Period) -> Statement:
    """The statement of that month, made when there was none, locked, and not handed in."""
    Statement.objects.get_or_create(person_id=person_id, month=period.starts_on)
    found = Statement.objects.select_for_update(of=("self",)).get(person_id=person_id, month=period.starts_on)
    if found.state != Statement.State.CONCEPT:
        raise NotNow("handed_in", _("This month is handed in. Ask a coordinator to send it back."))
    return found


def _for_coordinator(actor_id: int, statement_id: int) -> Statement:
    found = Statement.objects.select_for_update(of=("self",)).filter(pk=statement_id).first()
    if found is None or actor_id == found.person_id or not may_agree_for(actor_id, found.person_id):
        raise NotYours
    return found


def _own(actor_id: int, person_id: int) -> None:
    if actor_id != person_id and person_id not in directory.assisted_by(actor_id):
        raise NotYours


def _checked(minutes: int) -> int:
    if not 0 <= minutes <= MOST_MINUTES:
        said = _("Give minutes from 0 to %(most)s.") % {"most": MOST_MINUTES}
        raise FormRefused("minutes_wrong", said, field="minutes")
    return minutes


def _words(text: str) -> str:
    """One line of plain words; what a spreadsheet or a printer could stumble over is left out."""
    plain = "".join(" " if unicodedata.category(letter).startswith("C") else letter for letter in text)
    words = " ".join(plain.split())
    if not words:
        raise FormRefused("text_missing", _("Say in a few words why."), field="text")
    if len(words) > MOST_LETTERS:
        said = _("At most %(most)s characters.") % {"most": MOST_LETTERS}
        raise FormRefused("text_long", said, field="text")
    return words


def _day(day: date) -> str:
    from_midnight = wall.moment(day, 0)
    return from_midnight.astimezone(wall.AMSTERDAM).strftime("%d-%m-%Y")
