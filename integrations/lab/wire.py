"""What goes over the wire: parameters of webhooks, answers of REST, errors; re-typed from the vendor's pages."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from integrations.lab.calls import Leg
    from integrations.lab.messages import Message

API_VERSION = "2010-04-01"
_PLACE = {
    f"{side}{part}": ("NL" if part == "Country" else "")
    for side in ("From", "To", "Caller", "Called")
    for part in ("City", "State", "Zip", "Country")
}  # mostly blank, as in life: a receiver that drops blank parameters fails the signature
Json = dict[str, Any]


def voice(leg: Leg) -> dict[str, str]:
    """The standard parameters of every request about a call."""
    params = {
        "CallSid": leg.sid,
        "AccountSid": leg.network.account,
        "From": leg.caller,
        "To": leg.called,
        "Caller": leg.caller,
        "Called": leg.called,
        "CallStatus": leg.status,
        "ApiVersion": API_VERSION,
        "Direction": leg.direction,
        **_PLACE,
    }
    if leg.parent is not None:
        params["ParentCallSid"] = leg.parent.sid
    return params


def status(leg: Leg, word: str, sequence: int, at: datetime) -> dict[str, str]:
    """The parameters of a status callback; a final word brings the length of the call."""
    params = voice(leg) | {
        "CallStatus": word,
        "SequenceNumber": str(sequence),
        "Timestamp": format_datetime(at),
        "CallbackSource": "call-progress-events",
    }
    if leg.ended_at is not None:
        seconds = leg.seconds()
        params |= {"CallDuration": str(seconds), "Duration": str(-(-seconds // 60))}
    return params


def dialled(child: Leg, word: str, *, bridged: bool | None, seconds: int | None) -> dict[str, str]:
    """What the Dial action hears. `bridged` None: another vendor, that does not tell."""
    params = {"DialCallStatus": word, "DialCallSid": child.sid}
    if bridged is not None:
        params["DialBridged"] = "true" if bridged else "false"
    if seconds is not None:
        params["DialCallDuration"] = str(seconds)
    return params


def incoming_sms(message: Message, account: str) -> dict[str, str]:
    return {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsMessageSid": message.sid,
        "AccountSid": account,
        "From": message.sender,
        "To": message.to,
        "Body": message.text,
        "NumMedia": "0",
        "NumSegments": str(message.segments),
        "SmsStatus": "received",
        "ApiVersion": API_VERSION,
        **{name: value for name, value in _PLACE.items() if not name.startswith("Call")},
    }


def sms_status(message: Message, account: str) -> dict[str, str]:
    """A delivery callback: no time and no sequence number, as the vendor's."""
    params = {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "MessageStatus": message.status,
        "SmsStatus": message.status,
        "To": message.to,
        "From": message.sender,
        "AccountSid": account,
        "ApiVersion": API_VERSION,
    }
    if message.error_code:
        params["ErrorCode"] = str(message.error_code)
    return params


def _moment(at: datetime | None) -> str | None:
    return format_datetime(at) if at else None


def call_json(leg: Leg) -> Json:
    account, answered, ended = leg.network.account, leg.answered_at, leg.ended_at
    uri = f"/{API_VERSION}/Accounts/{account}/Calls/{leg.sid}"
    parts = ("events", "notifications", "payments", "recordings", "siprec", "streams", "transcriptions")
    return {
        "sid": leg.sid,
        "account_sid": account,
        "parent_call_sid": leg.parent.sid if leg.parent else None,
        "api_version": API_VERSION,
        "direction": leg.direction,
        "from": leg.caller,
        "from_formatted": leg.caller,
        "to": leg.called,
        "to_formatted": leg.called,
        "status": "queued" if leg.status == "initiated" else leg.status,
        "date_created": _moment(leg.created_at),
        "date_updated": _moment(leg.changed_at),
        "start_time": _moment(leg.started_at),
        "end_time": _moment(ended),
        "duration": str(leg.seconds()) if answered and ended else None,
        "queue_time": str(leg.queued_ms()),
        "phone_number_sid": None,
        "answered_by": None,
        "caller_name": None,
        "forwarded_from": None,
        "group_sid": None,
        "trunk_sid": None,
        "price": None,
        "price_unit": "EUR",
        "annotation": None,
        "uri": f"{uri}.json",
        "subresource_uris": {part: f"{uri}/{part.title()}.json" for part in parts},
    }


def message_json(message: Message, account: str) -> Json:
    uri = f"/{API_VERSION}/Accounts/{account}/Messages/{message.sid}"
    return {
        "sid": message.sid,
        "account_sid": account,
        "api_version": API_VERSION,
        "messaging_service_sid": None,
        "body": message.text,
        "from": message.sender,
        "to": message.to,
        "status": message.status,
        "direction": message.direction,
        "num_segments": str(message.segments),
        "num_media": "0",
        "date_created": _moment(message.at),
        "date_updated": _moment(message.at),
        "date_sent": _moment(message.at),
        "error_code": message.error_code or None,
        "error_message": None,
        "price": None,
        "price_unit": "EUR",
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def page_json(name: str, items: list[Json], path: str, page_size: int) -> Json:
    return {
        name: items,
        "page": 0,
        "page_size": page_size,
        "start": 0,
        "end": max(0, len(items) - 1),
        "uri": path,
        "first_page_uri": path,
        "next_page_uri": None,
        "previous_page_uri": None,
    }


def error_json(http_status: int, code: int, text: str) -> Json:
    return {
        "code": code,
        "message": text,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": http_status,
    }


def signature(token: str, url: str, params: Mapping[str, str]) -> str:
    """X-Twilio-Signature: the address and the sorted parameters under the token.

    Tests hold it to the vendor's library, whose own function takes ten times as long.
    """
    signed = url + "".join(name + params[name] for name in sorted(params))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def without_blanks(params: Mapping[str, str]) -> dict[str, str]:
    """For a readable log."""
    quiet = {"AccountSid", "ApiVersion", "Caller", "Called", "Timestamp", *_PLACE}
    return {name: value for name, value in params.items() if value and name not in quiet}
