"""Runs the type checkers over generated packages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.sources import ROOT

__all__ = ["mypy", "pyright"]


def mypy(folder: Path) -> list[str]:
    """Answer what `mypy --strict` says against the packages in a folder."""
    config = folder / "mypy.ini"
    paths = ":".join(str(ROOT / each) for each in ("", "codegen", "generated"))
    config.write_text(f"[mypy]\nstrict = true\nmypy_path = {paths}\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--config-file",
        str(config),
        "--cache-dir",
        str(folder / ".cache"),
    ]
    ran = subprocess.run(
        [*command, *_packages(folder)], cwd=folder, capture_output=True, text=True, check=False
    )
    if ran.returncode not in (0, 1):
        return [ran.stdout + ran.stderr]
    return [line for line in ran.stdout.splitlines() if ": error:" in line]


def pyright(folder: Path, python: Path) -> list[str]:
    """Answer what pyright, as a Python has it installed, says against the packages in a folder."""
    settings = {
        "include": _packages(folder),
        "extraPaths": [str(ROOT), str(ROOT / "codegen"), str(ROOT / "generated")],
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [str(python.absolute()), "-m", "pyright", "--outputjson"]
    options = ["--pythonpath", sys.executable, "--project", str(folder)]
    ran = subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True, check=False)
    if not ran.stdout.startswith("{"):
        return [ran.stdout + ran.stderr]
    found = json.loads(ran.stdout)
    if found["summary"]["filesAnalyzed"] == 0:
        return ["pyright looked at no file"]
    errors = (each for each in found["generalDiagnostics"] if each["severity"] == "error")
    return [f"{each['file']}: {each['message']}" for each in errors]


def _packages(folder: Path) -> list[str]:
    return sorted(each.parent.name for each in folder.glob("*/py.typed"))
