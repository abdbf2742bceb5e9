"""Judges one record: the sparse row of its event, or what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import from_json
from semantic_events import RowError, SemanticEvent, from_row
from semantic_events.warehouse import COLUMNS, to_sparse_row

from segment_client.backfill.records import Record, Unreadable
from segment_client.errors import DecodeError, SegmentError
from segment_client.ids import usable_message_id
from segment_client.wire import Identity, decode

__all__ = ["Flaw", "Judge"]

_NOBODY = UUID(int=0)
_KEYS = frozenset({"writeKey", "write_key"})
_OWN = frozenset({"message_id", "messageId", "entity_gid"})
_MOST = 100


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with a record: where, what, and in a word why."""

    path: str
    message: str
    type: str


@dataclass(frozen=True, slots=True)
class Judge:
    """Validates records of either wire format, or rows of the warehouse's table.

    `entity_gid` and `partition` are for calls that name none, `now` is the time of those that name no time.
    """

    entity_gid: UUID | None
    partition: str
    now: datetime

    def judge(self, record: Record) -> dict[str, object] | list[Flaw]:
        """Return the sparse row of the record's event, or every flaw of it."""
        try:
            event = self._event(record)
            if event.entity_gid == _NOBODY and self.entity_gid is None:
                return [Flaw("entity_gid", "The call names no entity: pass --entity-gid.", "no_entity")]
            return to_sparse_row(event)
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=False, include_input=False)
            return [Flaw(_path(each["loc"]), each["msg"], each["type"]) for each in details[:_MOST]]
        except DecodeError as error:
            return [Flaw(_path(each["loc"]), each["msg"], each["type"]) for each in error.errors[:_MOST]]
        except RowError as error:
            column, _, message = str(error).partition(": ")
            return [Flaw(column, message, "out_of_range")]
        except SegmentError as error:
            return [Flaw("", str(error), "invalid_call")]
        except RecursionError:
            return [Flaw("", "The record is nested too deeply.", "too_deep")]
        except _NoCallError as error:
            return [Flaw("", str(error), error.kind)]

    def _event(self, record: Record) -> SemanticEvent:
        if isinstance(record.value, Unreadable):
            raise _NoCallError(record.value.reason, "unreadable")
        if isinstance(record.value, Mapping) and "event_gid" in record.value and _is_row(record.value):
            return from_row(record.value)
        call = _parsed(record.value) if isinstance(record.value, bytes) else _said(record.value)
        if not isinstance(call, dict):
            raise _NoCallError("An event is a JSON object.", "invalid_shape")
        call = {name: value for name, value in call.items() if name not in _KEYS}
        if not any(call.get(name) for name in _OWN):
            place = f"{record.position}: {json.dumps(call, sort_keys=True, default=str)}"
            call["messageId"] = usable_message_id(place)  # the same one when the part is done again
        return decode(call, Identity(self.entity_gid or _NOBODY, self.partition), self.now)


class _NoCallError(Exception):
    """What is no call at all; `kind` says why in a word."""

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


def _parsed(line: bytes) -> object:
    try:
        return from_json(line, allow_inf_nan=False)
    except ValueError as error:
        raise _NoCallError(f"The record is no JSON: {error}.", "invalid_json") from None


def _is_row(row: Mapping[str, object]) -> bool:
    """Tell a row of the table from an event whose fields are columns: it has columns with dots in them."""
    return any("." in column for column in row) and row.keys() <= set(COLUMNS)


def _said(value: Any) -> Any:
    """Return a row of Parquet as JSON says it: without nulls, keys, times and days as texts."""
    if isinstance(value, Mapping):
        return {str(name): _said(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_said(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat() if value.tzinfo else f"{value.isoformat()}Z"
    if isinstance(value, Decimal):
        return float(value) if value % 1 else int(value)
    return value.isoformat() if isinstance(value, date) else value


def _path(steps: tuple[str | int, ...]) -> str:
    return ".".join(map(str, steps))
