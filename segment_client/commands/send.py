"""`segment-client send`: one event from the command line."""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from typing import TYPE_CHECKING

from semantic_events.wire import CALL_TYPES

from segment_client.commands.target import add_sending, endpoint_of, key_of
from segment_client.errors import InvalidValueError
from segment_client.ids import default_entity_gid, new_gid

if TYPE_CHECKING:
    from pydantic import ValidationError

__all__ = ["add_arguments", "run"]

_TEXTS = {
    "user_id": ("--user-id", "--userId"),
    "anonymous_id": ("--anonymous-id", "--anonymousId"),
    "event": ("--event",),
    "name": ("--name",),
    "group_id": ("--group-id", "--groupId"),
    "previous_id": ("--previous-id", "--previousId"),
    "message_id": ("--message-id", "--messageId"),
    "timestamp": ("--timestamp",),
}
_OBJECTS = ("properties", "traits", "context", "integrations")
_KEYWORD = re.compile(r"\b(?:user_id|anonymous_id|message_id|root_event_gid)\b|^timestamp\b")
_NEEDED = {"track": "event", "group": "group_id", "alias": "previous_id"}
_TAKEN_ONLY_BY = {"name": ("page", "screen"), "group_id": ("group",)}


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `segment-client send` to a parser."""
    parser.add_argument("--type", required=True, choices=CALL_TYPES, help="the call to make")
    add_sending(parser)
    shape = "the JSON shape: Segment's or our own (default: %(default)s)"
    parser.add_argument("--wire", default="segment", choices=("segment", "semantic"), help=shape)
    entity = "the entity whose event it is (default: derived from the write key)"
    parser.add_argument("--entity-gid", metavar="UUID", help=entity)
    parser.add_argument("--partition", default="default", help="the event's partition (default: %(default)s)")
    root = "the event that this one goes back to (default: a new one)"
    parser.add_argument("--root-event-gid", metavar="UUID", help=root)
    for name, flags in _TEXTS.items():
        parser.add_argument(*flags, dest=name, metavar="TEXT")
    for name in _OBJECTS:
        parser.add_argument(f"--{name}", metavar="JSON", help="a JSON object")


def run(args: Namespace) -> int:
    """Send the event and say what became of it; raises SegmentError for wrong arguments and failures."""
    from pydantic import ValidationError

    from segment_client.client import SegmentClient

    key, fields = key_of(args), _fields(args)
    endpoint_of(args, args.wire)
    entity, root = args.entity_gid or default_entity_gid(key), args.root_event_gid or new_gid()
    with SegmentClient(
        key,
        entity,
        args.partition,
        args.endpoint,
        wire=args.wire,
        typed_properties=True,
        allow_http=args.allow_http,
    ) as client:
        try:
            receipt = getattr(client, args.type)(root, **fields)
        except ValidationError as error:
            raise InvalidValueError(_as_options(_problems(error))) from None
        except InvalidValueError as error:
            raise InvalidValueError(_as_options(str(error))) from None
    sys.stdout.write(f"{receipt.status}: {args.type} {receipt.message_id}, status {receipt.status_code}\n")
    return 0


def _fields(args: Namespace) -> dict[str, object]:
    """Return the keywords of the call."""
    needed = _NEEDED.get(args.type)
    if needed and not getattr(args, needed):
        raise InvalidValueError(f"{_TEXTS[needed][0]} is missing: --type {args.type} needs it")
    for name, types in _TAKEN_ONLY_BY.items():
        if getattr(args, name) is not None and args.type not in types:
            raise InvalidValueError(f"{_TEXTS[name][0]} is for --type {' and '.join(types)}: leave it out")
    given: dict[str, object] = {name: getattr(args, name) for name in _TEXTS}
    given["event_name"] = given.pop("event")
    given |= {name: _object(name, getattr(args, name)) for name in _OBJECTS}
    return {name: value for name, value in given.items() if value is not None}


def _object(name: str, text: str | None) -> Mapping[str, object] | None:
    if text is None:
        return None
    hint = f"""pass one, such as --{name} '{{"plan": "free"}}'"""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidValueError(f"--{name} is no JSON ({error}): {hint}") from None
    if not isinstance(value, dict):
        raise InvalidValueError(f"--{name} is no JSON object: {hint}")
    return value


def _as_options(text: str) -> str:
    """Return what is said of a call's keywords in the names of the options that gave them."""
    return _KEYWORD.sub(lambda found: "--" + found[0].replace("_", "-"), text)


def _problems(error: ValidationError) -> str:
    """Return the places and reasons, without the values."""
    return "; ".join(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors())
