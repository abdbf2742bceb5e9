"""How much the collector takes in a second, and how fast it answers when much is stored.

    python -m benchmarks.collector [--seconds 5] [--stored 200000]

A collector runs as a process of its own with an SQLite file, and senders, one process each, keep it busy:
each event is validated, held against the catalogue, and stored before it is answered. Beside the rates by the
wall clock stand those by the collector's own processor time, which a busy machine changes less.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import uuid4

from segment_client.collector.examine import Accepted, examine
from segment_client.collector.head import Head
from segment_client.collector.store import Store
from segment_client.wire import Identity

__all__ = ["main"]

_MOST = {1: 6000, 100: 400}
"""How many requests of a size are made beforehand for each second, all senders together."""

_LOADS = (
    ("batches of 100 from 4", "/v1/batch", 100, 4, 0),
    ("the same, 2 processes more", "/v1/batch", 100, 4, 2),
    ("single calls from 4", "/v1/track", 1, 4, 0),
    ("single calls from 16", "/v1/track", 1, 16, 0),
)
_QUERIES = {
    "newest rows": "/api/calls?limit=100",
    "newest of a type": "/api/calls?limit=100&type=page",
    "one user's": "/api/calls?limit=100&user=user-77",
    "text that few hold": "/api/calls?limit=100&q=needle",
    "text that none holds": "/api/calls?limit=100&q=haystack",
    "rejected": "/api/calls?limit=100&status=rejected",
    "counts by minute": "/api/stats?minutes=60",
}
_PART = 1000
_TICKS = 100
_WHOLE = re.compile(rb"(?s:.*?)\r\ncontent-length: (?P<length>[0-9]+)(?s:.*?)\r\n\r\n", re.IGNORECASE)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure the loads and the queries, and print a table."""
    parser = argparse.ArgumentParser(description="How much the collector takes, and how fast it answers.")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long to send each load")
    parser.add_argument("--stored", type=int, default=200_000, help="events to store before the queries")
    arguments = parser.parse_args(argv)
    if arguments.seconds <= 0 or arguments.stored < _PART:
        parser.error(f"--seconds must be positive, and --stored at least {_PART}")
    _tell("load", "events/s", "requests/s", "events/s of processor time")
    for name, path, size, senders, processes in _LOADS:
        _tell(name, *_load(path, size, arguments.seconds, senders, processes))
    _tell(f"\nwith {arguments.stored:,} events stored", "milliseconds", "", "")
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder, "events.sqlite")
        _fill(db, arguments.stored)
        with _collector(db) as (_, port):
            for name, path in _QUERIES.items():
                _tell(name, min(_milliseconds(port, "GET", path) for _ in range(3)), "", "")
            _tell("delete all", _milliseconds(port, "DELETE", "/api/events"), "", "")
    return 0


def event(message_id: str, number: int = 0) -> dict[str, Any]:
    """Return a call as clients send it."""
    properties = {"article_id": f"a{number}", "title": "How we write", "word_count": 350, "published": True}
    context = {
        "library": {"name": "analytics-node", "version": "3.1.0"}, "ip": "203.0.113.7", "locale": "de-DE",
        "page": {"path": "/articles/a1", "title": "How we write", "url": "https://example.com/articles/a1"},
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    }  # fmt: skip
    return {
        "type": "track",
        "event": "Article Completed",
        "userId": f"user-{number % 1000}",
        "messageId": message_id,
        "timestamp": "2026-01-31T09:30:00.000Z",
        "properties": properties,
        "context": context,
    }


def _load(path: str, size: int, seconds: float, senders: int, processes: int) -> tuple[float, float, float]:
    with (
        tempfile.TemporaryDirectory() as folder,
        _collector(Path(folder, "events.sqlite"), processes) as (process, port),
    ):
        gate = multiprocessing.Barrier(senders + 1)
        done: multiprocessing.Queue[int] = multiprocessing.Queue()
        most = int(seconds * _MOST[size] / senders)
        sending = [
            multiprocessing.Process(target=_send, args=(port, path, size, most, seconds, gate, done))
            for _ in range(senders)
        ]
        for sender in sending:
            sender.start()
        gate.wait()
        began, used = time.perf_counter(), _processor(process.pid)
        sent = sum(done.get() for _ in sending)
        took, used = time.perf_counter() - began, _processor(process.pid) - used
        for sender in sending:
            sender.join()
        stored = _ask(port, "GET", "/api/stats")["stored"]
    if stored != sent * size:
        raise SystemExit(f"{sent * size} events were acknowledged, {stored} are stored")
    return stored / took, sent / took, stored / used


