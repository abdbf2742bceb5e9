"""Composes the package `semantic_events`: every file of it, in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

from .calls import Parameter, bound_parameters, plan_calls, track_parameters
from .catalogue import catalogue_index, plan_events
from .formatting import formatted
from .ir import CALL_TYPES, Contract, ObjectType
from .models import render_models
from .naming import ClassName, Code, DocText, Identifier, literal
from .objects import plan_dicts
from .render import render
from .wire import plan_wire

__all__ = ["KeywordSet", "Module", "render_package"]

_SUPPORT = ("base", "formats", "properties")
_BOUND = "What a scope can hold for all of its calls."
_TRACK = "What a catalogue method passes to `track` beside the event's name and properties."


@dataclass(frozen=True)
class KeywordSet:
    """A TypedDict of keywords that are passed through."""

    name: ClassName
    doc: DocText
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True)
class Module:
    """A module and the names that the package exports from it."""

    name: Identifier
    exported: tuple[str, ...]

    @property
    def names(self) -> Code:
        """The names as an import statement lists them; `X as X` says that they are re-exported."""
        return Code(", ".join(sorted(self.exported)))


def render_package(contract: Contract, header: Code) -> dict[str, str]:
    """Answer the text of each file of the package by its name; raises SyntaxError if one is no Python."""
    nested = [each for event in contract.events for each in event.objects]
    track = track_parameters(contract)
    events = plan_events(contract, (each.name for each in track))
    sources = {
        "models.py": _models(
            header, contract.objects, "The models: one for each object of the schema.", False
        ),
        "event_models.py": _models(header, nested, "The models of the catalogue events' properties.", True),
        "dicts.py": _dicts(header, "models", contract.objects, nullable=False),
        "event_dicts.py": _dicts(header, "event_models", nested, nullable=True),
        "calls.py": render(
            "calls.py",
            header=header,
            dict_names=_names(contract.objects, "Dict"),
            model_names=_names(contract.objects),
            call_type=Code(f"Literal[{', '.join(map(literal, CALL_TYPES))}]"),
            keyword_sets=(
                KeywordSet(ClassName("BoundFields"), DocText(_BOUND), bound_parameters(contract)),
                KeywordSet(ClassName("TrackFields"), DocText(_TRACK), track),
            ),
            classes=plan_calls(contract),
        ),
        "events.py": render(
            "events.py",
            header=header,
            dict_names=_names(nested, "Dict"),
            model_names=_names(nested),
            events=events,
        ),
        "wire.py": render("wire.py", header=header, tables=plan_wire(contract)),
        "__init__.py": _init(header, contract),
        **{f"{name}.py": _support(header, name) for name in _SUPPORT},
    }
    return {**formatted(sources), "catalogue.json": catalogue_index(contract, events), "py.typed": ""}


def _models(
    header: Code, objects: tuple[ObjectType, ...] | list[ObjectType], doc: str, nullable: bool
) -> str:
    return render_models(objects, f'{header}\n"""{doc}"""', nullable=nullable)


def _dicts(header: Code, module: str, objects: Iterable[ObjectType], *, nullable: bool) -> str:
    plans = plan_dicts(objects, nullable=nullable)
    return render(
        "dicts.py",
        header=header,
        module=Identifier(module),
        model_names=_names(objects),
        exported=literal(sorted(each.name for each in plans)),
        dicts=plans,
    )


def _names(objects: Iterable[ObjectType], suffix: str = "") -> Code:
    return Code(", ".join(f"{each.name}{suffix}" for each in objects))


def _support(header: Code, name: str) -> str:
    source = files(__package__).joinpath("support", f"{name}.py").read_text(encoding="utf-8")
    return f"{header}\n{source}"


def _init(header: Code, contract: Contract) -> str:
    modules = (
        Module(Identifier("calls"), ("BoundFields", "CallType", "ClientCalls", "ScopeCalls", "TrackFields")),
        Module(Identifier("dicts"), tuple(f"{each.name}Dict" for each in contract.objects)),
        Module(Identifier("events"), ("Events", "TracksEvents")),
        Module(Identifier("models"), tuple(each.name for each in contract.objects)),
        Module(Identifier("properties"), ("CatalogueProperties",)),
        Module(Identifier("wire"), ("SCHEMA_VERSION",)),
    )
    homes = {name: str(each.name) for each in modules for name in each.exported}
    return render(
        "init.py",
        header=header,
        modules=modules,
        exported=literal(sorted(homes)),
        homes=literal(dict(sorted(homes.items()))),
    )
