"""Consultations by phone and online: calls, offers, callbacks, threads, outcomes, follow-ups, and what was heard.

The module is long because the tables of one question belong together: what may never be false runs across them.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from integrations import clock
from integrations.fields import EncryptedTextField

FIRST_REFERENCE = 2400


class Lane(models.TextChoices):
    """How soon. The codes are part of the API."""

    NOW = "nu", _("now")
    TODAY = "vandaag", _("today")
    TWO_DAYS = "twee_dagen", _("within two working days")


class Consultation(models.Model):
    """One question, from the moment its area is known until it is closed. Shown as 'vraag PK-...'."""

    class Channel(models.TextChoices):
        PHONE = "phone", _("by phone")
        ONLINE = "online", _("online")

    class Status(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        WITH_LAWYER = "with_lawyer", _("with a lawyer")
        IN_CONVERSATION = "in_conversation", _("in conversation")
        MORE_INFO = "more_info", _("more information asked")
        ANSWERED = "answered", _("answered")
        HANDED_OVER = "handed_over", _("handed over")
        CLOSED = "closed", _("closed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class NextStep(models.TextChoices):
        NONE = "", _("nothing")
        ACCEPT = "accept", _("a lawyer accepts")
        CONNECT = "connect", _("the call is put through")
        CALL_BACK = "call_back", _("the line calls back")
        ANSWER = "answer", _("the lawyer answers")
        INFORM = "inform", _("the asker gives more information")
        OUTCOME = "outcome", _("the outcome is written down")
        CONFIRM = "confirm", _("the asker confirms")
        FOLLOW_UP = "follow_up", _("the follow-up is done")
        COORDINATE = "coordinate", _("the coordinator arranges it")

    class OwnerRole(models.TextChoices):
        NONE = "", "-"
        LINE = "line", _("the line")
        DESK = "desk", _("the lawyers on duty")
        COORDINATOR = "coordinator", _("the coordinator")
        ORGANISATION = "organisation", _("the organisation")

    channel = models.CharField(max_length=8, choices=Channel.choices)
    line = models.ForeignKey("rosters.Line", models.PROTECT, related_name="+")
    area = models.ForeignKey("directory.LegalArea", models.PROTECT, related_name="+")
    region = models.ForeignKey("directory.Region", models.PROTECT, related_name="+")
    lane = models.CharField(max_length=10, choices=Lane.choices)
    organisation = models.ForeignKey("directory.Organisation", models.PROTECT, null=True, related_name="+")
    asker = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="asked")
    lawyer = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="advised")
    question = EncryptedTextField(blank=True)
    background = EncryptedTextField(blank=True)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.SUBMITTED)
    round = models.PositiveSmallIntegerField(default=1)
    next_step = models.CharField(max_length=12, choices=NextStep.choices, blank=True)
    next_owner = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    next_owner_role = models.CharField(max_length=12, choices=OwnerRole.choices, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True)
    answer_due_at = models.DateTimeField(null=True, blank=True)
    deadline = models.DateField(null=True, blank=True, help_text="last day of the asker's own term, if given")
    offers_tried = models.PositiveSmallIntegerField(default=0, help_text="online offers of this round not accepted")
    earlier = models.ForeignKey("self", models.SET_NULL, null=True, related_name="later")
    created_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["closed", "withdrawn"], next_step="", next_due_at__isnull=True)
                | (
                    ~Q(status__in=["closed", "withdrawn"])
                    & ~Q(next_step="")
                    & Q(next_due_at__isnull=False)
                    & (Q(next_owner__isnull=False) ^ ~Q(next_owner_role=""))
                ),
                name="consultation_open_has_one_next_step",
            )
        ]
        indexes = [
            models.Index(fields=["asker", "status"], name="consultation_asker"),
            models.Index(fields=["lawyer", "status"], name="consultation_lawyer"),
            models.Index(fields=["organisation", "status"], name="consultation_org"),
            models.Index("next_due_at", condition=Q(next_due_at__isnull=False), name="consultation_due"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """PK-2481: what people say to each other."""
        return f"PK-{FIRST_REFERENCE + self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status not in {self.Status.CLOSED, self.Status.WITHDRAWN}


class Call(models.Model):
    """The caller's leg, from the first webhook until its one end. The machine's own memory is `memory`."""

    class End(models.TextChoices):
        RUNNING = "", _("running")
        CONNECTED = "connected", _("connected")
        CALLBACK = "callback", _("callback")
        WITHDRAWN = "withdrawn", _("withdrawn")

    token = models.CharField(max_length=32, unique=True)
    turn = models.PositiveIntegerField(default=1)
    call_sid = models.CharField(max_length=80, unique=True)
    line = models.ForeignKey("rosters.Line", models.PROTECT, related_name="+")
    number = models.CharField(max_length=32, blank=True, help_text="called from; empty when withheld")
    worker = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("directory.Organisation", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10)
    area = models.ForeignKey("directory.LegalArea", models.PROTECT, null=True, related_name="+")
    region = models.ForeignKey("directory.Region", models.PROTECT, null=True, related_name="+")
    lane = models.CharField(max_length=10, choices=Lane.choices, default=Lane.TODAY)
    memory = models.JSONField(default=dict)
    cap_at = models.DateTimeField(null=True, blank=True)
    consultation = models.ForeignKey(Consultation, models.PROTECT, null=True, related_name="calls")
    started_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True, blank=True, help_text="moment the watchdog looks")
    due_tries = models.PositiveSmallIntegerField(default=0)
    rank = models.PositiveSmallIntegerField(default=0, help_text="highest status seen of this leg")
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=10, choices=End.choices, blank=True)
    end_reason = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="") | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="call_ended_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(due_at__isnull=False), name="call_open_has_due"
            ),
        ]
        indexes = [
            models.Index("due_at", condition=Q(due_at__isnull=False), name="call_due"),
            models.Index(fields=["number", "started_at"], name="call_number"),
            models.Index(fields=["started_at"], name="call_started"),
        ]

    def __str__(self) -> str:
        return f"call {self.pk} {self.end or self.state}"


class Callback(models.Model):
    """A promise to call the worker back, with the worker's leg once it is placed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        PLACING = "placing", _("placing")
        LAWYER = "lawyer", _("ringing the lawyer")
        WORKER = "worker", _("ringing the worker")
        TALK = "talk", _("in conversation")
        DONE = "done", _("done")
        COORDINATOR = "coordinator", _("with the coordinator")
        WITHDRAWN = "withdrawn", _("withdrawn")

    OPEN = ("waiting", "placing", "lawyer", "worker", "talk", "coordinator")

    call = models.ForeignKey(Call, models.PROTECT, null=True, related_name="callbacks")
    consultation = models.ForeignKey(Consultation, models.PROTECT, null=True, related_name="callbacks")
    line = models.ForeignKey("rosters.Line", models.PROTECT, related_name="+")
    region = models.ForeignKey("directory.Region", models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey("directory.LegalArea", models.PROTECT, null=True, related_name="+")
    worker = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="callbacks")
    organisation = models.ForeignKey("directory.Organisation", models.PROTECT, null=True, related_name="+")
    number = models.CharField(max_length=16, blank=True, help_text="the worker's number, E.164")
    lawyer = models.ForeignKey(
        "directory.Person", models.PROTECT, null=True, related_name="promises", help_text="who promised, if anyone did"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    why = models.CharField(
        max_length=24, help_text="nobody_free, promised, closed, missed, stranger, fault, online, ..."
    )
    due_at = models.DateTimeField(null=True, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    attempt = models.PositiveSmallIntegerField(default=0, help_text="rounds of the list that found nobody")
    promised_tries = models.PositiveSmallIntegerField(default=0)
    postponed = models.PositiveSmallIntegerField(default=0, help_text="times the promising lawyer pressed 2")
    worker_tries = models.PositiveSmallIntegerField(default=0)
    placed_at = models.DateTimeField(null=True, blank=True)
    offer = models.ForeignKey("Offer", models.PROTECT, null=True, related_name="+", help_text="the lawyer's leg now")
    token = models.CharField(max_length=32, unique=True, null=True, help_text="the worker's leg")
    turn = models.PositiveIntegerField(default=1)
    call_sid = models.CharField(max_length=80, blank=True)
    rank = models.PositiveSmallIntegerField(default=0)
    worker_accepted_at = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(state__in=["waiting", "placing", "lawyer", "worker", "talk", "coordinator"]),
                name="callback_one_open_per_consultation",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "withdrawn"]) | Q(due_at__isnull=False), name="callback_open_has_due"
            ),
        ]
        indexes = [models.Index("due_at", condition=Q(ended_at__isnull=True), name="callback_due")]

    def __str__(self) -> str:
        return f"callback {self.pk} {self.state}"


