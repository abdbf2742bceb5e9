"""The memory of a process that serves: what it holds once it is ready stays for its lifetime."""

from __future__ import annotations

import gc

__all__ = ["settle"]


def settle() -> None:
    """Have Python not look again and again for garbage among what is there now, as it would under load."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
