"""What browser clients fetch before their first event: where to send it."""

from __future__ import annotations

__all__ = ["browser_settings", "source_config"]


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


def source_config() -> dict[str, object]:
    """Return RudderStack's configuration of a source: an enabled one without destinations.

    It names no data plane, so that its clients keep to the one that they were given, and the statistics that
    they would send to their vendor are off.
    """
    off = {"enabled": False}
    config = {"statsCollection": {"errors": off, "metrics": off}}
    source = {
        "id": "collector",
        "name": "Collector",
        "workspaceId": "collector",
        "enabled": True,
        "config": config,
        "connections": [],
        "destinations": [],
        "dataplanes": {},
    }
    return {"source": source}
