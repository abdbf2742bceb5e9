"""The output that a command names: a folder, or the address of ClickHouse."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from segment_client.backfill.output import Output
from segment_client.errors import InvalidValueError
from segment_client.sinks.address import parse_address

__all__ = ["output"]


def output(text: str, journal: Path | None) -> Output:
    """Return the output, whose journal is in it where that is a folder; raises InvalidValueError for none."""
    if "://" not in text:
        from segment_client.backfill.folder import Folder

        if journal is not None:
            raise InvalidValueError("--journal is for ClickHouse: leave it out, that of a folder is in it")
        return Folder(Path(text).absolute())
    address = parse_address(text)
    if address.scheme not in ("clickhouse", "clickhouses"):
        raise InvalidValueError(
            f"backfill does not write to {address}: pass a folder or clickhouse://HOST:8123/DATABASE"
        )
    if journal is None:
        raise InvalidValueError(
            f"backfill into {address} needs --journal DIR: a folder of its own, where it keeps what is done, "
            "so that a run that was killed goes on; all machines that work on it must see it"
        )
    if find_spec("clickhouse_connect") is None:
        install = "pip install 'python-segment-client[spark,clickhouse]'"
        raise InvalidValueError(f"backfill into {address} needs clickhouse_connect: {install}")
    from segment_client.backfill.clickhouse import clickhouse_at

    return clickhouse_at(address, journal.absolute())
