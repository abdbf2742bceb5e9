"""`segment-client collect` as a process."""

import os
import re
import signal
import subprocess
import sys
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from tests.collector.support import track

_RUN = """
import argparse, sys
from segment_client.collector.command import add_arguments, run
parser = argparse.ArgumentParser()
add_arguments(parser)
sys.exit(run(parser.parse_args()))
"""
_WITHOUT_EXTRA = """
import sys
sys.modules["starlette"] = None
"""

_SIGNALLED_OFTEN = """
import signal, sys
left = 100
def signalled(*_):
    global left
    if left and callable(signal.getsignal(signal.SIGTERM)):
        left -= 1
        signal.raise_signal(signal.SIGTERM)
sys.setprofile(signalled)
"""
"""A signal at each of the next steps of the main thread, once signals are handled: those of waiting too."""

_SMALL_FILES = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
"""
"""The system lets no file grow beyond some calls, as on a full disk."""


def _start(*arguments: str, prelude: str = "") -> subprocess.Popen[str]:
    run = [sys.executable, "-c", prelude + _RUN, *arguments]
    return subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Collect(unittest.TestCase):
    """The command."""

    def refused(self, *arguments: str, prelude: str = "") -> str:
        """Check that it exits with 2 under these arguments, and return what it says on stderr."""
        out, err = (process := _start(*arguments, prelude=prelude)).communicate(timeout=30)
        self.assertEqual((process.returncode, out), (2, ""))
        self.assertNotIn("Traceback", err)
        return err

    def test_serve_and_stop(self) -> None:
        """It says where it listens, stores what comes, and ends cleanly at SIGTERM and SIGINT."""
        with TemporaryDirectory() as folder:
            db = Path(folder, "events.sqlite")
            for number, stop in enumerate((signal.SIGTERM, signal.SIGINT), start=1):
                process = _start("--port", "0", "--db", str(db), "--write-key", "WK")
                assert process.stdout is not None
                found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
                assert found is not None
                body = track(f"m{number}", writeKey="WK")
                answer = requests.post(f"{found[0]}/v1/track", json=body, timeout=10)
                self.assertEqual(answer.status_code, 200)
                self.assertEqual(requests.get(f"{found[0]}/api/stats", timeout=10).json()["stored"], number)
                os.kill(process.pid, stop)
                _, err = process.communicate(timeout=30)
                self.assertEqual((process.returncode, err), (0, ""))

    def test_signals_at_once(self) -> None:
        """Signals stop it whenever they come, also several: `timeout` sends two, and hands press twice."""
        process = _start("--port", "0", prelude=_SIGNALLED_OFTEN)
        try:
            _, err = process.communicate(timeout=10)
        finally:
            process.kill()
        self.assertEqual((process.returncode, err), (0, ""))

    def test_full_disk(self) -> None:
        """Where no more can be written, the sender is told to send again, and the log says why in a line."""
        with TemporaryDirectory() as folder:
            process = _start("--port", "0", "--db", str(Path(folder, "events.sqlite")), prelude=_SMALL_FILES)
            assert process.stdout is not None
            url = process.stdout.readline().split()[-1]
            codes = []
            for number in range(20):
                call = track(f"m{number}", properties={"text": "x" * 30_000})
                answer = requests.post(f"{url}/v1/track", json=call, auth=("k", ""), timeout=10)
                codes.append(
                    (answer.status_code, answer.json().get("code"), answer.headers.get("Retry-After"))
                )
            stored = codes.count((200, None, None))
            self.assertEqual(set(codes), {(200, None, None), (503, "not_stored", "5")})
            self.assertEqual(requests.get(f"{url}/api/stats", timeout=10).json()["stored"], stored)
            process.terminate()
            _, err = process.communicate(timeout=30)
        self.assertEqual((process.returncode, err.count("\n")), (0, 20 - stored))
        self.assertLessEqual(
            {line.split(":")[0] for line in err.splitlines()}, {"the store cannot be written"}
        )

    def test_missing_extra(self) -> None:
        """Without the extra's packages it says how to install them."""
        self.assertIn("pip install 'python-segment-client[collector]'", self.refused(prelude=_WITHOUT_EXTRA))

    def test_open_host(self) -> None:
        """A host other than loopback without a write key is refused."""
        self.assertIn("write key", self.refused("--host", "0.0.0.0", "--port", "0"))  # noqa: S104 - it is refused

    def test_bad_values(self) -> None:
        """An entity that is no UUID, a file or port that cannot be, an address not to be had are refused."""
        self.assertIn("UUID", self.refused("--port", "0", "--entity-gid", "x"))
        self.assertIn("/nowhere/at/all", self.refused("--port", "0", "--db", "/nowhere/at/all"))
        for port in ("-1", "65536"):
            self.assertIn(f"The port {port} is none", self.refused("--port", port))
        for option in (("--forward-key", "secret"), ("--allow-http",)):
            refused = self.refused("--port", "0", *option)
            words = f"{option[0]} is for --forward: name the URL to pass events on to, or leave it out"
            self.assertIn(words, refused)
            self.assertNotIn("secret", refused)
        self.assertIn("cannot listen", self.refused("--host", "192.0.2.1", "--write-key", "WK"))
