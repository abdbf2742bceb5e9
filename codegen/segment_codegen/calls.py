"""Plans the typed calls: the keywords of each, their annotations, and the keys that hand them on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .hints import input_hint
from .ir import CALL_TYPES, SECTIONS, CallType, Contract, Property
from .naming import ClassName, Code, DocText, MethodName, ParameterName, literal

__all__ = [
    "Call",
    "CallClass",
    "Parameter",
    "bound_parameters",
    "common_parameters",
    "passed_parameters",
    "plan_calls",
]

_NOT_PASSED = frozenset({"type", "event", "entity_gid", "partition", "root_event_gid"})
"""Set by the call itself or by the client, or passed first."""

_ONE_EVENT = frozenset({"event_gid", "message_id"})
"""What names one event, and so cannot be bound for several."""

_CLIENT_HINTS = {"properties": Code("Mapping[str, object]")}
"""The client turns values of properties into text, so it takes more than the schema's map of text."""

_FREE_OBJECTS = frozenset({ClassName("Context")})
"""The client sorts unknown keys of a context into its extras, so it takes any mapping for it."""

_SUMMARIES: dict[CallType, str] = {
    "identify": "Say who the user is, and what is known about them (traits).",
    "track": "Say what the user did: an event with its name and properties.",
    "page": "Say that the user viewed a page.",
    "group": "Say that the user belongs to a group, and what is known about the group (traits).",
    "screen": "Say that the user viewed a screen of an app.",
    "alias": "Say that two identities are one user: `previous_id` is now `user_id`.",
}

_CLIENT = (
    "The calls of a client: the root event comes first, everything but what names the call is keyword-only."
)
_SCOPE = "The calls of a scope, which holds some of the keywords: what it holds need not be given again."
_ROOT = "UUID of the event that began the chain of events to which this one belongs."
_PREVIOUS = "Identifier that the user had before."
_EVENT_NAME = "Name of the event."
_DEFAULT_EVENT_NAME = "Name of the event, in place of the call's default name."
_SECOND = {
    "track": ("event_name", "event", _EVENT_NAME),
    "group": ("group_id", "group_id", "Identifier of the group."),
}
_NAMED = {"page": "Name of the page.", "screen": "Name of the screen."}


@dataclass(frozen=True)
class Parameter:
    """A parameter of a call: its name, its annotation without None, and the key that hands it on."""

    name: ParameterName
    hint: Code
    key: Code
    doc: DocText
    required: bool = False

    @property
    def signature(self) -> Code:
        """The parameter as a signature has it."""
        return Code(
            f"{self.name}: {self.hint}" if self.required else f"{self.name}: {self.hint} | None = None"
        )

    @property
    def item(self) -> Code:
        """The parameter as a TypedDict of keywords has it, which need not hold what is not required."""
        return Code(
            f"{self.name}: Required[{self.hint}]" if self.required else f"{self.name}: {self.hint} | None"
        )


@dataclass(frozen=True)
class Call:
    """A call: the parameters that may be positional come first."""

    name: MethodName
    type: Code
    doc: DocText
    leading: tuple[Parameter, ...]
    keywords: tuple[Parameter, ...]


@dataclass(frozen=True)
class CallClass:
    """A class that has the six calls."""

    name: ClassName
    doc: DocText
    calls: tuple[Call, ...]


def plan_calls(contract: Contract) -> tuple[CallClass, ...]:
    """Answer the calls of clients and of scopes, each with every field that a client may set."""
    fields = {each.name: each for each in _fields(contract)}
    calls = tuple(_call(kind, dict(fields)) for kind in CALL_TYPES)
    return (
        CallClass(
            ClassName("ClientCalls"), DocText(_CLIENT), tuple(_with_leading(call, True) for call in calls)
        ),
        CallClass(ClassName("ScopeCalls"), DocText(_SCOPE), calls),
    )


def passed_parameters(contract: Contract, kind: CallType) -> tuple[Parameter, ...]:
    """Answer what a catalogue method passes on: all that the call takes but what the event itself says."""
    call = _call(kind, {each.name: each for each in _fields(contract)})
    own = {SECTIONS[kind], *(("event_name",) if kind == "track" else ())}
    passed = (each for each in (*call.leading, *call.keywords) if each.name not in own)
    return tuple(replace(each, required=each.name == "group_id") for each in passed)


def common_parameters(contract: Contract) -> tuple[Parameter, ...]:
    """Answer what a catalogue method passes on whichever call it makes."""
    sets = [passed_parameters(contract, kind) for kind in SECTIONS]
    return tuple(each for each in sets[0] if all(each in others for others in sets))


def bound_parameters(contract: Contract) -> tuple[Parameter, ...]:
    """Answer what a scope can hold for all of its calls."""
    return (_root(), *(each for each in _fields(contract) if each.name not in _ONE_EVENT))


def _call(kind: CallType, fields: dict[ParameterName, Parameter]) -> Call:
    leading = [_root()]
    extra: list[Parameter] = []
    if kind == "alias":
        leading.append(
            fields.pop(ParameterName("previous_id"), _text("previous_id", "previous_id", _PREVIOUS))
        )
    elif kind in _SECOND:
        leading.append(_text(*_SECOND[kind]))
    if kind != "track":
        extra.append(_text("event_name", "event", _DEFAULT_EVENT_NAME))
    if kind in _NAMED:
        extra.append(_text("name", "name", _NAMED[kind]))
    keywords = (*extra, *fields.values())
    return Call(MethodName(kind), literal(kind), DocText(_SUMMARIES[kind]), tuple(leading), keywords)


def _with_leading(call: Call, required: bool) -> Call:
    return replace(call, leading=tuple(replace(each, required=required) for each in call.leading))


def _fields(contract: Contract) -> Iterable[Parameter]:
    is_open = {each.name for each in contract.objects if each.is_open} | _FREE_OBJECTS
    for each in contract.root.properties:
        if each.name not in _NOT_PASSED and not each.read_only:
            yield _parameter(each, _CLIENT_HINTS.get(each.name) or input_hint(each.type, is_open))


def _parameter(each: Property, hint: Code) -> Parameter:
    return Parameter(ParameterName(each.name), hint, literal(each.wire), DocText(each.doc))


def _root() -> Parameter:
    return Parameter(
        ParameterName("root_event_gid"), Code("UUID | str"), literal("root_event_gid"), DocText(_ROOT)
    )


def _text(name: str, key: str, doc: str) -> Parameter:
    return Parameter(ParameterName(name), Code("str"), literal(key), DocText(doc))
