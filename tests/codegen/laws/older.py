"""Writes schemas of draft 2020-12 as older drafts would."""

from typing import Any

__all__ = ["META", "older"]

META = {
    "04": "http://json-schema.org/draft-04/schema#",
    "06": "http://json-schema.org/draft-06/schema#",
    "07": "http://json-schema.org/draft-07/schema#",
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
}
_VALUES = frozenset({"enum", "const", "type", "required", "dependentRequired"})
_MAPS = frozenset({"properties", "patternProperties", "dependentSchemas"})
_LIMITS = (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum"))


def older(node: Any, draft: str) -> Any:
    """Answer the schema in the words of a draft; words that it has no other for stay as they are."""
    if isinstance(node, bool):
        return node if draft != "04" else {} if node else {"not": {}}
    if isinstance(node, list):
        return [older(each, draft) for each in node]
    if not isinstance(node, dict):
        return node
    made: dict[str, Any] = {}
    for word, value in node.items():
        if word in _VALUES:
            made[word] = value
        elif word in _MAPS:
            made[word] = {key: older(each, draft) for key, each in value.items()}
        elif word == "items" and "prefixItems" in node:
            made["additionalItems"] = older(value, draft)
        else:
            made["items" if word == "prefixItems" else word] = older(value, draft)
    if draft != "2019-09" and (
        both := {**made.pop("dependentRequired", {}), **made.pop("dependentSchemas", {})}
    ):
        made["dependencies"] = both
    return _draft_04(made) if draft == "04" else made


def _draft_04(made: dict[str, Any]) -> dict[str, Any]:
    for limit, exclusive in _LIMITS:
        if exclusive in made:
            made[limit], made[exclusive] = made[exclusive], True
    if made.get("required") == []:
        del made["required"]
    return made
