"""Where a collector's events are kept, and examined calls on their way there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from segment_client.collector.examine import Accepted, Rejected
from segment_client.collector.labels import labels
from segment_client.collector.problem import CallError
from segment_client.errors import InvalidValueError
from segment_client.sinks import Sink, Unfit
from segment_client.sinks.address import parse_address
from segment_client.sinks.opening import open_sink

__all__ = ["find_sink", "keep_in"]


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

    Raises SinkError where the sink does not confirm.
    """
    accepted = [call for call in calls if isinstance(call, Accepted)]
    rejected = [call for call in calls if isinstance(call, Rejected)]
    unfit = sink.write(accepted, rejected, now)
    refused = {id(accepted[each.position]): _refused(accepted[each.position], each) for each in unfit}
    if refused:
        sink.write([], list(refused.values()), now)
    return [refused.get(id(call), call) for call in calls]


def _refused(call: Accepted, unfit: Unfit) -> Rejected:
    errors: list[CallError] = [{"path": "", "message": unfit.reason, "type": "unfit"}]
    return Rejected(errors, call.raw, labels(json.loads(call.raw)))
