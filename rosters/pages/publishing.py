"""Publiceren: the differences, the gaps and who is told what, before it is done; and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from directory.access import COORDINATOR, for_roles, person_id
from rosters import coverage, plan_board, services
from rosters.core.intervals import Interval
from rosters.errors import PlanRefused
from rosters.models import RosterVersion
from rosters.plan_names import Names

MOST_ROWS = 200


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(COORDINATOR)
def publish(request: HttpRequest, number: int) -> HttpResponse:
    row = plan_board.version_for(person_id(request), number)
    if row.version.state != RosterVersion.State.DRAFT:
        return redirect("version", number)
    fault = ""
    if request.method == "POST":
        seen = request.POST.get("revisie", "")
        try:
            services.publish(
                version_id=number,
                by=person_id(request),
                gaps_accepted=request.POST.get("waarom", ""),
                unready_accepted=request.POST.get("bereikbaar") == "1",
                revision=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1,
            )
        except PlanRefused as refused:
            fault = refused.message
        else:
            messages.success(request, _("Published. You can take it back for ten minutes."))
            return redirect("version", number)
    found = services.publication(row.version)
    context = {
        "row": row,
        "found": found,
        "names": Names.of_publication(found),
        "rows": found.rows[:MOST_ROWS],
        "more": max(0, len(found.rows) - MOST_ROWS),
        "lacks": [
            (desk_id, Interval(coverage.moment(lack.start), coverage.moment(lack.end)), lack)
            for desk_id, lack in found.lacks
        ],
        "fault": fault,
        "why": request.POST.get("waarom", ""),
        "known": request.POST.get("bereikbaar") == "1",
    }
    return render(request, "rosters/plans/publish.html", context, status=409 if fault else 200)


@require_POST
@for_roles(COORDINATOR)
def undo(request: HttpRequest, number: int) -> HttpResponse:
    plan_board.version_for(person_id(request), number)
    try:
        done = services.undo(version_id=number, by=person_id(request))
    except PlanRefused as refused:
        messages.error(request, refused.message)
        return redirect("version", number)
    words = ngettext("%(n)s duty is back.", "%(n)s duties are back.", done.restored) % {"n": done.restored}
    messages.success(request, _("Taken back.") + " " + words)
    if done.left_out:
        left = ngettext(
            "%(n)s duty was changed meanwhile and stays so.",
            "%(n)s duties were changed meanwhile and stay so.",
            len(done.left_out),
        )
        messages.warning(request, left % {"n": len(done.left_out)})
    return redirect("version", number)
