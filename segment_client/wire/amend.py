"""Setting a field of a model that is nobody else's yet, to a value that is known to be valid."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["amend"]


def amend(model: BaseModel, name: str, value: object) -> None:
    """Set a field without validating the model again, which costs as much as making it, or a copy."""
    model.__dict__[name] = value
    model.__pydantic_fields_set__.add(name)
