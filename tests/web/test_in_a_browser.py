"""Every page in a real browser: WCAG rules by axe in light and dark, 320 px, print, keyboard, and the script on top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from hotline.consultations import services
from hotline.consultations.telling import accept_link, outcome_link
from hotline.models import Consultation
from hotline.phone.callbacks import appointment_link
from integrations import clock, links
from rosters.services import covering
from tests import builders as make
from tests.web.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}

UNFOLD = 'document.querySelectorAll("main details").forEach(fold => { fold.open = true })'


@dataclass
class Town:
    """People around one line that is open now, and a question in each state worth a look."""

    worker: Any
    colleague: Any
    lawyer: Any
    coordinator: Any
    asked: Consultation
    accepted: Consultation
    more_info: Consultation
    answered: Consultation
    unhelped: Consultation
    appointment: str
    backup: Any
    duty: int
    next_duty: int
    request: int

    def pages(self) -> list[tuple[str, Any, str]]:
        def question(consultation: Consultation) -> str:
            return reverse("question", args=[consultation.reference])

        def link(made: links.LinkFor) -> str:
            return "/" + links.mint(made, clock.now()).split("/", 3)[3]

        return [
            ("sign in", None, reverse("login")),
            ("my questions", self.worker, reverse("questions")),
            ("running", self.worker, reverse("questions") + "?toon=loopt"),
            ("closed, empty", self.worker, reverse("questions") + "?toon=afgerond"),
            ("ask", self.worker, reverse("ask")),
            ("just sent", self.worker, question(self.asked) + "?verstuurd=1"),
            ("question back", self.worker, question(self.more_info)),
            ("answered", self.worker, question(self.answered)),
            ("not helped", self.worker, question(self.unhelped)),
            ("of a colleague", self.colleague, question(self.accepted)),
            ("offered", self.lawyer, question(self.asked)),
            ("offered, reading", self.lawyer, question(self.asked) + "?lees=1"),
            ("accepted", self.lawyer, question(self.accepted)),
            ("today", self.lawyer, reverse("today")),
            ("conversations", self.lawyer, reverse("conversations")),
            ("connect a calendar", self.lawyer, reverse("calendar_feed")),
            ("calendars of desks", self.coordinator, reverse("calendar_feed")),
            ("my roster", self.lawyer, reverse("my_roster")),
            ("a duty", self.lawyer, reverse("duty", args=[self.duty])),
            ("swaps", self.backup, reverse("cover_board")),
            ("a request for cover", self.lawyer, reverse("cover_request", args=[self.request])),
            ("find cover", self.lawyer, reverse("cover_new", args=[self.next_duty])),
            ("report sick", self.lawyer, reverse("sick", args=[self.next_duty])),
            ("availability", self.lawyer, reverse("availability")),
            ("settings", self.lawyer, reverse("settings")),
            ("coverage", self.coordinator, reverse("coverage")),
            ("coverage of 13 weeks", self.coordinator, reverse("coverage") + "?weken=13"),
            ("repair", self.coordinator, reverse("repair", args=[self.duty])),
            ("rosters", self.coordinator, reverse("rosters")),
            ("rounds", self.coordinator, reverse("rounds")),
            ("readiness", self.coordinator, reverse("readiness")),
            ("who is on now", self.worker, reverse("on_call_now")),
            (
                "dry run",
                self.coordinator,
                reverse("on_call_now") + "?rechtsgebied=huur&regio=walcheren&moment=" + _soon(),
            ),
            ("live", self.coordinator, reverse("live")),
            ("live, on the wall", self.coordinator, reverse("live") + "?scherm=1"),
            ("to arrange", self.coordinator, reverse("tickets")),
            ("as coordinator", self.coordinator, question(self.accepted)),
            ("offer link", None, link(accept_link(self.asked.offers.get()))),
            ("outcome link", None, link(outcome_link(self.worker.pk, self.answered))),
            ("appointment link", None, self.appointment),
            ("dead link", None, "/u/aaaaaaaaaa"),
            ("not found", self.worker, "/bestaat-niet/"),
        ]


def _soon() -> str:
    return clock.now().strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def town(open_as: Open) -> Town:
    line = make.an_all_hours_line("Piketlijn")
    desk = make.a_desk(line, "Walcheren huur")
    lawyer, backup = make.a_lawyer("Sanne de Vries", is_demo=True), make.a_lawyer("Yusuf Kaya")
    make.a_duty(desk, lawyer, 1)
    make.a_duty(desk, backup, 2)
    given = make.a_duty(desk, lawyer, 1, starts=48)
    next_duty = make.a_duty(desk, lawyer, 1, starts=72)
    request = covering.open_request(duty_id=given.pk, kind="give", by=lawyer.pk)
    loket = make.a_loket("Loket Noorderpoort")
    worker = make.a_worker("Fatima el Idrissi", organisation=loket, is_demo=True)

    def ask() -> Consultation:
        return services.ask(
            person=worker,
            area_id=make.area_id("huur"),
            region_id=make.region_id("walcheren"),
            question="Mag de verhuurder het slot vervangen bij twee maanden achterstand?",
            background="Moeder met kind.\nHet slot is gisteren vervangen.",
            lane="vandaag",
        )

    def accept() -> Consultation:
        consultation = ask()
        services.accept(person=lawyer, reference=consultation.reference)
        return consultation

    def answer() -> Consultation:
        consultation = accept()
        services.answer(person=lawyer, reference=consultation.reference, text="Nee. Zonder vonnis geen ontruiming.")
        return consultation

    asked, accepted, more_info, answered, unhelped, called = ask(), accept(), accept(), answer(), answer(), accept()
    services.ask_more(person=lawyer, reference=more_info.reference, text="Is er een vonnis?")
    services.log_outcome(person=worker, reference=unhelped.reference, value="partly")
    callback = services.call_me_about_this(person=worker, reference=called.reference)
    return Town(
        worker=worker,
        colleague=make.a_worker("Joost Bakker", organisation=loket),
        lawyer=lawyer,
        coordinator=make.a_coordinator("Marga Hendriks"),
        asked=asked,
        accepted=accepted,
        more_info=more_info,
        answered=answered,
        unhelped=unhelped,
        backup=backup,
        duty=given.pk,
        next_duty=next_duty.pk,
        request=request.pk,
        appointment="/" + links.mint(appointment_link(worker.pk, callback.pk), clock.now()).split("/", 3)[3],
    )


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_page_breaks_a_rule_of_axe(town: Town, open_as: Open, dark: bool) -> None:
    found: dict[str, list[str]] = {}
    for name, person, path in town.pages():
        page = open_as(person, path, dark=dark)
        page.evaluate(UNFOLD)
        broken = Axe().run(page, options=RULES).response["violations"]
        faults = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in broken]
        faults += [said for said in open_as.complaints if "404" not in said and "410" not in said]
        if faults:
            found[name] = faults
        page.close()
    assert not found


def test_every_page_fits_a_narrow_phone_and_a_thumb(town: Town, open_as: Open) -> None:
    """320 px wide without scrolling sideways; buttons, menu and tiles 44 px high. Links in text are excepted."""
    faults: dict[str, list[Any]] = {}
    for name, person, path in town.pages():
        page = open_as(person, path, width=320)
        page.evaluate(UNFOLD)
        width = page.evaluate("document.documentElement.scrollWidth")
        small = page.evaluate(
            """targets => Array.from(document.querySelectorAll(targets)).filter(
                e => e.offsetParent !== null && e.getBoundingClientRect().height < 43.5
            ).map(e => e.outerHTML.slice(0, 90))""",
            "button, .piket-button, .piket-nav a, .piket-tile, .piket-tabs a, summary, select",
        )
        if width > 320 or small:
            faults[name] = [width, *small]
        page.close()
    assert not faults


def test_the_focus_is_always_seen_and_the_skip_link_comes_first(town: Town, open_as: Open) -> None:
    page = open_as(town.worker, reverse("ask"))
    page.keyboard.press("Tab")
    expect(page.locator(".piket-skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        style = page.evaluate(
            """() => { const e = document.activeElement; const seen = e.closest(".piket-tile") || e;
                       return getComputedStyle(seen).outlineStyle }"""
        )
        assert style == "solid"


def test_a_fault_takes_the_focus_and_leads_to_its_field(town: Town, open_as: Open) -> None:
    page = open_as(town.worker, reverse("ask"))
    page.get_by_role("button", name="Verstuur de vraag").click()
    expect(page).to_have_title("Fout: Stel een vraag - Piketlijn")
    expect(page.locator(".piket-error-summary")).to_be_focused()
    page.locator(".piket-error-summary a", has_text="Schrijf je vraag in één zin.").click()
    expect(page.locator("#id_question")).to_be_focused()


def test_a_question_is_asked_with_the_keyboard_alone(town: Town, open_as: Open) -> None:
    page = open_as(town.worker, reverse("ask"))
    page.locator("#id_area_0").focus()
    page.keyboard.press("Space")
    page.locator("#id_lane_0").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("Mag de verhuurder de huur opzeggen?")
    page.get_by_role("button", name="Verstuur de vraag").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Je vraag is verstuurd.")).to_be_visible()


def test_the_counter_and_the_card_follow_what_is_chosen(town: Town, open_as: Open) -> None:
    page = open_as(town.worker, reverse("ask"))
    page.locator("#id_question").fill("x" * 12)
    expect(page.locator("#id_question_count")).to_have_text("12 van 300 tekens")
    expect(page.locator("#on-duty")).to_contain_text("Yusuf Kaya")  # Sanne has promised to call somebody back now
    page.get_by_text("Asielrecht").click()
    expect(page.locator("#on-duty")).not_to_contain_text("Yusuf Kaya")


def test_a_draft_survives_a_reload_and_is_gone_when_sent(town: Town, open_as: Open) -> None:
    page = open_as(town.worker, reverse("ask"))
    page.locator("#id_question").fill("Mag de verhuurder de borg houden?")
    expect(page.locator("#draft-note")).to_contain_text("concept bewaard", timeout=5000)
    page.reload()
    expect(page.locator("#id_question")).to_have_value("Mag de verhuurder de borg houden?")
    page.get_by_text("Vandaag", exact=True).click()
    page.get_by_role("button", name="Verstuur de vraag").click()
    page.goto(reverse("ask"))
    expect(page.locator("#id_question")).to_have_value("")


def test_the_board_changes_by_itself_and_stands_still_when_asked(town: Town, open_as: Open) -> None:
    page = open_as(town.coordinator, reverse("live"))
    place = page.locator("#lane-asked")
    expect(place).to_have_text("Online, nog niet aangenomen (1)")
    services.accept(person=town.lawyer, reference=town.asked.reference)
    expect(place).to_have_count(0, timeout=6000)
    page.get_by_role("button", name="Zet stil").click()
    expect(page.locator("#age")).to_have_text("staat stil")


def test_an_open_answer_is_not_lost_while_the_page_follows(town: Town, open_as: Open) -> None:
    page = open_as(town.lawyer, reverse("question", args=[town.accepted.reference]))
    field = page.locator("#antwoorden-text")
    field.fill("Nee, want")
    services.reply(person=town.worker, reference=town.accepted.reference, text="Er is toch een vonnis.")
    expect(page.locator("#standing")).to_contain_text("Er is iets gebeurd", timeout=15000)
    expect(field).to_have_value("Nee, want")
    expect(field).to_be_focused()


@pytest.mark.parametrize("path", ["ask", "questions", "on_call_now"])
def test_pages_work_without_scripts(town: Town, open_as: Open, path: str) -> None:
    page = open_as(town.worker, reverse(path), scripts=False)
    assert page.locator("h1").count() == 1
    if path == "ask":
        page.locator("#id_lane_1").check()
        page.locator("#id_question").fill("Mag dit zonder script?")
        page.get_by_role("button", name="Verstuur de vraag").click()
        assert "Je vraag is verstuurd." in page.content()


def test_the_role_switcher_looks_as_somebody_else(town: Town, open_as: Open) -> None:
    page = open_as(None, reverse("login"))
    page.get_by_label("Kijk als").select_option(label="Sanne de Vries")
    page.get_by_role("button", name="Wissel van rol").click()
    expect(page).to_have_title("Vandaag - Piketlijn")


def test_paper_is_light_and_without_buttons(town: Town, open_as: Open) -> None:
    page = open_as(town.worker, reverse("question", args=[town.answered.reference]), dark=True)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("nav.piket-nav").is_visible()
    assert not page.get_by_role("button", name="Verstuur").is_visible()
