"""uvicorn in a thread of its own."""

from __future__ import annotations

import asyncio
from functools import partial
from socket import socket
from threading import Event, Thread
from typing import cast

import uvicorn

from segment_client.collector.web.access import Accessed
from segment_client.collector.web.connection import Connection, Patience

__all__ = ["ServerThread"]


class ServerThread:
    """uvicorn in a thread of its own, on a socket that listens already; constructed when it answers.

    `most` is how many may be connected at a time, whom it gives `patience`.
    """

    def __init__(self, app: Accessed, listener: socket, patience: Patience, most: int) -> None:
        protocol = cast(type[asyncio.Protocol], partial(Connection, patience=patience, most=most))
        config = uvicorn.Config(
            app, loop="asyncio", http=protocol, ws="none", lifespan="off", log_config=None, access_log=False,
            server_header=False, timeout_keep_alive=75, timeout_graceful_shutdown=5,
        )  # fmt: skip
        self._answering = Event()
        self._server = _Server(config, self._answering)
        self._thread = Thread(target=self._run, args=(listener,), name="collector", daemon=True)
        self._thread.start()
        self._answering.wait()

    def stop(self) -> None:
        """Finish the requests under way (5 s at most), then end the thread and close the socket."""
        self._server.should_exit = True
        self._thread.join()

    def _run(self, listener: socket) -> None:
        try:
            self._server.run([listener])
        finally:
            self._answering.set()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, answering: Event) -> None:
        super().__init__(config)
        self._answering = answering

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self._answering.set()
