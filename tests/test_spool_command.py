"""`segment-client spool`: status and requeue, over files that real clients wrote."""

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from unittest import TestCase

from segment_client.testing import ManualClock
from tests.client.support import KEY, ROOT, USER
from tests.commands import Done, run_command
from tests.delivery.support import SECONDS
from tests.spool_files import REFUSE, SECRET, SpoolCase


class StatusTest(SpoolCase):
    """`spool status`."""

    def test_waiting(self) -> None:
        """It says what waits for each destination, and names the one whose endpoint and key are given."""
        self.fill(3)
        self.fill(1, key="another")
        done = self.spool("status", "--endpoint", self.server.url, "--write-key", KEY)
        first, own, other = done.out.splitlines()
        self.assertEqual((done.code, first), (0, "4 events waiting, 0 dead letters"))
        self.assertRegex(own, r"^  this endpoint and key: 3 events, 1\.\d KB, the first \d+ s old$")
        self.assertRegex(other, r"^  destination [0-9a-f]{8}: 1 event, 5\d\d bytes, the first \d+ s old$")

    def test_semantic(self) -> None:
        """Events in the other format are named as such."""
        self.fill(1, wire="semantic")
        done = self.spool("status", "--endpoint", self.server.url, "--write-key", KEY)
        self.assertIn("\n  this endpoint and key, --wire semantic: 1 event, ", done.out)

    def test_json(self) -> None:
        """`--json` tells machines the same, with times in UTC."""
        clock = ManualClock(datetime(2026, 1, 31, 9, 30, tzinfo=UTC))
        self.fill(2, clock=clock)
        told = self.status("--endpoint", self.server.url, "--write-key", KEY)
        (one,) = told["waiting"]
        self.assertRegex(one.pop("destination"), r"^[0-9a-f]{16}$")
        self.assertGreater(one.pop("bytes"), 800)
        expected = {"name": "this endpoint and key", "events": 2, "held": 0}
        self.assertEqual(one, {**expected, "oldest": "2026-01-31T09:30:00.000+00:00"})
        self.assertEqual(told["dead_letters"], [])

    def test_dead_letters(self) -> None:
        """A refused event is shown with the server's words, control characters escaped, and no property."""
        self.refuse(1)
        done = self.spool("status")
        self.assertEqual(
            done.out.splitlines()[:2], ["0 events waiting, 1 dead letter", "dead letters, the latest last:"]
        )
        line = r'^  write-key-0 track "E", \d+ s ago \(rejected, status 400\): '
        self.assertRegex(done.out.splitlines()[2], line)
        self.assertTrue(done.out.endswith(": no_event: Name \\x1b[31m it.\\n\\u202e\n"), done.out)
        self.assertNotIn(SECRET, done.out)
        (letter,) = self.status()["dead_letters"]
        self.assertEqual(
            (letter["message_id"], letter["type"], letter["event"], letter["reason"], letter["status"]),
            ("write-key-0", "track", "E", "rejected", 400),
        )
        self.assertEqual(letter["words"], "no_event: Name \x1b[31m it.\n\u202e")
        self.assertLess(abs(datetime.fromisoformat(letter["refused_at"]).timestamp() - time.time()), SECONDS)

    def test_many_dead_letters(self) -> None:
        """People are shown the latest 50, machines all."""
        self.refuse(53)
        done = self.spool("status")
        self.assertIn("\n  (3 more: see --json)\n  write-key-3 track", done.out)
        self.assertEqual(done.out.count("write-key-"), 50)
        self.assertEqual(len(self.status()["dead_letters"]), 53)

    def test_held(self) -> None:
        """What a living process is sending is told apart; when it was killed, nobody holds it any more."""
        with self.program():
            (one,) = self.status()["waiting"]
            self.assertGreater(one["held"], 0)
            self.assertIn(f" ({one['held']} being sent)", self.spool("status").out)
        self.assertEqual([one["held"] for one in self.status()["waiting"]], [0])

    def test_while_in_use(self) -> None:
        """A client of the same spool, in this very process, goes on undisturbed."""
        with self.client() as client:
            for _ in range(20):
                client.track(ROOT, "E", user_id=USER)
                self.assertEqual(self.spool("status").code, 0)
            self.assertTrue(client.flush(SECONDS))
            self.assertEqual(client.stats().delivered, 20)
        self.assertEqual(len({event["messageId"] for event in self.server.events}), 20)


