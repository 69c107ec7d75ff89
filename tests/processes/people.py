"""People with phones in the lab of a house: workers who call and press 1, lawyers who pick up by themselves."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from tests.processes.house import House, wait_until

TALKS_S = 3.0
LONG_AGO = "2020-01-01 00:00:00+00:00"
CROWD_S = 150.0


def lawyers_pick_up(house: House, after: float = 0.3) -> None:
    """Every lawyer's phone picks up and presses 1 by itself."""
    for lawyer in house.people["lawyers"]:
        assert house.lab.do(lawyer["number"], "behaviour", behaviour="eager", after=after)


def call(house: House, worker: Any) -> None:
    """Call the line and press 1 at the first question: a lawyer is rung."""
    assert house.lab.do(worker["number"], "dial", to=house.people["line"]["number"])
    wait_until(lambda: house.lab.phone(worker["number"])["asking"], f"{worker['name']} is asked something")
    house.lab.do(worker["number"], "press", keys="1")


def talks(house: House, person: Any) -> bool:
    return bool(house.lab.phone(person["number"])["state"] == "talking")


def connect(house: House, *workers: Any) -> None:
    """They call at one moment, and press 1 at every question until each has a lawyer on the line."""
    for worker in workers:
        assert house.lab.do(worker["number"], "dial", to=house.people["line"]["number"])

    def all_talk() -> bool:
        phones = [house.lab.phone(worker["number"]) for worker in workers]
        for phone in phones:
            assert phone["state"] != "idle", f"{phone['name']} was not connected: {phone['lines']}"
            if phone["asking"]:
                house.lab.do(phone["number"], "press", keys="1")
        return all(phone["state"] == "talking" for phone in phones)

    wait_until(all_talk, f"{[worker['name'] for worker in workers]} talk with lawyers")


def texts_go_out(house: House) -> int:
    """Wait until every text is sent, also those meant for later, and check that the phones have them. How many.

    To be called when all calls have ended: what a running call has yet to say is not waited for.
    """

    def nothing_waits() -> bool:
        house.database.rows(f"UPDATE integrations_outboxmessage SET not_before = '{LONG_AGO}' WHERE state = 'waiting'")
        return not house.database.rows("SELECT id FROM integrations_outboxmessage WHERE state = 'waiting'")

    wait_until(nothing_waits, "every text is sent")
    sent = house.database.rows(
        'SELECT "to", vendor_id FROM integrations_outboxmessage'
        f" WHERE kind = 'sms' AND state = 'sent' AND id > {house.texts_of_the_demo}"
    )
    inboxes = {number: house.lab.phone(number)["sms"] for number in {number for number, _ in sent}}
    arrived = {(number, sms["sid"]) for number, texts in inboxes.items() for sms in texts}
    assert set(sent) <= arrived, f"never arrived: {set(sent) - arrived}"
    return len(sent)


def all_calls_end(house: House) -> list[tuple[int, str, str]]:
    """Let the watchdog look now at what nobody told us the end of. Id, end and reason of every call of this house."""
    for table in ("hotline_call", "hotline_offer"):
        house.database.rows(f"UPDATE {table} SET due_at = '{LONG_AGO}' WHERE ended_at IS NULL AND due_at IS NOT NULL")
    running = (
        "SELECT id FROM hotline_call WHERE ended_at IS NULL"
        " UNION ALL SELECT id FROM hotline_offer WHERE ended_at IS NULL AND channel = 'phone'"
    )
    wait_until(lambda: not house.database.rows(running), "every call has an end")
    ours = f"id > {house.calls_of_the_demo}"
    return house.database.rows(f'SELECT id, "end", end_reason FROM hotline_call WHERE {ours} ORDER BY id')


class Crowd:
    """Many callers at one time, each for one call; `connected` are the vendor's ids of lawyers' legs in a talk."""

    def __init__(self, house: House, workers: Sequence[Any], every_s: float) -> None:
        self.house, self.every_s = house, every_s
        self.to_call = list(workers)
        self.names = {worker["number"]: worker["name"] for worker in workers}
        self.lawyers = {lawyer["number"] for lawyer in house.people["lawyers"]}
        self.busy: set[str] = set()
        self.talking_since: dict[str, float] = {}
        self.connected: set[str] = set()
        self.began = time.monotonic()

    def calls(self, meanwhile: Callable[[], None]) -> None:
        """All calls, from the first dial to the last hang-up, and `meanwhile` in every moment of them."""

        def over() -> bool:
            meanwhile()
            self._dial_next()
            self._look_at_phones()
            return not (self.to_call or self.busy)

        wait_until(over, "all calls are over", within=CROWD_S)

    def _dial_next(self) -> None:
        done = len(self.names) - len(self.to_call)
        if self.to_call and time.monotonic() - self.began >= done * self.every_s:
            number = self.to_call.pop(0)["number"]
            assert self.house.lab.do(number, "dial", to=self.house.people["line"]["number"])
            self.busy.add(number)

    def _look_at_phones(self) -> None:
        for number, phone in self.house.lab.phones().items():
            if number in self.lawyers and phone["state"] == "talking":
                self.connected.add(phone["call"])
            if number not in self.busy:
                continue
            if phone["state"] == "idle":
                self.busy.discard(number)
            elif phone["asking"]:
                self.house.lab.do(number, "press", keys="1")
            elif phone["state"] == "talking":
                since = self.talking_since.setdefault(number, time.monotonic())
                if time.monotonic() - since > TALKS_S:
                    self._hang_up(number, phone["with"])

    def _hang_up(self, number: str, lawyer: str) -> None:
        """By turns the lawyer is first, so that the worker is asked what came of it."""
        numbers = {one["name"]: one["number"] for one in self.house.people["lawyers"]}
        first = numbers[lawyer] if len(self.talking_since) % 2 else number
        self.house.lab.do(first, "hang-up")
