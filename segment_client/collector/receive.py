"""The way of a posted body: authenticate, take apart, examine each call, store, then answer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from segment_client.collector.auth import Authenticator
from segment_client.collector.calls import read_calls
from segment_client.collector.catalogue import Checker
from segment_client.collector.examine import MAX_ERRORS, Accepted, Rejected, examine
from segment_client.collector.head import Head
from segment_client.collector.paths import Target
from segment_client.collector.problem import CallError, Problem
from segment_client.collector.sinking import keep_in
from segment_client.collector.store import Store
from segment_client.collector.store.records import Received
from segment_client.errors import DeliveryError, SinkError
from segment_client.ids import default_entity_gid
from segment_client.sinks import Sink
from segment_client.wire import Identity

__all__ = ["Judge", "Judged", "Receiver", "pass_none"]

_log = logging.getLogger("segment_client.collector")
_CODINGS = ("", "gzip", "x-gzip", "identity")
"""What a Content-Encoding may be; it is the body's first bytes that tell which of them it is."""


def pass_none(_: Sequence[Accepted]) -> None:
    """Leave accepted calls in the store, and pass none on."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The calls of a request, each valid or not, with what is kept of the request and when it came."""

    target: Target
    calls: Sequence[Accepted | Rejected]
    head: Head
    now: datetime


Judge = Callable[[Target, bytes, str | None, Head], Judged]
"""What `Receiver.judge` does, perhaps in another process."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Takes posted bodies into a sink and a store; either may be missing.

    `entity_gid` and `partition` are given to the calls that name none; without an `entity_gid` it is derived
    from the write key of the request. `now` returns the time (aware). `forward` gets what was accepted, once
    it is stored and before the sender is answered; a DeliveryError of it tells the sender to send again.
    `checker` holds each event against a catalogue.
    """

    store: Store | None
    authenticator: Authenticator
    entity_gid: UUID | None
    partition: str
    now: Callable[[], datetime]
    forward: Callable[[Sequence[Accepted]], None] = pass_none
    sink: Sink | None = None
    checker: Checker | None = None

    @property
    def asks_others(self) -> bool:
        """Whether other programs are to be waited for until something is kept."""
        return self.sink is not None or self.forward is not pass_none

    def receive(self, target: Target, body: bytes, key: str | None, head: Head) -> None:
        """Judge what a body holds, and keep it; raises what `judge` and `keep` have against it."""
        (refused,) = self.keep([self.judge(target, body, key, head)])
        if refused is not None:
            raise refused

    def judge(self, target: Target, body: bytes, key: str | None, head: Head) -> Judged:
        """Decode and validate a body; `key` is the write key of the request's head, and wins over the body's.

        Raises Problem 401 for a key that is not right, 400 for a body of no use, 415 for one in an encoding
        that is not read.
        """
        if key is not None:
            self.authenticator.check(key)
        try:
            calls = read_calls(body, target)
        except Problem as problem:
            if problem.code != "invalid_json" or (coding := _coding(head)) in _CODINGS:
                raise
            raise _not_read(coding) from problem
        key = self.authenticator.check(key if key is not None else calls.key)
        identity = Identity(self.entity_gid or default_entity_gid(key), self.partition)
        now = self.now()
        examined = [examine(call, identity, now, calls.sent_at, self.checker) for call in calls.calls]
        return Judged(target, examined, head.hiding(key), now)

    def keep(self, requests: Sequence[Judged]) -> list[Exception | None]:
        """Keep what was judged; return, once it cannot be lost any more, what each request is refused by.

        That is None for one that is taken; a Problem, 503 for calls that the sink does not confirm, that the
        store cannot write, or that were stored and cannot be passed on, 400 where no call is valid; or a
        fault of the store, which then has nothing of that request. Of a batch with some valid calls the
        others are stored as rejected, and it is taken.
        """
        sunk = [self._sink(judged) for judged in requests]
        stored = iter(self._store([judged for judged in sunk if isinstance(judged, Judged)]))
        kept = [next(stored) if isinstance(judged, Judged) else judged for judged in sunk]
        return [self._settle(judged) if isinstance(judged, Judged) else judged for judged in kept]

    def _sink(self, judged: Judged) -> Judged | Problem:
        if self.sink is None:
            return judged
        try:
            return replace(judged, calls=keep_in(self.sink, judged.calls, judged.now))
        except SinkError as error:  # nothing is lost: the sender has it still
            _log.error("the sink did not confirm %d calls: %s", len(judged.calls), error)
            message = "The events cannot be kept now: send them again."
            return Problem(503, "not_kept", message, headers={"retry-after": "5"})

    def _store(self, requests: Sequence[Judged]) -> Sequence[Judged | Exception]:
        if self.store is None or not requests:
            return requests
        saved = self.store.save_all([Received(judged.calls, judged.head, judged.now) for judged in requests])
        return [
            _not_stored(one) if isinstance(one, Exception) else judged
            for one, judged in zip(saved, requests, strict=True)
        ]

    def _settle(self, judged: Judged) -> Problem | None:
        accepted = [call for call in judged.calls if isinstance(call, Accepted)]
        try:
            self.forward(accepted)
        except DeliveryError as error:
            _log.error("what was stored cannot be passed on: %s", error)
            message = "What is valid was stored, but cannot be passed on now: send it again."
            return Problem(503, "not_forwarded", message, headers={"retry-after": "5"})
        if judged.calls and not accepted:
            return _nothing_valid(
                judged.target, [call for call in judged.calls if isinstance(call, Rejected)]
            )
        return None


def _not_stored(fault: Exception) -> Exception:
    if not isinstance(fault, OSError):
        return fault
    _log.error("the store cannot be written: %s", fault)
    message = "The events cannot be stored now: send them again."
    return Problem(503, "not_stored", message, headers={"retry-after": "5"})


def _coding(head: Head) -> str:
    return dict(head.headers).get("content-encoding", "").strip().lower()


def _not_read(coding: str) -> Problem:
    message = f"The body cannot be read, its Content-Encoding is {coding[:40]!r}: send gzip, or none."
    return Problem(415, "unsupported_encoding", message, headers={"accept-encoding": "gzip"})


def _nothing_valid(target: Target, rejected: Sequence[Rejected]) -> Problem:
    if target.shape == "call":
        (call,) = rejected
        return Problem(400, "invalid_event", f"The event is invalid: {_first(call.errors)}", call.errors)
    errors: list[CallError] = [
        {**error, "path": f"{index}.{error['path']}".rstrip(".")}
        for index, call in enumerate(rejected)
        for error in call.errors
    ]
    message = f"No event of {len(rejected)} is valid; the first: {_first(rejected[0].errors)}"
    return Problem(400, "invalid_batch", message, errors[:MAX_ERRORS])


def _first(errors: Sequence[CallError]) -> str:
    error = errors[0]
    return f"{error['path']}: {error['message']}" if error["path"] else error["message"]
