"""Names by identity: what a thing is called in Python depends on no order and on no number.

What has a name already keeps it. Of several others that want the same name, the one that is spelled so on the
wire has it; each of the rest has it with a digest of its own identity.
"""

from __future__ import annotations

import hashlib
import keyword
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from .ir import CallType
from .naming import FieldName, Identifier, MethodName, ParameterName, field_name, parameter_name, snake
from .reserved import METHOD_NAMES

__all__ = ["Want", "assign", "digest", "fields", "is_method", "method_for", "of_version", "parameters"]

_Name = TypeVar("_Name", bound=Identifier)
_NONE: Mapping[str, str] = MappingProxyType({})
_LENGTHS = (6, 12, 64)
"""How much of a digest a name has: more only where a plan was made for two names to meet."""
_LONGEST = 50
"""Characters of a method's name, which is a file's name too: some systems end those after 255 bytes."""


@dataclass(frozen=True)
class Want:
    """The name that something would have alone; of those who want it the one highest in `rank` keeps it."""

    identity: str
    name: Identifier
    rank: int = 0


def assign(
    wants: Iterable[Want], kind: Callable[[str], _Name], given: Mapping[str, str] = _NONE
) -> dict[str, _Name]:
    """Answer the name of each identity, all different; `given` are those that some have, and others too."""
    groups: defaultdict[str, list[Want]] = defaultdict(list)
    names: dict[str, _Name] = {}
    for want in wants:
        if want.identity in given:
            names[want.identity] = kind(given[want.identity])
        else:
            groups[want.name].append(want)
    taken = set(given.values())
    for name, group in groups.items():
        if name not in taken and (winner := _winner(group)):
            names[winner.identity] = kind(name)
    taken |= set(names.values())
    rest = (each for group in groups.values() for each in group if each.identity not in names)
    for each in sorted(rest, key=lambda each: each.identity):
        made = (kind(f"{each.name}_{digest(each.identity, length)}") for length in _LENGTHS)
        names[each.identity] = next(name for name in made if name not in taken)
        taken.add(names[each.identity])
    return names


def fields(
    wires: Iterable[str], taken: Collection[str] = (), given: Mapping[str, str] = _NONE
) -> dict[str, FieldName]:
    """Answer the field of a model for each wire name of one object; names that are `taken` are not given."""

    def make(wire: str) -> FieldName:
        name = field_name(wire)
        return FieldName(f"{name}_property") if name in taken else name

    wants = (Want(wire, name, name == wire) for wire in wires for name in [_or_digest(make, wire)])
    return assign(wants, FieldName, given)


def parameters(
    wires: Iterable[str], taken: Collection[str], given: Mapping[str, str] = _NONE
) -> dict[str, ParameterName]:
    """Answer the keyword of a method for each wire name; names that the call has `taken` are not given."""

    def make(wire: str) -> ParameterName:
        return parameter_name(wire, taken)

    wants = (Want(wire, name, name == wire) for wire in wires for name in [_or_digest(make, wire)])
    return assign(wants, ParameterName, given)


def method_for(kind: CallType, name: str) -> MethodName:
    """Answer the method of an event that is alone: order_completed, page_home, or for no name, page."""
    words = snake(name)
    text = words if kind == "track" else f"{kind}_{words}" if name else str(kind)
    if not words and name:
        text = f"event_{digest(name)}"
    elif not text[:1].isidentifier():
        text = f"event_{text}"
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST].rstrip('_')}_{digest(name)}"
    return MethodName(text if is_method(text) else f"{text}_event")


def is_method(text: str) -> bool:
    """Tell whether a method, and its module, may be called so."""
    is_public = text.isidentifier() and not text.startswith("_") and len(text) <= _LONGEST + 100
    return is_public and text == snake(text) and not keyword.iskeyword(text) and text not in METHOD_NAMES


def of_version(method: MethodName, version: str) -> MethodName:
    """Answer the method of a version that is not the current one: order_completed_v1."""
    words = snake(version)
    suffix = f"v{words if len(words) <= _LONGEST else digest(version)}" if words else "unversioned"
    return MethodName(f"{method}_{suffix}")


def digest(identity: str, length: int = 6) -> str:
    """Answer six characters, or as many as are asked for, that are always the same for an identity."""
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:length]


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
