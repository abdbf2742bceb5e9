"""For handlers whose process is frozen or ended as soon as they return: AWS Lambda, Cloud Functions, jobs."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from segment_client.accounting import Stats
from segment_client.client import SegmentClient
from segment_client.config import check_number
from segment_client.errors import InvalidTypeError

__all__ = ["flush_on_return"]

_P = ParamSpec("_P")
_R = TypeVar("_R")

_log = logging.getLogger("segment_client")


def flush_on_return(
    client: SegmentClient, timeout: float = 10.0
) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Decorate a handler, sync or async, so that its events are flushed before it returns or raises.

    >>> client = SegmentClient("key", entity_gid, "default", delivery="background")
    >>> @flush_on_return(client)
    ... def handler(event, context): ...

    The client stays open for the next invocation. A frozen process runs no thread: an event that is still
    queued is sent with the next invocation, or never. `timeout` is in seconds; when it is over, the handler
    returns all the same, a warning says how many events are left, and they stay queued.

    Raises InvalidTypeError for what is no client, and for a generator, which runs only after it was returned:
    call `client.flush()` at its end.
    """
    if not isinstance(client, SegmentClient):
        raise InvalidTypeError(
            f"flush_on_return got a {type(client).__name__}: pass the client, as in @flush_on_return(client)"
        )
    check_number("timeout", timeout, 0)

    def decorate(handler: Callable[_P, _R]) -> Callable[_P, _R]:
        if _is(inspect.isgeneratorfunction, handler) or _is(inspect.isasyncgenfunction, handler):
            raise InvalidTypeError(
                "flush_on_return got a generator, which runs after it was returned:"
                " call client.flush() at its end"
            )
        if _is(inspect.iscoroutinefunction, handler):
            return cast(
                Callable[_P, _R], _async(client, timeout, cast(Callable[_P, Awaitable[Any]], handler))
            )
        return _sync(client, timeout, handler)

    return decorate


def _sync(client: SegmentClient, timeout: float, handler: Callable[_P, _R]) -> Callable[_P, _R]:
    @wraps(handler)
    def flushing(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        before = client.stats()
        try:
            return handler(*args, **kwargs)
        finally:
            if not client.flush(timeout):
                _warn(before, client.stats())

    return flushing


def _async(
    client: SegmentClient, timeout: float, handler: Callable[_P, Awaitable[_R]]
) -> Callable[_P, Awaitable[_R]]:
    @wraps(handler)
    async def flushing(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        before = client.stats()
        try:
            return await handler(*args, **kwargs)
        finally:
            if not await client.aflush(timeout):
                _warn(before, client.stats())

    return flushing


def _is(kind: Callable[[object], bool], handler: object) -> bool:
    """Tell whether a handler is of a kind, be it a function or an object that is called like one."""
    return kind(handler) or kind(getattr(handler, "__call__", None))  # noqa: B004  # its own, to look into it


def _warn(before: Stats, after: Stats) -> None:
    """Say what was not sent; what was dropped before this invocation has been told already."""
    dropped = after.dropped - before.dropped
    if after.pending or after.spooled or dropped:
        _log.warning(
            "a handler returns and not all of its events were sent: %d pending, %d spooled, %d dropped;"
            " give flush_on_return more time, or see on_error",
            after.pending,
            after.spooled,
            dropped,
        )
