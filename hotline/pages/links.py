"""The links about questions: to take one, to say what came of it, to move an appointment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.link_pages import Done, choice_of, id_of, one_press
from hotline import link_cards
from hotline.consultations import queries, services
from hotline.consultations.access import Somebody, somebody
from hotline.errors import FormRefused, HotlineError, NotFound
from hotline.pages.steps import LAWYER_SAYS, WORKER_SAYS
from hotline.phone import callbacks
from integrations.links import Link
from web.templatetags.piket import at

ACCEPT, OUTCOME, APPOINTMENT = "accept", "outcome", "appointment"
ACCEPTS = "aannemen"


def _to_question(says: str, reference: str) -> Done:
    if not reference:
        return Done(says)
    return Done(says, reverse("question", args=[reference]), _("To %(reference)s") % {"reference": reference})


# --- /c/: a question for a lawyer -----------------------------------------------------------------------------------
def _offer_card(link: Link, person: Somebody) -> tuple[str, dict[str, Any]]:
    try:
        card = queries.offer_card(id_of(link), person.pk)
    except NotFound:
        ringing = link_cards.ringing_card(id_of(link), person.pk)
        return "hotline/links/ringing.html", {"card": ringing, "reference": ringing.reference}
    return "hotline/links/offer.html", {"card": card, "reference": card.reference}


def _take_offer(link: Link, person: Somebody, form: QueryDict) -> Done:
    reference, choice = queries.offer_card(id_of(link), person.pk).reference, choice_of(form)
    if choice == ACCEPTS:
        services.accept(person=person, reference=reference)
        return _to_question(_("You have accepted the question. Log in to read and answer it."), reference)
    services.decline(person=person, reference=reference, reason=choice)
    return _to_question(_("Passed on. The next lawyer is asked."), reference)


# --- /u/: what came of it -------------------------------------------------------------------------------------------
def _outcome_card(link: Link, person: Somebody) -> tuple[str, dict[str, Any]]:
    row = queries.row_for(person, id_of(link))
    view = queries.consultation_for(person, row.reference, with_text=False)
    is_lawyer = view.seen_as == "lawyer"
    return "hotline/links/outcome.html", {
        "row": row,
        "says": LAWYER_SAYS if is_lawyer else WORKER_SAYS,
        "is_lawyer": is_lawyer,
        "reference": row.reference,
    }


def _say_outcome(link: Link, person: Somebody, form: QueryDict) -> Done:
    reference = queries.row_for(person, id_of(link)).reference
    services.log_outcome(person=person, reference=reference, value=choice_of(form), route="link")
    return _to_question(_("Written down. Thank you."), reference)


# --- /a/: an appointment to be called back --------------------------------------------------------------------------
def _appointment_card(link: Link, person: Somebody) -> tuple[str, dict[str, Any]]:
    card = link_cards.appointment_card(id_of(link), person.pk)
    return "hotline/links/appointment.html", {"card": card, "reference": card.reference}


def _change_appointment(link: Link, person: Somebody, form: QueryDict) -> Done:
    reference, choice = link_cards.appointment_card(id_of(link), person.pk).reference, choice_of(form)
    if choice == "intrekken":
        callbacks.withdraw(callback_id=id_of(link), person_id=person.pk)
        return _to_question(_("Withdrawn. You are not called."), reference)
    moment = _moment(choice)
    if moment is None or not link_cards.can_be_called_at(id_of(link), person.pk, moment):
        raise FormRefused("moment", _("Choose one of these moments, or withdraw."), field="keuze")
    callbacks.move(callback_id=id_of(link), person_id=person.pk, due_at=moment)
    return _to_question(_("Agreed: we call you %(time)s.") % {"time": at(moment)}, reference)


def _moment(text: str) -> datetime | None:
    """An aware moment in ISO 8601; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


offer = one_press(ACCEPT, somebody, _offer_card, _take_offer, refusals=HotlineError)
outcome = one_press(OUTCOME, somebody, _outcome_card, _say_outcome, refusals=HotlineError)
appointment = one_press(APPOINTMENT, somebody, _appointment_card, _change_appointment, refusals=HotlineError)
