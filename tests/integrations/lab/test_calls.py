"""A caller, a rung party and the documents between them; V1..V18 are the facts of the vendor we lean on."""

from __future__ import annotations

from tests.integrations.lab.product import LAWYER, LINE, SECOND, WORKER, Product, dial, gather, line
from tests.network import Network, Person


def people(product: Product) -> tuple[Network, Person, Person]:
    network = Network(product)
    return network, network.person(WORKER, "worker"), network.person(LAWYER, "lawyer")


def test_two_people_talk_after_the_whisper_is_accepted_and_the_action_hears_of_it() -> None:
    product = line()
    network, worker, lawyer = people(product)
    worker.dials(LINE)
    worker.hears("Welkom")
    lawyer.is_ringing()
    lawyer.picks_up()
    lawyer.hears("Piket huur. Toets 1.")
    lawyer.presses("1")
    lawyer.hears("Verbonden.")
    network.talking(worker, lawyer)
    network.forward(60)
    lawyer.hangs_up()
    worker.hears("Het gesprek is klaar.")
    told = product.one("/dialled")
    assert (told["DialCallStatus"], told["DialBridged"]) == ("completed", "true")
    assert int(told["DialCallDuration"]) >= 60
    worker.is_idle(within=5)
    assert not network.faults


def test_a_phone_rings_five_seconds_longer_than_asked() -> None:  # V1
    product = line()
    network, worker, lawyer = people(product)
    worker.dials(LINE)
    lawyer.is_ringing()
    network.forward(19.8)
    assert lawyer.rings
    network.forward(0.4)
    lawyer.is_not_ringing()
    told = product.one("/dialled")
    assert (told["DialCallStatus"], told["DialBridged"]) == ("no-answer", "false")
    assert "DialCallDuration" not in told


def test_a_dial_as_first_verb_with_answer_on_bridge_leaves_the_caller_unanswered() -> None:  # V2, V8
    product = line(**{"twilio/voice": dial(LAWYER)})
    _, worker, lawyer = people(product)
    worker.dials(LINE)
    lawyer.is_ringing()
    assert worker.phone.state == "calling"
    worker.hangs_up()
    assert product.requests("/twilio/voice")[-1]["CallStatus"] == "no-answer"
    assert product.statuses("/status")[-1] == "canceled"
    lawyer.is_idle()


def test_a_dial_as_first_verb_without_it_answers_the_caller_at_once() -> None:  # V2
    product = line(**{"twilio/voice": dial(LAWYER, answerOnBridge="")})
    _, worker, lawyer = people(product)
    worker.dials(LINE)
    lawyer.is_ringing()
    assert worker.phone.state == "listening"


def test_a_whisper_that_ends_in_hangup_never_bridges() -> None:  # V3, V5
    product = line()
    network, worker, lawyer = people(product)
    worker.dials(LINE)
    lawyer.is_ringing()
    lawyer.picks_up()
    lawyer.presses("9")
    assert not network.bridges
    told = product.one("/dialled")
    assert (told["DialCallStatus"], told["DialBridged"]) == ("completed", "false")


def test_a_whisper_that_ends_without_hangup_bridges_also_when_it_is_empty() -> None:  # V3
    network, worker, lawyer = people(line(whisper=(204, "", "")))
    worker.dials(LINE)
    lawyer.is_ringing()
    lawyer.picks_up()
    network.talking(worker, lawyer)


def test_a_dial_in_a_whisper_is_a_fault_and_is_not_done() -> None:  # V3
    network, worker, lawyer = people(line(whisper=dial(SECOND) + "<Hangup/>"))
    worker.dials(LINE)
    lawyer.is_ringing()
    lawyer.picks_up()
    assert [fault.code for fault in network.faults] == [13201]
    assert not network.bridges


def test_a_number_without_whisper_is_bridged_at_pick_up() -> None:
    network, worker, lawyer = people(line(**{"twilio/voice": dial(LAWYER, whisper="")}))
    worker.dials(LINE)
    lawyer.is_ringing()
    lawyer.picks_up()
    assert network.talking(worker, lawyer, within=0)


def test_the_dial_action_hears_each_way_in_which_nobody_came() -> None:  # V4
    for behaviour, word in [("busy", "busy"), ("bad", "failed"), ("silent", "no-answer"), ("refuses", "busy")]:
        product = line()
        network, worker, lawyer = people(product)
        lawyer.behaves(behaviour)
        worker.dials(LINE)
        network.forward(25)
        assert product.one("/dialled")["DialCallStatus"] == word
        assert product.statuses("/status")[-1] == word


def test_a_caller_who_hangs_up_while_it_rings_ends_the_other_phone_and_the_action_is_told() -> None:  # V6
    product = line()
    network, worker, lawyer = people(product)
    worker.dials(LINE)
    lawyer.is_ringing()
    worker.hangs_up()
    lawyer.is_idle()
    told = product.one("/dialled")
    assert (told["CallStatus"], told["DialCallStatus"], told["DialBridged"]) == ("completed", "canceled", "false")
    network.forward(30)
    assert "Het gesprek is klaar" not in worker.heard  # what the action answered is not carried out
    final = product.requests("/twilio/voice")[-1]
    assert (final["CallStatus"], final["CallbackSource"]) == ("completed", "call-progress-events")


def test_a_caller_who_hangs_up_in_the_accept_window_leaves_the_lawyer_unbridged() -> None:
    product = line()
    network, worker, lawyer = people(product)
    worker.dials(LINE)
    lawyer.is_ringing()
    lawyer.picks_up()
    lawyer.presses("1")
    worker.hangs_up()
    network.forward(5)
    assert not network.bridges
    assert product.one("/dialled")["DialBridged"] == "false"
    lawyer.is_idle()


