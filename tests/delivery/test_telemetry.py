"""OpenTelemetry's counters: each test is a program of its own, as a process has one meter provider."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

from segment_client.testing import FakeServer

START = """
import gc, json, os, sys
from uuid import UUID
from segment_client import RejectedError, SegmentClient
from segment_client.testing import Answer, FakeServer

root = UUID("0b9d6f0e-52f4-4b57-9f53-4d9b1e0f8a11")

def client(url, **options):
    return SegmentClient("sentinel-key", root, "p", url, **options)

def track(client, count=1):
    for _ in range(count):
        client.track(root, "E", user_id="u", properties={"text": "sentinel-value"})
"""
PROVIDER = """
from opentelemetry.metrics import set_meter_provider
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

reader = InMemoryMetricReader()
provider = MeterProvider([reader], shutdown_on_exit=False)

def tell():
    os.write(1, (reader.get_metrics_data() or provider).to_json(None).encode() + b"\\n")
"""
OUTCOMES = """
set_meter_provider(provider)
with FakeServer(Answer(200), Answer(400), Answer(500), Answer(200)) as server:
    with client(server.url) as direct:
        track(direct)
        try:
            track(direct)
        except RejectedError:
            pass
    with client(server.url, delivery="background", max_attempts=1, flush_interval=60) as background:
        track(background, 2)
        background.flush()
        track(background, 3)
        background.flush()
    tell()
    del direct, background
    gc.collect()
    tell()
"""
LATE = """
with FakeServer() as server:
    with client(server.url) as first:
        track(first, 2)
        set_meter_provider(provider)
        track(first)
    tell()
"""
FORKED = """
set_meter_provider(provider)
with FakeServer() as server:
    direct, background = client(server.url), client(server.url, delivery="background")
    track(direct, 2)
    track(background, 2)
    background.flush()
    if os.fork() == 0:
        track(direct)
        track(background)
        background.flush()
        tell()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.wait()[1]) == 0
    tell()
    direct.close()
    background.close()
"""
LEAVING = """
leaving = client(sys.argv[1], spool=sys.argv[2], flush_interval=60)
track(leaving, 3)
os._exit(0)
"""
TAKING = """
set_meter_provider(provider)
with client(sys.argv[1], spool=sys.argv[2]) as taking:
    track(taking)
tell()
"""
WITHOUT = """
sys.modules["opentelemetry"] = None  # so Python says that it is not there
with FakeServer() as server, client(server.url) as direct:
    track(direct)
    print(direct.stats().delivered)
"""


class TelemetryTest(unittest.TestCase):
    """What a metric reader reads."""

    def test_outcomes(self) -> None:
        """Events are counted by outcome and reason over all clients, also when these are closed and gone."""
        counted = {
            ("accepted", None): 7,
            ("delivered", None): 4,
            ("rejected", "rejected"): 1,
            ("dropped", "unreachable"): 2,
        }
        self.assertEqual([points(line) for line in run(PROVIDER + OUTCOMES)], [counted, counted])

    def test_description(self) -> None:
        """The counter is a monotonic sum with a unit, from this library, and holds no key and no value."""
        (line,) = run(PROVIDER + LATE)
        scope = scopes(line)[0]
        (metric,) = scope["metrics"]
        self.assertEqual(scope["scope"]["name"], "segment_client")
        self.assertEqual((metric["name"], metric["unit"]), ("segment_client.events", "{event}"))
        self.assertTrue(metric["data"]["is_monotonic"])
        self.assertNotIn("sentinel", line)

    def test_late_provider(self) -> None:
        """A meter provider that is set after the first events counts them too."""
        (line,) = run(PROVIDER + LATE)
        self.assertEqual(points(line), {("accepted", None): 3, ("delivered", None): 3})

    @unittest.skipUnless(hasattr(os, "fork"), "this platform has no fork")
    def test_fork(self) -> None:
        """A forked child counts its own events, and its parent's are counted once."""
        child, parent = (points(line) for line in run(PROVIDER + FORKED))
        self.assertEqual(child, {("accepted", None): 2, ("delivered", None): 2})
        self.assertEqual(parent, {("accepted", None): 4, ("delivered", None): 4})

    def test_recovered(self) -> None:
        """What another process had left in the spool is counted apart, as in Stats."""
        server = FakeServer()  # it answers from its `with` on
        with tempfile.TemporaryDirectory() as folder:
            spool = str(Path(folder, "events.db"))
            self.assertEqual(run(LEAVING, server.url, spool), [])
            with server:
                (line,) = run(PROVIDER + TAKING, server.url, spool)
        self.assertEqual(len({event["messageId"] for event in server.events}), 4)
        expected = {("accepted", None): 1, ("delivered", None): 1, ("recovered_delivered", None): 3}
        self.assertEqual(points(line), expected)

    def test_without(self) -> None:
        """Without OpenTelemetry the client works as ever."""
        self.assertEqual(run(WITHOUT), ["1"])


def run(program: str, *arguments: str) -> list[str]:
    """Run a program; return the lines that it writes."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", START + program, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def scopes(line: str) -> list[Any]:
    """Return the instrumentation scopes of a metrics export."""
    (resource,) = json.loads(line)["resource_metrics"]
    found: list[Any] = resource["scope_metrics"]
    return found


def points(line: str) -> dict[tuple[str, str | None], int]:
    """Return the counts of an export by outcome and reason, its only attributes."""
    (metric,) = (metric for scope in scopes(line) for metric in scope["metrics"])
    found = {}
    for point in metric["data"]["data_points"]:
        attributes = point["attributes"]
        assert attributes.keys() <= {"outcome", "reason"}, attributes
        found[attributes["outcome"], attributes.get("reason")] = point["value"]
    return found


if __name__ == "__main__":
    unittest.main()
