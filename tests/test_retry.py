"""When to try again, and how long to wait."""

import unittest
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from hypothesis import given
from hypothesis import strategies as st

from segment_client.retry import MAX_SERVER_DELAY, RetryPolicy, is_retryable, server_delay
from tests.laws import law

NOW = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
FRACTIONS = st.floats(0, 1, exclude_max=True)


class StatusTest(unittest.TestCase):
    """The table of statuses."""

    def test_table(self) -> None:
        """Retried are 408, 410, 425, 429, 460 and 5xx but 501 and 505, and no other status."""
        expected = {408, 410, 425, 429, 460, *range(500, 600)} - {501, 505}
        self.assertEqual({status for status in range(100, 1000) if is_retryable(status)}, expected)


class DelayTest(unittest.TestCase):
    """The wait of the policy."""

    @law(100)
    @given(st.integers(1, 10_000), FRACTIONS)
    def test_bounds(self, attempts: int, fraction: float) -> None:
        """The wait is the drawn part of the doubling delay, which never grows over its maximum."""
        policy = RetryPolicy(base_delay=0.25, max_delay=10.0)
        delay = policy.delay(attempts, None, lambda: fraction)
        self.assertEqual(delay, fraction * min(10.0, 0.25 * 2.0 ** min(attempts - 1, 100)))
        self.assertTrue(0 <= delay < 10.0 or fraction == 0)

    @law(50)
    @given(st.integers(1, 100), st.floats(0, MAX_SERVER_DELAY, exclude_min=True), FRACTIONS)
    def test_asked(self, attempts: int, asked: float, fraction: float) -> None:
        """A wait that the server asks for is taken as it is."""
        self.assertEqual(RetryPolicy().delay(attempts, asked, lambda: fraction), asked)

    def test_asked_for_none(self) -> None:
        """A server that asks for no wait, or for one that is over, is not asked again at once for ever."""
        waits = [RetryPolicy().delay(attempts, 0.0, lambda: 0.5) for attempts in range(1, 5)]
        self.assertEqual(waits, [0.125, 0.25, 0.5, 1.0])


class ServerDelayTest(unittest.TestCase):
    """Retry-After and X-RateLimit-Reset."""

    def test_readable(self) -> None:
        """Seconds, HTTP dates and seconds since 1970 are read, and clamped to 0..300."""
        for headers, seconds in (
            ({}, None),
            ({"retry-after": "7"}, 7),
            ({"retry-after": " 0.5 "}, 0.5),
            ({"retry-after": "0"}, 0),
            ({"retry-after": "-5"}, 0),
            ({"retry-after": "9999"}, 300),
            ({"retry-after": "inf"}, 300),
            ({"retry-after": "nan"}, None),
            ({"retry-after": "soon"}, None),
            ({"retry-after": ""}, None),
            ({"retry-after": "Sat, 31 Jan 2026 09:30:20 GMT"}, 20),
            ({"retry-after": "Sat, 31 Jan 2026 09:29:00 GMT"}, 0),
            ({"retry-after": "Sat, 31 Jan 2026 12:00:00 GMT"}, 300),
            ({"retry-after": "Sat, 31 Jan 2026 10:31:00 +0100"}, 60),
            ({"retry-after": "Sat, 31 Jan 2026 09:31:00 -0000"}, 60),
            ({"x-ratelimit-reset": "12"}, 12),
            ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 30)}, 30),
            ({"x-ratelimit-reset": str(int(NOW.timestamp()) - 30)}, 0),
            ({"retry-after": "3", "x-ratelimit-reset": "12"}, 3),
            ({"retry-after": "soon", "x-ratelimit-reset": "12"}, 12),
        ):
            with self.subTest(headers):
                self.assertEqual(server_delay(headers, NOW), seconds)

    @law(100)
    @given(st.integers(0, 300))
    def test_date(self, seconds: int) -> None:
        """An HTTP date asks for the seconds until it."""
        text = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
        self.assertEqual(server_delay({"retry-after": text}, NOW), seconds)

    @law(300)
    @given(
        st.text(max_size=40)
        | st.from_regex(
            r"[A-Z][a-z]{2}, [0-9]{1,12} [A-Z][a-z]{2} [0-9]{1,8} [0-9:]{1,12} [+-]?[0-9]{1,20}",
            fullmatch=True,
        )
        | st.builds(
            "Sat, 31 Jan {:04} {:02}:30:00 {:+05}".format,
            st.integers(0, 99_999),
            st.integers(0, 99),
            st.integers(-(10**15), 10**15),
        )
    )
    def test_any_text(self, text: str) -> None:
        """Whatever a server sends, it is 0 to 300 seconds or nothing."""
        for name in ("retry-after", "x-ratelimit-reset"):
            seconds = server_delay({name: text}, NOW)
            self.assertTrue(seconds is None or 0 <= seconds <= MAX_SERVER_DELAY, seconds)


if __name__ == "__main__":
    unittest.main()
