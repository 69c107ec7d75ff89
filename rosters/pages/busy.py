"""One's own calendars: added by address or file, removed again. Only when somebody is busy is kept of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from directory.access import person_id
from integrations.calendars.faults import TOO_BIG
from integrations.calendars.parts import MOST_BYTES
from rosters import services
from rosters.errors import FormRefused, RosterError
from rosters.pages.access import for_duty_holders, on_behalf, whose
from rosters.pages.availability import SourceForm, page
from rosters.texts_busy import words_of_fault


@require_POST
@for_duty_holders
def busy_add(request: HttpRequest) -> HttpResponse:
    form = SourceForm(request.POST, request.FILES)
    if form.is_valid() and _add(request, form):
        messages.success(request, _("Your calendar is read along. Only when you are busy is kept of it."))
        return _back(request)
    if request.FILES:
        messages.warning(request, _("Choose your file again: a browser does not keep it."))
    return page(request, status=400, source_form=form, form=form)


@require_POST
@for_duty_holders
def busy_remove(request: HttpRequest, number: int) -> HttpResponse:
    try:
        services.remove_source(source_id=number, by=person_id(request))
    except RosterError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The calendar and what was read of it are gone."))
    return _back(request)


def _add(request: HttpRequest, form: SourceForm) -> bool:
    given, person, by = form.cleaned_data, whose(request).id, person_id(request)
    try:
        if given["file"] is not None:
            if given["file"].size > MOST_BYTES:
                raise FormRefused(TOO_BIG, words_of_fault(TOO_BIG), field="file")
            name = given["name"] or given["file"].name
            services.add_file(person_id=person, by=by, name=name, data=given["file"].read())
        elif given["url"]:
            services.add_address(person_id=person, by=by, name=given["name"] or _("My calendar"), url=given["url"])
        else:
            raise FormRefused("nothing", _("Paste an address or choose a file."), field="url")
    except FormRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    return True


def _back(request: HttpRequest) -> HttpResponse:
    response = redirect("availability")
    response["Location"] += on_behalf(request) + "#agenda"
    return response
