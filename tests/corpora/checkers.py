"""Runs the type checkers over generated packages."""

from __future__ import annotations

import json
import shutil
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


def pyright(folder: Path) -> list[str] | None:
    """Answer what pyright says against the packages in a folder; None where it is not installed."""
    command = shutil.which("pyright", path=str(Path(sys.executable).parent)) or shutil.which("pyright")
    if command is None:
        return None
    settings = {
        "include": _packages(folder),
        "extraPaths": [str(ROOT), str(ROOT / "codegen"), str(ROOT / "generated")],
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    options = ["--pythonpath", sys.executable, "--outputjson", "--project", str(folder)]
    ran = subprocess.run([command, *options], cwd=folder, capture_output=True, text=True, check=False)
    if not ran.stdout.startswith("{"):
        return [ran.stdout + ran.stderr]
    found = json.loads(ran.stdout)["generalDiagnostics"]
    return [f"{each['file']}: {each['message']}" for each in found if each["severity"] == "error"]


def _packages(folder: Path) -> list[str]:
    return sorted(each.parent.name for each in folder.glob("*/py.typed"))
