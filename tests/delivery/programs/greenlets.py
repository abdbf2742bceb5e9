"""Greenlets that track after gevent's monkey patch, and a child that is forked among them."""

import sys

from gevent import joinall, monkey, spawn  # type: ignore[import-untyped]  # gevent ships no types

monkey.patch_all()

import os  # noqa: E402  # what is patched must be imported after

from tests.delivery.processes import server_client, tell  # noqa: E402  # as above

client = server_client(batch_size=100)
joinall([spawn(tell, client, 50, 50 * number) for number in range(10)], raise_error=True)
if not client.flush():
    sys.exit("the flush did not deliver everything")
tell(client, 120, 500)  # a hundred are due, but no other greenlet has run yet

if os.fork() == 0:
    clean = client.stats().accepted == 0
    tell(client, 15, 1_000)
    os._exit(0 if clean and client.close() else 9)
_, status = os.waitpid(-1, 0)
sys.exit(os.waitstatus_to_exitcode(status))
