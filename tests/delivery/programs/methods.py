"""Processes and pools of multiprocessing by one start method, whose functions track and just return."""

import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor

from segment_client import install_signal_handlers
from tests.delivery.processes import server_client, tell

client = server_client()
tell(client, 10, 1_000 * os.getpid())  # the children of spawn and forkserver import this module too


def work(first: int) -> None:
    """Track in a child."""
    tell(client, 5, first)


def main() -> None:
    """Run all kinds of children."""
    multiprocessing.set_start_method(sys.argv[1])
    process = multiprocessing.Process(target=work, args=(0,))
    process.start()
    process.join()
    with multiprocessing.Pool(2) as pool:
        pool.map(work, (100, 200, 300), chunksize=1)
        pool.close()
        pool.join()
    with multiprocessing.Pool(1, install_signal_handlers) as pool:  # at its end it sends SIGTERM
        pool.map(work, (600,))
    with ProcessPoolExecutor(1) as executor:
        list(executor.map(work, (400, 500)))


if __name__ == "__main__":
    main()
