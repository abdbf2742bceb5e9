"""The client: typed calls in, validated events out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from os import PathLike
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self
from uuid import UUID

from semantic_events.calls import BoundFields, ClientCalls
from typing_extensions import Unpack

from segment_client.accounting import Delivered, Failure, Receipt, Stats
from segment_client.arguments import check_ip, check_text, entity_of, spool_path
from segment_client.clock import Clock, SystemClock
from segment_client.config import DeliveryConfig, OnFull, check_callback, check_count, waitable
from segment_client.delivery import Outgoing
from segment_client.delivery.build import DeliveryKind, build_delivery, check_kind
from segment_client.endpoint import parse_endpoint
from segment_client.errors import InvalidTypeError, InvalidValueError, TooLargeError
from segment_client.exact import exact_traits, with_exact_traits
from segment_client.layers import Stack
from segment_client.message import Sender, build, default_layer, revalidated
from segment_client.scope import Scope, bound_layer
from segment_client.shapes import Shapes
from segment_client.validation import event_of, fields_of, prepare
from segment_client.wire import Identity, WireFormat, decode, encode, encode_fields
from segment_client.wire.shape import CALL_TYPE

if TYPE_CHECKING:
    from semantic_events import SemanticEvent
    from semantic_events.calls import CallType

    from segment_client.transport import Transport

    _BeforeSend = Callable[[SemanticEvent], SemanticEvent | None]

__all__ = ["MAX_EVENT_BYTES", "SegmentClient"]

MAX_EVENT_BYTES = 32 * 1024
"""Segment's limit for one event."""


