"""HULP, what nobody understands, and the words that are the vendor's."""

from __future__ import annotations

from directory import queries as directory
from hotline.models import Ticket
from hotline.phone import tickets
from hotline.phone.words.reply import Reply, Sender

MOST_A_DAY = 5  # a telephone that answers by itself would go on for ever


def help_(_sender: Sender, _rest: str) -> Reply:
    return Reply("help")


def unknown(sender: Sender) -> Reply:
    """The list of words, and a task for the coordinator: the text itself is kept nowhere, for it may name a client."""
    ticket = _to_coordinator("unknown_text", sender)
    times = ticket.data.get("times", 0) + 1
    Ticket.objects.filter(pk=ticket.pk).update(data={**ticket.data, "times": times})
    return Reply("words") if times <= MOST_A_DAY else Reply(did="words_enough")


def for_the_vendor(sender: Sender, *, is_stop: bool) -> Reply:
    """Not answered: the vendor does. After a STOP no text of ours arrives, so somebody has to call."""
    if is_stop:
        _to_coordinator("texts_stopped", sender)
    return Reply(did="vendor_word")


def _to_coordinator(kind: str, sender: Sender) -> Ticket:
    regions = (role.region_id for role in directory.roles_of(sender.person_id, sender.now))
    return tickets.file_ticket(
        kind,
        f"{kind}:{sender.person_id}:{sender.now.date().isoformat()}",
        sender.now,
        region_id=next((region for region in regions if region), None),
        person_id=sender.person_id,
    )
