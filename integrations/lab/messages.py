"""Text messages through the vendor, and mail as the lab receives it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from integrations.lab import wire
from integrations.lab.webhooks import Answer, Webhook

if TYPE_CHECKING:
    from integrations.lab.network import Network
    from integrations.lab.phones import Phone

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)


@dataclass
class Message:
    """An SMS; `sender` and `to` in E.164, `status` in the vendor's words."""

    sid: str
    sender: str
    to: str
    text: str
    at: datetime
    direction: str = "outbound-api"
    status: str = "queued"
    error_code: int = 0
    status_url: str = ""

    @property
    def segments(self) -> int:
        """How many parts it is sent in: 160 (or 153 each) characters of GSM-7, 70 (or 67 each) of anything else."""
        whole, part = (160, 153) if set(self.text) <= GSM_7 else (70, 67)
        return 1 if len(self.text) <= whole else math.ceil(len(self.text) / part)


@dataclass
class Mail:
    at: datetime
    sender: str
    to: list[str]
    subject: str
    text: str
    html: str = ""
    files: list[str] = field(default_factory=list)


class Texts:
    """The vendor's text messages, by sid."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.messages: dict[str, Message] = {}

    def send(self, sender: str, to: str, text: str, status_url: str = "") -> Message:
        """The product sends a text (REST): it arrives at once and is told as sent and delivered."""
        network = self.network
        message = Message(network.new_sid("SM"), sender, to, text, network.now, status_url=status_url)
        self.messages[message.sid] = message
        phone = network.phone(to)
        network.after(0, self._becomes, message, "sent", 0)
        if phone.behaviour == "bad":
            network.after(0, self._becomes, message, "undelivered", 30003)
        else:
            network.after(0, phone.receive, message)
            network.after(0, self._becomes, message, "delivered", 0)
        return message

    def _becomes(self, message: Message, status: str, error_code: int) -> None:
        message.status, message.error_code = status, error_code
        if message.status_url:
            params = wire.sms_status(message, self.network.account)
            self.network.ask(Webhook(message.status_url, params, "status"))

    def from_phone(self, phone: Phone, number: str, text: str) -> Message:
        """A person sends a text to one of our numbers; a Message in the answer comes back to the phone."""
        network = self.network
        message = Message(network.new_sid("SM"), phone.number, number, text, network.now, "inbound", "received")
        self.messages[message.sid] = message
        params = wire.incoming_sms(message, network.account)
        network.ask(Webhook(network.doors.sms, params, "sms", partial(self._answered, message)))
        return message

    def _answered(self, message: Message, answer: Answer) -> None:
        document = self.network.read(answer, self.network.doors.sms)
        if isinstance(document, int):
            return
        for verb in document.verbs:
            if verb.name == "Message":
                self.send(verb.get("from") or message.to, verb.get("to") or message.sender, verb.text)
            else:
                self.network.fault(12200, f"{verb.name} has no place in an answer to a text")
