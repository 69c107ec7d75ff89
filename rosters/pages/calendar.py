"""Agenda koppelen: the secret address of one's duties, and for a coordinator those of his desks and regions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from directory.access import COORDINATOR, person_id, roles_held
from directory.queries import Contact
from integrations import clock
from rosters.errors import FormRefused, RosterError
from rosters.feeds import shown
from rosters.models import Feed
from rosters.pages.access import ON_BEHALF, is_on_behalf, kept, on_behalf, whose
from rosters.services import feeds

LONGEST_ID = 18


@require_GET
@login_required
def calendar_feed(request: HttpRequest) -> HttpResponse:
    person, me = _person(request), person_id(request)
    own = None
    if person is not None:
        own = shown.shown(feeds.hand_out_feed(kind=Feed.Kind.PERSON, object_id=person.id, holder_id=me))
    coordinates = COORDINATOR in roles_held(request)
    desks, regions = shown.choices_for(me) if coordinates else ([], [])
    context = {
        "person": person,
        "own": own,
        "is_on_behalf": person is not None and is_on_behalf(request),
        "kept": kept(request),
        "on_behalf": on_behalf(request) if person is not None else "",
        "others": shown.handed_out(me) if coordinates else [],
        "desks": desks,
        "regions": regions,
        "alarms": feeds.ALARMS,
        "now": clock.now(),
    }
    answer = render(request, "rosters/calendar/connect.html", context)
    add_never_cache_headers(answer)  # the address on it is a key
    return answer


@require_POST
@login_required
def feed_new(request: HttpRequest) -> HttpResponse:
    """An address for the desk or region that was chosen: 'desk:3'."""
    if COORDINATOR not in roles_held(request):
        raise PermissionDenied
    kind, _colon, number = request.POST.get("wat", "").partition(":")
    try:
        if kind not in (Feed.Kind.DESK, Feed.Kind.REGION) or not _is_id(number):
            raise FormRefused("feed_choice", _("Choose a desk or a region."), field="wat")
        feeds.hand_out_feed(kind=kind, object_id=int(number), holder_id=person_id(request))
    except RosterError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The address stands below."))
    return redirect("calendar_feed")


@require_POST
@login_required
def feed_settings(request: HttpRequest, number: int) -> HttpResponse:
    """The alarm, and on one's own feed whether duties come by mail too."""
    me, typed = person_id(request), request.POST.get("alarm", "")
    try:
        if typed and not _is_id(typed):
            raise FormRefused("alarm_unknown", _("Choose one of the moments in the list."), field="alarm")
        feed = feeds.set_feed_alarm(feed_id=number, holder_id=me, minutes=int(typed) if typed else None)
        if feed.kind == Feed.Kind.PERSON and feed.object_id == me:
            feeds.set_feed_invitations(feed_id=number, holder_id=me, wanted="uitnodigen" in request.POST)
    except RosterError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Saved. Calendar programs take it over when they fetch again."))
    return _back(request)


@require_POST
@login_required
def feed_revoke(request: HttpRequest, number: int) -> HttpResponse:
    try:
        feeds.revoke_feed(feed_id=number, holder_id=person_id(request))
    except RosterError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The old address has ended. Connect your calendar again with the new one."))
    return _back(request)


def _person(request: HttpRequest) -> Contact | None:
    """Whose duties; None for a coordinator who does none himself. Raises PermissionDenied."""
    try:
        return whose(request)
    except PermissionDenied:
        if request.GET.get(ON_BEHALF) or COORDINATOR not in roles_held(request):
            raise
        return None


def _back(request: HttpRequest) -> HttpResponse:
    """To the page, about the same person."""
    number = request.POST.get(ON_BEHALF, "")
    return redirect(reverse("calendar_feed") + (f"?{ON_BEHALF}={number}" if _is_id(number) else ""))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_ID
