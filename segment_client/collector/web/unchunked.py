"""Answers to clients of HTTP/1.0, which know no chunks: such an answer ends where the connection does."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from segment_client.collector.web.asgi import Message, Send

__all__ = ["unchunked"]


def unchunked(cycle: RequestResponseCycle) -> Send:
    """Return the `send` of a request in HTTP/1.0; uvicorn would cut into chunks what says no length."""
    send: Send = cycle.send  # type: ignore[assignment]  # uvicorn tells each message by its own type
    is_endless = False

    async def sent(message: Message) -> None:
        nonlocal is_endless
        if message["type"] == "http.response.start":
            is_endless = all(name.lower() != b"content-length" for name, _ in message.get("headers", ()))
            if is_endless:
                cycle.chunked_encoding = False
        elif is_endless:
            cycle.expected_content_length += len(message.get("body", b""))
        await send(message)

    return sent
