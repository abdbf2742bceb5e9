"""What users paste as an endpoint, and where events are posted to."""

import unittest

from hypothesis import given
from hypothesis import strategies as st

from segment_client.endpoint import parse_endpoint
from segment_client.errors import InvalidValueError
from tests.laws import law

US = "https://api.segment.io/v1"


class BaseTest(unittest.TestCase):
    """A base, to which paths are added."""

    def test_spellings_of_one_host(self) -> None:
        """With and without a scheme, a slash, spaces or /v1 it is the same base."""
        for text in (
            "api.segment.io",
            "api.segment.io/",
            "https://api.segment.io",
            f" {US} ",
            f"{US}/",
            f"{US}//",
        ):
            with self.subTest(text):
                self.assertEqual(parse_endpoint(text, "segment").url, US)

    def test_other_paths_stay(self) -> None:
        """A path of the base's own is kept, and no /v1 added to it."""
        for text, url in (
            ("https://example.com/collect", "https://example.com/collect"),
            ("https://example.com:8443/a/v1/", "https://example.com:8443/a/v1"),
            ("https://EXAMPLE.com/V1", "https://EXAMPLE.com/V1"),
        ):
            with self.subTest(text):
                self.assertEqual(parse_endpoint(text, "segment").url, url)

    def test_urls(self) -> None:
        """Segment has a path for each call and one for batches; semantic posts all to /event."""
        segment, semantic = parse_endpoint(US, "segment"), parse_endpoint(US, "semantic")
        for call in ("identify", "track", "page", "screen", "group", "alias"):
            self.assertEqual(segment.single_url(call), f"{US}/{call}")
            self.assertEqual(semantic.single_url(call), f"{US}/event")
        self.assertEqual((segment.batch_url(), semantic.batch_url()), (f"{US}/batch", f"{US}/event"))
        self.assertEqual((segment.single_envelope, semantic.single_envelope), ("single", "single"))
        self.assertTrue(segment.takes_batches and semantic.takes_batches)


class FullTest(unittest.TestCase):
    """A full URL, which is posted to as it is."""

    def test_posted_to_as_it_is(self) -> None:
        """A URL that ends in an endpoint's own name gets every event and every batch."""
        for name in (
            "event",
            "batch",
            "b",
            "import",
            "identify",
            "track",
            "page",
            "screen",
            "group",
            "alias",
        ):
            for slash in ("", "/"):
                endpoint = parse_endpoint(f"https://example.com/x/{name}{slash}", "segment")
                with self.subTest(name):
                    self.assertTrue(endpoint.is_full)
                    self.assertEqual(endpoint.single_url("page"), f"https://example.com/x/{name}")
                    self.assertEqual(endpoint.batch_url(), f"https://example.com/x/{name}")

    def test_envelopes(self) -> None:
        """A batch URL gets the batch envelope, another one event a request, semantic takes arrays."""
        for name, wire, envelope, batches in (
            ("batch", "segment", "batch", True),
            ("b", "segment", "batch", True),
            ("import", "segment", "batch", True),
            ("event", "segment", "single", False),
            ("track", "segment", "single", False),
            ("event", "semantic", "single", True),
            ("batch", "semantic", "single", True),
        ):
            endpoint = parse_endpoint(f"https://example.com/{name}", wire)  # type: ignore[arg-type]  # a str of the table
            with self.subTest(name=name, wire=wire):
                self.assertEqual((endpoint.single_envelope, endpoint.takes_batches), (envelope, batches))


class RefusedTest(unittest.TestCase):
    """What is no endpoint."""

    def test_no_url(self) -> None:
        """What is no http or https URL is refused with an example of one."""
        for text in (
            "",
            " ",
            "ftp://example.com",
            "https://",
            "http://[::1",
            "https://example.com:port",
            "https:///v1",
        ):
            with (
                self.subTest(text),
                self.assertRaisesRegex(InvalidValueError, "^endpoint .*https://api.segment.io/v1"),
            ):
                parse_endpoint(text, "segment")

    def test_more_than_a_url(self) -> None:
        """A user, a password, a query and a fragment have no place in it, and are not repeated."""
        for text in (
            "https://sentinel@example.com",
            "https://sentinel:@example.com",
            "https://a:sentinel@example.com",
            "https://a:sentinel/x@example.com",
            "https://example.com/v1?writeKey=sentinel",
            "https://example.com/v1#sentinel",
        ):
            with self.subTest(text), self.assertRaises(InvalidValueError) as caught:
                parse_endpoint(text, "segment")
            self.assertNotIn("sentinel", str(caught.exception))

    def test_plain_http(self) -> None:
        """Plain http goes to loopback only, or anywhere when asked for by name."""
        for host in ("localhost:80", "127.0.0.1:8765", "127.9.9.9", "[::1]:8765"):
            with self.subTest(host):
                self.assertEqual(parse_endpoint(host, "segment").url, f"http://{host}/v1")
                self.assertEqual(parse_endpoint(f"http://{host}", "segment").url, f"http://{host}/v1")
                self.assertEqual(parse_endpoint(f"https://{host}", "segment").url, f"https://{host}/v1")
        for host in ("example.com", "10.0.0.1", "localhost.example.com", "127.0.0.1.example.com"):
            with self.subTest(host):
                with self.assertRaisesRegex(InvalidValueError, "plain http .*allow_http=True"):
                    parse_endpoint(f"http://{host}", "segment")
                allowed = parse_endpoint(f"http://{host}", "segment", allow_http=True)
                self.assertEqual(allowed.url, f"http://{host}/v1")


class LawTest(unittest.TestCase):
    """What holds for any text."""

    @law(200)
    @given(st.text(max_size=30) | st.text("https:/[]@.?#1v:\\ ", max_size=30))
    def test_parsed_or_refused(self, text: str) -> None:
        """Any text is refused with our error or gives a URL that parses to itself."""
        try:
            endpoint = parse_endpoint(text, "segment")
        except InvalidValueError:
            return
        self.assertEqual(parse_endpoint(endpoint.url, "segment"), endpoint)


if __name__ == "__main__":
    unittest.main()
