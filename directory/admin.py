"""Set-up of the directory, for administrators (people with the role administrator). Every form calls a service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from directory import services
from directory.errors import DirectoryError
from directory.models import (
    Assistance,
    LegalArea,
    Municipality,
    Organisation,
    Person,
    PhoneNumber,
    Qualification,
    Region,
    RegionNeighbour,
    RoleAssignment,
)
from directory.set_up_admin import ServiceForm, SetUpAdmin, id_of, ids_of

admin.site.site_header = _("Piketlijn: set-up")
admin.site.site_title = _("Set-up")
admin.site.index_title = _("Everything that is arranged once")
admin.site.unregister(Group)  # roles are RoleAssignment


class RegionForm(ServiceForm):
    neighbour_codes = forms.CharField(
        label=_("Neighbours"), required=False, help_text=_("Codes in the order in which they are asked: AR08 AR10")
    )

    class Meta:
        model = Region
        fields = ["code", "name", "parent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            ranked = RegionNeighbour.objects.filter(region=self.instance).order_by("rank")
            self.initial["neighbour_codes"] = " ".join(ranked.values_list("neighbour__code", flat=True))

    def clean_neighbour_codes(self) -> list[int]:
        """Ids of the neighbours, in the order typed."""
        codes = self.cleaned_data["neighbour_codes"].replace(",", " ").split()
        ids = {code.lower(): pk for code, pk in Region.objects.values_list("code", "pk")}
        if unknown := [code for code in codes if code.lower() not in ids]:
            raise forms.ValidationError(_("There is no region %(codes)s.") % {"codes": ", ".join(unknown)})
        return [ids[code.lower()] for code in codes]

    def write(self, typed: dict[str, Any]) -> Region:
        region = services.save_region(
            region_id=self.instance.pk, code=typed["code"], name=typed["name"], parent_id=id_of(typed["parent"])
        )
        services.set_neighbours(region_id=region.pk, neighbour_ids=typed["neighbour_codes"])
        return region


@admin.register(Region)
class RegionAdmin(SetUpAdmin):
    form = RegionForm
    fields = ["code", "name", "parent", "neighbour_codes"]
    list_display = ["code", "name", "kind", "parent"]
    list_filter = ["kind"]
    search_fields = ["code", "name"]
    list_select_related = ["parent"]


class MunicipalityForm(ServiceForm):
    class Meta:
        model = Municipality
        fields = ["region"]

    def write(self, typed: dict[str, Any]) -> Municipality:
        services.move_municipality(municipality_id=self.instance.pk, region_id=typed["region"].pk)
        self.instance.refresh_from_db()
        return self.instance  # type: ignore[no-any-return]


@admin.register(Municipality)
class MunicipalityAdmin(SetUpAdmin):
    """The 342 are given; only the region that lists one can change."""

    form = MunicipalityForm
    list_display = ["name", "code", "province", "region"]
    list_filter = ["region", "province"]
    search_fields = ["name", "code"]
    list_select_related = ["region"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class LegalAreaForm(ServiceForm):
    class Meta:
        model = LegalArea
        fields = ["slug", "name", "short_name", "order", "signpost"]

    def write(self, typed: dict[str, Any]) -> LegalArea:
        return services.save_area(area_id=self.instance.pk, **typed)


@admin.register(LegalArea)
class LegalAreaAdmin(SetUpAdmin):
    form = LegalAreaForm
    list_display = ["order", "name", "short_name", "slug"]
    list_display_links = ["name"]


class OrganisationForm(ServiceForm):
    class Meta:
        model = Organisation
        fields = ["name", "kind", "regions"]
        widgets = {"regions": forms.CheckboxSelectMultiple}

    def write(self, typed: dict[str, Any]) -> Organisation:
        said = {"name": typed["name"], "kind": typed["kind"], "region_ids": ids_of(typed["regions"])}
        if self.instance.pk:
            return services.update_organisation(organisation_id=self.instance.pk, **said)
        return services.create_organisation(**said)


@admin.register(Organisation)
class OrganisationAdmin(SetUpAdmin):
    form = OrganisationForm
    list_display = ["name", "kind"]
    list_filter = ["kind", "regions"]
    search_fields = ["name"]


class PersonForm(ServiceForm):
    new_password = forms.CharField(
        label=_("New password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. Empty: it stays as it is."),
    )

    class Meta:
        model = Person
        fields = ["email", "name", "organisation", "usual_area", "usual_region", "is_generalist", "is_active"]

    def write(self, typed: dict[str, Any]) -> Person:
        said = {
            "email": typed["email"],
            "name": typed["name"],
            "organisation_id": id_of(typed["organisation"]),
            "usual_area_id": id_of(typed["usual_area"]),
            "usual_region_id": id_of(typed["usual_region"]),
            "is_generalist": typed["is_generalist"],
        }
        person_id = self.instance.pk or services.create_person(**said).pk
        person = services.update_person(person_id=person_id, is_active=typed["is_active"], **said)
        if typed["new_password"]:
            services.set_password(person_id=person.pk, password=typed["new_password"])
        return person


@admin.register(Person)
class PersonAdmin(SetUpAdmin):
    """People are not deleted: what they asked and answered stays theirs. They are made inactive."""

    form = PersonForm
    fields = [*PersonForm.Meta.fields, "new_password"]
    list_display = ["name", "email", "organisation", "is_active"]
    list_filter = ["is_active", "roles__role"]
    search_fields = ["name", "email"]
    list_select_related = ["organisation"]
    autocomplete_fields = ["organisation"]
    actions = ["new_dial_code"]

    @admin.action(description=_("Make a new dial code"))
    def new_dial_code(self, request: HttpRequest, chosen: QuerySet[Person]) -> None:
        """Shown here once; the old code of these people works no longer."""
        for person in chosen:
            try:
                code = services.set_dial_code(person_id=person.pk)
            except DirectoryError as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
            else:
                said = _("%(name)s: dial code %(code)s. It is shown only now.") % {"name": person.name, "code": code}
                self.message_user(request, said, messages.SUCCESS)


class RoleForm(ServiceForm):
    class Meta:
        model = RoleAssignment
        fields = ["person", "role", "region", "organisation", "starts_on", "ends_on"]

    def write(self, typed: dict[str, Any]) -> RoleAssignment:
        assigned = services.assign_role(
            person_id=typed["person"].pk,
            role=typed["role"],
            region_id=id_of(typed["region"]),
            organisation_id=id_of(typed["organisation"]),
            starts_on=typed["starts_on"],
            ends_on=typed["ends_on"],
        )
        if self.instance.pk and self.instance.pk != assigned.pk:
            services.end_role(role_id=self.instance.pk)
        return assigned


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(SetUpAdmin):
    form = RoleForm
    may_remove = True
    list_display = ["person", "role", "region", "organisation", "starts_on", "ends_on"]
    list_filter = ["role", "region"]
    search_fields = ["person__name", "person__email"]
    list_select_related = ["person", "region", "organisation"]
    autocomplete_fields = ["person", "region", "organisation"]

    def remove(self, row: RoleAssignment) -> None:
        services.end_role(role_id=row.pk)


class AssistanceForm(ServiceForm):
    class Meta:
        model = Assistance
        fields = ["assistant", "person", "starts_on", "ends_on"]

    def write(self, typed: dict[str, Any]) -> Assistance:
        made = services.assist(
            assistant_id=typed["assistant"].pk,
            person_id=typed["person"].pk,
            starts_on=typed["starts_on"],
            ends_on=typed["ends_on"],
        )
        if self.instance.pk and self.instance.pk != made.pk:
            services.end_assistance(assistance_id=self.instance.pk)
        return made


@admin.register(Assistance)
class AssistanceAdmin(SetUpAdmin):
    """Who keeps whose roster. It gives and takes the role of assistant."""

    form = AssistanceForm
    may_remove = True
    list_display = ["assistant", "person", "starts_on", "ends_on"]
    search_fields = ["assistant__name", "person__name"]
    list_select_related = ["assistant", "person"]
    autocomplete_fields = ["assistant", "person"]

    def remove(self, row: Assistance) -> None:
        services.end_assistance(assistance_id=row.pk)


class QualificationForm(ServiceForm):
    class Meta:
        model = Qualification
        fields = ["person", "area", "valid_until"]

    def write(self, typed: dict[str, Any]) -> Qualification:
        person, area = typed["person"], typed["area"]
        if self.instance.pk and (self.instance.person_id, self.instance.area_id) != (person.pk, area.pk):
            services.withdraw_qualification(person_id=self.instance.person_id, area_id=self.instance.area_id)
        return services.qualify(person_id=person.pk, area_id=area.pk, valid_until=typed["valid_until"])


@admin.register(Qualification)
class QualificationAdmin(SetUpAdmin):
    form = QualificationForm
    may_remove = True
    list_display = ["person", "area", "valid_until"]
    list_filter = ["area"]
    search_fields = ["person__name"]
    list_select_related = ["person", "area"]
    autocomplete_fields = ["person"]

    def remove(self, row: Qualification) -> None:
        services.withdraw_qualification(person_id=row.person_id, area_id=row.area_id)


class PhoneNumberForm(ServiceForm):
    number = forms.CharField(label=_("Telephone number"), max_length=30)
    is_verified = forms.BooleanField(
        label=_("Verified"), required=False, help_text=_("Somebody answered it. Only then does the line ring it.")
    )

    class Meta:
        model = PhoneNumber
        fields = ["person", "organisation", "is_primary"]

    def write(self, typed: dict[str, Any]) -> PhoneNumber:
        return services.add_number(
            number=typed["number"],
            person_id=id_of(typed["person"]),
            organisation_id=id_of(typed["organisation"]),
            verified=typed["is_verified"],
            primary=typed["is_primary"],
        )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if (typed.get("person") is None) == (typed.get("organisation") is None):
            raise forms.ValidationError(_("Choose a person or an organisation, one of the two."))
        return typed


@admin.register(PhoneNumber)
class PhoneNumberAdmin(SetUpAdmin):
    """A number is added, verified and taken away; it does not change into another one."""

    form = PhoneNumberForm
    fields = ["person", "organisation", "number", "is_primary", "is_verified"]
    may_remove = True
    list_display = ["e164", "person", "organisation", "is_primary", "verified_at", "suspect_at"]
    list_select_related = ["person", "organisation"]
    search_fields = ["e164", "person__name", "organisation__name"]
    autocomplete_fields = ["person", "organisation"]
    actions = ["verify"]

    def has_change_permission(self, request: HttpRequest, obj: PhoneNumber | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: PhoneNumber | None = None) -> Any:
        return self.list_display if obj else self.fields

    def remove(self, row: PhoneNumber) -> None:
        services.remove_number(number_id=row.pk)

    @admin.action(description=_("These numbers were answered: verified"))
    def verify(self, request: HttpRequest, chosen: QuerySet[PhoneNumber]) -> None:
        for number in chosen:
            services.verify_number(number_id=number.pk)
