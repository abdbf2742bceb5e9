"""Makes the pydantic models with datamodel-code-generator; the only module that knows it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from .ir import ObjectType
from .lower import FORMAT_TYPES, lower

__all__ = ["render_models"]


def render_models(objects: Sequence[ObjectType], header: str, *, nullable: bool) -> str:
    """Answer the source of a module with one model for each object, unformatted, under the header.

    Where properties may be `nullable`, an optional field that was not given is `MISSING`, and None is null;
    elsewhere None is absent.
    """
    from datamodel_code_generator import InputFileType, LiteralType, PythonVersion, generate
    from datamodel_code_generator.enums import DataModelType, StrictTypes, TargetPydanticVersion

    source = generate(
        json.dumps(lower(objects)),
        input_file_type=InputFileType.JsonSchema,
        output_model_type=DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_311,
        target_pydantic_version=TargetPydanticVersion.V2_12,
        base_class="base.Model",
        base_class_map={each.name: "base.OpenModel" for each in objects if each.is_open},
        import_overrides=_IMPORTS,
        aliases=_aliases(objects),
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
        skip_root_model=True,
        allow_remote_refs=False,
        disable_timestamp=True,
        custom_file_header=header,
        formatters=[],
    )
    if not isinstance(source, str):
        raise TypeError(f"datamodel-code-generator answered {type(source).__name__}, not one module")
    return source


_IMPORTS = {
    "Model": ".base",
    "OpenModel": ".base",
    "MISSING": "pydantic_core",
    **dict.fromkeys(FORMAT_TYPES.values(), ".formats"),
}


def _aliases(objects: Sequence[ObjectType]) -> dict[str, str]:
    renamed = [(each.name, one) for each in objects for one in each.properties if one.name != one.wire]
    return {f"{owner}.{one.wire}": one.name for owner, one in renamed}
