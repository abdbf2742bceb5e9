"""The live stream: server-sent events of what changes, from any point on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool

from segment_client.collector.api import change_id, row_json
from segment_client.collector.feed import Feed
from segment_client.collector.search.terms import Search
from segment_client.collector.store.finding import Finder

__all__ = ["read_id", "stream"]

_MOST = 500
_PAUSE = 0.05
_PING_SECONDS = 15.0
_RETRY = "retry: 1000\n\n"
_PING = ": ping\n\n"


def read_id(text: str, epoch: int) -> int | None:
    """Return the number in an id, None for an id that is not one of this store's."""
    head, _, number = text.partition("-")
    valid = head == str(epoch) and number.isascii() and number.isdigit() and len(number) < 19
    return int(number) if valid else None


async def stream(find: Finder, feed: Feed, search: Search, start: int | None) -> AsyncIterator[str]:
    """Yield what changes after the number `start` until the feed is closed.

    Events: `call` with a list row, `cleared` after the store was emptied, `gap` where too much was missed to
    be told (also for `start` None): what is shown is to be read again; and `counts` after each of them. Many
    changes in a short time come together. `expired` says before which number no call is kept any more.
    """
    yield _RETRY
    epoch = await run_in_threadpool(find.epoch)
    first = await run_in_threadpool(find.cleared) + 1
    after = -1 if start is None else start
    while not feed.closed:
        oldest = await run_in_threadpool(find.first)  # what is cleared from now on is told as that
        changes = await run_in_threadpool(find.changes, search, after, _MOST)
        if after < 0 or changes.gap:
            yield _event("gap", "{}", change_id(epoch, changes.last))
        elif changes.cleared:
            first = await run_in_threadpool(find.cleared) + 1
            yield _event("cleared", "{}", None)
        for row in changes.rows:
            yield _event("call", row_json(row), change_id(epoch, row.change))
        if changes.last != after:
            counts = await run_in_threadpool(find.counts)
            yield _event("counts", json.dumps(counts), change_id(epoch, changes.last))
        if oldest > first:
            first = oldest
            yield _event("expired", json.dumps({"first": first}), None)
        after = changes.last
        while not await feed.wait(after, _PING_SECONDS):
            yield _PING
        await asyncio.sleep(_PAUSE)


def _event(name: str, data: str, number: str | None) -> str:
    head = f"id: {number}\n" if number is not None else ""
    return f"{head}event: {name}\ndata: {data}\n\n"
