"""Questions and keys (V9)."""

from __future__ import annotations

import pytest

from tests.integrations.lab.product import LINE, WORKER, Params, Product, gather
from tests.network import Network, Person


def asked(question: str) -> tuple[Network, Person, Product]:
    product = Product({"/twilio/voice": question, "/area": "<Say>Gehoord.</Say>"})
    network = Network(product)
    worker = network.person(WORKER, "worker")
    worker.dials(LINE)
    return network, worker, product


def answer(product: Product) -> Params:
    return product.one("/area")


def test_a_key_stops_the_speech_and_is_told_at_once() -> None:
    network, worker, product = asked(gather("a" * 150, "/area"))
    network.forward(1)
    worker.presses("7")
    assert answer(product)["Digits"] == "7"


def test_the_time_out_runs_from_the_end_of_the_speech() -> None:
    network, _, product = asked(gather("a" * 30, "/area", timeout="4"))
    network.forward(5.9)
    assert not product.requests("/area")
    network.forward(0.2)
    assert "Digits" not in answer(product)


def test_silence_without_action_on_empty_result_goes_on_to_the_next_verb() -> None:
    _, worker, product = asked(gather("Kies.", "/area", actionOnEmptyResult="false") + "<Say>Jammer.</Say>")
    worker.hears("Jammer.")
    assert not product.requests("/area")


def test_eight_keys_are_told_together() -> None:
    _, worker, product = asked(gather("Code.", "/area", numDigits="8"))
    worker.presses("1234")
    assert not product.requests("/area")
    worker.presses("5678")
    assert answer(product)["Digits"] == "12345678"


def test_keys_that_stop_short_are_told_after_the_time_out_since_the_last_key() -> None:
    network, worker, product = asked(gather("Code.", "/area", numDigits="8", timeout="6"))
    worker.presses("12")
    network.forward(5)
    worker.presses("3")
    network.forward(5)
    assert not product.requests("/area")
    network.forward(1.1)
    assert answer(product)["Digits"] == "123"


@pytest.mark.parametrize(("keys", "digits"), [("12#", "12"), ("#", None)])
def test_the_hash_ends_the_input_by_default(keys: str, digits: str | None) -> None:
    question = '<Gather input="dtmf" action="/area" actionOnEmptyResult="true"><Say>Code.</Say></Gather>'
    _, worker, product = asked(question)
    worker.presses(keys)
    assert answer(product).get("Digits") == digits


@pytest.mark.parametrize("key", list("0123456789*#"))
def test_an_empty_finish_on_key_lets_every_key_through(key: str) -> None:
    _, worker, product = asked(gather("Kies.", "/area"))
    worker.presses(key)
    assert answer(product)["Digits"] == key


def test_without_an_action_the_same_address_is_asked_again() -> None:
    question = '<Gather input="dtmf" numDigits="1" timeout="2" actionOnEmptyResult="true"><Say>Kies.</Say></Gather>'
    _, worker, product = asked(question)
    worker.presses("3")
    assert [params.get("Digits") for params in product.requests("/twilio/voice")] == [None, "3"]


def test_a_key_outside_a_question_is_heard_by_nobody() -> None:
    network, worker, product = asked("<Say>Een lang verhaal.</Say>" + gather("Kies.", "/area"))
    worker.presses("5")
    network.forward(2)
    assert not product.requests("/area")


def test_pauses_and_speech_in_a_question_are_spoken_one_after_the_other() -> None:
    question = (
        '<Gather input="dtmf" numDigits="1" finishOnKey="" timeout="4" actionOnEmptyResult="true" action="/area">'
        '<Say>Toets 1.</Say><Pause length="3"/><Say>Uitleg?</Say></Gather>'
    )
    network, worker, _ = asked(question)
    network.forward(3)
    assert "Uitleg" not in worker.heard
    network.forward(1)
    assert "Uitleg" in worker.heard
