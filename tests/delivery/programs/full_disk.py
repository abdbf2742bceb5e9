"""Tracks until the disk is full, which is a limit on the size of this process's files; then there is room."""

import logging
import os
import resource
import threading

from segment_client import SpoolError
from tests.delivery.processes import server_client
from tests.delivery.support import SECONDS, track

LIMIT = 400_000

failed = threading.Event()
"""Set once the worker could not note something."""


class Watch(logging.Handler):
    """Waits for the worker's complaint."""

    def emit(self, record: logging.LogRecord) -> None:
        """Notice it."""
        if "disk may be full" in record.getMessage():
            failed.set()


def main() -> None:
    """Fill the disk, let the server take a batch, make room, deliver the rest; say what the calls took on."""
    logging.getLogger("segment_client").addHandler(Watch())
    client = server_client(flush_interval=0.01, batch_size=10)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, hard))
    refused, number = "", 0
    while not refused:
        try:
            track(client, 1, number)
            number += 1
        except SpoolError as error:
            refused = str(error)
    assert "disk may be full" in refused, refused
    assert client.stats().accepted == client.stats().spooled == number, client.stats()
    os.write(1, b"full\n")  # now the server answers
    assert failed.wait(SECONDS)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    track(client, 1, number)
    assert client.flush(SECONDS), client.stats()
    stats = client.stats()
    assert stats.accepted == stats.delivered == number + 1, stats
    assert client.close()
    os.write(1, "".join(f"{done}\n" for done in range(number + 1)).encode())


if __name__ == "__main__":
    main()
