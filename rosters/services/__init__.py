"""The only writers of lines, desks, duties and pauses."""

from rosters.services.availability import Said, end_habit, say, set_habit, withdraw_absence
from rosters.services.balances import close_when_due
from rosters.services.busy import add_address, add_file, refresh, refresh_due, remove_source
from rosters.services.desks import create_desk, set_norm, update_desk
from rosters.services.duties import add_duty, cancel_duty
from rosters.services.feeds import hand_out_own_feeds
from rosters.services.filling import FILL, Filled, fill_duties, keep_filled
from rosters.services.gaps import DIGEST, assign_gap, gap_digest, gaps_due, watch_gaps
from rosters.services.lines import close_line, create_line, reopen_line, set_hours, set_notice, update_line
from rosters.services.lists import NewDuty, add_duties
from rosters.services.pattern_checks import NewPattern
from rosters.services.patterns import add_pattern, add_rotation, change_pattern, end_pattern, preview_change
from rosters.services.pauses import Paused, pause, resume
from rosters.services.publishing import Publication, Undone, publication, publish, undo
from rosters.services.rounds import agree_terms, give_wish, open_round
from rosters.services.steps import choose_number, confirm, steps_due, unconfirm
from rosters.services.versions import (
    add_planned,
    change_planned,
    discard_version,
    draft_version,
    lock_planned,
    remove_planned,
)

__all__ = [
    "DIGEST",
    "FILL",
    "Filled",
    "NewDuty",
    "NewPattern",
    "Paused",
    "Publication",
    "Said",
    "Undone",
    "add_address",
    "add_duties",
    "add_duty",
    "add_file",
    "add_pattern",
    "add_planned",
    "add_rotation",
    "agree_terms",
    "assign_gap",
    "cancel_duty",
    "change_pattern",
    "change_planned",
    "choose_number",
    "close_line",
    "close_when_due",
    "confirm",
    "create_desk",
    "create_line",
    "discard_version",
    "draft_version",
    "end_habit",
    "end_pattern",
    "fill_duties",
    "gap_digest",
    "gaps_due",
    "give_wish",
    "hand_out_own_feeds",
    "keep_filled",
    "lock_planned",
    "open_round",
    "pause",
    "preview_change",
    "publication",
    "publish",
    "refresh",
    "refresh_due",
    "remove_planned",
    "remove_source",
    "reopen_line",
    "resume",
    "say",
    "set_habit",
    "set_hours",
    "set_norm",
    "set_notice",
    "steps_due",
    "unconfirm",
    "undo",
    "update_desk",
    "update_line",
    "watch_gaps",
    "withdraw_absence",
]
