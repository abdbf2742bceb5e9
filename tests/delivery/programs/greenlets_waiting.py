"""After gevent's monkey patch, a child that is forked while the worker waits for another attempt."""

import sys

from gevent import monkey  # type: ignore[import-untyped]  # gevent ships no types

monkey.patch_all()

import logging  # noqa: E402  # what is patched must be imported after
import os  # noqa: E402  # as above
import threading  # noqa: E402  # as above
import time  # noqa: E402  # as above

from tests.delivery.processes import server_client, tell  # noqa: E402  # as above

LONGER_THAN_THE_WAIT = 0.8


class Waiting(logging.Handler):
    """Knows when the first attempt has failed."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.begun = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        """Look for what the worker says before it waits."""
        if "next in" in record.getMessage():
            self.begun.set()


waiting = Waiting()
logging.getLogger("segment_client").addHandler(waiting)
logging.getLogger("segment_client").setLevel(logging.INFO)
client = server_client(batch_size=100)
tell(client, 100, 0)
if not waiting.begun.wait(20):
    sys.exit("the first attempt did not fail")

if os.fork() == 0:
    clean = client.stats().accepted == 0
    time.sleep(LONGER_THAN_THE_WAIT)
    tell(client, 15, 1_000)
    os._exit(0 if clean and client.close() else 9)
_, status = os.waitpid(-1, 0)
sys.exit(os.waitstatus_to_exitcode(status))
