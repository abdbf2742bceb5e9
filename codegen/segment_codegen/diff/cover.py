"""Proves, or refutes, that one schema accepts all that another did."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

import jsonschema_rs

from ..drafts import META, dialect
from ..errors import pointer
from ..library import uri_of
from ..load import Document
from ..places import Place
from .verdicts import Proof

__all__ = ["Prover"]

_OWN = "urn:segment-codegen:schema"
_PROOFS: Mapping[jsonschema_rs.canonical.Containment, Proof] = {
    jsonschema_rs.canonical.Containment.YES: "yes",
    jsonschema_rs.canonical.Containment.NO: "no",
    jsonschema_rs.canonical.Containment.UNKNOWN: "unknown",
}
_UNKNOWN = (
    jsonschema_rs.ReferencingError,
    jsonschema_rs.ValidationError,
    jsonschema_rs.canonical.CanonicalizationError,
)
"""What is raised of schemas that the proof does not know how to treat."""


class Prover:
    """Proves, by jsonschema-rs, with what it knows of two sides' documents; formats are asserted.

    It looks at the schemas and not at values: its "yes" is a proof, and so is its "no".
    """

    def __init__(self, old: tuple[Document, ...], new: tuple[Document, ...]) -> None:
        self._old = _Registries(old)
        self._new = _Registries(new)

    def covers(self, new: Place, old: Place) -> Proof:
        """Tell whether a schema of the new side accepts all that one of the old side did."""
        try:
            found = self._new.canonical(new).covers(self._old.canonical(old))
        except _UNKNOWN:
            return "unknown"
        return _PROOFS[found]


class _Registries:
    """What references can lead to, made once for each schema that `#` means something in."""

    def __init__(self, documents: tuple[Document, ...]) -> None:
        self._documents = documents
        self._made: dict[object, jsonschema_rs.Registry] = {}

    def canonical(self, place: Place) -> jsonschema_rs.CanonicalSchema:
        draft = META[dialect(place)]
        uri = _OWN if place.base else uri_of(place.document)
        reference = f"{uri}#{quote(pointer(*place.steps[len(place.base) :]))}"
        schema: Mapping[str, object] = {"$schema": draft, "$ref": reference}
        if isinstance(place.node, dict) and not place.node:
            schema = {"$schema": draft}
        return jsonschema_rs.canonicalize(
            {**schema}, registry=self._registry(place.root), validate_formats=True
        )

    def _registry(self, root: Place) -> jsonschema_rs.Registry:
        """Answer the registry of all documents or, for a plan's rule, that of its schema alone."""
        key = root.key if root.base else None
        if key not in self._made:
            documents = {uri_of(each): _named(Place(each, each.root)) for each in self._documents}
            resources = {_OWN: _named(root)} if root.base else documents
            self._made[key] = jsonschema_rs.Registry([*resources.items()])
        return self._made[key]


def _named(root: Place) -> dict[str, object]:
    """Answer a schema that names its draft, so that it is read as the generator reads it."""
    return {**root.keywords, "$schema": META[dialect(root)]}
