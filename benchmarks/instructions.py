"""How many instructions of the processor an event takes, from the call to the answer, in each client.

`python -m benchmarks.instructions` runs each client twice under valgrind's callgrind, and takes the
difference of the two runs: what starts and ends a process is in both. Nothing else on the machine changes the
count, so it is worth more than a time where the machine is busy. It takes some minutes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile

from benchmarks import environments
from benchmarks.environments import PEERS, ROOT, VARIABLES, python, version
from benchmarks.runs import serving

__all__ = ["main"]

_EVENTS = (400, 1_400)
_LIMIT = 900


def main() -> int:
    """Count, and print a Markdown table."""
    if shutil.which("valgrind") is None:
        sys.stderr.write("valgrind is not installed: apt-get install valgrind\n")
        return 2
    environments.install()
    sys.stdout.write("| client | instructions an event |\n| --- | ---: |\n")
    with serving() as url:
        for client in ("ours", *PEERS):
            few, many = (_count(client, url, events) for events in _EVENTS)
            name = PEERS.get(client, "segment_client")
            sys.stdout.write(
                f"| {name} {version(client)} | {(many - few) / (_EVENTS[1] - _EVENTS[0]):,.0f} |\n"
            )
            sys.stdout.flush()
    return 0


def _count(client: str, url: str, events: int) -> int:
    """Return how many instructions a whole process executes that sends so many events."""
    with tempfile.TemporaryDirectory() as folder:
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        measure = [python(client), "-m", "benchmarks.measure", client, "load", f"--url={url}"]
        done = subprocess.run(
            [*valgrind, *measure, f"--events={events}"],
            cwd=ROOT,
            env=VARIABLES,
            capture_output=True,
            text=True,
            timeout=_LIMIT,
            check=True,
        )
    found = re.search(r"Collected : (\d+)", done.stderr)
    if found is None:
        raise RuntimeError(f"valgrind did not say what it counted:\n{done.stderr[-2000:]}")
    return int(found[1])


if __name__ == "__main__":
    sys.exit(main())
