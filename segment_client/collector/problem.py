"""A request that is refused, said in the one form that every error answer of the collector has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

__all__ = ["CallError", "Problem"]


class CallError(TypedDict):
    """What is wrong with a call: the field (a dotted path, "" for the call), a message, and its kind.

    `expected` says in a few words what the schema has there, where it says something.
    """

    path: str
    message: str
    type: str
    expected: NotRequired[str]


class Problem(Exception):  # noqa: N818 - an answer to be given, not a fault of this program
    """A request that is answered with an error: an HTTP status, a stable `code` and a message for people."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        errors: Sequence[CallError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.errors = list(errors)
        self.headers = dict(headers or {})

    def __reduce__(self) -> tuple[object, ...]:
        return Problem, (self.status, self.code, self.message, self.errors, self.headers)

    def body(self) -> dict[str, object]:
        """Return the answer's JSON object; clients of every vendor look for text in `code` and `message`."""
        body: dict[str, object] = {"code": self.code, "message": self.message}
        return {**body, "errors": self.errors} if self.errors else body
