"""Direct delivery: each call posts its event and returns when the server has it, or raises."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from typing import Any

from segment_client.accounting import Delivered, Failure, Ledger, Receipt, Stats
from segment_client.clock import Clock
from segment_client.delivery.answers import error_of, is_success
from segment_client.delivery.outgoing import Outgoing
from segment_client.delivery.poster import Poster
from segment_client.errors import DeliveryError, UnreachableError, closed_error
from segment_client.retry import RetryPolicy, server_delay

__all__ = ["DirectDelivery"]

_log = logging.getLogger("segment_client")


class DirectDelivery:
    """Posts in the caller's thread, with a few retries within a total time.

    `on_delivered` and `on_error` are called there too; what they raise is counted and logged.
    """

    def __init__(
        self,
        poster: Poster,
        policy: RetryPolicy,
        clock: Clock,
        ledger: Ledger,
        *,
        on_delivered: Callable[[Delivered], object] | None = None,
        on_error: Callable[[Failure], object] | None = None,
    ) -> None:
        self._poster = poster
        self._policy = policy
        self._clock = clock
        self._on_delivered = on_delivered
        self._on_error = on_error
        self._ledger = ledger
        self._closed = False

    def submit(self, event: Outgoing) -> Receipt:
        """Post an event; return its receipt, or raise the DeliveryError of the last answer."""
        if self._closed:
            raise closed_error()
        self._ledger.accept()
        try:
            status, attempts = self._post(event)
        except DeliveryError as error:
            self._settle(event, error)
            raise
        except BaseException:  # a KeyboardInterrupt must not leave the event pending for ever
            self._ledger.drop("interrupted")
            raise
        self._ledger.deliver()
        if self._on_delivered is not None:
            self._call(self._on_delivered, Delivered((event.decoded(),), status, attempts))
        return Receipt("delivered", event.message_id, event.gid, status, attempts)

    def flush(self, timeout: float) -> bool:
        """Wait for the calls of other threads; return True if no event was dropped."""
        settled = self._ledger.wait_settled(self._ledger.accepted(), timeout)
        return settled and self._ledger.stats().dropped == 0

    def close(self, timeout: float) -> bool:
        """Wait for the calls of other threads, then close their connections."""
        self._closed = True
        done = self.flush(timeout)
        self._poster.close()
        return done

    def stats(self) -> Stats:
        """Return the counts of this moment."""
        return self._ledger.stats()

    def count_callback_error(self) -> None:
        """Count an exception that `before_send` raised."""
        self._ledger.count_callback_error()

    def _post(self, event: Outgoing) -> tuple[int, int]:
        """Return the status and the number of attempts of a success."""
        deadline = self._clock.monotonic() + self._policy.total_time
        attempts = 0
        while True:
            attempts += 1
            failure, asked = self._attempt(event, attempts)
            if isinstance(failure, int):
                return failure, attempts
            wait = self._policy.delay(attempts, asked, random.random)
            if (
                not failure.retryable
                or attempts >= self._policy.max_attempts
                or self._clock.monotonic() + wait > deadline
            ):
                raise failure
            text = "event %s: attempt %d failed (%s), next in %.1f s"
            _log.info(text, event.message_id, attempts, failure.reason, wait)
            self._clock.sleep(wait)

    def _attempt(self, event: Outgoing, attempts: int) -> tuple[int | DeliveryError, float | None]:
        """Return the status of a success, or the error and the seconds that the server asks to wait."""
        try:
            answer = self._poster.post_one(event, self._clock.now())
        except UnreachableError as error:
            text = f"event {event.message_id}: {error} at attempt {attempts}; check network and endpoint"
            return UnreachableError(text, attempts=attempts, message_id=event.message_id), None
        if is_success(answer.status):
            return answer.status, None
        refusal = error_of(answer, attempts=attempts, message_id=event.message_id)
        return refusal, server_delay(answer.headers, self._clock.now())

    def _settle(self, event: Outgoing, error: DeliveryError) -> None:
        if error.retryable:
            self._ledger.drop(error.reason)
        else:
            self._ledger.reject(error.reason)
        if self._on_error is not None:
            failure = Failure(
                (event.decoded(),), error.reason, error.status_code, error.attempts, error.retryable
            )
            self._call(self._on_error, failure)

    def _call(self, callback: Callable[[Any], object], argument: object) -> None:
        try:
            callback(argument)
        except Exception as error:  # noqa: BLE001  # a user's callback may raise anything; it is counted and named
            self._ledger.count_callback_error()
            _log.error("a callback raised %s", type(error).__name__)
