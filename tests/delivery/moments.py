"""What another thread does at a chosen moment of some work: between two instructions of Python's machine."""

import sys
from collections.abc import Callable, Iterator
from inspect import currentframe
from types import FrameType, ModuleType
from typing import Any, TypeVar

__all__ = ["at_moment", "each_moment"]

T = TypeVar("T")


def at_moment(
    moment: int, work: Callable[[], object], act: Callable[[], object], *modules: ModuleType
) -> bool:
    """Do some work, and act before its instruction of a number; return False if it has not so many.

    Counted are instructions of functions of these modules.
    """
    files = {module.__file__ for module in modules}
    passed = 0

    def trace(frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        nonlocal passed
        if frame.f_code.co_filename not in files:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            passed += 1
            if passed == moment:
                act()
        return trace

    before, here = sys.gettrace(), currentframe()
    assert here is not None
    here.f_trace_opcodes = True  # Python 3.12 wants to know of it before the trace begins
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return passed >= moment


def each_moment(attempt: Callable[[int], T | None]) -> Iterator[T]:
    """Attempt something at each moment, until there is none any more; yield what came of it."""
    moment = 1
    while (result := attempt(moment)) is not None:
        yield result
        moment += 1
