"""Goes through all that a schema says, before anything is made of it, and reports what will not be kept.

An error is what no package can be made of; a note is what is left out. What neither is reported here nor an
annotation is held by the models or the checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

import jsonschema_rs

from .drafts import DRAFTS, META, SINCE, Words, dialect, is_known, modern, subschemas
from .errors import Diagnostic
from .library import Library, is_uri
from .patterns import python_pattern
from .places import Place, Step
from .vocabulary import FORMATS, IN_PLACE, KEYWORDS, UNSUPPORTED, is_note

__all__ = ["survey"]

_Key = tuple[str, tuple[Step, ...]]


def survey(root: Place, library: Library) -> list[Diagnostic]:
    """Answer the diagnostics of the schema at a place, and of all that it refers to."""
    found = _Survey(library)
    found.enter(root)
    return [*found.problems, *found.loops()]


class _Survey:
    def __init__(self, library: Library) -> None:
        self.problems: list[Diagnostic] = []
        self._library = library
        self._ends: dict[_Key, list[tuple[Place, Place]]] = {}
        """The schemas that hold for the same value as the one of the key, and where each is named."""

    def enter(self, place: Place) -> None:
        """Report on a schema that is reached from without; one that is malformed is not looked into."""
        if place.key in self._ends:
            return
        malformed = list(_malformed(place))
        self.problems += malformed
        if malformed:
            self._ends[place.key] = []
        else:
            self._visit(place)

    def loops(self) -> Iterator[Diagnostic]:
        """Yield each reference that leads back to its own schema without a step into the value."""
        for start in self._ends:
            waiting, met = [start], set[_Key]()
            while waiting:
                for place, end in self._ends.get(waiting.pop(), ()):
                    if end.key == start:
                        message, hint = "the schema leads back to itself", "end the chain at another schema"
                        yield place.problem("endless-reference", message, hint)
                    elif end.key not in met:
                        met.add(end.key)
                        waiting.append(end.key)

    def _visit(self, place: Place) -> None:
        if place.key in self._ends:
            return
        ends = self._ends[place.key] = []
        if not isinstance(place.node, dict):
            return
        words = modern(place)
        self.problems += _words(place, words)
        for word, child in subschemas(place, words):
            if word in IN_PLACE:
                ends.append((child, child))
            self._visit(child)
        if "$ref" in words:
            self._follow(place, str(words["$ref"].value), ends)

    def _follow(self, place: Place, reference: str, ends: list[tuple[Place, Place]]) -> None:
        try:
            target = self._library.target(place, reference)
        except (KeyError, ValueError):
            hint = 'refer to a definition of the schema, "#/$defs/Name", or to a file of the folder'
            if " " in reference:
                hint = f"a space in a reference is written %20: {reference.replace(' ', '%20')!r}"
            message = f"{reference!r} leads nowhere"
            self.problems.append(place.problem("lost-reference", message, hint, "$ref"))
            return
        ends.append((place.child("$ref"), target))
        self.enter(target)


def _malformed(place: Place) -> Iterator[Diagnostic]:
    """Yield the first thing that the draft's own schema refuses."""
    draft = dialect(place)
    if not isinstance(place.node, dict):
        if not isinstance(place.node, bool) or draft == "04":
            yield place.problem("malformed", "this is no schema", "a schema is an object")
        return
    try:
        jsonschema_rs.meta.validate({**place.node, "$schema": META[draft]})
    except jsonschema_rs.ValidationError as error:
        hint = f"see what draft {draft} has there"
        yield place.problem("malformed", error.message, hint, *error.instance_path)


def _words(place: Place, words: Words) -> Iterator[Diagnostic]:
    draft = dialect(place)
    for word, each in words.items():
        if word in UNSUPPORTED:
            message = f"{word!r} is not supported"
            yield place.problem("unsupported-keyword", message, UNSUPPORTED[word], *each.steps)
        elif word == "default":
            hint = "pass the value where it is to be sent"
            yield place.note("default-not-sent", "a default is not sent", hint, *each.steps)
        elif word not in KEYWORDS and not is_note(word):
            hint = "is it misspelt? a note of your own begins with x-"
            yield place.note("unknown-keyword", f"{word!r} is no keyword that is known", hint, *each.steps)
    for word in sorted(place.keywords.keys() & SINCE.keys() - words.keys()):
        if DRAFTS.index(draft) < DRAFTS.index(SINCE[word]):
            message = f"{word!r} says nothing in draft {draft}, and is not checked"
            hint = f"name a draft from {SINCE[word]} on under $schema"
            yield place.note("later-keyword", message, hint, word)
    named = words.get("$schema")
    if named is not None and not is_known(named.value):
        message = f"{str(named.value)!r} is no draft that is known; it is read as {draft}"
        hint = 'name one, such as "https://json-schema.org/draft/2020-12/schema"'
        yield place.note("unknown-draft", message, hint, *named.steps)
    own = "id" if draft == "04" else "$id"
    if not is_uri(str(place.keywords.get(own, ""))):
        hint = "name the schema by a URI, or leave the name out"
        yield place.problem("malformed", f"{str(place.keywords[own])!r} is no URI", hint, own)
    yield from _impossible(place, words)
    yield from _texts(place, words)


def _impossible(place: Place, words: Words) -> Iterator[Diagnostic]:
    """Yield each key that an object must have and may not."""
    if "required" not in words or "patternProperties" in words:
        return
    rest = words["additionalProperties"].value if "additionalProperties" in words else True
    listed = cast(Mapping[str, object], words["properties"].value) if "properties" in words else {}
    for key in sorted(set(cast(list[str], words["required"].value)) - listed.keys()) if rest is False else ():
        message = f"{key!r} is required but not allowed, so that nothing is valid"
        hint = 'describe it under "properties", or take it out of "required"'
        yield place.note("admits-nothing", message, hint, "required")


def _texts(place: Place, words: Words) -> Iterator[Diagnostic]:
    """Yield what is wrong with the patterns and formats of a place."""
    patterns: list[tuple[str, tuple[Step, ...]]] = []
    if "pattern" in words:
        patterns.append((str(words["pattern"].value), ("pattern",)))
    if "patternProperties" in words:
        matching = cast(Mapping[str, object], words["patternProperties"].value)
        patterns += ((text, ("patternProperties", text)) for text in matching)
    for text, steps in patterns:
        try:
            python_pattern(text)
        except ValueError as error:
            hint = "write it without that; ranges such as [a-z] and groups such as (?:a|b) always work"
            yield place.problem("unsupported-pattern", str(error), hint, *steps)
    named = words["format"].value if "format" in words else None
    if named is not None and named not in FORMATS:
        hint = f"those that are checked: {', '.join(sorted(FORMATS))}"
        yield place.note("unknown-format", f"the format {named!r} is not checked", hint, "format")
