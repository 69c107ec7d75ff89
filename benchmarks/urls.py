"""Every address of Piketlijn, and /bare: signature, one row read, one row written, through the ORM, in autocommit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from integrations.models import LinkMiss
from integrations.twilio.signature import signed
from rosters.models import Line

DOCUMENT = '<?xml version="1.0" encoding="UTF-8"?><Response><Hangup /></Response>'


@signed
def bare(request: HttpRequest) -> HttpResponse:
    line = Line.objects.get(number=request.POST["To"])
    LinkMiss.objects.create(source_hash=f"{line.pk}")
    return HttpResponse(DOCUMENT, content_type="text/xml; charset=utf-8")


urlpatterns = [
    path("bare", bare),
    path("", include("config.urls")),
]
