"""PAUZE, PAUZE 15, VERDER."""

from __future__ import annotations

from hotline import pausing
from hotline.phone.words.reply import Reply, Sender
from integrations.links import LinkFor
from rosters import queries as rosters
from rosters import services
from rosters.errors import RosterError

LINK = "pause"  # the action of every link to /p/; what it is about says the deed
RESUME, PAUSE_AGAIN = "resume", "pause"


def pause(sender: Sender, minutes: str) -> Reply:
    try:
        until = pausing.pause(person_id=sender.person_id, source="sms", minutes=int(minutes) if minutes else None)
    except RosterError as refused:
        return Reply("not_on_duty" if refused.code == "not_on_duty" else "pause_minutes")
    return Reply("pause_set", at=until, link=LinkFor(sender.person_id, LINK, f"{RESUME}:{sender.person_id}", "p"))


def resume(sender: Sender, _rest: str) -> Reply:
    running = rosters.pause_of(sender.person_id, sender.now)
    if running is None or not services.resume(person_id=sender.person_id):
        return Reply("not_paused")
    about = f"{PAUSE_AGAIN}:{running.ends_at.isoformat()}"
    return Reply("resumed", link=LinkFor(sender.person_id, LINK, about, "p"))