def test_a_caller_who_hangs_up_in_a_question_is_known_only_by_the_final_status() -> None:  # V7
    product = line(**{"twilio/voice": gather("Kies.", "/area")})
    _, worker, _ = people(product)
    worker.dials(LINE)
    worker.hears("Kies")
    worker.hangs_up()
    assert not product.requests("/area")
    assert product.requests("/twilio/voice")[-1]["CallStatus"] == "completed"


def test_a_caller_who_hangs_up_during_the_talk_ends_the_other_side_as_well() -> None:
    product = line()
    network, worker, lawyer = people(product)
    worker.dials(LINE)
    lawyer.is_ringing()
    lawyer.picks_up()
    lawyer.presses("1")
    network.talking(worker, lawyer)
    network.forward(30)
    worker.hangs_up()
    lawyer.is_idle()
    told = product.one("/dialled")
    assert (told["CallStatus"], told["DialBridged"]) == ("completed", "true")
    assert network.nobody_talks()


def test_a_talk_ends_at_the_time_limit() -> None:
    product = line(**{"twilio/voice": dial(LAWYER, timeLimit="60")})
    network, worker, lawyer = people(product)
    worker.dials(LINE)
    lawyer.is_ringing()
    lawyer.picks_up()
    lawyer.presses("1")
    network.talking(worker, lawyer)
    network.forward(61)
    assert network.nobody_talks()
    assert product.one("/dialled")["DialCallStatus"] == "completed"


def test_of_two_numbers_the_first_that_is_picked_up_cancels_the_other_even_a_voicemail() -> None:  # V11
    product = line(**{"twilio/voice": dial(LAWYER, SECOND)})
    network, worker, lawyer = people(product)
    second = network.person(SECOND, "second")
    second.behaves("off")
    worker.dials(LINE)
    lawyer.is_ringing()
    network.forward(2.5)
    lawyer.is_not_ringing()
    assert "Piket huur" in second.heard
    assert "canceled" in product.statuses("/status")


def test_sequential_numbers_ring_one_after_the_other() -> None:
    network, worker, lawyer = people(line(**{"twilio/voice": dial(LAWYER, SECOND, sequential="true")}))
    second = network.person(SECOND, "second")
    worker.dials(LINE)
    lawyer.is_ringing()
    assert not second.rings
    network.forward(20.1)
    assert not lawyer.rings
    second.is_ringing()


def test_a_phone_in_a_call_is_busy_for_another() -> None:
    product = line()
    network, worker, lawyer = people(product)
    other = network.person(SECOND, "other caller")
    worker.dials(LINE)
    lawyer.is_ringing()
    lawyer.picks_up()
    other.dials(LINE)
    network.forward(2)
    assert product.one("/dialled")["DialCallStatus"] == "busy"


def test_a_document_that_ends_hangs_up() -> None:
    product = line(**{"twilio/voice": "<Say>Dag.</Say>"})
    _, worker, _ = people(product)
    worker.dials(LINE)
    worker.hears("Dag.")
    worker.is_idle(within=2)
    assert product.requests("/twilio/voice")[-1]["CallStatus"] == "completed"


def test_reject_ends_the_call_unanswered() -> None:
    product = line(**{"twilio/voice": '<Reject reason="busy"/>'})
    _, worker, _ = people(product)
    worker.dials(LINE)
    worker.is_idle()
    assert product.requests("/twilio/voice")[-1]["CallStatus"] == "busy"


def test_a_redirect_asks_anew_without_the_keys_of_before() -> None:  # V18
    product = line(
        **{
            "twilio/voice": gather("Kies.", "/area"),
            "area": '<Say>Een ogenblik.</Say><Pause length="2"/><Redirect method="POST">/again1</Redirect>',
            "again1": "<Say>Daar ben ik weer.</Say>",
        }
    )
    _, worker, _ = people(product)
    worker.dials(LINE)
    worker.presses("1")
    worker.hears("Daar ben ik weer.")
    assert "Digits" in product.one("/area")
    assert "Digits" not in product.one("/again1")


def test_documents_in_a_circle_end_the_call_and_are_a_fault() -> None:
    network, worker, _ = people(line(**{"twilio/voice": '<Redirect method="POST">/twilio/voice</Redirect>'}))
    worker.dials(LINE)
    worker.is_idle()
    assert [fault.code for fault in network.faults] == [21999]


def test_speech_takes_its_time_at_fifteen_characters_a_second() -> None:
    network, worker, _ = people(line(**{"twilio/voice": "<Say>" + "a" * 30 + "</Say><Say>Daarna.</Say>"}))
    worker.dials(LINE)
    network.forward(1.9)
    assert "Daarna" not in worker.heard
    network.forward(0.2)
    assert "Daarna" in worker.heard


def test_a_voice_that_does_not_fit_the_language_is_not_spoken() -> None:  # V16
    network, worker, _ = people(
        line(
            **{
                "twilio/voice": '<Say voice="Polly.Joanna" language="nl-NL">Niet.</Say>'
                '<Say voice="Polly.Laura-Neural" language="nl-NL">Wel.</Say>'
            }
        )
    )
    worker.dials(LINE)
    worker.hears("Wel.")
    assert "Niet" not in worker.heard
    assert [fault.code for fault in network.faults] == [13520]


def test_a_withheld_number_comes_in_as_anonymous() -> None:
    product = line()
    _, worker, _ = people(product)
    worker.dials(LINE, withheld=True)
    assert product.requests("/twilio/voice")[0]["From"] == "anonymous"
