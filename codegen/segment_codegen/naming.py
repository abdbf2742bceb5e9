"""Names of generated code: text of a schema enters code only as one of these types, never raw."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Collection
from typing import TypeVar

from .reserved import FIELD_NAMES

__all__ = [
    "ClassName",
    "Code",
    "DocText",
    "FieldName",
    "Identifier",
    "MethodName",
    "ParameterName",
    "class_name",
    "field_name",
    "literal",
    "parameter_name",
    "plain",
    "snake",
    "visible",
]


class Identifier(str):
    """A valid Python name that is no keyword; anything else is a ValueError."""

    __slots__ = ()

    def __new__(cls, text: str) -> Identifier:
        """Take the text as it is; raises ValueError where Python would refuse or change it."""
        if not text.isidentifier() or keyword.iskeyword(text) or unicodedata.normalize("NFKC", text) != text:
            raise ValueError(f"{text!r} cannot be a name in Python")
        return super().__new__(cls, text)


class ClassName(Identifier):
    """The name of a generated class, such as OrderCompleted."""

    __slots__ = ()


class FieldName(Identifier):
    """The name of a model's field; the wire name is kept beside it."""

    __slots__ = ()


class MethodName(Identifier):
    """The name of a catalogue method, such as order_completed."""

    __slots__ = ()


class ParameterName(Identifier):
    """The name of a keyword of a generated method."""

    __slots__ = ()


class Code(str):
    """A Python expression or annotation that this package composed of identifiers and literals."""

    __slots__ = ()


class DocText(str):
    """One line of text, safe between the triple double quotes of a docstring."""

    __slots__ = ()

    def __new__(cls, text: str) -> DocText:
        """Put any text on one line and escape what would end the docstring or be read as an escape."""
        return super().__new__(cls, re.sub('"(?="|$)', '\\\\"', plain(text).replace("\\", "\\\\")))


def plain(text: str) -> str:
    r"""Answer the text on one line, with control, bidirectional and other unprintables as \uXXXX."""
    return visible(" ".join(text.split()))


def visible(source: str) -> str:
    r"""Answer the text, or Python whose literals hold it, with unprintables but line feeds as \uXXXX."""
    if source.replace("\n", "").isprintable():
        return source
    return "".join(char if char.isprintable() or char == "\n" else _shown(char) for char in source)


def _shown(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def literal(value: object) -> Code:
    """Answer the literal of a JSON value; text is quoted with every unprintable character escaped."""
    return Code(repr(value))


_Name = TypeVar("_Name", bound=Identifier)


def class_name(*texts: str) -> ClassName:
    """Join texts to a class name: `("Order Completed", "item")` is OrderCompletedItem."""
    made = "".join(word[0].upper() + word[1:] for text in texts for word in _words(text))
    name = unicodedata.normalize("NFKC", made)
    return ClassName(f"{name}Event" if keyword.iskeyword(name) else name)  # an event may be called "none"


def field_name(wire: str) -> FieldName:
    """Answer a model's field for a wire name; what pydantic or Python uses itself gets `_property`."""
    return _free(FieldName, wire, {wire} if wire.startswith("model_") else FIELD_NAMES)


def parameter_name(wire: str, taken: Collection[str]) -> ParameterName:
    """Answer a method's keyword for a wire name; one that the call has `taken` itself gets `_property`."""
    return _free(ParameterName, wire, taken)


def _free(kind: type[_Name], wire: str, taken: Collection[str]) -> _Name:
    is_name = wire.isidentifier() and not wire.startswith("_") and re.fullmatch(r"\w+", wire)
    name = wire if is_name else snake(wire)
    return kind(f"{name}_property" if name in taken or keyword.iskeyword(name) else name)


def _words(text: str) -> list[str]:
    return "".join(map(_kept, unicodedata.normalize("NFKC", text))).split()


def _kept(char: str) -> str:
    """Answer what is left of a character: letters and digits; marks on letters go, all else parts words."""
    if char.isalnum() and f"a{char}".isidentifier():
        return char
    return "" if unicodedata.category(char).startswith("M") else " "


def snake(text: str) -> str:
    """Answer the words of a text in lower case, joined by `_`; empty where it holds none."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z])", "_", text)
    return unicodedata.normalize("NFKC", "_".join(_words(parted)).lower())
