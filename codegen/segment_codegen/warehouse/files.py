"""Composes the files of the warehouse: each of the outputs, in memory."""

from __future__ import annotations

from ..naming import Code
from .clickhouse import create_table
from .columns import Table
from .spark import struct_type
from .topic import create_readers, create_rejected

__all__ = ["render_warehouse"]


def render_warehouse(table: Table, header: Code) -> dict[str, str]:
    """Answer the text of each file by its name; the header is that of the package."""
    head = f"-- {header.removeprefix('# ')}\n"
    return {
        "clickhouse.sql": f"{head}\n{create_table(table)}\n{create_rejected(table)}",
        "kafka.sql": f"{head}\n{create_readers(table)}",
        "spark_schema.json": struct_type(table),
    }
