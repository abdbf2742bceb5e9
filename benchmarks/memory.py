"""Whether a client that runs for long stays as small as it was.

`python -m benchmarks.memory [--events N]` sends events in the background to the counting server, never more
than the queue holds, and prints the resident size each time that a twentieth of them was sent.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from benchmarks.runs import serving
from segment_client import SegmentClient

__all__ = ["main"]

_SAMPLES = 20


def main(argv: Sequence[str] | None = None) -> int:
    """Send, sample, and fail where events were lost."""
    parser = argparse.ArgumentParser(description="Whether a client that runs for long stays small.")
    parser.add_argument("--events", type=int, default=10_000_000)
    events = parser.parse_args(argv).events
    if events < _SAMPLES:
        parser.error(f"--events is less than {_SAMPLES}: there would be nothing to sample")
    sys.stdout.write(f"{'events':>12}{'resident, MB':>16}\n")
    with (
        serving() as url,
        SegmentClient(
            "key", uuid4(), "default", url, delivery="background", on_full="block", block_timeout=600.0
        ) as client,
    ):
        scope = client.bind(root_event_gid=uuid4())
        for number in range(1, events + 1):
            scope.track(event_name="Report Exported", user_id=f"user-{number}", properties={"rows": number})
            if number % (events // _SAMPLES) == 0:
                sys.stdout.write(f"{number:>12,}{_resident():>16.1f}\n")
                sys.stdout.flush()
        client.flush(600.0)
        stats = client.stats()
    return 0 if stats.delivered == events else 1


def _resident() -> float:
    """Return this process's resident size in MB."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("/proc/self/status does not tell the resident size")


if __name__ == "__main__":
    sys.exit(main())
