"""The locks that every machine installs from."""

import re
import tomllib
import unittest
from itertools import chain

from packaging.requirements import Requirement
from packaging.version import Version

from tests.sources import ROOT


def lock(name: str) -> str:
    """Return the text of a lock."""
    return (ROOT / f"requirements-{name}.lock").read_text("utf-8")


NEWEST = [lock(name) for name in ("dev", "pyright", "warehouse")]
LOWEST = lock("lowest")
LOCKS = [*NEWEST, LOWEST]


class LockTest(unittest.TestCase):
    """The locks hold what pyproject.toml asks for, and nothing of the machine that made it."""

    def test_requirements(self) -> None:
        """Every requirement of pyproject.toml, the build's too, is locked to a release that it allows."""
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
        extras = project["project"]["optional-dependencies"].values()
        groups = (group for name, group in project["dependency-groups"].items() if name != "lowest")
        wanted = chain(
            project["build-system"]["requires"], project["project"]["dependencies"], *extras, *groups
        )
        locked = dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", "\n".join(NEWEST), re.MULTILINE))
        for requirement in map(Requirement, wanted):
            if requirement.name != project["project"]["name"]:
                with self.subTest(requirement=str(requirement)):
                    self.assertIn(locked.get(requirement.name), requirement.specifier)

    def test_lowest(self) -> None:
        """What the runtime needs is locked to the lowest release that it allows, in a lock of its own."""
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
        locked = dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", LOWEST, re.MULTILINE))
        for requirement in map(Requirement, project["project"]["dependencies"]):
            lowest = next(each.version for each in requirement.specifier if each.operator == ">=")
            with self.subTest(requirement=str(requirement)):
                self.assertEqual(Version(locked[requirement.name]), Version(lowest))

    def test_hashes(self) -> None:
        """Every package is a release with hashes."""
        packages = [part for part in re.split(r"\n(?=\S)", "\n".join(LOCKS)) if not part.startswith("#")]
        self.assertTrue(packages)
        for package in packages:
            with self.subTest(package=package.partition(" ")[0]):
                self.assertRegex(
                    package, r"^[a-z0-9-]+==\S+( ;[^\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n?$"
                )

    def test_header(self) -> None:
        """The comments name no machine, path or address."""
        comments = [line for lock in LOCKS for line in lock.splitlines() if line.startswith("#")]
        self.assertNotRegex("\n".join(comments), r"/|http|index|find-links")


if __name__ == "__main__":
    unittest.main()
