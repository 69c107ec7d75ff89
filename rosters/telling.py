"""Fills in the texts about duties and makes outbox rows of them; `outbox.enqueue` in the caller's transaction.

A text that is not urgent waits for the end of quiet hours. A person without a verified number gets the mail only.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _

from directory import queries as directory
from directory.queries import Contact
from integrations import clock, outbox, sms
from integrations.links import LENGTH, LinkFor
from integrations.outbox import OutboxMessage
from rosters.core import quiet, wall
from rosters.core.intervals import Interval, merged
from rosters.texts import MAILS, SMS

CUT = ("who", "desk")
NEAR = timedelta(days=180)  # a day of the week and of the month says enough
MOST_STRETCHES = 2  # hours that fit a text message
LINK_LENGTH = len(f"{settings.SHORT_URL}/k/") + LENGTH


def tell(
    text: str,
    person_ids: Iterable[int],
    *,
    key: str,
    link: LinkFor | None = None,
    urgent: bool = False,
    about: str = "",
    not_before: datetime | None = None,
    expires: datetime | None = None,
    by_sms: bool = True,
    by_mail: bool = True,
    **values: str,
) -> None:
    """Text and mail `text` (a name in SMS, in MAILS, or both) to these people, each once for this `key`.

    `link` is for every receiver his own: its `person_id` is filled in. Values are plain words (see `texts`).
    """
    contacts = directory.contacts(person_ids).values()
    outbox.enqueue(*messages(
        text, contacts, key=key, link=link, urgent=urgent, about=about, not_before=not_before, expires=expires,
        by_sms=by_sms, by_mail=by_mail, **values,
    ))  # fmt: skip


def messages(
    text: str,
    contacts: Iterable[Contact],
    *,
    key: str,
    link: LinkFor | None = None,
    urgent: bool = False,
    about: str = "",
    not_before: datetime | None = None,
    expires: datetime | None = None,
    by_sms: bool = True,
    by_mail: bool = True,
    **values: str,
) -> list[OutboxMessage]:
    """As `tell`, unwritten: for who wants to hold, count or change them first."""
    made: list[OutboxMessage] = []
    with translation.override(settings.LANGUAGE_CODE):
        for contact in contacts:
            known = {"name": contact.name, "page": settings.PUBLIC_URL, **values}
            own = None if link is None else LinkFor(contact.id, link.action, link.about, link.prefix, link.hours)
            base = f"{text}:{key}:{contact.id}"
            moment = not_before or clock.now()
            if by_sms and text in SMS and contact.number:
                at = moment if urgent else quiet.in_day_time(moment)
                body = sms_text(text, known)
                made.append(outbox.sms(
                    contact.number, body, key=f"{base}:sms", about=about, link=own, not_before=at, expires=expires
                ))  # fmt: skip
            if by_mail and text in MAILS:
                subject, body = mail_text(text, known)
                made.append(outbox.mail(
                    contact.email, subject, body, key=f"{base}:mail", about=about, link=own, not_before=not_before,
                    expires=expires,
                ))  # fmt: skip
    return made


def sms_text(text: str, values: dict[str, str]) -> str:
    """One SMS in GSM-7; names are cut first. `{link}` stays for the outbox."""
    template = _(SMS[text])
    used = {name: value for name, value in values.items() if f"{{{name}}}" in template}
    return sms.fit(template, used, cut=CUT, link=LINK_LENGTH)


def mail_text(text: str, values: dict[str, str]) -> tuple[str, str]:
    mail = MAILS[text]
    return _(mail.subject).format(**values), _(mail.body).format(**values, link=sms.LINK)


def time_words(when: Interval) -> str:
    """'do 12 nov 9-13 u', at night 'do 12 nov 22:30-6 u', over days 'do 12 nov 9 - za 14 nov 9 u'."""
    start, end = (moment.astimezone(wall.AMSTERDAM) for moment in when)
    day = formats.date_format(start, "D j b" if abs(when.start - clock.now()) < NEAR else "D j b Y")
    night = (end.date() - start.date()).days <= 1 and end - start < wall.A_DAY
    if night:
        return _("{day} {start}-{end} h").format(
            day=day, start=_hour(start), end=_hour(end) if end.time() != wall.MIDNIGHT else "24"
        )
    last = formats.date_format(end, "D j b")
    return _("{day} {start} - {last} {end} h").format(day=day, start=_hour(start), last=last, end=_hour(end))


def coming(whens: Iterable[Interval]) -> str:
    """Duties that start on one day, as they are said shortly before: 'morgen 9-13 u', 'ma 23 nov 9-13 en 14-17 u'."""
    stretches = merged(whens)
    first, last = stretches[0], stretches[-1]
    if last.end - first.start >= wall.A_DAY:
        return time_words(Interval(first.start, last.end))
    today, day = wall.day_of(clock.now()), wall.day_of(first.start)
    known = {today: _("today"), today + wall.A_DAY: _("tomorrow")}
    said = known.get(day) or formats.date_format(day, "D j b")
    if len(stretches) > MOST_STRETCHES:
        return _("{day} from {start} h, {n} times").format(day=said, start=local_hour(first.start), n=len(stretches))
    hours = _(" and ").join(f"{local_hour(one.start)}-{local_hour(one.end, '24')}" for one in stretches)
    return _("{day} {hours} h").format(day=said, hours=hours)


def local_hour(moment: datetime, midnight: str = "0") -> str:
    """The hour on the wall: 9, 9:30; at midnight `midnight`, which is 24 where something ends."""
    local = moment.astimezone(wall.AMSTERDAM)
    return midnight if local.time() == wall.MIDNIGHT else _hour(local)


def _hour(local: datetime) -> str:
    return formats.date_format(local, "G:i" if local.minute else "G")
