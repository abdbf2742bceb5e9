"""Writes the `__init__` of a package whose names are loaded when they are first used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .naming import Code, DocText, Identifier, literal
from .render import render

__all__ = ["Module", "render_init"]


@dataclass(frozen=True)
class Module:
    """A module and the names that the package exports from it."""

    name: Identifier
    exported: tuple[str, ...]

    @property
    def names(self) -> Code:
        """The names as an import statement lists them."""
        return Code(", ".join(sorted(self.exported)))


def render_init(header: Code, doc: str, modules: Sequence[Module]) -> str:
    """Answer the module, which exports the names of the modules."""
    homes = {name: str(each.name) for each in modules for name in each.exported}
    return render(
        "init.py",
        header=header,
        doc=DocText(doc),
        modules=modules,
        exported=literal(sorted(homes)),
        homes=literal(dict(sorted(homes.items()))),
    )
