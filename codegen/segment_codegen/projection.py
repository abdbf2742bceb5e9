"""Plans the projection: straight-line code that puts an event's fields where Segment's format has them.

An object whose fields all stand in one place under their own names goes there whole. Each other one gets a
function of its own, and a further one where a call type has a field of it elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .ir import CALL_TYPES, CallType, Contract, ObjectType, Property, Reference
from .naming import Code, FieldName, Identifier, literal

__all__ = ["CallCode", "ObjectCode", "Projection", "Put", "plan_projection"]

_Path = tuple[str, ...]
_Paths = tuple[_Path, ...]
_Functions = dict[tuple[object, ...], "ObjectCode"]

_CONTEXT: _Path = ("context",)
_CXS: _Path = ("context", "cxs")
_EACH = "*"
_LOCALS = {(): "call", _CONTEXT: "context", _CXS: "cxs"}
_INSIDE = {(): "call", _CONTEXT: "call['context']", _CXS: "call['context']['cxs']"}
"""The dicts that are always there, as the function of a call and that of an object write them."""

_KEPT = {"cxs", "segment"}
"""The keys of a call's `context` that the format has for itself: our fields, and what a foreign call had."""


@dataclass(frozen=True)
class Put:
    """A field, and the statement that puts it in its place where it is there."""

    name: FieldName
    code: Code


@dataclass(frozen=True)
class ObjectCode:
    """The function of an object.

    `root` is the place of what stands together, which is there where the object is empty too; "" where
    nothing does. `alone` is the condition that no field stands elsewhere, "" where none can. `custom` is the
    statement that puts the custom keys. `empties` are marks to leave, each with its condition.
    """

    function: Identifier
    puts: tuple[Put, ...]
    custom: Code
    root: Code
    alone: Code
    empties: tuple[tuple[Code, Code], ...]


@dataclass(frozen=True)
class CallCode:
    """The function of a call type: the dicts `call` and `cxs` with what is always there, then the others."""

    type: Code
    function: Identifier
    call: Code
    cxs: Code
    puts: tuple[Put, ...]


@dataclass(frozen=True)
class Projection:
    """What the generated module holds."""

    calls: tuple[CallCode, ...]
    objects: tuple[ObjectCode, ...]
    reserved: Code


def plan_projection(contract: Contract) -> Projection:
    """Answer a function for each call type, those of the objects that they share, and the reserved keys."""
    functions: _Functions = {}
    calls = tuple(_call(contract, kind, functions) for kind in CALL_TYPES)
    return Projection(calls, tuple(functions.values()), Code(f"frozenset({sorted(_reserved(contract))!r})"))


def _call(contract: Contract, kind: CallType, functions: _Functions) -> CallCode:
    call: list[str] = []
    cxs: list[str] = []
    puts: list[Put] = []
    for each in contract.root.properties:
        if "x-segment" not in each.annotations:
            continue
        path = _paths(each, kind)[0]
        if each.required:
            (cxs if path[:-1] == _CXS else call).append(f"{path[-1]!r}: fields[{literal(each.name)}]")
        else:
            puts.append(Put(each.name, _statement(contract, each, path, kind, functions)))
    always = Code(f"{{{', '.join((*call, repr('context') + ': context'))}}}")
    return CallCode(literal(kind), Identifier(f"_{kind}"), always, Code(f"{{{', '.join(cxs)}}}"), tuple(puts))


def _statement(
    contract: Contract, each: Property, path: _Path, kind: CallType, functions: _Functions
) -> Code:
    inner = contract.object(each.type.name) if isinstance(each.type, Reference) else None
    if inner is None or _is_whole(inner, path, kind):
        return Code(f"{_place(path, _LOCALS)} = fields[{literal(each.name)}]")
    root = None if path == _CONTEXT or path[:2] == _CXS else path
    other = root or (*_CXS, each.wire)
    paths = tuple(_paths(one, kind) or ((*other, one.wire),) for one in inner.properties)
    key = (each.wire, root, paths)
    if key not in functions:
        is_first = all(wire != each.wire for wire, *_ in functions)
        name = f"_put_{each.name}" if is_first else f"_put_{each.name}_of_{kind}"
        functions[key] = _object(Identifier(name), each, inner, root, paths)
    return Code(f"{functions[key].function}(fields[{literal(each.name)}], call)")


