"""Plans the pages of the catalogue: of what the plan says, and of what its events are called in Python."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from ..ir import Event, ListOf, MapOf, Nullable, Property, Reference, Type, Union
from ..library import Library
from ..listed import Listed, listed
from ..naming import ClassName
from ..plans.model import Plan, Rule
from .call import python_call
from .facts import Facts, gather, is_conditional
from .pages import EventPage, PropertyRow, Site
from .proof import Proof
from .samples import Sampler
from .words import type_words

__all__ = ["plan_site"]

_Accepts = Callable[[Mapping[str, object]], bool]
_BRANCHES = 6
_SHOWN = 3
_SETUP = """\
from uuid import uuid4

from segment_client import SegmentClient
from {package} import Events

client = SegmentClient("your write key", entity_gid, "default")
events = Events(client.bind(root_event_gid=uuid4(), user_id="user-1"))"""


def plan_site(plan: Plan, events: Sequence[Event], package: str) -> Site:
    """Answer the catalogue of a plan whose events have their names; `package` is what programs import."""
    library = Library(plan.documents)
    proof = Proof(plan, library)
    rules = {(each.type, each.name, each.version): each for each in plan.rules}
    pages = [_page(each, rules[each.type, each.name, each.version], proof, library) for each in events]
    return Site(
        title=plan.name or "Event catalogue",
        plan=plan.id,
        version=plan.version,
        setup=_SETUP.format(package=package),
        events=sorted(
            pages, key=lambda each: (each.title.casefold(), each.type, not each.is_current, each.method)
        ),
    )


def _page(event: Event, rule: Rule, proof: Proof, library: Library) -> EventPage:
    described = {each.path: each for each in listed(rule.schema, library)}
    example, is_complete = _example(event, rule, proof, library)
    return EventPage(
        method=event.method,
        type=event.type,
        name=event.name,
        version=event.version,
        is_current=event.is_current,
        is_deprecated=event.deprecated,
        is_open=event.properties.is_open,
        has_conditions=event.check is not None and is_conditional(rule.schema, library),
        description=event.doc,
        code=python_call(event, example),
        is_complete=is_complete,
        schema=json.dumps(rule.schema.node, indent=2, ensure_ascii=False),
        rows=tuple(_rows(event, described, library)),
    )


def _rows(
    event: Event, described: Mapping[tuple[str, ...], Listed], library: Library
) -> Iterator[PropertyRow]:
    """Yield the properties of an event in the order of its schema, each with those inside of it after it."""
    objects = {each.name: each for each in event.objects}
    order = {path: number for number, path in enumerate(described)}

    def walk(
        name: ClassName, path: tuple[str, ...], shown: str, above: frozenset[ClassName]
    ) -> Iterator[PropertyRow]:
        properties = objects[name].properties
        for one in sorted(properties, key=lambda one: (order.get((*path, one.wire), len(order)), one.wire)):
            here = (*path, one.wire)
            way = f"{shown}{one.wire}"
            places = described[here].places if here in described else ()
            yield _row(one, way, len(above), gather(places, library))
            for steps, suffix, inner in _inside(one.type):
                if inner not in above:
                    yield from walk(inner, (*here, *steps), f"{way}{suffix}.", above | {inner})

    yield from walk(event.properties.name, (), "", frozenset({event.properties.name}))


def _row(one: Property, way: str, above: int, facts: Facts) -> PropertyRow:
    return PropertyRow(
        path=way,
        depth=above - 1,
        type=type_words(one.type),
        is_required=one.required,
        is_personal=one.personal,
        is_deprecated=one.deprecated,
        description=one.doc,
        limits=facts.limits,
        values=facts.values,
        examples=facts.examples,
    )


def _inside(each: Type) -> Iterator[tuple[tuple[str, ...], str, ClassName]]:
    """Yield the objects of a type, each with the steps to it and how these are shown."""
    match each:
        case Reference(name):
            yield (), "", name
        case ListOf(of):
            yield from ((("*", *steps), f"[]{shown}", name) for steps, shown, name in _inside(of))
        case MapOf(of):
            yield from ((("*", *steps), f".*{shown}", name) for steps, shown, name in _inside(of))
        case Nullable(of):
            yield from _inside(of)
        case Union(of):
            for one in of:
                yield from _inside(one)


def _example(event: Event, rule: Rule, proof: Proof, library: Library) -> tuple[Mapping[str, object], bool]:
    """Answer properties to show, few of them that are accepted, and whether they are."""
    properties = event.properties.properties
    is_bare = not any(each.required for each in properties)
    wanted = [each.wire for each in properties if not each.deprecated][:_SHOWN] if is_bare else []

    def accepts(made: Mapping[str, object]) -> bool:
        return proof.accepts(rule.schema, made)

    tried = [
        Sampler(library, number).event(rule.schema, names)
        for names in ((wanted, ()) if wanted else ((),))
        for number in range(_BRANCHES)
    ]
    if least := next(filter(accepts, tried), None):
        return least, True
    full = (Sampler(library, number, is_full=True).event(rule.schema) for number in range(_BRANCHES))
    most = next(filter(accepts, full), None)
    return (tried[0], accepts(tried[0])) if most is None else (_shrunk(most, accepts), True)


def _shrunk(made: Mapping[str, object], accepts: _Accepts) -> Mapping[str, object]:
    """Answer the properties without those, the last first, that it takes none of to be accepted."""
    for name in [*made][::-1]:
        less = {key: value for key, value in made.items() if key != name}
        made = less if less and accepts(less) else made
    return made
