"""What `/metrics` answers: the counts of a collector in the text form of Prometheus, version 0.0.4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate, chain
from typing import cast

from segment_client.collector.access import Tally
from segment_client.version import VERSION

__all__ = ["CONTENT_TYPE", "metrics"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_Sample = tuple[Mapping[str, object], float]


def metrics(counts: Mapping[str, object] | None, size: int, tally: Tally) -> str:
    """Return the metrics; `counts` are those of the store, if there is one, `size` is its file's in bytes."""
    requests = [
        ({"for": kind, "status": status}, count) for (kind, status), count in sorted(tally.requests.items())
    ]
    told = [
        _metric("build_info", "gauge", "The version that runs.", [({"version": VERSION}, 1)]),
        *(_stored(counts, size) if counts is not None else ()),
        _metric("http_requests_total", "counter", "Requests by purpose and status; 0: unanswered.", requests),
        _metric("http_received_bytes_total", "counter", "Bytes of bodies received.", [({}, tally.received)]),
        _durations(tally),
    ]
    return "".join(chain.from_iterable(told))


def _stored(counts: Mapping[str, object], size: int) -> Iterator[Iterable[str]]:
    number = cast(Mapping[str, int], counts)
    outcomes = [({"outcome": name}, number[name]) for name in ("stored", "duplicates", "rejected")]
    types = [({"type": name}, count) for name, count in cast(Mapping[str, int], counts["by_type"]).items()]
    warned: list[_Sample] = [({}, number["warned"])]
    yield _metric("calls_total", "counter", "Calls received, by what became of them.", outcomes)
    yield _metric("events_stored_total", "counter", "Events stored, by type.", types)
    yield _metric("events_warned_total", "counter", "Events that the catalogue warns of.", warned)
    yield _metric("store_bytes", "gauge", "Size of the store's file.", [({}, size)])


def _durations(tally: Tally) -> Iterator[str]:
    name = "http_request_duration_seconds"
    yield from _metric(name, "histogram", "Time from a request's head to the end of its answer.", ())
    bounds = [*map(str, tally.LIMITS), "+Inf"]
    for kind, classes in sorted(tally.durations.items()):
        for bound, number in zip(bounds, accumulate(classes), strict=True):
            yield _line(f"{name}_bucket", {"for": kind, "le": bound}, number)
        yield _line(f"{name}_sum", {"for": kind}, tally.seconds[kind])
        yield _line(f"{name}_count", {"for": kind}, sum(classes))


def _metric(name: str, kind: str, about: str, samples: Iterable[_Sample]) -> Iterator[str]:
    yield f"# HELP segment_collector_{name} {about}\n# TYPE segment_collector_{name} {kind}\n"
    for labels, value in samples:
        yield _line(name, labels, value)


def _line(name: str, labels: Mapping[str, object], value: float) -> str:
    shown = ",".join(f'{label}="{_escaped(str(text))}"' for label, text in labels.items())
    return (
        f"segment_collector_{name}{{{shown}}} {value}\n" if shown else f"segment_collector_{name} {value}\n"
    )


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
