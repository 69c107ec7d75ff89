"""Everything that can be done with a consultation, from asking to closing. The only writers, with the telephone's.

`person` is whoever acts (logged in, or `access.somebody` behind a link); every service checks what he may do, locks
the consultation first, and raises a refusal of `hotline.errors` that says what to do.
"""

from __future__ import annotations

from hotline.consultations.accepting import accept, decline, release
from hotline.consultations.access import somebody
from hotline.consultations.asking import ask, correct_area_region, withdraw
from hotline.consultations.calling import call_me_about_this, call_the_asker
from hotline.consultations.coordinating import assign, settle
from hotline.consultations.files import Upload
from hotline.consultations.outcomes import close_follow_up, note_outcome, plan_follow_up
from hotline.consultations.overdue import consultations_overdue, follow_ups_due
from hotline.consultations.saying import log_outcome
from hotline.consultations.sharing import claim_for_organisation, share, take_over, unshare
from hotline.consultations.thread import answer, ask_more, reply

__all__ = [
    "Upload",
    "accept",
    "answer",
    "ask",
    "ask_more",
    "assign",
    "call_me_about_this",
    "call_the_asker",
    "claim_for_organisation",
    "close_follow_up",
    "consultations_overdue",
    "correct_area_region",
    "decline",
    "follow_ups_due",
    "log_outcome",
    "note_outcome",
    "plan_follow_up",
    "release",
    "reply",
    "settle",
    "share",
    "somebody",
    "take_over",
    "unshare",
    "withdraw",
]
