"""Each thing that can go wrong, on demand; and that chance can be repeated by its seed."""

from __future__ import annotations

import pytest

from integrations.lab.webhooks import Profile
from tests.integrations.lab.product import LAWYER, LINE, WORKER, Product, line
from tests.network import Network, Person


def ringing(product: Product, **options: float) -> tuple[Network, Person, Person]:
    network = Network(product)
    worker, lawyer = network.person(WORKER, "worker"), network.person(LAWYER, "lawyer")
    worker.dials(LINE)
    return network, worker, lawyer


def test_a_duplicate_is_sent_twice_with_one_token_and_the_first_answer_counts() -> None:
    count = iter(("<Say>Verbonden.</Say>", "<Hangup/>"))
    product = line(key=lambda params: next(count))
    network, worker, lawyer = ringing(product)
    network.misbehaves("duplicate", "/key")
    lawyer.is_ringing()
    lawyer.picks_up()
    lawyer.presses("1")
    network.talking(worker, lawyer)
    first, second = [asked for asked in product.asked if asked.path == "/key"]
    assert first.params == second.params
    assert first.headers["I-Twilio-Idempotency-Token"] == second.headers["I-Twilio-Idempotency-Token"]


def test_a_retry_is_asked_again_and_the_second_answer_counts() -> None:
    count = iter(("<Hangup/>", "<Say>Verbonden.</Say>"))
    network, worker, lawyer = ringing(line(key=lambda params: next(count)))
    network.misbehaves("retry", "/key")
    lawyer.is_ringing()
    lawyer.picks_up()
    lawyer.presses("1")
    network.talking(worker, lawyer)


def test_a_delayed_status_arrives_after_the_later_ones() -> None:
    product = line()
    network = Network(product)
    network.misbehaves("delay", "/status", seconds=10)
    network.person(LAWYER).behaves("busy")
    network.person(WORKER).dials(LINE)
    network.forward(15)
    assert product.statuses("/status") == ["busy", "initiated"]
    assert [params["SequenceNumber"] for params in product.requests("/status")] == ["1", "0"]


def test_a_dropped_status_never_arrives() -> None:
    product = line()
    network = Network(product)
    network.misbehaves("drop", "/status", times=2)
    network.person(LAWYER).behaves("busy")
    network.person(WORKER).dials(LINE)
    network.forward(15)
    assert product.requests("/status") == []
    assert product.one("/dialled")["DialCallStatus"] == "busy"


def test_a_lost_dial_action_leaves_the_caller_in_silence() -> None:
    product = line()
    network, worker, lawyer = ringing(product)
    network.misbehaves("drop", "/dialled")
    lawyer.is_ringing()
    lawyer.refuses()
    network.forward(120)
    assert product.requests("/dialled") == []
    assert worker.phone.state == "listening"


def test_a_webhook_without_an_answer_in_time_ends_the_call_after_fifteen_seconds() -> None:  # V15
    product = line()
    network = Network(product)
    worker = network.person(WORKER, "worker")
    network.misbehaves("time_out", "/twilio/voice")
    worker.dials(LINE)
    assert len(product.requests("/twilio/voice")) == 1
    network.forward(14)
    assert worker.phone.state == "calling"
    network.forward(2)
    worker.is_idle()
    assert [fault.code for fault in network.faults] == [11200]


def test_a_fault_turns_to_the_fallback_address_with_its_code() -> None:  # V15
    product = line(static="<Say>Er is een storing.</Say>")
    network = Network(product, fallback="http://127.0.0.1:8000/static")
    worker = network.person(WORKER, "worker")
    network.misbehaves("fail", "/twilio/voice")
    worker.dials(LINE)
    worker.hears("Er is een storing.")
    told = product.one("/static")
    assert (told["ErrorCode"], told["ErrorUrl"]) == ("11200", "http://127.0.0.1:8000/twilio/voice")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((500, "text/html", "Server error"), 11200),
        ((302, "text/html", ""), 11200),
        ((200, "text/html", "<Response/>"), 12300),
        ((200, "text/xml", "<Response>"), 12100),
        ((200, "text/xml", "<Antwoord/>"), 12102),
        ((200, "text/xml", "<Response><Say>" + "a" * 70_000 + "</Say></Response>"), 11750),
    ],
)
def test_an_answer_that_cannot_be_carried_out_ends_the_call_without_a_fallback(
    answer: tuple[int, str, str], code: int
) -> None:
    network = Network(line(**{"twilio/voice": answer}))
    worker = network.person(WORKER, "worker")
    worker.dials(LINE)
    worker.is_idle()
    assert [fault.code for fault in network.faults] == [code]
    assert "application error" in worker.heard


def test_a_failed_request_is_tried_again_where_the_vendor_is_set_to() -> None:
    answers = iter([(500, "text/html", ""), (200, "text/xml", "<Response><Say>Gelukt.</Say></Response>")])

    def flaky(url: str, params: object, headers: object) -> tuple[int, str, str]:
        return next(answers, (204, "", ""))

    network = Network(flaky, profile=Profile(retries=1))
    worker = network.person(WORKER, "worker")
    worker.dials(LINE)
    worker.hears("Gelukt.")


