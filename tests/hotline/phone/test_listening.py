"""The vendor's form as one value: what is missing, empty or unknown is told apart nowhere else."""

from __future__ import annotations

import pytest

from hotline.phone import listening


@pytest.mark.parametrize(
    ("digits", "heard"),
    [("1", "1"), ("*", "*"), ("#", "#"), (" 7 ", "7"), ("", ""), ("\x00", ""), ("ja", ""), ("1" * 40, "1" * 16)],
)
def test_only_keys_of_a_telephone_are_heard(digits: str, heard: str) -> None:
    assert listening.read({"Digits": digits}).digits == heard


def test_no_digits_and_empty_digits_are_one_event() -> None:
    assert listening.read({}) == listening.read({"Digits": ""})


@pytest.mark.parametrize(
    ("told", "bridged"), [("true", True), ("True", True), ("false", False), ("", None), ("maybe", None)]
)
def test_the_bridge_is_true_false_or_untold(told: str, bridged: bool | None) -> None:
    assert listening.read({"DialBridged": told}).bridged is bridged


@pytest.mark.parametrize("word", ["completed", "busy", "failed", "no-answer", "canceled", "COMPLETED"])
def test_all_five_terminal_words_mean_gone(word: str) -> None:
    assert listening.read({"CallStatus": word}).gone


@pytest.mark.parametrize("word", ["", "queued", "initiated", "ringing", "in-progress", "dreaming"])
def test_other_words_do_not(word: str) -> None:
    assert not listening.read({"CallStatus": word}).gone


@pytest.mark.parametrize(("seconds", "read"), [("17", 17), ("0", 0), ("", None), ("-1", None), ("9" * 12, None)])
def test_a_length_is_a_small_whole_number_or_unknown(seconds: str, read: int | None) -> None:
    assert listening.read({"DialCallDuration": seconds}).dial_seconds == read


def test_a_withheld_number_is_nobody() -> None:
    assert listening.read({"From": "anonymous"}).from_number == ""