class Offer(models.Model):
    """One attempt to hand a consultation to one person: the lawyer's leg, or the online request to accept."""

    class Channel(models.TextChoices):
        PHONE = "phone", _("by phone")
        ONLINE = "online", _("online")

    class State(models.TextChoices):
        RING = "ring", _("ringing")
        WHISPER = "whisper", _("picked up")
        ASKED = "asked", _("asked online")
        TAKEN = "taken", _("accepted")
        TALKED = "talked", _("conversation had")
        ANSWERED = "answered", _("answered")
        LATER = "later", _("in ten minutes")
        SLOT = "slot", _("not this duty")
        CONFLICT = "conflict", _("conflict of interest")
        WRONG_AREA = "wrong_area", _("wrong area")
        SILENT = "silent", _("picked up, no key")
        MISSED = "missed", _("no answer")
        BUSY = "busy", _("busy")
        BAD_NUMBER = "bad_number", _("number does not work")
        STOPPED = "stopped", _("caller gone or taken over")
        UNBRIDGED = "unbridged", _("accepted, not connected")
        LAPSED = "lapsed", _("no news in time")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("not accepted in time")

    PHONE_OPEN = ("ring", "whisper", "taken")

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="offers")
    round = models.PositiveSmallIntegerField(default=1)
    call = models.ForeignKey(Call, models.PROTECT, null=True, related_name="offers")
    callback = models.ForeignKey(Callback, models.PROTECT, null=True, related_name="offers")
    lawyer = models.ForeignKey("directory.Person", models.PROTECT, related_name="offers")
    desk = models.ForeignKey("rosters.Desk", models.PROTECT, null=True, related_name="+")
    duty = models.ForeignKey("rosters.Duty", models.SET_NULL, null=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=1)
    stage = models.CharField(max_length=12, blank=True, help_text="own, neighbour, country; continuity, promise")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    number = models.CharField(max_length=16, blank=True)
    ring_seconds = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, choices=State.choices)
    decision = models.ForeignKey("routing.Decision", models.SET_NULL, null=True, related_name="+")
    token = models.CharField(max_length=32, unique=True, null=True)
    turn = models.PositiveIntegerField(default=1)
    call_sid = models.CharField(max_length=80, blank=True, db_index=True)
    rank = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0, help_text="wrong keys and explanations")
    key = models.CharField(max_length=1, blank=True)
    bridged = models.BooleanField(null=True)
    seconds = models.PositiveIntegerField(null=True, blank=True, help_text="length of the leg as the vendor tells")
    offered_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    wrapped_up_at = models.DateTimeField(null=True, blank=True, help_text="ended the 120 s of wrapping up himself")
    released_at = models.DateTimeField(null=True, blank=True)
    release_reason = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "round"],
                condition=Q(state__in=["taken", "talked", "answered"], released_at__isnull=True),
                name="offer_one_accepted_per_round",
            ),
            models.UniqueConstraint(
                fields=["lawyer"],
                condition=Q(channel="phone", state__in=["ring", "whisper", "taken"]),
                name="offer_one_open_phone_per_person",
            ),
        ]
        indexes = [
            models.Index("due_at", condition=Q(ended_at__isnull=True, due_at__isnull=False), name="offer_due"),
            models.Index(fields=["lawyer", "offered_at"], name="offer_lawyer"),
            models.Index(fields=["lawyer", "ended_at"], name="offer_lawyer_ended"),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk} {self.state}"


