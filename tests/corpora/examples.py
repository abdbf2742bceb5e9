"""Makes documents that a schema allows: from the smallest to the fullest, then by chance."""

from __future__ import annotations

import random
import re
import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.errors import NonInteractiveExampleWarning
from segment_codegen.patterns import python_pattern

from tests.corpora.sources import validator

__all__ = ["examples"]

Node = Mapping[str, Any]

TRIES = 60
TEXTS = ("a", "text", "2026-01-31T09:30:00Z", "x" * 22)
FORMATS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T09:30:00Z",
    "email": "a@b.example",
    "hostname": "host.example",
    "ipv4": "203.0.113.7",
    "ipv6": "2001:db8::7",
    "time": "09:30:00Z",
    "uri": "https://example.com/a?b=c",
    "uuid": "5f7e3c1a-8d4b-4f0e-9a57-2b6c1d9e8f30",
}
ANY: tuple[object, ...] = (None, True, 1, 1.5, "any", [], ["a", None], {}, {"a": 1})


def examples(schema: Node, wanted: int) -> Iterator[dict[str, Any]]:
    """Yield at most so many different documents for which the schema holds, by an independent validator."""
    judge = validator(schema)
    met: list[object] = []
    for seed in range(TRIES):
        document = _Maker(schema, seed).make(schema)
        if isinstance(document, dict) and document not in met and judge.is_valid(document):
            met.append(document)
            yield document
        if len(met) == wanted:
            return


class _Maker:
    """Makes one document; seed 0 takes what is required only, 1 all that is described."""

    def __init__(self, root: Node, seed: int) -> None:
        self._root = root
        self._chance = random.Random(seed)  # noqa: S311 - documents to try, nothing secret
        self._share = {0: 0.0, 1: 1.0}.get(seed, self._chance.random())
        self._depth = 0

    def make(self, node: Any) -> Any:
        """Answer a value for which the node mostly holds."""
        if not isinstance(node, dict) or not node:
            return self._chance.choice(ANY)
        self._depth += 1
        try:
            return self._made(node)
        finally:
            self._depth -= 1

    def _made(self, node: Node) -> Any:
        if "$ref" in node:
            return self.make(self._target(str(node["$ref"])))
        if "const" in node:
            return node["const"]
        if "enum" in node:
            return self._chance.choice(node["enum"])
        parts = [*node.get("allOf", [])]
        parts += [self._chance.choice(node[word]) for word in ("oneOf", "anyOf") if word in node]
        if not parts:
            return self._plain(node)
        own = self._plain(node) if node.keys() & {"type", "properties"} else None
        made = [each for each in (own, *map(self._inner, parts)) if each is not None]
        if made and all(isinstance(each, dict) for each in made):
            return {key: value for each in made for key, value in each.items()}
        return made[-1] if made else None

    def _inner(self, node: Any) -> Any:
        """Answer what a part of a schema adds; a condition that may hold adds what it leads to."""
        if isinstance(node, dict) and "if" in node:
            both = (*(node[word] for word in ("if", "then") if word in node),)
            parts = both if self._chance.random() < 0.5 else (node.get("else", {"properties": {}}),)
            return {
                key: value for each in parts for key, value in self._plain({"type": "object", **each}).items()
            }
        if isinstance(node, dict) and "type" not in node and "properties" in node:
            return self._plain({"type": "object", **node})
        return self.make(node)

    def _plain(self, node: Node) -> Any:
        types = node.get("type", "object" if "properties" in node else None)
        kind = self._chance.choice(types) if isinstance(types, list) else types
        match kind:
            case None:
                return self._chance.choice(ANY)
            case "null":
                return None
            case "boolean":
                return self._chance.random() < 0.5
            case "integer" | "number":
                return self._number(node, str(kind))
            case "string":
                return self._text(node)
            case "array":
                count = min(node.get("maxItems", 9), max(node.get("minItems", 0), self._chance.randrange(3)))
                return [self.make(node.get("items", {})) for _ in range(count if self._depth < 12 else 0)]
        return self._object(node)

    def _object(self, node: Node) -> dict[str, Any]:
        properties = node.get("properties", {})
        required = set(node.get("required", ()))
        share = self._share if self._depth < 9 else 0
        kept = [key for key in properties if key in required or self._chance.random() < share]
        made = {key: self.make(properties[key]) for key in kept}
        for pattern, each in node.get("patternProperties", {}).items():
            made[_matching(pattern)] = self.make(each)
        rest = node.get("additionalProperties", node.get("unevaluatedProperties", True))
        if rest is not False and self._chance.random() < 0.5:
            made["an unlisted key"] = self.make(rest)
        return made

    def _number(self, node: Node, kind: str) -> float:
        least, most = float(node.get("minimum", -1000)), float(node.get("maximum", 1000))
        if kind == "number" and self._chance.random() < 0.5:
            return least + (most - least) * 0.375 + 0.125
        return self._chance.randint(int(least), int(most))

    def _text(self, node: Node) -> str:
        if "format" in node:
            return FORMATS.get(node["format"], "text")
        if "pattern" in node:
            return _matching(node["pattern"])
        text = self._chance.choice(TEXTS)
        return (text * node.get("minLength", 1))[: node.get("maxLength")] or text

    def _target(self, reference: str) -> Any:
        node: Any = self._root
        for step in reference.removeprefix("#").split("/")[1:]:
            node = node[step.replace("~1", "/").replace("~0", "~")]
        return node


@cache
def _matching(pattern: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NonInteractiveExampleWarning)
        texts = st.from_regex(re.compile(python_pattern(pattern), re.ASCII)).filter(
            lambda text: text.isprintable() and len(text) < 30
        )
        return texts.example()
