"""Makes the pydantic models with datamodel-code-generator; the only module that knows it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from .inline import inlined
from .ir import Event, ObjectType
from .lower import DEPRECATED, FORMAT_TYPES, lower
from .reserved import LIMITED

__all__ = ["render_event_models", "render_models"]

_Groups = Mapping[str, Sequence[ObjectType]]

_EVENT = "event"
_IMPORT = "from .. import checks, forms\nfrom ..sending import CatalogueEvent"
_BASES = {None: "Model", "value": "OpenModel", "json": "FreeModel"}


def render_models(objects: Sequence[ObjectType], header: str) -> str:
    """Answer the source of a module with one model for each object, unformatted, under the header.

    None is absent: a field that is not required takes it and leaves it out.
    """
    source = _generated({"": objects}, header, home=".", nullable=False)
    if not isinstance(source, str):
        raise TypeError(f"datamodel-code-generator answered {type(source).__name__}, not one module")
    return source


def render_event_models(events: Sequence[Event], header: str) -> dict[str, str]:
    """Answer the source of a module for each event by its method's name, one level below the package.

    A property that was not given is `MISSING`, and None is null.
    """
    if not events:
        return {}
    # the generator would reshape some names of modules
    keys = {event.method: f"event_{number}" for number, event in enumerate(events)}
    groups = {f"{keys[event.method]}.": event.objects for event in events}
    sources = _generated(groups, header, home="..", nullable=True)
    if isinstance(sources, str):
        raise TypeError("datamodel-code-generator answered one module, not one for each event")
    return {event.method: _exporting(sources[f"{keys[event.method]}.py",], event.objects) for event in events}


def _exporting(source: str, objects: Sequence[ObjectType]) -> str:
    """Answer the module with its `__all__`, and with the import that the `event` at its end needs."""
    if missing := [each.name for each in objects if f"\nclass {each.name}(" not in source]:
        raise TypeError(f"datamodel-code-generator gave another name to {', '.join(missing)}")
    imports, first, classes = source.partition("\nclass ")
    exported = sorted([*(each.name for each in objects), _EVENT])
    return f"{imports}\n{_IMPORT}\n\n__all__ = {exported!r}\n\n{first}{classes}"


def _generated(
    groups: _Groups, header: str, *, home: str, nullable: bool
) -> str | dict[tuple[str, ...], str]:
    from datamodel_code_generator import InputFileType, LiteralType, PythonVersion, generate
    from datamodel_code_generator.enums import DataModelType, StrictTypes, TargetPydanticVersion

    named = {f"{key}{each.name}": each for key, group in groups.items() for each in group}
    source = generate(
        json.dumps(lower(groups)),
        input_file_type=InputFileType.JsonSchema,
        output_model_type=DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_311,
        target_pydantic_version=TargetPydanticVersion.V2_12,
        base_class="base.Model",
        base_class_map={name: f"base.{_BASES[each.extras]}" for name, each in named.items() if each.is_open},
        import_overrides={
            "MISSING": "pydantic_core",
            **dict.fromkeys(_BASES.values(), f"{home}base"),
            **dict.fromkeys(FORMAT_TYPES.values(), f"{home}formats"),
        },
        aliases=_aliases(named),
        strict_types=list(StrictTypes),
        enum_field_as_literal=LiteralType.All,
        use_missing_sentinel=nullable,
        use_annotated=True,
        use_union_operator=True,
        use_standard_collections=True,
        use_schema_description=True,
        use_field_description=True,
        use_inline_field_description=True,
        use_single_line_docstring=True,
        field_extra_keys={DEPRECATED},
        skip_root_model=True,
        allow_remote_refs=False,
        disable_timestamp=True,
        custom_file_header=header,
        formatters=[],
    )
    if source is None or isinstance(source, str):
        return inlined(source or "", LIMITED)
    return {path: inlined(str(text), LIMITED) for path, text in source.items()}


def _aliases(named: Mapping[str, ObjectType]) -> dict[str, str]:
    return {
        f"{owner}.{one.wire}": one.name
        for owner, each in named.items()
        for one in each.properties
        if one.name != one.wire
    }
