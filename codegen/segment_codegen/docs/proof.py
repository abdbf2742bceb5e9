"""Tells whether an example is valid, by a validator that is independent of what is generated."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import jsonschema_rs

from ..drafts import META, dialect
from ..errors import pointer
from ..library import uri_of
from ..places import Place
from ..plans.model import Plan

__all__ = ["Proof"]


class Proof:
    """Knows the schemas of a plan, each under the URI from which its references count."""

    def __init__(self, plan: Plan) -> None:
        roots = [each.schema.root for each in plan.rules]
        roots += [Place(each, each.root) for each in plan.documents if "rules" not in each.root]
        resources = {_uri(each): _known(each) for each in roots}
        self._registry = jsonschema_rs.Registry([*resources.items()])

    def accepts(self, place: Place, value: object) -> bool:
        """Tell whether the schema at a place accepts a value; formats count."""
        reference = f"{_uri(place)}#{quote(pointer(*place.steps[len(place.base) :]))}"
        schema = {"$schema": META[dialect(place)], "$ref": reference}
        return jsonschema_rs.is_valid(schema, value, registry=self._registry, validate_formats=True)


def _uri(place: Place) -> str:
    """Answer the URI of the schema that `#` means at a place."""
    uri = uri_of(place.document)
    return f"{uri}?{quote(pointer(*place.base))}" if place.base else uri


def _known(place: Place) -> dict[str, Any]:
    """Answer the schema with its draft's own name, in place of another that means it."""
    return {**place.keywords, "$schema": META[dialect(place)]}
