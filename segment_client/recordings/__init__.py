"""Requests that real clients of other vendors made, recorded once, for replaying into a collector."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

__all__ = ["Call", "Recording", "load"]


@dataclass(frozen=True, slots=True)
class Call:
    """One request: `headers` as sent, in order and with repeats; `body` the bytes on the wire."""

    method: str
    path: str
    query: dict[str, str]
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Recording:
    """The requests that one client made. `name` is the client, its version and how it was set up."""

    name: str
    calls: tuple[Call, ...]


def load() -> list[Recording]:
    """Return all recordings, by name."""
    found = [file for file in files(__name__).iterdir() if file.name.endswith(".json")]
    return [
        Recording(file.name.removesuffix(".json"), tuple(map(_call, json.loads(file.read_text("utf-8")))))
        for file in sorted(found, key=lambda file: file.name)
    ]


def _call(recorded: dict[str, Any]) -> Call:
    headers = tuple((name, value) for name, value in recorded["headers"])
    return Call(recorded["method"], recorded["path"], recorded["query"], headers, _body(recorded))


def _body(recorded: dict[str, Any]) -> bytes:
    if "raw_base64" in recorded:
        return b64decode(recorded["raw_base64"])
    if "json" not in recorded:
        return b""
    spaced = json.dumps(recorded["json"]).encode()
    if len(spaced) == recorded["raw_length"]:  # as Python's clients write it; JavaScript's write no spaces
        return spaced
    return json.dumps(recorded["json"], ensure_ascii=False, separators=(",", ":")).encode()
