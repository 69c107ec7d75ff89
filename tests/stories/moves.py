"""What people do again and again in the stories."""

from __future__ import annotations

from tests.network import Person
from tests.stories.conftest import LINE, Scene


def asks(scene: Scene, name: str = "worker") -> Person:
    """The worker calls and presses 1 for his usual area."""
    worker = scene.phone(name)
    worker.dials(LINE)
    worker.hears("Toets 1 voor huur. Anders: toets 2.")
    worker.presses("1")
    return worker


def picks_up(scene: Scene, name: str, within: float = 12) -> Person:
    """Her phone rings, she picks up and hears what it is about."""
    lawyer = scene.phone(name)
    lawyer.is_ringing(within)
    lawyer.picks_up()
    lawyer.hears("iket huur")
    return lawyer


def takes(scene: Scene, name: str, asker: str = "worker", within: float = 12) -> Person:
    """Her phone rings, she picks up, presses 1, and the two talk."""
    lawyer = picks_up(scene, name, within)
    lawyer.presses("1")
    scene.network.talking(scene.phone(asker), lawyer)
    return lawyer
