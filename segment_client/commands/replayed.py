"""The requests that recordings and raw calls are sent on by, as they are but for the write key."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from gzip import compress, decompress
from itertools import groupby
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from semantic_events.wire import CALL_TYPES

from segment_client.endpoint import Endpoint, parse_endpoint
from segment_client.errors import InvalidValueError
from segment_client.transport import Request

__all__ = ["Replayed", "calls_in", "in_batch", "in_files"]

_KEY_NAMES = frozenset({"writeKey", "write_key"})
_SENDERS_HEADERS = frozenset(
    {"authorization", "connection", "content-length", "host", "transfer-encoding", "x-write-key"}
)
_GZIP_MAGIC = b"\x1f\x8b"
_HEADER = re.compile("[!-9;-~]+:[\t -~\x80-\xff]*")
_UNUSABLE = (KeyError, ValueError, TypeError, AttributeError, OSError, EOFError, zlib.error)
_TIMEOUT = 10.0
_MOST_BYTES, _MOST_OF_A_CALL = 500_000, 32_768
"""The largest body that Segment takes, and the largest call in it: for one it refuses the whole batch."""
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Replayed:
    """A request to send, and how many items of what is replayed it holds."""

    request: Request
    items: int = 1


def in_files(files: Sequence[Path], endpoint: str, key: str) -> list[Replayed]:
    """Return the requests of files: of recordings, or of raw calls; raises InvalidValueError for others.

    A recorded request goes to its own path on the endpoint's host, a raw call where the client would post it.
    """
    return [Replayed(request) for file in files for request in _requests(file, endpoint, key)]


def in_batch(calls: Sequence[Mapping[str, Any]], endpoint: str, key: str) -> Iterator[Replayed]:
    """Yield the requests of calls that were stored: neighbours of one format together, where that can be.

    A request with more than one call has at most the 500 KB that Segment takes, and each of them at most the
    32 KB: what is larger goes by itself, so that its refusal is that of no other call.
    """
    for wire, together in groupby(calls, _wire):
        target = _target(endpoint, wire)
        if not target.takes_batches:
            yield from (Replayed(_raw(call, "a stored call", endpoint, key)) for call in together)
            continue
        form = b'{"batch":[%b]}' if target.wire == "segment" else b"[%b]"
        headers = _JSON | _authorization(key)
        for bodies in _parts((_encoded(call, key) for call in together), _MOST_BYTES - len(form)):
            request = Request(target.batch_url(), form % b",".join(bodies), headers, _TIMEOUT)
            yield Replayed(request, len(bodies))


def _parts(bodies: Iterable[bytes], room: int) -> Iterator[Sequence[bytes]]:
    """Yield neighbours together, as many as have room with a comma after each; alone what is too large."""
    part: list[bytes] = []
    left = room
    for body in bodies:
        size = len(body) + 1 if len(body) <= _MOST_OF_A_CALL else room
        if part and size > left:
            yield part
            part, left = [], room
        part.append(body)
        left -= size
    if part:
        yield part


def _target(endpoint: str, wire: Literal["segment", "semantic"]) -> Endpoint:
    """Return where to post; whether plain http may go there, the command has asked."""
    return parse_endpoint(endpoint, wire, allow_http=True)


def _wire(call: Mapping[str, Any]) -> Literal["segment", "semantic"]:
    return "semantic" if "message_id" in call else "segment"


def calls_in(body: bytes) -> list[Mapping[str, Any]]:
    """Return the calls that a body holds, gzip or not: those of a batch, or the one that it is."""
    value = json.loads(decompress(body) if body.startswith(_GZIP_MAGIC) else body or b"[]")
    calls = value.get("batch", [value]) if isinstance(value, dict) else value
    return [call for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []


def _requests(file: Path, endpoint: str, key: str) -> Iterator[Request]:
    for where, value in _values(file):
        if "method" not in value:
            yield _raw(value, where, endpoint, key)
        elif value["method"] == "POST":
            yield _recorded(value, where, endpoint, key)


def _values(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects of a JSON list or of JSON lines, each with its place."""
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidValueError(f"{file} cannot be read ({error}): name a file of JSON") from None
    if text.lstrip().startswith("["):
        places = enumerate(_parsed(text, str(file)), start=1)
        found = [(f"{file}, item {number}", value) for number, value in places]
    else:
        lines = [
            (f"{file}:{number}", line)
            for number, line in enumerate(text.split("\n"), start=1)  # a text may hold other ends of a line
            if line.strip()
        ]
        found = [(where, _parsed(line, where)) for where, line in lines]
    for where, value in found:
        if not isinstance(value, dict):
            raise InvalidValueError(f"{where} is no JSON object: a recorded request or a raw call is one")
        yield where, value


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidValueError(f"{where} is no JSON ({error}): mend it, or leave it out") from None


def _raw(call: Mapping[str, Any], where: str, endpoint: str, key: str) -> Request:
    """Return the request of a raw call, of the semantic format if it has a `message_id`."""
    if call.get("type") not in CALL_TYPES:
        raise InvalidValueError(f"{where} has no call's type: set its type to one of {', '.join(CALL_TYPES)}")
    target = _target(endpoint, _wire(call))
    value = {"batch": [call]} if target.single_envelope == "batch" else call
    return Request(
        target.single_url(call["type"]), _encoded(value, key), _JSON | _authorization(key), _TIMEOUT
    )


def _recorded(recorded: Mapping[str, Any], where: str, endpoint: str, key: str) -> Request:
    target = _target(endpoint, "segment")
    try:
        raw = b64decode(recorded.get("raw_base64", ""))
        plain = decompress(raw) if raw.startswith(_GZIP_MAGIC) else raw
        value = recorded["json"] if "json" in recorded else json.loads(plain)
        headers = _headers(recorded["headers"])
        query = {
            name: key if name in _KEY_NAMES else text for name, text in recorded.get("query", {}).items()
        }
        origin = urlsplit(target.url)._replace(path=recorded["path"], query=urlencode(query)).geturl()
    except _UNUSABLE as error:
        raise InvalidValueError(f"{where} is no recorded request ({error!r}): record it again") from None
    body = _encoded(value, key)
    body = compress(body, mtime=0) if raw.startswith(_GZIP_MAGIC) else body
    return Request(target.url if target.is_full else origin, body, headers | _authorization(key), _TIMEOUT)


def _headers(recorded: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return those that are not the sender's own; raises ValueError for one that HTTP has no way to say."""
    headers = {name: text for name, text in recorded if name.lower() not in _SENDERS_HEADERS}
    if not all(_HEADER.fullmatch(f"{name}:{text}") for name, text in headers.items()):
        raise ValueError("a header is none")
    return headers


def _encoded(value: object, key: str) -> bytes:
    rekeyed = _rekeyed(value, key)
    try:
        return json.dumps(rekeyed, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # half a surrogate pair, which only JSON's own escapes can say
        return json.dumps(rekeyed, separators=(",", ":")).encode()


def _rekeyed(value: object, key: str) -> object:
    """Return a body with the write key in place of every one that it holds."""
    if isinstance(value, list):
        return [_rekeyed(item, key) for item in value]
    if not isinstance(value, dict):
        return value
    calls = {"batch": _rekeyed(value["batch"], key)} if "batch" in value else {}
    return value | calls | dict.fromkeys(_KEY_NAMES & value.keys(), key)


def _authorization(key: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{key}:'.encode()).decode('ascii')}"}
