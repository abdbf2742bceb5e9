"""Reads one rule of a plan: what every format says of an event, each under words of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..errors import Diagnostic, settle
from ..ir import SECTIONS, CallType
from ..places import Place
from .envelope import says_nothing, section
from .model import Rule

__all__ = ["Entry", "call_type", "collect", "common", "read_entry", "text"]

_COMMON = "the rule is for the calls of all events, and the methods do not check it"
_COMMON_HINT = "write what holds for an event's own properties into the rule of the event"


@dataclass(frozen=True)
class Entry:
    """A rule as its format has it: `name`, `doc` and `schema` are the words under which it says these.

    Where `schema` is "", the rule is itself the schema. `path` leads from the schema of the whole call to
    what the event carries; it is empty where the schema is of that alone. `named` is the name, where it is
    known.
    """

    place: Place
    type: CallType
    name: str
    schema: str
    path: tuple[str, ...]
    doc: str = "description"
    named: str | None = None
    deprecated: bool = False


def call_type(word: object) -> CallType | None:
    """Answer the call that a format's word for it names: `TRACK`, `track`."""
    return next((each for each in SECTIONS if isinstance(word, str) and word.lower() == each), None)


def read_entry(entry: Entry) -> Iterator[Rule | Diagnostic]:
    """Yield the rule, and what there is to say of it; one with an error is not yielded."""
    problems = [*_problems(entry)]
    yield from problems
    if problems:
        return
    place, words = entry.place, entry.place.keywords
    schema = (place.child(entry.schema) if entry.schema else place).as_root()
    found, notes = section(schema, entry.path) if entry.path else (schema, ())
    yield from notes
    version = words.get("version")
    yield Rule(
        type=entry.type,
        name=text(words.get(entry.name)) if entry.named is None else entry.named,
        version="" if version is None else str(version),
        doc=text(words.get(entry.doc)) or text(schema.keywords.get("description")),
        schema=found,
        deprecated=entry.deprecated,
    )


def common(place: Place, schema: object, *steps: str) -> Iterator[Diagnostic]:
    """Yield the note on a rule for the calls of all events, if it demands something."""
    if not says_nothing(schema):
        yield place.note("common-rule", _COMMON, _COMMON_HINT, *steps)


def collect(found: Iterable[Rule | Diagnostic]) -> tuple[tuple[Rule, ...], tuple[Diagnostic, ...]]:
    """Answer the rules and the notes among these; raises SchemaError where an error is among them."""
    listed = [*found]
    notes = settle(each for each in listed if isinstance(each, Diagnostic))
    return tuple(each for each in listed if isinstance(each, Rule)), notes


def text(value: object) -> str:
    """Answer what a format says in text; "" where it says nothing, or no text."""
    return value if isinstance(value, str) else ""


def _problems(entry: Entry) -> Iterator[Diagnostic]:
    place, words = entry.place, entry.place.keywords
    name = words.get(entry.name) if entry.named is None else entry.named
    if not isinstance(name, str | None) or (entry.type == "track" and not name):
        hint = f'write the name that is sent under "{entry.name}"'
        yield place.problem("event-name", "the rule does not name its event", hint, entry.name)
    version = words.get("version")
    if isinstance(version, bool) or not isinstance(version, int | str | None):
        yield place.problem("event-version", f"{version!r} is no version", "number it 1, 2, ...", "version")
    if entry.schema and not isinstance(words.get(entry.schema), dict):
        steps = (entry.schema,) if entry.schema in words else ()
        hint = f'write one under "{entry.schema}"; an empty one, {{}}, allows everything'
        yield place.problem("no-schema", "the rule has no schema", hint, *steps)
