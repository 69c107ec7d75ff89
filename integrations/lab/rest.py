"""The vendor's REST API as the product sees it: calls, messages, the account and its numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from integrations.lab import wire
from integrations.lab.calls import Leg
from integrations.lab.network import Network
from integrations.lab.twiml import EVENTS
from integrations.lab.wire import Json

Values = Mapping[str, Sequence[str]]
E164 = re.compile(r"\+[1-9]\d{6,14}")
PATH = re.compile(rf"/{wire.API_VERSION}/Accounts/(?P<account>\w+)(?P<rest>/.*)?\.json")
TWIML_IN_REST = 4_000
RING_S = 60
CREATE_CALL = frozenset(
    {
        "To", "From", "Url", "Method", "Twiml", "FallbackUrl", "FallbackMethod", "StatusCallback",
        "StatusCallbackMethod", "StatusCallbackEvent", "Timeout", "TimeLimit", "Record",
    }
)  # fmt: skip
UPDATE_CALL = frozenset({"Url", "Method", "Status"})
CREATE_MESSAGE = frozenset(
    {
        "To", "From", "MessagingServiceSid", "Body", "StatusCallback", "ValidityPeriod", "ContentRetention",
        "AddressRetention",
    }
)  # fmt: skip
LIST_CALLS = frozenset(
    {"To", "From", "Status", "ParentCallSid", "StartTime", "StartTime<", "StartTime>", "PageSize", "Page", "PageToken"}
)


class AnswerLost(TimeoutError):
    """The product gets no answer, whether its request was carried out or not; `connected` False: it never came in."""

    def __init__(self, *, connected: bool) -> None:
        super().__init__("no answer from the vendor")
        self.connected = connected


class Refused(Exception):
    def __init__(self, status: int, code: int, text: str) -> None:
        super().__init__(text)
        self.answer = RestAnswer(status, wire.error_json(status, code, text))


@dataclass(frozen=True, slots=True)
class RestAnswer:
    status: int
    body: Json


class Rest:
    """`handle` does one request; it changes the engine but sends nothing before the engine is advanced."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def handle(self, method: str, path: str, query: Values, form: Values, auth: tuple[str, str] | None) -> RestAnswer:
        """Answer a request. Raises AnswerLost when the product is to hear nothing."""
        network = self.network
        network.note("product", "REST", f"{method} {path} {dict(form or query)}")
        if not auth or auth[0] != network.account or auth[1] not in network.tokens:
            return RestAnswer(401, wire.error_json(401, 20003, "Authentication Error - invalid username"))
        where = " ".join([method, path, *(form.get("To") or ())])
        wish = network.misbehaviour.draw("rest", where)
        match wish.kind if wish else "":
            case "refuse":
                code = 21220 if "/Calls/" in path else 21211
                return RestAnswer(400, wire.error_json(400, code, "Refused by the lab"))
            case "error":
                return RestAnswer(500, wire.error_json(500, 20500, "An internal server error has occurred"))
            case "too_many":
                return RestAnswer(429, wire.error_json(429, 20429, "Too Many Requests"))
            case "unreachable":
                raise AnswerLost(connected=False)
            case "swallowed":
                raise AnswerLost(connected=True)
            case "lost":
                self._do(method, path, query, form)
                raise AnswerLost(connected=True)
        return self._do(method, path, query, form)

    def _do(self, method: str, path: str, query: Values, form: Values) -> RestAnswer:
        try:
            answer = self._route(method, path, query, form)
        except Refused as refused:
            answer = refused.answer
        self.network.note("vendor", "REST", f"{answer.status} {answer.body.get('message', '')}")
        return answer

    def _route(self, method: str, path: str, query: Values, form: Values) -> RestAnswer:
        found = PATH.fullmatch(path)
        if not found or found["account"] != self.network.account:
            raise _not_found(path)
        match [method, *(found["rest"] or "").strip("/").split("/")]:
            case ["POST", "Calls"]:
                return RestAnswer(201, wire.call_json(self._create_call(form)))
            case ["GET", "Calls"]:
                return RestAnswer(200, self._list_calls(query, path))
            case ["GET", "Calls", sid]:
                return RestAnswer(200, wire.call_json(self._leg(sid, path)))
            case ["POST", "Calls", sid]:
                return RestAnswer(200, wire.call_json(self._update_call(self._leg(sid, path), form)))
            case ["POST", "Messages"]:
                return RestAnswer(201, self._create_message(form))
            case ["GET", "Messages", sid] if sid in self.network.texts.messages:
                return RestAnswer(200, wire.message_json(self.network.texts.messages[sid], self.network.account))
            case ["GET", "IncomingPhoneNumbers"]:
                return RestAnswer(200, self._numbers(query, path))
            case ["GET", ""]:
                return RestAnswer(200, self._account())
        raise _not_found(path)

    # --- Calls ----------------------------------------------------------------------------------------------------
    def _leg(self, sid: str, path: str) -> Leg:
        leg = self.network.legs.get(sid)
        if leg is None:
            raise _not_found(path)
        return leg

    def _create_call(self, form: Values) -> Leg:
        self._check("POST Calls", form, CREATE_CALL)
        to, caller, url, twiml = (_one(form, name) for name in ("To", "From", "Url", "Twiml"))
        if not to:
            raise Refused(400, 21201, "No 'To' number is specified")
        if not E164.fullmatch(to):
            raise Refused(400, 21211, f"Invalid 'To' Phone Number: {to}")
        if not E164.fullmatch(caller):
            raise Refused(400, 21212, f"Invalid 'From' Phone Number: {caller}")
        if bool(url) == bool(twiml) or (url and not url.startswith(("http://", "https://"))):
            raise Refused(400, 21205, "Url parameter is required, and must be an address (or Twiml in its place)")
        if len(twiml) > TWIML_IN_REST:
            raise Refused(400, 21623, "Twiml is too long")
        if _one(form, "Record").lower() == "true":
            self.network.fault(21000, "Record: nothing is ever recorded")
        events = form.get("StatusCallbackEvent") or ("completed",)
        if not set(events) <= set(EVENTS):
            self.network.fault(21626, f"StatusCallbackEvent {list(events)}: repeat the parameter, one word each")
        leg = Leg(
            self.network,
            direction="outbound-api",
            caller=caller,
            called=to,
            phone=self.network.phone(to),
            status_url=_one(form, "StatusCallback"),
            events=events,
            url=url,
            twiml=twiml,
            fallback_url=_one(form, "FallbackUrl"),
            time_limit_s=_whole(form, "TimeLimit", 0),
        )
        self.network.queue_call(leg, _whole(form, "Timeout", RING_S))
        return leg

    def _update_call(self, leg: Leg, form: Values) -> Leg:
        self._check("POST Calls/sid", form, UPDATE_CALL)
        status, url = _one(form, "Status"), _one(form, "Url")
        if leg.ended or (url and not leg.answered):
            raise Refused(400, 21220, "Invalid call state: Call is not in-progress. Cannot redirect.")
        if url:
            self.network.after(0, leg.redirect, url)
        elif status == "completed":
            self._end(leg, "completed" if leg.answered else "canceled")
        elif status == "canceled":
            if not leg.answered:  # an answered call is left alone
                self._end(leg, "canceled")
        else:
            raise Refused(400, 20001, "Url, or Status completed or canceled, is required")
        return leg

    def _end(self, leg: Leg, status: str) -> None:
        self.network.after(0, leg.end, status)

    def _list_calls(self, query: Values, path: str) -> Json:
        self._check("GET Calls", query, LIST_CALLS)
        size = _whole(query, "PageSize", 50)
        legs = [leg for leg in self.network.legs.values() if _fits(leg, query)]
        return wire.page_json("calls", [wire.call_json(leg) for leg in legs[::-1][:size]], path, size)

    # --- Messages and the account -----------------------------------------------------------------------------------
    def _create_message(self, form: Values) -> Json:
        self._check("POST Messages", form, CREATE_MESSAGE)
        to, sender, body = (_one(form, name) for name in ("To", "From", "Body"))
        if not to:
            raise Refused(400, 21604, "A 'To' phone number is required.")
        if not E164.fullmatch(to):
            raise Refused(400, 21211, f"Invalid 'To' Phone Number: {to}")
        if not sender and not _one(form, "MessagingServiceSid"):
            raise Refused(400, 21603, "A 'From' phone number is required.")
        if not body:
            raise Refused(400, 21602, "Message body is required.")
        if len(body) > 1600:
            raise Refused(400, 21617, "The concatenated message body exceeds the 1600 character limit")
        message = self.network.texts.send(sender or self.network.account, to, body, _one(form, "StatusCallback"))
        return wire.message_json(message, self.network.account)

    def _account(self) -> Json:
        account = self.network.account
        return {
            "sid": account,
            "friendly_name": "Telefoonlab",
            "status": "active",
            "type": "Full",
            "uri": f"/{wire.API_VERSION}/Accounts/{account}.json",
        }

    def _numbers(self, query: Values, path: str) -> Json:
        """Every number asked for is ours and configured as it should be."""
        doors = self.network.doors
        numbers = [
            {
                "sid": self.network.new_sid("PN"),
                "account_sid": self.network.account,
                "phone_number": number,
                "voice_url": doors.voice,
                "voice_method": "POST",
                "voice_fallback_url": doors.fallback,
                "status_callback": doors.status,
                "status_callback_method": "POST",
                "sms_url": doors.sms,
                "sms_method": "POST",
                "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
            }
            for number in query.get("PhoneNumber") or ()
        ]
        return wire.page_json("incoming_phone_numbers", numbers, path, 50)

    def _check(self, what: str, values: Values, known: frozenset[str]) -> None:
        for name in sorted(set(values) - known):
            self.network.fault(20001, f"{what}: parameter {name} is unknown to the lab")


def _fits(leg: Leg, query: Values) -> bool:
    shown = wire.call_json(leg)
    begun = leg.started_at or leg.created_at
    after, before, on = (_moment(_one(query, f"StartTime{sign}")) for sign in (">", "<", ""))
    return (
        all(not _one(query, name) or shown[key] == _one(query, name) for name, key in _FILTERS)
        and (after is None or begun >= after)
        and (before is None or begun <= before)
        and (on is None or begun.date() == on.date())
    )


_FILTERS = (("To", "to"), ("From", "from"), ("Status", "status"), ("ParentCallSid", "parent_call_sid"))


def _one(values: Values, name: str) -> str:
    return (values.get(name) or ("",))[0]


def _whole(values: Values, name: str, default: int) -> int:
    text = _one(values, name)
    return int(text) if text.isdecimal() else default


def _moment(text: str) -> datetime | None:
    """A day or a moment in UTC; None for nothing."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(400, 20001, f"StartTime: {text}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _not_found(path: str) -> Refused:
    return Refused(404, 20404, f"The requested resource {path} was not found")
