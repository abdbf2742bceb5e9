"""Calls that end by what a signal handler raises, such as KeyboardInterrupt, anywhere in their work."""

import ctypes
import random
import sqlite3
import sys
import tempfile
import threading
import unittest
from pathlib import Path
from queue import SimpleQueue

from segment_client import SpoolError
from segment_client.delivery.spool.connection import Connection
from segment_client.delivery.spool.database import Database
from segment_client.delivery.spool.schema import Execute, insert, insertion
from tests.delivery.spool.support import claim_all, event, numbers_in, open_spool
from tests.delivery.support import SECONDS

INTERRUPTS = 200
OTHERS = 3


class Interrupt(BaseException):
    """What the handler raises."""


class Interrupted(threading.Thread):
    """A thread whose every burst of calls is ended by an interrupt; `returned` are those that came back."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self.told: list[int] = []
        self.spool = open_spool(path, on_written=self.told.append)
        self.returned: list[int] = []
        self.begun, self.ended = SimpleQueue[None](), SimpleQueue[None]()

    def run(self) -> None:
        """Append numbered events."""
        number = 0
        for _ in range(INTERRUPTS):
            try:
                self.begun.put(None)
                while True:
                    number += 1
                    self.spool.append(event(number))
                    self.returned.append(number)
            except Interrupt:
                self.ended.put(None)

    def interrupt(self) -> None:
        """Raise an exception in the thread, wherever it is, as a signal does in the main one."""
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(self.ident or 0), ctypes.py_object(Interrupt)
        )


class InterruptsTest(unittest.TestCase):
    """An interrupted call is done or not done, and the next one goes on."""

    def setUp(self) -> None:
        """Make a folder, and let threads take turns quickly."""
        self.path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "events.db"
        self.addCleanup(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(1e-5)

    def test_appends(self) -> None:
        """What was written is counted, once; other threads that wait for the same write lose nothing."""
        moments = random.Random(1)  # noqa: S311  # nothing secret: when to interrupt
        thread = Interrupted(self.path)
        over = threading.Event()
        self.addCleanup(over.set)
        others: list[list[int]] = [[] for _ in range(OTHERS)]

        def append(numbers: list[int], first: int) -> None:
            for number in range(first, first + 1_000_000):
                if over.is_set():
                    return
                thread.spool.append(event(number))
                numbers.append(number)

        threads = [
            threading.Thread(target=append, args=(numbers, 1_000_000 * place), daemon=True)
            for place, numbers in enumerate(others, start=1)
        ]
        for started in (thread, *threads):
            started.start()
        for _ in range(INTERRUPTS):
            thread.begun.get(timeout=SECONDS)
            for _ in range(moments.randrange(2_000)):
                pass
            thread.interrupt()
            thread.ended.get(timeout=SECONDS)
        over.set()
        for started in (thread, *threads):
            started.join()
        found = numbers_in(claim_all(thread.spool))
        thread.spool.close()
        self.assertEqual(len(found), len(set(found)))
        self.assertEqual(thread.told[-1], len(found))
        self.assertLessEqual(set(thread.returned), set(found))
        for place, numbers in enumerate(others, start=1):
            self.assertEqual([number for number in found if number // 1_000_000 == place], numbers)

    def test_rolled_back(self) -> None:
        """Work that an interrupt ends is rolled back, and the next work is not in its way."""
        database = Database(self.path, fsync="process")
        told = list[str]()

        def half(execute: Execute) -> None:
            insert(execute, 1, 1, b"half")
            raise Interrupt

        with self.assertRaises(Interrupt):
            database.run(half, lambda: told.append("half"))
        database.run(lambda execute: insert(execute, 1, 1, b"whole"), lambda: told.append("whole"))
        rows = database.run(lambda execute: execute("SELECT frame FROM events"))
        database.close()
        self.assertEqual((rows, told), ([(b"whole",)], ["whole"]))

    def test_committed(self) -> None:
        """Work that was just committed when an interrupt came is known to be, also that of one statement."""
        connection = Connection(self.path, "process", check=True)
        self.addCleanup(connection.close)
        told = list[int]()

        def interrupted() -> None:
            told.append(len(told))
            if len(told) % 2:
                raise Interrupt

        with self.assertRaises(Interrupt):
            connection.transact(lambda execute: insert(execute, 1, 1, b"row"), interrupted)
        self.assertEqual(told, [0, 1])
        with self.assertRaises(Interrupt):
            connection.change(insertion(1, 1, 1), [b"row"], interrupted)
        self.assertEqual(told, [0, 1, 2, 3])

    def test_not_written(self) -> None:
        """One statement that changed nothing, as its arguments were wrong, is not known as written."""
        connection = Connection(self.path, "process", check=True)
        self.addCleanup(connection.close)
        told = list[str]()
        with self.assertRaises(sqlite3.Error):
            connection.change(insertion(1, 1, 1), [], lambda: told.append("written"))
        self.assertEqual(told, [])

    def test_nested(self) -> None:
        """To append in the middle of the spool's own work, from a signal handler, is an error."""
        database = Database(self.path, fsync="process")

        def nested(execute: Execute) -> None:
            insert(execute, 1, 1, b"outer")
            with self.assertRaisesRegex(SpoolError, "signal handler"):
                database.run(lambda inner: insert(inner, 1, 1, b"inner"))

        database.run(nested)
        rows = database.run(lambda execute: execute("SELECT frame FROM events"))
        database.close()
        self.assertEqual(rows, [(b"outer",)])


if __name__ == "__main__":
    unittest.main()
