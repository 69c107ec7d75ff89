"""The link in reminders and in answers by text: will you be there, and taking back what a text message did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.link_pages import Done, active, choice_of, one_press
from directory.queries import Contact
from integrations.links import Link
from rosters import queries
from rosters.errors import DutyRefused, FormRefused, RosterError
from rosters.queries import DutyAt
from rosters.services import covering, sick, steps

YES, GIVE_AWAY, SICK = "ja", "weg", "ziek"
Card = tuple[str, dict[str, Any]]


def _ids(link: Link) -> list[int]:
    """'confirm:12,13' -> [12, 13]."""
    return [int(one) for one in link.about.rpartition(":")[2].split(",")]


def _duties(link: Link, person: Contact) -> list[DutyAt]:
    """Those that are still this person's. Raises DutyRefused when none is."""
    duties = queries.duties_with(_ids(link), person.id)
    if not duties:
        raise DutyRefused(steps.DUTY_GONE, _("This duty is over or is somebody else's now. Look at your roster."))
    return duties


# --- What the link shows ----------------------------------------------------------------------------------------------
def _ask(link: Link, person: Contact) -> Card:
    return "rosters/links/duty.html", {"duties": _duties(link, person)}


def _ask_back(link: Link, person: Contact) -> Card:
    return "rosters/links/unconfirm.html", {"duties": _duties(link, person)}


def _ask_well(link: Link, person: Contact) -> Card:
    return "rosters/links/well.html", {}


# --- What a press does ------------------------------------------------------------------------------------------------
def _say(link: Link, person: Contact, form: QueryDict) -> Done:
    duties = _duties(link, person)
    choice = choice_of(form)
    if choice == YES:
        steps.confirm(duty_ids=[duty.id for duty in duties], how="link", by=person.id)
        return _done(_("Thank you. You will be rung from the start of your duty."), duties)
    if choice == GIVE_AWAY:
        for duty in duties:
            covering.open_request(duty_id=duty.id, kind="give", by=person.id)
        return _done(_("We are asking others. The duty stays yours until somebody takes it over."), duties)
    if choice == SICK:
        sick.report_sick(person_id=person.id, by=person.id, ask=True)
        return Done(_("You are reported sick and will not be rung. We are asking others. Get well soon."))
    raise FormRefused("choice", _("Press one of the buttons."), field="keuze")


def _unconfirm(link: Link, person: Contact, form: QueryDict) -> Done:
    duties = _duties(link, person)
    steps.unconfirm(duty_ids=[duty.id for duty in duties], by=person.id)
    return _done(_("Your confirmation is taken back. The duty is still yours."), duties)


def _well(link: Link, person: Contact, form: QueryDict) -> Done:
    undone = sick.undo_sick(absence_id=_ids(link)[0], by=person.id)
    if undone.taken_over and not undone.restored:
        return Done(_("You are no longer reported sick. Your duty was taken over already, and stays with who took it."))
    return Done(_("You are no longer reported sick. What nobody took over is yours again, and you are rung again."))


def _done(says: str, duties: list[DutyAt]) -> Done:
    return Done(says, reverse("duty", args=[duties[0].id]), _("Look at the duty"))


# --- The deeds of one address -----------------------------------------------------------------------------------------
DEEDS: dict[str, tuple[Callable[[Link, Contact], Card], Callable[[Link, Contact, QueryDict], Done]]] = {
    steps.CONFIRM: (_ask, _say),
    steps.UNDO: (_ask_back, _unconfirm),
    steps.WELL: (_ask_well, _well),
}


def _card(link: Link, person: Contact) -> Card:
    return DEEDS[link.about.partition(":")[0]][0](link, person)


def _press(link: Link, person: Contact, form: QueryDict) -> Done:
    return DEEDS[link.about.partition(":")[0]][1](link, person, form)


duty_link = one_press(steps.LINK, active, _card, _press, refusals=RosterError)
