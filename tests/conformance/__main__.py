"""`python -m tests.conformance [MODULE ...]`: all clients, or the modules named."""

import sys
from pathlib import Path

from tests.conformance import environment
from tests.runner import discover, run

if __name__ == "__main__":
    environment.install()
    sys.exit(
        0 if run(sys.argv[1:] or discover(Path(__file__).parents[1], "conformance_*.py"), sys.stdout) else 1
    )
