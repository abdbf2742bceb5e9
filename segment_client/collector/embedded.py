"""A collector inside a program: for tests, examples and the command line."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Self
from uuid import UUID

from segment_client.arguments import check_partition
from segment_client.collector.access import Access, Record, Tally
from segment_client.collector.api import Api
from segment_client.collector.auth import Authenticator
from segment_client.collector.catalogue import OWN, Catalogue, Checker, load_catalogue
from segment_client.collector.examine import Accepted
from segment_client.collector.faults import Faults, read_fault
from segment_client.collector.feed import Feed
from segment_client.collector.judges import Judges
from segment_client.collector.keeper import Keeper
from segment_client.collector.receive import Judge, Receiver, pass_none
from segment_client.collector.sinking import find_sink
from segment_client.collector.store import Store
from segment_client.collector.store.keeping import read_keep
from segment_client.collector.web.app import application
from segment_client.collector.web.connection import Patience
from segment_client.collector.web.intake import Intake
from segment_client.collector.web.operating import Operating
from segment_client.collector.web.reading import Reading
from segment_client.collector.web.serving import ServerThread
from segment_client.errors import InvalidValueError
from segment_client.loopback import is_loopback
from segment_client.sinks import Sink

if TYPE_CHECKING:
    from segment_client.collector.forward import Forwarder

__all__ = ["Collector"]

_MOST_PORT = 65_535


class Collector:
    """A local server for Segment-compatible clients, listening from construction until `close`.

    `db` is the SQLite file; without one the events last as long as the collector. With a `write_key` every
    other key is refused, without one any key that is not empty is taken. Calls that name no entity get
    `entity_gid` (by default a UUID v5 of their write key) and `partition`. Port 0 is a free one; `url` says
    which. On a host other than loopback a write key is required, and what shows the events asks for it too;
    on loopback it is shown under loopback's names and those of `allow_hosts`.

    `sink` is where else events are kept before the sender is answered: a Sink, or the address of one, as in
    `kafka://broker:9092/topic`. Then there is a `db` only where one is named; without one there is no page.

    `forward` is the endpoint of another server that each accepted event is passed on to, with `forward_key`
    (by default the `write_key`); it needs a `db`, beside which events wait on disk until they are taken, and
    `allow_http` where it is plain http to another machine.

    Each event is held against its own schema in a `catalogue`, a generated package by its module's name or
    its folder: what is wrong is kept as warnings, or with `strict` has the event rejected. Without one it is
    held against the project's own events, and other names are let be unless it is `strict`.

    `keep` says which calls are kept, as the option `--keep` does: the newest, `100000`, or of an age, `7d`.
    `faults` are those of the option `--fault`; `access` is told of each request that was answered; `patience`
    is what a slow client is given, `max_connections` how many clients may be connected at a time: more are
    answered 503.

    With `processes` so many more judge the larger bodies, and this one keeps them.

    Raises InvalidValueError for what cannot be used, such as an open host without a key or a `db` that is
    another program's, OSError for an address that cannot be had.
    """

    def __init__(
        self,
        db: str | Path | None = None,
        *,
        write_key: str | None = None,
        entity_gid: UUID | str | None = None,
        partition: str = "default",
        host: str = "127.0.0.1",
        port: int = 0,
        allow_hosts: Collection[str] = (),
        sink: str | Sink | None = None,
        forward: str | None = None,
        forward_key: str | None = None,
        allow_http: bool = False,
        catalogue: str | None = None,
        strict: bool = False,
        faults: Collection[str] = (),
        keep: Collection[str] = (),
        access: Access | None = None,
        patience: Patience | None = None,
        max_connections: int = 800,
        processes: int = 0,
    ) -> None:
        local = is_loopback(host)
        _check_key(write_key, host, local=local)
        check_partition(partition)
        if processes < 0:
            raise InvalidValueError(f"There cannot be {processes} processes: pass 0 or more")
        if max_connections < 1:
            raise InvalidValueError(f"There cannot be {max_connections} connections: pass 1 or more")
        judging = _Judging(write_key, _entity(entity_gid), partition, catalogue, strict)
        known = judging.known()
        receiver = judging.receiver(known)
        failing = Faults(map(read_fault, faults))
        kept = read_keep(keep)
        tally = Tally()
        self._feed = Feed()
        with ExitStack() as opened:
            listener = opened.enter_context(_listen(host, port))
            self._port: int = listener.getsockname()[1]
            if isinstance(sink, str):
                sink, db = find_sink(sink, db)
                if sink is not None:
                    opened.callback(sink.close)
            store = self._store(db, opened) if sink is None or db is not None else None
            if store is not None:
                opened.callback(Keeper(store, kept, _now).close)
            elif kept:
                raise InvalidValueError(
                    "keep (--keep) is for what the collector keeps itself: name a db (--db), or leave it out"
                )
            pass_on: Callable[[Sequence[Accepted]], None] = pass_none
            if forward is not None:
                key = forward_key or write_key
                forwarder = _forwarder(forward, key, db, self._port, allow_http=allow_http)
                opened.callback(forwarder.close)
                pass_on = forwarder
            receiver = replace(receiver, store=store, forward=pass_on, sink=sink)
            judge: Judge = receiver.judge
            if processes:
                judge = judges = Judges(judging, judge, processes)
                opened.callback(judges.close)
            intake = Intake.of(receiver, judge)
            opened.callback(intake.close)
            self._opened = opened.pop_all()
        api = Api(store, _now) if store else None
        reading = Reading(api, self._feed, receiver.authenticator, known, guarded=not local) if api else None
        app = application(
            intake,
            reading,
            Operating(store, tally, reading.check if reading else _anyone),
            {host, *allow_hosts} if local else None,
            failing,
            _both(tally, access) if access else tally,
        )
        self._host = host
        self._server = ServerThread(app, listener, patience or Patience(), max_connections)
        self._closed = False

    @property
    def url(self) -> str:
        """The base URL, as in `http://127.0.0.1:8765`; clients send to it and to `<url>/v1`."""
        return f"http://{f'[{self._host}]' if ':' in self._host else self._host}:{self._port}"

    def close(self) -> None:
        """Finish the requests under way, stop listening and close the file; again does nothing."""
        if not self._closed:
            self._closed = True
            self._feed.close()
            self._server.stop()
            self._opened.close()

    def serve(self, announce: Callable[[], None]) -> None:
        """Serve until SIGINT or SIGTERM, then close. To be called from the main thread.

        `announce` is called once a signal would stop it.
        """
        stops: SimpleQueue[int] = SimpleQueue()  # an Event cannot be set while a signal sets it
        previous = {
            number: signal.signal(number, lambda number, _: stops.put(number))
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            announce()
            stops.get()
        finally:
            self.close()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _store(self, db: str | Path | None, opened: ExitStack) -> Store:
        """Open the SQLite file; one of a folder that is deleted in the end where none is named."""
        if db is None:
            db = Path(opened.enter_context(TemporaryDirectory(prefix="segment-collector-")), "events.sqlite")
        return opened.enter_context(closing(Store(Path(db), self._feed.advance, self._feed.wake)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True)
class _Judging:
    """What a judge is made of, in whichever process."""

    write_key: str | None
    entity_gid: UUID | None
    partition: str
    catalogue: str | None
    strict: bool

    def __call__(self) -> Judge:
        return self.receiver(self.known()).judge

    def known(self) -> Catalogue:
        """Load the events that calls are held against."""
        return load_catalogue(OWN if self.catalogue is None else self.catalogue)

    def receiver(self, known: Catalogue) -> Receiver:
        """Return a receiver that keeps nothing yet."""
        unknown = self.catalogue is not None or self.strict
        checker = Checker(known, tells_unknown=unknown, strict=self.strict)
        keys = Authenticator(self.write_key)
        return Receiver(None, keys, self.entity_gid, self.partition, _now, checker=checker)


def _anyone(_request: object) -> None:
    """Let anyone see the counts of requests."""


def _both(first: Access, second: Access) -> Access:
    def tell(record: Record) -> None:
        first(record)
        second(record)

    return tell


def _now() -> datetime:
    return datetime.now(UTC)


def _forwarder(url: str, key: str | None, db: str | Path | None, port: int, *, allow_http: bool) -> Forwarder:
    from segment_client.collector.forward import Forwarder

    return Forwarder(url, key, Path(db) if db is not None else None, port, allow_http=allow_http)


def _check_key(write_key: str | None, host: str, *, local: bool) -> None:
    if write_key is not None and not write_key.strip():  # such as that of a variable that is not set
        raise InvalidValueError("The write key is empty: pass one, or leave it out to accept any")
    if not local and write_key is None:
        raise InvalidValueError(
            f"The host {host} is not loopback: pass a write key (--write-key), so that not anyone can send"
        )


def _entity(value: UUID | str | None) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else value
    except ValueError as error:
        raise InvalidValueError(f"The entity {value!r} is no UUID: pass one, or leave it out") from error


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= _MOST_PORT:  # the system would take another, by its last 16 bits
        raise InvalidValueError(f"The port {port} is none: pass 1 to {_MOST_PORT}, or 0 for a free one")
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener
