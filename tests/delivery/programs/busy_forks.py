"""Children that are forked while other threads track, and track themselves."""

import os
import sys
import threading

from tests.delivery.processes import server_client, tell

AT_A_TIME = 8

client = server_client(flush_interval=0.01, batch_size=100)
over = threading.Event()


def keep_tracking(number: int) -> None:
    """Track until all forks are done."""
    first = number * 1_000_000
    while not over.is_set():
        tell(client, 5, first)
        first += 5
        over.wait(0.001)


def child(number: int) -> None:
    """Track in a child, and end it."""
    tell(client, 3, -10 * number)
    client.close()
    os._exit(client.stats().dropped)


def main() -> int:
    """Fork; return how many children failed."""
    threads = [threading.Thread(target=keep_tracking, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    failed = 0
    for number in range(1, int(sys.argv[1]) + 1):
        if os.fork() == 0:
            child(number)
        if number >= AT_A_TIME:
            failed += os.wait()[1] != 0
    for _ in range(AT_A_TIME - 1):
        failed += os.wait()[1] != 0
    over.set()
    for thread in threads:
        thread.join()
    return failed


if __name__ == "__main__":
    sys.exit(main())
