"""Finds what references mean: by pointer, by anchor, by `$id`, and from one file of a plan to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit

from .drafts import dialect
from .errors import pointer
from .load import Document
from .places import Place, Step

__all__ = ["Library", "is_uri", "uri_of"]

_ANCHORS = ("$anchor", "$dynamicAnchor")


class Library:
    """The documents that references can lead to; nothing is ever fetched."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._resources: dict[str, Place] = {}
        for document in documents:
            uri = uri_of(document)
            self._resources.setdefault(uri, Place(document, document.root))
            for place in _identified(Place(document, document.root)):
                self._resources.setdefault(self._base(place)[1], place.as_root())

    def target(self, place: Place, reference: str) -> Place:
        """Answer the schema that a reference at a place leads to; a KeyError where that is none."""
        resource, base = self._base(place)
        uri, fragment = urldefrag(reference)
        if uri:
            resource = self._resources[urldefrag(urljoin(base, uri))[0]]
        if not fragment or fragment.startswith("/"):
            return _pointed(resource, unquote(fragment))
        return _anchored(resource, unquote(fragment))

    def uri(self, root: Place) -> str:
        """Answer a URI of this root alone, if it can be the one that its references count from."""
        uri = self._base(root)[1]
        if uri in self._resources and self._resources[uri].key == root.key:
            return uri
        return f"{uri_of(root.document)}?{quote(pointer(*root.steps))}"

    @staticmethod
    def _base(place: Place) -> tuple[Place, str]:
        """Answer the innermost schema with a name of its own that a place is in, and that name."""
        resource, uri = place.root, uri_of(place.document)
        here = Place(place.document, place.document.root)
        for depth in range(len(place.steps) + 1):
            if depth:
                here = here.child(place.steps[depth - 1])
            if name := _name(here):
                uri = urldefrag(urljoin(uri, name))[0]
                if depth >= len(place.base):
                    resource = here.as_root()
        return resource, uri


def uri_of(document: Document) -> str:
    """Answer the URI from which a document's references count, and that of its file."""
    return Path(document.file).absolute().as_uri()


def is_uri(text: str) -> bool:
    """Tell whether a schema can be named so."""
    try:
        urlsplit(text)
    except ValueError:
        return False
    return True


def _name(place: Place) -> str:
    """Answer the schema's own URI; empty where it has none, or one that only looks so."""
    keywords = place.keywords
    name = keywords.get("$id")
    if name is None and "id" in keywords and dialect(place) == "04" and "self" not in place.root.keywords:
        name = keywords["id"]
    return name if isinstance(name, str) and not name.startswith(("#", "/")) and is_uri(name) else ""


def _identified(place: Place) -> Iterator[Place]:
    """Yield each schema below a place that names itself."""
    if _name(place):
        yield place
    for step in _steps(place.node):
        yield from _identified(place.child(step))


def _steps(node: object) -> Iterable[Step]:
    if isinstance(node, dict):
        return [key for key, each in node.items() if isinstance(each, dict | list)]
    return range(len(node)) if isinstance(node, list) else ()


def _pointed(resource: Place, path: str) -> Place:
    here = resource
    for step in path.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        here = here.child(int(name) if isinstance(here.node, list) and name.isdecimal() else name)
    return here


def _anchored(resource: Place, name: str) -> Place:
    for place in _all(resource):
        keywords: Mapping[str, object] = place.keywords
        own = [keywords.get(word) for word in _ANCHORS]
        if name in own or f"#{name}" in {str(keywords.get("$id")), str(keywords.get("id"))}:
            return place
    raise KeyError(name)


def _all(place: Place) -> Iterator[Place]:
    yield place
    for step in _steps(place.node):
        yield from _all(place.child(step))
