"""Reads a calendar in a process of its own, which the system stops when it takes too long or too much.

`read` counts before it expands; this is the wall behind it. The child has no settings, no secrets and no database.
"""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import FrameType

from integrations.calendars.decode import Read, read
from integrations.calendars.faults import TOO_BIG, TOO_HEAVY, UNREADABLE, CalendarFault
from integrations.calendars.parts import MOST_BYTES

CPU_SECONDS = 2.0
AGAIN_AFTER = 0.2  # what is raised inside a callback of the garbage collector is swallowed
LAST_SECONDS = 4  # then the system ends it
WALL_SECONDS = 20  # on a machine that is busy with other things
MEMORY = 1 << 30
ROOT = Path(__file__).resolve().parents[2]


def read_apart(data: bytes, now: datetime) -> Read:
    """As `decode.read`. Raises CalendarFault, also too_heavy."""
    if len(data) > MOST_BYTES:
        raise CalendarFault(TOO_BIG)
    try:
        child = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "integrations.calendars.apart", now.isoformat()],
            input=data,
            capture_output=True,
            cwd=ROOT,
            env={},
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CalendarFault(TOO_HEAVY) from None
    if child.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise CalendarFault(TOO_HEAVY)
    if child.returncode != 0:
        raise CalendarFault(UNREADABLE)
    answer = json.loads(child.stdout)
    if answer["fault"]:
        raise CalendarFault(answer["fault"])
    busy = tuple((datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in answer["busy"])
    return Read(busy, answer["skipped"])


class _OutOfTime(BaseException):
    """Not an Exception: a library that catches everything must let it pass."""


def in_time(work: Callable[[], Read]) -> Read:
    """What `work` returns, or CalendarFault too_heavy once it has used its seconds of CPU. In a main thread only."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _OutOfTime

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS, AGAIN_AFTER)
    try:
        return work()
    except (_OutOfTime, MemoryError, RecursionError):
        raise CalendarFault(TOO_HEAVY) from None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (LAST_SECONDS, LAST_SECONDS))
    data, now = sys.stdin.buffer.read(), datetime.fromisoformat(sys.argv[1])
    try:
        found = in_time(lambda: read(data, now))
        answer = {
            "fault": "",
            "skipped": found.skipped,
            "busy": [[one.isoformat() for one in pair] for pair in found.busy],
        }
    except CalendarFault as fault:
        answer = {"fault": fault.code}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
