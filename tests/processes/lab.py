"""The JSON doors behind the lab's page, and what people do with their phones there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import requests

Json = dict[str, Any]


class LabDoors:
    def __init__(self, address: str) -> None:
        self.address = address
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, path: str) -> Json:
        answer = self.session.get(f"{self.address}{path}", timeout=10)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def phone(self, number: str) -> Json:
        return self.get(f"/lab/phones/{quote(number)}")

    def phones(self) -> dict[str, Json]:
        """All phones with their last lines, by number."""
        return {phone["number"]: phone for phone in self.get("/lab/state?limit=500")["phones"] if phone["number"]}

    def do(self, number: str, verb: str, **given: Any) -> bool:
        """Let the person with this phone do something. False: the phone cannot do that now."""
        address = f"{self.address}/lab/phones/{quote(number)}/{verb}"
        answer = self.session.post(address, json=given, timeout=10)
        assert answer.status_code in {200, 409}, answer.text
        return answer.status_code == 200

    def misbehave(self, kind: str, where: str = "", times: int = 1) -> None:
        given: Json = {"kind": kind, "where": where, "times": times}
        assert self.session.post(f"{self.address}/lab/misbehave", json=given, timeout=10).status_code == 200

    def log(self) -> list[tuple[datetime, str, str, str]]:
        """What happened of late: moment, who, kind, text."""
        lines = self.get("/lab/log?lines=3000")["log"]
        return [(datetime.fromisoformat(at), who, kind, text) for at, who, kind, text in lines]

    def key_to_ring(self, name: str) -> timedelta:
        """From the last key of this person to our answer that rings a phone: the lab's own clock, request included."""
        log = self.log()
        key = max(place for place, (_, who, kind, _) in enumerate(log) if (who, kind) == (name, "key"))
        ring = next(
            at for at, who, kind, text in log[key:] if (who, kind) == ("product", "answers") and "<Dial" in text
        )
        return ring - log[key][0]
