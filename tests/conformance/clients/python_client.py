"""Sends the calls of a file through a vendor's Python client: each by itself, then all some times in batches.

Arguments: the client's module, the server's base URL, the write key, the file, how many times.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

__all__: list[str] = []

_NAMES = {"userId": "user_id", "groupId": "group_id", "previousId": "previous_id"}


def _make(client: Any, type: str, timestamp: str, **fields: object) -> None:  # noqa: A002 - a call's own key
    named = {_NAMES.get(name, name): value for name, value in fields.items()}
    getattr(client, type)(timestamp=datetime.fromisoformat(timestamp), **named)


def _main(module: str, host: str, write_key: str, file: str, times: str) -> None:
    text = Path(file).read_text("utf-8")
    client = import_module(f"{module}.client").Client(write_key, host=host, upload_size=20)
    for call in json.loads(text):
        _make(client, **call)
        client.flush()
    for _ in range(int(times)):
        for call in json.loads(text):  # read again, as a client may change what it is passed
            _make(client, **call)
    client.shutdown()


_main(*sys.argv[1:])
