"""`python -m tests.warehouse [MODULE ...]`: all of it, or the modules named."""

import sys
from pathlib import Path

from tests.runner import discover, run

LIMIT = 600.0
"""Seconds for one module, which only a hang reaches."""

if __name__ == "__main__":
    sys.exit(
        0
        if run(sys.argv[1:] or discover(Path(__file__).parents[1], "warehouse_*.py"), sys.stdout, LIMIT)
        else 1
    )
