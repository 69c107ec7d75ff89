"""A product of a few lines: fixed documents per path, and a record of every request, its signature checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from twilio.request_validator import RequestValidator

Params = Mapping[str, str]
Reply = str | tuple[int, str, str] | Callable[[Params], str]

LINE = "+31850000000"
WORKER = "+31600000001"
LAWYER = "+31600000101"
SECOND = "+31600000102"


@dataclass(frozen=True)
class Asked:
    path: str
    params: Params
    headers: Mapping[str, str]


class Product:
    """`at` maps a path to a document (the inside of Response), a whole answer, or a function of the parameters."""

    def __init__(self, at: Mapping[str, Reply]) -> None:
        self.at = dict(at)
        self.asked: list[Asked] = []

    def __call__(self, url: str, params: Params, headers: Params) -> tuple[int, str, str]:
        assert url.startswith(settings.PUBLIC_URL)
        token = settings.TWILIO_AUTH_TOKEN[0]
        assert RequestValidator(token).validate(url, dict(params), headers["X-Twilio-Signature"])
        path = urlsplit(url).path
        self.asked.append(Asked(path, dict(params), dict(headers)))
        reply = self.at.get(path, (204, "text/html", ""))
        if path == "/twilio/voice" and "CallbackSource" in params:
            reply = (204, "text/html", "")
        if callable(reply):
            reply = reply(params)
        if isinstance(reply, str):
            return 200, "text/xml", f"<Response>{reply}</Response>"
        return reply

    def requests(self, path: str) -> list[Params]:
        return [asked.params for asked in self.asked if asked.path == path]

    def one(self, path: str) -> Params:
        found = self.requests(path)
        assert len(found) == 1, f"{len(found)} requests at {path}: {[asked.path for asked in self.asked]}"
        return found[0]

    def statuses(self, path: str) -> list[str]:
        return [params["CallStatus"] for params in self.requests(path)]


def gather(text: str, action: str, **attributes: str) -> str:
    given = {"input": "dtmf", "numDigits": "1", "finishOnKey": "", "timeout": "4", "actionOnEmptyResult": "true"}
    shown = " ".join(f'{name}="{value}"' for name, value in (given | attributes).items())
    return f'<Gather {shown} method="POST" action="{action}"><Say>{text}</Say></Gather>'


def dial(*numbers: str, action: str = "/dialled", whisper: str = "/whisper", **attributes: str) -> str:
    given = {"timeout": "15", "timeLimit": "3600", "answerOnBridge": "true", "callerId": LINE}
    shown = " ".join(f'{name}="{value}"' for name, value in (given | attributes).items() if value)
    url = f'url="{whisper}" method="POST"' if whisper else ""
    rung = "".join(
        f'<Number {url} statusCallback="/status" statusCallbackEvent="initiated ringing answered completed" '
        f'statusCallbackMethod="POST">{number}</Number>'
        for number in numbers
    )
    return f'<Dial action="{action}" method="POST" record="do-not-record" {shown}>{rung}</Dial>'


WHISPER = gather("Piket huur. Toets 1.", "/key") + "<Hangup/>"


def line(**at: Reply) -> Product:
    """A product that greets, dials the lawyer, whispers, bridges on key 1 and hangs up on any other."""
    return Product(
        {
            "/twilio/voice": "<Say>Welkom.</Say>" + dial(LAWYER),
            "/whisper": WHISPER,
            "/key": lambda params: "<Say>Verbonden.</Say>" if params.get("Digits") == "1" else "<Hangup/>",
            "/dialled": "<Say>Het gesprek is klaar.</Say><Hangup/>",
            **{f"/{path}": reply for path, reply in at.items()},
        }
    )