class SegmentClient(ClientCalls[Receipt]):
    """Validates each event against the SemanticEvent schema and sends it to a Segment-compatible endpoint.

    `write_key` is the source's key; `entity_gid` (a UUID or its text) and `partition` say whose events these
    are. `endpoint` is a base URL or a full one, with or without scheme, slash or `/v1`; plain http only to
    loopback, or with `allow_http=True`.

    - `wire`: "segment" (Segment, RudderStack, Jitsu) or "semantic" (the SemanticEvent as it is).
    - `delivery`: "direct": each call posts its event and returns when the server has it, or raises.
      "background":
      a call queues its event and returns; one thread posts batches of `batch_size` events, at most
      `flush_interval` seconds after the first. What is left at the program's end is sent within 5 seconds, or
      told to `on_error` as dropped; a process that is killed loses its queue. A KafkaDelivery sends to a
      topic instead, likewise.
    - `spool`: the path of a file on a local disk. Events are in it before a call returns, so that no crash
      loses one; what is left in it, by whichever process, is sent by the next one that names it. It implies
      background delivery, and takes the place of the queue in memory. `fsync="power"` makes it survive a
      power cut too, at the cost of a disk flush a call. At `spool_max_bytes` it is full; events older than
      `spool_max_age` seconds are dropped. Refused events stay in it as dead letters: see `segment-client
      spool`.
    - `max_queue` and `max_queue_bytes` bound the queue. `on_full`: "drop" counts the event as dropped,
      "raise" raises QueueFullError, "block" waits `block_timeout` seconds for room, then raises.
    - `timeout`: seconds for the connection and for each wait on an answer. An event gets `max_attempts`
      requests at most (4 in direct delivery, within `retry_time` seconds; 10 in the background).
    - `gzip`: True, False, or None for bodies from 1 KB on. `proxies`: as in `requests`.
    - `enabled=False` validates and sends nothing. `ip` is the default of `context.ip`; None leaves it out.
    - `typed_properties=True` sends properties with their JSON types in the segment format, not as text.
    - `max_event_bytes`: an event that is larger in the segment format is a TooLargeError at the call.
    - `before_send` may change an event (it is validated again) or hold it back by returning None; what it
      raises comes out of the call. `on_delivered` and `on_error` are told what became of it; what they raise
      is logged. `stats()` counts what any of them raises.
    - `transport` and `clock` take the place of HTTP and of the machine's time; see `segment_client.testing`.

    Raises ValueError and TypeError (both also SegmentError) for unusable arguments. Thread-safe.
    """

    def __init__(
        self,
        write_key: str | None,
        entity_gid: UUID | str,
        partition: str,
        endpoint: str = "https://api.segment.io/v1",
        *,
        wire: WireFormat = "segment",
        delivery: Literal["direct", "background"] | DeliveryKind = "direct",
        spool: str | PathLike[str] | None = None,
        batch_size: int = 100,
        flush_interval: float = 0.5,
        max_queue: int = 10_000,
        max_queue_bytes: int = 100_000_000,
        on_full: OnFull = "drop",
        block_timeout: float = 5.0,
        fsync: Literal["process", "power"] = "process",
        spool_max_bytes: int = 1_000_000_000,
        spool_max_age: float = 30 * 24 * 3600.0,
        timeout: float = 10.0,
        max_attempts: int | None = None,
        retry_time: float = 30.0,
        gzip: bool | None = None,
        proxies: Mapping[str, str] | None = None,
        allow_http: bool = False,
        enabled: bool = True,
        ip: str | None = "0.0.0.0",  # noqa: S104  # no address is bound: it says that none was recorded
        typed_properties: bool = False,
        max_event_bytes: int = MAX_EVENT_BYTES,
        before_send: _BeforeSend | None = None,
        on_delivered: Callable[[Delivered], object] | None = None,
        on_error: Callable[[Failure], object] | None = None,
        transport: Transport | None = None,
        clock: Clock | None = None,
    ) -> None:
        kind = None if isinstance(delivery, str) else check_kind(delivery, spool)
        if enabled and kind is None:
            check_text("write_key", write_key, "the source's write key")
        check_text(
            "partition", partition, "the name of the partition that the events belong to, such as 'default'"
        )
        if wire not in ("segment", "semantic"):
            raise InvalidValueError(f"wire is {wire!r}: pass 'segment' or 'semantic'")
        check_count("max_event_bytes", max_event_bytes, 1)
        check_callback("before_send", before_send)
        check_ip(ip)
        self._sender = Sender(entity_of(entity_gid), partition)
        self._wire: WireFormat = wire if kind is None else "semantic"
        self._typed = typed_properties and self._wire == "segment"
        self._max_event_bytes = max_event_bytes
        self._before_send = before_send
        self._clock = SystemClock() if clock is None else clock
        defaults = default_layer(ip)
        self._defaults = Stack(defaults)
        self._shapes = Shapes(self._sender, defaults, typed=self._typed)
        goes_whole = self._wire != "segment" or before_send is not None
        self._learned = frozenset() if goes_whole else frozenset({CALL_TYPE})
        config = DeliveryConfig(
            endpoint=parse_endpoint(endpoint, wire, allow_http=allow_http),
            write_key=write_key or "",
            mode=delivery if spool is None and isinstance(delivery, str) else "background",
            batch_size=batch_size,
            flush_interval=flush_interval,
            max_queue=max_queue,
            max_queue_bytes=max_queue_bytes,
            on_full=on_full,
            block_timeout=block_timeout,
            spool=spool_path(spool) if enabled else None,
            fsync=fsync,
            spool_max_bytes=spool_max_bytes,
            spool_max_age=spool_max_age,
            timeout=timeout,
            max_attempts=max_attempts,
            retry_time=retry_time,
            gzip=gzip,
            proxies=proxies,
            on_delivered=on_delivered,
            on_error=on_error,
            clock=self._clock,
        )
        # not at the first call: a child that is forked while a thread imports waits for that import for ever,
        # and what a signal handler raises while pydantic makes a validator may be lost
        prepare()
        self._delivery = build_delivery(config, transport, kind, enabled=enabled)

    def bind(self, **fields: Unpack[BoundFields]) -> Scope:
        """Return a scope: the same calls, where what is bound need not be passed again."""
        return Scope(self._send, self._defaults.with_layer(bound_layer(fields)))

    def pass_on(self, call: Mapping[str, Any]) -> Receipt:
        """Send a call on that another client made, of either format, as it is.

        What the sender says itself is left out, `sentAt` and the write key; a missing message id or timestamp
        is made. `before_send` is not asked. Raises DecodeError or ValidationError for what is no event,
        InvalidValueError or InvalidTypeError for what is no JSON object.
        """
        if not isinstance(call, Mapping):
            raise InvalidTypeError(f"pass_on got a {type(call).__name__}: pass one call, as a dict")
        now = self._clock.now()
        event = decode(call, Identity(self._sender.entity_gid, self._sender.partition), now)
        try:
            if self._wire == "semantic" or "message_id" in call:
                body = encode(event.model_copy(update={"received_at": None}), self._wire)
            else:
                body = _passed_on(call, event)
        except (TypeError, ValueError, RecursionError) as error:  # its text may repeat a value
            raise InvalidValueError(
                f"the call holds what JSON cannot ({type(error).__name__}): pass it as it was parsed"
            ) from None
        return self._submit(Outgoing(body, event.type, event.message_id, event.event_gid))

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait at most `timeout` seconds; return True if all accepted before is delivered or rejected."""
        return self._delivery.flush(waitable(timeout))

    def close(self, timeout: float = 10.0) -> bool:
        """Flush, then give up the connections; a call after it raises. Returns what `flush` would."""
        return self._delivery.close(waitable(timeout))

    async def aflush(self, timeout: float = 10.0) -> bool:  # the sync twin's contract, in a thread
        """Flush without holding up the event loop."""
        return await _in_a_thread(self.flush, timeout)

    async def aclose(self, timeout: float = 10.0) -> bool:  # the sync twin's contract, in a thread
        """Close without holding up the event loop."""
        return await _in_a_thread(self.close, timeout)

    def stats(self) -> Stats:
        """Return what became of the events so far; the counts add up."""
        return self._delivery.stats()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<SegmentClient {self._wire} entity_gid={self._sender.entity_gid}>"

    def _call(self, call_type: CallType, fields: dict[str, object]) -> Receipt:
        return self._send(call_type, fields, self._defaults)

    def _send(self, call_type: str, given: Mapping[str, object], below: Stack) -> Receipt:
        now = self._clock.now()
        every = below.under(given) if call_type in self._learned else None
        if every is not None:
            outgoing = self._shapes.outgoing(every, now)
            if outgoing is not None:
                return self._submit(outgoing)
        fields = below.merge(given, call_type)
        message = build(call_type, fields, given, self._sender, now, typed=self._typed)
        valid, derived = message.fields, message.derived
        if message.traits is not None or self._before_send is not None:
            event = event_of(valid)
            traits = None if message.traits is None else exact_traits(event, message.traits)
            if self._before_send is not None:
                changed = self._changed(event, self._before_send)
                if changed is None:
                    return Receipt("skipped", event.message_id, event.event_gid)
                event, derived = changed, False
            valid = fields_of(event if traits is None else with_exact_traits(event, traits))
        body = encode_fields(valid, self._wire, message.native_properties, derived=derived)
        if every is not None and derived:
            self._shapes.meet(every, valid, body)
        has_sent_at = "sent_at" in valid
        return self._submit(
            Outgoing(body, valid["type"], valid["message_id"], valid["event_gid"], has_sent_at)
        )

    def _changed(self, event: SemanticEvent, before_send: _BeforeSend) -> SemanticEvent | None:
        """Return what `before_send` makes of an event, validated again."""
        try:
            changed = before_send(event)
        except Exception:  # a user's callback may raise anything, and it is raised on
            self._delivery.count_callback_error()
            raise
        return None if changed is None else revalidated(changed)

    def _submit(self, event: Outgoing) -> Receipt:
        size = len(event.body)
        if self._wire == "segment" and size > self._max_event_bytes:
            raise TooLargeError(
                f"the event has {size} bytes, over the limit of {self._max_event_bytes}: send less",
                message_id=event.message_id,
            )
        return self._delivery.submit(event)


async def _in_a_thread(wait: Callable[[float], bool], timeout: float) -> bool:
    import asyncio  # a third of the import of this module, and loaded already where this is awaited

    return await asyncio.to_thread(wait, timeout)


def _passed_on(call: Mapping[str, Any], event: SemanticEvent) -> bytes:
    kept = {name: value for name, value in call.items() if name not in ("sentAt", "writeKey")}
    kept["messageId"] = kept.get("messageId") or event.message_id
    kept["timestamp"] = kept.get("timestamp") or event.timestamp.isoformat()
    return json.dumps(kept, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
