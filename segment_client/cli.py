"""`segment-client`: the command line. A command's module is imported only when the command is called for."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from importlib import import_module

from segment_client.errors import DeliveryError, SegmentError
from segment_client.version import VERSION

__all__ = ["main"]

_COMMANDS = {
    "demo": ("segment_client.demo.command", "send events to a local collector and show what arrived"),
    "collect": ("segment_client.collector.command", "run a local server that takes, checks and keeps events"),
    "send": ("segment_client.commands.send", "send one event"),
    "replay": ("segment_client.commands.replay", "send stored or recorded calls on, to another server"),
    "load": (
        "segment_client.commands.load",
        "write archived events to a collector's file or a sink",
    ),
    "backfill": (
        "segment_client.backfill.command",
        "put archives of events into Parquet or ClickHouse, by Spark",
    ),
    "spool": ("segment_client.commands.spool", "show and send what a client's spool holds"),
}
"""Each command's module, with `add_arguments(parser)` and `run(args) -> exit code`, and its line of help."""

_FAILED = 1
_USAGE_ERROR = 2
_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code: 0, 1 where a delivery or a check failed, 2 for wrong usage.

    So it is 1 where nobody reads what it prints.
    """
    given = list(sys.argv[1:] if argv is None else argv)
    args = _parser(given).parse_args(given)
    try:
        code = int(args.run(args))
        sys.stdout.flush()
        return code
    except DeliveryError as error:
        said = f" (the server says: {error.server_message})" if error.server_message else ""
        return _fail(args.command, f"{error}{said}", _FAILED)
    except SegmentError as error:
        return _fail(args.command, str(error), _USAGE_ERROR)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:  # such as `head`, which has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FAILED


def _parser(given: Sequence[str]) -> ArgumentParser:
    """Return the parser; only the commands that `given` names have their options."""
    parser = ArgumentParser(
        "segment-client", description="Typed, validated events for Segment-compatible servers."
    )
    parser.add_argument("--version", action="version", version=f"segment-client {VERSION}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (module, summary) in _COMMANDS.items():
        command = commands.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", allow_abbrev=False
        )
        if name in given:
            home = import_module(module)
            home.add_arguments(command)
            command.set_defaults(run=home.run)
    return parser


def _fail(command: str, message: str, code: int) -> int:
    line = " ".join(message.split())
    sys.stderr.write(f"segment-client {command}: {line}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
