"""Two clients at the end of a process, of which the first one's server hangs."""

import os
import sys

from segment_client.delivery.lifecycle import close_all
from tests.delivery.processes import server_client
from tests.delivery.support import background, track

hanging = background(sys.argv[1])
track(hanging, 1)
track(server_client(), 3)
close_all(0.3)
os._exit(0)  # else the exit hook closes them again, and waits for longer
