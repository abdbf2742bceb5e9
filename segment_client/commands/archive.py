"""Archives of events: JSON lines or a JSON list of calls of either format, or recorded requests."""

from __future__ import annotations

import gzip
import json
import zlib
from base64 import b64decode
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BufferedIOBase, BufferedReader, BytesIO
from pathlib import Path
from typing import Any

from segment_client.collector.calls import Calls, Unreadable, read_calls
from segment_client.collector.paths import Target, find_target
from segment_client.collector.problem import Problem
from segment_client.errors import InvalidValueError
from segment_client.ids import usable_message_id

__all__ = ["Entry", "entries"]

_GZIP_MAGIC = b"\x1f\x8b"
_UNUSABLE = (ValueError, RecursionError, KeyError, TypeError, AttributeError, OSError, EOFError, zlib.error)
"""What reading a call raises, or a recorded request whose parts are of other types or cut off."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a file, or an item of its list: its number, from 1, and the calls in it."""

    number: int
    calls: Calls


def entries(file: Path) -> Iterator[Entry]:
    """Yield what a file holds, in order, without holding all of it where it has lines.

    A call of Segment's format that names no message id gets one of its place and content: loading the file
    again is loading the same events. What is no JSON is an Unreadable call. Raises InvalidValueError for a
    file that cannot be read, or not to its end, once what stands before is yielded.
    """
    number = 0
    try:
        with file.open("rb") as raw, _inflated(raw) as lines:
            for number, value in _values(lines):
                yield Entry(number, _calls(number, value))
    except (OSError, EOFError, zlib.error) as error:
        if number:
            hint = f"what is before is loaded; get the whole file, and go on with --start {number + 1}"
            raise InvalidValueError(f"{file} cannot be read beyond line {number} ({error}): {hint}") from None
        raise InvalidValueError(f"{file} cannot be read ({error}): name a file of JSON") from None


def _inflated(raw: BufferedReader) -> BufferedIOBase:
    return gzip.open(raw) if raw.peek(2).startswith(_GZIP_MAGIC) else raw


def _values(lines: BufferedIOBase) -> Iterator[tuple[int, object]]:
    """Yield the bytes of each line, or the items of the list that the file is."""
    numbered = enumerate(lines, start=1)
    for number, line in numbered:
        text = line.removeprefix(BOM_UTF8).strip() if number == 1 else line.strip()
        if not text:
            continue
        if text.startswith(b"["):
            rest = lines.read()
            items = _list(text + b"\n" + rest)
            if items is not None:
                yield from enumerate(items, start=1)
                return
            numbered = enumerate(BytesIO(rest), start=number + 1)  # a line that is a list, and other lines
        yield number, text
        break
    for number, line in numbered:
        if text := line.strip():
            yield number, text


def _list(body: bytes) -> list[object] | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) else None


def _calls(number: int, value: object) -> Calls:
    try:
        if isinstance(value, bytes):
            value = json.loads(value)
        if isinstance(value, Mapping) and "method" in value:
            calls = _recorded(value)
        elif isinstance(value, Mapping) and isinstance(value.get("batch"), list):
            calls = read_calls(json.dumps(value).encode(), Target("batch"))
        else:
            calls = Calls(value if isinstance(value, list) else [value])
    except Problem as problem:
        return Calls([Unreadable(number, problem.message)])
    except _UNUSABLE as error:
        return Calls([Unreadable(number, f"It is no JSON of a call ({type(error).__name__}).")])
    return Calls(_named(calls.calls, number), sent_at=calls.sent_at)


def _recorded(value: Mapping[str, Any]) -> Calls:
    """Return the calls of a recorded request; none of one that sent no events."""
    target = find_target(value["path"])
    if value["method"] != "POST" or target is None:
        return Calls([])
    if "json" in value:
        return read_calls(json.dumps(value["json"]).encode(), target)
    raw = b64decode(value["raw_base64"])
    return read_calls(gzip.decompress(raw) if raw.startswith(_GZIP_MAGIC) else raw, target)


def _named(calls: Iterable[object], number: int) -> list[object]:
    """Give each call without a message id one of its line and content; those that are equal get others."""
    seen = Counter[str]()
    return [_with_id(call, number, seen) if _lacks_id(call) else call for call in calls]


def _lacks_id(call: object) -> bool:
    return isinstance(call, dict) and not (
        call.get("messageId") or "message_id" in call or "entity_gid" in call
    )


def _with_id(call: Any, number: int, seen: Counter[str]) -> object:
    try:
        content = json.dumps(call, sort_keys=True)
    except RecursionError:  # who examines it says that it is nested too deeply
        return call
    seen[content] += 1
    place = f"{number}" if seen[content] == 1 else f"{number}.{seen[content]}"
    return {**call, "messageId": usable_message_id(f"{place}: {content}")}
