"""Programs that run as processes of their own and say on stdout which events they tracked."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from segment_client import SegmentClient
from segment_client.testing import FakeServer
from tests.delivery.support import background, track
from tests.sources import ROOT

__all__ = ["finish", "run", "said", "server_client", "start", "tell"]

SECONDS = 60.0
URL = "TEST_SERVER_URL"
SPOOL = "TEST_SPOOL"
FORK_WARNING = "ignore:This process:DeprecationWarning"
"""Python warns of each fork beside threads, from 3.12 on; that it is harmless here is what is tested."""

WAITING = re.compile(r"\d+ events were not delivered yet and wait in the spool")


def server_client(**options: object) -> SegmentClient:
    """In a program: return a client for the test's server and spool; a batch waits long for more."""
    options = {"flush_interval": 60.0, "batch_size": 2_500, "spool": os.environ[SPOOL] or None, **options}
    return background(os.environ[URL], **options)


def tell(client: SegmentClient, count: int, first: int) -> None:
    """In a program: track numbered events, then say their numbers."""
    track(client, count, first)
    os.write(1, "".join(f"{number}\n" for number in range(first, first + count)).encode())


@contextmanager
def start(
    server: FakeServer,
    *command: str,
    spool: str = "",
    descriptors: Sequence[int] = (),
) -> Iterator[subprocess.Popen[str]]:
    """In a test: start `python -m command` for a server and a spool; nothing of it outlives the `with`."""
    process = subprocess.Popen(
        [sys.executable, "-W", FORK_WARNING, "-m", *command],
        cwd=ROOT,
        env={**os.environ, URL: server.url, SPOOL: spool},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        pass_fds=descriptors,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):  # there is nobody left
                os.killpg(process.pid, signal.SIGKILL)


def finish(process: subprocess.Popen[str], words: str = "") -> tuple[str, str]:
    """In a test: give a program its last words on stdin; return what it wrote to stdout and stderr.

    The end waited for is that of its children too, as they hold the same stdout. Raises AssertionError where
    the program fails, TimeoutExpired after a minute.
    """
    out, error = process.communicate(words, timeout=SECONDS)
    if process.returncode:
        raise AssertionError(f"{process.args!r} ended with {process.returncode}: {error}")
    return out, error


def said(out: str) -> list[int]:
    """In a test: return the numbers that a program said, sorted."""
    return sorted(int(line) for line in out.split())


def run(server: FakeServer, program: str, *arguments: str, spool: str = "") -> list[int]:
    """In a test: run one of `tests.delivery.programs` that complains of nothing; return what it said."""
    with start(server, f"tests.delivery.programs.{program}", *arguments, spool=spool) as process:
        out, error = finish(process)
    complaints = [line for line in error.splitlines() if not WAITING.fullmatch(line)]
    if complaints:
        raise AssertionError(f"{program} wrote to stderr: {complaints}")
    return said(out)
