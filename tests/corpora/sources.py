"""Finds the plans and schemas in a folder, and what each says, as an independent validator reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import jsonschema_rs
from segment_codegen.drafts import Dialect, dialect
from segment_codegen.places import Place

__all__ = ["inputs", "validator", "whole_schema"]

_UUID = re.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")

META: dict[Dialect, str] = {
    "04": "http://json-schema.org/draft-04/schema#",
    "06": "http://json-schema.org/draft-06/schema#",
    "07": "http://json-schema.org/draft-07/schema#",
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
}


def inputs(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield each plan or schema file with the name of its corpus; recordings of calls are none."""
    for file in sorted(folder.rglob("*.json")):
        corpus = file.relative_to(folder).parts[0]
        if corpus != "recordings":
            yield corpus, file


def validator(schema: Mapping[str, Any]) -> jsonschema_rs.Validator:
    """Answer an independent validator, which looks at formats; at `uuid` also where the draft has none."""
    formats = {"uuid": lambda text: _UUID.fullmatch(text) is not None}
    return jsonschema_rs.validator_for(dict(schema), validate_formats=True, formats=formats)


def whole_schema(place: Place) -> dict[str, Any]:
    """Answer the schema of an event as a document of its own, with the definitions that it refers to."""
    node = cast(dict[str, Any], place.node)
    shared = {
        word: place.root.keywords[word] for word in ("$defs", "definitions") if word in place.root.keywords
    }
    return {**shared, **node, "$schema": META[dialect(place)]}
