"""The imports of every module, held against the tables of docs/architecture.md."""

import re
import sys
import unittest
from dataclasses import dataclass

from tests.imports import imports
from tests.sources import PACKAGES, ROOT, modules

DOCUMENT = ROOT / "docs" / "architecture.md"


@dataclass(frozen=True)
class Rule:
    """One row of a table: the modules or outside packages it is about, and the modules beside them."""

    subject: tuple[str, ...]
    object: tuple[str, ...]


def table(heading: str) -> list[Rule]:
    """Read the table under `## heading`: the names between backquotes in its first two columns."""
    section = DOCUMENT.read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:3] for line in section.splitlines() if line.startswith("| `")]
    return [Rule(*(tuple(re.findall(r"`([^`]+)`", cell)) for cell in row)) for row in rows]


LAYERS = table("Who may import whom")
OUTSIDE = table("Who imports what from outside")
FILES = modules()
IMPORTS = {
    module: imports(file.read_text("utf-8"), module, file.name == "__init__.py", FILES)
    for module, file in FILES.items()
}


def matches(module: str, patterns: tuple[str, ...]) -> bool:
    """Tell whether a pattern names the module: by its own name, or as `package.*` any module of a package."""
    return any(
        module == pattern or (pattern.endswith(".*") and f"{module}.".startswith(pattern[:-1]))
        for pattern in patterns
    )


def layer(module: str) -> int:
    """Find the row of a module, the one that names it most closely; -1 when none does."""
    rows = [
        (len(pattern), index)
        for index, rule in enumerate(LAYERS)
        for pattern in rule.subject
        if matches(module, (pattern,))
    ]
    return max(rows, default=(0, -1))[1]


def own(module: str) -> list[str]:
    """Name the project's modules that a module imports."""
    return sorted(name for name in IMPORTS[module] if name.partition(".")[0] in PACKAGES)


def outside(module: str) -> list[str]:
    """Name the packages that a module imports from outside of the project."""
    return sorted({name.partition(".")[0] for name in IMPORTS[module]} - set(PACKAGES))


class ArchitectureTest(unittest.TestCase):
    """What docs/architecture.md says about imports is so."""

    maxDiff = None

    def test_rows(self) -> None:
        """Every module has a row, and every module that a table names is there."""
        named = [name for rule in LAYERS for name in rule.subject + rule.object]
        named += [name for rule in OUTSIDE for name in rule.object]
        self.assertEqual([module for module in FILES if layer(module) < 0], [])
        self.assertEqual(
            [name for name in named if not any(matches(module, (name,)) for module in FILES)], []
        )

    def test_layers(self) -> None:
        """A module imports only its own row's modules and those that its row allows."""
        wrong = [
            f"{module} imports {target}"
            for module in FILES
            for target in own(module)
            if layer(target) != layer(module) and not matches(target, LAYERS[layer(module)].object)
        ]
        self.assertEqual(wrong, [])

    def test_downwards(self) -> None:
        """No row allows a row above it, so that no two rows import each other."""
        wrong = [
            f"{rule.subject} allows {module}"
            for index, rule in enumerate(LAYERS)
            for module in FILES
            if matches(module, rule.object) and layer(module) < index
        ]
        self.assertEqual(wrong, [])

    def test_outside(self) -> None:
        """A package from outside, and a standard module that has a row, is imported only there."""
        importers = {name: rule.object for rule in OUTSIDE for name in rule.subject}
        wrong = [
            f"{module} imports {target}"
            for module in FILES
            for target in outside(module)
            if target not in sys.stdlib_module_names or target in importers
            if not matches(module, importers.get(target, ()))
        ]
        self.assertEqual(wrong, [])

    def test_outside_is_used(self) -> None:
        """Every importer that a row names imports what the row is about."""
        self.assertTrue(OUTSIDE)
        idle = [
            f"{importer} does not import {name}"
            for rule in OUTSIDE
            for name in rule.subject
            for importer in rule.object
            if not any(matches(module, (importer,)) and name in outside(module) for module in FILES)
        ]
        self.assertEqual(idle, [])


if __name__ == "__main__":
    unittest.main()
