"""A process that tracks events, is killed, and is started again until its work is done."""

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.soak.clock import FastClock
from tests.sources import ROOT

__all__ = ["Lives", "Returned"]

_REJECTED = re.compile(r"event \S+ was rejected \(\w+, status \d+\)")
"""The one error that a client may log here: a faulty server refuses some events for good."""


@dataclass(frozen=True)
class Returned:
    """What a call gave back: the message id of its event, and the times before and after the call."""

    message_id: str
    before: datetime
    after: datetime


class Lives(threading.Thread):
    """Runs the tracking program for the numbers of a range, and kills it as often as `kills` has it.

    A life ends by SIGKILL when it has told of so many calls; the next one goes on behind the call that may
    have been under way, and the last one ends by itself. `returned` has what calls gave back by number, `cut`
    the numbers of the calls that were under way, `killed` the workers of the lives that were ended, `stats`
    the counts of the last one. `faults` says what went otherwise.
    """

    def __init__(
        self, name: str, url: str, spool: Path, clock: FastClock, numbers: range, kills: Sequence[int] = ()
    ) -> None:
        super().__init__(name=name)
        self._target = (url, str(spool))
        self._clock = (str(clock.rate), str(clock.began), str(clock.start))
        self.numbers = numbers
        self._kills = kills
        self._process: subprocess.Popen[str] | None = None
        self._ended = False
        self.returned: dict[int, Returned] = {}
        self.cut: set[int] = set()
        self.killed: list[str] = []
        self.stats: Mapping[str, Any] = {}
        self.faults: list[str] = []

    def run(self) -> None:
        """Run life after life."""
        first, stop = self.numbers.start, self.numbers.stop
        for kill_after in [*self._kills, None]:
            worker = f"{self.name}, life {len(self.killed) + 1}"
            last = self._live(worker, first, kill_after)
            if self.faults:
                return
            if kill_after is not None:
                self.killed.append(worker)
                self.cut.update(range(last + 1, min(last + 2, stop)))
                first = min(last + 2, stop)

    def end(self) -> None:
        """End a life that goes on, because the test is over."""
        self._ended = True
        process = self._process
        if process is not None:
            process.kill()
        self.join()

    def _live(self, worker: str, first: int, kill_after: int | None) -> int:
        """Run the program once, and return the last number that it told of."""
        words = (*self._target, worker, str(first), str(self.numbers.stop), *self._clock)
        last, calls = first - 1, 0
        with subprocess.Popen(
            [sys.executable, "-m", "tests.soak.tracking_program", *words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            self._process = process
            if self._ended or kill_after == 0:
                process.kill()
            assert process.stdout is not None
            for line in process.stdout:
                number = self._read(line)
                if number is not None:
                    last, calls = number, calls + 1
                    if calls == kill_after:
                        process.kill()
        expected = 0 if kill_after is None else -signal.SIGKILL
        if process.returncode != expected:
            self.faults.append(f"{worker} ended with {process.returncode} after {calls} calls")
        return last

    def _read(self, line: str) -> int | None:
        """Take in a line; return the number of the call that it tells of, if it does."""
        words = line.split()
        if line.startswith("{"):
            self.stats = json.loads(line)
        elif len(words) == 4 and words[0].isdecimal():
            number, times = int(words[0]), map(datetime.fromisoformat, words[2:])
            self.returned[number] = Returned(words[1], *times)
            return number
        elif not _REJECTED.fullmatch(line.strip()):
            self.faults.append(line.rstrip())
        return None
