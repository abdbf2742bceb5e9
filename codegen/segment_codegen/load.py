"""Reads schema files. JSON with repeated keys, NaN or bad text is refused, with the file that holds it.

A byte order mark, which editors of Windows write, is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from math import isinf
from pathlib import Path

from .errors import Diagnostic, SchemaError, pointer

__all__ = [
    "EVENTS",
    "EVENT_FILE",
    "OPTIONS_FILE",
    "Document",
    "Sources",
    "load_documents",
    "load_folder",
    "load_path",
]

_Steps = tuple[str | int, ...]

EVENT_FILE = "semantic_event.schema.json"
EVENTS = "events"
"""A schema folder has the SemanticEvent in a file and the catalogue in a folder of these names."""

OPTIONS_FILE = "segment-codegen.json"
"""The file beside a plan, or in a folder of schemas, that says what to make of these otherwise."""


_DEEPEST = 128
"""How many objects and lists may be in one another; what is made of schemas goes down with them."""
_LONGEST = 300
"""Digits of an integer that every double holds the size of."""
_READ = frozenset({"$comment", "default", "description", "examples", "title"})
"""Keywords whose values are for people, and in generated code stand escaped, if at all."""


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
    documents = load_documents([event, *sorted((folder / EVENTS).glob("*.schema.json"))])
    return Sources(documents[0], documents[1:])


def load_path(path: Path) -> tuple[Document, ...]:
    """Read one file, or all `*.json` files below a folder; raises SchemaError where there is none to read.

    Files and folders whose names begin with a dot are passed over, and so are the options.
    """
    files = (
        [path] if not path.is_dir() else sorted(each for each in path.rglob("*.json") if _is_read(each, path))
    )
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
            root, repeated = _read(file)
        except (OSError, ValueError) as error:
            problems.append(Diagnostic(file.as_posix(), "", _reason(error), _hint(error), "unreadable"))
            continue
        documents.append(Document(file.as_posix(), root))
        if steps := _deeper(root):
            message = f"more than {_DEEPEST} objects and lists are in one another"
            hint = "part what the event says into values that nest less"
            problems.append(Diagnostic(file.as_posix(), pointer(*steps), message, hint, "too-deep"))
            continue
        hint = "leave one of the two out: which of them counts differs from program to program"
        problems += [
            Diagnostic(
                file.as_posix(), pointer(*steps), f"the key {key!r} stands twice", hint, "repeated-key"
            )
            for steps, key in repeated
        ]
        hint = "write a whole character: half a surrogate pair is none, and cannot be sent"
        problems += [
            Diagnostic(file.as_posix(), pointer(*steps), "the text is cut in two", hint, "cut-text")
            for steps in _cut(root)
        ]
    if problems:
        raise SchemaError(problems)
    return tuple(documents)


def _is_read(file: Path, folder: Path) -> bool:
    return file.name != OPTIONS_FILE and not any(
        part.startswith(".") for part in file.relative_to(folder).parts
    )


def _cut(root: object) -> Iterator[_Steps]:
    """Yield the steps to each text with half a surrogate pair, but to those that are only read by people."""
    stack: list[tuple[_Steps, object]] = [((), root)]
    while stack:
        steps, node = stack.pop()
        if isinstance(node, str) and not _is_whole(node):
            yield steps
        elif isinstance(node, list):
            stack += [((*steps, number), value) for number, value in enumerate(node)]
        elif isinstance(node, dict):
            yield from ((*steps, key) for key in node if not _is_whole(key))
            sent = ((key, each) for key, each in node.items() if isinstance(each, dict) or key not in _READ)
            stack += [((*steps, key), each) for key, each in sent]


def _deeper(root: dict[str, object]) -> _Steps:
    """Answer the steps to the first node that lies too deep; none where there is no such."""
    level: list[dict[str, object] | list[object]] = [root]
    for _ in range(_DEEPEST):
        inner = chain.from_iterable(each.values() if isinstance(each, dict) else each for each in level)
        level = [each for each in inner if isinstance(each, dict | list)]
    return _way(root, level[0]) if level else ()


def _is_whole(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def _hint(error: OSError | ValueError) -> str:
    is_content = isinstance(error, ValueError)
    return "a schema file is one JSON object in UTF-8" if is_content else "name a file that can be read"


def _reason(error: OSError | ValueError) -> str:
    match error:
        case OSError():
            return error.strerror or "cannot be read"
        case UnicodeDecodeError():
            return f"byte {error.start} is no UTF-8: the file is in another encoding, or is no text"
        case json.JSONDecodeError():
            return f"the file is no JSON: {error.msg} in line {error.lineno}, column {error.colno}"
    return str(error)


def _read(file: Path) -> tuple[dict[str, object], list[tuple[_Steps, str]]]:
    """Answer the root, and the object and name of each key that stands twice in one."""
    text = file.read_bytes().decode("utf-8-sig")
    if not text.strip():
        raise ValueError("the file is empty")
    repeated: list[tuple[dict[str, object], str]] = []

    def make(pairs: list[tuple[str, object]]) -> dict[str, object]:
        made: dict[str, object] = {}
        for key, value in pairs:
            if key in made:
                repeated.append((made, key))
            made[key] = value
        return made

    try:
        root = json.loads(
            text, object_pairs_hook=make, parse_constant=_refuse, parse_float=_finite, parse_int=_whole
        )
    except RecursionError:
        raise ValueError("the file nests its objects and lists too deeply") from None
    if not isinstance(root, dict):
        raise ValueError("the file holds no JSON object")
    return root, [(_way(root, made), key) for made, key in repeated]


def _way(root: object, sought: object) -> _Steps:
    """Answer the steps to a node; none where it is no longer there, as another has taken its place."""
    stack: list[tuple[_Steps, object]] = [((), root)]
    while stack:
        steps, node = stack.pop()
        if node is sought:
            return steps
        items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        stack += [((*steps, key), value) for key, value in items]
    return ()


def _refuse(text: str) -> object:
    raise ValueError(f"{text} is no JSON number")


def _finite(text: str) -> float:
    value = float(text)
    if isinf(value):
        raise ValueError(f"the number {text if len(text) < 20 else f'{text[:16]}...'} is too large")
    return value


def _whole(text: str) -> int:
    if len(text) > _LONGEST:
        _finite(text)
    return int(text)
