"""`python -m tests.soak [MODULE ...]`: the long tests, or the modules named."""

import os
import random
import sys
from pathlib import Path

from tests.runner import discover, run

SEED = "SOAK_SEED"
"""The environment variable that says which random faults and examples there are."""

MODULE_LIMIT = 900.0
"""Seconds after which a module's process is ended; it takes one or two minutes where the machine is free."""

LAWS = (
    "tests.codegen.diff.test_laws",
    "tests.codegen.docs.test_laws",
    "tests.codegen.laws.test_laws",
    "tests.codegen.test_plan_laws",
    "tests.test_validation",
    "tests.wire.test_foreign",
    "tests.wire.test_round_trip",
)
"""Property tests that draw other examples here than in the suite, and more of them."""

if __name__ == "__main__":
    seed = os.environ.setdefault(SEED, str(random.SystemRandom().randrange(2**32)))
    sys.stdout.write(f"The faults and examples of this run can be had again by {SEED}={seed}\n")
    sys.stdout.flush()
    modules = sys.argv[1:] or [*discover(Path(__file__).parents[1], "soak_*.py"), *LAWS]
    sys.exit(0 if run(modules, sys.stdout, MODULE_LIMIT) else 1)
