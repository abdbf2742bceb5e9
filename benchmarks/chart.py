"""The comparison as a chart in SVG: one panel a measure, one bar a client, for light and dark pages."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from benchmarks.environments import PEERS, version
from benchmarks.report import MEASURES, Measure, middle
from benchmarks.runs import Samples

__all__ = ["chart"]

_SHOWN = ("call_us", "events_per_s_1", "events_per_s_8", "cpu_us", "import_ms", "memory_mb")
_NAMES = {"ours": "segment_client", **PEERS}
_COLUMNS = 2
_WIDTH, _PANEL_WIDTH, _LABEL_WIDTH, _BAR_WIDTH = 900, 450, 210, 160
_BAR, _GAP, _TITLE = 16, 6, 46
_PANEL_HEIGHT = _TITLE + len(_NAMES) * (_BAR + _GAP) + 14
_STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #24292f } .title { font-weight: 600; font-size: 13px }
  .note { fill: #57606a } .bar { fill: #afb8c1 } .ours { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .note { fill: #9198a1 } .bar { fill: #57606a } .ours { fill: #58a6ff }
  }
"""


def chart(samples: Samples) -> str:
    """Return the SVG."""
    shown = [measure for key in _SHOWN for measure in MEASURES if measure.key == key]
    height = _PANEL_HEIGHT * -(-len(shown) // _COLUMNS) + 10
    panels = (
        f'<g transform="translate({place % _COLUMNS * _PANEL_WIDTH} {place // _COLUMNS * _PANEL_HEIGHT})">\n'
        f"{''.join(_panel(samples, measure))}</g>\n"
        for place, measure in enumerate(shown)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">\n'
        f"<title>segment_client beside other clients</title>\n<style>{_STYLE}</style>\n"
        f"{''.join(panels)}</svg>\n"
    )


def _panel(samples: Samples, measure: Measure) -> Iterator[str]:
    found = {client: middle(samples, client, measure.key) or 0.0 for client in _NAMES}
    largest = max(found.values())
    note = f'<tspan class="note">({"more" if measure.more_is_better else "less"} is better)</tspan>'
    yield f'<text class="title" x="10" y="26">{escape(measure.title)} {note}</text>\n'
    for place, (client, value) in enumerate(found.items()):
        top = _TITLE - 8 + place * (_BAR + _GAP)
        width = max(1.0, value / largest * _BAR_WIDTH) if largest else 1.0
        kind = "bar ours" if client == "ours" else "bar"
        name = escape(f"{_NAMES[client]} {version(client)}")
        line = top + _BAR - 4
        size = f'y="{top}" width="{width:.1f}" height="{_BAR}"'
        yield f'<text x="{_LABEL_WIDTH}" y="{line}" text-anchor="end">{name}</text>\n'
        yield f'<rect class="{kind}" x="{_LABEL_WIDTH + 8}" {size} rx="2"/>\n'
        end = f'<text class="note" x="{_LABEL_WIDTH + 14 + width:.1f}" y="{line}">'
        yield f"{end}{value:,.{measure.digits}f}</text>\n"
