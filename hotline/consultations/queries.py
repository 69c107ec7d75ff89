"""What a person may know of consultations: one, his lists, a file. Authorised while it is fetched."""

from __future__ import annotations

from hotline.consultations.lists import (
    Conversation,
    MyQuestions,
    OfferCard,
    Row,
    asked_of_me,
    conversations,
    my_follow_ups,
    my_questions,
    offer_card,
    open_outcomes,
    own_questions,
    row_for,
    to_coordinate,
)
from hotline.consultations.reading import (
    ConsultationView,
    FileContent,
    attachment_for,
    consultation_for,
    open_text_as_coordinator,
)
from hotline.consultations.record import replayed
from hotline.consultations.timeline import Entry, timeline

__all__ = [
    "ConsultationView",
    "Conversation",
    "Entry",
    "FileContent",
    "MyQuestions",
    "OfferCard",
    "Row",
    "asked_of_me",
    "attachment_for",
    "consultation_for",
    "conversations",
    "my_follow_ups",
    "my_questions",
    "offer_card",
    "open_outcomes",
    "open_text_as_coordinator",
    "own_questions",
    "replayed",
    "row_for",
    "timeline",
    "to_coordinate",
]
