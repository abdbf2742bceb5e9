"""What was measured, for people: medians with their spread, ratios, and the machine they were measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.environments import PEERS, version
from benchmarks.runs import Samples

__all__ = ["MEASURES", "Measure", "as_json", "machine", "middle", "ratio", "scaling_table", "table"]


@dataclass(frozen=True)
class Measure:
    """One line of the table. `floor` says that the ready-made client is a floor for it."""

    key: str
    title: str
    more_is_better: bool = False
    floor: bool = False
    digits: int = 0


MEASURES = (
    Measure("call_us", "a call, µs", digits=1),
    Measure("events_per_s_1", "events/s, 1 thread", more_is_better=True, floor=True),
    Measure("events_per_s_8", "events/s, 8 threads", more_is_better=True, floor=True),
    Measure("plain_events_per_s_1", "events/s, 1 thread, no gzip", more_is_better=True, floor=True),
    Measure("plain_events_per_s_8", "events/s, 8 threads, no gzip", more_is_better=True, floor=True),
    Measure("cpu_us", "CPU of 1,000 events, ms", digits=1),
    Measure("bytes", "bytes an event, gzip", digits=1),
    Measure("import_ms", "import, ms"),
    Measure("first_ms", "start to first event, ms"),
    Measure("memory_mb", "20,000 queued, MB", digits=1),
    Measure("direct_us", "a direct call, µs", floor=True),
)
_COLUMNS = {"ours": "segment_client", **PEERS, "ready": "ready-made JSON"}


def middle(samples: Samples, client: str, key: str) -> float | None:
    """Return the median of a measure, or None where a client has none."""
    values = samples.values.get((client, key))
    return median(values) if values else None


def ratio(samples: Samples, measure: Measure) -> float | None:
    """Return our median over the best of the others' (without the floor)."""
    ours = middle(samples, "ours", measure.key)
    others = [found for peer in PEERS if (found := middle(samples, peer, measure.key)) is not None]
    if ours is None or not others:
        return None
    return ours / (max(others) if measure.more_is_better else min(others))


def table(samples: Samples) -> str:
    """Return the comparison as a Markdown table: the median, and how far the rounds went from it."""
    heads = ["", *(_head(client) for client in _COLUMNS), "ours : best", "ours : ready-made"]
    return _markdown(heads, (_row(samples, measure) for measure in MEASURES))


def scaling_table(samples: Samples) -> str:
    """Return what an event costs as there are more events, fields or threads."""
    cases = list(dict.fromkeys(case for case, _ in samples.values))
    rows = (
        [case, _cell(samples, case, "cpu_us", 1), _cell(samples, case, "events_per_s", 0)] for case in cases
    )
    return _markdown(["", "CPU of an event, µs", "events/s"], rows)


def machine() -> str:
    """Return what the figures depend on beside the code."""
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{_processor()}, {os.cpu_count()} cores, {system}"


def as_json(comparison: Samples, scaling: Samples) -> dict[str, object]:
    """Return all samples, by client and measure, with the machine and the releases."""
    return {
        "machine": machine(),
        "load_average": [round(load, 2) for load in os.getloadavg()],
        "releases": {client: version(client) for client in ("ours", *PEERS)},
        "comparison": _nested(comparison),
        "scaling": _nested(scaling),
    }


def _nested(samples: Samples) -> dict[str, dict[str, list[float]]]:
    nested: dict[str, dict[str, list[float]]] = {}
    for (client, key), values in samples.values.items():
        nested.setdefault(client, {})[key] = [round(value, 3) for value in values]
    return nested


def _head(client: str) -> str:
    return _COLUMNS[client] if client == "ready" else f"{_COLUMNS[client]} {version(client)}"


def _row(samples: Samples, measure: Measure) -> list[str]:
    cells = [_cell(samples, client, measure.key, measure.digits) for client in _COLUMNS if client != "ready"]
    cells.append(_cell(samples, "ready", measure.key, measure.digits) if measure.floor else "")
    best = ratio(samples, measure)
    ours, floor = middle(samples, "ours", measure.key), middle(samples, "ready", measure.key)
    to_floor = f"{ours / floor:.2f}" if measure.floor and ours and floor else ""
    return [measure.title, *cells, "" if best is None else f"{best:.2f}", to_floor]


def _cell(samples: Samples, client: str, key: str, digits: int) -> str:
    values = samples.values.get((client, key))
    if not values:
        return ""
    centre = median(values)
    spread = (max(values) - min(values)) / 2 / centre if centre else 0.0
    return f"{centre:,.{digits}f} ±{spread:.0%}"


def _markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---", *(["---:"] * (len(heads) - 1))], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:  # it is Linux that has it
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
