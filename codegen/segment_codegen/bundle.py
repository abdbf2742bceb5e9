"""Composes what is generated for the events of a plan, and the package that holds just that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files

from . import __version__
from .catalogue import plan_events
from .described import describe
from .exports import Module, render_init
from .formatting import formatted
from .header import mark
from .index import INDEX, catalogue_index
from .ir import Event, ObjectType
from .models import render_event_models
from .naming import ClassName, Code, Identifier, literal, visible
from .objects import plan_dicts
from .paths import references
from .render import render

__all__ = [
    "VIOLATIONS",
    "class_names",
    "finished",
    "render_bundle",
    "render_dicts",
    "render_events",
    "support",
]

_SUPPORT = ("base", "checks", "formats", "forms", "sending", "texts", "violations")
VIOLATIONS = Module(Identifier("violations"), ("Violation", "ViolationWarning", "WITHHELD"))
"""What a program needs to say what is done with events that their schemas refuse."""

_MODELS = "The models of the events' properties: one module for each event, loaded when it is first used."
_EVENT_MODELS = "The models of one event's properties."
_PACKAGE = "The events of a tracking plan in Python: `Events` has one typed method for each."


def render_bundle(events: Sequence[Event], header: Code, plan: Mapping[str, str]) -> dict[str, str]:
    """Answer each file of a plan's package by its path; it stands by itself beside the client's library.

    `plan` is what is said of the plan in each event's provenance.
    """
    protocol = Identifier("SendsEvents")
    sources = render_events(events, header, plan, runtime=Code("semantic_events"), protocol=protocol)
    nested = tuple(f"{each.name}Dict" for event in events for each in event.objects[:-1])
    modules = [Module(Identifier("events"), ("Events", protocol)), VIOLATIONS]
    if nested:
        modules.append(Module(Identifier("event_dicts"), nested))
    sources["__init__.py"] = render_init(header, _PACKAGE, modules)
    return finished(sources, events)


def render_events(
    events: Sequence[Event],
    header: Code,
    plan: Mapping[str, str],
    *,
    runtime: Code,
    protocol: Identifier,
) -> dict[str, str]:
    """Answer the modules of the events by their paths, unformatted.

    `runtime` is the package, as an import statement names it, that has the calls' keywords.
    """
    nested = [each for event in events for each in event.objects[:-1]]
    methods = plan_events(events)
    models = render_event_models(events, f'{mark()}\n"""{_EVENT_MODELS}"""')
    return {
        "events.py": render(
            "events.py",
            header=header,
            runtime=runtime,
            protocol=protocol,
            fields_names=Code(", ".join(sorted({each.fields for each in methods}))),
            dict_names=class_names(nested, "Dict"),
            model_names=class_names(nested),
            calls=sorted({each.call for each in methods}),
            events=methods,
        ),
        "event_dicts.py": render_dicts(header, "event_models", nested, nullable=True),
        "event_models/__init__.py": render_init(
            header,
            _MODELS,
            [Module(Identifier(each.method), tuple(one.name for one in each.objects)) for each in events],
        ),
        **{
            f"event_models/{each.method}.py": models[each.method] + render("event.py", each=describe(each))
            for each in events
        },
        "provenance.py": render("provenance.py", header=header, provenance=literal(_provenance(plan))),
        **{f"{name}.py": support(name) for name in _SUPPORT},
    }


def _provenance(plan: Mapping[str, str]) -> dict[str, str]:
    said = {"generator": f"segment-codegen {__version__}", **plan}
    return {key: text for key, text in said.items() if text}


def finished(sources: dict[str, str], events: Sequence[Event]) -> dict[str, str]:
    """Answer the formatted modules, and beside them the index of the events and the mark of typed code.

    What this Python does not print stays escaped, though the formatter, with a newer Unicode, may know it.
    """
    modules = {name: visible(source) for name, source in formatted(sources).items()}
    return {**modules, INDEX: catalogue_index(events), "py.typed": ""}


def render_dicts(header: Code, module: str, objects: Sequence[ObjectType], *, nullable: bool) -> str:
    """Answer the module of the objects' TypedDicts; their models are in the module that is named."""
    plans = plan_dicts(objects, nullable=nullable)
    types = [one.type for each in objects for one in each.properties]
    referred = {name for each in types for _, name in references(each)}
    return render(
        "dicts.py",
        header=header,
        module=Identifier(module),
        model_names=class_names([each for each in objects if each.name in referred]),
        exported=literal(sorted(each.name for each in plans)),
        dicts=plans,
    )


def class_names(objects: Iterable[ObjectType], suffix: str = "") -> Code:
    """Answer the names of the objects' classes, as an import statement lists them."""
    return Code(", ".join(ClassName(f"{each.name}{suffix}") for each in objects))


def support(name: str) -> str:
    """Answer a module that is copied as it is."""
    source = files(__package__).joinpath("support", f"{name}.py").read_text(encoding="utf-8")
    return f"{mark()}\n{source}"
