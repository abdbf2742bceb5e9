"""Claims from a spool and says the numbers: until nothing is left, or, asked to, only once and then waits."""

import os
import sys
from pathlib import Path

from segment_client.clock import SystemClock
from tests.delivery.processes import SPOOL
from tests.delivery.spool.support import numbers_in, open_spool


def main(*, once: bool) -> None:
    """Claim."""
    spool = open_spool(Path(os.environ[SPOOL]), SystemClock())
    sys.stdin.readline()
    while batch := spool.claim(7, 100_000):
        os.write(1, "".join(f"{number}\n" for number in numbers_in(batch)).encode())
        if once:
            sys.stdin.readline()
            return
        spool.acknowledge(batch, "delivered")
    spool.close()


if __name__ == "__main__":
    main(once=sys.argv[1:] == ["once"])