def _send(port: int, path: str, size: int, most: int, seconds: float, gate: Any, done: Any) -> None:
    """Send requests that were made before, one after another, on one connection."""
    name = uuid4().hex[:12]
    requests: list[bytes] = []
    for number in range(most):
        calls = [event(f"{name}-{number}-{place}", number + place) for place in range(size)]
        requests.append(_request(path, json.dumps({"batch": calls} if size > 1 else calls[0]).encode()))
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        gate.wait()
        end, sent = time.perf_counter() + seconds, 0
        for request in requests:
            connection.sendall(request)
            sent += _answer(connection).startswith(b"HTTP/1.1 200 ")
            if time.perf_counter() > end:
                break
    done.put(sent)


def _request(path: str, body: bytes) -> bytes:
    """Return a request as it goes over the wire: the senders are to leave the machine to the collector."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: identity\r\n"
        f"Content-Length: {len(body)}\r\nX-Write-Key: benchmark\r\n\r\n"
    )
    return head.encode() + body


def _answer(connection: socket.socket) -> bytes:
    """Read one answer to its end, and return it."""
    answer = connection.recv(65_536)
    while not (found := _WHOLE.match(answer)) or len(answer) < found.end() + int(found["length"]):
        more = connection.recv(65_536)
        if not more:
            raise SystemExit(f"the collector closed the connection after {answer!r}")
        answer += more
    return answer


@contextmanager
def _collector(db: Path, processes: int = 0) -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = [sys.executable, "-m", "segment_client.cli", "collect", "--port", "0", "--db", str(db)]
    command += ["--processes", str(processes)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            listening = next(iter(process.stdout or ()))
            yield process, int(listening.rsplit(":", 1)[1])
        finally:
            process.terminate()


def _processor(pid: int) -> float:
    """Return the seconds of processor time that a process and its children have had."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return (int(fields[11]) + int(fields[12])) / _TICKS + sum(_processor(int(child)) for child in children)


def _fill(db: Path, number: int) -> None:
    """Store events of a day, of some types, one in a thousand of which holds a needle."""
    store, now = Store(db), datetime.now(UTC)
    identity = Identity(uuid4(), "default")
    template = examine(event("m"), identity, now)
    if not isinstance(template, Accepted):
        raise SystemExit(f"the sample is refused: {template.errors}")
    types = ("track", "track", "track", "page", "identify")
    for start in range(0, number, _PART):
        received = now - timedelta(days=1) * (1 - start / number)
        calls = []
        for place in range(start, min(start + _PART, number)):
            raw = template.raw.replace("How we write", "needle") if place % 1000 == 0 else template.raw
            calls.append(
                Accepted(
                    template.entity_gid, f"m{place}", types[place % len(types)], "Article Completed",
                    f"user-{place % 1000}", None, "", template.body, raw,
                )
            )  # fmt: skip
        store.save(calls, Head("POST", "/v1/batch", ()), received)
    store.close()


def _milliseconds(port: int, method: str, path: str) -> float:
    began = time.perf_counter()
    _ask(port, method, path)
    return (time.perf_counter() - began) * 1000


def _ask(port: int, method: str, path: str) -> Any:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        if answer.status != 200:
            raise SystemExit(f"{method} {path} was answered {answer.status}")
        return json.loads(answer.read())
    finally:
        connection.close()


def _tell(name: str, *figures: object) -> None:
    shown = "".join(
        f"{figure:>16,.0f}" if isinstance(figure, float) else f"{figure:>16}" for figure in figures
    )
    sys.stdout.write(f"{name:<36}{shown}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
