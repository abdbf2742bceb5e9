"""Generated packages, found by the name of their module or by their folder."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from itertools import groupby
from pathlib import Path
from typing import Any

from segment_client.collector.catalogue.catalogue import Catalogue, Described, Version
from segment_client.errors import InvalidValueError

__all__ = ["OWN", "load_catalogue"]

OWN = "semantic_events"
"""The package of this project's own events."""

_INDEX = "catalogue.json"
_ADVICE = "make one with: segment-codegen generate --plan PLAN --out FOLDER"


def load_catalogue(package: str) -> Catalogue:
    """Return the catalogue of a package; raises InvalidValueError for what is no generated package.

    A folder that holds a `catalogue.json` is taken as it is, anything else is the name of a module. The
    models of an event are imported when it first comes.
    """
    folder = Path(package)
    is_folder = (folder / _INDEX).is_file()
    name = _import_folder(folder.resolve()) if is_folder else package
    index = (folder if is_folder else _folder_of(package)) / _INDEX
    try:
        entries = json.loads(index.read_text("utf-8"))
        found = [(each["type"], each["event"], each["version"], each["method"]) for each in entries]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidValueError(f"the catalogue {package} has no readable {_INDEX}: {_ADVICE}") from error
    return Catalogue(
        {
            key: [Version(version, _reader(package, name, method)) for *_, version, method in _newest(group)]
            for key, group in groupby(sorted(found), key=lambda each: (each[0], each[1]))
        }
    )


def _newest(entries: Iterable[tuple[str, str, str, str]]) -> list[tuple[str, str, str, str]]:
    return sorted(entries, key=lambda each: _natural(each[2]), reverse=True)


def _natural(version: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdigit() else -1, part) for part in re.split(r"(\d{1,18})", version)]


def _folder_of(package: str) -> Path:
    try:
        spec = find_spec(package)
    except (ImportError, ValueError):
        spec = None
    if spec is None or spec.origin is None:
        raise InvalidValueError(
            f"the catalogue {package} is neither a folder with a {_INDEX} nor a module that can be imported: "
            f"{_ADVICE}"
        )
    return Path(spec.origin).parent


def _import_folder(folder: Path) -> str:
    """Import a package from its folder, under a name that no other has; return the name."""
    name = f"_catalogue_{folder.name}_{abs(hash(folder)):x}"
    if name not in sys.modules:
        spec = spec_from_file_location(name, folder / "__init__.py", submodule_search_locations=[str(folder)])
        if spec is None or spec.loader is None:
            raise InvalidValueError(f"the catalogue {folder} is no package: {_ADVICE}")
        module = module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except (OSError, ImportError, SyntaxError) as error:
            del sys.modules[name]
            raise InvalidValueError(
                f"the catalogue {folder} cannot be imported ({error}): {_ADVICE}"
            ) from error
    return name


def _reader(package: str, module: str, method: str) -> Callable[[], Described]:
    @cache
    def described() -> Described:
        try:
            found: Any = import_module(f"{module}.event_models.{method}")
        except ImportError as error:
            raise InvalidValueError(
                f"the catalogue {package} lacks the models of {method}: {_ADVICE}"
            ) from error
        event: Described = found.event
        return event

    return described
