"""Who and where: people, organisations, regions, legal areas. The sociale kaart."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from integrations import clock


class Region(models.Model):
    """A node of the tree landelijk > arrondissement > sub-region."""

    class Kind(models.TextChoices):
        COUNTRY = "country", _("country")
        COURT = "court", _("court district")
        SUB = "sub", _("sub-region")

    code = models.SlugField(
        max_length=40, unique=True, help_text=_("landelijk, AR01 or the slug of a sub-region"), verbose_name=_("code")
    )
    name = models.CharField(max_length=60, verbose_name=_("name"))
    kind = models.CharField(max_length=8, choices=Kind.choices, verbose_name=_("kind"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("lies in")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("region"), _("regions")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="country", parent__isnull=True) | (~Q(kind="country") & Q(parent__isnull=False)),
                name="region_only_the_country_is_a_root",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RegionNeighbour(models.Model):
    """`neighbour` is the rank-th region to ask when `region` has nobody; rank 1 first."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="neighbours")
    neighbour = models.ForeignKey(Region, models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name, verbose_name_plural = _("neighbour"), _("neighbours")
        constraints = [
            models.UniqueConstraint(fields=["region", "rank"], name="neighbour_one_per_rank"),
            models.UniqueConstraint(fields=["region", "neighbour"], name="neighbour_once"),
            models.CheckConstraint(condition=~Q(region=models.F("neighbour")), name="neighbour_is_another_region"),
        ]

    def __str__(self) -> str:
        return f"{self.region} > {self.neighbour}"


class Municipality(models.Model):
    """A gemeente; it belongs to the smallest region that lists it."""

    code = models.CharField(max_length=6, unique=True, help_text=_("CBS code, GM0363"), verbose_name=_("code"))
    name = models.CharField(max_length=60, verbose_name=_("name"))
    province = models.CharField(max_length=20, verbose_name=_("province"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="municipalities", verbose_name=_("region"))

    class Meta:
        verbose_name, verbose_name_plural = _("municipality"), _("municipalities")

    def __str__(self) -> str:
        return self.name


class LegalArea(models.Model):
    """One of the twelve areas that a question can be about."""

    slug = models.SlugField(max_length=40, unique=True, verbose_name=_("slug"))
    name = models.CharField(max_length=60, verbose_name=_("name"))
    short_name = models.CharField(max_length=14, help_text=_("as spoken on the phone"), verbose_name=_("spoken name"))
    order = models.PositiveSmallIntegerField(
        unique=True, help_text=_("place in the menu of every line"), verbose_name=_("place in the menu")
    )
    signpost = models.CharField(
        max_length=200, blank=True, help_text=_("spoken instead of connecting, if set"), verbose_name=_("signpost")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("legal area"), _("legal areas")
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A Juridisch Loket, an office of sociaal raadslieden, or a law office."""

    class Kind(models.TextChoices):
        FIRST_LINE = "first_line", _("first line")
        OFFICE = "office", _("law office")
        OTHER = "other", _("other")

    name = models.CharField(max_length=80, unique=True, verbose_name=_("name"))
    kind = models.CharField(max_length=12, choices=Kind.choices, verbose_name=_("kind"))
    regions = models.ManyToManyField(Region, related_name="organisations", blank=True, verbose_name=_("regions"))

    class Meta:
        verbose_name, verbose_name_plural = _("organisation"), _("organisations")

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save()
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.create_user(email, password, **fields)
        RoleAssignment.objects.create(person=person, role=RoleAssignment.Role.ADMINISTRATOR)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who asks, answers or coordinates. Logs in by mail address."""

    email = models.EmailField(unique=True, verbose_name=_("mail address"))
    name = models.CharField(max_length=80, verbose_name=_("name"))
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="people", verbose_name=_("organisation")
    )
    is_generalist = models.BooleanField(
        default=False, help_text=_("qualified for every area"), verbose_name=_("generalist")
    )
    usual_area = models.ForeignKey(
        LegalArea, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("usual legal area")
    )
    usual_region = models.ForeignKey(
        Region, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("usual region")
    )
    dial_code_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    is_active = models.BooleanField(default=True, verbose_name=_("active"))
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)

    objects = PersonManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name, verbose_name_plural = _("person"), _("people")

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Set-up pages are for administrators."""
        today = localdate(clock.now())
        held = self.roles.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=today), role=RoleAssignment.Role.ADMINISTRATOR
        )
        return self.is_active and held.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today)).exists()

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class RoleAssignment(models.Model):
    """What a person may do, where, and from when until when. A region includes what lies in it."""

    class Role(models.TextChoices):
        WORKER = "worker", _("first-line worker")
        LAWYER = "lawyer", _("lawyer")
        COORDINATOR = "coordinator", _("coordinator")
        EDITOR = "editor", _("editor")
        FACILITATOR = "facilitator", _("facilitator")
        ADMINISTRATOR = "administrator", _("administrator")
        ASSISTANT = "assistant", _("assistant")

    person = models.ForeignKey(Person, models.CASCADE, related_name="roles", verbose_name=_("person"))
    role = models.CharField(max_length=14, choices=Role.choices, verbose_name=_("role"))
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    starts_on = models.DateField(null=True, blank=True, verbose_name=_("from"))
    ends_on = models.DateField(
        null=True, blank=True, help_text=_("first day on which it no longer holds"), verbose_name=_("until")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("role"), _("roles")
        constraints = [
            models.UniqueConstraint(
                "person", "role", Coalesce("region", 0), Coalesce("organisation", 0), name="role_once"
            ),
        ]
        indexes = [models.Index(fields=["role", "region"], name="role_region")]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"


class Qualification(models.Model):
    """A lawyer's registration for one area; without an end it holds until withdrawn."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="qualifications", verbose_name=_("person"))
    area = models.ForeignKey(LegalArea, models.PROTECT, related_name="+", verbose_name=_("legal area"))
    valid_until = models.DateField(
        null=True, blank=True, help_text=_("last day on which it holds"), verbose_name=_("valid until")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("registration"), _("registrations")
        constraints = [models.UniqueConstraint(fields=["person", "area"], name="qualification_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.area}"


class PhoneNumber(models.Model):
    """A number in E.164, of one person or the main number of one organisation."""

    e164 = models.CharField(max_length=16, unique=True, verbose_name=_("number"))
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="numbers", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="numbers", verbose_name=_("organisation")
    )
    is_primary = models.BooleanField(
        default=True, help_text=_("the number that rings and gets texts"), verbose_name=_("first choice")
    )
    verified_at = models.DateTimeField(null=True, blank=True, verbose_name=_("verified at"))
    suspect_at = models.DateTimeField(
        null=True, blank=True, help_text=_("the vendor could not reach it"), verbose_name=_("suspect since")
    )
    tested_at = models.DateTimeField(
        null=True, blank=True, help_text=_("key 1 was pressed in a test call"), verbose_name=_("last test call")
    )
    texted_at = models.DateTimeField(
        null=True, blank=True, help_text=_("a text message was answered or delivered"), verbose_name=_("last text")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("telephone number"), _("telephone numbers")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(organisation__isnull=True), name="number_has_one_holder"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(is_primary=True, person__isnull=False), name="number_one_primary"
            ),
        ]

    def __str__(self) -> str:
        return self.e164


class NumberCode(models.Model):
    """Six digits sent to a number, by text or voice, that its holder types on the page to prove it is his."""

    class Via(models.TextChoices):
        SMS = "sms", _("text message")
        VOICE = "voice", _("spoken")

    number = models.ForeignKey(PhoneNumber, models.CASCADE, related_name="codes", verbose_name=_("number"))
    via = models.CharField(max_length=6, choices=Via.choices, verbose_name=_("by"))
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["number", "sent_at"], name="number_code_sent")]

    def __str__(self) -> str:
        return f"{self.number} {self.via}"


class Assistance(models.Model):
    """This assistant keeps the roster of this person: availability and swaps, never a consultation."""

    assistant = models.ForeignKey(Person, models.CASCADE, related_name="assists", verbose_name=_("assistant"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="assisted_by", verbose_name=_("for"))
    starts_on = models.DateField(null=True, blank=True, verbose_name=_("from"))
    ends_on = models.DateField(
        null=True, blank=True, help_text=_("first day on which it no longer holds"), verbose_name=_("until")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("assistance"), _("assistance")
        constraints = [
            models.UniqueConstraint(fields=["assistant", "person"], name="assistance_once"),
            models.CheckConstraint(condition=~Q(assistant=models.F("person")), name="assistance_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.assistant} > {self.person}"
