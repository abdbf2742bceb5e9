"""The text formats, as RFCs have them: what the formats of JSON Schema demand of a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from ipaddress import AddressValueError, IPv4Address, IPv6Address

__all__ = ["FORMATS"]


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: compiled.fullmatch(text) is not None


_FULL_DATE = _matches(r"\d{4}-\d\d-\d\d")
_FULL_TIME = _matches(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = _matches(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})*")
_LOCAL = _matches(rf'(?=.{{1,64}}@)({_ATOM}(\.{_ATOM})*|"([ !#-\[\]-~]|\\[ -~])*")@')
_PERCENT = "%[0-9A-Fa-f]{2}"
_CHAR = rf"([A-Za-z0-9._~!$&'()*+,;=:@/-]|{_PERCENT})"
_AUTHORITY = (
    rf"//(([A-Za-z0-9._~!$&'()*+,;=:-]|{_PERCENT})*@)?"
    rf"(\[[0-9A-Fa-f:.]+\]|([A-Za-z0-9._~!$&'()*+,;=-]|{_PERCENT})*)(:\d*)?(/{_CHAR}*)?"
)
_PATH = rf"(?!//){_CHAR}*"
_TAIL = rf"(\?({_CHAR}|\?)*)?(#({_CHAR}|\?)*)?"
_URI = _matches(rf"[A-Za-z][A-Za-z0-9+.-]*:({_AUTHORITY}|{_PATH}){_TAIL}")


def _is_date(text: str) -> bool:
    try:
        return _FULL_DATE(text) and date.fromisoformat(text) is not None
    except ValueError:
        return False


def _is_date_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text[:10])
    except ValueError:
        return False
    return _FULL_DATE(text[:10]) and text[10:11] in {"T", "t"} and _FULL_TIME(text[11:])


def _is_email(text: str) -> bool:
    local, at, host = text.rpartition("@")
    return _LOCAL(local + at) and _HOST(host)


def _is_ipv4(text: str) -> bool:
    try:
        return text.isascii() and IPv4Address(text) is not None
    except AddressValueError:
        return False


def _is_ipv6(text: str) -> bool:
    try:
        return text.isascii() and "%" not in text and IPv6Address(text) is not None
    except AddressValueError:
        return False


FORMATS: Mapping[str, Callable[[str], bool]] = {
    "date": _is_date,
    "date-time": _is_date_time,
    "email": _is_email,
    "hostname": _HOST,
    "ipv4": _is_ipv4,
    "ipv6": _is_ipv6,
    "time": _FULL_TIME,
    "uri": _URI,
    "uuid": _matches("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
}
"""Whether a text has the format, by the format's name."""
