"""What can be done on the page of a question: per step a form, the service, and what is said when it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory import queries as directory
from hotline.consultations import services
from hotline.consultations.access import Actor
from hotline.core.outcomes import Side, Value
from integrations import clock

WORKER_SAYS = [
    (Value.HELPED, gettext_lazy("Yes")),
    (Value.PARTLY, gettext_lazy("Partly")),
    (Value.NOT_HELPED, gettext_lazy("No")),
]
LAWYER_SAYS = [
    (Value.ANSWERED, gettext_lazy("Answered")),
    (Value.FOLLOW_UP, gettext_lazy("Follow-up")),
    (Value.HAND_OVER, gettext_lazy("Hand over")),
    (Value.WRONG_AREA, gettext_lazy("Wrong area")),
    (Value.LATER, gettext_lazy("Later")),
]
SAYS = {Side.WORKER: WORKER_SAYS, Side.LAWYER: LAWYER_SAYS}
AVOIDED = {"ja": True, "nee": False}


class NoForm(forms.Form):
    """A button only."""


class TextForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your message"),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write something first.")},
    )


class AvoidedForm(forms.Form):
    certificate_avoided = forms.ChoiceField(
        label=gettext_lazy("Was a LAT or toevoeging probably avoided?"),
        choices=[("ja", gettext_lazy("Yes")), ("nee", gettext_lazy("No")), ("", gettext_lazy("I don't know"))],
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )

    def clean_certificate_avoided(self) -> bool | None:
        return AVOIDED.get(self.cleaned_data["certificate_avoided"])


class AnswerForm(AvoidedForm, TextForm):
    field_order = ("text", "certificate_avoided")


class DayForm(forms.Form):
    """A day for a follow-up: a chip, or a date of one's own."""

    chip = forms.ChoiceField(
        label=gettext_lazy("Is a follow-up needed?"),
        choices=[
            ("", gettext_lazy("No")),
            ("morgen", gettext_lazy("Tomorrow")),
            ("week", gettext_lazy("In a week")),
            ("datum", gettext_lazy("On a date")),
        ],
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )
    follow_up_on = forms.DateField(
        label=gettext_lazy("Date of the follow-up"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
        error_messages={"invalid": gettext_lazy("Write the date as 27-11-2026.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        today = timezone.localtime(clock.now()).date()
        chosen: date | None = cleaned.get("follow_up_on")
        match cleaned.get("chip"):
            case "morgen":
                chosen = today + timedelta(days=1)
            case "week":
                chosen = today + timedelta(days=7)
            case "datum" if chosen is None and not self.errors:
                self.add_error("follow_up_on", _("Choose the date of the follow-up."))
        cleaned["follow_up_on"] = chosen
        return cleaned


class OutcomeForm(AvoidedForm, DayForm):
    value = forms.CharField(error_messages={"required": gettext_lazy("Choose what came of it.")})
    then = forms.CharField(required=False)


class FollowUpForm(DayForm):
    what = forms.CharField(
        label=gettext_lazy("What has to happen?"), max_length=300, required=False, widget=forms.TextInput()
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned["follow_up_on"] is None and not self.errors:
            self.add_error("chip", _("Choose a day."))
        return cleaned


class ReasonForm(forms.Form):
    reason = forms.CharField(required=False)


class WhyForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why do you need to read the text?"),
        max_length=200,
        help_text=gettext_lazy("One sentence, without anything of the case. Both sides see it."),
        error_messages={"required": gettext_lazy("Say in one sentence why you need to read the text.")},
    )


class ColleagueForm(forms.Form):
    colleague = forms.TypedChoiceField(
        label=gettext_lazy("Colleague"), coerce=int, error_messages={"required": gettext_lazy("Choose a colleague.")}
    )

    def __init__(self, *args: Any, person: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(one.id, one.name) for one in directory.colleagues(person.pk)]
        self.fields["colleague"].choices = [("", _("Choose")), *people]  # type: ignore[attr-defined]


class LawyerForm(forms.Form):
    lawyer = forms.TypedChoiceField(
        label=gettext_lazy("Lawyer"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("Leave empty to search again by duty."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(one.id, one.name) for one in directory.people_with_role("lawyer")]
        self.fields["lawyer"].choices = [("", _("Whoever is on duty")), *people]  # type: ignore[attr-defined]


class CorrectForm(forms.Form):
    area = forms.ChoiceField(label=gettext_lazy("Area of law"))
    region = forms.ChoiceField(label=gettext_lazy("Region"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        setup = directory.set_up()
        self.fields["area"].choices = [(area.slug, area.name) for area in setup.areas]  # type: ignore[attr-defined]
        self.fields["region"].choices = [(place.code, place.name) for place in setup.regions]  # type: ignore[attr-defined]


class NumberForm(forms.Form):
    number = forms.IntegerField(min_value=1)


@dataclass(frozen=True, slots=True)
class StepOn:
    """`name` is the service that `may` of a ConsultationView speaks of."""

    name: str
    form: type[forms.Form]
    run: Callable[[Actor, str, dict[str, Any]], object]
    done: Any


def _answer(person: Actor, reference: str, given: dict[str, Any]) -> object:
    return services.answer(
        person=person,
        reference=reference,
        text=given["text"],
        certificate_avoided=given["certificate_avoided"],
    )


def _outcome(person: Actor, reference: str, given: dict[str, Any]) -> object:
    return services.log_outcome(
        person=person,
        reference=reference,
        value=given["value"],
        certificate_avoided=given["certificate_avoided"],
        follow_up_on=given["follow_up_on"],
        then=given["then"],
    )


def _follow_up(person: Actor, reference: str, given: dict[str, Any]) -> object:
    return services.plan_follow_up(person=person, reference=reference, due_on=given["follow_up_on"], what=given["what"])


def _correct(person: Actor, reference: str, given: dict[str, Any]) -> object:
    return services.correct_area_region(
        person=person,
        reference=reference,
        area_id=directory.area(given["area"]).id,
        region_id=directory.region(given["region"]).id,
    )


STEPS: Mapping[str, StepOn] = {
    "aannemen": StepOn(
        "accept",
        NoForm,
        lambda person, reference, _given: services.accept(person=person, reference=reference),
        gettext_lazy("You have accepted the question. The asker has been told."),
    ),
    "doorgeven": StepOn(
        "decline",
        ReasonForm,
        lambda person, reference, given: services.decline(person=person, reference=reference, reason=given["reason"]),
        gettext_lazy("Passed on. The next lawyer is asked."),
    ),
    "teruggeven": StepOn(
        "release",
        ReasonForm,
        lambda person, reference, given: services.release(person=person, reference=reference, reason=given["reason"]),
        gettext_lazy("Given back. Somebody else is asked."),
    ),
    "doorvragen": StepOn(
        "ask_more",
        TextForm,
        lambda person, reference, given: services.ask_more(person=person, reference=reference, text=given["text"]),
        gettext_lazy("Sent. The clock stands still until the asker replies."),
    ),
    "reageren": StepOn(
        "reply",
        TextForm,
        lambda person, reference, given: services.reply(person=person, reference=reference, text=given["text"]),
        gettext_lazy("Your reply has been sent."),
    ),
    "antwoorden": StepOn("answer", AnswerForm, _answer, gettext_lazy("Your answer has been sent.")),
    "uitkomst": StepOn("log_outcome", OutcomeForm, _outcome, gettext_lazy("Written down. Thank you.")),
    "vervolg": StepOn("plan_follow_up", FollowUpForm, _follow_up, gettext_lazy("The follow-up is planned.")),
    "vervolg-klaar": StepOn(
        "",
        NumberForm,
        lambda person, _reference, given: services.close_follow_up(person=person, follow_up_id=given["number"]),
        gettext_lazy("The follow-up is ticked off."),
    ),
    "intrekken": StepOn(
        "withdraw",
        NoForm,
        lambda person, reference, _given: services.withdraw(person=person, reference=reference),
        gettext_lazy("Withdrawn. Whoever had it has been told."),
    ),
    "bel-mij": StepOn(
        "call_me_about_this",
        NoForm,
        lambda person, reference, _given: services.call_me_about_this(person=person, reference=reference),
        gettext_lazy("Agreed: the line calls the lawyer, and then you."),
    ),
    "bel-de-vrager": StepOn(
        "call_the_asker",
        NoForm,
        lambda person, reference, _given: services.call_the_asker(person=person, reference=reference),
        gettext_lazy("Agreed: your phone rings first, then we call the asker."),
    ),
    "overnemen": StepOn(
        "take_over",
        NoForm,
        lambda person, reference, _given: services.take_over(person=person, reference=reference),
        gettext_lazy("The question is yours now. Your colleague has been told."),
    ),
    "oppakken": StepOn(
        "claim_for_organisation",
        NoForm,
        lambda person, reference, _given: services.claim_for_organisation(person=person, reference=reference),
        gettext_lazy("The question is yours now."),
    ),
    "delen": StepOn(
        "share",
        ColleagueForm,
        lambda person, reference, given: services.share(
            person=person, reference=reference, colleague_id=given["colleague"]
        ),
        gettext_lazy("Your colleague can read along."),
    ),
    "niet-delen": StepOn(
        "unshare",
        NumberForm,
        lambda person, reference, given: services.unshare(
            person=person, reference=reference, colleague_id=given["number"]
        ),
        gettext_lazy("Your colleague reads no more."),
    ),
    "verbeteren": StepOn(
        "correct_area_region", CorrectForm, _correct, gettext_lazy("The area and the region are right now.")
    ),
    "toewijzen": StepOn(
        "assign",
        LawyerForm,
        lambda person, reference, given: services.assign(person=person, reference=reference, lawyer_id=given["lawyer"]),
        gettext_lazy("The lawyer is asked."),
    ),
    "geregeld": StepOn(
        "settle",
        NoForm,
        lambda person, reference, _given: services.settle(person=person, reference=reference),
        gettext_lazy("Settled. The asker is asked whether it helped."),
    ),
}
