"""Writes the definition of the table for ClickHouse."""

from __future__ import annotations

from .columns import Column, Table

__all__ = ["FIRST_DAY", "WINDOW", "column_line", "create_table", "identifier", "text"]

FIRST_DAY = "toDate32('1900-01-01')"
"""The day that says that there is none: by itself, ClickHouse fills in another one in JSON than in SQL."""

WINDOW = 1000
"""The inserts that a table remembers, so that one that is tried again with the same token is there once."""


def create_table(table: Table) -> str:
    """Answer the statement that makes the table, with every column and what it is about."""
    columns = ",\n".join(f"    {column_line(each)}" for each in table.columns)
    return (
        f"CREATE TABLE IF NOT EXISTS {identifier(table.name)}\n(\n{columns}\n)\n"
        f"ENGINE = {table.engine}\n"
        f"PARTITION BY ({', '.join(table.partition_by)})\n"
        f"ORDER BY ({', '.join(table.order_by)})\n"
        f"SETTINGS non_replicated_deduplication_window = {WINDOW}\n"
        f"COMMENT {text(table.doc)};\n"
    )


def column_line(column: Column) -> str:
    """Answer a column as the definition lists it."""
    type_ = f"Array({column.type.sql})" if column.listed else column.type.sql
    default = f" DEFAULT {FIRST_DAY}" if column.is_day and not column.listed else ""
    codec = f" CODEC({column.codec})" if column.codec else ""
    comment = f" COMMENT {text(column.doc)}" if column.doc else ""
    return f"{identifier(column.name)} {type_}{default}{comment}{codec}"


def identifier(name: str) -> str:
    """Answer a name as SQL quotes it."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def text(value: str) -> str:
    """Answer a text as SQL quotes it, on one line."""
    return "'" + " ".join(value.split()).replace("\\", "\\\\").replace("'", "\\'") + "'"
