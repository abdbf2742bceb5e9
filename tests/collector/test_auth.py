"""The write key: where it is found, and which one is right."""

import unittest
from base64 import b64encode

from segment_client.collector.auth import Authenticator, sent_key
from segment_client.collector.problem import Problem


def _basic(text: str) -> dict[str, str]:
    return {"authorization": f"Basic {b64encode(text.encode()).decode()}"}


class SentKey(unittest.TestCase):
    """`sent_key`."""

    def test_places(self) -> None:
        """The key is found in Basic, `X-Write-Key` and the query, and Basic comes first, the query last."""
        header, query = {"x-write-key": "header"}, {"writeKey": "query"}
        self.assertEqual(sent_key({**_basic("basic:"), **header}, query), "basic")
        self.assertEqual(sent_key(header, query), "header")
        self.assertEqual(sent_key({}, query), "query")
        self.assertIsNone(sent_key({}, {}))

    def test_user_name(self) -> None:
        """The key is Basic's user name, and may hold a colon where the password is empty."""
        for text, key in (
            ("key:", "key"),
            ("key", "key"),
            ("key:password", "key"),
            ("id:secret:", "id:secret"),
        ):
            with self.subTest(text=text):
                self.assertEqual(sent_key(_basic(text), {}), key)

    def test_other_schemes(self) -> None:
        """A scheme other than Basic holds no write key."""
        self.assertEqual(sent_key({"authorization": "Bearer x", "x-write-key": "header"}, {}), "header")

    def test_unreadable(self) -> None:
        """Basic that is no base64 of text is a 401 that does not repeat it."""
        for credentials in ("not base64!", "/w==", "c2Vjc"):
            with self.subTest(credentials=credentials), self.assertRaises(Problem) as raised:
                sent_key({"authorization": f"Basic {credentials}"}, {})
            self.assertEqual(raised.exception.status, 401)
            self.assertNotIn(credentials, raised.exception.message)


class Check(unittest.TestCase):
    """`Authenticator.check`."""

    def test_right(self) -> None:
        """The right key is returned; without a key of its own a collector takes any."""
        self.assertEqual(Authenticator("right").check("right"), "right")
        self.assertEqual(Authenticator().check("any"), "any")

    def test_wrong(self) -> None:
        """A wrong key and a missing one are a 401 that names neither."""
        for own, key in (
            ("right", "wrong"),
            ("right", "righ"),
            ("right", ""),
            ("right", None),
            (None, ""),
            (None, None),
        ):
            with self.subTest(own=own, key=key), self.assertRaises(Problem) as raised:
                Authenticator(own).check(key)
            self.assertEqual((raised.exception.status, raised.exception.code), (401, "unauthorized"))
            self.assertNotIn("right", raised.exception.message)
            self.assertNotIn("wrong", raised.exception.message)

    def test_surrogate(self) -> None:
        """A key of half a surrogate pair is wrong, not a failure."""
        with self.assertRaises(Problem):
            Authenticator("right").check("\ud83d")
