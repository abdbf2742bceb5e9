"""The way in: what is posted goes to the intake at once, all else to the routes."""

from __future__ import annotations

import logging

from starlette.requests import ClientDisconnect

from segment_client.collector.paths import find_target
from segment_client.collector.problem import Problem
from segment_client.collector.web.answers import answer, failure
from segment_client.collector.web.asgi import App, Message, Receive, Send
from segment_client.collector.web.intake import Intake

__all__ = ["Front"]

_log = logging.getLogger("segment_client.collector")


class Front:
    """ASGI middleware: a path that takes events needs none of the routes, and no time is lost on them."""

    def __init__(self, app: App, intake: Intake) -> None:
        self._app = app
        self._intake = intake

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        target = find_target(scope["path"]) if scope["type"] == "http" else None
        if target is None:
            await self._app(scope, receive, send)
            return
        if scope["method"] != "POST":
            allow = {"allow": "OPTIONS, POST"}
            response = answer(Problem(405, "method_not_allowed", "This path takes POST only.", headers=allow))
        else:
            try:
                response = await self._intake.collect(target, scope, receive)
            except Problem as problem:
                response = answer(problem)
            except ClientDisconnect:
                return
            except Exception:  # noqa: BLE001 - whatever it is, the sender is answered and the log says why
                _log.exception("a request to %s failed", scope["path"])
                response = failure()
        await response(scope, receive, send)
