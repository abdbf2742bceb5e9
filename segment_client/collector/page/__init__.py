"""The collector's page and its catalogue: shells, styles and scripts, served as they lie here."""

from __future__ import annotations

from segment_client.collector.page.assets import Asset, find_asset, shell
from segment_client.collector.page.described import EVERY_EVENT, entry_path, show_catalogue

__all__ = ["EVERY_EVENT", "Asset", "entry_path", "find_asset", "shell", "show_catalogue"]
