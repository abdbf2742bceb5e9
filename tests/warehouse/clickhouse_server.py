"""`python -m tests.warehouse.clickhouse_server FOLDER [PORT]`: ClickHouse's engine behind its HTTP interface.

There is no package of ClickHouse's server to install. So this takes the requests that its clients make and
has chdb, which is the same engine, run them: SQL, or an insert and its rows. The tables are in FOLDER; the
port is printed. Where FOLDER has a file `lose`, that is deleted, and the connection is closed once the next
request is run, without an answer.
"""

import re
import sys
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

__all__ = ["serve"]

_INSERT = re.compile(rb"(INSERT INTO .+?)\s+FORMAT (\w+)[ \t]*\n", re.DOTALL)
_PASSED_ON = ("insert_deduplication_token", "async_insert", "max_partitions_per_insert_block")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    session: Any
    folder: Path
    lock = threading.Lock()

    def do_POST(self) -> None:  # the name is http.server's
        """Run what is posted."""
        parameters = dict(parse_qsl(urlsplit(self.path).query))
        body = self._body()
        try:
            with self.lock:
                result = self._run(parameters, body)
        except Exception as error:  # noqa: BLE001  # whatever the engine says is the answer
            self._answer(500, str(error).encode(), {"X-ClickHouse-Exception-Code": "1"})
        else:
            if (self.folder / "lose").exists():
                (self.folder / "lose").unlink()
                self.close_connection = True
                return
            self._answer(200, result, {"X-ClickHouse-Summary": "{}", "X-ClickHouse-Query-Id": "q"})

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _run(self, parameters: dict[str, str], body: bytes) -> bytes:
        sent = parameters.get("query", "").encode() + body
        insert = _INSERT.match(sent)
        if insert is None:
            return bytes(self.session.query(sent.decode(), "TabSeparated").bytes())
        into, form = insert[1].decode(), insert[2].decode()
        rows = self.folder / "rows"
        rows.write_bytes(sent[insert.end() :])
        settings = ", ".join(f"{name} = '{parameters[name]}'" for name in _PASSED_ON if name in parameters)
        selected = f"SELECT * FROM file('{rows}', '{form}')"
        self.session.query(f"{into} SETTINGS {settings} {selected}")
        return b""

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            body = b"".join(parts)
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Content-Encoding") == "lz4":
            body = import_module("lz4.frame").decompress(body)
        return body

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        with suppress(ConnectionError):  # who asked waits no more
            self.end_headers()
            self.wfile.write(body)


def serve(folder: Path) -> None:
    """Serve on a free port of 127.0.0.1 until the process is ended."""
    _Handler.folder = folder
    _Handler.session = import_module("chdb.session").Session(str(folder / "data"))
    with ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0), _Handler) as server:
        sys.stdout.write(f"{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
