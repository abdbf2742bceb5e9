"""Runs unittest modules in parallel processes and reports them as one unittest run.

Three things are stricter than in `python -m unittest`: a warning from a module of this project is an error,
an exception that nobody could catch (in a thread, or in a destructor) fails its module, and a module that
hangs is ended with its stacks shown.
"""

import faulthandler
import gc
import os
import sys
import threading
import time
import traceback
import unittest
import warnings
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TextIO

__all__ = ["OWN_MODULES", "discover", "run"]

OWN_MODULES = r"(examples|segment_client|segment_codegen|semantic_events|tests)(\.|$)"
"""The modules whose warnings are errors, as a regular expression (`-W` takes only whole names)."""

MODULE_LIMIT = 120.0
"""Seconds after which a module's process is ended, unless another limit is given."""

Entries = list[tuple[str, str]]
"""Pairs of a test's description and what happened to it."""


@dataclass(frozen=True)
class Outcome:
    """What one module's tests came to, in a form that can leave the process."""

    module: str
    count: int
    seconds: float
    failures: Entries
    errors: Entries
    skipped: Entries
    expected_failures: Entries
    unexpected_successes: list[str]


class Reported(unittest.TestCase):
    """Stands for a test that ran in another process."""

    def __init__(self, description: str) -> None:
        super().__init__()
        self.description = description

    def __str__(self) -> str:
        return self.description

    def shortDescription(self) -> None:  # noqa: N802 - the name is unittest's
        """Nothing more: the description says it all."""

    def runTest(self) -> None:  # noqa: N802 - the name is unittest's
        """Do nothing: it has run already."""


class Modules(unittest.TestSuite):
    """A suite whose members run in `jobs` processes, a module at a time."""

    def __init__(self, modules: Sequence[str], jobs: int, stream: TextIO, limit: float) -> None:
        super().__init__()
        self.modules = modules
        self.jobs = jobs
        self.stream = stream
        self.limit = limit

    def run(
        self,
        result: unittest.TestResult,
        debug: bool = False,  # noqa: ARG002 - the parameter is unittest's
    ) -> unittest.TestResult:
        """Run every module, write a line for each as it ends, and fill `result` with what they came to."""
        with ProcessPoolExecutor(self.jobs, mp_context=get_context("spawn")) as pool:
            futures = {pool.submit(run_module, module, self.limit): module for module in self.modules}
            for future in as_completed(futures):
                try:
                    outcome = future.result()
                except BrokenExecutor as error:
                    result.errors.append((Reported(futures[future]), f"Its process ended: {error}\n"))
                    continue
                self.stream.write(
                    f"{outcome.module:<48} {outcome.count:>4} tests {outcome.seconds:>7.2f} s\n"
                )
                self.stream.flush()
                add(result, outcome)
        return result


def add(result: unittest.TestResult, outcome: Outcome) -> None:
    """Add a module's outcome to the whole run's result."""
    result.testsRun += outcome.count
    result.failures += [(Reported(test), text) for test, text in outcome.failures]
    result.errors += [(Reported(test), text) for test, text in outcome.errors]
    result.skipped += [(Reported(test), text) for test, text in outcome.skipped]
    result.expectedFailures += [(Reported(test), text) for test, text in outcome.expected_failures]
    result.unexpectedSuccesses += [Reported(test) for test in outcome.unexpected_successes]


def run_module(module: str, limit: float) -> Outcome:
    """Run one module's tests in this process, which is ended after `limit` seconds."""
    strays: list[str] = []
    sys.unraisablehook = lambda stray: strays.append(
        f"{stray.err_msg or 'Exception ignored in'} {stray.object!r}\n{_text(stray.exc_value)}"
    )
    threading.excepthook = lambda stray: strays.append(f"In thread {stray.thread}:\n{_text(stray.exc_value)}")
    faulthandler.dump_traceback_later(limit, exit=True)
    began = time.perf_counter()
    result = unittest.TestResult()
    result.buffer = True
    with warnings.catch_warnings():
        warnings.filterwarnings("error", module=OWN_MODULES)
        unittest.defaultTestLoader.loadTestsFromName(module).run(result)
        gc.collect()
    faulthandler.cancel_dump_traceback_later()
    return Outcome(
        module,
        result.testsRun,
        time.perf_counter() - began,
        failures=_described(result.failures),
        errors=_described(result.errors) + [(f"{module}, outside of any test", stray) for stray in strays],
        skipped=_described(result.skipped),
        expected_failures=_described(result.expectedFailures),
        unexpected_successes=[_description(test) for test in result.unexpectedSuccesses],
    )


def _described(entries: Sequence[tuple[unittest.TestCase, str]]) -> Entries:
    return [(_description(test), text) for test, text in entries]


def _description(test: unittest.TestCase) -> str:
    return "\n".join(filter(None, (str(test), test.shortDescription())))


def _text(error: BaseException | None) -> str:
    return "".join(traceback.format_exception(error)) if error else "no exception was given\n"


def discover(folder: Path, pattern: str = "test_*.py") -> list[str]:
    """Name the test modules under `folder`, a package, the largest first, as the last should be short."""
    files = sorted(folder.rglob(pattern), key=lambda file: (-file.stat().st_size, file))
    return [".".join(file.relative_to(folder.parent).with_suffix("").parts) for file in files]


def run(modules: Sequence[str], stream: TextIO, limit: float = MODULE_LIMIT) -> bool:
    """Run `modules`, reporting to `stream`; True when at least one test ran and none failed."""
    jobs = max(1, min(os.cpu_count() or 1, len(modules)))
    result = unittest.TextTestRunner(stream).run(Modules(modules, jobs, stream, limit))
    return result.wasSuccessful() and result.testsRun > 0
