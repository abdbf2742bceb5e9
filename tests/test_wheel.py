"""The wheel: what is in it, and that it works where the repository is not."""

import tempfile
import tomllib
import unittest
import zipfile
from email import message_from_bytes
from pathlib import Path
from typing import ClassVar

from segment_client.version import VERSION
from tests.environments import Environment, build_wheel
from tests.sources import PACKAGES, ROOT

SEND = """
import http.server, json, threading
from segment_client import SegmentClient

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        print(self.path, call["event"], call["properties"])
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args):
        pass

with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
    threading.Thread(target=server.serve_forever).start()
    gid = "0b3f8f4e-6a58-4b0e-9c1e-1f3d2a7c5e90"
    with SegmentClient("key", gid, "default", f"http://127.0.0.1:{server.server_port}/v1") as client:
        receipt = client.track(gid, "Article Completed", user_id="u1", properties={"word_count": 350})
    print(receipt.status)
    server.shutdown()
"""


class WheelTest(unittest.TestCase):
    """What a user installs."""

    wheel: ClassVar[zipfile.ZipFile]
    plain: ClassVar[Environment]
    full: ClassVar[Environment]

    @classmethod
    def setUpClass(cls) -> None:
        """Build the wheel once, and install it with and without its extras."""
        folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        file = build_wheel(folder)
        cls.wheel = cls.enterClassContext(zipfile.ZipFile(file))
        cls.plain = Environment(folder / "plain", file)
        cls.full = Environment(folder / "full", file, "codegen", "collector")

    def test_packages(self) -> None:
        """The wheel holds every file of the three packages and nothing else but its metadata."""
        packed = {name for name in self.wheel.namelist() if ".dist-info/" not in name}
        expected = {
            f"{package}/{file.relative_to(folder).as_posix()}"
            for package, folder in PACKAGES.items()
            for file in folder.rglob("*")
            if file.is_file() and "__pycache__" not in file.parts
        }
        self.assertEqual(packed, expected)
        self.assertEqual({f"{package}/py.typed" for package in PACKAGES} - packed, set())

    def test_metadata(self) -> None:
        """The wheel says its version, its licence and its three runtime requirements."""
        files = {name.rpartition("/")[2]: name for name in self.wheel.namelist() if ".dist-info/" in name}
        metadata = message_from_bytes(self.wheel.read(files["METADATA"]))
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        required = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
        self.assertEqual(metadata["Version"], VERSION)
        self.assertEqual(metadata["License-Expression"], "MIT")
        self.assertIn("LICENSE", files)
        self.assertEqual(len(required), len(project["dependencies"]))

    def test_place(self) -> None:
        """The packages come from the environment, and the repository is nowhere on its path."""
        names = ", ".join(PACKAGES)
        code = f"import sys, {names}\nprint(*(m.__file__ for m in ({names})), *sys.path, sep='\\n')"
        done = self.plain.run("python", "-I", "-c", code)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(all(line.startswith(str(self.plain.site)) for line in done.stdout.splitlines()[:3]))
        self.assertNotIn(str(ROOT), done.stdout)

    def test_direct(self) -> None:
        """With the runtime requirements alone, an event is sent over HTTP."""
        done = self.plain.run("python", "-I", "-W", "error", "-c", SEND)
        self.assertEqual(
            done.stdout.splitlines(),
            ["/v1/track Article Completed {'word_count': '350'}", "delivered"],
            done.stderr,
        )

    def test_help(self) -> None:
        """With the runtime requirements alone, both commands explain themselves."""
        for command in ("segment-client", "segment-codegen"):
            with self.subTest(command=command):
                done = self.plain.run(command, "--help")
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertIn(f"usage: {command}", done.stdout)

    def test_without_codegen(self) -> None:
        """Without its extra, the generator says in one line what to install."""
        schema = str(ROOT / "schema")
        for command in ("generate", "check", "lint"):
            with self.subTest(command):
                done = self.plain.run("segment-codegen", command, "--schema", schema)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                install = r"pip install 'python-segment-client\[codegen\]'"
                self.assertRegex(done.stderr, rf"^segment-codegen: \w+ is not installed: {install}\n$")

    def test_codegen(self) -> None:
        """With its extra, the installed generator makes exactly the code that is committed."""
        done = self.full.run(
            "segment-codegen", "check", "--schema", str(ROOT / "schema"), "--out", str(ROOT / "generated")
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
