"""Sending mutated requests to a collector, and judging what it answers."""

from __future__ import annotations

import http.client
import io
import json
import socket
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from unittest import TestCase

import requests

from segment_client.collector import Collector
from segment_client.collector.web.connection import Patience
from tests.collector.mutants import Mutant, Mutator
from tests.collector.support import WRITE_KEY, track

__all__ = ["attack"]

_TIMEOUT = 20.0
_THREADS = 8
_PATIENCE = Patience(head=1.5, body=1.5)  # enough for a busy machine to send what is whole


def attack(test: TestCase, seed: str, count: int) -> Counter[int]:
    """Send so many mutants; check that each gets a clean answer in time and no good event is lost.

    Returns how often each status was answered; 0 is for a connection closed without a word, which only who
    has sent no whole line may meet.
    """
    mutator = Mutator(seed)
    mutants = [mutator.next() for _ in range(count)]
    with Collector(write_key=WRITE_KEY, patience=_PATIENCE) as collector:
        port = int(collector.url.rpartition(":")[2])
        with ThreadPoolExecutor(_THREADS) as pool:
            answers = list(pool.map(lambda mutant: _answer(port, mutant.data), mutants))
        stored = _stored(collector)
        headers = {"X-Write-Key": WRITE_KEY}
        last = requests.post(
            f"{collector.url}/v1/track", json=track("last"), headers=headers, timeout=_TIMEOUT
        )
        test.assertEqual(last.status_code, 200)
    _judge(test, mutants, answers, stored)
    return Counter(status for status, _ in answers)


def _judge(
    test: TestCase, mutants: Sequence[Mutant], answers: Sequence[tuple[int, bytes]], stored: set[str]
) -> None:
    for mutant, (status, body) in zip(mutants, answers, strict=True):
        shown = (mutant.data[:2000], status, body[:300])
        if mutant.good is not None:
            test.assertEqual(status, 200, shown)
            test.assertIn(mutant.good, stored, shown)
        elif status == 0:
            test.assertNotIn(b"\n", mutant.data.lstrip(b"\r\n"), shown)
        else:
            test.assertTrue(200 <= status < 300 or 400 <= status < 500, shown)
        if status >= 400 and body:
            told = json.loads(body)
            test.assertIsInstance(told["code"], str, shown)
            test.assertIsInstance(told["message"], str, shown)


def _answer(port: int, data: bytes) -> tuple[int, bytes]:
    """Send bytes on a connection of their own; return the first answer that is no `100 Continue`."""
    with socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT) as connection:
        with suppress(ConnectionError):  # a head that is too large is answered before it is read to its end
            connection.sendall(data)
        method = data.split(b" ", 1)[0].decode("latin-1")
        response = http.client.HTTPResponse(connection, method=method)
        try:
            response.begin()
            return response.status, response.read()
        except (http.client.BadStatusLine, ConnectionResetError):
            return 0, b""
        finally:
            response.close()


def _stored(collector: Collector) -> set[str]:
    found: set[str] = set()
    text = requests.get(f"{collector.url}/api/export", timeout=_TIMEOUT).text
    for line in io.StringIO(text):
        event: dict[str, Any] = json.loads(line)
        found.add(event["message_id"])
    return found
