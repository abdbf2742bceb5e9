"""The catalogue as a page: an entry for each event, and one for the fields that every event has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import quote

from segment_client.collector.catalogue import Entry, Property

__all__ = ["EVERY_EVENT", "entry_path", "show_catalogue"]

_CODE = re.compile(r"`([^`]+)`")

EVERY_EVENT = "every-event"
"""Where the fields of every event stand on the page."""


def entry_path(entry: Entry) -> str:
    """Return where an entry is shown."""
    return f"/catalogue#{quote(_anchor(entry))}"


def show_catalogue(entries: Sequence[Entry], fields: Sequence[Property]) -> str:
    """Return the page's HTML; `fields` are those of every event. All text is escaped."""
    contents = [_item(_anchor(entry), entry.type, _name(entry)) for entry in entries]
    shown = [
        _article(_anchor(entry), entry.type, _name(entry), entry.version, entry.description, entry.properties)
        for entry in entries
    ]
    every = _article(EVERY_EVENT, "", "Every event", "", "What an event has beside its properties.", fields)
    return _template().substitute(
        contents="".join([*contents, _item(EVERY_EVENT, "", "Every event")]), entries="".join([*shown, every])
    )


@cache
def _template() -> Template:
    return Template((files(__package__) / "catalogue.html").read_text("utf-8"))


def _anchor(entry: Entry) -> str:
    return f"{entry.type}/{entry.event}/{entry.version}"


def _name(entry: Entry) -> str:
    return entry.event or f"{entry.type} call"


def _item(anchor: str, kind: str, name: str) -> str:
    return f'<li><a href="#{quote(anchor)}">{_kind(kind)}<span>{escape(name)}</span></a></li>'


def _kind(kind: str) -> str:
    return f'<span class="type {escape(kind)}">{escape(kind)}</span>'


def _article(
    anchor: str, kind: str, name: str, version: str, description: str, properties: Iterable[Property]
) -> str:
    small = f"<small>version {escape(version)}</small>" if version else ""
    rows = "".join(map(_row, properties))
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Property", "Type", "Required", "Meaning"))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
    return (
        f'<article id="{escape(anchor)}"><h2>{_kind(kind) if kind else ""}{escape(name)}{small}</h2>'
        f"<p>{_text(description)}</p>{table}</article>"
    )


def _text(text: str) -> str:
    """Return text with what stands in backticks as code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))


def _row(row: Property) -> str:
    return (
        f'<tr><th scope="row"><code>{escape(row.path)}</code></th><td>{escape(row.type)}</td>'
        f"<td>{'required' if row.required else ''}</td><td>{_text(row.description)}</td></tr>"
    )
