"""Running the project's commands, in this process or as processes of their own."""

import io
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from segment_client.cli import main

__all__ = ["MODULES", "Done", "run_command", "start_command"]

MODULES = {"segment-client": "segment_client.cli", "segment-codegen": "segment_codegen"}
"""The module behind each command, so that tests need no installed script."""


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    code: int | str | None
    out: str
    error: str


def run_command(*argv: str) -> Done:
    """Run `segment-client` in this process."""
    out, error = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(error):
        try:
            code: int | str | None = main(argv)
        except SystemExit as stop:
            code = stop.code
    return Done(code, out.getvalue(), error.getvalue())


def start_command(
    words: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """Start a command as a process in `folder`; `words` begins with the command's name."""
    return subprocess.Popen(
        [sys.executable, "-m", MODULES[words[0]], *words[1:]],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
