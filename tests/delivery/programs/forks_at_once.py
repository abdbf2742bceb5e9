"""Threads that fork at the same time, each with a spool to which its children append too."""

import os
import sys
import threading
from pathlib import Path

from segment_client.delivery.spool import Spool
from tests.delivery.processes import SPOOL
from tests.delivery.spool.support import claim_all, event, numbers_in, open_spool

FORKS = 40
SPOOLS = 3


def main() -> int:
    """Fork from three threads, each for a spool; say how many of its events are there in the end."""
    spools = [open_spool(Path(f"{os.environ[SPOOL]}-{number}")) for number in range(SPOOLS)]
    failed = []

    def fork(spool: Spool) -> None:
        for number in range(0, 2 * FORKS, 2):
            spool.append(event(number))
            child = os.fork()
            if child == 0:
                spool.append(event(number + 1))
                os._exit(0)
            failed.append(os.waitpid(child, 0)[1] != 0)

    threads = [threading.Thread(target=fork, args=(spool,)) for spool in spools]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for spool in spools:
        found = numbers_in(claim_all(spool))
        spool.close()
        if found != list(range(2 * FORKS)):
            failed.append(True)
    return sum(failed)


if __name__ == "__main__":
    sys.exit(main())
