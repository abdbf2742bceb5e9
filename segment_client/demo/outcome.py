"""What the demo did: a line of its report, and what the server should hold because of it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One call or one recorded client.

    `sender` and `call` say who did what, `answer` what came of it. The server should hold the events
    `message_ids` and have rejected `rejected` more. `refusals` are the field and the reason of what the
    client refused to send. `problem` says what went wrong, if anything did.
    """

    sender: str
    call: str
    answer: str
    message_ids: tuple[str, ...] = ()
    rejected: int = 0
    refusals: tuple[tuple[str, str], ...] = ()
    problem: str | None = None
