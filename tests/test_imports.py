"""The reader of imports that the test of the architecture stands on."""

import unittest

from tests.imports import imports

KNOWN = ("own", "own.part", "own.part.leaf", "own.other")


class ImportsTest(unittest.TestCase):
    """No way to import something goes unseen."""

    def check(
        self, source: str, *expected: str, module: str = "own.part.leaf", is_package: bool = False
    ) -> None:
        """Hold what a source imports against what it should."""
        self.assertEqual(imports(source, module, is_package, KNOWN), set(expected))

    def test_plain(self) -> None:
        """A plain import is its dotted name, an alias or not."""
        self.check("import requests.adapters as a, json", "requests.adapters", "json")

    def test_member(self) -> None:
        """A member that is a module counts as that module, any other as the module that it comes from."""
        self.check("from own import part, name", "own.part", "own")

    def test_relative(self) -> None:
        """Relative imports count from the module's package."""
        self.check(
            "from . import leaf\nfrom .. import other\nfrom ..other import x", "own.part.leaf", "own.other"
        )

    def test_relative_in_package(self) -> None:
        """A package's own relative imports count from itself."""
        self.check("from .leaf import x", "own.part.leaf", module="own.part", is_package=True)

    def test_hidden(self) -> None:
        """Imports in functions and for type checking only are seen."""
        self.check(
            "def f():\n    import sqlite3\nif TYPE_CHECKING:\n    from rich import box", "sqlite3", "rich"
        )

    def test_by_name(self) -> None:
        """Imports by name are seen."""
        self.check("import_module('.leaf')\nimportlib.import_module('rich.box')", "own.part.leaf", "rich.box")

    def test_table(self) -> None:
        """A text that names a module is an import; a package's name alone or a longer text is none."""
        self.check(
            "COMMANDS = {'x': 'own.other'}\nlog = getLogger('own')\nhelp = 'see own.part'", "own.other"
        )


if __name__ == "__main__":
    unittest.main()
