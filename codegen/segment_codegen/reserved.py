"""The keywords that a call takes itself: a property of the same name gets another keyword.

They are the fields of the SemanticEvent of this release, which a plan's package is generated without; a test
holds the list against the schema.
"""

from __future__ import annotations

__all__ = ["CALL_FIELDS"]

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
