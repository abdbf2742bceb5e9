"""README.md: its examples run, and what it names is there."""

import contextlib
import io
import re
import shlex
import signal
import sys
import tempfile
import unittest
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from segment_client import errors
from segment_client.client import SegmentClient
from segment_client.endpoint import parse_endpoint
from segment_client.errors import UnreachableError
from segment_client.testing import Answer, FakeServer
from segment_client.transport import Request, Response
from tests.collector.support import CollectorCase
from tests.commands import MODULES, start_command
from tests.sources import ROOT

README = (ROOT / "README.md").read_text("utf-8")
URL = "http://127.0.0.1:8765"
"""Where the README's collector listens; the tests put their own in its place."""

LIMIT = 60.0
"""Seconds that one command may take."""


def blocks(language: str) -> list[tuple[int, str]]:
    """Return the code blocks of a language, each with the number of lines before it."""
    found = re.finditer(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [(README.count("\n", 0, block.start(1)), block[1]) for block in found]


def commands() -> Iterator[list[str]]:
    """Yield the words of each of the project's commands that the README shows."""
    for _, block in blocks("sh"):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words and words[0] in MODULES:
                yield words


def promised(code: str) -> list[str]:
    """Return what the comments behind a block's `print` calls say that it prints."""
    return re.findall(r"^ *print\(.*\)  # (.+)$", code, re.MULTILINE)


class Down:
    """A transport to a server that is down."""

    def send(self, request: Request) -> Response:
        """Fail."""
        raise UnreachableError(f"nobody is at {request.url}")

    def close(self) -> None:
        """Do nothing: there is nothing to give up."""


class CodeTest(CollectorCase):
    """The Python in the README, run from the top down as its reader would."""

    options = {}  # noqa: RUF012 - declared as a class variable in the base class

    def test_python(self) -> None:
        """Each block runs and prints what its comments say, and all that it sends is accepted."""
        names: dict[str, object] = {}
        self.plan()
        for before, code in blocks("python"):
            with self.subTest(line=before + 1), contextlib.redirect_stdout(io.StringIO()) as out:
                source = "\n" * before + code.replace(URL, self.collector.url)
                exec(compile(source, "README.md", "exec"), names)  # noqa: S102 - to run it is the test
                self.assertEqual(out.getvalue().splitlines(), promised(code))
        for client in names.values():
            if isinstance(client, SegmentClient):
                client.close()
        stats = self.get("/api/stats")
        self.assertEqual((stats["rejected"], stats["duplicates"]), (0, 1))
        self.assertEqual(set(stats["by_type"]), {"alias", "group", "identify", "page", "screen", "track"})

    def test_first_event(self) -> None:
        """The first example has at most ten lines, and sends an identify and a track."""
        _, code = blocks("python")[0]
        self.assertLessEqual(len(code.splitlines()), 10)
        self.assertIn("client.identify(", code)
        self.assertIn("client.track(", code)

    def test_commands(self) -> None:
        """Each command ends with 0 within the checkout; `collect` listens until it is told to stop."""
        spool, plan, run = self.spool(), self.plan(), set()
        for words in commands():
            run.add(tuple(words[:2]))
            with self.subTest(command=words):
                if words[:2] == ["segment-client", "collect"]:
                    self.collect(words)
                    continue
                if words[:2] == ["segment-codegen", "generate"]:
                    continue  # it made the package that the plan's folder has
                folder = plan if "plan.json" in words else ROOT
                folder = spool if words[:2] == ["segment-client", "spool"] else folder
                process = start_command([word.replace(URL, self.collector.url) for word in words], folder)
                out, error = process.communicate(timeout=LIMIT)
                said = "wrote 3 files to events\n" if words[1] == "docs" else ""
                self.assertEqual((process.returncode, error), (0, said), out)
        expected = {("segment-client", name) for name in ("collect", "send", "replay", "spool")}
        expected |= {("segment-codegen", name) for name in ("lint", "check", "generate", "docs")}
        self.assertEqual(run, expected)
        self.assertEqual(self.get("/api/stats")["stored"], 8)

    def plan(self) -> Path:
        """Return a folder with the README's plan and the package of it, from which programs import."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        ((_, plan),) = blocks("json")
        (folder / "plan.json").write_text(plan, encoding="utf-8")
        for words in commands():
            if words[:2] == ["segment-codegen", "generate"]:
                process = start_command(words, folder)
                self.assertRegex(
                    process.communicate(timeout=LIMIT)[1], r"^wrote \d+ files to app/analytics\n$"
                )
        sys.path.insert(0, str(folder))
        self.addCleanup(sys.path.remove, str(folder))
        return folder

    def spool(self) -> Path:
        """Return a folder with the README's spool: an event for the collector, a dead letter for another."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        with FakeServer(Answer(400)) as other, self.assertLogs("segment_client"):
            for url, transport in ((f"{self.collector.url}/v1", Down()), (other.url, None)):
                client = SegmentClient(
                    "my-key", uuid4(), "default", url, spool=folder / "events.db", transport=transport
                )
                client.track(uuid4(), "Report Exported", user_id="ada")
                client.close(0 if transport else LIMIT)
        return folder

    def collect(self, words: list[str]) -> None:
        """Run a collector in a folder of its own until it listens, then stop it."""
        with tempfile.TemporaryDirectory() as folder:
            process = start_command([*words, "--port", "0"], Path(folder))
            with process:
                assert process.stdout is not None
                first = process.stdout.readline()
                process.send_signal(signal.SIGINT)
                out, error = process.communicate(timeout=LIMIT)
            self.assertTrue(first.startswith("Listening on http://127.0.0.1:"), first)
            self.assertEqual((process.returncode, error), (0, ""), out)
            self.assertTrue(Path(folder, "events.sqlite").exists())


class NamesTest(unittest.TestCase):
    """What the README names."""

    def test_errors(self) -> None:
        """The table of errors has every error that the client raises, and its bases are right."""
        table = README.partition("\n## Errors\n")[2].partition("\n## ")[0]
        rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", table, re.MULTILINE)
        for name, base in rows:
            with self.subTest(error=name):
                parent = (
                    getattr(errors, base, None) or {"ValueError": ValueError, "TypeError": TypeError}[base]
                )
                self.assertTrue(issubclass(getattr(errors, name), parent))
        raised = {"InvalidValueError", "InvalidTypeError", "UnauthorizedError", "TooLargeError"}
        raised |= {"RejectedError", "RateLimitedError", "UnreachableError", "QueueFullError", "SpoolError"}
        self.assertEqual({name for name, _ in rows}, raised)

    def test_endpoints(self) -> None:
        """Each URL of the table of servers can be passed as it stands, once its host is filled in."""
        table = README.partition("\n## Where to send\n")[2].partition("\n## ")[0]
        urls = re.findall(r"^\|[^|]+\| `([^`]+)`", table, re.MULTILINE)
        self.assertEqual(len(urls), 6)
        for url in urls[1:]:
            with self.subTest(url=url):
                target = re.sub("<[^>]+>", "host.example.com", url)
                self.assertEqual(parse_endpoint(target, "segment").single_url("track"), f"{target}/track")

    def test_targets(self) -> None:
        """Each `make` target that it names is in the Makefile."""
        makefile = (ROOT / "Makefile").read_text("utf-8")
        targets = set(re.findall(r"\bmake ([a-z]+)\b(?=`|  )", README))
        self.assertLessEqual({"demo", "test", "codegen"}, targets)
        for target in targets:
            with self.subTest(target=target):
                self.assertRegex(makefile, rf"(?m)^{target}:")

    def test_links(self) -> None:
        """Each file that it links to is there."""
        links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
        self.assertTrue(links)
        for link in links:
            with self.subTest(link=link):
                self.assertTrue((ROOT / link).is_file())

    def test_old_names(self) -> None:
        """The names that the earlier client's users look for all have a row."""
        table = README.partition("\n## Coming from the single-file client\n")[2].partition("\n## ")[0]
        rows = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
        single = ["segment_client.py", "CXSContext", "CXSTraits", "test_segment_client.py"]
        self.assertEqual(rows, [*single, "python.cxs.core.schema.semantic_event"])
