"""`segment-client spool`: what a client's spool holds, also without the program that wrote it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segment_client.clock import SystemClock
from segment_client.commands.target import add_sending, add_target, given_key
from segment_client.config import destination_of
from segment_client.endpoint import parse_endpoint
from segment_client.errors import InvalidValueError

if TYPE_CHECKING:
    from segment_client.delivery.spool.inspector import DeadLetter, Inspector

__all__ = ["add_arguments", "run"]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the actions of `segment-client spool` to a parser."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    status = _add_action(actions, "status", "show what waits, for whom, and what was refused and why")
    add_target(status)
    status.add_argument("--json", action="store_true", help="print one JSON object")

    drain = _add_action(actions, "drain", "send what waits for an endpoint and write key")
    add_sending(drain)
    shape = "the format that the events were tracked in (default: %(default)s)"
    drain.add_argument("--wire", default="segment", choices=("segment", "semantic"), help=shape)
    most = "stop after so long (default: %(default)g)"
    drain.add_argument("--timeout", type=float, default=60.0, metavar="SECONDS", help=most)

    requeue = _add_action(actions, "requeue", "let dead letters wait again: all, or those that you name")
    requeue.add_argument("--reason", help="only those with this reason, as status shows it")
    requeue.add_argument(
        "--message-id",
        nargs="+",
        action="extend",
        default=[],
        metavar="ID",
        help="only those of these messages",
    )


def run(args: Namespace) -> int:
    """Do what the action says; return 1 where `drain` did not deliver everything.

    Raises InvalidValueError for wrong arguments and for what is no spool, SpoolError for one of no use.
    """
    from segment_client.delivery.spool.inspector import Inspector

    with Inspector(args.file, SystemClock()) as inspector:
        if args.action == "status":
            return _status(args, inspector)
        if args.action == "requeue":
            return _requeue(args, inspector)
        from segment_client.commands.spool_drain import drain

        return drain(args, inspector)


def _add_action(actions: Any, name: str, summary: str) -> ArgumentParser:
    description = f"{summary[0].upper()}{summary[1:]}."
    action: ArgumentParser = actions.add_parser(
        name, help=summary, description=description, allow_abbrev=False
    )
    action.add_argument("file", type=Path, metavar="FILE", help="what a client has as its spool")
    return action


def _status(args: Namespace, inspector: Inspector) -> int:
    from segment_client.commands.spool_report import status_json, status_lines

    names, dead, waiting = _names(args), inspector.dead(), inspector.waiting()
    if args.json:
        sys.stdout.write(f"{status_json(waiting, dead, names)}\n")
    else:
        lines = status_lines(waiting, dead, names, datetime.now(UTC))
        sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _names(args: Namespace) -> dict[int, str]:
    """Return the names of the destinations that the arguments tell."""
    key = given_key(args)
    if key is None:
        return {}
    return {
        destination_of(
            parse_endpoint(args.endpoint, "segment", allow_http=True), key
        ): "this endpoint and key",
        destination_of(
            parse_endpoint(args.endpoint, "semantic", allow_http=True), key
        ): "this endpoint and key, --wire semantic",
    }


def _requeue(args: Namespace, inspector: Inspector) -> int:
    from segment_client.commands.spool_report import counted, printable

    wanted = set(args.message_id)

    def is_chosen(letter: DeadLetter) -> bool:
        return args.reason in (None, letter.reason) and (not wanted or letter.message_id in wanted)

    dead = inspector.dead()
    chosen = [letter for letter in dead if is_chosen(letter)]
    missing = wanted - {letter.message_id for letter in chosen}
    if missing:
        text = ", ".join(map(printable, sorted(missing)))
        raise InvalidValueError(f"no such dead letter: {text}; nothing was requeued; see spool status")
    if args.reason and not chosen:
        reasons = ", ".join(sorted({letter.reason for letter in dead}))
        known = f"pass one of {reasons}" if reasons else "there are none at all"
        raise InvalidValueError(f"no dead letter has the reason {args.reason}: {known}")
    requeued = inspector.requeue(is_chosen)
    sys.stdout.write(f"{counted(len(requeued), 'dead letter')} requeued\n")
    damaged = sum(letter.message_id is None for letter in chosen)
    if damaged:
        sys.stdout.write(f"{counted(damaged, 'dead letter')} damaged on disk, which cannot be sent\n")
    return 0
