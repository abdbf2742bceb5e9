"""The faults that a collector was asked for, on the paths that take events."""

from __future__ import annotations

import asyncio

from segment_client.collector.faults import Fault, Faults
from segment_client.collector.paths import find_target
from segment_client.collector.problem import Problem
from segment_client.collector.web.answers import answer
from segment_client.collector.web.asgi import App, Message, Receive, Send

__all__ = ["Faulty"]

_WAITING = (429, 503)
"""The statuses that say when to come again."""


class Faulty:
    """ASGI middleware: meets posted events with faults. Preflights, and all that is read, it lets be."""

    def __init__(self, app: App, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] == "http" and scope["method"] == "POST" and find_target(scope["path"]):
            for fault in self._faults.draw():
                if fault.kind == "latency":
                    await asyncio.sleep(fault.value)
                else:
                    await self._fail(fault, scope, receive, send)
                    return
        await self._app(scope, receive, send)

    async def _fail(self, fault: Fault, scope: Message, receive: Receive, send: Send) -> None:
        if fault.kind == "status":
            status = int(fault.value)
            headers = {"retry-after": "1"} if status in _WAITING else {}
            problem = Problem(status, "fault", "This fault was asked for with --fault.", headers=headers)
            await answer(problem)(scope, receive, send)
            return
        if fault.kind == "lost":
            await self._app(scope, receive, _unsent)
        scope["state"]["reset"]()
        while (await receive())["type"] != "http.disconnect":
            pass


async def _unsent(_message: Message) -> None:
    """Drop what would be answered."""
