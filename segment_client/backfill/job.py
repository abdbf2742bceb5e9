"""Runs the parts as tasks of Spark, each on whichever core is free."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from segment_client.backfill.journal import Plan
from segment_client.backfill.output import Output
from segment_client.backfill.parts import Part
from segment_client.errors import InvalidValueError, SinkError

__all__ = ["run_parts"]

_LOCAL = "local"
_SUBMITTED = "PYSPARK_GATEWAY_PORT"
"""What spark-submit sets, which is configured with a master."""
_EVERY = 2.0
_REFUSED = re.compile(r"segment_client\.errors\.(SinkError|InvalidValueError): (.+)")
"""How Spark says that a task raised one of them."""


def run_parts(
    parts: Sequence[Part], plan: Plan, out: Output, master: str | None, progress: Callable[[], None]
) -> None:
    """Do the parts; `progress` is called every now and then meanwhile.

    Without a `master`, it is the one that spark-submit was given, else all cores of this machine. Raises
    InvalidValueError without the Java that Spark runs on and for an archive that has changed, SinkError where
    the output did not confirm or a file cannot be read or written, and what Spark raises otherwise.
    """
    session = _session(master)
    try:
        ended = threading.Event()
        watching = threading.Thread(target=_watch, args=(ended, progress), daemon=True)
        watching.start()
        try:
            session.sparkContext.parallelize(parts, len(parts)).foreach(_Task(plan, out))
        except import_module("pyspark.errors").PySparkException as error:
            if (refused := _REFUSED.search(str(error))) is None:
                raise
            if refused[1] == InvalidValueError.__name__:
                raise InvalidValueError(refused[2]) from None
            raise SinkError(f"{refused[2]}; then give the same command again, to go on") from None
        finally:
            ended.set()
            watching.join()
    finally:
        session.stop()


class _Task:
    """What a worker does with a part; it is sent to it by name, so that it is imported there."""

    def __init__(self, plan: Plan, out: Output) -> None:
        self._plan = Plan((), plan.made_at, plan.entity_gid, plan.partition)
        self._out = out

    def __call__(self, part: Part) -> None:
        from segment_client.backfill.work import work

        try:
            work(part, self._plan, self._out)
        except OSError as error:  # such as a full disk
            raise SinkError(f"a part of {part.file} is not done ({error})") from None


def _watch(ended: threading.Event, progress: Callable[[], None]) -> None:
    while not ended.wait(_EVERY):
        progress()


def _session(master: str | None) -> Any:
    builder = (
        import_module("pyspark.sql")
        .SparkSession.builder.appName("segment-client backfill")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
    )
    if master is None and _SUBMITTED not in os.environ:
        master = f"{_LOCAL}[*]"
    if master is not None:
        builder = builder.master(master)
        if master.startswith(_LOCAL):
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
            builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config(
                "spark.driver.host", "127.0.0.1"
            )
    try:
        return builder.config("spark.log.level", "ERROR").getOrCreate()
    except (FileNotFoundError, RuntimeError) as error:
        java = "install a Java that it supports (on Debian and Ubuntu, apt-get install default-jre-headless)"
        raise InvalidValueError(f"Spark does not start: check --master, or {java}: {error}") from None
