"""The pages of planners in a real browser: the rules of axe in light and dark, 320 px, and a change by keyboard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from integrations import clock
from rosters import services
from rosters.core import wall
from rosters.core.weekly import monday
from rosters.models import Duty, Pattern, RosterVersion
from tests import builders
from tests.rosters.plans.conftest import Plans
from tests.web.conftest import Open, browser, open_as

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["browser", "open_as"]

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


class Office:
    """A coordinator with patterns in force, a draft with a change and a gap, and a roster that was just published."""

    def __init__(self) -> None:
        self.plans = plans = Plans()
        today = wall.day_of(clock.now())
        self.first = monday(today) + timedelta(days=7)
        for person, starts in ((plans.ada, 540), (plans.bos, 780)):
            plans.pattern(person, starts=starts, valid_from=today)
        elsewhere = builders.a_desk(plans.line)
        busy = wall.moment(self.first + timedelta(days=2), 540)
        services.add_duty(
            desk_id=elsewhere.pk, person_id=plans.ada.pk, starts_at=busy, ends_at=busy + timedelta(hours=1)
        )
        services.keep_filled()
        self.published = self._draft("Deze week", today, 2)
        services.publish(version_id=self.published.pk, by=plans.coordinator.pk, gaps_accepted="dicht")
        self.draft = self._draft("Kwartaal", self.first, 7)
        rows = list(self.draft.planned.order_by("starts_at"))
        untested = builders.a_lawyer("Dirk")
        services.change_planned(planned_id=rows[0].pk, by=plans.coordinator.pk, person_id=untested.pk)
        services.remove_planned(planned_id=rows[2].pk, by=plans.coordinator.pk)
        self.planned = rows[0]

    def _draft(self, name: str, since: Any, days: int) -> RosterVersion:
        return services.draft_version(
            kind="version", desk_ids=[self.plans.desk.pk], starts_on=since, ends_on=since + timedelta(days=days),
            name=name, by=self.plans.coordinator.pk,
        )  # fmt: skip

    def pages(self) -> dict[str, str]:
        pattern = Pattern.objects.filter(person=self.plans.ada).get()
        duty = Duty.objects.filter(cancelled_at__isnull=True).latest("starts_at")
        return {
            "rosters": reverse("rosters"),
            "draft_new": reverse("draft_new"),
            "pattern_new": reverse("pattern_new"),
            "pattern": reverse("pattern", args=[pattern.pk]),
            "rotation_new": reverse("rotation_new"),
            "duty_add": reverse("duty_add"),
            "duty_end": reverse("duty_end", args=[duty.pk]),
            "draft": reverse("version", args=[self.draft.pk]),
            "a duty of it": reverse("version", args=[self.draft.pk]) + f"?dienst={self.planned.pk}",
            "published": reverse("version", args=[self.published.pk]),
            "publish": reverse("version_publish", args=[self.draft.pk]),
        }


@pytest.fixture
def office(open_as: Open) -> Office:
    return Office()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_page_of_planners_breaks_a_rule_of_axe(office: Office, open_as: Open, dark: bool) -> None:
    found: dict[str, list[str]] = {}
    for name, path in office.pages().items():
        page = open_as(office.plans.coordinator, path, dark=dark)
        broken = Axe().run(page, options=RULES).response["violations"]
        faults = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in broken] + list(open_as.complaints)
        if faults or page.locator("h1").count() != 1 or page.locator("main .piket-button--primary").count() > 1:
            found[name] = faults or ["not one h1, or more than one primary button"]
        page.close()
    assert not found


def test_every_page_of_planners_fits_a_narrow_phone(office: Office, open_as: Open) -> None:
    wide: dict[str, Any] = {}
    for name, path in office.pages().items():
        page = open_as(office.plans.coordinator, path, width=320)
        width = page.evaluate("document.documentElement.scrollWidth")
        small = page.evaluate(
            """() => Array.from(document.querySelectorAll("button, .piket-button, .piket-tile, select")).filter(
                e => e.offsetParent !== null && e.getBoundingClientRect().height < 43.5
            ).map(e => e.outerHTML.slice(0, 90))"""
        )
        if width > 320 or small:
            wide[name] = [width, *small]
        page.close()
    assert not wide


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def test_a_pattern_is_changed_by_keyboard_and_without_a_script(office: Office, open_as: Open) -> None:
    page = open_as(office.plans.coordinator, office.pages()["pattern"], scripts=False)
    page.locator("#id_person").select_option(label="Chen")
    _press(page, "Laat zien wat er verandert")
    expect(page.get_by_role("heading", name="Dit verandert er")).to_be_visible()
    _press(page, "Wijzig het patroon")
    expect(page.get_by_text("Gelukt. Wie het aangaat krijgt bericht.")).to_be_visible()
    assert Pattern.objects.filter(person=office.plans.chen).count() == 1


def test_a_roster_is_published_and_taken_back_without_a_script(office: Office, open_as: Open) -> None:
    page = open_as(office.plans.coordinator, office.pages()["publish"], scripts=False)
    _press(page, "Publiceer het rooster")
    expect(page.get_by_role("alert")).to_contain_text("zeg waarom")
    page.locator("#waarom").fill("De lijn is dan dicht")
    _press(page, "Publiceer het rooster")
    expect(page.get_by_role("alert")).to_contain_text("Niet iedereen is bereikbaar")
    expect(page.locator("#waarom")).to_have_value("De lijn is dan dicht")
    page.locator("#bereikbaar").check()
    _press(page, "Publiceer het rooster")
    expect(page.get_by_text("Je kunt het tien minuten lang terugdraaien.")).to_be_visible()
    page.get_by_role("button", name="Draai versie").press("Enter")
    expect(page.get_by_text("Teruggedraaid.", exact=False).first).to_be_visible()
