"""The links about cover: to take a duty over or say no, and to answer a swap. See `directory.link_pages`."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.link_pages import Done, active, choice_of, id_of, one_press
from directory.queries import Contact
from integrations.links import Link
from rosters import cover_board
from rosters.core.intervals import Interval
from rosters.cover_telling import COVER
from rosters.cover_words import RULES
from rosters.errors import FormRefused, RosterError
from rosters.pages.covering import answer, taking_context
from rosters.services import swapping


def _is_swap(link: Link) -> bool:
    return link.about.startswith("swap:")


def _card(link: Link, person: Contact) -> tuple[str, dict[str, Any]]:
    if _is_swap(link):
        ask, card = cover_board.ask(id_of(link))
        return "rosters/cover/swap_link.html", {"card": card, "ask": ask, **_swap_context(ask, card)}
    card = cover_board.request(id_of(link))
    context = {"card": card, "is_mine": card.taken_by_id == person.id, **taking_context(card, person.id)}
    return "rosters/cover/link.html", context


def _swap_context(ask: cover_board.AskCard, card: cover_board.RequestCard) -> dict[str, Any]:
    """What the holder would break by taking the other duty, and his week around it."""
    is_open = card.is_open and ask.in_return_id is not None and ask.answer == "yes"
    if not is_open or ask.in_return_when is None:
        return {"is_open": False}
    ticks = cover_board.broken_by_swap(ask, card)
    return {
        "is_open": True,
        "ticks": [(code, RULES[code]) for code in ticks],
        "week": cover_board.week_around(card.holder_id, Interval(*ask.in_return_when)),
    }


def _press(link: Link, person: Contact, form: QueryDict) -> Done:
    if _is_swap(link):
        return _answer_swap(id_of(link), person, form)
    card = cover_board.request(id_of(link))
    said = answer(card, person.id, person.id, form, how="link")
    return Done(said, reverse("cover_request", args=[card.id]), _("To the request"))


def _answer_swap(ask_id: int, person: Contact, form: QueryDict) -> Done:
    choice = choice_of(form)
    if choice == "akkoord":
        swapping.accept_swap(ask_id=ask_id, by=person.id, breaking=form.getlist("toch"), how="link")
        return Done(_("Swapped. Both calendars follow."), reverse("my_roster"), _("To my roster"))
    if choice == "afwijzen":
        swapping.decline_swap(ask_id=ask_id, by=person.id)
        return Done(_("Declined. Somebody else may still offer."))
    raise FormRefused("choice", _("Press one of the buttons."), field="keuze")


cover_link = one_press(COVER, active, _card, _press, refusals=RosterError)
