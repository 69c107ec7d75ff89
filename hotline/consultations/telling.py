"""Who hears what about a consultation: fills in the texts and puts them in the outbox, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext

from directory import queries as directory
from directory.queries import Contact
from hotline.consultations.texts import MAILS, SMS, WHY
from hotline.models import Consultation, Event, Lane, Offer
from hotline.phone.texting import short_time
from integrations import clock, outbox, sms
from integrations.links import LENGTH, LinkFor
from integrations.outbox import OutboxMessage
from rosters.core import quiet

CUT = ("area", "region")
AT_ONCE = frozenset({"offered"})  # he is on duty; other texts that are not urgent keep the quiet hours
ACCEPT, OUTCOME = "accept", "outcome"  # what a link lets its holder do


def accept_link(offer: Offer) -> LinkFor:
    """Lets one lawyer see the outside of the question and accept or decline it."""
    return LinkFor(person_id=offer.lawyer_id, action=ACCEPT, about=f"offer:{offer.pk}", prefix="c")


def outcome_link(person_id: int, consultation: Consultation) -> LinkFor:
    """Lets one person say what came of it."""
    return LinkFor(person_id=person_id, action=OUTCOME, about=f"consultation:{consultation.pk}", prefix="u")


def tell(
    text: str,
    event: Event,
    consultation: Consultation,
    *people: int | None,
    link: LinkFor | None = None,
    until: datetime | date | None = None,
    who: str = "",
    why: str = "",
) -> None:
    """Mail `text` (a name in MAILS) to these people, and by SMS too when it is in SMS. Nobody is told twice.

    `event` is what happened: the same event never sends the same text to the same person again.
    """
    contacts = directory.contacts(person for person in people if person is not None)
    _send(text, event, consultation, contacts.values(), link=link, until=until, who=who, why=why)


def tell_coordinators(
    text: str, event: Event, consultation: Consultation, *, until: datetime | None = None, why: str = ""
) -> None:
    """As `tell`, to the coordinators of the nearest region that has any."""
    _send(text, event, consultation, directory.coordinators_for(consultation.region_id), until=until, why=why)


def _send(
    text: str,
    event: Event,
    consultation: Consultation,
    contacts: Iterable[Contact],
    *,
    link: LinkFor | None = None,
    until: datetime | date | None = None,
    who: str = "",
    why: str = "",
) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        messages: list[OutboxMessage] = []
        for contact in contacts:
            values = words(consultation, until=until, who=who, why=why, name=contact.name)
            key = f"{text}:{event.pk}:{contact.id}"
            about = f"consultation:{consultation.pk}"
            subject, body = mail_text(text, values)
            messages.append(outbox.mail(contact.email, subject, body, key=f"{key}:mail", about=about, link=link))
            if text in SMS and contact.number:
                short = sms_text(text, {**values, "area": consultation.area.short_name})
                at_once = text in AT_ONCE or consultation.lane == Lane.NOW
                wait = None if at_once else quiet.in_day_time(clock.now())
                messages.append(
                    outbox.sms(contact.number, short, key=f"{key}:sms", about=about, link=link, not_before=wait)
                )
    outbox.enqueue(*messages)


def words(
    consultation: Consultation, *, until: datetime | date | None, who: str, why: str, name: str
) -> dict[str, str]:
    """The values that every text may use, in the language of now."""
    return {
        "reference": consultation.reference,
        "area": consultation.area.name,
        "region": consultation.region.name,
        "lane": str(Lane(consultation.lane).label),
        "organisation": consultation.organisation.name if consultation.organisation else "-",
        "answer_by": moment(consultation.answer_due_at),
        "until": moment(until),
        "who": who,
        "why": gettext(WHY[why]) if why in WHY else why,
        "name": name,
        "page": page_of(consultation),
    }


def mail_text(text: str, values: dict[str, str]) -> tuple[str, str]:
    """Subject and body of a mail; `{link}` stays for the outbox."""
    mail = MAILS[text]
    return gettext(mail.subject).format(**values), gettext(mail.body).format(**values, link=sms.LINK)


def sms_text(text: str, values: dict[str, str]) -> str:
    """An SMS that fits; `{link}` stays for the outbox. Names are cut first; a long address of the page is left out."""
    template = gettext(SMS[text])
    used = {name: value for name, value in values.items() if f"{{{name}}}" in template}
    link = len(f"{settings.SHORT_URL}/c/") + LENGTH
    try:
        return sms.fit(template, used, cut=CUT, link=link)
    except ValueError:
        return sms.fit(template, {**used, "page": gettext("log in")}, cut=CUT, link=link)


def page_of(consultation: Consultation) -> str:
    """The address of the consultation behind the login: a number, nothing of the case."""
    return f"{settings.PUBLIC_URL}/vragen/{consultation.reference}/"


def moment(at: datetime | date | None) -> str:
    """'14:00' today, 'morgen 11:00', else 'wo 18 nov 11:00'; a date without its time."""
    if at is None:
        return "-"
    return short_time(at) if isinstance(at, datetime) else formats.date_format(at, "D j b")
