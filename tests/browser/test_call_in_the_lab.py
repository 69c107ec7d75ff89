"""A call by hand: phones on the lab's page, the question on both sides' pages, the outcome by one tap."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.processes.conftest import Tell
from tests.processes.house import House, load, wait_until

pytestmark = pytest.mark.browser
KEY_TO_RING = 1.0  # seconds, from the last key to our answer that rings a phone
BUSY_MACHINE = 5.0  # the same where every core has more to do than it can


def phone(lab: Page, person: Any) -> Locator:
    return lab.locator("article", has=lab.get_by_role("heading", name=person["name"], exact=True))


def press(card: Locator, key: str) -> None:
    card.get_by_role("group", name="Toetsen").get_by_role("button", name=key, exact=True).click()


def log_in(open_page: Open, demo: House, person: Any) -> Page:
    page = open_page(f"{demo.web}/inloggen/")
    page.get_by_label("E-mailadres").fill(person["login"])
    page.get_by_label("Wachtwoord").fill(person["password"])
    page.get_by_role("button", name="Inloggen").click()
    expect(page.get_by_role("button", name="Inloggen")).to_have_count(0)
    return page


def newest_question(demo: House) -> tuple[int, str]:
    """Id and reference."""
    ((number,),) = demo.database.rows("SELECT max(id) FROM hotline_consultation")
    return number, f"PK-{2400 + number}"


def test_a_worker_calls_the_lawyer_on_duty_and_both_see_the_question(demo: House, open_page: Open, tell: Tell) -> None:
    worker, lawyer = demo.people["workers"][0], demo.people["lawyers"][0]
    lab = open_page(f"{demo.lab.address}/lab/")
    lab.get_by_label("Zoek op naam of nummer").fill(worker["name"])
    caller, rung = phone(lab, worker), phone(lab, lawyer)

    # the call
    caller.get_by_role("button", name="Bel", exact=True).click()
    expect(caller).to_contain_text("Toets 1 voor huur")
    press(caller, "1")
    expect(rung.locator(".state")).to_contain_text("Gaat over")
    seconds = demo.lab.key_to_ring(worker["name"]).total_seconds()
    tell(f"from the last key to the ring request: {seconds:.3f} s (load {load():.1f} per core)")
    assert seconds < (KEY_TO_RING if load() < 1 else BUSY_MACHINE)
    rung.get_by_role("button", name="Neem op").click()
    expect(rung).to_contain_text("Toets 1")
    press(rung, "1")
    expect(rung.locator(".state")).to_contain_text(f"In gesprek: {worker['name']}")
    expect(caller.locator(".state")).to_contain_text(f"In gesprek: {lawyer['name']}")
    rung.get_by_role("button", name="Hang op").click()
    expect(caller).to_contain_text("Ben je geholpen?")
    press(caller, "1")
    expect(caller.locator(".lines")).to_contain_text("Opgehangen")
    number, reference = newest_question(demo)

    # the worker's side
    mine = log_in(open_page, demo, worker)
    mine.get_by_role("navigation").get_by_role("link", name="Mijn vragen").first.click()
    tab_with(mine, reference).click()
    expect(mine.get_by_role("heading", level=1)).to_contain_text(reference)
    story = mine.locator("ol.piket-timeline")
    for line in (f"{worker['name']} belde", f"{lawyer['name']} nam op", "Gesprek van"):
        expect(story).to_contain_text(line)
    expect(mine.locator("main")).to_contain_text("Uitkomst eerste lijn")

    # the lawyer's side
    today = log_in(open_page, demo, lawyer)
    expect(today).to_have_title(re.compile("Vandaag"))
    expect(today.get_by_role("region", name="Nog vastleggen")).to_contain_text(reference)
    today.get_by_role("navigation").get_by_role("link", name="Gesprekken").first.click()
    today.get_by_role("link", name=reference).click()
    expect(today.locator("ol.piket-timeline")).to_contain_text(f"{worker['name']} belde")

    # the outcome by one tap: two minutes after the call, which we do not wait for
    demo.database.rows(
        f"UPDATE integrations_outboxmessage SET not_before = created_at WHERE about = 'consultation:{number}'"
    )
    lab.get_by_label("Zoek op naam of nummer").fill(lawyer["name"])
    rung.locator("details.sms summary").click()
    link = rung.locator("details.sms li", has_text="Wat is de uitkomst?").get_by_role("link")
    address = link.inner_text()
    for _robot in range(3):
        assert lab.request.get(address).status == 200
    said = f"SELECT value, route FROM hotline_outcome WHERE side = 'lawyer' AND consultation_id = {number}"
    assert demo.database.rows(said) == []
    with lab.context.expect_page() as opened:
        link.click()
    card = opened.value
    expect(card.get_by_role("heading", level=1)).to_contain_text("uitkomst")
    assert demo.database.rows(said) == []
    card.get_by_role("button", name="Beantwoord").click()
    expect(card.get_by_role("heading", level=1)).to_contain_text("Klaar")
    assert demo.database.rows(said) == [("answered", "link")]
    assert lab.request.get(address).status == 410

    mine.reload()
    expect(mine.locator("main")).to_contain_text("Uitkomst advocaat")
    wait_until(lambda: lab.request.get(f"{demo.lab.address}/lab/state").json()["faults"] == [], "no faults", 1)


def tab_with(mine: Page, reference: str) -> Locator:
    """The link to a question, on whichever tab of 'Mijn vragen' it stands."""
    for tab in ("Wacht op jou", "Loopt", "Afgerond"):
        mine.get_by_role("navigation", name="Welke vragen").get_by_role("link", name=tab).click()
        expect(mine.locator("[aria-current=page]", has_text=tab)).to_be_visible()
        if mine.get_by_role("link", name=reference).count():
            return mine.get_by_role("link", name=reference)
    raise AssertionError(f"{reference} is not among the worker's questions")
