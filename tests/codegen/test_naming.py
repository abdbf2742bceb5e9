"""Names and docstrings: what text of a schema becomes before it stands in code."""

import ast
import unittest

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from segment_codegen.naming import (
    DocText,
    Identifier,
    class_name,
    field_name,
    literal,
    parameter_name,
    snake,
)
from segment_codegen.render import render

from tests.laws import law


class NamingTest(unittest.TestCase):
    """A name is a valid one in Python, or there is none."""

    def test_names(self) -> None:
        """Words become CapitalWords for classes and words_with_lines for methods."""
        self.assertEqual(class_name("Order Completed", "order_line"), "OrderCompletedOrderLine")
        self.assertEqual(class_name("SemanticEvent"), "SemanticEvent")
        names = {
            "Article Completed": "article_completed",
            "articleCompleted": "article_completed",
            "HTTPError seen": "http_error_seen",
            "A/B test: done!": "a_b_test_done",
            "Скачан файл": "скачан_файл",
        }
        self.assertEqual({event: snake(event) for event in names}, names)

    def test_taken(self) -> None:
        """What Python, pydantic or the call uses itself gets the suffix `_property`."""
        self.assertEqual(field_name("class"), "class_property")
        self.assertEqual(field_name("model_dump"), "model_dump_property")
        self.assertEqual(field_name("copy"), "copy_property")
        self.assertEqual(field_name("firstName"), "firstName")
        self.assertEqual(field_name("first name"), "first_name")
        self.assertEqual(parameter_name("user_id", {"user_id"}), "user_id_property")
        self.assertEqual(parameter_name("title", {"user_id"}), "title")

    def test_refused(self) -> None:
        """What is no identifier is a ValueError, as is one that Python would read as another."""
        for text in ("a b", "class", "ﬁ", "1a", "a\n"):
            with self.subTest(text=text), self.assertRaises(ValueError):
                Identifier(text)

    @law(200)
    @given(st.text())
    def test_any_text(self, text: str) -> None:
        """Any text is a docstring of one printable line, and a literal that reads as the text itself."""
        module = ast.parse(f'"""{DocText(text)}"""')
        self.assertTrue((ast.get_docstring(module) or "").isprintable())
        self.assertEqual(len(module.body), 1)
        self.assertEqual(ast.literal_eval(literal(text)), text)
        self.assertTrue(literal(text).isprintable())

    def test_templates(self) -> None:
        """A template refuses to write raw text, and a value that it was not given."""
        with self.assertRaises(TypeError):
            render("wire.py", header="import os", tables=None)
        with self.assertRaisesRegex(UndefinedError, "^'header' is undefined$"):
            render("wire.py")


if __name__ == "__main__":
    unittest.main()
