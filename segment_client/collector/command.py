"""`segment-client collect`: the collector as a program."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime

from segment_client.collector.access import Log
from segment_client.collector.heap import settle
from segment_client.errors import InvalidValueError

__all__ = ["add_arguments", "run"]

_USAGE_ERROR = 2
_VARIABLE = "SEGMENT_WRITE_KEY"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `segment-client collect` to a parser."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=8765, help="port to listen on, 0 for a free one (default: %(default)s)"
    )
    parser.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME",
        help="name beside localhost under which the page may be opened; may be given again",
    )  # fmt: skip
    parser.add_argument("--db", metavar="FILE", help="SQLite file to keep the events in (default: keep none)")
    parser.add_argument(
        "--sink", metavar="ADDRESS",
        help="where else events are kept before the sender is answered: kafka://BROKER:9092/TOPIC or"
        " clickhouse://HOST:8123/DATABASE, each an extra to install; without --db the collector keeps none"
        " itself then, and has no page (sqlite:FILE is --db FILE)",
    )  # fmt: skip
    parser.add_argument("--write-key", metavar="KEY", help="the one write key to accept (default: any)")
    parser.add_argument(
        "--entity-gid", metavar="UUID", help="entity of calls that name none (default: derived from the key)"
    )
    parser.add_argument(
        "--partition", default="default", help="partition of calls that name none (default: %(default)s)"
    )
    parser.add_argument(
        "--catalogue", metavar="PACKAGE",
        help="module or folder of the generated package that says which events there are, and how they are",
    )  # fmt: skip
    parser.add_argument(
        "--strict", action="store_true", help="reject what the catalogue does not allow, not only warn of it"
    )
    parser.add_argument(
        "--keep", action="append", default=[], metavar="KEEP",
        help="keep only the newest calls, as 100000, or those of an age, as 7d (s, m, h, d); or one of each",
    )  # fmt: skip
    parser.add_argument(
        "--fault", action="append", default=[], metavar="FAULT",
        help="fail on purpose, to try a sender: 500:10%%, 429, latency=2s, reset, lost; may be given again",
    )  # fmt: skip
    parser.add_argument(
        "--processes", type=int, default=0, metavar="N",
        help="judge larger bodies in so many more processes (default: in the collector's own)",
    )  # fmt: skip
    parser.add_argument(
        "--max-connections", type=int, default=800, metavar="N",
        help="clients that may be connected at a time, more are answered 503 (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--access-log", choices=["plain", "json"], help="write a line for each request, to stderr"
    )
    parser.add_argument("--forward", metavar="URL", help="endpoint to pass accepted events on to; needs --db")
    parser.add_argument(
        "--forward-key", metavar="KEY",
        help=f"write key to pass them on with (default: the environment's {_VARIABLE}, else --write-key)",
    )  # fmt: skip
    parser.add_argument(
        "--allow-http", action="store_true", help="pass them on by plain http to another machine"
    )


def run(args: Namespace) -> int:
    """Serve until SIGINT or SIGTERM; return 0, or 2 and a message where the collector cannot start."""
    for name, given in (("--forward-key", args.forward_key is not None), ("--allow-http", args.allow_http)):
        if given and args.forward is None:
            return _fail(f"{name} is for --forward: name the URL to pass events on to, or leave it out")
    try:
        from segment_client.collector.embedded import Collector

        collector = Collector(
            args.db,
            write_key=args.write_key,
            entity_gid=args.entity_gid,
            partition=args.partition,
            host=args.host,
            port=args.port,
            allow_hosts=args.allow_host,
            sink=args.sink,
            forward=args.forward,
            catalogue=args.catalogue,
            strict=args.strict,
            keep=args.keep,
            faults=args.fault,
            processes=args.processes,
            max_connections=args.max_connections,
            access=Log(sys.stderr, args.access_log, lambda: datetime.now(UTC)) if args.access_log else None,
            forward_key=args.forward_key or os.environ.get(_VARIABLE),
            allow_http=args.allow_http,
        )
    except (ModuleNotFoundError, InvalidValueError) as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(
            f"cannot listen on {args.host}:{args.port}: {error.strerror}; pass another --port or --host"
        )
    settle()
    collector.serve(lambda: _announce(collector.url))
    return 0


def _announce(url: str) -> None:
    sys.stdout.write(
        f"Listening on {url}\n"
        f"Open it in a browser; send events to {url}/v1 (a client's endpoint); stop with Ctrl-C.\n"
    )
    sys.stdout.flush()


def _fail(message: str) -> int:
    sys.stderr.write(f"segment-client collect: {message}\n")
    return _USAGE_ERROR
