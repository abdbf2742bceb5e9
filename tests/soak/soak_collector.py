"""The collector under attack, and killed while it is busy."""

import itertools
import json
import os
import tempfile
import threading
import unittest
from pathlib import Path
from random import Random

import requests

from tests.collector.attack import attack
from tests.collector.support import track
from tests.commands import start_command

MUTANTS = 20_000
LIVES = 12
SENDERS = 6
KEY = {"X-Write-Key": "soak"}
SEED = os.environ.get("SOAK_SEED", "1")


class AttackTest(unittest.TestCase):
    """Requests that no client would make."""

    def test_attack(self) -> None:
        """Of 20,000 mutated requests each gets 2xx or a clean 4xx in time, and no good event is lost."""
        with self.subTest(SOAK_SEED=SEED):
            answered = attack(self, SEED, MUTANTS)
            self.assertEqual(answered.total(), MUTANTS)


class Sender(threading.Thread):
    """Sends single calls and batches until the collector is gone; keeps the ids that were acknowledged."""

    def __init__(self, url: str, name: str) -> None:
        super().__init__(daemon=True)
        self._url = url
        self._name = name
        self.acknowledged: list[str] = []

    def run(self) -> None:
        """Send."""
        with requests.Session() as session:
            for number in itertools.count():
                ids = [f"{self._name}-{number}-{place}" for place in range(50 if number % 3 == 0 else 1)]
                body = {"batch": [track(message_id) for message_id in ids]}
                try:
                    answer = session.post(f"{self._url}/v1/batch", json=body, headers=KEY, timeout=30)
                except requests.ConnectionError:  # it was killed: what had no answer may be there or not
                    return
                if answer.status_code == 200:
                    self.acknowledged += ids


class KillTest(unittest.TestCase):
    """A collector that is killed."""

    def test_kill(self) -> None:
        """Killed at random moments under load, it has stored each event that it had acknowledged."""
        random = Random(SEED)  # noqa: S311 - chance, no secret
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        acknowledged: set[str] = set()
        for life in range(LIVES):
            command = ["segment-client", "collect", "--port", "0", "--db", "events.sqlite"]
            with start_command(command, folder) as process:
                assert process.stdout is not None
                url = process.stdout.readline().split()[-1]
                senders = [Sender(url, f"{life}-{number}") for number in range(SENDERS)]
                for sender in senders:
                    sender.start()
                threading.Event().wait(random.uniform(0.3, 2.0))
                process.kill()
            for sender in senders:
                sender.join(60)
                self.assertTrue(sender.acknowledged, "nothing was acknowledged: too short a life to tell")
                acknowledged.update(sender.acknowledged)
        with start_command(command, folder) as process:
            assert process.stdout is not None
            url = process.stdout.readline().split()[-1]
            lines = requests.get(f"{url}/api/export", timeout=60).text.splitlines()
            counts = requests.get(f"{url}/api/stats", timeout=60).json()
            process.terminate()
        stored = {json.loads(line)["message_id"] for line in lines}
        self.assertEqual(acknowledged - stored, set())
        self.assertEqual((len(lines), counts["stored"]), (len(stored), len(stored)))
