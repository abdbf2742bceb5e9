"""The text formats and the free JSON values of the schema, as types that pydantic validates.

A format takes its Python object, or text in exactly one notation: RFC 3339 with an offset for times,
hyphenated UUIDs, plain addresses. Numbers, bytes, digits that stand for a time, naive datetimes and newline
endings are refused, each with one error that says what to pass. In JSON every one of them is text again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, Any, TypeAlias
from uuid import UUID

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

__all__ = ["Date", "DateTime", "IPv4", "IPv6", "Json", "Uuid", "Value"]

_HEX = "[0-9A-Fa-f]"
_UUID = f"^{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}$"
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
_DATE_TIME = f"^{_DATE}[Tt]{_TIME}([Zz]|[+-][0-9]{{2}}:[0-9]{{2}})$"
_IPV4 = r"^[0-9]{1,3}(\.[0-9]{1,3}){3}$"
_IPV6 = f"^({_HEX}|[:.])+$"


@dataclass(frozen=True, eq=False)
class _Format:
    """How one format is validated: the Python object, or text that matches the pattern and then parses.

    `plain`, where there is one, validates to the text that the object is in JSON, which costs less; it stands
    in the schema's metadata under this name.
    """

    name: str
    expected: str
    instance: CoreSchema
    text: CoreSchema
    serialization: core_schema.SerSchema
    plain: CoreSchema | None = None

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Answer the schema; text in JSON is read the same way, as pydantic's own reading is looser."""
        message = f"Input should be {self.expected}"
        error = f"{self.name}_format"
        return core_schema.json_or_python_schema(
            json_schema=core_schema.custom_error_schema(self.text, error, custom_error_message=message),
            python_schema=core_schema.union_schema(
                [self.instance, self.text],
                mode="left_to_right",
                custom_error_type=error,
                custom_error_message=message,
            ),
            serialization=self.serialization,
            metadata={} if self.plain is None else {"plain": self.plain},
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Answer what the schema file says: a string of this format."""
        return {"type": "string", "format": self.name}


def _text(pattern: str, parsed: CoreSchema) -> CoreSchema:
    return core_schema.chain_schema([core_schema.str_schema(strict=True, pattern=pattern), parsed])


def _address(pattern: str, address: type[IPv4Address | IPv6Address]) -> CoreSchema:
    # the same few addresses come again and again, and reading one costs as much as the rest of a context
    parsed = lru_cache(maxsize=256)(address)
    return _text(pattern, core_schema.no_info_plain_validator_function(parsed))


def _plain_address(
    pattern: str, address: type[IPv4Address | IPv6Address], instance: CoreSchema
) -> CoreSchema:
    @lru_cache(maxsize=256)
    def canonical(text: str) -> str:
        return str(address(text))

    written = core_schema.chain_schema([instance, core_schema.no_info_plain_validator_function(str)])
    read = _text(pattern, core_schema.no_info_plain_validator_function(canonical))
    return core_schema.union_schema([read, written], mode="left_to_right")


def _without_zone(address: IPv6Address) -> IPv6Address:
    if address.scope_id is not None:
        raise ValueError("the zone has a meaning on one machine only")
    return address


def _to_the_minute(moment: datetime) -> datetime:
    """Answer the moment in UTC where its offset has seconds: RFC 3339 cannot say them, they would be lost."""
    if moment.tzinfo is UTC:  # the usual case, which costs no look at the offset
        return moment
    offset = moment.utcoffset()
    if offset is None or not offset % _MINUTE:
        return moment
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("the moment is in no year from 1 to 9999 in UTC") from None


_MINUTE = timedelta(minutes=1)
_AS_TEXT = core_schema.to_string_ser_schema(when_used="json")
_IPV4_OBJECT = core_schema.is_instance_schema(IPv4Address)
_IPV6_OBJECT = core_schema.no_info_after_validator_function(
    _without_zone, core_schema.is_instance_schema(IPv6Address)
)

Uuid: TypeAlias = Annotated[
    UUID,
    _Format(
        "uuid",
        "a UUID or its hyphenated text, such as 5f7e3c1a-8d4b-4f0e-9a57-2b6c1d9e8f30",
        core_schema.uuid_schema(strict=True),
        _text(_UUID, core_schema.uuid_schema()),
        core_schema.simple_ser_schema("uuid"),
    ),
]
DateTime: TypeAlias = Annotated[
    datetime,
    _Format(
        "date-time",
        "an aware datetime or an RFC 3339 date-time with a UTC offset, such as 2026-01-31T09:30:00Z",
        core_schema.no_info_after_validator_function(
            _to_the_minute, core_schema.datetime_schema(strict=True, tz_constraint="aware")
        ),
        _text(_DATE_TIME, core_schema.datetime_schema(tz_constraint="aware")),
        core_schema.simple_ser_schema("datetime"),
    ),
]
Date: TypeAlias = Annotated[
    date,
    _Format(
        "date",
        "a date or an RFC 3339 full-date, such as 2026-01-31",
        core_schema.date_schema(strict=True),
        _text(f"^{_DATE}$", core_schema.date_schema()),
        core_schema.simple_ser_schema("date"),
    ),
]
IPv4: TypeAlias = Annotated[
    IPv4Address,
    _Format(
        "ipv4",
        "an IPv4Address or its dotted text, such as 203.0.113.7",
        _IPV4_OBJECT,
        _address(_IPV4, IPv4Address),
        _AS_TEXT,
        _plain_address(_IPV4, IPv4Address, _IPV4_OBJECT),
    ),
]
IPv6: TypeAlias = Annotated[
    IPv6Address,
    _Format(
        "ipv6",
        "an IPv6Address or its text without a zone, such as 2001:db8::7",
        _IPV6_OBJECT,
        _address(_IPV6, IPv6Address),
        _AS_TEXT,
        _plain_address(_IPV6, IPv6Address, _IPV6_OBJECT),
    ),
]


def _refused(path: str, problem: str) -> PydanticCustomError:
    return PydanticCustomError(
        "json_value",
        "Input should be a JSON value: {place} {problem}",
        {"place": path or "it", "problem": problem},
    )


def _json(value: object, path: str = "", parents: tuple[int, ...] = ()) -> object:
    """Copy a value of text, numbers, bool, None, and dicts and lists of them; refuse what JSON cannot say."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return _sendable(value, path)
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        raise _refused(path, "is no finite number")
    if id(value) in parents:
        raise _refused(path, "contains itself")
    if len(parents) > 200:
        raise _refused(path[:80], "is nested deeper than 200 levels")
    within = (*parents, id(value))
    if isinstance(value, dict):
        return {_key(key, path): _json(item, f"{path}/{key}", within) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json(item, f"{path}/{place}", within) for place, item in enumerate(value)]
    raise _refused(path, f"is a {type(value).__name__}")


def _key(key: object, path: str) -> str:
    if not isinstance(key, str):
        raise _refused(path, f"has a key that is a {type(key).__name__}, not text")
    return _sendable(key, path)


def _sendable(text: str, path: str) -> str:
    """Answer text that UTF-8 can carry; lone surrogates cannot be sent."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _refused(path, "holds half of a surrogate pair") from None
    return text


def _value(value: object) -> object:
    if value is None:
        raise PydanticCustomError("json_value", "Input should be a JSON value other than null")
    return _json(value)


@dataclass(frozen=True, eq=False)
class _Free:
    """A JSON value of any shape, copied as it is validated, so that nothing is shared with the caller."""

    nullable: bool

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Answer the schema; numbers stay what they are, as an integer may be larger than a float holds."""
        return core_schema.no_info_plain_validator_function(
            _json if self.nullable else _value, serialization=core_schema.simple_ser_schema("any")
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Answer what the schema file says."""
        return {} if self.nullable else {"type": ["string", "number", "boolean", "array", "object"]}


Json: TypeAlias = Annotated[object, _Free(nullable=True)]
Value: TypeAlias = Annotated[object, _Free(nullable=False)]