class Exclusion(models.Model):
    """Not to be offered this consultation: a person, or everyone of an office."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="exclusions")
    person = models.ForeignKey("directory.Person", models.CASCADE, null=True, related_name="+")
    organisation = models.ForeignKey("directory.Organisation", models.CASCADE, null=True, related_name="+")
    reason = models.CharField(max_length=12, help_text="conflict, wrong_area")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(organisation__isnull=False), name="exclusion_of_somebody"
            )
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.reason}"


class Event(models.Model):
    """What was heard or done, what was decided, and the answer given. Append-only; also the audit row."""

    key = models.CharField(max_length=160, unique=True)
    at = models.DateTimeField(default=clock.now)
    kind = models.CharField(max_length=24)
    consultation = models.ForeignKey(Consultation, models.PROTECT, null=True, related_name="events")
    call = models.ForeignKey(Call, models.PROTECT, null=True, related_name="events")
    callback = models.ForeignKey(Callback, models.PROTECT, null=True, related_name="events")
    offer = models.ForeignKey(Offer, models.PROTECT, null=True, related_name="events")
    actor = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    data = models.JSONField(default=dict, help_text="heard, from and to, decision; never case text")
    answer = models.TextField(blank=True, help_text="the document given; blanked after 24 hours")

    class Meta:
        indexes = [
            models.Index(fields=["consultation", "id"], name="event_consultation"),
            models.Index(fields=["call", "id"], name="event_call"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class Message(models.Model):
    """One entry in the thread of a consultation."""

    class Kind(models.TextChoices):
        ASK_MORE = "ask_more", _("request for more information")
        REPLY = "reply", _("reply")
        ANSWER = "answer", _("answer")
        NOTE = "note", _("note")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="messages")
    author = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    body = EncryptedTextField()
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at}"


class Attachment(models.Model):
    """A file with a consultation; its bytes and its name lie encrypted, outside every served folder."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="attachments")
    author = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    name = EncryptedTextField()
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    stored_as = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"attachment {self.pk}"


