"""Tracking plans for tests, and their generated packages in use."""

import importlib
import json
import sys
import tempfile
import unittest
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from segment_codegen.build import build_plan
from segment_codegen.write import write_folder

from segment_client import Scope, SegmentClient
from segment_client.testing import RecordingTransport

__all__ = ["Node", "PlanTest", "public_plan", "rule"]

Node = dict[str, Any]

GID = "5f7e3c1a-8d4b-4f0e-9a57-2b6c1d9e8f30"


def rule(key: str, properties: Node, *, kind: str = "TRACK", **schema: object) -> Node:
    """Answer a rule of Segment's Public API; `properties` is the schema of what its call carries."""
    section = "traits" if kind in {"IDENTIFY", "GROUP"} else "properties"
    envelope = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", **schema}
    envelope["properties"] = {"context": {}, section: properties}
    return {"key": key, "type": kind, "version": 1, "jsonSchema": envelope}


def public_plan(*rules: Node) -> Node:
    """Answer a plan as Segment's Public API has it."""
    return {"id": "tp_1", "name": "Shop", "rules": list(rules)}


class PlanTest(unittest.TestCase):
    """A test that generates packages, each of a name of its own, and sends what they are given nowhere."""

    def setUp(self) -> None:
        """Make a folder to generate in, from which packages are imported, and a client that records."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.transport = RecordingTransport()
        self.client = SegmentClient("key", GID, "test", transport=self.transport, typed_properties=True)
        self.addCleanup(self.client.close)

    @property
    def scope(self) -> Scope:
        """A scope that says who the user is."""
        return self.client.bind(root_event_gid=GID, user_id="u")

    def write(self, name: str, root: Node) -> Path:
        """Write a file of JSON; answers its path."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(root), encoding="utf-8")
        return file

    def files(self, *rules: Node) -> dict[str, str]:
        """Generate the package of a plan in memory."""
        return dict(build_plan(self.write("plan.json", public_plan(*rules))).files)

    def imported(self, files: Mapping[str, str]) -> ModuleType:
        """Write a package and import it."""
        name = f"plan_{id(self)}"
        self._forget(name)
        write_folder(self.folder / name, files)
        sys.path.insert(0, str(self.folder))
        self.addCleanup(sys.path.remove, str(self.folder))
        self.addCleanup(self._forget, name)
        importlib.invalidate_caches()
        return importlib.import_module(name)

    def events(self, *rules: Node) -> Any:
        """Generate and import the package of a plan, and answer its events on the scope."""
        return self.imported(self.files(*rules)).Events(self.scope)

    def sent(self) -> list[Node]:
        """Answer what each event said, by type, name, and properties or traits."""
        keys = ("type", "event", "name", "groupId", "properties", "traits")
        return [{key: each[key] for key in keys if key in each} for each in self.transport.events]

    @staticmethod
    def _forget(name: str) -> None:
        for module in [each for each in sys.modules if each.partition(".")[0] == name]:
            del sys.modules[module]