class RequeueTest(SpoolCase):
    """`spool requeue`."""

    def test_all(self) -> None:
        """Dead letters wait again and are sent with the same message id, timestamp and content."""
        self.refuse(3)
        before = {event["messageId"]: event for event in self.server.events}
        self.assertEqual(self.spool("requeue"), Done(0, "3 dead letters requeued\n", ""))
        self.assertEqual((self.waiting(), self.status()["dead_letters"]), (3, []))
        count = len(self.server.requests)
        self.assertEqual(self.drain().out, "3 delivered, 0 refused, 0 left\n")
        sent = [event for request in self.server.requests[count:] for event in request.events]
        self.assertEqual({event["messageId"]: event for event in sent}, before)

    def test_some(self) -> None:
        """Only those of a reason, or of some messages, are taken."""
        self.refuse(3)
        self.assertEqual(
            self.spool("requeue", "--message-id", "write-key-0", "write-key-2").out,
            "2 dead letters requeued\n",
        )
        (left,) = self.status()["dead_letters"]
        self.assertEqual(left["message_id"], "write-key-1")
        self.assertEqual(self.spool("requeue", "--reason", "rejected").out, "1 dead letter requeued\n")

    def test_unknown(self) -> None:
        """A message or a reason that no dead letter has is named, and nothing is requeued."""
        self.refuse(2)
        cases = (
            (("--message-id", "write-key-0", "nobody"), "no such dead letter: nobody; nothing was requeued"),
            (("--message-id", "write-key-0", "--reason", "too_large"), "no such dead letter: write-key-0"),
            (("--reason", "refused"), "no dead letter has the reason refused: pass one of rejected"),
        )
        for argv, words in cases:
            with self.subTest(argv=argv):
                self.assert_fails(self.spool("requeue", *argv), 2, words)
        self.assertEqual(len(self.status()["dead_letters"]), 2)

    def test_none(self) -> None:
        """Where there are no dead letters, none are requeued, and a reason is answered with that."""
        self.fill(1)
        self.assertEqual(self.spool("requeue"), Done(0, "0 dead letters requeued\n", ""))
        self.assert_fails(self.spool("requeue", "--reason", "x"), 2, "the reason x: there are none at all")

    def test_age(self) -> None:
        """Requeued events count as accepted now: a client does not drop them for their age."""
        self.refuse(2, clock=ManualClock(datetime(2020, 1, 1, tzinfo=UTC)))
        self.spool("requeue")
        with self.client() as client:
            self.assertTrue(client.flush(SECONDS))
            self.assertEqual(client.stats().recovered_delivered, 2)

    def test_running_client(self) -> None:
        """A client that runs sends what was requeued, and its own counts still add up."""
        self.server.script(REFUSE)
        with self.client() as client, self.assertLogs("segment_client"):
            client.track(ROOT, "E", user_id=USER, message_id="m")
            self.assertTrue(client.flush(SECONDS))
            self.assertEqual(self.spool("requeue").out, "1 dead letter requeued\n")
            self.assertTrue(client.flush(SECONDS))
            stats = client.stats()
        self.assertEqual([event["messageId"] for event in self.server.events], ["m", "m"])
        self.assertEqual((stats.accepted, stats.rejected, stats.delivered, stats.spooled), (1, 1, 0, 0))
        self.assertEqual(stats.recovered_delivered, 1)


