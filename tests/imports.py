"""The imports that a module's source holds, wherever in it they stand."""

import ast
from collections.abc import Collection, Iterator

__all__ = ["imports"]


def imports(source: str, module: str, is_package: bool, known: Collection[str]) -> set[str]:
    """Name what `source` imports: at its top, in functions, for type checking, or by `import_module("name")`.

    `module` is the dotted name of the source's own module. `known` are the modules of the project:
    `from a import b` is an import of `a.b` where that is one of them, else of `a`. A text that is one's whole
    dotted name is an import too, as tables of modules to load later hold them.
    """
    package = module if is_package else module.rpartition(".")[0]
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        found.update(_targets(node, package, known))
    return found


def _targets(node: ast.AST, package: str, known: Collection[str]) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=name, names=names, level=level):
            base = _absolute(name or "", package, level)
            for alias in names:
                member = f"{base}.{alias.name}"
                yield member if member in known else base
        case ast.Call(
            func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
            args=[ast.Constant(value=str(name)), *_],
        ):
            level = len(name) - len(name.lstrip("."))
            yield _absolute(name.lstrip("."), package, level)
        case ast.Constant(value=str(name)) if "." in name and name in known:
            yield name


def _absolute(name: str, package: str, level: int) -> str:
    if level == 0:
        return name
    parents = package.split(".")
    return ".".join([*parents[: len(parents) - level + 1], *filter(None, [name])])
