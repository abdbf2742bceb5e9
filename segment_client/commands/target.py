"""Where a command sends to, and with which key: the options that every sending command takes."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from typing import Literal

from segment_client.arguments import check_text
from segment_client.endpoint import Endpoint, parse_endpoint
from segment_client.errors import InvalidValueError

__all__ = ["add_sending", "add_target", "endpoint_of", "given_key", "key_of"]

_VARIABLE = "SEGMENT_WRITE_KEY"


def add_target(parser: ArgumentParser, *names: str) -> None:
    """Add `--write-key` and `--endpoint` to a parser; the endpoint by other names too."""
    key = f"the source's write key (default: the environment's {_VARIABLE})"
    parser.add_argument("--write-key", "--writeKey", metavar="KEY", help=key)
    endpoint = "where to send (default: %(default)s)"
    parser.add_argument(
        "--endpoint",
        *names,
        dest="endpoint",
        metavar="URL",
        default="https://api.segment.io/v1",
        help=endpoint,
    )


def add_sending(parser: ArgumentParser, *names: str) -> None:
    """Add these and `--allow-http`, for a command that sends."""
    add_target(parser, *names)
    parser.add_argument("--allow-http", action="store_true", help="send plain http to another machine")


def endpoint_of(args: Namespace, wire: Literal["segment", "semantic"]) -> Endpoint:
    """Return where to send; raises InvalidValueError for what cannot be sent to, or only if it is allowed."""
    return parse_endpoint(args.endpoint, wire, allow_http=args.allow_http, allowed_by="--allow-http")


def given_key(args: Namespace) -> str | None:
    """Return the write key, of the option or the environment, or None without one."""
    return args.write_key or os.environ.get(_VARIABLE) or None


def key_of(args: Namespace) -> str:
    """Return the write key, of the option or the environment; raises InvalidValueError without one."""
    key = given_key(args)
    if key is None:
        raise InvalidValueError(f"there is no write key: pass --write-key, or set {_VARIABLE}")
    check_text("the write key", key, "the source's write key")
    return key
