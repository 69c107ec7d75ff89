"""Tables of the rosters: lines, plans, duties, availability, cover, and what is watched over."""

from rosters.models.availability import (
    Absence,
    BusySource,
    BusyTime,
    Level,
    Round,
    Terms,
    WeeklyAvailability,
    Wish,
)
from rosters.models.covering import CoverAsk, CoverRequest
from rosters.models.duties import Duty, Pause, Revision
from rosters.models.lines import Closure, Desk, Line, Norm, OpeningHours, Part
from rosters.models.plans import Hole, Pattern, PlannedDuty, RosterVersion
from rosters.models.watching import Balance, Feed, FeedText, Gap

__all__ = [
    "Absence",
    "Balance",
    "BusySource",
    "BusyTime",
    "Closure",
    "CoverAsk",
    "CoverRequest",
    "Desk",
    "Duty",
    "Feed",
    "FeedText",
    "Gap",
    "Hole",
    "Level",
    "Line",
    "Norm",
    "OpeningHours",
    "Part",
    "Pattern",
    "Pause",
    "PlannedDuty",
    "Revision",
    "RosterVersion",
    "Round",
    "Terms",
    "WeeklyAvailability",
    "Wish",
]
