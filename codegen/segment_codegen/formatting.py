"""Formats Python with ruff: imports sorted, unused ones dropped, 110 columns, whoever the user is."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from ruff import find_ruff_bin  # type: ignore[import-untyped]  # ruff ships no types

__all__ = ["formatted"]

_OPTIONS = ("--isolated", "--no-cache", "--quiet", "--line-length=110", "--target-version=py311")
_STEPS = (("check", "--fix", "--select=F401,I,RUF022,RUF036,UP037"), ("format",))


def formatted(files: Mapping[str, str]) -> dict[str, str]:
    """Answer the same files, formatted; raises SyntaxError for one that is no Python."""
    for name, source in files.items():
        compile(source, name, "exec")
    with TemporaryDirectory() as folder:
        for name, source in files.items():
            file = Path(folder) / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(source, encoding="utf-8", newline="\n")
        for step, *options in _STEPS:
            command = [find_ruff_bin(), step, *_OPTIONS, *options, "."]
            subprocess.run(command, cwd=folder, check=True)  # noqa: S603 - ruff of this environment, on our own files
        return {name: (Path(folder) / name).read_text(encoding="utf-8") for name in files}
