"""The link in an answer to PAUZE or VERDER: end the pause, or pause again until when it ran."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.link_pages import Done, active, one_press
from directory.queries import Contact
from hotline import pausing
from hotline.phone.words.pausing import LINK, RESUME
from integrations import clock
from integrations.links import Link
from rosters import queries as rosters
from rosters import services as roster_services
from rosters.errors import PauseRefused, RosterError
from web.templatetags.piket import when


def _card(link: Link, person: Contact) -> tuple[str, dict[str, Any]]:
    if link.about.startswith(f"{RESUME}:"):
        return "hotline/links/resume.html", {"pause": rosters.pause_of(person.id)}
    until = _until(link)
    if until <= clock.now():
        raise PauseRefused("pause_over", _("The pause would have ended by now. Calls come to you."))
    return "hotline/links/pause_again.html", {"until": until}


def _press(link: Link, person: Contact, form: QueryDict) -> Done:
    if link.about.startswith(f"{RESUME}:"):
        roster_services.resume(person_id=person.id)
        return _done(_("Your pause is over. Calls come to you again."))
    until = pausing.pause(person_id=person.id, source="link", minutes=None, until=_until(link))
    return _done(_("You are paused until %(time)s. It ends by itself.") % {"time": when(until)})


def _done(says: str) -> Done:
    return Done(says, reverse("today"), _("To today"))


def _until(link: Link) -> datetime:
    """'pause:2026-11-18T10:00:00+00:00'."""
    return datetime.fromisoformat(link.about.partition(":")[2])


pause_link = one_press(LINK, active, _card, _press, refusals=RosterError)
