"""Where a collector's events are kept, and examined calls on their way there."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from segment_client.collector.examine import Accepted, Rejected
from segment_client.collector.labels import labels
from segment_client.collector.problem import CallError, Problem
from segment_client.errors import InvalidValueError, SinkError
from segment_client.sinks import Sink, Unfit
from segment_client.sinks.address import parse_address
from segment_client.sinks.opening import open_sink

__all__ = ["find_sink", "keep_in"]

_log = logging.getLogger("segment_client.collector")


def find_sink(address: str, db: str | Path | None) -> tuple[Sink | None, str | Path | None]:
    """Return the sink at an address, or None for SQLite, and the SQLite file, None for none.

    `db` is the file that was given beside the address. Raises InvalidValueError for what cannot be used.
    """
    parsed = parse_address(address)
    if parsed.scheme != "sqlite":
        return open_sink(parsed), db
    if parsed.path and db is not None:
        raise InvalidValueError("the sink is a file of SQLite, and so is db: leave one out")
    if parsed.parts.netloc or parsed.parameters:
        raise InvalidValueError("the sink is no file: write sqlite:FILE")
    return None, parsed.path or db


def keep_in(sink: Sink, calls: Sequence[Accepted | Rejected], now: datetime) -> list[Accepted | Rejected]:
    """Write calls into a sink; return them, of which those that it can never hold are rejected now.

    Raises Problem 503 where the sink does not confirm: nothing is lost, as the sender has it still.
    """
    accepted = [call for call in calls if isinstance(call, Accepted)]
    rejected = [call for call in calls if isinstance(call, Rejected)]
    try:
        unfit = sink.write(accepted, rejected, now)
        refused = {id(accepted[each.position]): _refused(accepted[each.position], each) for each in unfit}
        if refused:
            sink.write([], list(refused.values()), now)
    except SinkError as error:
        _log.error("the sink did not confirm %d calls: %s", len(calls), error)
        message = "The events cannot be kept now: send them again."
        raise Problem(503, "not_kept", message, headers={"retry-after": "5"}) from error
    return [refused.get(id(call), call) for call in calls]


def _refused(call: Accepted, unfit: Unfit) -> Rejected:
    errors: list[CallError] = [{"path": "", "message": unfit.reason, "type": "unfit"}]
    return Rejected(errors, call.raw, labels(json.loads(call.raw)))