def _is_whole(inner: ObjectType, path: _Path, kind: CallType) -> bool:
    """Whether all of an object stands in its place, under its own names."""
    found = [(one, _paths(one, kind)) for one in inner.properties]
    return not inner.is_open and all(paths in ((), ((*path, one.wire),)) for one, paths in found)


def _object(
    function: Identifier, owner: Property, inner: ObjectType, root: _Path | None, paths: Sequence[_Paths]
) -> ObjectCode:
    found = list(zip(inner.properties, paths, strict=True))
    outside = [f"{literal(each.name)} not in given" for each, places in found if places[0][:-1] != root]
    empties = [
        (Code(f"given.get({literal(each.name)}) == {{}}"), literal(f"{owner.wire}.{each.wire}"))
        for each, places in found
        if places[0][-1] == _EACH
    ]
    if root is None:
        empties.append((Code("not given"), literal(owner.wire)))
    custom = ""
    if inner.is_open:
        names = sorted({place[-1] for places in paths for place in places})
        fields = sorted(each.name for each in inner.properties)
        values = f"{{key: given[key] for key in given.keys() - {{{', '.join(map(literal, fields))}}}}}"
        own = "own" if root else _at((*_CXS, owner.wire))
        custom = f"_spread({values}, frozenset({names!r}), {own}, call, {owner.wire!r})"
    return ObjectCode(
        function,
        tuple(Put(each.name, _put(each, places, root)) for each, places in found),
        Code(custom),
        Code(_place(root, _INSIDE) if root else ""),
        Code(" and ".join(outside) if root else ""),
        tuple(empties),
    )


def _put(each: Property, places: _Paths, root: _Path | None) -> Code:
    value = f"given[{literal(each.name)}]"
    first = places[0]
    if len(places) > 1:
        names = tuple(place[-1] for place in places)
        return Code(f"{_place(first[:-1], _INSIDE)} = dict(zip({names!r}, {value}, strict=True))")
    if first[-1] == _EACH:
        return Code(f"_spread({value}, RESERVED_CONTEXT_KEYS, {_at(first[:-1])}, call, {each.wire!r})")
    target = f"own[{first[-1]!r}]" if first[:-1] == root else _place(first, _INSIDE)
    return Code(f"{target} = {value}")


def _paths(each: Property, kind: CallType) -> _Paths:
    """Answer the places of a field: one, or one an item; none where it has none of its own."""
    found = each.annotations.get("x-segment", [])
    if isinstance(found, dict):
        found = found.get(kind) or found["*"]
    texts = [found] if isinstance(found, str) else found
    return tuple(tuple(str(text).split(".")) for text in texts) if isinstance(texts, list) else ()


def _place(path: _Path, containers: Mapping[_Path, str]) -> str:
    """Answer the target of an assignment; what is missing between it and a container is made there."""
    start = max((each for each in containers if path[: len(each)] == each and each != path), key=len)
    between = "".join(f".setdefault({step!r}, {{}})" for step in path[len(start) : -1])
    return f"{containers[start]}{between}[{path[-1]!r}]"


def _at(path: _Path) -> str:
    return _INSIDE.get(path) or _place(path, _INSIDE)


def _reserved(contract: Contract) -> set[str]:
    """Answer the keys of a call's context that have a meaning of their own."""
    owners = (contract.root, *contract.objects)
    placed = (
        path
        for owner in owners
        for each in owner.properties
        for kind in CALL_TYPES
        for path in _paths(each, kind)
    )
    return _KEPT | {path[1] for path in placed if path[0] == "context" and len(path) > 1 and path[1] != _EACH}