class UnusableTest(SpoolCase):
    """Files that are no spools, and spools that are damaged."""

    def test_no_spool(self) -> None:
        """A file that is missing or something else is named, nothing is created, and it stays as it is."""
        (self.folder / "empty").touch()
        (self.folder / "notes.txt").write_text("Not a spool.\n", "utf-8")
        with closing(sqlite3.connect(self.folder / "other.db")) as other:
            other.execute("CREATE TABLE things (id)")
        before = {file.name: (file.read_bytes(), file.stat().st_mode) for file in self.folder.iterdir()}
        cases = (
            ("missing.db", "is not there"),
            ("nowhere/x.db", "is not there"),
            ("empty", "is no spool"),
            ("notes.txt", "is no spool"),
            ("other.db", "is no spool"),
            (".", "is no spool"),
        )
        for name, words in cases:
            for action in ("status", "drain", "requeue"):
                with self.subTest(file=name, action=action):
                    key = ("--write-key", KEY) if action == "drain" else ()
                    done = run_command("spool", action, str(self.folder / name), *key)
                    self.assertEqual(done.out, "")
                    self.assert_fails(done, 2, words, "name the file that a client has as its spool")
        after = {file.name: (file.read_bytes(), file.stat().st_mode) for file in self.folder.iterdir()}
        self.assertEqual(after, before)

    def test_unreadable(self) -> None:
        """A file that cannot be looked at is named with the reason."""
        done = run_command("spool", "status", str(self.folder / ("x" * 300)))
        self.assert_fails(done, 2, "cannot be read (File name too long)")

    def test_killed(self) -> None:
        """A spool is recognized while all of it is still in the log, as after its first process is killed."""
        with self.program():
            pass
        self.assertNotIn(b"SEv1", self.path.read_bytes())
        self.assertEqual(self.waiting(), 3)

    def test_damaged_header(self) -> None:
        """A spool that lost its header is recognized by its events, and they are found again and sent."""
        self.fill(3)
        with self.path.open("r+b") as file:
            file.write(bytes(100))
        with self.assertLogs("segment_client", "ERROR") as logs:
            done = self.drain()
        self.assertEqual((done.code, done.out), (0, "3 delivered, 0 refused, 0 left\n"))
        self.assertIn("3 events were found again", "\n".join(logs.output))

    def test_damaged_events(self) -> None:
        """A damaged event is counted by drain, shown by status, and refused by requeue."""
        self.fill(3)
        with closing(sqlite3.connect(self.path)) as connection:
            ((number, frame),) = connection.execute("SELECT id, frame FROM events LIMIT 1")
            changed = frame[:-1] + bytes([frame[-1] ^ 1])
            connection.execute("UPDATE events SET frame = ? WHERE id = ?", (changed, number))
            connection.commit()
        done = self.drain()
        self.assertEqual(done.out, "2 delivered, 0 refused, 0 left\n1 event damaged on disk, not sent\n")
        self.assertEqual(done.code, 1)
        self.assertRegex(self.spool("status").out, r"\n  an unreadable event, \d+ s ago \(damaged\)\n$")
        done = self.spool("requeue")
        self.assertEqual(
            (done.code, done.out),
            (0, "0 dead letters requeued\n1 dead letter damaged on disk, which cannot be sent\n"),
        )


class UsageTest(TestCase):
    """The command line of `segment-client spool`."""

    def test_usage(self) -> None:
        """Wrong usage ends with 2, and says what is missing or wrong."""
        cases = (
            ((), "the following arguments are required: ACTION"),
            (("show",), "invalid choice: 'show' (choose from 'status', 'drain', 'requeue')"),
            (("status",), "the following arguments are required: FILE"),
            (("status", "x", "--colour"), "unrecognized arguments: --colour"),
            (("drain", "x", "--timeout", "soon"), "argument --timeout: invalid float value: 'soon'"),
            (("requeue", "x", "--message-id"), "argument --message-id: expected at least one argument"),
        )
        for argv, words in cases:
            with self.subTest(argv=argv):
                done = run_command("spool", *argv)
                self.assertEqual(done.code, 2)
                self.assertIn(words, done.error)

    def test_help(self) -> None:
        """Each action is explained."""
        for action in ("status", "drain", "requeue"):
            with self.subTest(action=action):
                self.assertIn(f"\n    {action} ", run_command("spool", "--help").out)
                self.assertIn(
                    f"usage: segment-client spool {action}", run_command("spool", action, "--help").out
                )