class Share(models.Model):
    """A colleague of the asker's organisation who may read a consultation."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="shares")
    person = models.ForeignKey("directory.Person", models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consultation", "person"], name="share_once")]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.person_id}"


class Outcome(models.Model):
    """What one side says came of one round; the last one written counts."""

    class Side(models.TextChoices):
        WORKER = "worker", _("first line")
        LAWYER = "lawyer", _("lawyer")

    class Value(models.TextChoices):
        HELPED = "helped", _("helped")
        PARTLY = "partly", _("partly helped")
        NOT_HELPED = "not_helped", _("not helped")
        ANSWERED = "answered", _("answered")
        FOLLOW_UP = "follow_up", _("follow-up needed")
        HAND_OVER = "hand_over", _("to be handed over")
        WRONG_AREA = "wrong_area", _("wrong area")
        LATER = "later", _("later")

    class Route(models.TextChoices):
        KEY = "key", _("telephone key")
        LINK = "link", _("link")
        PAGE = "page", _("page")
        API = "api", _("API")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="outcomes")
    round = models.PositiveSmallIntegerField(default=1)
    side = models.CharField(max_length=8, choices=Side.choices)
    person = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    value = models.CharField(max_length=12, choices=Value.choices)
    route = models.CharField(max_length=6, choices=Route.choices)
    certificate_avoided = models.BooleanField(null=True, help_text="LAT or toevoeging probably avoided")
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.side} {self.value}"


class FollowUp(models.Model):
    """What still has to happen, by whom and when."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="follow_ups")
    owner = models.ForeignKey("directory.Person", models.PROTECT, related_name="follow_ups")
    what = EncryptedTextField(blank=True)
    due_on = models.DateField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index("due_on", condition=Q(done_at__isnull=True), name="follow_up_open")]

    def __str__(self) -> str:
        return f"follow-up {self.due_on}"


