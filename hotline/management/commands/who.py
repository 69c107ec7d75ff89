"""manage.py who AREA REGION: a dry run of one call. Who would be rung, in which order, and why others not."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from directory.errors import NotKnown
from hotline.queries import WhoWouldRing, who_would_ring
from integrations import clock

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WRONG_ARGUMENT = 2


class Command(BaseCommand):
    help = "Who would be rung for a call about AREA in REGION, in which order, and why others not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("area", metavar="AREA", help="slug of a legal area, such as huur")
        parser.add_argument("region", metavar="REGION", help="AR code, slug of a sub-region, or landelijk")
        parser.add_argument("--at", default="", help="ISO moment (Amsterdam time without a zone); default now")
        parser.add_argument("--json", action="store_true", help="one line of JSON, the last one of stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = who_would_ring(options["area"], options["region"], _moment(options["at"]))
        except NotKnown as unknown:
            which = _("area") if unknown.code == "area_unknown" else _("region")
            given = options["area"] if unknown.code == "area_unknown" else options["region"]
            raise CommandError(
                _("Unknown %(which)s %(given)s. Choose one of: %(valid)s")
                % {"which": which, "given": repr(given), "valid": unknown.message},
                returncode=WRONG_ARGUMENT,
            ) from unknown
        self.stdout.write(json.dumps(_as_json(found), ensure_ascii=False) if options["json"] else _as_text(found))


def _moment(text: str) -> datetime:
    """ISO 8601; without a zone the wall clock in Amsterdam; empty for now."""
    if not text:
        return clock.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = _("%(text)s is not an ISO moment, such as 2027-01-04T09:30.") % {"text": repr(text)}
        raise CommandError(message, returncode=WRONG_ARGUMENT) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)


def _as_json(found: WhoWouldRing) -> dict[str, Any]:
    return {
        "ring": [
            {
                "name": one.name,
                "number": one.number,
                "desk": one.desk,
                "position": one.position,
                "seconds": one.seconds,
            }
            for one in found.ring
        ],
        "skipped": [{"name": one.name, "reason": one.reason} for one in found.skipped],
    }


def _as_text(found: WhoWouldRing) -> str:
    at = found.at.astimezone(AMSTERDAM)
    lines = [f"{found.area.name}, {found.region.name}, {at:%Y-%m-%d %H:%M}"]
    if found.line is None:
        lines.append(_("No line has a desk for this area in this region."))
    elif not found.is_open:
        lines.append(_("%(line)s is closed at that moment.") % {"line": found.line.name})
    if found.line is not None and not found.ring:
        lines.append(_("Nobody would be rung."))
    for place, one in enumerate(found.ring, start=1):
        seconds = f"{one.seconds} s" if one.seconds else "-"
        lines.append(f"{place:>3}. {one.name}, {one.number}, {one.desk} ({one.position}), {seconds}")
    lines += [f"  -  {one.name}, {one.desk}: {one.reason}" for one in found.skipped]
    return "\n".join(lines)
