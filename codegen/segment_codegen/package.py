"""Composes the package `semantic_events`: every file of it, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .bundle import VIOLATIONS, class_names, finished, render_dicts, render_events, support
from .calls import Parameter, bound_parameters, common_parameters, passed_parameters, plan_calls
from .exports import Module, render_init
from .ir import CALL_TYPES, SECTIONS, Contract, Event
from .models import render_models
from .naming import ClassName, Code, DocText, Identifier, literal
from .projection import plan_projection
from .render import render
from .warehouse.columns import Table
from .warehouse.rows import cells
from .wire import plan_wire

__all__ = ["KeywordSet", "render_package"]

_BOUND = "What a scope can hold for all of its calls."
_COMMON = "What a catalogue method passes on whichever call it makes."
_PASSED = "What a catalogue method passes to `{}` beside what the event itself says."
_MODELS = "The models: one for each object of the schema."
_PACKAGE = (
    "The SemanticEvent in Python: models, TypedDicts, typed calls, the event catalogue and the wire tables."
)


@dataclass(frozen=True)
class KeywordSet:
    """A TypedDict of keywords that are passed through, further to those of its base."""

    name: ClassName
    base: ClassName
    doc: DocText
    parameters: tuple[Parameter, ...]


def render_package(
    contract: Contract, events: Sequence[Event], table: Table | None, header: Code
) -> dict[str, str]:
    """Answer the text of each file of the package by its path; raises SyntaxError if one is no Python."""
    sources = {
        **render_events(
            events,
            header,
            {},
            runtime=Code(""),
            protocol=Identifier("TracksEvents"),
        ),
        "models.py": render_models(contract.objects, f'{header}\n"""{_MODELS}"""'),
        "dicts.py": render_dicts(header, "models", contract.objects, nullable=False),
        "calls.py": render(
            "calls.py",
            header=header,
            dict_names=class_names(contract.objects, "Dict"),
            model_names=class_names(contract.objects),
            call_type=Code(f"Literal[{', '.join(map(literal, CALL_TYPES))}]"),
            exported=literal(_CALLS),
            keyword_sets=_keyword_sets(contract),
            classes=plan_calls(contract),
        ),
        "wire.py": render("wire.py", header=header, tables=plan_wire(contract)),
        "projection.py": render(
            "projection.py",
            header=header,
            plan=plan_projection(contract),
        ),
        "properties.py": support("properties"),
        "__init__.py": render_init(header, _PACKAGE, _modules(contract, table)),
    }
    if table is not None:
        sources |= {f"{name}.py": support(name) for name in ("row_values", "rows")}
        sources["warehouse.py"] = render(
            "warehouse.py", header=header, table=literal(table.name), cells=cells(table)
        )
    return finished(sources, events)


_PASSED_NAMES = tuple(f"{kind.title()}Fields" for kind in SECTIONS)
_CALLS = sorted(("BoundFields", "CallType", "ClientCalls", "PassedFields", "ScopeCalls", *_PASSED_NAMES))


def _keyword_sets(contract: Contract) -> tuple[KeywordSet, ...]:
    plain, passed = ClassName("TypedDict"), ClassName("PassedFields")
    common = common_parameters(contract)
    return (
        KeywordSet(ClassName("BoundFields"), plain, DocText(_BOUND), bound_parameters(contract)),
        KeywordSet(passed, plain, DocText(_COMMON), common),
        *(
            KeywordSet(ClassName(name), passed, DocText(_PASSED.format(kind)), tuple(further))
            for name, kind in zip(_PASSED_NAMES, SECTIONS, strict=True)
            for further in [[each for each in passed_parameters(contract, kind) if each not in common]]
        ),
    )


def _modules(contract: Contract, table: Table | None) -> tuple[Module, ...]:
    rows = (
        Module(Identifier("row_values"), ("RowError",)),
        Module(Identifier("warehouse"), ("from_row", "to_row")),
    )
    return (
        Module(Identifier("calls"), tuple(_CALLS)),
        Module(Identifier("dicts"), tuple(f"{each.name}Dict" for each in contract.objects)),
        Module(Identifier("events"), ("Events", "TracksEvents")),
        Module(Identifier("models"), tuple(each.name for each in contract.objects)),
        VIOLATIONS,
        Module(Identifier("properties"), ("CatalogueProperties",)),
        Module(Identifier("wire"), ("SCHEMA_VERSION",)),
        *(rows if table else ()),
    )
