"""`segment-client demo`: the steps, one after the other."""

from __future__ import annotations

import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from segment_client.errors import InvalidValueError

if TYPE_CHECKING:
    from segment_client.demo.outcome import Outcome
    from segment_client.demo.report import Report

__all__ = ["add_arguments", "run"]

_CHECK = [sys.executable, "-m", "segment_codegen", "check"]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `segment-client demo` to a parser: there are none."""


def run(args: Namespace) -> int:  # noqa: ARG001  # each command's run takes its arguments, and the demo has none
    """Show the way of an event; return 0 if everything sent is there and nothing else, else 1."""
    try:
        from segment_client.collector import Collector
        from segment_client.demo.report import Report
    except ModuleNotFoundError as error:
        hint = "pip install 'python-segment-client[collector]'"
        raise InvalidValueError(f"the demo needs {error.name}: {hint}") from None
    from segment_client.demo.arrivals import differences, read

    began = time.monotonic()
    report = Report()
    if not _code_is_current(report):
        return 1
    with Collector() as collector:
        report.done(f"a collector listens at {collector.url}, with a temporary database")
        outcomes = _send(collector.url)
        arrivals = read(collector.url)
    report.sent(outcomes)
    report.accepted(arrivals)
    report.refused(outcomes, arrivals)
    report.gap()
    wrong = differences(outcomes, arrivals)
    for difference in wrong:
        report.wrong(difference)
    if not wrong:
        stats = arrivals.stats
        report.done(
            f"all {stats['stored']} events are there and no other; "
            f"{stats['duplicates']} repeats were taken once, {stats['rejected']} bad calls rejected"
        )
    report.done(f"{time.monotonic() - began:.1f} s; next: README.md, examples.py, segment-client collect")
    return 1 if wrong else 0


def _code_is_current(report: Report) -> bool:
    """In a checkout, hold the generated code against the schema."""
    if not (Path("schema").is_dir() and Path("generated").is_dir()):
        return True
    check = subprocess.run(_CHECK, capture_output=True, text=True, check=False)  # noqa: S603  # our own command
    if check.returncode == 0:
        report.done("the generated code is what the schema says (segment-codegen check)")
        return True
    sys.stderr.write(check.stdout + check.stderr)
    report.wrong(
        "the generated code is not what the schema says: run `make codegen` (the difference is above)"
    )
    return False


def _send(url: str) -> list[Outcome]:
    from segment_client.demo.calls import send_calls, send_wrong
    from segment_client.demo.foreign import post_bad_events, replay_recordings

    endpoint = f"{url}/v1"
    return [
        *send_calls(endpoint, "segment"),
        *send_calls(endpoint, "semantic"),
        send_wrong(endpoint),
        *post_bad_events(url),
        *replay_recordings(url),
    ]
