"""How fast archives are backfilled: by one Python, by Spark on one core and two, and in a run that is killed.

`make bench-backfill`, or `python -m benchmarks.backfill [EVENTS]` in `make test-warehouse`'s environment.
A fifth of the archives is for the rates of one Python and of one core. All are for two cores, in a run that
is killed half-way and gone on with.
"""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from segment_client.backfill.folder import Folder
from segment_client.backfill.journal import Done, Journal
from segment_client.backfill.planning import planned
from segment_client.backfill.work import work

EVENTS = 1_000_000
FILES = 10
BAD = 1000
"""Every so many lines, one is no event."""

ENTITY = UUID(int=1)
PART = 4_000_000
NAMES = ("Article Completed", "Page Viewed", "Order Completed", "Signed Up")
DAY = datetime(2025, 3, 1, tzinfo=UTC)


def line(number: int) -> str:
    """Return the line of an event: of one format, the other, or none."""
    name, moment = NAMES[number % 4], f"2025-03-{number % 28 + 1:02}T10:11:12.{number % 1000:03}Z"
    context = {"ip": "203.0.113.7", "locale": "en-GB", "library": {"name": "bench", "version": "1"}}
    if number % BAD == 7:
        return json.dumps({"type": "track", "event": name, "messageId": f"m{number}", "timestamp": "soon"})
    if number % 2:
        call = {"type": "track", "event": name, "messageId": f"m{number}", "userId": f"u{number % 1000}"}
        properties = {"article_id": f"a{number % 50}", "word_count": number % 900}
        return json.dumps(call | {"timestamp": moment, "properties": properties, "context": context})
    del context["library"]
    products = [{"sku": "a", "units": 2.0, "unit_price": 1.5}, {"sku": "b", "units": 1.0, "unit_price": 9.0}]
    return json.dumps(
        {
            "type": "track",
            "event": name,
            "timestamp": moment,
            "message_id": f"m{number}",
            "event_gid": str(UUID(int=number + 1)),
            "root_event_gid": str(UUID(int=2)),
            "entity_gid": str(ENTITY),
            "partition": "main",
            "user_id": f"u{number % 1000}",
            "properties": {"article_id": f"a{number % 50}"},
            "context": context,
            "commerce": {"currency": "EUR", "revenue": 12.0, "products": products} if number % 4 == 2 else {},
        }
    )


def one_python(archives: list[Path], out: Path) -> float:
    """Do the archives in this process; return how many records a second."""
    plan, folder = planned(archives, out, PART, ENTITY, "main"), Folder(out)
    folder.prepare()
    began = time.monotonic()
    count = sum(done.events + done.rejected for done in (work(part, plan, folder) for part in plan.parts))
    return count / (time.monotonic() - began)


def command(archives: list[Path], out: Path, cores: int) -> list[str]:
    """Return the command of a backfill."""
    program = [sys.executable, "-m", "segment_client.cli", "backfill", *map(str, archives), "--out", str(out)]
    return [
        *program,
        "--entity-gid",
        str(ENTITY),
        "--partition",
        "main",
        "--part-size",
        "4",
        "--master",
        f"local[{cores}]",
    ]


def spark(archives: list[Path], out: Path, cores: int) -> float:
    """Do the archives with Spark; return how many records a second, its start included."""
    began = time.monotonic()
    subprocess.run(
        command(archives, out, cores), check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return counted(Journal(out).done()) / (time.monotonic() - began)


def killed(archives: list[Path], out: Path, cores: int, count: int) -> tuple[int, float]:
    """Do half of the archives' records, and kill that; return how many, and how many a second."""
    began = time.monotonic()
    running = subprocess.Popen(
        command(archives, out, cores),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    journal = Journal(out)
    while counted(journal.done()) < count / 2 and running.poll() is None:
        time.sleep(0.2)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    found = counted(journal.done())
    return found, found / (time.monotonic() - began)


def counted(done: list[Done]) -> int:
    """Return how many records are done."""
    return sum(each.events + each.rejected for each in done)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(events: int) -> None:
    """Measure, and print."""
    with TemporaryDirectory() as name:
        folder, each = Path(name), events // FILES
        archives = [folder / f"{number}.jsonl" for number in range(FILES)]
        for number, archive in enumerate(archives):
            lines = (line(index) + "\n" for index in range(number * each, (number + 1) * each))
            archive.write_text("".join(lines), "utf-8")
        size = sum(archive.stat().st_size for archive in archives)
        _say(f"{events:,} records, one of {BAD:,} bad, {size / 1e6:,.0f} MB")
        some = archives[: FILES // 5]
        base = one_python(some, folder / "python")
        _say(f"one Python    {base:8,.0f} a second, of {each * len(some):,}")
        rate = spark(some, folder / "one", 1)
        _say(f"Spark, 1 core {rate:8,.0f} a second, {rate / base:.2f} of one Python")
        done, rate = killed(archives, folder / "two", 2, events)
        _say(f"Spark, 2 cores{rate:8,.0f} a second, {rate / base:.2f} of one Python; killed at {done:,}")
        rate = spark(archives, folder / "two", 2)
        found = Journal(folder / "two").done()
        bad = sum(one.rejected for one in found)
        _say(f"gone on with: {counted(found) - bad:,} events, {bad:,} rejected")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else EVENTS)
