"""`segment-client spool drain`: sends what waits in a spool for one endpoint and key."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass

from segment_client.accounting import Failure, Stats
from segment_client.client import SegmentClient
from segment_client.commands.spool_report import counted
from segment_client.commands.target import endpoint_of, key_of
from segment_client.config import check_number, destination_of
from segment_client.delivery.spool.inspector import Inspector
from segment_client.errors import DeliveryError, UnauthorizedError, UnreachableError
from segment_client.ids import default_entity_gid

__all__ = ["drain"]

_LINE = 60
_ROUND_SECONDS = 0.5
_LAST_ANSWER_SECONDS = 5.0
_ATTEMPTS = 6
"""After so many requests for a batch its trouble is told, and it is tried again later."""

_ANY_AGE = 1e10
"""Seconds: nothing that the user asks to send is dropped for its age."""


@dataclass
class _Progress:
    """What this command did so far, and the last trouble that kept events in the spool."""

    left: int
    delivered: int = 0
    refused: int = 0
    trouble: Failure | None = None

    def note(self, failure: Failure) -> None:
        """Keep a trouble; what is refused for good is counted."""
        if failure.retryable:
            self.trouble = failure

    def update(self, stats: Stats, left: int) -> None:
        """Take over the client's counts; all events are those of other clients."""
        self.delivered, self.refused, self.left = stats.recovered_delivered, stats.recovered_rejected, left

    @property
    def key_is_refused(self) -> bool:
        """Whether it is of no use to go on."""
        return self.trouble is not None and self.trouble.reason == UnauthorizedError.reason

    def __str__(self) -> str:
        return f"{self.delivered} delivered, {self.refused} refused, {self.left} left"


def drain(args: Namespace, inspector: Inspector) -> int:
    """Send, and say how much; return 1 where an event was refused or found damaged.

    Raises DeliveryError where some are left, because the key was refused or `--timeout` is over.
    """
    key = key_of(args)
    check_number("--timeout", args.timeout, 0)
    endpoint = endpoint_of(args, args.wire)
    destination = destination_of(endpoint, key)
    left, damaged_before = inspector.counts(destination)
    progress = _Progress(left)
    if left:
        _send(args, key, progress, lambda: inspector.counts(destination)[0])
    damaged = inspector.counts(destination)[1] - damaged_before
    _say(progress, "\n")
    if progress.refused:
        sys.stdout.write(f"refused events are dead letters now: see spool status {args.file}\n")
    if damaged > 0:
        sys.stdout.write(f"{counted(damaged, 'event')} damaged on disk, not sent\n")
    waiting = inspector.waiting()
    others = [one.events for one in waiting if one.destination != destination]
    if others:
        places = counted(len(others), "other endpoint, key or format", "other endpoints, keys or formats")
        sys.stdout.write(f"{counted(sum(others), 'event')} waiting for {places}\n")
    if progress.left:
        held = sum(one.held for one in waiting if one.destination == destination)
        raise _why(progress, args.timeout, held)
    return 1 if progress.refused or damaged > 0 else 0


def _send(args: Namespace, key: str, progress: _Progress, count_left: Callable[[], int]) -> None:
    """Let a client of the spool work until nothing is left, the time is over, or the key is refused."""
    client = SegmentClient(
        key,
        default_entity_gid(key),
        "default",
        args.endpoint,
        wire=args.wire,
        allow_http=args.allow_http,
        spool=args.file,
        spool_max_age=_ANY_AGE,
        max_attempts=_ATTEMPTS,
        on_error=progress.note,
    )
    until = time.monotonic() + args.timeout
    try:
        while progress.left and not progress.key_is_refused and time.monotonic() < until:
            client.flush(min(_ROUND_SECONDS, max(0.0, until - time.monotonic())))
            progress.update(client.stats(), count_left())
            if sys.stdout.isatty():
                _say(progress, "\r")
    finally:
        client.close(_LAST_ANSWER_SECONDS)
    progress.update(client.stats(), count_left())


def _say(progress: _Progress, end: str) -> None:
    """Write the one line, over what was there before on a terminal."""
    width = _LINE if sys.stdout.isatty() else 0
    sys.stdout.write(f"{progress!s:<{width}}{end}")
    sys.stdout.flush()


def _why(progress: _Progress, seconds: float, held: int) -> DeliveryError:
    left, trouble = counted(progress.left, "event"), progress.trouble
    if trouble is None:
        others = f", {held} being sent by another process or without an answer yet" if held else ""
        return UnreachableError(
            f"{left} left after {seconds:g} s{others}: drain again, with a longer --timeout"
        )
    if progress.key_is_refused:
        text = (
            f"{left} left: the server refused the write key ({trouble.status_code}); check key and endpoint"
        )
        return UnauthorizedError(text, status_code=trouble.status_code, server_message=trouble.server_message)
    answer = "gave no answer" if trouble.status_code is None else f"answered {trouble.status_code}"
    text = f"{left} left: the server {answer}; drain again when it is well"
    return UnreachableError(text, status_code=trouble.status_code, server_message=trouble.server_message)