def test_voicemail_answers_after_its_time_talks_and_never_presses() -> None:
    product = line()
    network = Network(product)
    worker, lawyer = network.person(WORKER, "worker"), network.person(LAWYER, "lawyer")
    lawyer.behaves("voicemail", after=6)
    worker.dials(LINE)
    network.forward(5.5)
    assert lawyer.rings
    network.forward(10)
    assert "Piket huur" in lawyer.heard
    assert "Digits" not in product.one("/key")
    assert not network.bridges


def test_a_phone_that_is_off_has_voicemail_after_two_seconds() -> None:
    network, _, lawyer = ringing(line())
    lawyer.behaves("off")
    network.forward(1)
    second = network.person("+31600000002", "second caller")
    network.forward(25)
    second.dials(LINE)
    network.forward(3)
    assert lawyer.phone.state == "voicemail"


def test_an_eager_lawyer_takes_the_call_without_anybody_at_the_phone() -> None:
    network = Network(line())
    worker, lawyer = network.person(WORKER, "worker"), network.person(LAWYER, "lawyer")
    lawyer.behaves("eager")
    worker.dials(LINE)
    network.talking(worker, lawyer, within=15)


@pytest.mark.parametrize(
    ("kind", "word"), [("voicemail", "completed"), ("off", "completed"), ("busy", "busy"), ("bad", "failed")]
)
def test_a_phone_can_behave_otherwise_for_once(kind: str, word: str) -> None:
    product = line()
    network = Network(product)
    network.misbehaves(kind, LAWYER)
    network.person(WORKER).dials(LINE)
    network.forward(45)
    assert product.one("/dialled")["DialCallStatus"] == word
    assert network.person(LAWYER).phone.behaviour == "person"


def test_somebody_can_hang_up_in_the_middle_of_the_whisper() -> None:
    product = line()
    network, _, lawyer = ringing(product)
    network.misbehaves("hang_up_in_whisper")
    lawyer.is_ringing()
    lawyer.picks_up()
    network.forward(3)
    assert product.one("/dialled")["DialBridged"] == "false"
    assert product.requests("/key") == []


def test_the_caller_can_be_gone_in_the_accept_window() -> None:
    product = line()
    network, worker, lawyer = ringing(product)
    network.misbehaves("caller_gone")
    lawyer.is_ringing()
    lawyer.picks_up()
    lawyer.presses("1")
    network.forward(3)
    assert product.one("/key")["Digits"] == "1"
    assert product.one("/dialled")["DialBridged"] == "false"
    assert not network.bridges
    worker.is_idle()


def test_the_rung_leg_can_live_on_after_the_caller_has_gone() -> None:  # V6, if it is not so
    product = line()
    network, worker, lawyer = ringing(product)
    network.misbehaves("orphan", seconds=20)
    lawyer.is_ringing()
    lawyer.picks_up()
    worker.hangs_up()
    lawyer.presses("1")
    assert product.one("/key")["Digits"] == "1"
    network.forward(2)
    lawyer.is_idle()
    assert not network.bridges


def test_whether_the_two_were_bridged_can_be_left_untold() -> None:
    product = line()
    network, _, lawyer = ringing(product)
    network.misbehaves("no_bridged")
    lawyer.is_ringing()
    lawyer.refuses()
    assert "DialBridged" not in product.one("/dialled")


def test_a_declined_whisper_can_be_told_as_answered() -> None:  # V5
    product = line()
    network, _, lawyer = ringing(product)
    network.misbehaves("lie")
    lawyer.is_ringing()
    lawyer.picks_up()
    lawyer.presses("9")
    told = product.one("/dialled")
    assert (told["DialCallStatus"], told["DialBridged"]) == ("answered", "false")


def test_an_unknown_misbehaviour_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown misbehaviour"):
        Network(line()).misbehaves("meteor")


def a_wild_hour(seed: int, chaos: float = 0.6) -> Network:
    network = Network(line(), chaos=chaos, seed=seed)
    lawyer = network.person(LAWYER, "lawyer")
    lawyer.behaves("eager")
    for place in range(40):
        caller = network.person(f"+3160000{place:04}")
        caller.dials(LINE)
        network.forward(20)
        if caller.phone.leg is not None:
            caller.hangs_up()
        network.forward(5)
        if lawyer.phone.leg or lawyer.phone.ringing:
            lawyer.hangs_up()
    network.forward(120)
    return network


def test_chance_comes_out_the_same_with_the_same_seed_and_otherwise_with_another() -> None:
    one, same, other = ([line[1:] for line in _log(a_wild_hour(seed))] for seed in (1, 1, 2))
    assert one == same
    assert one != other


def _log(network: Network) -> list[tuple[str, str, str]]:
    return [(line.who, line.kind, line.text) for line in network.engine.log]


def test_in_a_wild_hour_every_leg_ends_and_every_kind_of_trouble_is_counted() -> None:
    network = a_wild_hour(3, chaos=1.0)
    left = [leg for leg in network.engine.legs.values() if not leg.ended and not leg.dialling]
    stuck = [leg for leg in left if leg.direction != "inbound"]
    assert stuck == [], network.transcript()
    assert {"duplicate", "delay", "drop"} <= set(network.engine.misbehaviour.happened)
    assert all(bridge.until for bridge in network.bridges)


def test_without_chaos_nothing_goes_wrong() -> None:
    network = a_wild_hour(1, chaos=0.0)
    assert not network.engine.misbehaviour.happened
    assert not network.faults
