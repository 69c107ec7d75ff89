"""Programs solved in other processes, so that a stop is heard at once. The answers do not depend on how many there are.

Where no child may be started (a process that is itself a child of a pool) the work is done here.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import TracebackType

from rosters.core.planner import highs
from rosters.core.planner.highs import NOTHING, Effort, Solved
from rosters.core.planner.programs import Program

LISTEN = 0.1  # seconds between two looks at the clock and the stop
SMALL = 4_000  # columns: below this the solver answers sooner than a child starts


def serve(connection: Connection) -> None:
    """In the child: answer programs until the other side hangs up. Ctrl-C is the parent's, who keeps the best."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            program, effort = connection.recv()
            connection.send(highs.solve(program, effort))
        except (EOFError, OSError):
            return


@dataclass(slots=True)
class _Child:
    process: SpawnProcess
    connection: Connection
    job: int | None = None


class Workers:
    """A few children, started when there is work for them. `left` gives the seconds left, 0 once it is over."""

    def __init__(self, count: int, left: Callable[[], float]) -> None:
        self.count, self.left = count, left
        self._children: list[_Child] = []

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for child in self._children:
            child.connection.close()
            child.process.terminate()
        for child in self._children:
            child.process.join()
        self._children.clear()

    def solve(self, programs: Sequence[Program], effort: Effort) -> list[Solved]:
        """In the order asked; NOTHING for what was not ready when it was over."""
        if self.count < 1 or multiprocessing.current_process().daemon or max(map(_size, programs), default=0) < SMALL:
            return [highs.solve(one, self._within(effort)) if self.left() > 0 else NOTHING for one in programs]
        found = [NOTHING] * len(programs)
        jobs = iter(sorted(range(len(programs)), key=lambda job: -_size(programs[job])))  # the longest first
        self._start(min(self.count, len(programs)))
        busy = [child for child in self._children if self._give(child, jobs, programs, effort)]
        while busy:
            ready = wait([child.connection for child in busy], LISTEN)
            for child in [one for one in busy if one.connection in ready]:
                answer = self._taken(child)
                if answer is not None and child.job is not None:
                    found[child.job] = answer
                if answer is None or not self._give(child, jobs, programs, effort):
                    busy.remove(child)
            if self.left() <= 0:
                self.__exit__(None, None, None)  # what is not ready is not waited for
                break
        return found

    def _start(self, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        while len(self._children) < count:
            here, there = context.Pipe()
            process = context.Process(target=serve, args=(there,), daemon=True)
            process.start()
            there.close()
            self._children.append(_Child(process, here))

    def _give(self, child: _Child, jobs: Iterator[int], programs: Sequence[Program], effort: Effort) -> bool:
        child.job = next(jobs, None)
        if child.job is None:
            return False
        child.connection.send((programs[child.job], self._within(effort)))
        return True

    def _taken(self, child: _Child) -> Solved | None:
        """None when the child has died, as of too little memory: its program has no answer, the others go on."""
        try:
            answer: Solved = child.connection.recv()
        except (EOFError, OSError):
            self._children.remove(child)
            child.process.join()
            return None
        return answer

    def _within(self, effort: Effort) -> Effort:
        return replace(effort, seconds=min(effort.seconds, self.left()))


def _size(program: Program) -> int:
    return len(program.cost)
