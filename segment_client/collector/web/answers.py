"""A problem as an answer."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from segment_client.collector.problem import Problem

__all__ = ["answer", "failure"]


def answer(problem: Problem) -> Response:
    """Return the answer that a problem is."""
    return JSONResponse(problem.body(), problem.status, problem.headers)


def failure() -> Response:
    """Return the answer to a request at which the collector itself failed."""
    return answer(Problem(500, "internal_error", "The collector failed: its log says why."))
