"""`make demo`: makes the database and the demo data, then watches over the web server and the lab until Ctrl-C.

One parent, two children. Where they listen follows PUBLIC_URL and TWILIO_API_BASE, so that a second demo can run beside
the first. If one child ends, the other is stopped too: half a demo would only puzzle.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn
from urllib.parse import urlsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import environment

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
STOP_SECONDS = 25  # longer than gunicorn's graceful_timeout
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Exit code: 0 after Ctrl-C, 1 when something could not start or ended by itself."""
    try:
        web, lab = addresses()
    except ImproperlyConfigured as error:
        refuse(str(error))
    for name, address in (("Piketlijn", web), ("the lab", lab)):
        if is_taken(address):
            refuse(
                f"Port {address[1]} of {address[0]} is in use, and {name} needs it. "
                "Stop what runs there (perhaps another demo) and run make demo again."
            )
    say("Making the database and the demo data ...")
    manage("migrate", "--no-input", "--verbosity", "0")
    people = json.loads(manage("load_demo", "--size", "small", "--json").splitlines()[-1])
    children = {
        "The web server": start(
            "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--log-level", "warning", "--bind", at(web)
        ),
        "The lab": start("manage.py", "lab", at(lab)),
    }
    for number in STOP_SIGNALS:
        signal.signal(number, _interrupt)
    try:
        wait_until_both_answer(children, web, lab)
        if not ended(children):
            say(welcome(people, web, lab))
        while not ended(children):
            time.sleep(0.5)
        say(f"{' and '.join(ended(children))} ended by itself, so the demo stops; its last words stand above.")
    except KeyboardInterrupt:
        say("\nStopping ...")
        return 0
    finally:
        stop(list(children.values()))
    return 1


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Once is enough; a second Ctrl-C must not break off the stopping."""
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def start(*command: str) -> subprocess.Popen[bytes]:
    """A child in a session of its own: only the parent hears the terminal, and stops its children in order."""
    return subprocess.Popen([sys.executable, *command], cwd=ROOT, start_new_session=True)


def ended(children: dict[str, subprocess.Popen[bytes]]) -> list[str]:
    """The children that run no more, for a person to read."""
    return [f"{name} (exit code {child.returncode})" for name, child in children.items() if child.poll() is not None]


def addresses() -> tuple[tuple[str, int], tuple[str, int]]:
    """Where the web server and the lab listen; refuses what is not a demo on this machine."""
    if settings.TELEPHONY != "lab" or not environment.is_loopback(settings.PUBLIC_URL):
        raise ImproperlyConfigured("The demo runs with TELEPHONY=lab and a PUBLIC_URL on this machine only.")
    web, lab = urlsplit(settings.PUBLIC_URL), urlsplit(settings.TWILIO_API_BASE)
    return (web.hostname or "127.0.0.1", web.port or 80), (lab.hostname or "127.0.0.1", lab.port or 80)


def is_taken(address: tuple[str, int]) -> bool:
    """Whether another program listens there."""
    with socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            return True
    return False


def at(address: tuple[str, int]) -> str:
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def manage(*arguments: str) -> str:
    """Run a management command to its end and return what it printed; progress goes to the terminal."""
    done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        refuse(f"manage.py {' '.join(arguments)} failed; the reason stands above.\n{done.stdout}".rstrip())
    return done.stdout


def wait_until_both_answer(
    children: dict[str, subprocess.Popen[bytes]], web: tuple[str, int], lab: tuple[str, int]
) -> None:
    """Return when both answer over HTTP, or as soon as one has ended."""
    deadline = time.monotonic() + START_SECONDS
    for address in (web, lab):
        while not answers(address) and not ended(children) and time.monotonic() < deadline:
            time.sleep(0.1)


def answers(address: tuple[str, int]) -> bool:
    """Whether somebody speaks HTTP there; what it says is for the person who looks."""
    connection = HTTPConnection(*address, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return bool(connection.getresponse().status)
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def welcome(people: dict[str, Any], web: tuple[str, int], lab: tuple[str, int]) -> str:
    """Where to go and as whom; `people` is what load_demo --json printed."""
    worker, lawyer, coordinator = (people[group][0] for group in ("workers", "lawyers", "coordinators"))
    line = people["line"]
    return "\n".join(
        [
            "",
            f"Piketlijn runs on http://{at(web)}/ and its laboratory of phones on http://{at(lab)}/lab/",
            f"The line is {line['number']} ({line['name']}). The bar above every page switches roles; or log in as",
            *(
                f"  {role:<18} {person['login']:<34} password {person['password']}"
                for role, person in (
                    ("first-line worker", worker),
                    ("lawyer on duty", lawyer),
                    ("coordinator", coordinator),
                )
            ),
            f"Try: in the lab, let {worker['name']} ({worker['number']}) call the line, press 1, and pick up the phone",
            f"of {lawyer['name']} ({lawyer['number']}) with key 1.",
            "Ctrl-C stops everything; make demo starts it again with what you did.",
        ]
    )


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - this program talks to a terminal


def refuse(text: str) -> NoReturn:
    print(text, file=sys.stderr, flush=True)  # noqa: T201
    raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main())
