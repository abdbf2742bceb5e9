"""Under which names, and from which pages, may be read."""

import unittest

import requests

from segment_client.collector import Collector
from tests.collector.support import BASIC, CollectorCase, track

_READING = ("/", "/api/events", "/api/calls", "/api/stream", "/api/wait?timeout=0", "/assets/app.js")


class Names(CollectorCase):
    """A collector on loopback."""

    def ask(self, path: str, **headers: str) -> requests.Response:
        """Ask with these headers, and do not wait for a stream."""
        return self.request(
            "GET",
            path,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            stream=True,
        )

    def test_rebinding(self) -> None:
        """A foreign name that points here reads nothing."""
        for host in ("evil.example", "evil.example:8765", "localhost.evil.example", "", "[::1", "10.0.0.1"):
            for path in _READING:
                with self.subTest(host=host, path=path), self.ask(path, Host=host) as answer:
                    self.assert_problem(answer, 421, "foreign_host")

    def test_own_names(self) -> None:
        """Loopback's names may be used, with any port, as through a tunnel."""
        for host in ("localhost", "LOCALHOST:9999", "127.0.0.1:80", "[::1]:8765", "127.3.2.1"):
            with self.ask("/api/events", Host=host) as answer:
                self.assertEqual(answer.status_code, 200, host)

    def test_foreign_pages(self) -> None:
        """Pages of other sites read nothing, and delete nothing."""
        self.post("/v1/track", track("m1"))
        for headers in (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://localhost:1"},
            {"Sec_Fetch_Site": "cross-site"},
        ):
            with self.ask("/api/events", **headers) as answer:
                self.assert_problem(answer, 403, "foreign_origin")
        answer = self.request("DELETE", "/api/events", headers={"Origin": "https://evil.example"})
        self.assert_problem(answer, 403, "foreign_origin")
        self.assertEqual(self.message_ids(), ["m1"])

    def test_own_page(self) -> None:
        """The collector's own page reads, and a link from elsewhere may open it."""
        for path, headers in (
            ("/api/events", {"Origin": self.collector.url}),
            ("/api/events", {"Sec_Fetch_Site": "same-origin"}),
            ("/api/events", {"Sec_Fetch_Site": "none"}),
            ("/", {"Sec_Fetch_Site": "cross-site"}),
        ):
            with self.ask(path, **headers) as answer:
                self.assertEqual(answer.status_code, 200)

    def test_posting(self) -> None:
        """Events may be posted under any name and from any page."""
        headers = {"Host": "events.test", "Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site"}
        answer = self.request("POST", "/v1/track", json=track("m1"), headers=dict([BASIC], **headers))
        self.assert_success(answer)


class MoreNames(unittest.TestCase):
    """Names that are allowed."""

    def test_allowed(self) -> None:
        """A name that was given may be used, and no other."""
        with Collector(allow_hosts=["Events.test"]) as collector:
            for host, status in (("events.test:1", 200), ("other.test", 421)):
                answer = requests.get(f"{collector.url}/api/events", headers={"Host": host}, timeout=10)
                self.assertEqual(answer.status_code, status)
