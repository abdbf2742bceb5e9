"""The public names of every module."""

import ast
import importlib
import unittest
from collections.abc import Iterator

from tests.sources import modules

WITHOUT = {"semantic_events.models"}
"""The module that the model generator writes whole, without `__all__`: its package's says what is public."""


def sort_key(name: str) -> tuple[int, str]:
    """Order names as ruff does: constants, then classes, then the rest."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def public_names(tree: ast.Module) -> Iterator[str]:
    """Name what a module defines at its top without a leading underscore, but for type variables."""
    for node in tree.body:
        match node:
            case ast.Assign(value=ast.Call(func=ast.Name(id="TypeVar"))):
                continue
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))


def declared(tree: ast.Module) -> list[str] | None:
    """Read a module's `__all__`; None if it has none."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                return list(ast.literal_eval(value))
    return None


class PublicTest(unittest.TestCase):
    """`__all__` can be trusted."""

    def test_exported_members(self) -> None:
        """Each module has a sorted `__all__` of exactly its public names; a package has what it names."""
        for module, file in modules().items():
            if module in WITHOUT:
                continue
            with self.subTest(module=module):
                tree = ast.parse(file.read_text("utf-8"))
                names = declared(tree) or []
                public = {name for name in public_names(tree) if not name.startswith("_")}
                self.assertEqual(names, sorted(set(names), key=sort_key))
                if file.name == "__init__.py":
                    self.assertLessEqual(public, set(names))
                    for name in names:
                        self.assertTrue(hasattr(importlib.import_module(module), name), name)
                else:
                    self.assertEqual({name for name in names if not name.startswith("__")}, public)


if __name__ == "__main__":
    unittest.main()
