"""`segment-client replay`: recorded requests and stored calls, sent on as they are but for the write key."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from contextlib import ExitStack, closing
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from segment_client.commands.replayed import Replayed, calls_in, in_files
from segment_client.commands.target import add_sending, endpoint_of, key_of
from segment_client.errors import InvalidValueError, UnreachableError
from segment_client.retry import is_retryable
from segment_client.transport import Response, Transport

__all__ = ["add_arguments", "run"]

_SHOWN = 200
_FAILED = 1
_INTERRUPTED = 130
_WIDTH = 30


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `segment-client replay` to a parser."""
    what = (
        "a collector's SQLite file, recorded requests (a JSON list), or calls of either format (JSON lines, "
        "such as a collector exports)"
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=what)
    add_sending(parser, "--to")
    start = "begin with this item: the number that a replay which stopped has named (default: %(default)s)"
    parser.add_argument("--start", type=int, default=1, metavar="N", help=start)


def run(args: Namespace) -> int:
    """Post what the files hold, in order, and say what was answered; return 1 if an answer was not 2xx.

    A server that is not there, or answers that it cannot now, ends the replay with where to go on.
    """
    from segment_client.http import RequestsTransport

    if args.start < 1:
        raise InvalidValueError(f"start is {args.start}: pass the number of an item, from 1 on")
    key = key_of(args)
    endpoint_of(args, "segment")  # where it is said what can be passed; the requests name it once more
    with ExitStack() as opened:
        count, requests = _requests(args, key, opened)
        if args.start > count + 1:
            raise InvalidValueError(
                f"start is {args.start}, and the last item is number {count}: pass the number of one"
            )
        transport = opened.enter_context(closing(RequestsTransport()))
        replay = _Replay(transport, count, args.start - 1)
        try:
            return replay.send(requests)
        except UnreachableError as error:
            replay.stop()
            raise UnreachableError(f"{error}; {replay.advice}") from None
        except (KeyboardInterrupt, BrokenPipeError) as stopped:
            replay.stop()
            sys.stderr.write(f"segment-client replay: stopped; {replay.advice}\n")
            if isinstance(stopped, BrokenPipeError):  # nobody reads what it prints
                raise
            return _INTERRUPTED


def _requests(args: Namespace, key: str, opened: ExitStack) -> tuple[int, Iterable[Replayed]]:
    """Return how many items the files hold, and the requests of those from the start on."""
    from segment_client.commands.stored import Stored, is_store

    skip = args.start - 1
    stores = [opened.enter_context(closing(Stored(file))) for file in args.files if is_store(file)]
    if not stores:
        found = in_files(args.files, args.endpoint, key)
        return len(found), found[skip:]
    if len(stores) < len(args.files):
        raise InvalidValueError("some files are a collector's and some are not: replay each kind by itself")
    parts = []
    for store in stores:
        parts.append(store.requests(args.endpoint, key, min(skip, store.count)))
        skip -= min(skip, store.count)
    return sum(store.count for store in stores), chain.from_iterable(parts)


class _Replay:
    """Sends requests, and tells how far it is: a bar on a terminal, else a line for each."""

    def __init__(self, transport: Transport, count: int, done: int) -> None:
        self._transport = transport
        self._count = count
        self._done = done
        self._sent = self._refused = 0
        self._live = sys.stderr.isatty()

    @property
    def advice(self) -> str:
        """Where to go on."""
        return f"{self._done} of {self._count} are done, go on with --start {self._done + 1}"

    def send(self, requests: Iterable[Replayed]) -> int:
        """Post all; return the exit code."""
        for each in requests:
            answer = self._answer(each)
            if is_retryable(answer.status):
                self.stop()
                sys.stderr.write(
                    f"segment-client replay: the server answered {answer.status}; {self.advice}\n"
                )
                return _FAILED
            self._tell(each, answer)
        self.stop()
        sys.stdout.write(f"{self._sent} requests sent, {self._refused} refused\n")
        return _FAILED if self._refused else 0

    def stop(self) -> None:
        """Take the bar away."""
        if self._live:
            sys.stderr.write("\r\x1b[K")

    def _answer(self, each: Replayed) -> Response:
        try:
            return self._transport.send(each.request)
        except UnreachableError as error:
            raise UnreachableError(f"{error}; check the network and {each.request.url}") from None

    def _tell(self, each: Replayed, answer: Response) -> None:
        refused = not 200 <= answer.status <= 299
        self._sent += 1
        self._done += each.items
        self._refused += refused
        if refused or not self._live:
            self.stop()
            sys.stdout.write(f"{_line(each, answer)}\n")
        if self._live:
            full = _WIDTH * self._done // max(self._count, 1)
            bar = "#" * full + "." * (_WIDTH - full)
            sys.stderr.write(f"\r[{bar}] {self._done} of {self._count}")


def _line(each: Replayed, answer: Response) -> str:
    calls = calls_in(each.request.body)
    what = calls[0].get("type", "call") if len(calls) == 1 else f"{len(calls)} calls"
    said = " ".join(answer.body.decode("utf-8", "replace")[:_SHOWN].split())
    # nothing that a terminal acts on
    printable = "".join(mark if mark.isprintable() else "?" for mark in said)
    return f"{what} > {urlsplit(each.request.url).path}: {answer.status} {printable}"
