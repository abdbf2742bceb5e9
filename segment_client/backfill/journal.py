"""The journal beside the output: which parts there are, and which are done. Each file of it appears whole."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from segment_client.backfill.parts import Part
from segment_client.errors import InvalidValueError

__all__ = ["Done", "Journal", "Plan", "replace"]

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done: the parts, how calls are read that say less than an event, and where rows go.

    `into` is "" where that is beside the journal.
    """

    parts: tuple[Part, ...]
    made_at: datetime
    entity_gid: UUID | None
    partition: str
    into: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """A part that is done: how many records are events, how many are not, and why, by path and type."""

    number: int
    events: int
    rejected: int
    seconds: float
    reasons: dict[str, int] = field(default_factory=dict)


class Journal:
    """The journal of one output in a folder, which all that work on it must see."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "_backfill"
        self._plan = self._folder / "plan.json"
        self._done = self._folder / "done"

    def plan(self) -> Plan | None:
        """Return the plan, None before there is one; raises InvalidValueError for one that is not ours."""
        if not self._plan.exists():
            return None
        try:
            said = json.loads(self._plan.read_bytes())
            version = said["version"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            hint = "put it back as it was, or name another folder"
            what = f"{self._plan} cannot be read as a journal ({type(error).__name__})"
            raise InvalidValueError(f"{what}: {hint}") from None
        if version != _VERSION:
            raise InvalidValueError(
                f"{self._plan} is of another version of this command: use that one, or name another folder"
            )
        entity = said["entity_gid"]
        return Plan(
            parts=tuple(Part(**each) for each in said["parts"]),
            made_at=datetime.fromisoformat(said["made_at"]),
            entity_gid=UUID(entity) if entity else None,
            partition=said["partition"],
            into=said.get("into", ""),
        )

    def write_plan(self, plan: Plan) -> None:
        """Keep the plan, in place of the one before; raises InvalidValueError where that is not possible."""
        said = {
            "version": _VERSION,
            "made_at": plan.made_at.isoformat(),
            "entity_gid": str(plan.entity_gid) if plan.entity_gid else None,
            "partition": plan.partition,
            "into": plan.into,
            "parts": [each.to_json() for each in plan.parts],
        }
        try:
            self._done.mkdir(parents=True, exist_ok=True)
            _write(self._plan, said)
        except OSError as error:
            hint = "name a folder that can be, with room in it"
            raise InvalidValueError(f"{self._folder} cannot be written ({error}): {hint}") from None

    def finish(self, done: Done) -> None:
        """Keep that a part is done."""
        _write(self._done / f"{done.number:06}.json", asdict(done))

    def done(self, known: Iterable[int] = ()) -> list[Done]:
        """Return what is done, but the parts that are known."""
        left = {f"{number:06}.json" for number in known}
        files = (each for each in self._done.glob("[0-9]*.json") if each.name not in left)
        return [Done(**json.loads(each.read_text("utf-8"))) for each in files]


def replace(file: Path, written: Path) -> None:
    """Put what was written in the file's place, on disk before it is seen."""
    with written.open("rb") as opened:
        os.fsync(opened.fileno())
    written.replace(file)


def _write(file: Path, value: Mapping[str, Any]) -> None:
    written = file.with_name(f".{file.name}.{uuid4().hex}")
    written.write_text(json.dumps(value), "utf-8")
    replace(file, written)
