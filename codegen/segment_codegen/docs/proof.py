"""Tells whether an example is valid, by a validator that is independent of what is generated."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import jsonschema_rs

from ..drafts import META, dialect
from ..errors import pointer
from ..library import Library, uri_of
from ..places import Place
from ..plans.model import Plan

__all__ = ["Proof"]

_UNKNOWN = (jsonschema_rs.ReferencingError, jsonschema_rs.ValidationError)
"""What is raised of schemas that the validator does not know how to read, such as some patterns."""


class Proof:
    """Knows the schemas of a plan, each under a URI from which its references count."""

    def __init__(self, plan: Plan, library: Library) -> None:
        self._library = library
        files = [Place(each, each.root) for each in plan.documents if "rules" not in each.root]
        resources = {uri_of(each.document): _known(each) for each in files}
        resources |= {library.uri(each): _known(each) for each in files}
        resources |= {library.uri(each.schema.root): _known(each.schema.root) for each in plan.rules}
        self._registry = jsonschema_rs.Registry([*resources.items()])

    def accepts(self, place: Place, value: object) -> bool:
        """Tell whether the schema at a place is known to accept a value; formats count."""
        reference = f"{self._library.uri(place.root)}#{quote(pointer(*place.steps[len(place.base) :]))}"
        schema = {"$schema": META[dialect(place)], "$ref": reference}
        try:
            return jsonschema_rs.is_valid(schema, value, registry=self._registry, validate_formats=True)
        except _UNKNOWN:
            return False


def _known(place: Place) -> dict[str, Any]:
    """Answer the schema with its draft's own name, in place of another that means it."""
    return {**place.keywords, "$schema": META[dialect(place)]}
