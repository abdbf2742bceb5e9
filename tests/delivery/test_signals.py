"""Signals that end a process: real processes, real signals, a real server."""

import os
import signal
import subprocess
import sys
import threading
import time
import unittest

from segment_client.testing import Answer, FakeServer, Received
from tests.client.support import ENTITY, ROOT
from tests.delivery.support import SECONDS, numbers

START = """
import signal, sys, time
from uuid import UUID
from segment_client import SegmentClient, SegmentError, install_signal_handlers
client = SegmentClient(
    "k", {entity!r}, "p", {url!r}, delivery="background", flush_interval=60, batch_size=2_500,
    max_queue=1_000_000,
)
root = UUID({root!r})
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)  # the tests themselves may run under nohup
def track(number):
    client.track(root, "E", user_id="u", properties={{"n": number}})
"""
QUEUED = """
install_signal_handlers()
for number in range(1025):
    track(number)
print("ready", flush=True)
while True:
    time.sleep(0.01)  # a signal that comes just before one long wait begins is seen only when that ends
"""
BUSY = """
import itertools
install_signal_handlers()
number = 0
try:
    print("ready", flush=True)
    for number in itertools.count():
        track(number)
finally:
    print(number, flush=True)
"""
INTERRUPTED = """
import os, threading
install_signal_handlers()
track(0)
asked, ask = os.pipe()
def interrupt():
    while os.read(asked, 1):
        time.sleep(0.0005)
        os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=interrupt, daemon=True).start()
for _ in range(200):
    try:
        os.write(ask, b".")
        while True:
            client.flush(0)
            client.stats()
            sum(range(1_000))
    except SystemExit:
        pass
print(client.close(), client.stats().delivered)
"""
FINALIZED = """
import multiprocessing.util, os
install_signal_handlers()
def work():
    track(0)
    multiprocessing.util.Finalize(None, os.kill, (os.getpid(), signal.SIGTERM), exitpriority=1_000)
child = multiprocessing.get_context("fork").Process(target=work)
child.start()
child.join()
print(child.exitcode)
"""
BEGUN = """
import atexit, fcntl, multiprocessing, os
install_signal_handlers()
def sending():
    # closing this file sends it, and Python handles it at its next step, which is in another function by then
    reader, writer = os.pipe()
    fcntl.fcntl(reader, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(reader, fcntl.F_SETSIG, signal.SIGTERM)
    fcntl.fcntl(reader, fcntl.F_SETFL, os.O_ASYNC)
    return writer
class Child(multiprocessing.get_context("fork").Process):
    def run(self):
        track(0)
        atexit.register(os.close, sending())  # from Python 3.13 on the hook before that of multiprocessing
        last = open(sending(), "wb", 0)  # up to 3.12 it runs as soon as this returns, and closes this file
child = Child()
child.start()
child.join()
"""
HOOKED = """
import atexit, os
install_signal_handlers()
track(0)
atexit.register(print, "the hook before")
atexit.register(lambda: (os.kill(os.getpid(), signal.SIGTERM), print("all of the hook")))
"""
THREADED = """
import threading
from pathlib import Path
install_signal_handlers()
track(0)
told = Path(f"/proc/self/task/{threading.get_native_id()}/status")
def state():
    return [line for line in told.read_text().splitlines() if line.startswith(("State", "voluntary"))]
def last():
    threading.main_thread().join()
    # Python misses a signal that comes while the main thread lets go of the interpreter to wait: see it wait
    before = None
    while told.exists() and ((now := state()) != before or "S (sleeping)" not in now[0]):
        before = now
        time.sleep(0.01)
    print("ready", flush=True)
    threading.Event().wait()
threading.Thread(target=last).start()
"""
KEPT = """
signal.signal(signal.SIGTERM, lambda number, frame: print("the program's own", flush=True))
signal.signal(signal.SIGHUP, signal.SIG_IGN)
print(install_signal_handlers(), flush=True)
signal.raise_signal(signal.SIGTERM)
signal.raise_signal(signal.SIGHUP)
"""
TWICE = """
for _ in range(2):
    print(*(number.name for number in install_signal_handlers()))
"""
THREAD = """
import threading
def install():
    try:
        install_signal_handlers()
    except SegmentError as error:
        print(error)
thread = threading.Thread(target=install)
thread.start()
thread.join()
print(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL)
"""


