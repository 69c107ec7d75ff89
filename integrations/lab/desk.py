"""What the page of phones shows and does, as JSON: the same doors serve people, browser tests and process tests."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from integrations import clock
from integrations.lab.messages import Mail, Message
from integrations.lab.misbehaviour import CHANCES
from integrations.lab.phones import BEHAVIOURS, NotPossible, Phone
from integrations.lab.realtime import Lab, Somebody
from integrations.lab.wire import Json

SHOWN_PHONES = 40
SHOWN_LINES = 12
ORDER = {"ringing": 0, "talking": 1, "listening": 2, "voicemail": 3, "calling": 4, "idle": 5}


class BadRequest(Exception):
    """What was asked cannot be understood; says how it should be."""


def number_of(text: str) -> str:
    """A typed number in E.164 form. Raises BadRequest."""
    digits = re.sub(r"[\s().-]", "", text)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits.startswith("0"):
        digits = "+31" + digits[1:]
    if not re.fullmatch(r"\+[1-9]\d{2,14}", digits):
        raise BadRequest(f"Geen telefoonnummer: {text!r}. Typ het als 0612345678 of +31612345678.")
    return digits


# --- Showing ------------------------------------------------------------------------------------------------------
def state(lab: Lab, *, search: str = "", role: str = "", limit: int = SHOWN_PHONES) -> Json:
    """Everything the page shows; phones with something going on come first and are always there."""
    network = lab.network
    known = {somebody.number: somebody for somebody in lab.people if somebody.number}
    rows: list[tuple[int, int, Somebody, Phone | None]] = []
    for place, somebody in enumerate(lab.people):
        phone = network.phones.get(somebody.number)
        if _shown(phone, somebody, search, role):
            rows.append((_rank(phone), place, somebody, phone))
    for place, phone in enumerate(network.phones.values(), len(rows)):
        if phone.number not in known:
            somebody = Somebody(phone.name or phone.number, "onbekend", phone.number)
            if _shown(phone, somebody, search, role):
                rows.append((_rank(phone), place, somebody, phone))
    rows.sort(key=lambda row: row[:2])
    misbehaviour = network.misbehaviour
    return {
        "revision": network.noted,
        "now": clock.now().isoformat(),
        "lines": lab.lines,
        "roles": sorted({somebody.role for somebody in lab.people if somebody.role}),
        "phones": [_card(lab, somebody, phone) for _, _, somebody, phone in rows[:limit]],
        "total": len(rows),
        "behaviours": list(BEHAVIOURS),
        "misbehaviours": list(CHANCES),
        "chaos": misbehaviour.chaos,
        "wishes": [{"kind": w.kind, "where": w.where, "times": w.times} for w in misbehaviour.wishes],
        "happened": dict(misbehaviour.happened),
        "faults": [f"{fault.code} {fault.text}" for fault in network.faults[-20:]],
    }


def _rank(phone: Phone | None) -> int:
    return ORDER[phone.state] if phone else ORDER["idle"]


def _shown(phone: Phone | None, somebody: Somebody, search: str, role: str) -> bool:
    if phone is not None and phone.state != "idle":
        return True
    text = f"{somebody.name} {somebody.number} {somebody.email}".lower()
    return search.lower() in text and role in {"", somebody.role}


def _card(lab: Lab, somebody: Somebody, phone: Phone | None) -> Json:
    return {
        "id": somebody.number or somebody.email,
        "name": somebody.name,
        "role": somebody.role,
        "number": somebody.number,
        "email": somebody.email,
        "login": somebody.login,
        "sms": [_sms(message) for message in phone.inbox[-5:]] if phone else [],
        "mail": [_mail(mail) for mail in list(lab.mails.get(somebody.email.lower(), ()))[-5:]],
        **(_phone(phone, SHOWN_LINES) if phone else {"state": "none", "lines": []}),
    }


def phone_json(lab: Lab, phone: Phone) -> Json:
    """One phone with all it remembers."""
    somebody = next((one for one in lab.people if one.number == phone.number), Somebody(phone.name, "", phone.number))
    return {
        **_card(lab, somebody, phone),
        **_phone(phone, len(phone.lines)),
        "sms": [_sms(message) for message in phone.inbox],
        "mail": mails_json(lab, somebody.email),
    }


def mails_json(lab: Lab, address: str) -> list[Json]:
    return [_mail(mail) for mail in lab.mails.get(address.lower(), ())]


def _phone(phone: Phone, lines: int) -> Json:
    leg = phone.leg or phone.ringing
    other = leg.talks_with.phone if leg and leg.talks_with else None
    first = phone.noted - len(phone.lines)
    return {
        "number": phone.number,
        "state": phone.state,
        "call": leg.sid if leg else "",
        "asking": bool(leg and leg.script and leg.script.gather),
        "with": str(other) if other else ((leg.caller if leg.direction != "inbound" else leg.called) if leg else ""),
        "behaviour": phone.behaviour,
        "after": phone.after_s,
        "lines": [
            {"n": first + place, "at": line.at.isoformat(), "kind": line.kind, "text": line.text}
            for place, line in enumerate(phone.lines)
        ][-lines:],
    }


def _sms(message: Message) -> Json:
    return {"at": message.at.isoformat(), "from": message.sender, "text": message.text, "sid": message.sid}


def _mail(mail: Mail) -> Json:
    return {"at": mail.at.isoformat(), "from": mail.sender, "subject": mail.subject, "text": mail.text}


# --- Doing --------------------------------------------------------------------------------------------------------
def act(lab: Lab, number: str, verb: str, given: Mapping[str, Any]) -> Json:
    """Let the person with `number` do something. Raises BadRequest, or NotPossible in this state of the phone."""
    deed = _DEEDS.get(verb)
    if deed is None:
        raise BadRequest(f"Onbekend: {verb!r}. Kies uit {', '.join(_DEEDS)}.")
    phone = lab.network.phone(number_of(number))
    deed(lab, phone, given)
    lab.network.note(str(phone), "does", verb)
    return phone_json(lab, phone)


def _dial(lab: Lab, phone: Phone, given: Mapping[str, Any]) -> None:
    number = number_of(str(given.get("to") or ""))
    if any(somebody.number == number for somebody in lab.people):
        raise NotPossible(f"{number} is geen nummer van de lijn maar van een persoon.")
    phone.dial(number, withheld=bool(given.get("withheld")))


def _behave(lab: Lab, phone: Phone, given: Mapping[str, Any]) -> None:
    after = given.get("after")
    try:
        phone.behave(str(given.get("behaviour") or "person"), None if after in (None, "") else float(str(after)))
    except ValueError as error:
        raise BadRequest(str(error)) from error


def _sms_to(lab: Lab, phone: Phone, given: Mapping[str, Any]) -> None:
    text = str(given.get("text") or "").strip()
    if not text:
        raise BadRequest("Een leeg bericht wordt niet verstuurd.")
    phone.send_sms(number_of(str(given.get("to") or "")), text)


_DEEDS: Mapping[str, Callable[[Lab, Phone, Mapping[str, Any]], None]] = {
    "dial": _dial,
    "pick-up": lambda lab, phone, given: phone.pick_up(),
    "refuse": lambda lab, phone, given: phone.refuse(),
    "press": lambda lab, phone, given: phone.press(str(given.get("keys") or "")),
    "hang-up": lambda lab, phone, given: phone.hang_up(),
    "behaviour": _behave,
    "sms": _sms_to,
}


def misbehave(lab: Lab, given: Mapping[str, Any]) -> None:
    """`kind`, `where`, `times`, `seconds` wish something; `chaos` sets the chance; `clear` forgets the wishes."""
    try:
        if "chaos" in given:
            chaos = float(given["chaos"])
            if not 0 <= chaos <= 1:
                raise ValueError("chaos is een getal van 0 tot 1")
            lab.network.misbehaviour.chaos = chaos
        if given.get("kind"):
            times, seconds = int(given.get("times") or 1), float(given.get("seconds") or 0)
            lab.network.misbehaviour.wish(
                str(given["kind"]), str(given.get("where") or ""), times=times, seconds=seconds
            )
        if given.get("clear"):
            lab.network.misbehaviour.wishes.clear()
    except (ValueError, TypeError) as error:
        raise BadRequest(str(error)) from error
    lab.network.note("lab", "misbehaviour", str(dict(given)))
