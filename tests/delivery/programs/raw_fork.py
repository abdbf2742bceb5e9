"""A child of C's fork(), as uWSGI makes them: Python runs no hook, and the worker's thread is gone.

Where a thread of the parent has asked for the interpreter's lock, CPython itself hangs in the child. So none
asks before the fork, and the parent's worker has no answer before the child has sent its first request.
"""

import ctypes
import os
import sys

from tests.delivery.processes import server_client, tell

# PyDLL keeps the interpreter's lock, as a server that embeds Python does
fork = ctypes.PyDLL(None).fork

sys.setswitchinterval(1_000)
client = server_client(batch_size=10)
tell(client, 15, 0)  # ten are under way, five wait
sys.stdin.readline()

if fork() == 0:
    sys.setswitchinterval(0.005)
    clean = client.stats().accepted == 0
    tell(client, 15, 100)
    os._exit(0 if clean and client.close() else 9)
_, status = os.wait()
client.close()
sys.exit(os.waitstatus_to_exitcode(status))
