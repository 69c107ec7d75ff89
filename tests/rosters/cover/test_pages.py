"""The pages of cover without JavaScript: three taps to ask, two from the text to take; who may see and press what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from directory.models import Assistance
from integrations import clock, links
from integrations.links import LinkFor
from integrations.models import Link, OutboxMessage
from rosters import cover_board, cover_telling
from rosters.models import CoverAsk, CoverRequest, Duty, Terms
from rosters.services import sick, swapping, taking
from tests import builders
from tests.rosters.cover.conftest import World, as_, in_force, main_of


def link_to(link: LinkFor, person: Any) -> str:
    made = LinkFor(person.pk, link.action, link.about, link.prefix)
    return "/" + links.mint(made, clock.now()).split("/", 3)[3]


def everything() -> list[Any]:
    """All that a press could change."""
    tables = (Duty, CoverRequest, CoverAsk, Link, OutboxMessage)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def step(person: Any, request: CoverRequest, choice: str, **fields: Any) -> Any:
    return as_(person).post(reverse("cover_step", args=[request.pk]), {"keuze": choice, **fields})


# --- Asking -----------------------------------------------------------------------------------------------------------
def test_asking_takes_three_taps(world: World) -> None:
    duty = world.duty()
    client = as_(world.ada)
    page = main_of(client.get(reverse("cover_new", args=[duty.pk])))
    assert page.count('name="wie"') == page.count("checked") - 2 == 3  # all who fit; give away; the whole
    assert "Bob de B.: vrij" in page
    answer = client.post(
        reverse("cover_new", args=[duty.pk]), {"soort": "give", "deel": "heel", "wie": [world.bob.pk, world.cor.pk]}
    )
    request = CoverRequest.objects.get()
    assert answer.headers["Location"] == reverse("cover_request", args=[request.pk])
    assert set(request.asks.values_list("person_id", flat=True)) == {world.bob.pk, world.cor.pk}
    assert client.get(reverse("cover_new", args=[duty.pk])).status_code == 302


@pytest.mark.parametrize(("van", "tot", "hours"), [("11:30", "12.30", 1), ("11", "14:30", 3.5), ("1030", "1130", 1)])
def test_a_part_by_its_times(world: World, van: str, tot: str, hours: float) -> None:
    duty = world.duty()
    fields = {"soort": "swap", "deel": "eigen", "van": van, "tot": tot}
    as_(world.ada).post(reverse("cover_new", args=[duty.pk]), fields)
    request = CoverRequest.objects.get()
    assert (request.ends_at - request.starts_at).total_seconds() == hours * 3600
    assert request.kind == "swap"


@pytest.mark.parametrize(
    ("van", "tot"), [("", ""), ("9:00", "11:00"), ("12:00", "11:00"), ("elf", "twaalf"), ("25", "26")]
)
def test_times_that_cannot_be_are_told_and_nothing_typed_is_lost(world: World, van: str, tot: str) -> None:
    duty = world.duty()
    fields = {"soort": "swap", "deel": "eigen", "van": van, "tot": tot, "wie": [world.cor.pk]}
    answer = as_(world.ada).post(reverse("cover_new", args=[duty.pk]), fields)
    page = main_of(answer)
    assert answer.status_code == 400
    assert "Schrijf twee tijden die binnen de dienst liggen" in page
    assert not van or f'value="{van}"' in page
    assert page.count("checked") == 3
    assert CoverRequest.objects.count() == 0


def test_a_night_duty_is_cut_after_midnight(world: World) -> None:
    duty = world.duty(starts=36, hours=10)  # 22:30 to 8:30
    as_(world.ada).post(
        reverse("cover_new", args=[duty.pk]), {"soort": "give", "deel": "eigen", "van": "2:00", "tot": "8:30"}
    )
    request = CoverRequest.objects.get()
    assert (request.ends_at, (request.ends_at - request.starts_at).total_seconds()) == (duty.ends_at, 6.5 * 3600)


@pytest.mark.parametrize("name", ["cover_new", "sick"])
@pytest.mark.parametrize(("who", "status"), [("ada", 200), ("coby", 200), ("bob", 404)])
def test_only_who_keeps_the_roster_gives_away_or_reports_sick(world: World, name: str, who: str, status: int) -> None:
    duty = world.duty()
    assert as_(getattr(world, who)).get(reverse(name, args=[duty.pk])).status_code == status


# --- The board and one request ----------------------------------------------------------------------------------------
def test_the_board_says_it_when_nothing_is_open(world: World) -> None:
    assert main_of(as_(world.bob).get(reverse("cover_board"))).count("Niets open. Mooi.") == 3


def test_the_board_shows_what_is_asked_what_is_mine_and_what_is_open(world: World) -> None:
    request = world.request(ask=[world.bob.pk])
    shown = {name: cover_board.board(getattr(world, name).pk) for name in ("ada", "bob", "cor")}
    assert [len(part) for part in (shown["ada"].asked, shown["ada"].mine, shown["ada"].open)] == [0, 1, 0]
    assert [len(part) for part in (shown["bob"].asked, shown["bob"].mine, shown["bob"].open)] == [1, 0, 0]
    assert [len(part) for part in (shown["cor"].asked, shown["cor"].mine, shown["cor"].open)] == [0, 0, 1]
    page = main_of(as_(world.coby).get(reverse("cover_board")))
    assert reverse("cover_request", args=[request.pk]) in page
    fay = builders.a_lawyer("Fay Familie", areas=("familie-jeugd",))
    assert cover_board.board(fay.pk).open == ()
    assert as_(fay).get(reverse("cover_request", args=[request.pk])).status_code == 404


def test_requests_that_one_could_never_take_cost_the_board_nothing(
    world: World, django_assert_num_queries: Callable[..., Any]
) -> None:
    fay = builders.a_lawyer("Fay Familie", areas=("familie-jeugd",))
    world.request()
    cover_board.board(fay.pk)
    with django_assert_num_queries(6):
        assert cover_board.board(fay.pk).open == ()
    for starts in (100, 150, 200, 250):
        world.request(world.duty(starts=starts))
    with django_assert_num_queries(6):
        assert cover_board.board(fay.pk).open == ()


def test_a_colleague_takes_it_over_on_the_page(world: World) -> None:
    request = world.request()
    answer = step(world.bob, request, "overnemen")
    assert answer.status_code == 302
    assert in_force()[0][0] == "Bob de Boer"
    assert "Terugdraaien kan tot" in main_of(as_(world.bob).get(reverse("cover_request", args=[request.pk])))
    step(world.bob, request, "toch-niet")
    assert in_force()[0][0] == "Ada Advocaat"


def test_a_broken_rule_is_named_and_ticked(world: World) -> None:
    Terms.objects.create(person=world.bob, max_per_week=1)
    request = world.request()
    world.duty(starts=24, person=world.bob, position=2)
    refused = step(world.bob, request, "overnemen")
    assert refused.status_code == 400
    assert "Ik weet het: maximum van die week bereikt" in main_of(refused)
    assert step(world.bob, request, "overnemen", toch="week_full").status_code == 302
    assert in_force()[-1][0] == "Bob de Boer"


def test_the_holder_sees_who_answered_and_withdraws(world: World) -> None:
    request = world.request()
    step(world.bob, request, "kan-niet")
    page = main_of(as_(world.ada).get(reverse("cover_request", args=[request.pk])))
    assert "Bob de Boer" in page
    assert ">nee<" in page
    assert step(world.bob, request, "intrekken").status_code == 403
    assert step(world.ada, request, "intrekken").status_code == 302
    assert CoverRequest.objects.get().state == "withdrawn"


def test_a_swap_from_offer_to_one_press(world: World) -> None:
    request = world.request(kind="swap")
    other = world.duty(starts=72, person=world.bob)
    assert "Kies welke dienst" in main_of(step(world.bob, request, "ruilen", terug=""))
    assert step(world.bob, request, "ruilen", terug=str(other.pk)).status_code == 302
    ask = CoverAsk.objects.get(person=world.bob)
    assert "Bob de Boer wil ruilen" in main_of(as_(world.ada).get(reverse("cover_request", args=[request.pk])))
    assert step(world.cor, request, f"akkoord:{ask.pk}").status_code == 403
    assert step(world.ada, request, f"akkoord:{ask.pk}").status_code == 302
    assert [name for name, *_times in in_force()] == ["Bob de Boer", "Ada Advocaat"]


@pytest.mark.parametrize("choice", ["", "iets", "akkoord:x", "akkoord:999", "deel-9"])
def test_an_unknown_press_does_nothing(world: World, choice: str) -> None:
    request = world.request()
    before = in_force()
    assert step(world.ada, request, choice).status_code in {400, 404}
    assert in_force() == before


def test_an_assistant_does_all_of_it_for_his_lawyer(world: World) -> None:
    els = builders.a_person("Els Assistent")
    for person in (world.ada, world.bob):
        Assistance.objects.create(assistant=els, person=person)
    client, duty, voor = as_(els), world.duty(), {"voor": str(world.bob.pk)}
    address = reverse("cover_new", args=[duty.pk])
    made = client.post(address, {"soort": "give", "deel": "heel", "wie": [world.bob.pk], "voor": str(world.ada.pk)})
    assert made.headers["Location"].endswith(f"?voor={world.ada.pk}")
    request = CoverRequest.objects.get()
    assert request.made_by == els
    assert "Aan jou gevraagd (1)" in main_of(client.get(reverse("cover_board"), voor))
    page = main_of(client.get(reverse("cover_request", args=[request.pk]), voor))
    assert f'name="voor" value="{world.bob.pk}"' in page
    assert step(els, request, "overnemen", **voor).status_code == 302
    assert in_force()[0][0] == "Bob de Boer"
    assert as_(els).get(reverse("cover_board"), {"voor": str(world.cor.pk)}).status_code == 403
    assert step(els, request, "toch-niet", voor=str(world.cor.pk)).status_code == 403


# --- Links ------------------------------------------------------------------------------------------------------------
def test_opening_a_link_changes_nothing_and_shows_what_one_needs(world: World) -> None:
    request = world.request()
    world.duty(starts=24, person=world.bob, position=2)
    address = link_to(cover_telling.cover_link(request), world.bob)
    before = everything()
    for _ in range(3):
        assert Client().head(address).status_code == 200
        page = main_of(Client().get(address))
    assert everything() == before
    for words in (
        "Voor Bob de Boer",
        "vrijdag 20 november 2026",
        "10:30–14:30",
        "De week van Bob de Boer",
        "do 19 nov: 10:30",
    ):
        assert words in page
    for choice in ("overnemen", "kan-niet", "deel-1", "deel-2"):
        assert f'value="{choice}"' in page


def test_two_taps_from_the_text(world: World) -> None:
    address = link_to(cover_telling.cover_link(world.request()), world.bob)
    assert "De dienst is van jou." in main_of(Client().post(address, {"keuze": "overnemen"}))
    assert in_force()[0][0] == "Bob de Boer"
    assert Duty.objects.get(cancelled_at__isnull=True).confirmed_how == "link"
    assert Client().post(address, {"keuze": "toch-niet"}).status_code == 410


def test_a_rule_stops_the_press_and_the_link_works_on(world: World) -> None:
    Terms.objects.create(person=world.bob, max_per_week=1)
    world.duty(starts=24, person=world.bob, position=2)
    address = link_to(cover_telling.cover_link(world.request()), world.bob)
    refused = Client().post(address, {"keuze": "overnemen"})
    assert refused.status_code == 400
    assert "Dit breekt een regel: maximum van die week bereikt" in main_of(refused)
    assert "De dienst is van jou." in main_of(Client().post(address, {"keuze": "overnemen", "toch": "week_full"}))


def test_a_part_and_a_no_by_link(world: World) -> None:
    request = world.request()
    Client().post(link_to(cover_telling.cover_link(request), world.bob), {"keuze": "deel-2"})
    assert [name for name, *_times in in_force()] == ["Ada Advocaat", "Bob de Boer"]
    Client().post(link_to(cover_telling.cover_link(request), world.cor), {"keuze": "kan-niet"})
    assert CoverAsk.objects.get(person=world.cor).answer == "no"


def test_who_comes_late_is_told_who_was_first(world: World) -> None:
    request = world.request()
    mine, other = (link_to(cover_telling.cover_link(request), one) for one in (world.bob, world.cor))
    Client().post(mine, {"keuze": "overnemen"})
    assert "Al overgenomen door Bob de B." in main_of(Client().get(other))
    late = Client().post(other, {"keuze": "overnemen"})
    assert late.status_code == 409
    assert "al overgenomen door Bob de B." in main_of(late)


def test_the_text_to_the_taker_opens_not_after_all(world: World) -> None:
    request = world.request()
    taking.take(request_id=request.pk, person_id=world.bob.pk, by=world.bob.pk)
    address = link_to(cover_telling.cover_link(request), world.bob)
    assert "Deze dienst is van jou" in main_of(Client().get(address))
    assert "Teruggedraaid." in main_of(Client().post(address, {"keuze": "toch-niet"}))


def test_a_swap_is_answered_by_link(world: World) -> None:
    request = world.request(kind="swap")
    other = world.duty(starts=72, person=world.bob)
    ask = swapping.offer_swap(request_id=request.pk, person_id=world.bob.pk, in_return=other.pk, by=world.bob.pk)
    address = link_to(cover_telling.swap_link(ask), world.ada)
    page = main_of(Client().get(address))
    assert "Ruil je met Bob de Boer?" in page
    assert "zaterdag 21 november 2026" in page
    assert "Geruild." in main_of(Client().post(address, {"keuze": "akkoord"}))
    again = link_to(cover_telling.swap_link(ask), world.ada)
    assert "geldt niet meer" in main_of(Client().get(again))


def test_a_link_of_who_left_is_gone(world: World) -> None:
    address = link_to(cover_telling.cover_link(world.request()), world.bob)
    world.bob.is_active = False
    world.bob.save()
    assert Client().get(address).status_code == 410
    assert Client().post(address, {"keuze": "overnemen"}).status_code == 410


def test_a_link_acts_for_its_holder_whoever_is_logged_in(world: World) -> None:
    address = link_to(cover_telling.cover_link(world.request()), world.bob)
    as_(world.cor).post(address, {"keuze": "overnemen"})
    assert in_force()[0][0] == "Bob de Boer"


# --- Sick and repair --------------------------------------------------------------------------------------------------
def test_reporting_sick_and_taking_it_back_on_the_page(world: World) -> None:
    duty = world.duty(starts=-1)
    client = as_(world.ada)
    answer = client.post(reverse("sick", args=[duty.pk]), {"hoelang": "dag", "vraag": "on"})
    page = main_of(client.get(answer.headers["Location"]))
    assert "Je bent ziek gemeld" in page
    assert CoverAsk.objects.filter(asked_at__isnull=False).count() == 3
    assert as_(world.bob).get(answer.headers["Location"]).status_code == 404
    assert "Weer beter" in main_of(client.post(answer.headers["Location"], follow=True))
    assert in_force()[-1][0] == "Ada Advocaat"


@pytest.mark.parametrize(
    ("date", "fault"), [("", "Vul de laatste dag in"), ("2025-01-01", "Kies een dag vanaf"), ("x", "27-11-2026")]
)
def test_a_wrong_day_is_told_and_nobody_is_ill(world: World, date: str, fault: str) -> None:
    duty = world.duty()
    answer = as_(world.ada).post(reverse("sick", args=[duty.pk]), {"hoelang": "tot", "datum": date})
    assert answer.status_code == 400
    assert fault in main_of(answer)
    assert Duty.objects.get(pk=duty.pk).cancelled_at is None


def test_repair_shows_three_and_asks_all_in_one_press(world: World) -> None:
    duty = world.duty(starts=-1)
    world.duty(starts=-1, person=builders.a_lawyer("Eva Extra"), position=2)
    call = sick.report_sick(person_id=world.ada.pk, by=world.ada.pk)
    client, address = as_(world.coby), reverse("repair", args=[duty.pk])
    page = main_of(client.get(address))
    assert "Vraag alle 3" in page
    assert page.count('href="tel:') == 3
    assert "Eva Extra vangt op" in page
    assert "heeft dan al een dienst" in page
    assert "3 mensen worden gevraagd." in client.post(address, {"keuze": "vraag"}, follow=True).content.decode()
    assert CoverAsk.objects.filter(request_id=call.request_ids[0], asked_at__isnull=False).count() == 3
    client.post(address, {"keuze": f"zet:{world.cor.pk}"})
    assert in_force()[-1][0] == "Cor Cornelissen"
    assert "Al overgenomen door Cor C." in main_of(client.get(address))


def test_repair_says_whom_to_call_when_nobody_is_free(world: World) -> None:
    duty = world.duty(starts=-1)
    for person in (world.bob, world.cor, world.dee):
        world.duty(starts=-1, person=person, desk=builders.a_desk(builders.a_line()))
    sick.report_sick(person_id=world.ada.pk, by=world.ada.pk)
    page = main_of(as_(world.coby).get(reverse("repair", args=[duty.pk])))
    assert "Niemand vrij: bel de achterwacht." in page


@pytest.mark.parametrize(("who", "status"), [("coby", 200), ("ada", 403), ("elsewhere", 404)])
def test_repair_is_for_the_coordinator_of_the_region(world: World, who: str, status: int) -> None:
    duty = world.duty()
    person = builders.a_coordinator(region="zwolle") if who == "elsewhere" else getattr(world, who)
    assert as_(person).get(reverse("repair", args=[duty.pk])).status_code == status


def test_a_coordinator_replaces_a_holder_who_does_not_answer(world: World) -> None:
    later, running = world.duty(), builders.a_duty(world.desk, world.bob, 2, starts=-1, hours=3)
    client = as_(world.coby)
    assert "Neemt niet op: vervang" not in main_of(client.get(reverse("repair", args=[later.pk])))
    assert client.post(reverse("repair", args=[later.pk]), {"keuze": "niet-verschenen"}).status_code == 400
    address = reverse("repair", args=[running.pk])
    assert "Neemt niet op: vervang" in main_of(client.get(address))
    page = client.post(address, {"keuze": "niet-verschenen"}, follow=True).content.decode()
    assert "De dienst is nu leeg" in page
    assert Duty.objects.get(pk=running.pk).cancelled_why == Duty.Ended.NO_SHOW
    assert CoverRequest.objects.get().kind == CoverRequest.Kind.NO_SHOW
    assert Duty.objects.get(pk=later.pk).cancelled_at is None


def test_a_coordinator_puts_somebody_on_a_duty_that_runs(world: World) -> None:
    duty = world.duty(starts=-1)
    as_(world.coby).post(reverse("repair", args=[duty.pk]), {"keuze": f"zet:{world.bob.pk}"})
    assert [name for name, *_times in in_force()] == ["Ada Advocaat", "Bob de Boer"]
