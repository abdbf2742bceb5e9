"""The servers that fork or patch Python, as they are: gunicorn, celery, gevent."""

import http.client
import os
import socket
import tempfile
import unittest

from segment_client.testing import Answer, FakeServer
from tests.delivery.processes import finish, run, said, start
from tests.delivery.support import SECONDS, numbers

GUNICORN = ("gunicorn", "--preload", "--workers", "2", "--log-level", "warning")


@unittest.skipUnless(hasattr(os, "fork"), "this platform has no fork")
class ServersTest(unittest.TestCase):
    """Events of a server's parent and of its workers arrive once, with nothing to configure."""

    def test_gunicorn(self) -> None:
        """A client of a preloaded application works on in each worker; a graceful stop delivers the rest."""
        folder = self.enterContext(tempfile.TemporaryDirectory())
        for spool in ("", f"{folder}/events.db"):
            with self.subTest(spool=spool), FakeServer() as server:
                told = _serve(server, spool)
                self.assertEqual(len(told), 20 + 9 * 5)
                self.assertEqual(sorted(numbers(server)), told)

    def test_celery(self) -> None:
        """A client of a prefork worker works on in each child; a warm shutdown delivers the rest."""
        with FakeServer() as server, tempfile.TemporaryDirectory() as folder:
            with start(server, "tests.delivery.programs.tasks", folder) as process:
                told = said(finish(process)[0])
            self.assertEqual(len(told), 20 + 9 * 5)
            self.assertEqual(sorted(numbers(server)), told)

    def test_gevent(self) -> None:
        """After gevent's patch greenlets track, flush and exit; a fork among them sends nothing twice."""
        with FakeServer() as server:
            told = run(server, "greenlets")
            self.assertEqual(len(told), 10 * 50 + 120 + 15)
            self.assertEqual(sorted(numbers(server)), told)

    def test_gevent_forks_in_a_wait(self) -> None:
        """A copy of the worker that waited for another attempt leaves the events to the parent's own."""
        folder = self.enterContext(tempfile.TemporaryDirectory())
        for spool in ("", f"{folder}/events.db"):
            with self.subTest(spool=spool), FakeServer(Answer(503, {"Retry-After": "0.4"})) as server:
                told = run(server, "greenlets_waiting", spool=spool)
                self.assertEqual(len(told), 100 + 15)
                self.assertEqual(sorted(numbers(server)[100:]), told)


def _serve(server: FakeServer, spool: str) -> list[int]:
    """Have both workers of a server answer, then stop it; return the numbers of the events tracked."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        bind = ("--bind", f"fd://{listening.fileno()}")
        command = (*GUNICORN, *bind, "tests.delivery.programs.wsgi")
        with start(server, *command, spool=spool, descriptors=[listening.fileno()]) as process:
            port = listening.getsockname()[1]
            with socket.create_connection(("127.0.0.1", port)) as one:
                one.sendall(b"GET /100 HTTP/1.1\r\nHost: x\r\n")  # it keeps a worker waiting for the rest
                workers = {_get(port, number) for number in range(200, 1_000, 100)}
                one.sendall(b"Connection: close\r\n\r\n")
                workers.add(one.makefile("rb").read().split()[-1])
            if len(workers) != 2:
                raise AssertionError(f"both workers were to answer: {workers}")
            process.terminate()
            return said(finish(process)[0])


def _get(port: int, number: int) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", f"/{number}")
        return connection.getresponse().read()
    finally:
        connection.close()


if __name__ == "__main__":
    unittest.main()
