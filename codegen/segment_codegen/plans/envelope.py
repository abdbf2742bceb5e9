"""Finds the properties, or the traits, in the schema of a whole call."""

from __future__ import annotations

from dataclasses import replace

from ..errors import SchemaError
from ..ir import SECTIONS, CallType
from ..places import Place

__all__ = ["section"]


def section(envelope: Place, kind: CallType) -> Place:
    """Answer the place in the envelope of what a call carries; raises SchemaError where it stands askew.

    An envelope that says nothing about it allows everything: it is itself taken, without its keywords.
    """
    properties = envelope.keywords.get("properties", {})
    if isinstance(properties, dict) and SECTIONS[kind] in properties:
        found = envelope.child("properties", SECTIONS[kind])
        if isinstance(found.node, dict):
            return found
    elif isinstance(properties, dict):
        return replace(envelope, node={"type": "object"})
    message = f"the schema has no place for the {SECTIONS[kind]} of the call"
    hint = f'write them as {{"properties": {{"{SECTIONS[kind]}": {{...}}}}}}'
    raise SchemaError([envelope.problem("envelope", message, hint, "properties")])
