"""The collector's page: a shell, its styles and its scripts, served as they lie here."""

from __future__ import annotations

from segment_client.collector.page.assets import Asset, find_asset, shell

__all__ = ["Asset", "find_asset", "shell"]
