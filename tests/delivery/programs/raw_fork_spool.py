"""A child of C's fork(), of which Python knows nothing, with a spool that is open or rests."""

import ctypes
import os
import sys
from pathlib import Path

from segment_client import SpoolError
from tests.delivery.processes import SPOOL
from tests.delivery.spool.support import event, open_spool


def main(*, resting: bool) -> int:
    """Append before and after the fork, and say which numbers were taken on."""
    path = Path(os.environ[SPOOL])
    spool = open_spool(path)
    spool.append(event(1))
    if resting:
        spool.rest()
    if ctypes.PyDLL(None).fork() == 0:
        try:
            open_spool(path).append(event(2))
            os.write(1, b"2\n")
        except SpoolError as error:
            os.write(2, f"{error}\n".encode())
        os._exit(0)
    _, status = os.wait()
    spool.append(event(3))
    spool.close()
    os.write(1, b"1\n3\n")
    return status


if __name__ == "__main__":
    sys.exit(main(resting=sys.argv[1] == "resting"))
