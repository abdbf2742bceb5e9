"""The commands that send: one a module, each with `add_arguments(parser)` and `run(args)`."""

from __future__ import annotations

__all__: list[str] = []
