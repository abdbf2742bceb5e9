"""One package of many schemas, each an event: what it says of documents, and what their schemas say."""

from __future__ import annotations

import importlib
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema_rs
from segment_codegen.build import build_plan
from segment_codegen.errors import SchemaError
from segment_codegen.write import write_folder

from tests.codegen.laws.strategies import DIALECT

__all__ = ["Judged", "packaged"]

Node = dict[str, Any]


@dataclass(frozen=True)
class Judged:
    """An event of the package, and its schema."""

    schema: Node
    event: Any

    @cached_property
    def _validator(self) -> jsonschema_rs.Validator:
        return jsonschema_rs.validator_for(self.schema, validate_formats=True)

    def agrees(self, document: Mapping[str, object]) -> bool:
        """Tell whether the package and an independent validator say the same of a document."""
        return self.is_valid(document) == (self.event.refusal(document) is None)

    def is_valid(self, document: Mapping[str, object]) -> bool:
        """Tell whether the independent validator accepts the document."""
        return bool(self._validator.is_valid(document))


@contextmanager
def packaged(schemas: Sequence[Node], name: str) -> Iterator[list[Judged]]:
    """Generate and import a package of the schemas; those that allow no object are left out."""
    with tempfile.TemporaryDirectory() as folder:
        kept = [{"$schema": DIALECT, **each} for each in schemas]
        try:
            files = build_plan(_plan(Path(folder), kept)).files
        except SchemaError as error:
            refused = {
                int(each.pointer.split("/")[2]) for each in error.diagnostics if each.severity == "error"
            }
            kept = [each for number, each in enumerate(kept) if number not in refused]
            files = build_plan(_plan(Path(folder), kept)).files
        write_folder(Path(folder) / name, files)
        sys.path.insert(0, folder)
        try:
            importlib.invalidate_caches()
            methods = {each["event"]: each["method"] for each in json.loads(files["catalogue.json"])}
            yield [
                Judged(schema, importlib.import_module(f"{name}.event_models.{methods[f'e {number}']}").event)
                for number, schema in enumerate(kept)
            ]
        finally:
            sys.path.remove(folder)
            for module in [each for each in sys.modules if each.partition(".")[0] == name]:
                del sys.modules[module]


def _plan(folder: Path, schemas: Sequence[Node]) -> Path:
    rules = [
        {
            "key": f"e {number}",
            "type": "TRACK",
            "version": 1,
            "jsonSchema": {**schema, "eventMetadata": {"name": f"e {number}", "type": "TRACK"}},
        }
        for number, schema in enumerate(schemas)
    ]
    file = folder / "plan.json"
    file.write_text(json.dumps({"id": "p", "name": "Plan", "rules": rules}), encoding="utf-8")
    return file
