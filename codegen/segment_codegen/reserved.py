"""Names that generated code uses itself: what a plan calls so gets another name."""

from __future__ import annotations

__all__ = ["CALL_FIELDS", "CLASS_NAMES", "FIELD_NAMES", "LIMITED", "METHOD_NAMES"]

FIELD_NAMES = frozenset(
    (
        "Annotated",
        "Date",
        "DateTime",
        "Field",
        "IPv4",
        "IPv6",
        "Json",
        "Literal",
        "MISSING",
        "StrictBool",
        "StrictFloat",
        "StrictInt",
        "StrictStr",
        "Uuid",
        "Value",
        "construct",
        "copy",
        "dict",
        "from_orm",
        "json",
        "list",
        "parse_file",
        "parse_obj",
        "parse_raw",
        "schema",
        "schema_json",
        "update_forward_refs",
        "validate",
    )
)
"""What every model has of pydantic, and what the annotations in one mean.

All that begins with `model_` is pydantic's too.
"""

CLASS_NAMES = frozenset(
    (
        "Annotated",
        "Any",
        "AttributeError",
        "Callable",
        "CatalogueEvent",
        "CatalogueProperties",
        "Date",
        "DateTime",
        "Events",
        "Field",
        "FreeModel",
        "Generic",
        "GroupFields",
        "IPv4",
        "IPv4Address",
        "IPv6",
        "IPv6Address",
        "IdentifyFields",
        "Json",
        "Literal",
        "MISSING",
        "Mapping",
        "Model",
        "OnViolation",
        "OpenModel",
        "PROVENANCE",
        "PageFields",
        "Protocol",
        "R",
        "Required",
        "RootModel",
        "S",
        "ScreenFields",
        "Sender",
        "SendsEvents",
        "Sequence",
        "StrictBool",
        "StrictFloat",
        "StrictInt",
        "StrictStr",
        "TrackFields",
        "TracksEvents",
        "TypeVar",
        "TypedDict",
        "UUID",
        "Union",
        "Unpack",
        "Uuid",
        "Value",
        "Violation",
    )
)
"""What the modules of the events import or define themselves."""

LIMITED = "Limited"
"""What the classes of limits are called, with a number, until their types stand where they are named."""

METHOD_NAMES = frozenset(
    (
        *("bool", "dict", "dt", "float", "int", "list", "object", "overload", "str"),
        *("getattr", "globals", "import_module"),
        *("aux", "con", "nul", "prn"),
        *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
    )
)
"""What annotations beside the methods and code beside the modules use, and what Windows reserves."""

CALL_FIELDS = frozenset(
    (
        "access",
        "account_id",
        "analyse",
        "analysis",
        "anonymous_gid",
        "anonymous_id",
        "app",
        "base_events",
        "campaign",
        "classification",
        "commerce",
        "content",
        "context",
        "contextual_awareness",
        "customer_facing",
        "device",
        "dimensions",
        "entity_linking",
        "event_gid",
        "flags",
        "importance",
        "integrations",
        "involves",
        "library",
        "local_time",
        "location",
        "message_id",
        "metrics",
        "network",
        "original_timestamp",
        "os",
        "page",
        "previous_id",
        "referrer",
        "root_event_gid",
        "screen",
        "sent_at",
        "sentiment",
        "session_gid",
        "session_id",
        "source",
        "timestamp",
        "traits",
        "ttl_days",
        "user_agent",
        "user_gid",
        "user_id",
    )
)
"""The keywords that a call takes itself: the fields of the SemanticEvent of this release.

A plan's package is generated without the schema of that; a test holds the list against it.
"""
