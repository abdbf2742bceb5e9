"""`segment-client spool drain`, from files that real clients wrote to a server."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stdout
from datetime import UTC, datetime

from segment_client.cli import main
from segment_client.testing import Answer, ManualClock
from tests.client.support import KEY
from tests.commands import Done
from tests.spool_files import DOWN, REFUSE, SpoolCase


class Terminal(io.StringIO):
    """A stdout that is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


class DrainTest(SpoolCase):
    """`spool drain`."""

    def test_all(self) -> None:
        """What a client left is sent as it was tracked, and the spool is empty."""
        self.fill(250)
        before = {event["messageId"]: event for event in self.server.events}
        count = len(self.server.requests)
        done = self.drain()
        self.assertEqual(done, Done(0, "250 delivered, 0 refused, 0 left\n", ""))
        sent = [event for request in self.server.requests[count:] for event in request.events]
        self.assertEqual([event["messageId"] for event in sent], [f"{KEY}-{number}" for number in range(250)])
        for event in sent:
            self.assertEqual(before.get(event["messageId"], event), event)
        self.assertEqual(self.waiting(), 0)
        self.assertEqual(self.drain(), Done(0, "0 delivered, 0 refused, 0 left\n", ""))

    def test_others(self) -> None:
        """What waits for another key or in another format stays, and is counted."""
        self.fill(2)
        self.fill(3, key="another")
        self.fill(1, wire="semantic")
        done = self.drain()
        said = "4 events waiting for 2 other endpoints, keys or formats\n"
        self.assertEqual(done, Done(0, f"2 delivered, 0 refused, 0 left\n{said}", ""))
        done = self.drain("--wire", "semantic")
        said = "3 events waiting for 1 other endpoint, key or format\n"
        self.assertEqual(done, Done(0, f"1 delivered, 0 refused, 0 left\n{said}", ""))
        self.assertEqual(self.waiting(), 3)

    def test_old(self) -> None:
        """Events are sent however old they are: that a client would drop them is no reason not to."""
        self.fill(2, clock=ManualClock(datetime(2020, 1, 1, tzinfo=UTC)))
        self.assertEqual(self.drain().out, "2 delivered, 0 refused, 0 left\n")

    def test_refused(self) -> None:
        """Refused events become dead letters, the rest is sent, and the exit code is 1."""
        self.fill(2)
        self.server.script(REFUSE, REFUSE)
        with self.assertLogs("segment_client"):
            done = self.drain()
        said = f"refused events are dead letters now: see spool status {self.path}\n"
        self.assertEqual((done.code, done.out), (1, f"1 delivered, 1 refused, 0 left\n{said}"))
        self.assertEqual(len(self.status()["dead_letters"]), 1)

    def test_down(self) -> None:
        """A server that is down is told with its answer, in the time given, and the events stay."""
        self.fill(2)
        self.server.script(*[Answer(500, {"Retry-After": "0.01"})] * 6)
        done = self.drain("--timeout", "2")
        self.assertEqual(done.out, "0 delivered, 0 refused, 2 left\n")
        self.assert_fails(done, 1, "2 events left: the server answered 500; drain again when it is well")
        self.assertEqual(self.waiting(), 2)

    def test_timeout(self) -> None:
        """Where the time ends before anything is known, the message says how long it was."""
        self.fill(1)
        self.server.script(DOWN)
        done = self.drain("--timeout", "0.3")
        self.assert_fails(done, 1, "1 event left after 0.3 s: drain again, with a longer --timeout")

    def test_in_use(self) -> None:
        """What another process is sending is left to it, and said; the rest is sent."""
        with self.program() as busy:
            argv = ("--endpoint", busy.url, "--write-key", KEY, "--timeout", "0.5")
            done = self.spool("drain", *argv)
        counts = [int(word) for word in done.out.split() if word.isdigit()]
        self.assertEqual((counts[0] + counts[2], counts[1]), (3, 0), done.out)
        said = f"{counts[2]} being sent by another process or without an answer yet: drain again"
        self.assert_fails(done, 1, f" left after 0.5 s, {said}")

    def test_wrong_key(self) -> None:
        """A refused key ends it at once, with the server's words; no key is in what it says."""
        self.fill(2)
        self.server.script(Answer(401, body=b'{"code": "invalid_key", "message": "Who?"}'))
        with self.assertLogs("segment_client", "ERROR"):
            done = self.drain("--timeout", "600")
        self.assert_fails(
            done, 1, "2 events left: the server refused the write key (401)", "invalid_key: Who?"
        )
        self.assertNotIn(KEY, done.error)
        self.assertEqual(self.waiting(), 2)

    def test_progress(self) -> None:
        """A terminal sees the counts change, in one line."""
        self.fill(2)
        self.server.script(Answer(delay=1.2))
        terminal = Terminal()
        with redirect_stdout(terminal):
            code = main(["spool", "drain", str(self.path), "--endpoint", self.server.url, "--write-key", KEY])
        self.assertEqual(code, 0)
        self.assertTrue(terminal.getvalue().startswith("0 delivered, 0 refused, 2 left"))
        shown = [text.rstrip(" ") for text in terminal.getvalue().split("\r")]
        self.assertEqual(shown[-1].rstrip(), "2 delivered, 0 refused, 0 left")
        self.assertEqual({len(text) for text in terminal.getvalue().rstrip("\n").split("\r")}, {60})

    def test_environment(self) -> None:
        """The write key may come from the environment."""
        self.fill(1)
        argv = ["spool", "drain", str(self.path), "--endpoint", self.server.url]
        command = [sys.executable, "-m", "segment_client.cli", *argv]
        environment = {**os.environ, "SEGMENT_WRITE_KEY": KEY}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        self.assertEqual(
            (done.returncode, done.stdout, done.stderr), (0, "1 delivered, 0 refused, 0 left\n", "")
        )

    def test_wrong_values(self) -> None:
        """What cannot be used is one line that names it, and the spool is left alone."""
        self.fill(1)
        cases = (
            (("--timeout", "nan", "--write-key", KEY), "--timeout is nan: pass a number of at least 0"),
            (("--timeout", "-1", "--write-key", KEY), "--timeout is -1.0"),
            (("--endpoint", "ftp://x", "--write-key", KEY), "endpoint is no http or https URL"),
            (
                ("--endpoint", "http://example.com", "--write-key", KEY),
                "plain http to example.com: pass https://, or --allow-http",
            ),
        )
        for argv, words in cases:
            with self.subTest(argv=argv):
                self.assert_fails(self.spool("drain", *argv), 2, words)
        self.assertEqual(self.waiting(), 1)
