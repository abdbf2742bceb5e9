"""The examples in the README and in the pages that go on from it: they run, and do what the pages say."""

import contextlib
import io
import re
import signal
import sys
import tempfile
from pathlib import Path
from uuid import uuid4

from segment_client.client import SegmentClient
from segment_client.errors import UnreachableError
from segment_client.testing import Answer, FakeServer
from segment_client.transport import Request, Response
from tests.collector.support import CollectorCase
from tests.commands import start_command
from tests.pages import GUIDES, PLANS, README, Page
from tests.sources import ROOT

URL = "http://127.0.0.1:8765"
"""Where the pages' collector listens; the tests put their own in its place."""

LIMIT = 60.0
"""Seconds that one command may take."""


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


class PageCase(CollectorCase):
    """A test case with the plan of the pages, and a collector for their examples."""

    options = {}  # noqa: RUF012 - declared as a class variable in the base class

    def folder(self) -> Path:
        """Return a new folder."""
        return Path(self.enterContext(tempfile.TemporaryDirectory()))

    def plan(self) -> Path:
        """Return a folder with the plan and the package of it, from which programs import."""
        folder = self.folder()
        (folder / "plan.json").write_text(PLANS.blocks("json")[0][1], encoding="utf-8")
        words = next(words for words in README.commands() if words[:2] == ["segment-codegen", "generate"])
        process = start_command(words, folder)
        self.assertRegex(process.communicate(timeout=LIMIT)[1], r"^wrote \d+ files to app/analytics\n$")
        sys.path.insert(0, str(folder))
        self.addCleanup(sys.path.remove, str(folder))
        self.addCleanup(self.forget)
        return folder

    def forget(self) -> None:
        """Unload the plan's package: the next test has one in another folder."""
        for name in [name for name in sys.modules if name.partition(".")[0] == "app"]:
            del sys.modules[name]


class PythonTest(PageCase):
    """The Python, run from the top down as a reader would."""

    def run_blocks(self, page: Page, blocks: list[tuple[int, str]], names: dict[str, object]) -> None:
        """Run blocks of a page, each of which prints what its comments say."""
        for before, code in blocks:
            with (
                self.subTest(page=page.name, line=before + 1),
                contextlib.redirect_stdout(io.StringIO()) as out,
            ):
                source = "\n" * before + code.replace(URL, self.collector.url)
                exec(compile(source, page.name, "exec"), names)  # noqa: S102 - to run it is the test
                self.assertEqual(out.getvalue().splitlines(), promised(code))
        for value in names.values():
            if isinstance(value, SegmentClient) and value is not names["client"]:
                value.close()

    def test_python(self) -> None:
        """Each block runs and prints what its comments say, and all that it sends is accepted."""
        self.plan()
        first: dict[str, object] = {}
        self.run_blocks(README, README.blocks("python")[:1], first)
        for page in (README, *GUIDES):
            names = dict(first)
            self.run_blocks(page, page.blocks("python")[page is README :], names)
        client = first["client"]
        assert isinstance(client, SegmentClient)
        client.close()
        stats = self.get("/api/stats")
        self.assertEqual((stats["rejected"], stats["duplicates"]), (0, 1))
        self.assertEqual(set(stats["by_type"]), {"alias", "group", "identify", "page", "screen", "track"})

    def test_first_event(self) -> None:
        """The first example has at most ten lines, and sends an identify and a track."""
        _, code = README.blocks("python")[0]
        self.assertLessEqual(len(code.splitlines()), 10)
        self.assertIn("client.identify(", code)
        self.assertIn("client.track(", code)


class CommandsTest(PageCase):
    """The commands, typed by a reader."""

    def test_commands(self) -> None:
        """Each command ends with 0 within the checkout; `collect` listens until it is told to stop."""
        spool, plan, run = self.spool(), self.plan(), set()
        for page in (README, *GUIDES):
            for words in page.commands():
                run.add(tuple(words[:2]))
                with self.subTest(page=page.name, command=words):
                    if words[:2] == ["segment-client", "collect"]:
                        self.collect(words, plan if "--catalogue" in words else self.folder())
                    elif words[:2] != ["segment-codegen", "generate"]:  # it made the plan's package
                        folder = plan if "plan.json" in words else ROOT
                        self.run_in(spool if words[:2] == ["segment-client", "spool"] else folder, words)
        expected = {("segment-client", name) for name in ("collect", "send", "replay", "spool")}
        expected |= {("segment-codegen", name) for name in ("lint", "check", "generate", "docs")}
        self.assertLessEqual(expected, run)
        self.assertEqual(self.get("/api/stats")["stored"], 8)

    def run_in(self, folder: Path, words: list[str]) -> None:
        """Run a command to its end; the collector of this test is its server."""
        process = start_command([word.replace(URL, self.collector.url) for word in words], folder)
        out, error = process.communicate(timeout=LIMIT)
        said = "wrote 3 files to events\n" if words[1] == "docs" else ""
        self.assertEqual((process.returncode, error), (0, said), out)

    def spool(self) -> Path:
        """Return a folder with the pages' spool: an event for the collector, a dead letter for another."""
        folder = self.folder()
        with FakeServer(Answer(400)) as other, self.assertLogs("segment_client"):
            for url, transport in ((f"{self.collector.url}/v1", Down()), (other.url, None)):
                client = SegmentClient(
                    "my-key", uuid4(), "default", url, spool=folder / "events.db", transport=transport
                )
                client.track(uuid4(), "Report Exported", user_id="ada")
                client.close(0 if transport else LIMIT)
        return folder

    def collect(self, words: list[str], folder: Path) -> None:
        """Run a collector in a folder until it listens, then stop it."""
        process = start_command([*words, "--port", "0"], folder)
        with process:
            assert process.stdout is not None
            first = process.stdout.readline()
            process.send_signal(signal.SIGINT)
            out, error = process.communicate(timeout=LIMIT)
        self.assertTrue(first.startswith("Listening on http://127.0.0.1:"), first)
        self.assertEqual((process.returncode, error), (0, ""), out)
        if "--db" in words:
            self.assertTrue((folder / words[words.index("--db") + 1]).exists())
