"""The news of a published roster: who is told, what, and when; and how it is taken back.

Everybody in the roster is mailed his duties; whose duties change within a week is texted too. The news waits until the
roster can no longer be taken back, then for office hours; who has or loses a duty within a day is told at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import ngettext

from directory import queries as directory
from directory.queries import Contact
from integrations import clock, outbox
from integrations.outbox import OutboxMessage
from rosters import snapshot, telling
from rosters.core import quiet
from rosters.core.diff import Stint
from rosters.models import RosterVersion

HELD_FOR = timedelta(minutes=10)
AT_ONCE = timedelta(hours=24)
BY_SMS = timedelta(days=7)
MOST_LISTED = 40
NAME_LENGTH = 24  # of the roster, in a text message
PUBLISHED, TAKEN_BACK = "roster_published", "roster_taken_back"
ROSTER_PATH = "/rooster/"


@dataclass(frozen=True, slots=True)
class News:
    """What one person is told: which duties he has afterwards, and how fast he must know."""

    person_id: int
    stints: tuple[Stint, ...]
    added: int
    removed: int
    by_sms: bool
    at_once: bool


def of_publication(
    out: Iterable[Stint], into: Iterable[Stint], after: Iterable[Stint], now: datetime
) -> tuple[News, ...]:
    """For everybody in it and everybody who leaves it, by id; nobody when nothing changes.

    `after`: all duties in the roster once it is published.
    """
    removed, added, has = _by_person(out), _by_person(into), _by_person(after)
    if not removed and not added:
        return ()
    found = []
    for person_id in sorted({*removed, *added, *has}):
        changed = (*removed.get(person_id, ()), *added.get(person_id, ()))
        first = min((stint.when.start for stint in changed), default=datetime.max.replace(tzinfo=UTC))
        found.append(
            News(
                person_id=person_id,
                stints=tuple(sorted(has.get(person_id, ()))),
                added=len(added.get(person_id, ())),
                removed=len(removed.get(person_id, ())),
                by_sms=first < now + BY_SMS,
                at_once=first < now + AT_ONCE,
            )
        )
    return tuple(found)


def tell(version: RosterVersion, news: Iterable[News], now: datetime) -> dict[str, list[list[str]]]:
    """Write the news to the outbox. Returns, for `held` and sent `at_once`, a person and the keys of his messages."""
    later = quiet.in_office_hours(now + HELD_FOR)
    told: dict[str, list[list[str]]] = {"held": [], "at_once": []}
    all_news = list(news)
    contacts = directory.contacts(one.person_id for one in all_news)
    rows: list[OutboxMessage] = []
    for one in all_news:
        if one.person_id in contacts:
            made = _messages(PUBLISHED, contacts[one.person_id], version, one.stints, one, later)
            rows += made
            told["at_once" if one.at_once else "held"].append([str(one.person_id), *(row.dedupe_key for row in made)])
    outbox.enqueue(*rows)
    return told


def take_back(version: RosterVersion, after: Iterable[Stint]) -> None:
    """What still waits is not sent; who was told already is told that it no longer holds. `after`: as above."""
    told: Mapping[str, list[list[str]]] = version.undo["told"]
    has = _by_person(after)
    outbox.cancel([key for _person, *keys in told["held"] for key in keys])
    wrongly = [int(person_id) for person_id, *keys in told["at_once"] if outbox.cancel(keys) < len(keys)]
    for contact in directory.contacts(wrongly).values():
        outbox.enqueue(*_messages(TAKEN_BACK, contact, version, tuple(sorted(has.get(contact.id, ())))))


def _messages(
    text: str,
    contact: Contact,
    version: RosterVersion,
    stints: tuple[Stint, ...],
    news: News | None = None,
    later: datetime | None = None,
) -> list[OutboxMessage]:
    """Without `news` by every way, at once."""
    names = {desk.id: desk.name for desk in snapshot.current().desks}
    with translation.override(settings.LANGUAGE_CODE):
        count = ngettext("%(count)s duty", "%(count)s duties", len(stints)) % {"count": len(stints)}
        coming = [stint for stint in stints if stint.when.end > clock.now()]
        lines = [f"- {telling.time_words(one.when)}, {names.get(one.desk_id, '')}" for one in coming[:MOST_LISTED]]
    at_once = news is None or news.at_once
    return telling.messages(
        text,
        [contact],
        key=str(version.pk),
        urgent=at_once,
        by_sms=news is None or news.by_sms,
        not_before=None if at_once else later,
        roster=version.name[:NAME_LENGTH],
        count=count,
        duties="\n".join(lines) or "-",
        page=f"{settings.PUBLIC_URL}{ROSTER_PATH}",
    )


def _by_person(stints: Iterable[Stint]) -> dict[int, list[Stint]]:
    found: dict[int, list[Stint]] = defaultdict(list)
    for stint in stints:
        found[stint.person_id].append(stint)
    return found
