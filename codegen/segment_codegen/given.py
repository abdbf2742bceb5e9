"""Names that are given before any is made: those that a package has already, and those that options pin.

Each is of one kind and of one identity. An event is `track/Order Completed`, or `track/Order Completed@1` in
a version that is not the current one. Its property is `track/Order Completed#site id`; an object in it, by
the JSON pointer from the event's schema, `track/Order Completed#/properties/lines/items`; and a property of
that `track/Order Completed#/properties/lines/items#sku`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from .errors import Diagnostic, pointer

__all__ = ["Given", "Kind", "Remembered"]

Kind = Literal["method", "class", "field", "keyword"]
Remembered = Mapping[tuple[Kind, str], str]
"""The names of things by their kind and identity."""

_HINT = "pin a name of letters, digits and _ that generated code does not use itself"


@dataclass(frozen=True)
class Given:
    """The names that are remembered, by kind and identity, and those that a file of options pins."""

    remembered: Remembered = field(default_factory=dict)
    pinned: Mapping[str, str] = field(default_factory=dict)
    file: str = ""

    def method(self, identity: str) -> str | None:
        """Answer the method that an event had."""
        return self.remembered.get(("method", identity))

    def of(self, kind: Kind, identities: Collection[str], allowed: Callable[[str], bool]) -> dict[str, str]:
        """Answer the names of these identities that are allowed still, all different; a pin goes first."""
        pins = {each: self.pinned[each] for each in identities if each in self.pinned}
        names = {each: name for each, name in pins.items() if allowed(name)}
        kept = {each: name for each in identities if (name := self.remembered.get((kind, each), ""))}
        free = {each: name for each, name in kept.items() if each not in pins and allowed(name)}
        counts = Counter([*names.values(), *free.values()])
        return names | {each: name for each, name in free.items() if counts[name] == 1}

    def problems(self, identities: Collection[str], allowed: Callable[[str], bool]) -> Iterable[Diagnostic]:
        """Yield each pin of these identities that is no such name, or that two of them have."""
        pins = {each: self.pinned[each] for each in identities if each in self.pinned}
        counts = Counter(pins.values())
        for each, name in pins.items():
            if not allowed(name):
                yield self._problem(each, "refused-pin", f"{name!r} cannot be the name", _HINT)
            elif counts[name] > 1:
                yield self._problem(
                    each, "repeated-pin", f"{name!r} is pinned twice", "pin another name for one"
                )

    def unused(self, identities: Collection[str]) -> Iterable[Diagnostic]:
        """Yield each pin that is of none of these identities."""
        for each in sorted(self.pinned.keys() - set(identities)):
            hint = "take the identity from catalogue.json, or leave the pin out"
            yield self._problem(each, "unused-pin", "the plan has nothing of this identity", hint)

    def _problem(self, identity: str, rule: str, message: str, hint: str) -> Diagnostic:
        return Diagnostic(self.file, pointer("names", identity), message, hint, rule)
