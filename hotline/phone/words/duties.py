"""JA and NEE: a duty that was reminded of, or a request to take one over. When several wait, the answer asks which."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction

from hotline.phone.words.reply import Reply, Sender
from integrations.links import LinkFor
from rosters import cover_board, cover_telling, telling, waiting
from rosters import queries as rosters
from rosters.core.intervals import Interval
from rosters.errors import RosterError
from rosters.queries import DutyAt
from rosters.services import covering, steps, taking
from rosters.waiting import CoverAsked

DUTY = "DIENST"
OnDuties = Callable[[Sender, Sequence[DutyAt]], Reply]
OnAsked = Callable[[Sender, CoverAsked], Reply]


def yes(sender: Sender, which: str) -> Reply:
    return _one_of(sender, which, _confirm, _take)


def no(sender: Sender, which: str) -> Reply:
    return _one_of(sender, which, _not_coming, _decline)


def _one_of(sender: Sender, which: str, on_duties: OnDuties, on_asked: OnAsked) -> Reply:
    """The one thing that waits, or the one that was named."""
    if which.isdecimal():
        asked = waiting.cover_numbered(int(which), sender.now)
        if asked is None or not _concerns(sender, asked):
            return Reply("cover_over", request=which)
        return on_asked(sender, asked)
    duties = rosters.to_confirm(sender.person_id, sender.now)
    asks = [] if which == DUTY else waiting.cover_asks(sender.person_id, sender.now)
    if duties and asks:
        return Reply("which", when=_words(duties), request=str(asks[0].number))
    if duties:
        return on_duties(sender, duties)
    if len(asks) > 1:
        return Reply("which_cover", request=str(asks[0].number))
    return on_asked(sender, asks[0]) if asks else Reply("nothing_waits")


def _concerns(sender: Sender, asked: CoverAsked) -> bool:
    """Numbers are easily guessed: what is none of his business is answered as one that is over."""
    try:
        cover_board.request_for(sender.person_id, asked.id, sender.person_id)
    except RosterError:
        return False
    return True


def _confirm(sender: Sender, duties: Sequence[DutyAt]) -> Reply:
    ids = [duty.id for duty in duties]
    steps.confirm(duty_ids=ids, how="sms", by=sender.person_id)
    return Reply("confirmed", when=_words(duties), link=_link(sender, steps.UNDO, ids))


def _not_coming(sender: Sender, duties: Sequence[DutyAt]) -> Reply:
    """Nothing is done yet: what he wants instead, he chooses behind the link."""
    return Reply("not_coming", when=_words(duties), link=_link(sender, steps.CONFIRM, [duty.id for duty in duties]))


def _take(sender: Sender, asked: CoverAsked) -> Reply:
    """The text of a take-over is sent by the service, with the way back in it."""
    try:
        taking.take(request_id=asked.id, person_id=sender.person_id, by=sender.person_id, how="sms")
    except RosterError as refused:
        if refused.code in {"rules_broken", "swap_only"}:
            return Reply("cover_look", request=str(asked.number), link=_cover_link(sender, asked))
        return Reply("cover_over", request=str(asked.number))
    return Reply(did="cover_taken")


def _decline(sender: Sender, asked: CoverAsked) -> Reply:
    try:
        with transaction.atomic():
            covering.say_no(request_id=asked.id, person_id=sender.person_id, by=sender.person_id)
    except RosterError:
        return Reply("cover_over", request=str(asked.number))
    return Reply("cover_declined", request=str(asked.number), link=_cover_link(sender, asked))


def _link(sender: Sender, deed: str, duty_ids: Sequence[int]) -> LinkFor:
    return LinkFor(sender.person_id, steps.LINK, steps.about_duties(deed, duty_ids), "k")


def _cover_link(sender: Sender, asked: CoverAsked) -> LinkFor:
    return LinkFor(sender.person_id, cover_telling.COVER, f"cover:{asked.id}", cover_telling.PREFIX)


def _words(duties: Sequence[DutyAt]) -> str:
    return telling.coming(Interval(duty.starts_at, duty.ends_at) for duty in duties)
