"""A durable queue in one SQLite file, which several processes share."""

from __future__ import annotations

from segment_client.delivery.spool.connection import Fsync
from segment_client.delivery.spool.store import Claimed, Settled, Spool, Tally

__all__ = ["Claimed", "Fsync", "Settled", "Spool", "Tally"]
