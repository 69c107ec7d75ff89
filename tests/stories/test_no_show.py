"""Not confirmed and not answering: the backup goes first for the rest of the duty, and the coordinator knows."""

from __future__ import annotations

from hotline.models import Ticket
from hotline.queries import who_would_ring
from rosters import services
from rosters.models import Duty
from tests import builders
from tests.stories.conftest import Scene
from tests.stories.ending import offers, over
from tests.stories.moves import asks, takes


def a_missed_call(scene: Scene) -> None:
    """Bos lets it ring out, Chen takes it; afterwards everybody is free again."""
    worker = asks(scene)
    bos = scene.phone("bos")
    bos.is_ringing()
    takes(scene, "chen", within=30)
    worker.hangs_up()
    scene.network.forward(200)


def order(scene: Scene) -> list[str]:
    return [one.name for one in who_would_ring("huur", "walcheren").ring]


def test_who_did_not_confirm_and_missed_a_call_comes_after_the_backup(two_lawyers: Scene) -> None:
    coby = two_lawyers.add("coby", builders.a_coordinator("Coby"))
    assert order(two_lawyers) == ["Bos", "Chen"]
    a_missed_call(two_lawyers)
    assert order(two_lawyers) == ["Chen", "Bos"]
    coby.gets_sms("Bos bevestigde de dienst niet en miste een oproep. De achterwacht gaat nu voor. Zie: http")
    ticket = Ticket.objects.get(kind="no_show")
    assert ticket.person == two_lawyers.people["bos"]

    worker = asks(two_lawyers)
    takes(two_lawyers, "chen")  # she is rung first
    worker.hangs_up()
    over(two_lawyers)
    assert offers() == [("bos", "missed"), ("chen", "talked"), ("chen", "talked")]
    assert Ticket.objects.filter(kind="no_show").count() == 1
    assert len([text for text in coby.texts if "miste een oproep" in text]) == 1


def test_who_confirmed_keeps_his_place_after_a_missed_call(two_lawyers: Scene) -> None:
    bos = two_lawyers.people["bos"]
    services.confirm(duty_ids=[Duty.objects.get(person=bos).pk], how="sms", by=bos.pk)
    a_missed_call(two_lawyers)
    assert order(two_lawyers) == ["Bos", "Chen"]
    assert not Ticket.objects.filter(kind="no_show").exists()


def test_confirming_or_answering_later_gives_the_place_back(two_lawyers: Scene) -> None:
    bos = two_lawyers.people["bos"]
    a_missed_call(two_lawyers)
    duty = Duty.objects.get(person=bos)
    services.confirm(duty_ids=[duty.pk], how="page", by=bos.pk)
    assert order(two_lawyers) == ["Bos", "Chen"]
    services.unconfirm(duty_ids=[duty.pk], by=bos.pk)
    assert order(two_lawyers) == ["Chen", "Bos"]
    worker = asks(two_lawyers)
    two_lawyers.phone("chen").is_ringing()
    takes(two_lawyers, "bos", within=30)
    worker.hangs_up()
    two_lawyers.network.forward(200)
    assert order(two_lawyers) == ["Bos", "Chen"]


def test_the_last_one_left_is_still_rung(scene: Scene) -> None:
    desk = builders.a_desk(scene.line, "Walcheren huur")
    scene.lawyer("bos", desk)
    worker = asks(scene)
    scene.phone("bos").is_ringing()
    scene.network.forward(25)
    worker.hangs_up()
    scene.network.forward(60)
    assert order(scene) == ["Bos"]
    asks(scene)
    takes(scene, "bos")
