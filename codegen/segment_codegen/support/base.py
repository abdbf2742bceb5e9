"""The base classes of the models: closed, strict about numbers, validated again wherever they are passed."""

# no `annotations` of the future: pydantic 2.12 looks up the names in text annotations where a subclass stands

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from .formats import Json, Value

__all__ = ["FreeModel", "Model", "OpenModel"]


class Model(BaseModel):
    """An object with exactly the fields that the schema lists; NaN, infinities and unknown keys are refused.

    Assignments are validated, and so is an instance that is passed on, as its lists may have changed. The
    least length of text, though 0, has pydantic look into text: half a surrogate pair, which cannot be sent,
    is refused.
    """

    model_config = ConfigDict(
        extra="forbid",
        str_min_length=0,
        allow_inf_nan=False,
        revalidate_instances="always",
        validate_assignment=True,
        protected_namespaces=(),
    )


class OpenModel(Model):
    """An object that besides its fields takes custom keys, each with any JSON value but null."""

    model_config = ConfigDict(extra="allow")

    if TYPE_CHECKING:
        # pydantic's own way to type custom keys narrows what it declares itself
        __pydantic_extra__: dict[str, Value] = Field(init=False)  # pyright: ignore[reportIncompatibleVariableOverride]
    else:  # a value would hide the slot of pydantic, and an instance validated again hold its extras twice
        __pydantic_extra__: dict[str, Value]


class FreeModel(Model):
    """An object that besides its fields takes custom keys, each with any JSON value, null too."""

    model_config = ConfigDict(extra="allow")

    if TYPE_CHECKING:
        # pydantic's own way to type custom keys narrows what it declares itself
        __pydantic_extra__: dict[str, Json] = Field(init=False)  # pyright: ignore[reportIncompatibleVariableOverride]
    else:  # a value would hide the slot of pydantic, and an instance validated again hold its extras twice
        __pydantic_extra__: dict[str, Json]
