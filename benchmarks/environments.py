"""The environments of the clients that are measured: `.benchmarks/` in the checkout, one for each.

Each has what its list in `requirements/` names, from PyPI, and is installed again where that has changed.
Ours has what our client needs, and runs it from the checkout.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from segment_client.version import VERSION

__all__ = ["PEERS", "ROOT", "VARIABLES", "install", "python", "version"]

ROOT = Path(__file__).parents[1]
_HOME = ROOT / ".benchmarks"
_LISTS = Path(__file__).parent / "requirements"


def _is_passed_on(name: str) -> bool:
    return not name.lower().endswith("_proxy") and name != "PYTHONDONTWRITEBYTECODE"


VARIABLES = {name: text for name, text in os.environ.items() if _is_passed_on(name)} | {
    "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "generated")))
}
"""What a measurement has in its environment: not the user's proxies, as the server is on this machine, and
nothing that has our modules compiled anew in each process, as those of an installed package are not.
"""

PEERS = {
    "segment": "segment-analytics-python",
    "rudder": "rudder-sdk-python",
    "posthog": "posthog",
    "snowplow": "snowplow-tracker",
}
"""The clients beside ours, by the names that they have here."""


def python(client: str) -> str:
    """Return the Python that has a client."""
    return str(_HOME / (client if client in PEERS else "ours") / "bin" / "python")


def install() -> None:
    """Install what is not there yet; raises CalledProcessError where a package cannot be had."""
    for client in ("ours", *PEERS):
        wanted = _LISTS / f"{client}.txt"
        stamp = _HOME / client / f"installed-{hashlib.sha256(wanted.read_bytes()).hexdigest()[:16]}"
        if stamp.exists():
            continue
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(_HOME / client)], check=True)
        pip = [python(client), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "--requirement", str(wanted)], check=True)
        stamp.touch()


def version(client: str) -> str:
    """Return the release of a client that is measured."""
    if client not in PEERS:
        return VERSION
    lines = (_LISTS / f"{client}.txt").read_text("utf-8").splitlines()
    return next(line.split("==")[1].split()[0] for line in lines if line.startswith(f"{PEERS[client]}=="))
