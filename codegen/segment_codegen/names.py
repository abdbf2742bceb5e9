"""Names by identity: what a thing is called in Python depends on no order and on no number.

Of several that want the same name, the one that is spelled so on the wire has it; each of the others has it
with a digest of its own identity. One more event can so take no name away from those that share one.
"""

from __future__ import annotations

import hashlib
import keyword
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

from .ir import CallType
from .naming import FieldName, Identifier, MethodName, ParameterName, field_name, parameter_name, snake

__all__ = ["Want", "assign", "digest", "fields", "method_for", "parameters"]

_Name = TypeVar("_Name", bound=Identifier)


@dataclass(frozen=True)
class Want:
    """The name that something would have alone; of those who want it the one highest in `rank` keeps it."""

    identity: str
    name: Identifier
    rank: int = 0


def assign(wants: Iterable[Want], kind: Callable[[str], _Name]) -> dict[str, _Name]:
    """Answer the name of each identity, all different; raises ValueError should two digests be the same."""
    groups: defaultdict[str, list[Want]] = defaultdict(list)
    for want in wants:
        groups[want.name].append(want)
    names = {
        each.identity: kind(name if each is winner else f"{name}_{digest(each.identity)}")
        for name, group in groups.items()
        for winner in [_winner(group)]
        for each in group
    }
    if len(set(names.values())) < len(names):
        raise ValueError(f"two of these would have the same name: {', '.join(sorted(names))}")
    return names


def fields(wires: Iterable[str]) -> dict[str, FieldName]:
    """Answer the field of a model for each wire name of one object."""
    wants = (Want(wire, name, name == wire) for wire in wires for name in [_or_digest(field_name, wire)])
    return assign(wants, FieldName)


def parameters(wires: Iterable[str], taken: Collection[str]) -> dict[str, ParameterName]:
    """Answer the keyword of a method for each wire name; names that the call has `taken` are not given."""

    def make(wire: str) -> ParameterName:
        return parameter_name(wire, taken)

    wants = (Want(wire, name, name == wire) for wire in wires for name in [_or_digest(make, wire)])
    return assign(wants, ParameterName)


def method_for(kind: CallType, name: str, version: str | None = None) -> MethodName:
    """Answer the method of an event that is alone: order_completed, page_home, or for no name, page.

    A version that is not the current one has it in its name: order_completed_v1.
    """
    words = snake(name)
    text = words if kind == "track" else f"{kind}_{words}" if name else str(kind)
    if not words and name:
        text = f"event_{digest(name)}"
    elif not text[:1].isidentifier():
        text = f"event_{text}"
    if version is not None:
        text = f"{text}_v{snake(version)}" if version else f"{text}_unversioned"
    return MethodName(f"{text}_event" if keyword.iskeyword(text) else text)


def digest(identity: str) -> str:
    """Answer six characters that are always the same for an identity."""
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:6]


def _winner(group: list[Want]) -> Want | None:
    if len(group) == 1:
        return group[0]
    highest = max(each.rank for each in group)
    first = [each for each in group if each.rank == highest]
    return first[0] if highest and len(first) == 1 else None


def _or_digest(make: Callable[[str], Identifier], wire: str) -> Identifier:
    """Answer the name that is made of a wire name, or where none can be, one that begins with `property_`."""
    try:
        return make(wire)
    except ValueError:
        return Identifier(f"property_{snake(wire) or digest(wire)}")
