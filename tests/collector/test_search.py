"""The grammar of searches, and what they find."""

import unittest
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from hypothesis import example, given
from hypothesis import strategies as st

from segment_client.collector.problem import Problem
from segment_client.collector.search import Search, parse_search
from segment_client.collector.search.terms import Field, Mark, Term, Text, Time
from segment_client.collector.search.times import microseconds
from tests.collector.support import CollectorCase, track
from tests.laws import law

_NOW = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


class Grammar(unittest.TestCase):
    """`parse_search`."""

    def read(self, text: str) -> list[object]:
        """Return the conditions of a search, denied ones in a list of their own."""
        terms = parse_search(text, _NOW).terms
        return [[term.condition] if term.denied else term.condition for term in terms]

    def test_terms(self) -> None:
        """Words, phrases, fields, patterns, marks, times and denials are each one term."""
        for text, terms in (
            ("", []),
            (" check  out ", [Text("check"), Text("out")]),
            ('"gift card"', [Text("gift card")]),
            (r'"say \"a\\b\""', [Text(r'say "a\b"')]),
            ("type:track", [Field("type", "track")]),
            ('event:"Order Completed"', [Field("event", "Order Completed")]),
            ("EVENT:Order*", [Field("event", "Order*", pattern=True)]),
            ('event:"5 * 5"', [Field("event", "5 * 5")]),
            ('event:""', [Field("event", "")]),
            ("user:a:b@c", [Field("user", "a:b@c")]),
            ("id:m1 test:t1", [Field("message_id", "m1"), Field("test_id", "t1")]),
            ("has:error -has:repeat", [Mark("error"), [Mark("repeat")]]),
            ('-"a b" -event:x', [[Text("a b")], [Field("event", "x")]]),
            ("- 12:30 -5", [Text("-"), Text("12:30"), [Text("5")]]),
            ("after:2026-01-31", [Time("after", microseconds(_NOW.replace(hour=0, minute=0)))]),
            ("before:2026-01-31T10:30:00+01:00", [Time("before", microseconds(_NOW))]),
            ("last:15m", [Time("after", microseconds(_NOW - timedelta(minutes=15)))]),
        ):
            with self.subTest(text=text):
                self.assertEqual(self.read(text), terms)

    def test_mistakes(self) -> None:
        """What is no search says what to write instead."""
        for text, told in (
            ("https://a.example", '"https://a.example"'),
            ("evnt:x", "event"),
            ("type:", "lacks its value"),
            ("type: track", "lacks its value"),
            ('"open', "not closed"),
            ('"a"b', "without a space"),
            ("has:nothing", "has:error"),
            ("last:15", "last:15m"),
            ("after:yesterday", "2026-01-31"),
            ("x" * 1001, "1000"),
        ):
            with self.subTest(text=text), self.assertRaises(Problem) as caught:
                self.read(text)
            self.assertEqual((caught.exception.status, caught.exception.code), (400, "bad_query"))
            self.assertIn(told, caught.exception.message)

    @law()
    @given(st.text(max_size=200))
    @example("last:999999d")
    @example("after:0001-01-01T00:00:00+23:59")
    def test_any_text(self, text: str) -> None:
        """Any text is a search or a problem, never another error."""
        try:
            self.assertIsInstance(parse_search(text, _NOW), Search)
        except Problem as problem:
            self.assertEqual(problem.code, "bad_query")

    @law()
    @given(st.text(max_size=100))
    def test_quoted(self, text: str) -> None:
        """Any text can be looked for, and any value of a field, between quotes."""
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        expected = (Term(Text(text)), Term(Field("event", text), denied=True))
        self.assertEqual(parse_search(f'"{escaped}" -event:"{escaped}"', _NOW).terms, expected)


class Finding(CollectorCase):
    """What a search finds, over HTTP."""

    calls: ClassVar[list[object]] = [
        track("m1", event="Order Completed", userId="ada", properties={"code": '50% "off"_now', "n": 7}),
        track("m2", event="Order Refunded", userId=None, anonymousId="anon-1"),
        {"type": "page", "name": "Ärger", "userId": "ada", "messageId": "m3", "context": {"testId": "t1"}},
        {"type": "track", "event": "Order Completed", "userId": "ada", "messageId": "m4", "properties": 5},
        track("m1"),
    ]

    def found(self, search: str, path: str = "calls") -> list[str]:
        """Return the message ids of what is found, newest first."""
        answer = self.request("GET", f"/api/{path}", params={"q": search})
        self.assertEqual(answer.status_code, 200, answer.text)
        return [call["message_id"] for call in answer.json()[path]]

    def test_found(self) -> None:
        """Each kind of term finds what it says, among good and rejected calls, and text in any case."""
        self.post("/v1/batch", {"batch": self.calls})
        for search, ids in (
            ("", ["m4", "m3", "m2", "m1"]),
            ("refunded", ["m2"]),
            ('"ORDER completed"', ["m4", "m1"]),
            ("ärger", ["m3"]),
            ("ÄRGER", ["m3"]),
            ('"50% \\"off\\"_"', ["m1"]),
            ("50_", []),
            ("m2", ["m2"]),
            ("type:page", ["m3"]),
            ("-type:page -has:error", ["m2", "m1"]),
            ('event:"Order Completed"', ["m4", "m1"]),
            ("event:order*", ["m4", "m2", "m1"]),
            ("event:*_*", []),
            ("user:ada", ["m4", "m3", "m1"]),
            ("user:anon-1", ["m2"]),
            ("-user:ada", ["m2"]),
            ("has:error", ["m4"]),
            ("has:warning", ["m1"]),
            ("has:repeat", ["m1"]),
            ("test:t1", ["m3"]),
            ("id:m2", ["m2"]),
            ("last:1h", ["m4", "m3", "m2", "m1"]),
            ("before:2026-01-01", []),
            ("after:2100-01-01", []),
        ):
            with self.subTest(search=search):
                self.assertEqual(self.found(search), ids)
        self.assertEqual(self.found("user:ada", "events"), ["m3", "m1"])

    def test_rejected(self) -> None:
        """Rejected calls are searched in the same way, their errors too."""
        self.post("/v1/batch", {"batch": self.calls})
        for search, count in (("type:track", 1), ("properties", 1), ("user:nobody", 0)):
            answer = self.request("GET", "/api/rejected", params={"q": search}).json()
            self.assertEqual(len(answer["rejected"]), count, search)

    def test_parameters(self) -> None:
        """A parameter is a term whose text is taken exactly, beside those of `q`."""
        self.post("/v1/batch", {"batch": self.calls})
        for query, ids in (
            ({"event": "Order*"}, []),
            ({"event": "Order Refunded", "q": "type:track"}, ["m2"]),
            ({"user": "anon-1"}, ["m2"]),
            ({"anonymous_id": "anon-1"}, ["m2"]),
            ({"message_id": "m1"}, ["m1"]),
            ({"test_id": "t1"}, ["m3"]),
            ({"after": "2026-01-31T09:30:00Z", "before": "2100-01-01", "type": "page"}, ["m3"]),
        ):
            answer = self.request("GET", "/api/events", params=query).json()
            self.assertEqual([event["message_id"] for event in answer["events"]], ids, query)

    def test_mistake(self) -> None:
        """A search that is none is a 400."""
        for path in ("events", "rejected", "calls", "stream", "wait"):
            self.assert_problem(self.request("GET", f"/api/{path}?q=evnt:x"), 400, "bad_query")
            self.assert_problem(self.request("GET", f"/api/{path}?after=x"), 400, "bad_query")
        self.assert_problem(self.request("GET", "/api/calls?status=x"), 400, "bad_query")
