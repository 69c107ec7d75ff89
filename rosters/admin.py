"""Set-up of lines, desks and patterns, for administrators. Every form calls a service. Duties are not set-up."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from directory.errors import DirectoryError
from directory.set_up_admin import ServiceForm, SetUpAdmin, ids_of
from rosters import services
from rosters.core import week_text
from rosters.core.wall import DAY_MINUTES
from rosters.errors import RosterError
from rosters.models import Closure, Desk, Line, Norm, Pattern

WEEKDAYS = [
    ("0", _("Monday")),
    ("1", _("Tuesday")),
    ("2", _("Wednesday")),
    ("3", _("Thursday")),
    ("4", _("Friday")),
    ("5", _("Saturday")),
    ("6", _("Sunday")),
]
STAGES = [("own", _("own region")), ("neighbour", _("neighbours")), ("country", _("whole country"))]
DAGDELEN = [("", _("all day")), ("ochtend", _("morning")), ("middag", _("afternoon")), ("avond", _("evening"))]


class RosterForm(ServiceForm):
    refusals = (RosterError, DirectoryError)


class LineForm(RosterForm):
    stages = forms.MultipleChoiceField(
        label=_("Who is rung"),
        choices=STAGES,
        widget=forms.CheckboxSelectMultiple,
        initial=["own", "neighbour", "country"],
    )
    week = forms.CharField(
        label=_("Opening hours"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_(
            "One line for each day or run of days: ma-vr 09:00-17:00. More parts with commas; 24:00 is midnight."
        ),
    )

    class Meta:
        model = Line
        fields = [
            "number",
            "name",
            "direction",
            "fallback_number",
            "closed_on_holidays",
            "cap_seconds",
            "ring_seconds",
            "notice",
            "notice_until",
            "is_active",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["stages"] = self.instance.stages.split(",")
            hours = self.instance.hours.values_list("weekday", "opens", "closes")
            self.initial["week"] = week_text.write(hours)

    def clean_week(self) -> tuple[week_text.Part, ...]:
        try:
            return week_text.read(self.cleaned_data["week"])
        except week_text.NotUnderstood as line:
            raise forms.ValidationError(_("This is not understood: %(line)s") % {"line": line}) from line

    def write(self, typed: dict[str, Any]) -> Line:
        week, notice, until = typed.pop("week"), typed.pop("notice"), typed.pop("notice_until")
        if self.instance.pk:
            line = services.update_line(line_id=self.instance.pk, **typed)
        else:
            line = services.create_line(**typed)
        services.set_hours(line_id=line.pk, parts=week)
        services.set_notice(line_id=line.pk, text=notice, until=until)
        line.refresh_from_db()
        return line


@admin.register(Line)
class LineAdmin(SetUpAdmin):
    form = LineForm
    fields = [*LineForm.Meta.fields[:5], "week", "stages", *LineForm.Meta.fields[5:]]
    list_display = ["name", "number", "direction", "is_active"]
    search_fields = ["name", "number"]


class ClosureForm(RosterForm):
    by_id: int | None = None

    class Meta:
        model = Closure
        fields = ["line", "starts_at", "ends_at", "reason"]

    def write(self, typed: dict[str, Any]) -> Closure:
        line = typed.pop("line")
        return services.close_line(line_id=line.pk, by_id=self.by_id, **typed)


@admin.register(Closure)
class ClosureAdmin(SetUpAdmin):
    """A closure is made or taken back; it does not change."""

    form = ClosureForm
    may_remove = True
    list_display = ["line", "starts_at", "ends_at", "reason", "closed_by"]
    list_filter = ["line"]
    list_select_related = ["line", "closed_by"]

    def get_form(self, request: HttpRequest, obj: Closure | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by_id = request.user.pk  # type: ignore[attr-defined]
        return form

    def has_change_permission(self, request: HttpRequest, obj: Closure | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def remove(self, row: Closure) -> None:
        services.reopen_line(closure_id=row.pk)


class DeskForm(RosterForm):
    class Meta:
        model = Desk
        fields = ["line", "kind", "name", "areas", "regions", "is_active"]
        widgets = {"areas": forms.CheckboxSelectMultiple, "regions": forms.CheckboxSelectMultiple}

    def write(self, typed: dict[str, Any]) -> Desk:
        said = {
            "line_id": typed["line"].pk,
            "kind": typed["kind"],
            "name": typed["name"],
            "area_ids": ids_of(typed["areas"]),
            "region_ids": ids_of(typed["regions"]),
        }
        desk_id = self.instance.pk or services.create_desk(**said).pk
        return services.update_desk(desk_id=desk_id, is_active=typed["is_active"], **said)


@admin.register(Desk)
class DeskAdmin(SetUpAdmin):
    form = DeskForm
    list_display = ["name", "line", "kind", "is_active"]
    list_filter = ["line", "kind", "areas", "regions"]
    search_fields = ["name"]
    list_select_related = ["line"]


class NormForm(RosterForm):
    dagdeel = forms.ChoiceField(label=_("Part of the day"), choices=DAGDELEN, required=False)

    class Meta:
        model = Norm
        fields = ["desk", "dagdeel", "depth"]

    def write(self, typed: dict[str, Any]) -> Norm:
        return services.set_norm(desk_id=typed["desk"].pk, depth=typed["depth"], dagdeel=typed["dagdeel"])


@admin.register(Norm)
class NormAdmin(SetUpAdmin):
    """Set it again to change it: a desk has one norm for each part of the day."""

    form = NormForm
    list_display = ["desk", "dagdeel", "depth"]
    list_filter = ["desk"]
    list_select_related = ["desk"]

    def has_change_permission(self, request: HttpRequest, obj: Norm | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)


class PatternForm(RosterForm):
    weekdays = forms.MultipleChoiceField(
        label=_("Days of the week"), choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    begins = forms.TimeField(label=_("From"))
    ends = forms.TimeField(label=_("Until"), help_text=_("Earlier than 'from', or the same: the next day."))
    outside_hours = forms.BooleanField(label=_("Also outside opening hours"), required=False)

    class Meta:
        model = Pattern
        fields = ["desk", "person", "position", "valid_from", "valid_until"]

    def write(self, typed: dict[str, Any]) -> Pattern:
        starts, ends = _minutes(typed["begins"]), _minutes(typed["ends"])
        return services.add_pattern(
            desk_id=typed["desk"].pk,
            person_id=typed["person"].pk,
            position=typed["position"],
            weekdays="".join(typed["weekdays"]),
            starts=starts,
            minutes=(ends - starts) % DAY_MINUTES or DAY_MINUTES,
            valid_from=typed["valid_from"],
            valid_until=typed["valid_until"],
            outside_hours=typed["outside_hours"],
        )


class PatternEndForm(RosterForm):
    class Meta:
        model = Pattern
        fields = ["valid_until"]

    def write(self, typed: dict[str, Any]) -> Pattern:
        services.end_pattern(pattern_id=self.instance.pk, on=typed["valid_until"])
        self.instance.refresh_from_db()
        return self.instance  # type: ignore[no-any-return]


@admin.register(Pattern)
class PatternAdmin(SetUpAdmin):
    """A pattern is made and ended. What it asks for is put in force at once, and every night up to 13 weeks ahead."""

    list_display = ["desk", "person", "position", "weekdays", "hours", "valid_from", "valid_until"]
    list_filter = ["desk"]
    search_fields = ["person__name", "desk__name"]
    list_select_related = ["desk", "person"]
    autocomplete_fields = ["desk", "person"]

    def get_form(self, request: HttpRequest, obj: Pattern | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(
            request, obj, change=change, **{**kwargs, "form": PatternEndForm if obj else PatternForm}
        )

    def get_fields(self, request: HttpRequest, obj: Pattern | None = None) -> Any:
        if obj:
            return ["valid_until"]
        times = ["weekdays", "begins", "ends", "outside_hours"]
        return ["desk", "person", "position", *times, "valid_from", "valid_until"]

    @admin.display(description=_("Hours"))
    def hours(self, pattern: Pattern) -> str:
        ends = (pattern.starts + pattern.minutes) % DAY_MINUTES
        return f"{_clock(pattern.starts)}-{_clock(ends)}"


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
