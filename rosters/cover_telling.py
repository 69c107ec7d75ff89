"""Tells people about requests for cover: whom, by what, with which words of `texts`. Outbox rows, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from directory import numbers
from directory import queries as directory
from integrations import clock
from integrations.links import LinkFor
from rosters import snapshot, telling
from rosters.core import cover, wall
from rosters.core.intervals import Interval
from rosters.models import CoverAsk, CoverRequest, Duty

COVER, PREFIX = "cover", "v"
VACANT = (CoverRequest.Kind.SICK, CoverRequest.Kind.NO_SHOW)  # of a duty that nobody holds


def cover_link(request: CoverRequest) -> LinkFor:
    """To the card of a request: take it, say no, or take it back. `telling` fills in for whom."""
    return LinkFor(0, COVER, f"cover:{request.pk}", PREFIX)


def swap_link(ask: CoverAsk) -> LinkFor:
    """To the card of a swap that somebody offers: accept it or not."""
    return LinkFor(0, COVER, f"swap:{ask.pk}", PREFIX)


def asked(person_id: int, requests: Sequence[CoverRequest], *, key: str) -> None:
    """The one message of a day: who takes this over? By SMS when the first starts within a week, else by mail."""
    now = clock.now()
    first, more = requests[0], len(requests) - 1
    soon = first.starts_at - now < cover.BY_SMS
    number = next((one.number for one in directory.contacts([person_id]).values()), "")
    with translation.override(settings.LANGUAGE_CODE):
        lines = [_("{duty} (number {number})").format(duty=duty_words(one), number=one.number) for one in requests]
        until = closing_words(first)
    telling.tell(
        "cover_asked_more" if more else "cover_asked",
        [person_id],
        key=key,
        link=cover_link(first),
        urgent=True,  # `cover.ask_at` has looked at the quiet hours
        expires=first.closes_at,
        by_sms=soon,
        by_mail=not soon or not number,
        when=when_words(first),
        desk=first.duty.desk.name,
        number=str(first.number),
        more=str(more),
        until=until,
        duties="\n".join(lines),
        page=page("cover_board"),
    )


def on_behalf(request: CoverRequest, by: int) -> None:
    """The holder hears that somebody else looks for cover for him."""
    telling.tell(
        "cover_on_behalf",
        [request.duty.person_id],
        key=str(request.pk),
        who=_name(by),
        when=when_words(request),
        desk=request.duty.desk.name,
        page=page("cover_request", request.pk),
    )


def taken(request: CoverRequest, made: Duty, *, by: int) -> None:
    """Found: the holder and the taker at once; for a duty that stood empty the coordinators too, except `by`."""
    key = f"{request.pk}:{made.pk}"
    who, when, desk = cover.short_name(made.person.name), duty_when(made), request.duty.desk.name
    telling.tell("cover_found", [request.duty.person_id], key=key, urgent=True, who=who, when=when)
    telling.tell("cover_taken", [made.person_id], key=key, urgent=True, link=cover_link(request), when=when, desk=desk)
    if request.kind in VACANT:
        urgent = cover.is_urgent(made.starts_at, clock.now())
        telling.tell(
            "cover_filled",
            [one for one in coordinators(request.duty.desk_id) if one != by],
            key=key,
            urgent=urgent,
            by_sms=urgent,
            who=who,
            when=when,
            desk=desk,
            page=page("cover_request", request.pk),
        )


def taken_back(request: CoverRequest, duty: Duty, *, taker: str, people: Iterable[int]) -> None:
    """A take-over was taken back: whoever counts on it hears it."""
    telling.tell(
        "cover_taken_back",
        people,
        key=f"{request.pk}:{duty.pk}",
        urgent=True,
        who=cover.short_name(taker),
        when=duty_when(duty),
        desk=request.duty.desk.name,
        page=page("cover_request", request.pk),
    )


def swap_offered(ask: CoverAsk, other: Duty) -> None:
    """The holder may accept with one press."""
    telling.tell(
        "swap_offered",
        [ask.request.duty.person_id],
        key=f"{ask.pk}:{other.pk}",
        link=swap_link(ask),
        who=cover.short_name(ask.person.name),
        when=when_words(ask.request),
        other=duty_when(other),
        desk=other.desk.name,
    )


def swap_declined(request: CoverRequest, person_id: int, ask_id: int) -> None:
    """Whoever offered hears that it will not be."""
    telling.tell("swap_declined", [person_id], key=str(ask_id), when=when_words(request), desk=request.duty.desk.name)


def swapped(request: CoverRequest, first: Duty, second: Duty) -> None:
    """Both hear which duty is theirs now."""
    for mine, theirs in ((first, second), (second, first)):
        telling.tell(
            "swapped",
            [mine.person_id],
            key=f"{request.pk}:{mine.pk}",
            urgent=True,
            who=cover.short_name(theirs.person.name),
            when=duty_when(mine),
            other=duty_when(theirs),
            desk=mine.desk.name,
        )


def not_found(request: CoverRequest, *, key: str) -> None:
    """Nobody yet: the holder keeps the duty; for one that stands empty the coordinators look."""
    vacant = request.kind in VACANT
    telling.tell(
        "vacant_not_found" if vacant else "cover_not_found",
        coordinators(request.duty.desk_id) if vacant else [request.duty.person_id],
        key=key,
        urgent=True,  # the moment was chosen outside quiet hours
        when=when_words(request),
        desk=request.duty.desk.name,
        number=line_number(request.duty.desk_id),
        page=page("repair", request.duty_id) if vacant else page("cover_request", request.pk),
    )


def vacant(text: str, duty: Duty, when: Interval, *, but: int | None = None) -> None:
    """`sick_told` or `no_show_told` to the coordinators: by SMS at once when it runs or starts within four hours."""
    urgent = cover.is_urgent(when.start, clock.now())
    telling.tell(
        text,
        [one for one in coordinators(duty.desk_id) if one != but],
        key=f"{duty.pk}:{when.start.isoformat()}",
        urgent=urgent,
        by_sms=urgent,
        who=cover.short_name(duty.person.name),
        when=interval_words(when),
        desk=duty.desk.name,
        page=page("repair", duty.pk),
    )


def sick_on_behalf(absence_id: int, person_id: int, by: int, duties: Sequence[Duty]) -> None:
    """The one who is ill hears that somebody else said so; he may say that it is not so."""
    telling.tell(
        "sick_on_behalf",
        [person_id],
        key=str(absence_id),
        who=_name(by),
        when=duty_when(duties[0]),
        page=page("sick_call", absence_id),
    )


def well_again(absence_id: int, duties: Iterable[Duty], by: int) -> None:
    """The coordinators hear that somebody has his duties again."""
    for duty in duties:
        urgent = cover.is_urgent(duty.starts_at, clock.now())
        telling.tell(
            "well_again",
            [one for one in coordinators(duty.desk_id) if one != by],
            key=f"{absence_id}:{duty.pk}",
            urgent=urgent,
            by_sms=urgent,
            who=cover.short_name(duty.person.name),
            when=duty_when(duty),
            desk=duty.desk.name,
        )


def coordinators(desk_id: int) -> list[int]:
    """Ids of the coordinators of a desk's regions, each region's nearest upward."""
    regions = next((desk.regions for desk in snapshot.current().desks if desk.id == desk_id), frozenset())
    found = {one.id for region_id in sorted(regions) for one in directory.coordinators_for(region_id)}
    return sorted(found)


def line_number(desk_id: int) -> str:
    """The number of the desk's line, as people write it; '' for a desk that is no longer there."""
    known = snapshot.current()
    found = next((known.lines[desk.line_id].number for desk in known.desks if desk.id == desk_id), "")
    return numbers.shown(found) if found else ""


def when_words(request: CoverRequest) -> str:
    return interval_words(Interval(request.starts_at, request.ends_at))


def duty_when(duty: Duty) -> str:
    return interval_words(Interval(duty.starts_at, duty.ends_at))


def interval_words(when: Interval) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return telling.time_words(when)


def duty_words(request: CoverRequest) -> str:
    """'do 12 nov 9-13 u Walcheren huur'."""
    return f"{when_words(request)} {request.duty.desk.name}"


def closing_words(request: CoverRequest) -> str:
    """'wo 17 u'."""
    local = request.closes_at.astimezone(wall.AMSTERDAM)
    return _("{day} {hour} h").format(
        day=formats.date_format(local, "D"), hour=formats.date_format(local, "G:i" if local.minute else "G")
    )


def page(name: str, *arguments: int) -> str:
    """An address behind the login."""
    return settings.PUBLIC_URL + reverse(name, args=arguments)


def _name(person_id: int) -> str:
    return next((cover.short_name(one.name) for one in directory.contacts([person_id]).values()), "Piketlijn")