@unittest.skipIf(sys.platform == "win32", "Windows has no such signals")
class SignalTest(unittest.TestCase):
    """What a process does that installed the handlers."""

    def test_delivers(self) -> None:
        """After SIGTERM or SIGHUP all that was queued is delivered, and the status tells the signal."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number.name), FakeServer() as server, Program(server, QUEUED) as program:
                program.wait_until_ready()
                program.send_signal(number)
                self.assertEqual(program.end(), (128 + number, ""))
                self.assertEqual(sorted(numbers(server)), list(range(1025)))

    def test_in_the_middle(self) -> None:
        """A signal in the middle of calls loses none that returned; `finally` blocks run."""
        with FakeServer() as server, Program(server, BUSY) as program:
            program.wait_until_ready()
            program.send_signal(signal.SIGTERM)
            status, out = program.end()
            self.assertEqual(status, 128 + signal.SIGTERM)
            self.assertEqual(
                [number for number in sorted(numbers(server)) if number < int(out)], list(range(int(out)))
            )

    def test_leaves_no_lock_held(self) -> None:
        """However often calls are interrupted, no lock stays held for the delivery to wait on."""
        with FakeServer() as server, Program(server, INTERRUPTED) as program:
            self.assertEqual(program.end(), (0, "True 1\n"))

    def test_further_signals(self) -> None:
        """Signals while the exit hook delivers do not cut it short, however many they are."""
        enough = threading.Event()

        def answer_later(_: Received) -> Answer:
            enough.wait(SECONDS)
            return Answer()

        with FakeServer(rule=answer_later) as server, Program(server, QUEUED) as program:
            program.wait_until_ready()
            program.send_signal(signal.SIGTERM)
            self.assertTrue(server.wait_for_requests(1))
            for _ in range(300):
                program.send_signal(signal.SIGTERM)
                time.sleep(0.001)  # one that comes before the last was handled would not count
            enough.set()
            self.assertEqual(program.end(), (128 + signal.SIGTERM, ""))
            self.assertEqual(sorted(numbers(server)), list(range(1025)))

    @unittest.skipUnless(hasattr(os, "fork"), "this platform has no fork")
    def test_at_the_end_of_a_child(self) -> None:
        """A signal that comes when a child of multiprocessing has just begun to end changes nothing."""
        with FakeServer() as server, Program(server, FINALIZED) as program:
            self.assertEqual(program.end(), (0, "0\n"))
            self.assertEqual(numbers(server), [0])

    @unittest.skipUnless(sys.platform == "linux", "only Linux sends a signal when a file is closed")
    def test_at_the_last_step_of_a_child(self) -> None:
        """A signal that comes as multiprocessing is about to run the finalizers of a child loses nothing."""
        with FakeServer() as server, Program(server, BEGUN) as program:
            self.assertEqual(program.end(), (0, ""))
            self.assertEqual(numbers(server), [0])

    def test_in_an_exit_hook(self) -> None:
        """A signal that comes when only exit hooks are left ends none of them halfway."""
        with FakeServer() as server, Program(server, HOOKED) as program:
            self.assertEqual(program.end(), (0, "all of the hook\nthe hook before\n"))
            self.assertEqual(numbers(server), [0])

    def test_waiting_for_threads(self) -> None:
        """A signal ends a program whose main thread is at its end and waits for another."""
        with FakeServer() as server, Program(server, THREADED) as program:
            program.wait_until_ready()
            program.send_signal(signal.SIGTERM)
            program.communicate(timeout=SECONDS)  # Python says on stderr what ended the wait
            self.assertEqual(numbers(server), [0])

    def test_keeps_other_handlers(self) -> None:
        """A handler of the program's own is kept, an ignored signal stays ignored."""
        with FakeServer() as server, Program(server, KEPT) as program:
            self.assertEqual(program.end(), (0, "()\nthe program's own\n"))

    def test_again(self) -> None:
        """Installing again changes nothing and returns the same."""
        with FakeServer() as server, Program(server, TWICE) as program:
            self.assertEqual(program.end(), (0, "SIGTERM SIGHUP\nSIGTERM SIGHUP\n"))

    def test_other_threads(self) -> None:
        """Outside of the main thread it is an error that says what to do, and nothing is installed."""
        with FakeServer() as server, Program(server, THREAD) as program:
            status, out = program.end()
            self.assertEqual(status, 0)
            self.assertIn("call install_signal_handlers() there", out)
            self.assertTrue(out.endswith("\nTrue\n"), out)


class Program(subprocess.Popen[str]):
    """A program with a client of a server; it does not outlive the `with`."""

    def __init__(self, server: FakeServer, program: str) -> None:
        start = START.format(entity=str(ENTITY), root=str(ROOT), url=server.url)
        super().__init__(
            [sys.executable, "-c", start + program],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __exit__(self, *error: object) -> None:
        """Kill it if it still runs."""
        self.kill()
        super().__exit__(None, None, None)

    def wait_until_ready(self) -> None:
        """Wait for the program's first line."""
        assert self.stdout is not None
        line = self.stdout.readline()
        assert line == "ready\n", self.communicate()[1]

    def end(self) -> tuple[int, str]:
        """Wait for its end; return its status and what it has written to stdout."""
        out, error = self.communicate(timeout=SECONDS)
        assert not error, error
        return self.returncode, out


if __name__ == "__main__":
    unittest.main()
