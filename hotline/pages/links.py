"""The pages behind the links in texts and mails: no login, one card, one press. Opening one changes nothing.

A link that is unknown, used, too old or guessed too often gets one and the same answer: guessing learns nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from directory.access import source_of
from hotline import link_cards
from hotline.consultations import queries, services
from hotline.consultations.access import Somebody, somebody
from hotline.errors import FormRefused, HotlineError, NotFound
from hotline.pages.steps import LAWYER_SAYS, WORKER_SAYS
from hotline.phone import callbacks
from integrations import links
from integrations.links import Link
from web.templatetags.piket import at

ACCEPT, OUTCOME, APPOINTMENT = "accept", "outcome", "appointment"
GONE = 410
ACCEPTS = "aannemen"
MOST_LETTERS = 40


def _id_of(link: Link) -> int:
    """'offer:17' -> 17."""
    return int(link.about.rsplit(":", 1)[-1])


def _one_press(
    action: str,
    card: Callable[[Link, Somebody], tuple[str, dict[str, Any]]],
    press: Callable[[Link, Somebody, str], str],
) -> Callable[[HttpRequest, str], HttpResponse]:
    """A view for one kind of link: `card` gives template and context, `press` does what was chosen and says so."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, token: str) -> HttpResponse:
        source = source_of(request)
        try:
            if request.method != "POST":
                response = _show(request, links.look(token, source))
            else:
                with transaction.atomic():  # a press that is refused leaves the link as it was
                    response = _do(request, links.use(token, source))
        except FormRefused as refused:
            response = _show(request, links.look(token, source), refused.message)
        except NotFound:
            response = _answer(request, "hotline/links/gone.html", {}, GONE)
        except HotlineError as refused:
            response = _answer(request, "hotline/links/over.html", {"message": refused.message}, refused.status)
        add_never_cache_headers(response)
        # Keeps the token out of every Referer; 'no-referrer' would send 'Origin: null' too, which is refused as forged.
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    def _show(request: HttpRequest, link: Link | None, fault: str = "") -> HttpResponse:
        if link is None or link.action != action:
            return _answer(request, "hotline/links/gone.html", {}, GONE)
        person = somebody(link.person_id)
        template, context = card(link, person)
        return _answer(request, template, {**context, "person": person, "fault": fault}, 400 if fault else 200)

    def _do(request: HttpRequest, link: Link | None) -> HttpResponse:
        if link is None or link.action != action:
            return _answer(request, "hotline/links/gone.html", {}, GONE)
        person = somebody(link.person_id)
        reference = card(link, person)[1]["reference"]
        done = press(link, person, request.POST.get("keuze", "")[:MOST_LETTERS])
        return _answer(request, "hotline/links/done.html", {"done": done, "reference": reference}, 200)

    return view


def _answer(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, template, context, status=status)


# --- /c/: a question for a lawyer -----------------------------------------------------------------------------------
def _offer_card(link: Link, person: Somebody) -> tuple[str, dict[str, Any]]:
    try:
        card = queries.offer_card(_id_of(link), person.pk)
    except NotFound:
        ringing = link_cards.ringing_card(_id_of(link), person.pk)
        return "hotline/links/ringing.html", {"card": ringing, "reference": ringing.reference}
    return "hotline/links/offer.html", {"card": card, "reference": card.reference}


def _take_offer(link: Link, person: Somebody, choice: str) -> str:
    reference = queries.offer_card(_id_of(link), person.pk).reference
    if choice == ACCEPTS:
        services.accept(person=person, reference=reference)
        return _("You have accepted the question. Log in to read and answer it.")
    services.decline(person=person, reference=reference, reason=choice)
    return _("Passed on. The next lawyer is asked.")


# --- /u/: what came of it -------------------------------------------------------------------------------------------
def _outcome_card(link: Link, person: Somebody) -> tuple[str, dict[str, Any]]:
    row = queries.row_for(person, _id_of(link))
    view = queries.consultation_for(person, row.reference, with_text=False)
    is_lawyer = view.seen_as == "lawyer"
    return "hotline/links/outcome.html", {
        "row": row,
        "says": LAWYER_SAYS if is_lawyer else WORKER_SAYS,
        "is_lawyer": is_lawyer,
        "reference": row.reference,
    }


def _say_outcome(link: Link, person: Somebody, choice: str) -> str:
    reference = queries.row_for(person, _id_of(link)).reference
    services.log_outcome(person=person, reference=reference, value=choice, route="link")
    return _("Written down. Thank you.")


# --- /a/: an appointment to be called back --------------------------------------------------------------------------
def _appointment_card(link: Link, person: Somebody) -> tuple[str, dict[str, Any]]:
    card = link_cards.appointment_card(_id_of(link), person.pk)
    return "hotline/links/appointment.html", {"card": card, "reference": card.reference}


def _change_appointment(link: Link, person: Somebody, choice: str) -> str:
    if choice == "intrekken":
        callbacks.withdraw(callback_id=_id_of(link), person_id=person.pk)
        return _("Withdrawn. You are not called.")
    moment = _moment(choice)
    if moment is None or not link_cards.can_be_called_at(_id_of(link), person.pk, moment):
        raise FormRefused("moment", _("Choose one of these moments, or withdraw."), field="keuze")
    callbacks.move(callback_id=_id_of(link), person_id=person.pk, due_at=moment)
    return _("Agreed: we call you %(time)s.") % {"time": at(moment)}


def _moment(text: str) -> datetime | None:
    """An aware moment in ISO 8601; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


offer = _one_press(ACCEPT, _offer_card, _take_offer)
outcome = _one_press(OUTCOME, _outcome_card, _say_outcome)
appointment = _one_press(APPOINTMENT, _appointment_card, _change_appointment)
