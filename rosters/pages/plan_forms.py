"""The forms of planners: a pattern, a rotation, a draft, a duty. Times are minutes after midnight on the wall."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rosters.core import wall
from rosters.core.wall import DAY_MINUTES
from rosters.core.weekly import LONGEST_CYCLE
from rosters.models import Pattern, RosterVersion
from rosters.models.lines import Part
from rosters.plan_words import clock_words
from rosters.services.pattern_checks import NewPattern, part_times
from rosters.snapshot import DeskRow

WEEKDAYS = [
    ("0", gettext_lazy("Monday")),
    ("1", gettext_lazy("Tuesday")),
    ("2", gettext_lazy("Wednesday")),
    ("3", gettext_lazy("Thursday")),
    ("4", gettext_lazy("Friday")),
    ("5", gettext_lazy("Saturday")),
    ("6", gettext_lazy("Sunday")),
]
POSITIONS = [
    (1, gettext_lazy("1: on duty")),
    (2, gettext_lazy("2: backup")),
    (3, gettext_lazy("3: second backup")),
]
PLACES = 8  # people in a rotation, on the page
CLOCK = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?")
FIELD_OF = {
    "weekdays_wrong": "weekdays",
    "pattern_times_wrong": "starts",
    "dagdeel_unknown": "part",
    "pattern_dates_wrong": "last_day",
    "turn_wrong": "turn",
    "outside_hours": "outside_hours",
    "person_unknown": "person",
    "from_day_past": "valid_from",
    "pattern_ended": "valid_from",
    "person_on_duty": "person",
    "position_taken": "position",
    "person_unfit": "person",
    "not_active": "person",
    "not_qualified": "person",
    "absent": "person",
    "no_length": "ends",
    "too_long": "ends",
}
"""Which field a refusal is about, by its code; the others stand above the form."""


class ClockField(forms.Field):
    """'9:00', '9.30' or '9' as minutes after midnight; '24:00' is the end of the day."""

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        found = CLOCK.fullmatch(text)
        minutes = int(found[1]) * 60 + int(found[2] or 0) if found else DAY_MINUTES + 1
        if minutes > DAY_MINUTES or (found and int(found[2] or 0) > 59):
            raise forms.ValidationError(_("Write the time as 9:00."), code="invalid")
        return minutes

    def prepare_value(self, value: Any) -> Any:
        return clock_words(value) if isinstance(value, int) else value


def day_field(label: Any, *, required: bool = True, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": gettext_lazy("Write the date as 27-11-2026."),
            "required": gettext_lazy("Choose a day."),
        },
    )


class PlanForm(forms.Form):
    """Knows the desks and people that may be chosen, and what was typed when a difference was shown."""

    def __init__(self, desks: Sequence[DeskRow], people: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desks = {desk.id: desk for desk in desks}
        chosen: list[tuple[str | int, str]] = [("", _("Choose"))]
        if "desk" in self.fields:
            self.fields["desk"].choices = [*chosen, *((desk.id, desk.name) for desk in desks)]  # type: ignore[attr-defined]
        self.people_choices = [*chosen, *people]
        if "person" in self.fields:
            self.fields["person"].choices = self.people_choices  # type: ignore[attr-defined]

    def digest(self) -> str:
        """Of all that was typed, so that nobody confirms another difference than he saw."""
        typed = sorted((name, str(value)) for name, value in self.cleaned_data.items())
        return hashlib.sha256(repr(typed).encode()).hexdigest()[:16]

    def refuse(self, code: str, message: str, field: str = "") -> None:
        """Say a refusal of the services beside the field that it is about."""
        place = field or FIELD_OF.get(code, "")
        self.add_error(place if place in self.fields else None, message)


def _desk() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=gettext_lazy("Desk"), coerce=int, error_messages={"required": gettext_lazy("Choose a desk.")}
    )


def _person() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=gettext_lazy("Person"), coerce=int, error_messages={"required": gettext_lazy("Choose a person.")}
    )


class TurnsForm(PlanForm):
    """What a pattern and a rotation share."""

    desk = _desk()
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("Days of the week"),
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one day of the week, each once.")},
    )
    part = forms.ChoiceField(
        label=gettext_lazy("Part of the day"),
        required=False,
        choices=[("", gettext_lazy("own times")), *Part.Name.choices],
        help_text=gettext_lazy("Or choose own times below."),
    )
    starts = ClockField(label=gettext_lazy("From"), required=False)
    ends = ClockField(
        label=gettext_lazy("Until"), required=False, help_text=gettext_lazy("Earlier than 'from': the next day.")
    )
    on_holidays = forms.ChoiceField(
        label=gettext_lazy("Holidays"), choices=Pattern.OnHolidays.choices, initial=Pattern.OnHolidays.STAFF
    )
    valid_from = day_field(gettext_lazy("First day"))
    last_day = day_field(gettext_lazy("Last day"), required=False)
    outside_hours = forms.BooleanField(label=gettext_lazy("Also outside opening hours"), required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        lacking = typed.get("starts") is None or typed.get("ends") is None
        if lacking and not typed.get("part") and not {"starts", "ends"} & set(self.errors):
            self.add_error("starts", _("Choose a part of the day, or fill in from and until."))
        return typed

    @property
    def until(self) -> date | None:
        last: date | None = self.cleaned_data["last_day"]
        return None if last is None else last + timedelta(days=1)

    def times(self) -> tuple[int, int]:
        """(starts, minutes). Raises SetUpRefused for a part of the day that the line does not have."""
        typed = self.cleaned_data
        if typed["part"]:
            return part_times(typed["desk"], typed["part"])
        if self.initial.get("minutes") and {"starts", "ends"}.isdisjoint(self.changed_data):
            return typed["starts"], self.initial["minutes"]  # it may last longer than a day
        return typed["starts"], (typed["ends"] - typed["starts"]) % DAY_MINUTES or DAY_MINUTES


class PatternForm(TurnsForm):
    person = _person()
    position = forms.TypedChoiceField(label=gettext_lazy("Position"), coerce=int, choices=POSITIONS, initial=1)
    every_weeks = forms.IntegerField(
        label=gettext_lazy("Every so many weeks"), min_value=1, max_value=LONGEST_CYCLE, initial=1
    )
    turn = forms.IntegerField(
        label=gettext_lazy("In which week of the cycle"),
        help_text=gettext_lazy("1 is the week of the first day. Empty: as it was."),
        min_value=1,
        max_value=LONGEST_CYCLE,
        required=False,
    )
    field_order = ["desk", "person", "position", "weekdays", "part", "starts", "ends", "every_weeks", "turn"]

    def as_pattern(self) -> NewPattern:
        typed, (starts, minutes) = self.cleaned_data, self.times()
        return NewPattern(
            desk_id=typed["desk"], person_id=typed["person"], weekdays="".join(typed["weekdays"]), starts=starts,
            minutes=minutes, valid_from=typed["valid_from"], valid_until=self.until, position=typed["position"],
            every_weeks=typed["every_weeks"], turn=typed["turn"] - 1 if typed["turn"] else None,
            on_holidays=typed["on_holidays"], outside_hours=typed["outside_hours"],
        )  # fmt: skip


class StopForm(PlanForm):
    valid_from = day_field(gettext_lazy("First day without it"))


class RotationForm(TurnsForm):
    backup = forms.BooleanField(label=gettext_lazy("The next in turn is the backup"), required=False)
    field_order = ["desk", *(f"person_{place}" for place in range(1, PLACES + 1)), "weekdays", "part", "starts", "ends"]

    def __init__(self, desks: Sequence[DeskRow], people: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(desks, people, *args, **kwargs)
        for place in range(1, PLACES + 1):
            label = _("In turn %(place)s") % {"place": place}
            self.fields[f"person_{place}"] = forms.TypedChoiceField(
                label=label, coerce=int, required=False, empty_value=None, choices=self.people_choices
            )
        self.order_fields(self.field_order)

    def people(self) -> list[int]:
        chosen = [self.cleaned_data[f"person_{place}"] for place in range(1, PLACES + 1)]
        return [person_id for person_id in chosen if person_id is not None]


class DraftForm(PlanForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("What do you want to make?"),
        widget=forms.RadioSelect,
        choices=[
            (RosterVersion.Kind.PLANNED, gettext_lazy("A roster (in place of the patterns)")),
            (RosterVersion.Kind.TEMPORARY, gettext_lazy("A temporary roster (goes before everything for a while)")),
        ],
        initial=RosterVersion.Kind.PLANNED,
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("People see it in their message. For example: Q1 2027."),
        error_messages={"required": gettext_lazy("Fill in a name of at most 80 letters.")},
    )
    desks_chosen = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Desks"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one desk.")},
    )
    starts_on = day_field(gettext_lazy("First day"))
    last_day = day_field(gettext_lazy("Last day"))
    start = forms.ChoiceField(
        label=gettext_lazy("Begin with"),
        widget=forms.RadioSelect,
        choices=[("now", gettext_lazy("what is in force now")), ("empty", gettext_lazy("an empty roster"))],
        initial="now",
    )

    def __init__(self, desks: Sequence[DeskRow], people: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(desks, people, *args, **kwargs)
        self.fields["desks_chosen"].choices = [(desk.id, desk.name) for desk in desks]  # type: ignore[attr-defined]

    def refuse(self, code: str, message: str, field: str = "") -> None:
        super().refuse(code, message, {"desks": "desks_chosen", "ends_on": "last_day"}.get(field, field))


class DutyForm(PlanForm):
    """One duty on one day."""

    desk = _desk()
    day = day_field(gettext_lazy("Day"))
    starts = ClockField(label=gettext_lazy("From"), error_messages={"required": gettext_lazy("Fill in a time.")})
    ends = ClockField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("Earlier than 'from': the next day."),
        error_messages={"required": gettext_lazy("Fill in a time.")},
    )
    position = forms.TypedChoiceField(label=gettext_lazy("Position"), coerce=int, choices=POSITIONS, initial=1)
    person = _person()
    outside_hours = forms.BooleanField(label=gettext_lazy("Also outside opening hours"), required=False)

    def when(self) -> tuple[datetime, datetime]:
        typed = self.cleaned_data
        length = (typed["ends"] - typed["starts"]) % DAY_MINUTES or DAY_MINUTES
        return wall.moment(typed["day"], typed["starts"]), wall.moment(typed["day"], typed["starts"] + length)

    def values(self) -> dict[str, Any]:
        """As the services take them."""
        typed, (starts_at, ends_at) = self.cleaned_data, self.when()
        return {
            "desk_id": typed["desk"],
            "person_id": typed["person"],
            "position": typed["position"],
            "starts_at": starts_at,
            "ends_at": ends_at,
            "outside_hours": typed["outside_hours"],
        }


class HandForm(DutyForm):
    agreed = forms.BooleanField(label=gettext_lazy("Agreed on with this person"), required=False)
