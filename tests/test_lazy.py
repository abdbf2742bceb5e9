"""What an import and a direct send load, told by a fresh interpreter."""

import subprocess
import sys
import unittest

from tests.sources import ROOT

SEND = """
import uuid
from segment_client import SegmentClient
from segment_client.testing import FakeServer
with FakeServer() as server:
    SegmentClient("k", uuid.uuid4(), "p", server.url).track(uuid.uuid4(), "E", user_id="u")
"""
SENDER = (
    "delivery/direct",
    "delivery/poster",
    "delivery/answers",
    "delivery/outgoing",
    "http",
    "routes",
    "retry",
)


def loaded(program: str) -> set[str]:
    """Run a program in an interpreter of its own; return the modules that it has loaded at its end."""
    ended = f"{program}\nimport sys, threading, logging\nprint(*sys.modules)\n"
    ended += "assert threading.active_count() <= 2 and not logging.getLogger('segment_client').handlers"
    output = subprocess.run(
        [sys.executable, "-c", ended], capture_output=True, text=True, check=True, timeout=60
    )
    return set(output.stdout.split())


class LazyTest(unittest.TestCase):
    """Importing is cheap, and sending directly loads nothing of the other parts."""

    def test_import(self) -> None:
        """Importing the package loads no model, no HTTP and no handler, and starts no thread."""
        modules = loaded("import segment_client")
        self.assertIn("segment_client", modules)
        for heavy in (
            "requests",
            "pydantic",
            "opentelemetry",
            "semantic_events.models",
            "sqlite3",
            "segment_client.client",
        ):
            self.assertNotIn(heavy, modules)

    def test_client(self) -> None:
        """Importing the client's class loads neither the models, nor pydantic, nor what sends."""
        modules = loaded("from segment_client import SegmentClient")
        self.assertIn("segment_client.client", modules)
        for heavy in ("requests", "pydantic", "semantic_events.models", "segment_client.http", "sqlite3"):
            self.assertNotIn(heavy, modules)

    def test_direct_path(self) -> None:
        """A direct send loads nothing of the collector, the queue or the generator."""
        modules = loaded(SEND)
        self.assertIn("segment_client.delivery.direct", modules)
        strangers = (
            "segment_client.collector",
            "segment_client.delivery.engine",
            "segment_codegen",
            "sqlite3",
            "starlette",
        )
        self.assertEqual([name for name in modules if name.startswith(strangers)], [])

    def test_sender_is_thin(self) -> None:
        """The modules that post an event read in under 500 lines of code and docstrings."""
        lines = [
            line
            for name in SENDER
            for line in (ROOT / f"segment_client/{name}.py").read_text("utf-8").splitlines()
            if line.strip()
        ]
        self.assertLess(len(lines), 500)


if __name__ == "__main__":
    unittest.main()
