"""Gives the events of a plan their names in Python, all at once: methods, classes, fields and keywords.

What has a name keeps it, and what gets one gets it by its identity, so that no event renames another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from .errors import Diagnostic
from .given import Given
from .hints import DICT_SUFFIX
from .ir import Event, ListOf, MapOf, Nullable, ObjectType, Reference, Type, Union
from .members import field_names, keyword_names, member_identities, member_problems
from .names import Want, assign, is_method, method_for, of_version
from .naming import ClassName, FieldName, MethodName, class_name
from .reserved import CLASS_NAMES, LIMITED

__all__ = ["named"]


def named(
    events: Sequence[Event], given: Given, call_fields: Collection[str]
) -> tuple[tuple[Event, ...], tuple[Diagnostic, ...]]:
    """Answer the events, sorted by method, with their final names, and what is wrong with the pins.

    `call_fields` are the keywords that the calls take themselves. The events come with names of classes that
    are different within each event.
    """
    methods = _methods(events, given)
    classes = _classes(events, methods, given)
    found = (_named(each, methods[each.identity], classes, given, call_fields) for each in events)
    return tuple(sorted(found, key=lambda each: each.method)), tuple(_problems(events, given, call_fields))


def _methods(events: Iterable[Event], given: Given) -> dict[str, MethodName]:
    """Answer the method of each event; an old version's is that of the current one and the version."""
    current = {each.identity: each for each in events if each.is_current}
    old = {each.identity: each for each in events if not each.is_current}
    wants = []
    for identity, event in current.items():
        name = method_for(event.type, event.name)
        wants.append(Want(identity, name, 2 if not event.name else int(name == event.name)))
    found = assign(wants, MethodName, given.of("method", current, is_method))
    kept = given.of("method", old, is_method)
    free = {key: name for key, name in kept.items() if name not in found.values()}
    further = [Want(key, of_version(found[each.current], each.version)) for key, each in old.items()]
    return found | assign(further, MethodName, {**found, **free})


def _classes(
    events: Iterable[Event], methods: Mapping[str, MethodName], given: Given
) -> dict[str, ClassName]:
    """Answer each object's class by identity; those of an event whose method is another are made anew."""
    wants: list[Want] = []
    steady: list[str] = []
    taken = set(map(str, methods.values()))  # scripts without capitals: a class could be called like a module
    for event in events:
        root, before = class_name(methods[event.identity]), event.properties.name
        referred = _referred(event)
        wires = {one.wire for each in event.objects for one in each.properties}
        for key, each in _objects(event):
            is_root = each is event.properties
            name = root if is_root else ClassName(f"{root}{each.name.removeprefix(before)}")
            if not _is_class(name) or name in taken or (each.name in referred and name in wires):
                name = ClassName(f"{name}{'Event' if is_root else 'Object'}")
            wants.append(Want(key, name, int(is_root)))
            if key in given.pinned or given.method(event.identity) == methods[event.identity]:
                steady.append(key)
    return assign(wants, class_name, given.of("class", steady, _is_class))


def _named(
    event: Event,
    method: MethodName,
    classes: Mapping[str, ClassName],
    given: Given,
    call_fields: Collection[str],
) -> Event:
    own = {each.name: classes[key] for key, each in _objects(event)}
    referred = {own[each] for each in _referred(event)}
    objects = tuple(_object(each, own, field_names(event, each, referred, given)) for each in event.objects)
    return replace(event, method=method, objects=objects, keywords=keyword_names(event, given, call_fields))


def _object(
    each: ObjectType, classes: Mapping[ClassName, ClassName], names: Mapping[str, FieldName]
) -> ObjectType:
    properties = tuple(
        replace(one, name=names[one.wire], type=_renamed(one.type, classes)) for one in each.properties
    )
    return replace(each, name=classes[each.name], properties=properties)


def _renamed(each: Type, classes: Mapping[ClassName, ClassName]) -> Type:
    match each:
        case Reference(name):
            return Reference(classes[name])
        case ListOf(items, limits):
            return ListOf(_renamed(items, classes), limits)
        case MapOf(values):
            return MapOf(_renamed(values, classes))
        case Nullable(of):
            return Nullable(_renamed(of, classes))
        case Union(of):
            return Union(tuple(_renamed(one, classes) for one in of))
    return each


def _referred(event: Event) -> set[ClassName]:
    """Answer the classes that the event's models refer to."""
    return {name for each in event.objects for one in each.properties for name in _references(one.type)}


def _references(each: Type) -> Iterator[ClassName]:
    match each:
        case Reference(name):
            yield name
        case ListOf(items=inner) | MapOf(values=inner) | Nullable(of=inner):
            yield from _references(inner)
        case Union(of):
            for one in of:
                yield from _references(one)


def _problems(events: Sequence[Event], given: Given, call_fields: Collection[str]) -> Iterator[Diagnostic]:
    if not given.pinned:
        return
    methods = [each.identity for each in events]
    classes = [key for event in events for key, _ in _objects(event)]
    yield from given.problems(methods, is_method)
    yield from given.problems(classes, _is_class)
    for event in events:
        yield from member_problems(event, given, call_fields)
    members = (key for event in events for key in member_identities(event))
    yield from given.unused({*methods, *classes, *members})


def _objects(event: Event) -> Iterator[tuple[str, ObjectType]]:
    """Yield each object of an event with its identity."""
    return ((f"{event.identity}#{each.at}", each) for each in event.objects)


def _is_class(name: str) -> bool:
    is_one = name.isidentifier() and class_name(name) == name
    is_limit = name.removeprefix(LIMITED).isdecimal()
    return is_one and not is_limit and name not in CLASS_NAMES and not name.endswith(DICT_SUFFIX)
