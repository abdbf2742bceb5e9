"""What a change of the schema is for the warehouse: how its table becomes that of the new schema."""

from __future__ import annotations

from ..ir import Contract
from ..lint import lint
from ..load import Document
from ..resolve import resolve
from ..warehouse.columns import plan_table
from ..warehouse.migration import Migration, migrate
from .sources import Side

__all__ = ["migration"]


def migration(before: Side, after: Side) -> Migration | None:
    """Answer the migration, None where one of the two is no schema of a table.

    A release of before tables were named had the one that the new schema names. Raises SchemaError where a
    field has no column.
    """
    old, new = _contract(before), _contract(after)
    if old is None or new is None:
        return None
    facts = new[0].annotations.get("x-clickhouse-table")
    tables = [plan_table(contract, file, facts) for contract, file in (old, new)]
    first, second = tables
    return migrate(first, second) if first and second else None


def _contract(side: Side) -> tuple[Contract, str] | None:
    if not any(each.is_contract for each in side.entries):
        return None
    document: Document = side.documents[0]
    return None if lint([document]) else (resolve(document), document.file)
