"""Who is rung when the own region has nobody: neighbours, then the whole country."""

from __future__ import annotations

from hotline.models import Offer
from routing.core.decide import Ring
from routing.core.replay import replay
from tests import builders
from tests.stories.conftest import LINE, Scene
from tests.stories.ending import offers, over
from tests.stories.moves import asks, picks_up, takes


def walcheren(scene: Scene) -> None:
    """Example 1 of the design: one lawyer for all areas here, two next door, two for the whole country."""
    scene.lawyer("adriaanse", builders.a_desk(scene.line, "Walcheren alle gebieden", areas="*"))
    rotterdam = builders.a_desk(scene.line, "Rotterdam huur", regions=("AR08",))
    scene.lawyer("bakker", rotterdam, 1, region="AR08")
    scene.lawyer("çelik", rotterdam, 2, region="AR08")
    landelijk = builders.a_desk(scene.line, "Landelijk huur", regions=("landelijk",))
    scene.lawyer("de groot", landelijk, 1, region="AR04")
    scene.lawyer("evers", landelijk, 2, region="AR04")


def stages() -> list[tuple[str, str, str]]:
    found = Offer.objects.order_by("pk").values_list("lawyer__name", "stage", "state")
    return [(name.lower(), stage, state) for name, stage, state in found]


def test_thin_region_then_neighbour_then_national(scene: Scene) -> None:
    walcheren(scene)
    worker, adriaanse = asks(scene), scene.phone("adriaanse")
    adriaanse.is_ringing(within=0)
    scene.network.forward(18)
    adriaanse.is_ringing(within=0)
    worker.hears("Nog geen gehoor. Ik probeer de volgende.", within=5)
    bakker = picks_up(scene, "bakker")
    bakker.presses("3")
    worker.hears("Ik zoek nu in het hele land.")
    takes(scene, "de groot")
    over(scene)
    assert stages() == [
        ("adriaanse", "own", "missed"),
        ("bakker", "neighbour", "slot"),
        ("de groot", "country", "talked"),
    ]


def test_after_one_try_per_stage_the_rest_in_order(scene: Scene) -> None:
    walcheren(scene)
    for name in ("adriaanse", "bakker", "de groot", "çelik"):
        scene.phone(name).behaves("busy")
    worker = asks(scene)
    takes(scene, "evers", within=40)
    over(scene)
    assert [name for name, _ in offers()] == ["adriaanse", "bakker", "de groot", "çelik", "evers"]
    assert worker.heard.count("Ik zoek nu in het hele land.") == 2


def test_who_is_in_a_call_is_passed_over_and_may_come_in_the_second_round(scene: Scene) -> None:
    walcheren(scene)
    other = scene.add("other", builders.a_worker("Olga"))
    asks(scene)
    takes(scene, "adriaanse")
    asks(scene, "other")
    skipped = Offer.objects.latest("pk").decision.outcome["skipped"]
    assert [(skip["name"], skip["reason_code"]) for skip in skipped] == [("Adriaanse", "in_conversation")]
    takes(scene, "bakker", "other")
    other.hangs_up()
    over(scene)


def test_amsterdam_overflow_recorded(scene: Scene) -> None:
    """Example 2: voicemail at once, a phone that rings out, and then somebody of the whole country."""
    amsterdam = builders.a_desk(scene.line, "Amsterdam huur", regions=("amsterdam",))
    scene.lawyer("bos", amsterdam, 1, region="amsterdam")
    scene.lawyer("chen", amsterdam, 2, region="amsterdam")
    landelijk = builders.a_desk(scene.line, "Landelijk huur", regions=("landelijk",))
    scene.lawyer("de groot", landelijk, 1, region="AR04")
    scene.lawyer("evers", landelijk, 2, region="AR04")
    scene.add("aya", builders.a_worker("Aya", region="amsterdam"))
    scene.phone("bos").behaves("off")
    scene.phone("chen").behaves("silent")
    aya = asks(scene, "aya")
    aya.hears("Ik zoek nu in het hele land.", within=60)
    takes(scene, "de groot", "aya")
    over(scene)
    assert stages() == [("bos", "own", "silent"), ("chen", "own", "missed"), ("de groot", "country", "talked")]
    decision = Offer.objects.latest("pk").decision
    assert decision is not None
    assert [(skip["name"], skip["reason_code"]) for skip in decision.outcome["skipped"]] == [
        ("Bos", "tried"),
        ("Chen", "tried"),
    ]
    assert decision.outcome["stage"] == "country"


def test_every_ring_has_a_decision_that_can_be_made_again(scene: Scene) -> None:
    walcheren(scene)
    scene.phone("adriaanse").behaves("busy")
    asks(scene)
    takes(scene, "bakker", within=20)
    over(scene)
    for offer in Offer.objects.select_related("decision"):
        assert offer.decision is not None
        again = replay(offer.decision.facts, offer.decision.at)
        assert isinstance(again, Ring)
        assert again.person.person_id == offer.lawyer_id


def test_key_9_asks_the_whole_country(scene: Scene) -> None:
    walcheren(scene)
    loket = builders.a_loket("Reisloket", regions=("zwolle", "walcheren"))
    scene.add("reiziger", builders.a_worker("Rita", organisation=loket, usual_region=False))
    rita = scene.phone("reiziger")
    rita.dials(LINE)
    rita.hears("9 Landelijk.")
    rita.presses("9")
    rita.hears("Toets 1 voor huur")
    rita.presses("1")
    scene.phone("de groot").is_ringing()
    over(scene)
