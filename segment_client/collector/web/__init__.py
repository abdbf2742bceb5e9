"""The collector over HTTP: the only package that knows starlette and uvicorn, of the extra `collector`."""

from __future__ import annotations

from importlib import import_module

__all__: list[str] = []

for _name in ("starlette", "uvicorn"):
    try:
        import_module(_name)
    except ModuleNotFoundError as _missing:
        raise ModuleNotFoundError(
            f"The collector needs {_missing.name}: pip install 'python-segment-client[collector]'",
            name=_missing.name,
        ) from _missing
