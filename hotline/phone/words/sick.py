"""ZIEK acts at once: nobody is rung in vain. A call then asks whether it was meant (`sick_calls`)."""

from __future__ import annotations

from hotline.call import proof
from hotline.phone import proof_calls, sick_calls
from hotline.phone.words.reply import Reply, Sender
from integrations.due import file_due
from integrations.links import LinkFor
from rosters import waiting
from rosters.services import sick, steps


def ill(sender: Sender, _rest: str) -> Reply:
    """Once: a second ZIEK says how it stands."""
    earlier = waiting.sick_call_of(sender.person_id, sender.now)
    if earlier is not None:
        return Reply("sick_already", at=earlier.until, link=_undo(sender, earlier.id))
    called = sick.report_sick(person_id=sender.person_id, by=sender.person_id)
    link = _undo(sender, called.absence_id)
    if not called.request_ids:
        return Reply("sick_no_duty", at=called.until, link=link)
    call = proof_calls.place(
        kind=proof.SICK,
        person_id=sender.person_id,
        number=sender.number,
        asked_by=sender.person_id,
        about=sick_calls.about(called.absence_id, called.request_ids),
    )
    file_due(sick_calls.UNCONFIRMED, f"{sick_calls.UNCONFIRMED}:{call.pk}", sender.now + sick_calls.CONFIRM_WITHIN)
    return Reply("sick", link=link)


def _undo(sender: Sender, absence_id: int) -> LinkFor:
    return LinkFor(sender.person_id, steps.LINK, f"{steps.WELL}:{absence_id}", "k")
