"""A child of a parent that closed its client."""

import os
import sys

from segment_client import SegmentError
from segment_client.delivery.lifecycle import process_key
from tests.delivery.processes import server_client, tell

client = server_client()
tell(client, 3, 0)
client.close()
parent = process_key()


def refuses() -> bool:
    """Tell whether the client takes no event."""
    try:
        tell(client, 1, 100)
    except SegmentError:
        return True
    return False


if os.fork() == 0:
    # a process id can come again, in a container at once: the other half of the key must differ
    os._exit(0 if refuses() and process_key()[0] != parent[0] else 9)
sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
