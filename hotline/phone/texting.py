"""Fills in a text message about a call and makes its outbox row; nothing is sent here."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _

from hotline.models import FIRST_REFERENCE, Lane
from hotline.phone import speech
from hotline.phone.texts import CUT, SMS
from integrations import clock, outbox, sms
from integrations.links import LENGTH, LinkFor
from integrations.outbox import OutboxMessage


def message(
    name: str,
    to: str,
    *,
    key: str,
    consultation_id: int | None = None,
    area_id: int | None = None,
    region_id: int | None = None,
    lane: str = "",
    at: datetime | None = None,
    desk: str = "",
    page: str = "",
    number: str = "",
    when: str = "",
    request: str = "",
    who: str = "",
    code: str = "",
    link: LinkFor | None = None,
    not_before: datetime | None = None,
    expires: datetime | None = None,
    report: str = "",
) -> OutboxMessage:
    """The text `name` of texts.SMS, cut to one SMS. `key` makes it go once."""
    template = _(SMS[name])
    values = {
        "reference": f"PK-{FIRST_REFERENCE + consultation_id}" if consultation_id else "",
        "area": speech.area_name(area_id) if area_id else "",
        "region": speech.region_name(region_id),
        "lane": str(Lane(lane).label) if lane else "",
        "at": short_time(at) if at else "",
        "desk": desk,
        "page": page,
        "number": number,
        "when": when,
        "request": request,
        "who": who,
        "code": code,
    }
    used = {name: value for name, value in values.items() if f"{{{name}}}" in template}
    body = sms.fit(template, used, cut=CUT, link=len(f"{settings.SHORT_URL}/c/") + LENGTH)
    about = f"consultation:{consultation_id}" if consultation_id else ""
    return outbox.sms(to, body, key=key, about=about, link=link, not_before=not_before, expires=expires, report=report)


def short_time(at: datetime) -> str:
    """'14:30' today, 'morgen 9:00', 'ma 23 nov 9:00'."""
    local, today = at.astimezone(speech.AMSTERDAM), clock.now().astimezone(speech.AMSTERDAM).date()
    time = formats.date_format(local, "G:i")
    if local.date() == today:
        return time
    if local.date() == today + timedelta(days=1):
        return _("tomorrow {time}").format(time=time)
    return f"{formats.date_format(local, 'D j b')} {time}"
