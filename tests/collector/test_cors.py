"""What a browser needs to be told, and what it must not be."""

from tests.collector.support import CollectorCase, track

_ORIGIN = "https://shop.example"


class Browsers(CollectorCase):
    """Cross-origin requests."""

    def test_preflight(self) -> None:
        """A preflight is answered with what it asks for, on every vendor's path and without a key."""
        asked = {
            "Origin": _ORIGIN,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, anonymousid, x-vendor",
        }
        for path in ("/v1/t", "/v1/batch", "/beacon/v1/batch", "/api/s/track", "/v1/projects/WK/settings"):
            answer = self.request("OPTIONS", path, headers=asked)
            self.assertEqual((answer.status_code, answer.content), (204, b""))
            self.assertEqual(answer.headers["Access-Control-Allow-Origin"], _ORIGIN)
            self.assertEqual(answer.headers["Access-Control-Allow-Methods"], "POST")
            self.assertEqual(
                answer.headers["Access-Control-Allow-Headers"], "authorization, anonymousid, x-vendor"
            )
            self.assertNotIn("Access-Control-Allow-Private-Network", answer.headers)

    def test_private_network(self) -> None:
        """A public page may ask to reach the local collector."""
        asked = {"Origin": _ORIGIN, "Access-Control-Request-Private-Network": "true"}
        answer = self.request("OPTIONS", "/v1/t", headers=asked)
        self.assertEqual(answer.headers["Access-Control-Allow-Private-Network"], "true")

    def test_answers(self) -> None:
        """Every answer to a client from another origin may be read there, errors too."""
        for path, body, status in (("/v1/t", track("m1"), 200), ("/v1/t", {}, 400), ("/nothing", {}, 404)):
            answer = self.post(path, body, Origin=_ORIGIN)
            self.assertEqual(answer.status_code, status)
            self.assertEqual(answer.headers["Access-Control-Allow-Origin"], _ORIGIN)
            self.assertEqual(answer.headers["Vary"], "origin")

    def test_same_origin(self) -> None:
        """Without an origin there is nothing to allow."""
        self.assertNotIn("Access-Control-Allow-Origin", self.post("/v1/t", track("m1")).headers)
        self.assertEqual(self.request("OPTIONS", "/v1/t").status_code, 204)

    def test_reading_is_closed(self) -> None:
        """No page of another origin may read what was collected, or get leave to delete it."""
        self.post("/v1/t", track("m1"))
        for path in ("/api/events", "/api/events/m1", "/api/rejected", "/api/stats"):
            answer = self.request("GET", path, headers={"Origin": _ORIGIN})
            self.assertNotIn("Access-Control-Allow-Origin", answer.headers)
        asked = {"Origin": _ORIGIN, "Access-Control-Request-Method": "DELETE"}
        answer = self.request("OPTIONS", "/api/events", headers=asked)
        self.assertEqual(answer.status_code, 403)
        self.assertNotIn("Access-Control-Allow-Methods", answer.headers)
