"""How a server is reached: through a proxy, and over TLS with the certificates that the machine trusts."""

import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from segment_client import SegmentClient, UnreachableError
from segment_client.testing import FakeServer
from tests.sources import ROOT

SEND = """
import sys
from segment_client import SegmentClient
client = SegmentClient("key", {entity!r}, "default", {url!r}, max_attempts=1, {more})
print(client.track({entity!r}, "Sent", user_id="u").status)
print(client.track({entity!r}, "Sent", user_id="u").status)
"""
ENTITY = str(UUID(int=1))


def run(program: str, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a program with these variables of the environment beside those that there are."""
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )


class Taker(BaseHTTPRequestHandler):
    """Answers each request with 200, over one connection."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:  # http.server asks for this name
        """Read the body and answer."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002  # its own name
        """Say nothing."""


class Tunnel(BaseHTTPRequestHandler):
    """A proxy that connects to where it is asked, and passes bytes on both ways."""

    asked: ClassVar[list[str]] = []

    def do_CONNECT(self) -> None:  # http.server asks for this name
        """Connect, say so, and pass on until the client ends."""
        self.asked.append(self.path)
        with socket.create_connection(("127.0.0.1", int(self.path.partition(":")[2]))) as server:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=_pass_on, args=(server, self.connection))
            back.start()
            _pass_on(self.connection, server)
            back.join()

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002  # its own name
        """Say nothing."""


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):  # either end may go first
        while chunk := source.recv(65_536):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)


class ProxyTest(unittest.TestCase):
    """A proxy that the program or the environment names."""

    def test_given(self) -> None:
        """A request for another machine goes to the proxy, which is told the whole address."""
        with FakeServer() as proxy:
            address = proxy.url.removesuffix("/v1")
            client = SegmentClient(
                "key", ENTITY, "default", "http://events.test/v1", allow_http=True, proxies={"http": address}
            )
            self.addCleanup(client.close)
            self.assertEqual(client.track(ENTITY, "Sent", user_id="u").status, "delivered")
            self.assertEqual([one.path for one in proxy.requests], ["http://events.test/v1/track"])

    def test_of_the_environment(self) -> None:
        """The environment's proxy is used where the program names none."""
        with FakeServer() as proxy:
            variables = {"http_proxy": proxy.url.removesuffix("/v1"), "no_proxy": ""}
            program = SEND.format(entity=ENTITY, url="http://events.test/v1", more="allow_http=True")
            done = run(program, variables)
            self.assertEqual(done.stdout.split(), ["delivered", "delivered"], done.stderr)
            self.assertEqual([one.path for one in proxy.requests], ["http://events.test/v1/track"] * 2)


@unittest.skipUnless(shutil.which("openssl"), "openssl makes the certificate: apt-get install openssl")
class TlsTest(unittest.TestCase):
    """A server whose certificate only this test knows."""

    def setUp(self) -> None:
        """Make a certificate for 127.0.0.1, its subject another name, and serve with it."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.certificate = folder / "certificate.pem"
        key = folder / "key.pem"
        subprocess.run(
            [
                *(
                    "openssl",
                    "req",
                    "-x509",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:prime256v1",
                    "-nodes",
                ),
                *("-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"),
                *("-keyout", str(key), "-out", str(self.certificate)),
            ],
            check=True,
            capture_output=True,
            timeout=60,
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.port = self.serve(Taker, context)
        self.url = f"https://127.0.0.1:{self.port}/v1"

    def serve(self, handler: type[BaseHTTPRequestHandler], tls: ssl.SSLContext | None = None) -> int:
        """Serve on a free port until the test ends, and return the port."""
        server = HTTPServer(("127.0.0.1", 0), handler)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that hangs up is no news
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        return server.server_port

    def test_unknown(self) -> None:
        """A certificate that nobody vouches for is not accepted: nothing is sent."""
        client = SegmentClient("key", ENTITY, "default", self.url, max_attempts=1)
        self.addCleanup(client.close)
        with self.assertRaisesRegex(UnreachableError, "SSLCertVerificationError"):
            client.track(ENTITY, "Sent", user_id="u")

    def test_of_the_environment(self) -> None:
        """The certificates that REQUESTS_CA_BUNDLE names are trusted."""
        done = self.trusting(self.url)
        self.assertEqual(done.stdout.split(), ["delivered", "delivered"], done.stderr)

    def test_folder(self) -> None:
        """REQUESTS_CA_BUNDLE may be a folder that OpenSSL has hashed."""
        folder = self.certificate.parent / "trusted"
        folder.mkdir()
        shutil.copy(self.certificate, folder)
        subprocess.run([*("openssl", "rehash"), str(folder)], check=True, timeout=60)
        done = self.trusting(self.url, bundle=folder)
        self.assertEqual(done.stdout.split(), ["delivered", "delivered"], done.stderr)

    def test_another_name(self) -> None:
        """A certificate that is trusted, but for another address, is not accepted; its subject is none."""
        done = self.trusting(self.url.replace("127.0.0.1", "localhost"))
        self.assertEqual(done.stdout, "")
        self.assertIn("SSLCertVerificationError", done.stderr)

    def test_through_a_proxy(self) -> None:
        """A proxy is asked to connect, and the certificate at its other end is verified."""
        proxy = f"http://127.0.0.1:{self.serve(Tunnel)}"
        self.addCleanup(Tunnel.asked.clear)
        done = self.trusting(self.url, more=f"proxies={{'https': {proxy!r}}}")
        self.assertEqual(done.stdout.split(), ["delivered", "delivered"], done.stderr)
        self.assertEqual(Tunnel.asked, [f"127.0.0.1:{self.port}"])
        client = SegmentClient("key", ENTITY, "default", self.url, max_attempts=1, proxies={"https": proxy})
        self.addCleanup(client.close)
        with self.assertRaisesRegex(UnreachableError, "SSLError"):
            client.track(ENTITY, "Sent", user_id="u")

    def trusting(
        self, url: str, *, more: str = "", bundle: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Send to a URL from a program that trusts the certificate."""
        variables = {"REQUESTS_CA_BUNDLE": str(bundle or self.certificate)}
        return run(SEND.format(entity=ENTITY, url=url, more=more), variables)


if __name__ == "__main__":
    unittest.main()
