"""The one thread that delivers a client's events: claim a batch, post it, settle each event."""

from __future__ import annotations

import logging
import random
from collections import deque
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Generic, TypeVar

from segment_client.clock import Clock
from segment_client.delivery.answers import error_of
from segment_client.delivery.gate import Gate
from segment_client.delivery.outgoing import Outgoing
from segment_client.delivery.poster import Poster
from segment_client.delivery.source import Source
from segment_client.delivery.verdict import Verdict, judge
from segment_client.errors import DeliveryError, SpoolError, UnauthorizedError, UnreachableError
from segment_client.retry import RetryPolicy, server_delay
from segment_client.transport import Response

__all__ = ["CIRCUIT_SECONDS", "Worker"]

CIRCUIT_SECONDS = 60.0
"""How long nothing is sent after the server refused the write key."""

_FAULT_SECONDS = 1.0


class _Next(Enum):
    """What a worker does after a part of a batch."""

    SETTLED = "go on"
    SPLIT = "go on with its halves"
    LATER = "give back the rest"


_log = logging.getLogger("segment_client")
H = TypeVar("H")


class Worker(Generic[H]):
    """Delivers batch after batch in order until the gate closes and nothing is left.

    `on_refused_key` is told once each time that the server begins to refuse the write key.
    """

    def __init__(
        self,
        source: Source[H],
        poster: Poster,
        policy: RetryPolicy,
        gate: Gate,
        clock: Clock,
        on_refused_key: Callable[[Sequence[Outgoing], UnauthorizedError], None],
    ) -> None:
        self._source = source
        self._poster = poster
        self._policy = policy
        self._gate = gate
        self._clock = clock
        self._on_refused_key = on_refused_key
        self._open_until: float | None = None
        self._is_key_refused = False

    def run(self) -> None:
        """Work until the gate is closed and the source empty, or the gate abandoned."""
        while self._wait_until_due():
            closing = self._gate.closing  # asked before the claim, which misses what comes after it
            try:
                batch = self._source.claim()
                settled = self._deliver(batch)
                if (closing and not batch) or (self._gate.closing and not settled):
                    return  # nothing is left, or nothing that close leaves the time for
                continue
            except SpoolError as error:
                _log.error("%s", error)
            except Exception:  # noqa: BLE001  # a fault of ours must not end the delivery; it is logged with its traceback
                _log.exception("the delivery of a batch failed; its events are tried again")
            if not self._gate.pause(_FAULT_SECONDS):
                return

    def _wait_until_due(self) -> bool:
        with self._gate.lock:
            while not (self._gate.abandoned or self._gate.copied):
                wait: float | None
                if self._open_until is not None:
                    wait = self._open_until - self._clock.monotonic()
                    if self._gate.closing:
                        return False
                else:
                    wait = 0.0 if self._gate.closing else self._source.seconds_until_due()
                if wait is not None and wait <= 0:
                    return True
                self._gate.wait(wait)
        self._gate.stay_if_copied()
        return False

    def _deliver(self, batch: Sequence[H]) -> bool:
        """Deliver a batch, split until its bad events are alone; return False if some were given back."""
        parts = deque([batch] if batch else [])
        while parts:
            part = parts.popleft()
            try:
                step, part = self._try(part)
            except BaseException:  # whatever it was, the events must be claimed again
                self._source.release([*part, *(held for rest in parts for held in rest)])
                raise
            if step is _Next.SPLIT:
                middle = len(part) // 2
                parts.extendleft([part[middle:], part[:middle]])
            elif step is _Next.LATER:
                self._source.release([*part, *(held for rest in parts for held in rest)])
                return False
        return True

    def _try(self, part: Sequence[H]) -> tuple[_Next, Sequence[H]]:
        """Post until there is a verdict, or close leaves no time for another attempt.

        Returns what to do next, and what is still held of the part.
        """
        attempts = 0
        while part := self._source.hold(part):
            attempts += 1
            self._gate.stay_if_copied()
            answer = self._post(part)
            self._gate.stay_if_copied()
            step = self._settle(part, answer, attempts)
            if step is not None:
                return step, part
            asked = server_delay(answer.headers, self._clock.now()) if answer is not None else None
            delay = self._policy.delay(attempts, asked, random.random)
            _log.info("attempt %d for %d events failed, next in %.1f s", attempts, len(part), delay)
            if not self._gate.pause(delay):
                return _Next.LATER, part
        return _Next.SETTLED, part

    def _settle(self, part: Sequence[H], answer: Response | None, attempts: int) -> _Next | None:
        """Act on an answer; return None where the part is to be tried again."""
        verdict = judge(answer.status, len(part)) if answer is not None else Verdict.RETRY
        if verdict is not Verdict.UNAUTHORIZED:
            self._open_until = None
            self._is_key_refused &= verdict is Verdict.RETRY  # a server in trouble says nothing of the key
        if answer is not None and verdict is Verdict.DELIVERED:
            self._source.delivered(part, answer.status, attempts)
            return _Next.SETTLED
        if verdict is Verdict.SPLIT:
            return _Next.SPLIT
        error = _error(answer, attempts, self._source.events(part)[0].message_id)
        if isinstance(error, UnauthorizedError):
            self._open_circuit(part, error)
            return _Next.LATER
        if verdict is Verdict.REJECT:
            self._source.rejected(part, error)
            return _Next.SETTLED
        if attempts >= self._policy.max_attempts:
            if self._source.exhausted(part, error):
                return _Next.SETTLED
            self._open_until = self._clock.monotonic() + self._policy.max_delay
            return _Next.LATER
        return None

    def _post(self, part: Sequence[H]) -> Response | None:
        try:
            return self._poster.post(self._source.events(part), self._clock.now())
        except UnreachableError as error:
            _log.info("a request for %d events got no answer: %s", len(part), error)
            return None

    def _open_circuit(self, part: Sequence[H], error: UnauthorizedError) -> None:
        first, self._is_key_refused = not self._is_key_refused, True
        self._open_until = self._clock.monotonic() + CIRCUIT_SECONDS
        if first:
            _log.error(
                "the server refused the write key (%d); events are kept and tried again every %d s",
                error.status_code,
                CIRCUIT_SECONDS,
            )
            self._on_refused_key(self._source.events(part), error)


def _error(answer: Response | None, attempts: int, message_id: str) -> DeliveryError:
    if answer is not None:
        return error_of(answer, attempts=attempts, message_id=message_id)
    text = f"event {message_id}: no answer from the server at attempt {attempts}"
    return UnreachableError(text, attempts=attempts, message_id=message_id)
