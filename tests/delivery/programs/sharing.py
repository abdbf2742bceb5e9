"""Tracks through a spool that other processes use too, and says what."""

import sys

from tests.delivery.processes import server_client, tell


def main(first: int) -> None:
    """Track a hundred events, then wait until all are delivered, by whomever."""
    client = server_client(flush_interval=0.01, batch_size=10)
    sys.stdin.readline()
    for number in range(first, first + 100, 10):
        tell(client, 10, number)
    assert client.flush(20), client.stats()
    stats = client.stats()
    assert (stats.accepted, stats.delivered, stats.spooled) == (100, 100, 0), stats
    assert client.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
