"""Every document that a path of ours can make keeps to the contract, with the most awkward names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings

from directory import queries as directory
from hotline.call import lawyer, machine, proof
from hotline.call.state import CallState, Signal
from hotline.models import ProofCall
from hotline.phone import faults, speech
from integrations.twilio.verbs import Document, Gather
from tests import builders
from tests.hotline.call import situations
from tests.hotline.call.test_lawyer_table import SIGNALS, cells, leg_in
from tests.hotline.phone import contract

TOKEN = "k" + "a" * 26
LEG = "p" + "b" * 26
AWKWARD = "R&D <b> \"Noord\" 'é'"
NOTICE = "Drukte & storing <nu> " + "x" * 150

pytestmark = pytest.mark.django_db


@pytest.fixture
def names(at_ten_thirty: Any) -> dict[str, Any]:
    """Ids of real rows in place of the numbers of the situations."""
    areas = tuple(area.id for area in directory.set_up().areas[:10])
    signpost = next(area.id for area in directory.set_up().areas if area.signpost)
    regions = tuple(region.id for region in directory.set_up().regions if region.kind == "court")[:8]
    return {
        "menu": (*areas[:7], signpost, *areas[8:]),
        "signposts": frozenset({signpost}),
        "regions": regions,
        "country": directory.set_up().country_id,
        "organisation": builders.a_loket(AWKWARD).pk,
    }


def with_names(call: CallState, names: dict[str, Any]) -> CallState:
    return replace(
        call,
        menu=names["menu"],
        signposts=names["signposts"],
        regions=names["regions"],
        country=names["country"],
        area_id=names["menu"][0] if call.area_id else None,
        usual_area=names["menu"][0],
        organisation_id=names["organisation"] if call.organisation_id else None,
        has_notice=True,
    )


def check(document: Document | None, path: str, token: str) -> bool:
    """Assert the contract for what would be spoken; whether anything would be."""
    if document is not None:
        contract.of(path, speech.write_document(document, token, 3, NOTICE))
    return document is not None


def test_every_document_of_the_callers_leg(names: dict[str, Any]) -> None:
    seen = 0
    for row, _state, _key, call, signal in situations.situations():
        named = with_names(call, names)
        for nth in range(4):
            for has_notice in (True, False):
                counted = replace(named, tries=nth, looks=nth, faults=nth, has_notice=has_notice)
                step = machine.next_step(counted, replace(signal, nth=nth), situations.NOW)
                seen += check(step.document, f"/twilio/l/{TOKEN}-3/{row}", TOKEN)
    assert seen > 1_000


def test_every_first_document_of_a_call(names: dict[str, Any]) -> None:
    seen = 0
    for is_main in (False, True):
        for caller in (
            None,
            situations.SOMEBODY,
            replace(situations.SOMEBODY, remembered_region=None, usual_area=None),
        ):
            for is_open in (False, True):
                blank = with_names(situations.call_in("greet", organisation_id=6), names)
                opening = situations.SLOTS.next_day
                step = machine.start(caller, is_main, replace(blank, opening=opening), is_open, situations.NOW)
                seen += check(with_organisation(step.document, names), "/twilio/voice", TOKEN)
    assert seen == 2 * 3 * 2, "nobody is answered with silence"


def with_organisation(document: Document | None, names: dict[str, Any]) -> Document | None:
    """`start` takes the organisation from the caller, whose id is not of this database."""
    if document is None or not isinstance(document[0], Gather):
        return document
    says = tuple(
        replace(say, values={**say.values, "organisation": names["organisation"]})  # type: ignore[type-var]
        if "organisation" in getattr(say, "values", {})
        else say
        for say in document[0].says
    )
    return (replace(document[0], says=says), *document[1:])


def test_every_document_of_the_lawyers_leg(names: dict[str, Any]) -> None:
    seen = 0
    for event, state, _cell in cells():
        for caller in ("here", "taken", "gone"):
            for tries in (0, 1):
                leg = leg_in(state, caller=caller, tries=tries, urgent=bool(tries))
                leg = replace(leg, area_id=names["menu"][0], region_id=names["regions"][0])
                step = lawyer.next_step(leg, SIGNALS[event], situations.NOW)
                seen += check(step.document, f"/twilio/l/{LEG}-3/{event}", LEG)
    assert seen > 50


def test_every_document_of_a_call_without_a_question(names: dict[str, Any]) -> None:
    token, seen = "t" + "c" * 26, 0
    for kind in ProofCall.Kind.values:
        for state in ProofCall.State.values:
            for tries in (0, 1):
                leg = proof.ProofLeg(kind, state, tries, "123456")
                seen += check(proof.speak(leg), f"/twilio/l/{token}-3/key", token)
    assert seen == 2 * len(ProofCall.Kind.values) * len(ProofCall.State.values)


@pytest.mark.parametrize("fallback", ["", "+31850000009"])
def test_every_document_of_a_fault(settings: Settings, fallback: str) -> None:
    settings.FALLBACK_NUMBER = fallback
    for word in ("greet", "dialled", "now", "again1", "again2", "helped"):
        contract.of(f"/twilio/l/{TOKEN}-3/{word}", faults.caller_fault(TOKEN, 3, word, "CA1", "+31850000000"))
        contract.of("/twilio/voice", faults.entrance_fault(word, "CA1", "+31850000000"))
        for leg in (LEG, "t" + LEG[1:]):
            contract.of(f"/twilio/l/{leg}-3/{word}", faults.lawyer_fault(leg, 3, word, "CA1"))
    contract.of(f"/twilio/l/{LEG}-3/key", faults.sorry())
    third = contract.of("/twilio/voice", faults.entrance_fault("again2", "CA1", "+31850000000"))
    assert (third.find("Dial") is not None) is bool(fallback)


def test_a_name_is_text_and_never_markup(names: dict[str, Any]) -> None:
    call = with_names(situations.call_in("main"), names)
    step = machine.next_step(call, Signal("now"), situations.NOW)
    assert step.document is not None
    body = speech.write_document(step.document, TOKEN, 3)
    document = contract.of("/twilio/voice", body)
    assert f"Je belt namens {AWKWARD}." in "".join(document.itertext())
    assert "<b>" not in body
