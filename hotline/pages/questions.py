"""Mijn vragen, and the page of one question for whoever may see it: asker, colleague, lawyer, coordinator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_GET, require_POST

from directory.access import LAWYER, WORKER, for_roles, person_of
from hotline.consultations import queries
from hotline.consultations.queries import ConsultationView
from hotline.core.outcomes import UNHELPED, Side
from hotline.errors import FormRefused
from hotline.pages import steps
from hotline.pages.sentences import what_comes_next, where_it_stands
from integrations import clock

OFFERED, ASKER = "offered", "asker"
TABS = {"wacht": "waiting", "loopt": "running", "afgerond": "ended", "van-ons": "ours"}


@require_GET
@for_roles(WORKER)
def mine(request: HttpRequest) -> HttpResponse:
    """Four tabs by link; the first that has something is shown."""
    found = queries.my_questions(person_of(request))
    wanted = request.GET.get("toon", "")
    first = "wacht" if found.waiting or not found.running else "loopt"
    tab = wanted if wanted in TABS else first
    words = {"wacht": _("Waiting for you"), "loopt": _("Running"), "afgerond": _("Closed"), "van-ons": _("Ours")}
    tabs = [(name, words[name], len(getattr(found, rows))) for name, rows in TABS.items()]
    follow_ups = queries.my_follow_ups(person_of(request)) if tab == "wacht" else ()
    context = {"tabs": tabs, "tab": tab, "rows": getattr(found, TABS[tab]), "follow_ups": follow_ups}
    return render(request, "hotline/questions/mine.html", context)


@require_GET
@for_roles(LAWYER)
def conversations(request: HttpRequest) -> HttpResponse:
    """What a lawyer accepted; what still lacks its outcome first."""
    found = queries.conversations(person_of(request))
    return render(request, "hotline/questions/conversations.html", {"conversations": found})


@require_GET
@login_required
def question(request: HttpRequest, reference: str) -> HttpResponse:
    """A lawyer who was asked sees the outside first, so that he can say 'conflict' before any text is shown."""
    person = person_of(request)
    was_asked = any(card.reference == reference for card in queries.asked_of_me(person))
    view = queries.consultation_for(person, reference, with_text=not was_asked or request.GET.get("lees") == "1")
    return _page(request, view)


@require_GET
@login_required
def standing(request: HttpRequest, reference: str) -> HttpResponse:
    """Where it stands and the timeline, asked again while the page is open; 304 when nothing changed."""
    view = queries.consultation_for(person_of(request), reference, with_text=False)
    context = {"view": view, "seen": request.GET.get("gezien", ""), **_sentences(view)}

    @condition(etag_func=lambda _request: _revision(view))
    def answer(request: HttpRequest) -> HttpResponse:
        return render(request, "hotline/questions/standing.html", context)

    response = answer(request)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_POST
@login_required
def act(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """One step. What was filled in wrongly comes back with the page, nothing lost."""
    doing = steps.STEPS.get(step)
    if doing is None:
        raise Http404
    person = person_of(request)
    form = _form(step, person, request.POST)
    if form.is_valid():
        try:
            doing.run(person, reference, form.cleaned_data)
        except FormRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, doing.done)
            return _after(request, reference, step)
    return _page(request, queries.consultation_for(person, reference), {step: form}, status=400)


@require_POST
@login_required
def open_text(request: HttpRequest, reference: str) -> HttpResponse:
    """A coordinator reads the text, once, with a reason; the answer to the POST is the page, not an address."""
    person = person_of(request)
    form = steps.WhyForm(request.POST, auto_id="tekst-%s")
    if form.is_valid():
        try:
            return _page(request, queries.open_text_as_coordinator(person, reference, form.cleaned_data["reason"]))
        except FormRefused as refused:
            form.add_error("reason", refused.message)
    return _page(request, queries.consultation_for(person, reference), {"tekst": form}, status=400)


@require_GET
@login_required
def attachment(request: HttpRequest, number: int) -> HttpResponse:
    """A file, as a download: never shown by the browser within our pages."""
    file = queries.attachment_for(person_of(request), number)
    response = HttpResponse(file.content, content_type=file.content_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _page(
    request: HttpRequest,
    view: ConsultationView,
    wrong: Mapping[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    person = person_of(request)
    known = {"verbeteren": {"area": view.area_slug, "region": view.region_code}}
    shown = {
        name: _form(name, person, None, known.get(name)) for name, step in steps.STEPS.items() if step.name in view.may
    }
    if "open_text_as_coordinator" in view.may:
        shown["tekst"] = steps.WhyForm(auto_id="tekst-%s")
    shown |= wrong or {}
    side = Side.LAWYER if view.seen_as == LAWYER else Side.WORKER
    said = next((outcome for outcome in view.outcomes if outcome.side == side), None)
    context: dict[str, Any] = {
        "view": view,
        "forms": {name.replace("-", "_"): form for name, form in shown.items()},
        "form": next(iter((wrong or {}).values()), None),
        "sent": request.GET.get("verstuurd") == "1",
        "says": steps.SAYS[side],
        "said": said,
        "must_choose": said is not None and said.value in UNHELPED and view.is_open and view.next_step == "confirm",
        "revision": _revision(view),
        **_sentences(view),
    }
    return render(request, "hotline/questions/question.html", context, status=status)


def _form(name: str, person: Any, data: Any, initial: Any = None) -> forms.Form:
    """The form of a step; its ids start with the step's name, for many forms stand on one page."""
    made = steps.STEPS[name].form
    extra = {"person": person} if made is steps.ColleagueForm else {}
    return made(data, initial=initial, auto_id=f"{name}-%s", **extra)


def _after(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Back to the question; a lawyer who passed it on may not see it any more and goes to his day."""
    if step in {"doorgeven", "teruggeven"}:
        return redirect("today")
    if request.POST.get("terug") == "vandaag":
        return redirect("today")
    return redirect("question", reference)


def _sentences(view: ConsultationView) -> dict[str, Any]:
    is_late = view.next_due_at is not None and view.next_due_at < clock.now()
    return {"stands": where_it_stands(view), "next": what_comes_next(view), "is_late": is_late}


def _revision(view: ConsultationView) -> str:
    due = int(view.next_due_at.timestamp()) if view.next_due_at else 0
    return f'"{view.status}-{view.next_step}-{due}-{len(view.timeline)}"'
