"""Where the clients are: a folder beside the checkout's own environment, installed from npm and PyPI.

`.conformance/` in the checkout, or the folder that CONFORMANCE_HOME names. Each part is installed again only
where its list of packages has changed. Without node and npm, those clients are not installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.sources import ROOT

__all__ = ["HERE", "NODE_MODULES", "browser", "install", "missing_browser", "missing_node", "python"]

HERE = Path(__file__).parent
"""This folder: the clients' programs, the calls that they make, the lists of packages."""

_HOME = Path(os.environ.get("CONFORMANCE_HOME", ROOT / ".conformance"))
_NODE = _HOME / "node"
_PYTHONS = ("segment", "rudder")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")

NODE_MODULES = _NODE / "node_modules"
"""Where the packages from npm are."""


def python(name: str) -> Path:
    """Return the Python that has a vendor's client: "segment" or "rudder"."""
    return _HOME / name / "bin" / "python"


def browser() -> str:
    """Return the program of a Chromium; raises StopIteration without one."""
    return next(found for found in map(shutil.which, _BROWSERS) if found)


def missing_node() -> str | None:
    """Return what to do to get node and npm, or None if they are there."""
    if shutil.which("node") and shutil.which("npm"):
        return None
    return "node and npm are not installed: on Debian and Ubuntu, apt-get install nodejs npm"


def missing_browser() -> str | None:
    """Return what to do to get a browser (and npm, where its client is from), or None if both are there."""
    if any(map(shutil.which, _BROWSERS)):
        return missing_node()
    return "Chromium is not installed: on Debian and Ubuntu, apt-get install chromium"


def install() -> None:
    """Install what is not there yet; raises CalledProcessError where a package cannot be had."""
    for name in _PYTHONS:
        _install_python(name)
    if missing_node() is None:
        _install_node()


def _install_python(name: str) -> None:
    wanted = HERE / f"requirements-{name}.txt"
    stamp = _HOME / name / _stamp(wanted)
    if stamp.exists():
        return
    _run(sys.executable, "-m", "venv", "--clear", str(_HOME / name))
    pip = (str(python(name)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _run(*pip, "--require-hashes", "--requirement", str(wanted))
    stamp.touch()


def _install_node() -> None:
    stamp = _NODE / _stamp(HERE / "package-lock.json")
    if stamp.exists():
        return
    shutil.rmtree(_NODE, ignore_errors=True)
    _NODE.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, _NODE)
    quiet = ("--no-audit", "--no-fund", "--loglevel=error")
    _run("npm", "install", "--no-save", "--omit=optional", "--ignore-scripts", *quiet, folder=_NODE)
    stamp.touch()


def _stamp(wanted: Path) -> str:
    return f"installed-{hashlib.sha256(wanted.read_bytes()).hexdigest()[:16]}"


def _run(*command: str, folder: Path = HERE) -> None:
    subprocess.run(command, cwd=folder, check=True)
