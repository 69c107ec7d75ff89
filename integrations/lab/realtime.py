"""The engine in real time: one thread does what is due, a pool carries webhooks, one lock is around all of it."""

from __future__ import annotations

import json
import logging
import threading
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom

import requests

from integrations import clock
from integrations.lab.messages import Mail
from integrations.lab.network import Network
from integrations.lab.rest import Rest
from integrations.lab.webhooks import NO_CONNECTION, TIMED_OUT, Answer, Done, Doors, Profile

logger = logging.getLogger("piketlijn.lab")
CARRIERS = 64  # webhooks under way at the same time
CONNECT_S = 5
LONGEST_WAIT_S = 0.5
KEPT_MAILS = 100
IN_REAL_TIME = Profile(ring_delay_s=0.3)


@dataclass(frozen=True)
class Somebody:
    """A person of var/lab.json. `number` and `email` may be empty."""

    name: str
    role: str = ""
    number: str = ""
    email: str = ""
    login: str = ""


class Lab:
    """The vendor as a running program. Everything that touches `network` happens inside `with lab.engine()`."""

    def __init__(
        self,
        *,
        account: str,
        tokens: list[str],
        doors: Doors,
        people_file: Path,
        profile: Profile = IN_REAL_TIME,
        chaos: float = 0.0,
        seed: int | None = None,
    ) -> None:
        self.network = Network(
            self._carry,
            account=account,
            tokens=tokens,
            doors=doors,
            at=clock.now(),
            profile=profile,
            chaos=chaos,
            seed=SystemRandom().getrandbits(64) if seed is None else seed,
        )
        self.rest = Rest(self.network)
        self.mails: dict[str, deque[Mail]] = defaultdict(lambda: deque(maxlen=KEPT_MAILS))
        self.people: list[Somebody] = []
        self.lines: list[dict[str, str]] = []
        self.stopped = threading.Event()
        self._changed = threading.Condition(threading.RLock())
        self._pool = ThreadPoolExecutor(CARRIERS, thread_name_prefix="webhook")
        self._own = threading.local()
        self._sessions: list[requests.Session] = []
        self._people_file = people_file
        self._people_seen: tuple[int, int] | None = None
        self._thread = threading.Thread(target=self._run, name="lab", daemon=True)

    # --- Running --------------------------------------------------------------------------------------------------
    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.stopped.set()
        with self._changed:
            self._changed.notify_all()
        self._thread.join(timeout=5)
        self._pool.shutdown(wait=False, cancel_futures=True)
        for session in self._sessions:
            session.close()

    @contextmanager
    def engine(self) -> Iterator[Network]:
        """The engine at the present moment, for this thread alone; what is due is done before and after."""
        with self._changed:
            self._catch_up()
            try:
                yield self.network
            finally:
                self._catch_up()
                self._changed.notify_all()

    def _catch_up(self) -> None:
        """An action that fails is our own mistake: told and skipped, the other calls go on."""
        while True:
            try:
                self.network.advance(clock.now())
            except Exception as error:
                logger.exception("the lab could not do an event")
                self.network.fault(0, f"{type(error).__name__}: {error}")
            else:
                return

    def _run(self) -> None:
        while not self.stopped.is_set():
            with self._changed:
                self._catch_up()
                soonest = self.network.next_at()
                wait = (soonest - clock.now()).total_seconds() if soonest else LONGEST_WAIT_S
                if wait > 0:
                    self._changed.wait(min(wait, LONGEST_WAIT_S))

    # --- Webhooks -------------------------------------------------------------------------------------------------
    def _carry(self, url: str, params: Mapping[str, str], headers: Mapping[str, str], done: Done) -> None:
        if not self.stopped.is_set():
            self._pool.submit(self._post, url, dict(params), dict(headers), done)

    def _post(self, url: str, params: dict[str, str], headers: dict[str, str], done: Done) -> None:
        limits = (CONNECT_S, self.network.profile.webhook_timeout_s)
        try:
            response = self._session().post(url, data=params, headers=headers, timeout=limits, allow_redirects=False)
        except requests.Timeout:
            answer = Answer(TIMED_OUT)
        except requests.RequestException:
            answer = Answer(NO_CONNECTION)
        else:
            answer = Answer(response.status_code, response.headers.get("Content-Type", ""), response.text)
        with self.engine():
            done(answer)

    def _session(self) -> requests.Session:
        """Connections are kept open, per carrier."""
        session: requests.Session | None = getattr(self._own, "session", None)
        if session is None:
            session = self._own.session = requests.Session()
            session.trust_env = False  # no proxy between the lab and the product
            self._sessions.append(session)
        return session

    # --- People and mail ------------------------------------------------------------------------------------------
    def read_people(self) -> None:
        """Take over who has which phone, when the file has changed. To be called inside `engine()`."""
        try:
            stat = self._people_file.stat()
            seen = (stat.st_mtime_ns, stat.st_size)
            if seen == self._people_seen:
                return
            found = json.loads(self._people_file.read_text(encoding="utf-8"))
            people = [Somebody(**{key: str(one.get(key) or "") for key in _FIELDS}) for one in found["people"]]
            lines = [{"name": str(line["name"]), "number": str(line["number"])} for line in found["lines"]]
        except FileNotFoundError:
            return
        except (ValueError, KeyError, TypeError, AttributeError) as error:  # being written, or not ours
            logger.warning("%s cannot be read: %s", self._people_file, error)
            return
        self._people_seen, self.people, self.lines = seen, people, lines
        for somebody in people:
            if somebody.number:
                self.network.phone(somebody.number, somebody.name)
        self.network.note("lab", "people", f"{len(people)} people")

    def receive(self, mail: Mail) -> None:
        for address in mail.to:
            self.mails[address.lower()].append(mail)
        self.network.note("lab", "mail", ", ".join(mail.to))


_FIELDS = ("name", "role", "number", "email", "login")
