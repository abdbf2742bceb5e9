"""The files of the page, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template

__all__ = ["Asset", "find_asset", "shell"]

_ANY_KEY = {"key": "any-key", "key_words": "any write key"}
_ONE_KEY = {"key": "YOUR_WRITE_KEY", "key_words": "the write key that this collector takes"}
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served, with a tag that changes when it does."""

    content: bytes
    media_type: str
    tag: str


@cache
def _assets() -> dict[str, Asset]:
    found = {}
    for file in files(__package__).iterdir():
        media_type = _TYPES.get(file.name.rpartition(".")[2])
        if media_type is not None:
            content = file.read_bytes()
            found[file.name] = Asset(
                content, f"{media_type}; charset=utf-8", f'"{sha256(content).hexdigest()[:16]}"'
            )
    return found


@cache
def _template() -> Template:
    return Template((files(__package__) / "shell.html").read_text("utf-8"))


def find_asset(name: str) -> Asset | None:
    """Return the style, script or image of a name, or None."""
    return _assets().get(name)


def shell(url: str, version: str, counts: Mapping[str, int], *, keyed: bool) -> str:
    """Return the page's HTML: `url` is where clients send to, `counts` has `stored`, `warned` and `rejected`.

    `keyed` is whether one write key alone is taken; the page never has it.
    """
    values = {"url": url, "version": version, **{name: f"{number:,}" for name, number in counts.items()}}
    values |= _ONE_KEY if keyed else _ANY_KEY
    return _template().substitute({name: escape(value) for name, value in values.items()})
