"""Where a question stands and what comes next, in one sentence each, for whoever reads it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from hotline.consultations.queries import ConsultationView
from hotline.core.lifecycle import Status, Step
from web.templatetags.piket import at, before

ASKER, LAWYER, OFFERED = "asker", "lawyer", "offered"


def where_it_stands(view: ConsultationView) -> str:
    """One sentence: who has it."""
    lawyer = view.lawyer or _("the lawyer")
    if view.next_step == Step.CALL_BACK:
        return _("The line calls both of you %(time)s.") % {"time": _moment(view.next_due_at)}
    if view.next_step == Step.COORDINATE:
        return _("The coordinator arranges this, %(before)s.") % {"before": _before(view.next_due_at)}
    match Status(view.status):
        case Status.SUBMITTED if view.next_step == Step.CONNECT:
            return _("The line is looking for a lawyer now.")
        case Status.SUBMITTED:
            return _("Submitted %(time)s. We are asking a lawyer on duty.") % {"time": _moment(view.created_at)}
        case Status.WITH_LAWYER:
            return _("%(name)s has the question.") % {"name": lawyer}
        case Status.IN_CONVERSATION:
            return _("In conversation with %(name)s.") % {"name": lawyer}
        case Status.MORE_INFO:
            return _("%(name)s asks for more information.") % {"name": lawyer}
        case Status.ANSWERED:
            return _("%(name)s has given advice.") % {"name": lawyer}
        case Status.HANDED_OVER:
            return _("The question is being handed over.")
        case Status.CLOSED:
            return _("Closed %(time)s.") % {"time": _moment(view.ended_at)}
        case Status.WITHDRAWN:
            return _("Withdrawn %(time)s.") % {"time": _moment(view.ended_at)}


def what_comes_next(view: ConsultationView) -> str:
    """One sentence: who does what, by when; '' when it has ended."""
    due = _before(view.next_due_at)
    match Step(view.next_step):
        case Step.ACCEPT | Step.ANSWER if view.seen_as == LAWYER and view.mine:
            return _("You answer %(before)s.") % {"before": due}
        case Step.ACCEPT if view.seen_as == ASKER:
            return _("You have the answer %(before)s.") % {"before": _before(view.answer_due_at)}
        case Step.ACCEPT if view.seen_as != OFFERED:
            return _("The answer comes %(before)s.") % {"before": _before(view.answer_due_at)}
        case Step.ANSWER:
            return _("The answer comes %(before)s.") % {"before": due}
        case Step.INFORM if view.mine:
            return _("Reply, and the clock of the answer runs again.")
        case Step.INFORM:
            return _("Waiting for a reply of %(name)s.") % {"name": view.owner}
        case Step.OUTCOME if view.mine:
            return _("Say what came of it.")
        case Step.CONFIRM if view.mine:
            return _("Tell us whether it helped.")
        case Step.CONFIRM | Step.OUTCOME:
            return _("%(name)s says what came of it.") % {"name": view.owner}
        case Step.FOLLOW_UP:
            return _("Follow-up by %(name)s, %(time)s.") % {"name": view.owner, "time": due}
    return ""


def _moment(moment: datetime | None) -> str:
    return at(moment) if moment is not None else "-"


def _before(moment: datetime | None) -> str:
    return before(moment) if moment is not None else "-"
