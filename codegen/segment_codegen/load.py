"""Reads schema files. JSON with duplicate keys, NaN or bad text is refused, with the file that holds it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .errors import Diagnostic, SchemaError

__all__ = ["EVENT_FILE", "Document", "Sources", "load_documents", "load_folder", "load_path"]

EVENT_FILE = "semantic_event.schema.json"


@dataclass(frozen=True)
class Document:
    """One schema file: its name in diagnostics and its root object."""

    file: str
    root: dict[str, object]


@dataclass(frozen=True)
class Sources:
    """A schema folder: the SemanticEvent and the event catalogue, in the order of their file names."""

    event: Document
    catalogue: tuple[Document, ...]


def load_folder(folder: Path) -> Sources:
    """Read the SemanticEvent and the files in `events/`; raises SchemaError that lists what is unreadable."""
    event = folder / EVENT_FILE
    if not event.is_file():
        hint = f"run in the folder that holds {folder.name}/, or pass --schema"
        raise SchemaError([Diagnostic(str(event), "", "there is no such file", hint)])
    documents = load_documents([event, *sorted((folder / "events").glob("*.schema.json"))])
    return Sources(documents[0], documents[1:])


def load_path(path: Path) -> tuple[Document, ...]:
    """Read one file, or all `*.json` files below a folder; raises SchemaError where there is none to read."""
    files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
    if not files:
        hint = "name a tracking plan's file, or a folder of JSON Schemas"
        raise SchemaError([Diagnostic(path.as_posix(), "", "the folder holds no .json file", hint)])
    return load_documents(files)


def load_documents(files: Iterable[Path]) -> tuple[Document, ...]:
    """Read each file; raises SchemaError with every one that is no JSON object."""
    documents: list[Document] = []
    problems: list[Diagnostic] = []
    for file in files:
        try:
            documents.append(Document(file.as_posix(), _root(file)))
        except (OSError, ValueError) as error:
            hint = "a schema file is one JSON object in UTF-8, each key of an object once"
            problems.append(Diagnostic(file.as_posix(), "", _reason(error), hint))
    if problems:
        raise SchemaError(problems)
    return tuple(documents)


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or "cannot be read") if isinstance(error, OSError) else str(error)


def _root(file: Path) -> dict[str, object]:
    text = file.read_bytes().decode("utf-8")
    root = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    if not isinstance(root, dict):
        raise ValueError("the file holds no JSON object")
    return root


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made: dict[str, object] = {}
    for key, value in pairs:
        if key in made:
            raise ValueError(f"the key {key!r} stands twice in one object")
        made[key] = value
    return made


def _refuse_constant(text: str) -> object:
    raise ValueError(f"{text} is no JSON number")
