"""`segment-client`: its help, its usage and what it loads."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from segment_client.version import VERSION
from tests.collector.command_case import CommandCase
from tests.collector.support import WRITE_KEY
from tests.commands import Done, run_command, start_command


class MainTest(CommandCase):
    """The command itself."""

    def test_version(self) -> None:
        """`--version` says the package's version."""
        self.assertEqual(run_command("--version"), Done(0, f"segment-client {VERSION}\n", ""))

    def test_help(self) -> None:
        """`--help` names every command, and each command explains itself."""
        commands = ("demo", "collect", "send", "replay", "load", "backfill", "spool")
        done = run_command("--help")
        for command in commands:
            with self.subTest(command=command):
                self.assertIn(f"\n    {command} ", done.out)
                self.assertIn(f"usage: segment-client {command}", run_command(command, "--help").out)
        self.assertIn("\nPut archives of events into Parquet", run_command("backfill", "--help").out)

    def test_usage(self) -> None:
        """No command, an unknown one and an unknown option end with 2."""
        for argv in ((), ("deliver",), ("send", "--type", "track", "--colour", "red")):
            with self.subTest(argv=argv):
                self.assertEqual(run_command(*argv).code, 2)

    def test_closed_pipe(self) -> None:
        """Where nobody reads what a command prints it ends with 1, and `replay` says where to go on."""
        call = '{"type": "page", "userId": "u", "messageId": "m%d"}\n'
        with TemporaryDirectory() as folder:
            file = Path(folder, "calls.jsonl")
            file.write_text("".join(call % number for number in range(2000)))
            replay = ("replay", str(file), "--to", self.collector.url, "--write-key", WRITE_KEY)
            load = ("load", str(file), "--db", "events.db", "--write-key", WRITE_KEY)
            said = r"^segment-client replay: stopped; .* --start \d+$"
            for argv, pattern in ((load, "^$"), (replay, said)):
                with self.subTest(argv[0]):
                    process = start_command(("segment-client", *argv), Path(folder))
                    assert process.stdout is not None
                    process.stdout.close()
                    process.stdout = None
                    _, error = process.communicate(timeout=60)
                    self.assertRegex(error.removesuffix("\n"), pattern)
                    self.assertEqual(process.returncode, 1)

    def test_lazy(self) -> None:
        """Sending imports nothing of the collector, of the demo or of what they need."""
        argv = [
            "send",
            "--type",
            "page",
            "--user-id",
            "u",
            "--write-key",
            WRITE_KEY,
            "--endpoint",
            self.collector.url,
        ]
        code = f"import sys; from segment_client.cli import main; main({argv}); print(*sys.modules)"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        loaded = set(done.stdout.split())
        self.assertIn("segment_client.commands.send", loaded)
        unneeded = {
            "segment_client.collector",
            "segment_client.demo",
            "starlette",
            "uvicorn",
            "rich",
            "sqlite3",
        }
        self.assertEqual(loaded & unneeded, set())
        self.assertEqual(len(self.message_ids()), 1)