class Ticket(models.Model):
    """Something a coordinator has to look at; never the only trace of a question."""

    kind = models.CharField(max_length=24, help_text="fault, bad_number, mismatch, no_bridge_key, last_cover, delivery")
    key = models.CharField(max_length=120, unique=True, help_text="the same matter makes one ticket")
    region = models.ForeignKey("directory.Region", models.PROTECT, null=True, related_name="+")
    consultation = models.ForeignKey(Consultation, models.PROTECT, null=True, related_name="tickets")
    call = models.ForeignKey(Call, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    data = models.JSONField(default=dict)
    owner = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="tickets")
    due_at = models.DateTimeField()
    created_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ApiToken(models.Model):
    """Access to the API for one person; the token itself is shown once and stored hashed."""

    person = models.ForeignKey("directory.Person", models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class ApiRequest(models.Model):
    """The answer to a POST with an Idempotency-Key, so that a repeat gets the same one."""

    person = models.ForeignKey("directory.Person", models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    body_hash = models.CharField(max_length=64)
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="+")
    answer = EncryptedTextField(blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="api_request_once")]

    def __str__(self) -> str:
        return self.key


class ProofCall(models.Model):
    """A call without a question: to test a number, to speak a code, to confirm a sick report. Key 1 proves."""

    class Kind(models.TextChoices):
        TEST = "test", _("test call")
        CODE = "code", _("spoken code")
        SICK = "sick", _("confirming a sick report")

    class State(models.TextChoices):
        WAITING = "waiting", _("rings or will ring")
        ANSWERED = "answered", _("picked up, no key yet")
        PROVED = "proved", _("confirmed with key 1")
        DENIED = "denied", _("denied with key 2")
        SILENT = "silent", _("picked up, no key")
        MISSED = "missed", _("no answer")
        FAILED = "failed", _("the number does not work")
        LOST = "lost", _("no news in time")

    kind = models.CharField(max_length=4, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    person = models.ForeignKey("directory.Person", models.CASCADE, related_name="+")
    number = models.CharField(max_length=16, help_text="E.164")
    token = models.CharField(max_length=27, unique=True, help_text="names the leg in its addresses")
    turn = models.PositiveIntegerField(default=0, help_text="number of the document that is waited for")
    tries = models.PositiveSmallIntegerField(default=0, help_text="wrong keys")
    call_sid = models.CharField(max_length=80, blank=True)
    code = EncryptedTextField(blank=True, help_text="the digits it speaks; emptied when the call is over")
    about = models.CharField(max_length=80, blank=True, help_text="what key 1 confirms")
    asked_by = models.ForeignKey("directory.Person", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="without news by then the call is lost")

    class Meta:
        indexes = [
            models.Index("due_at", condition=Q(due_at__isnull=False), name="proof_due"),
            models.Index(fields=["person", "created_at"], name="proof_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.state}"


class Statement(models.Model):
    """An urenstaat: what somebody did in a month. A concept is read from evidence; handed in, its lines are frozen."""

    class State(models.TextChoices):
        CONCEPT = "concept", _("concept")
        SUBMITTED = "submitted", _("handed in")
        AGREED = "agreed", _("agreed")

    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    month = models.DateField(help_text="its first day")
    state = models.CharField(max_length=10, choices=State.choices, default=State.CONCEPT)
    corrections = models.JSONField(default=dict, help_text="key of a line to minutes, text, by and at")
    lines = models.JSONField(default=list, help_text="as handed in; empty while it is a concept")
    lines_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the lines as handed in")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey("directory.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey("directory.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    sent_back_why = models.CharField(max_length=200, blank=True, help_text="why a coordinator sent it back last")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "month"], name="statement_once"),
            models.CheckConstraint(
                condition=Q(state="concept", submitted_at__isnull=True, agreed_at__isnull=True)
                | Q(state="submitted", submitted_at__isnull=False, agreed_at__isnull=True)
                | Q(state="agreed", submitted_at__isnull=False, agreed_at__isnull=False),
                name="statement_moments_of_its_state",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("person")), name="statement_agreed_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.month}: {self.state}"
