"""What browser clients fetch before their first event: where to send it."""

from __future__ import annotations

__all__ = ["browser_settings"]


def browser_settings(write_key: str, host: str, scheme: str) -> dict[str, object]:
    """Return Segment's settings for a browser client that reached this collector as `<scheme>://<host>`."""
    segment = {
        "apiKey": write_key,
        "apiHost": f"{host}/v1",
        "protocol": scheme,
        "addBundledMetadata": True,
        "unbundledIntegrations": [],
        "maybeBundledConfigIds": {},
    }
    default_plan = {"__default": {"enabled": True, "integrations": {}}}
    return {
        "integrations": {"Segment.io": segment},
        "plan": {"track": default_plan, "identify": default_plan, "group": default_plan},
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0},
    }
