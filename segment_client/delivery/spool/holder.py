"""Who holds events of a spool: a process, named so that its end can be told for certain."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Holder", "has_ended", "this_process"]

_PROC = Path("/proc")
_START_TIME = 19
"""The place of the start time among the fields of /proc/<pid>/stat that follow the name (proc(5))."""


@dataclass(frozen=True, slots=True)
class Holder:
    """One client of one process. `place` names the machine's boot and its space of process ids."""

    id: int
    pid: int
    started: str
    place: str


def this_process() -> Holder:
    """Return a new holder for a client of this process."""
    pid = os.getpid()
    return Holder(secrets.randbits(62) + 1, pid, _started(pid) or "", _place())


def has_ended(holder: Holder) -> bool:
    """Say whether a holder's process has certainly ended; one of another machine or container may live."""
    if holder.place != _place():
        return False
    started = _started(holder.pid)
    if started and holder.started:
        return started != holder.started
    try:  # it has ended, or could not be looked up: there is no /proc, it is hidden, too many files are open
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return True
    except OSError:  # it lives, and is not ours to ask
        return False
    return False


def _started(pid: int) -> str | None:
    """Return when a process started, in the kernel's ticks; it tells two processes of one id apart."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[_START_TIME]
    except (OSError, IndexError):
        return None


def _place() -> str:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {(_PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return socket.gethostname()
