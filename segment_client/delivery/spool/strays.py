"""Events that clients have left beside a spool: of ended processes, and of those that may have ended."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from functools import partial
from pathlib import Path

from segment_client.delivery.spool.database import Database
from segment_client.delivery.spool.files import is_held, read
from segment_client.delivery.spool.holder import has_ended
from segment_client.delivery.spool.landing import frames_in, landed_files, owner_of
from segment_client.delivery.spool.schema import Execute, forget_landed, insert, landed_up_to, note_landed

__all__ = ["adopt"]

_LEFT_SECONDS = 60.0
"""A living client moves its events within a second: after so long they are moved for it. Whether it lives,
processes that do not see each other cannot tell.
"""

_GONE_SECONDS = 86_400.0
"""After so long the file of a client that may live is deleted, unless it is open there: what comes into a
deleted file ends with its process.
"""

_ORPHANED = "SELECT owner, number FROM landed WHERE owner NOT IN (SELECT id FROM holders)"

_log = logging.getLogger("segment_client")


def adopt(database: Database, *, own: int = 0) -> bool:
    """Move what ended processes have left behind, and what no living one has moved for long; say if any.

    `own` is the id of the client that asks: its files are none of these.
    """
    count = gone = 0
    for path, owner, number in landed_files(database.path):
        if owner == own:
            continue
        try:
            is_over, age = _has_ended(path), abs(time.time() - path.stat().st_mtime)  # the clock was set back
            if is_over or age > _LEFT_SECONDS:
                found, lost = database.run(partial(_adopt, path, owner, number, is_over))
                _tell(path, found, lost)
                count += found
            if is_over or (age > _GONE_SECONDS and not is_held(path)):
                path.unlink(missing_ok=True)
                gone += 1
        except FileNotFoundError:
            continue  # another client was faster
        except OSError as error:
            _log.error("events may have been left in %s, which cannot be used (%s)", path, error.strerror)
    if gone:
        there = {(owner, number) for _, owner, number in landed_files(database.path)}
        database.run(partial(_forget, there))
    return count > 0


def _adopt(path: Path, owner: int, number: int, is_over: bool, execute: Execute) -> tuple[int, int]:
    """Put the events of a file into the spool; return how many they are, and how many bytes are none."""
    content = read(path)  # within the transaction: another client may have adopted it just before
    if not content:
        return 0, 0
    start = landed_up_to(execute, owner, number)
    if start is None:
        line = content[: content.find(b"\n") + 1]
        start = len(line) if owner_of(line) else 0  # a damaged line may end within the first event
    found = list(frames_in(content, start))
    for each in found:
        insert(execute, each.framed.destination, each.framed.owner, each.frame)
    end = len(content) if is_over else found[-1].end if found else start
    note_landed(execute, owner, number, end)
    return len(found), end - start - sum(len(each.frame) for each in found)


def _tell(path: Path, found: int, lost: int) -> None:
    if found:
        _log.info("%d events that another process had left in %s are in the spool now", found, path)
    if lost > 0:
        text = "%d bytes in %s are no events: they were damaged, or not written whole when the process ended"
        _log.error(text, lost, path)


def _forget(there: Collection[tuple[int, int]], execute: Execute) -> None:
    """Delete the notes of files that are gone, and whose client is."""
    for owner, number in execute(_ORPHANED):
        if (owner, number) not in there:
            forget_landed(execute, owner, number)


def _has_ended(path: Path) -> bool:
    """Say whether the process that a file is of has ended; one that does not say whose it is may live."""
    with path.open("rb") as file:
        holder = owner_of(file.readline())
    return holder is not None and has_ended(holder)
