"""Clean virtual environments that hold the built wheel, made without a network."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.sources import ROOT

__all__ = ["Environment", "build_wheel"]


def build_wheel(folder: Path) -> Path:
    """Build the project's wheel into `folder`."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


class Environment:
    """A virtual environment with a wheel and, of the packages installed here, only those that it requires."""

    def __init__(self, folder: Path, wheel: Path, *extras: str) -> None:
        create = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
        subprocess.run(create, check=True, capture_output=True)
        self.bin = folder / "bin"
        install = ["install", "--quiet", "--no-deps", "--no-index", str(wheel)]
        pip = [
            sys.executable,
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--python",
            str(self.bin / "python"),
        ]
        subprocess.run([*pip, *install], check=True, capture_output=True)
        where = self.run("python", "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
        self.site = Path(where.stdout.strip())
        (metadata,) = self.site.glob("python_segment_client-*.dist-info")
        for name in sorted(set(_required(Distribution.at(metadata), {"", *extras}))):
            self._link(distribution(name))

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment outside of the repository, with an all but empty environment."""
        return subprocess.run(
            [self.bin / program, *arguments],
            cwd=self.bin.parent,
            env={"PATH": os.defpath},
            capture_output=True,
            text=True,
            check=False,
        )

    def _link(self, package: Distribution) -> None:
        files = list(package.files or ())
        for top in sorted({file.parts[0] for file in files} - {"..", "__pycache__"}):
            (self.site / top).symlink_to(Path(str(package.locate_file(top))))
        for program in (Path(str(file.locate())) for file in files if file.parts[0] == ".."):
            if program.parent.name == "bin" and not program.read_bytes().startswith(b"#!"):
                (self.bin / program.name).symlink_to(program.resolve())


def _required(package: Distribution, extras: set[str]) -> Iterator[str]:
    for requirement in map(Requirement, package.requires or ()):
        if requirement.marker is None or any(
            requirement.marker.evaluate({"extra": extra}) for extra in extras
        ):
            yield canonicalize_name(requirement.name)
            yield from _required(distribution(requirement.name), {"", *requirement.extras})
