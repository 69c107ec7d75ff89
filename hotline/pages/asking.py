"""Nieuwe vraag: one page, three answers that are needed; who is on duty stands beside it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from directory import queries as directory
from directory.access import WORKER, for_roles, person_of
from hotline.consultations import services as consultations
from hotline.consultations.asking import MOST_LETTERS
from hotline.consultations.files import Upload
from hotline.errors import FormRefused
from hotline.models import Consultation, Lane
from hotline.pages.on_duty import OnDutyCard, on_duty_card
from hotline.pages.uploads import ManyFiles

SENT_BEFORE = "asked"  # in the session: which form became which question, so that sending it twice asks once


class AskForm(forms.Form):
    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)
    area = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Not sure? Choose what comes nearest; the lawyer puts it right."),
        error_messages={"required": gettext_lazy("Choose an area of law.")},
    )
    lane = forms.ChoiceField(
        label=gettext_lazy("How soon do you need the answer?"),
        widget=forms.RadioSelect,
        choices=[
            (Lane.NOW, gettext_lazy("Now: call me back")),
            (Lane.TODAY, gettext_lazy("Today")),
            (Lane.TWO_DAYS, gettext_lazy("Within 2 working days")),
        ],
        error_messages={"required": gettext_lazy("Choose how soon you need the answer.")},
    )
    question = forms.CharField(
        label=gettext_lazy("Your question in one sentence"),
        help_text=gettext_lazy("No names, addresses or numbers of your client."),
        widget=forms.Textarea(attrs={"rows": 3, "data-limit": MOST_LETTERS, "data-counter": "id_question_count"}),
        error_messages={"required": gettext_lazy("Put your question in one sentence.")},
    )
    background = forms.CharField(
        label=gettext_lazy("Background"),
        help_text=gettext_lazy("What happened, what you did already, what is in the letter."),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
    )
    deadline = forms.DateField(
        label=gettext_lazy("Last day of a term"),
        help_text=gettext_lazy("Only if a term runs, for an objection for example. Always check the letter."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
        error_messages={"invalid": gettext_lazy("Write the date as 27-11-2026.")},
    )
    files = ManyFiles(  # type: ignore[assignment]  # a form's own `files` is what was sent; a field may bear the name
        label=gettext_lazy("Files"),
        help_text=gettext_lazy("At most 5, each up to 10 MB: PDF, PNG, JPEG, DOCX, ODT or TXT."),
        required=False,
    )
    region = forms.ChoiceField(
        label=gettext_lazy("Region"), error_messages={"required": gettext_lazy("Choose a region.")}
    )

    def __init__(self, person: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        setup = directory.set_up()
        own = regions_of(person)
        self.fields["area"].choices = [(area.slug, area.name) for area in setup.areas]  # type: ignore[attr-defined]
        mine = [(setup.region_by_id[place].code, setup.region_by_id[place].name) for place in own]
        others = [(region.code, region.name) for region in setup.regions if region.id not in own]
        groups = [(_("Your regions"), mine), (_("Other regions"), others)] if mine else others
        self.fields["region"].choices = groups  # type: ignore[attr-defined]


def regions_of(person: Any) -> tuple[int, ...]:
    """Where a worker works, the usual region first: by his roles, else by his organisation."""
    roles = [item.region_id for item in directory.roles_of(person.pk) if item.role == WORKER and item.region_id]
    places = roles or (
        list(directory.organisation(person.organisation_id).region_ids) if person.organisation_id else []
    )
    usual = [person.usual_region_id] if person.usual_region_id else []
    return tuple(dict.fromkeys([*usual, *places]))


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(WORKER)
def ask(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if request.method == "POST":
        form = AskForm(person, request.POST, request.FILES)
        if sent := _sent_before(request, form):
            return redirect(f"{reverse('question', args=[sent])}?verstuurd=1")
        if form.is_valid() and (consultation := _ask(request, form, person)):
            return redirect(f"{reverse('question', args=[consultation.reference])}?verstuurd=1")
    else:
        form = AskForm(person, initial=_known_before(request, person))
    card = _card(form)
    context = {"form": form, "card": card, "has_more": _has_more(form), "region_name": card.region if card else ""}
    return render(request, "hotline/questions/ask.html", context, status=400 if form.is_bound else 200)


@require_GET
@for_roles(WORKER)
def beside(request: HttpRequest) -> HttpResponse:
    """The card beside the form, when another area or region was chosen."""
    card = _card(AskForm(person_of(request), request.GET))
    return render(request, "hotline/questions/on_duty_card.html", {"card": card})


def _ask(request: HttpRequest, form: AskForm, person: Any) -> Consultation | None:
    """The question, or None with what is wrong on the form."""
    given = form.cleaned_data
    try:
        consultation = consultations.ask(
            person=person,
            area_id=directory.area(given["area"]).id,
            region_id=directory.region(given["region"]).id,
            lane=given["lane"],
            question=given["question"],
            background=given["background"],
            deadline=given["deadline"],
            uploads=[_upload(file) for file in given["files"]],
        )
    except FormRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        if request.FILES:
            messages.warning(request, _("Choose your files again: a browser does not keep them."))
        return None
    sent = request.session.get(SENT_BEFORE, {})
    request.session[SENT_BEFORE] = dict([*sent.items(), (given["once"], consultation.reference)][-10:])
    return consultation


def _sent_before(request: HttpRequest, form: AskForm) -> str:
    """The question that this very form became already; '' when it was not sent yet."""
    once = str(form.data.get("once", ""))
    return str(request.session.get(SENT_BEFORE, {}).get(once, "")) if once else ""


def _upload(file: UploadedFile[Any]) -> Upload:
    return Upload(name=file.name or "", content=file.read())


def _known_before(request: HttpRequest, person: Any) -> dict[str, str]:
    """What need not be asked: the usual area and region, or those of the link that led here."""
    setup = directory.set_up()
    area = setup.area_by_id.get(person.usual_area_id)
    wanted = request.GET.get("rechtsgebied", area.slug if area else "")
    own = regions_of(person)
    region = setup.region_by_id[own[0]].code if own else ""
    return {"area": wanted, "region": request.GET.get("regio", region), "once": uuid.uuid4().hex}


def _has_more(form: AskForm) -> bool:
    """Whether the optional part must stand open: something is in it, or wrong with it."""
    parts = ("background", "deadline", "files")
    return any(form[part].errors or (form.is_bound and form[part].value()) for part in parts)


def _card(form: AskForm) -> OnDutyCard | None:
    setup = directory.set_up()
    area = setup.area_by_slug.get(form["area"].value() or "")
    region = setup.region_by_code.get((form["region"].value() or "").lower())
    return on_duty_card(area, region) if region else None
