"""Schemas and documents that often meet: few keys, few texts, small numbers."""

from typing import Any

from hypothesis import strategies as st

__all__ = ["DIALECT", "conditions", "documents", "objects", "ordinary", "schemas"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Node = dict[str, Any]

KEYS = st.sampled_from(["a", "b", "c", "ab"])
TEXTS = st.sampled_from(["", "a", "ab", "b1", "abc", "é", "2026-01-31", "1.2.3.4", "a@b.example", "a\n"])
NUMBERS = st.sampled_from([-1, 0, 1, 2, 3, 10, 0.5, 1.5, -0.5, 2.5, 2**53 + 1])
SMALL = st.integers(0, 3)
TYPES = st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])
PATTERNS = st.sampled_from(["^a", "b$", "^[a-z]+$", r"\d", "a|1", r"^\S*$", "^.{2}$", r"^(?!ab)", r"\W"])
FORMATS = st.sampled_from(["date", "ipv4", "email", "unheard-of"])

documents: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
"""What json.loads can answer, without floats that are integers."""

objects: st.SearchStrategy[Node] = st.dictionaries(KEYS, documents, max_size=4)


def _limits(word: str, other: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Node]:
    return st.fixed_dictionaries({}, optional={word: values, other: values})


_LEAVES: st.SearchStrategy[Any] = st.one_of(
    st.booleans(),
    st.just({}),
    TYPES.map(lambda each: {"type": each}),
    st.lists(TYPES, min_size=1, max_size=3, unique=True).map(lambda each: {"type": each}),
    st.lists(documents, min_size=1, max_size=3).map(lambda each: {"enum": each}),
    documents.map(lambda each: {"const": each}),
    _limits("minimum", "maximum", NUMBERS),
    _limits("exclusiveMinimum", "exclusiveMaximum", NUMBERS),
    st.sampled_from([1, 2, 0.5, 0.1]).map(lambda each: {"multipleOf": each}),
    _limits("minLength", "maxLength", SMALL),
    _limits("minItems", "maxItems", SMALL),
    _limits("minProperties", "maxProperties", SMALL),
    PATTERNS.map(lambda each: {"pattern": each}),
    PATTERNS.map(lambda each: {"type": "string", "pattern": each}),
    FORMATS.map(lambda each: {"type": "string", "format": each}),
    st.booleans().map(lambda each: {"uniqueItems": each}),
    st.lists(KEYS, max_size=2, unique=True).map(lambda each: {"required": each}),
    st.dictionaries(KEYS, st.lists(KEYS, max_size=2, unique=True), max_size=2).map(
        lambda each: {"dependentRequired": each}
    ),
    st.just({"$ref": "#/$defs/node"}),
)


def _applied(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=1, max_size=3)
    named = st.dictionaries(KEYS, inner, max_size=3)
    optional: Node = {
        "properties": named,
        "patternProperties": st.dictionaries(PATTERNS, inner, max_size=2),
        "additionalProperties": inner,
        "propertyNames": inner,
        "items": inner,
        "prefixItems": several,
        "contains": inner,
        "minContains": SMALL,
        "maxContains": SMALL,
        "allOf": several,
        "anyOf": several,
        "oneOf": several,
        "not": inner,
        "if": inner,
        "then": inner,
        "else": inner,
        "dependentSchemas": named,
        "unevaluatedProperties": inner,
        "unevaluatedItems": inner,
        "type": TYPES,
        "required": st.lists(KEYS, max_size=2, unique=True),
    }
    return st.lists(st.sampled_from(sorted(optional)), min_size=1, max_size=3, unique=True).flatmap(
        lambda words: st.fixed_dictionaries({word: optional[word] for word in words})
    )


schemas: st.SearchStrategy[Any] = st.recursive(_LEAVES, _applied, max_leaves=8)
"""Schemas of draft 2020-12, whose references lead to `#/$defs/node`."""


def _typed(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Node]:
    """Schemas as plans have them: one type, or several, with keywords of those and of others."""
    optional: Node = {
        "minLength": SMALL,
        "maxLength": SMALL,
        "pattern": PATTERNS,
        "format": FORMATS,
        "minimum": NUMBERS,
        "exclusiveMaximum": NUMBERS,
        "multipleOf": st.sampled_from([1, 2, 0.5]),
        "enum": st.lists(documents, min_size=1, max_size=4),
        "const": TEXTS,
        "oneOf": st.lists(TEXTS, min_size=1, max_size=3).map(
            lambda texts: [{"const": each} for each in texts]
        ),
        "items": inner,
        "minItems": SMALL,
        "uniqueItems": st.booleans(),
        "properties": st.dictionaries(KEYS, inner, max_size=3),
        "required": st.lists(KEYS, max_size=2, unique=True),
        "additionalProperties": st.booleans() | inner,
        "maxProperties": SMALL,
    }
    types = TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True)
    some = st.lists(st.sampled_from(sorted(optional)), max_size=3, unique=True)
    single = some.flatmap(
        lambda words: st.fixed_dictionaries({"type": types, **{word: optional[word] for word in words}})
    )
    word = st.sampled_from(["anyOf", "oneOf"])
    union = st.tuples(word, st.lists(single, min_size=1, max_size=3)).map(lambda pair: {pair[0]: pair[1]})
    return single | single | union


ordinary: st.SearchStrategy[Any] = st.recursive(
    TYPES.map(lambda each: {"type": each}) | st.just({"$ref": "#/$defs/node"}), _typed, max_leaves=8
)
"""Schemas most of which the models can hold, whose references lead to `#/$defs/node`."""

_FEW = st.lists(schemas, min_size=1, max_size=2)
_CONDITIONS: Node = {
    "allOf": _FEW,
    "contains": schemas,
    "dependentRequired": st.dictionaries(KEYS, st.lists(KEYS, max_size=2, unique=True), max_size=2),
    "dependentSchemas": st.dictionaries(KEYS, schemas, max_size=2),
    "else": schemas,
    "if": schemas,
    "maxContains": SMALL,
    "not": schemas,
    "propertyNames": schemas,
    "then": schemas,
}
conditions: st.SearchStrategy[Node] = st.lists(
    st.sampled_from(sorted(_CONDITIONS)), min_size=1, max_size=3, unique=True
).flatmap(lambda words: st.fixed_dictionaries({word: _CONDITIONS[word] for word in words}))
"""Keywords that say more of what other keywords beside them describe."""
