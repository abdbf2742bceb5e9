"""Reads the annotations into the tables by which events are written in Segment's format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .ir import CALL_TYPES, Contract, ListOf, ObjectType, Property, Reference
from .naming import Code, literal

__all__ = ["WireTables", "plan_wire"]


@dataclass(frozen=True)
class WireTables:
    """The tables of the generated `wire` module, each as the literal of its value."""

    version: Code
    call_types: Code
    paths: Code
    mirrored: Code
    objects: Code
    open_objects: Code
    fields: Code
    pii: Code


def plan_wire(contract: Contract) -> WireTables:
    """Answer the tables; paths are in the order of the schema, a nested field right after its object."""
    placed = list(_placed(contract, contract.root, ""))
    paths = {
        path: _frozen(each.annotations["x-segment"])
        for path, each in placed
        if "x-segment" in each.annotations
    }
    personal = sorted(path for path, each in placed if each.annotations.get("x-pii"))
    objects = {
        each.wire: each.type.name for each in contract.root.properties if isinstance(each.type, Reference)
    }
    opened = sorted(wire for wire, name in objects.items() if contract.object(name).is_open)
    return WireTables(
        version=literal(contract.version),
        call_types=literal(CALL_TYPES),
        paths=literal(paths),
        mirrored=literal(dict(_mirrors(placed))),
        objects=literal(objects),
        open_objects=Code(f"frozenset({opened!r})"),
        fields=literal({each.name: tuple(one.wire for one in each.properties) for each in contract.objects}),
        pii=Code(f"frozenset({personal!r})"),
    )


def _placed(contract: Contract, owner: ObjectType, prefix: str) -> Iterator[tuple[str, Property]]:
    """Yield each property with its dotted path, depth first."""
    for each in owner.properties:
        path = f"{prefix}{each.wire}"
        yield path, each
        inner = each.type.items if isinstance(each.type, ListOf) else each.type
        if isinstance(inner, Reference):
            yield from _placed(contract, contract.object(inner.name), f"{path}.")


def _mirrors(placed: Iterable[tuple[str, Property]]) -> Iterator[tuple[str, tuple[str, str]]]:
    for path, each in placed:
        mirror = each.annotations.get("x-segment-mirror", {})
        if isinstance(mirror, dict):
            yield from ((call_type, (path, target)) for call_type, target in mirror.items())


def _frozen(paths: object) -> object:
    return tuple(paths) if isinstance(paths, list) else paths
