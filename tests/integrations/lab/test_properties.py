"""Whatever people press and whatever goes wrong, the vendor keeps its own rules."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from integrations import clock
from integrations.lab.calls import TERMINAL
from integrations.lab.misbehaviour import CHANCES
from tests.conftest import A_WEDNESDAY
from tests.integrations.lab.product import LAWYER, LINE, SECOND, WORKER, Params, Product, dial, gather, line
from tests.network import Network

DEEDS = ["dials", "picks_up", "refuses", "presses 1", "presses 9", "hangs_up", "waits 1", "waits 7", "waits 30"]
SOME_DEEDS = st.lists(st.tuples(st.sampled_from([WORKER, LAWYER, SECOND]), st.sampled_from(DEEDS)), max_size=25)
SOME_WISHES = st.lists(st.sampled_from(sorted(CHANCES)), max_size=6)


def a_product() -> Product:
    count = 0

    def next_lawyer(params: Params) -> str:
        nonlocal count
        count += 1
        if params.get("DialBridged") == "true" or count > 6:
            return gather("Ben je geholpen?", "/outcome") + "<Hangup/>"
        return "<Say>Nog geen gehoor.</Say>" + dial(SECOND if count % 2 else LAWYER)

    return line(dialled=next_lawyer, outcome="<Say>Dank je wel.</Say><Hangup/>")


def run(deeds: list[tuple[str, str]], wishes: list[str]) -> tuple[Network, Product]:
    product = a_product()
    network = Network(product)
    for wish in wishes:
        network.misbehaves(wish)
    for number, deed in deeds:
        person = network.person(number)
        phone = person.phone
        match deed.split():
            case ["dials"] if phone.state == "idle":
                person.dials(LINE)
            case ["picks_up"] if phone.ringing:
                person.picks_up()
            case ["refuses"] if phone.ringing:
                person.refuses()
            case ["presses", keys] if phone.leg:
                person.presses(keys)
            case ["hangs_up"] if phone.leg or phone.ringing:
                person.hangs_up()
            case ["waits", seconds]:
                network.forward(float(seconds))
    return network, product


@settings(max_examples=60, deadline=None)
@given(deeds=SOME_DEEDS, wishes=SOME_WISHES)
def test_every_leg_ends_once_everybody_has_hung_up(deeds: list[tuple[str, str]], wishes: list[str]) -> None:
    with clock.at(A_WEDNESDAY):
        network, product = run(deeds, wishes)
        for _ in range(4):
            for number in (WORKER, LAWYER, SECOND):
                person = network.person(number)
                if person.phone.leg or person.phone.ringing:
                    person.hangs_up()
            network.forward(90)
        legs = network.engine.legs.values()
        assert all(leg.status in TERMINAL and leg.ended for leg in legs), network.transcript()
        assert all(bridge.until for bridge in network.bridges)
        assert all(network.person(number).phone.state == "idle" for number in (WORKER, LAWYER, SECOND))
        for leg in legs:  # each leg tells at most one end, and its own numbers rise with time
            told = [p for asked in product.asked if (p := asked.params).get("CallSid") == leg.sid]
            ends = {(p["CallStatus"], p["SequenceNumber"]) for p in told if "CallDuration" in p}
            assert len(ends) <= 1


@settings(max_examples=30, deadline=None)
@given(deeds=SOME_DEEDS)
def test_on_a_good_day_the_vendor_has_nothing_to_complain_of(deeds: list[tuple[str, str]]) -> None:
    with clock.at(A_WEDNESDAY):
        network, product = run(deeds, [])
        assert not network.faults
        bridged = [asked for asked in product.asked if asked.params.get("DialBridged") == "true"]
        assert len(bridged) <= len(network.bridges)
