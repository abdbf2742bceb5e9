"""Whatever a plan says is text on the pages, and nothing else."""

import base64
import hashlib
import unittest

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from segment_codegen.prose import Markdown, Prose
from segment_codegen.render import render_html, render_markdown

from tests.codegen.docs.pages import Node, documented, read
from tests.codegen.plans import rule
from tests.laws import law

HOSTILE = (
    "<script>alert(1)</script>",
    "</code></pre></style></script><img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "&lt;b&gt; &amp; &#60;i&#62;",
    "{{ 7 * 7 }}{% raw %}{# x #}",
    "--><!-- ]]> <?php ?>",
    "javascript:alert(1)",
    "[a](javascript:alert(1)) ![b](https://example.com/x.png) <https://example.com> www.example.com",
    "| a | `b` ``c`` | \\| \\` \\\\",
    "```\n# heading\n---\n===\n- item\n1. item\n> quote\n\n    code",
    "*a* _b_ **c** ~~d~~ $e$ :smile: @someone #1 someone@example.com",
    "a\u202eb\u2066c\u200fd\x00e\x1bf\u2028g",
)
TEXTS = st.sampled_from(HOSTILE) | st.text(
    st.sampled_from("<>&\"'`|\\*_[]()!#-+=~$:@{}%\n\t ab1.\u202e\x00"), max_size=20
)


def pages(text: str) -> dict[str, str]:
    """Document a plan that says the text wherever it can, after one letter."""
    said = f"x{text}"
    kinds = {"oneOf": [{"const": text, "description": said}, {"const": said, "title": said}]}
    named: Node = {"type": "string", "description": said, "examples": [said], "pattern": "x|y"}
    properties = {said: named, "kind": kinds, "inner": {"type": "object", "properties": {said: named}}}
    schema = {"type": "object", "properties": properties, "required": [said], "additionalProperties": False}
    return documented(rule(said, schema, description=said), id=said, name=said, updatedAt=said)


TAME = pages("tame")


class HtmlTest(unittest.TestCase):
    """The HTML page."""

    def test_policy(self) -> None:
        """The page runs its own program and style alone, and asks nothing of anybody."""
        page = read(TAME["index.html"])
        policy = page.values("meta", "content")[0]
        hashes = {
            tag: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            for tag, text in page.raw.items()
        }
        self.assertEqual(
            policy,
            f"default-src 'none'; style-src 'sha256-{hashes['style']}'; "
            f"script-src 'sha256-{hashes['script']}'; base-uri 'none'; form-action 'none'",
        )
        self.assertEqual({href[0] for href in page.values("a", "href")}, {"#"})
        names = {key for _, attrs in page.elements for key, _ in attrs}
        self.assertEqual(
            names & {"src", "srcset", "style", "action", "formaction", "srcdoc", "background"}, set()
        )
        self.assertEqual([each for each in names if each.startswith("on")], [])
        for text in page.raw.values():
            self.assertNotIn("url(", text)
            self.assertNotIn("@import", text)
            self.assertNotIn("innerHTML", text)

    @law(25)
    @given(TEXTS)
    def test_structure(self, text: str) -> None:
        """No text of a plan adds an element, an attribute, a comment, or changes the program and style."""
        tame, page = read(TAME["index.html"]), read(pages(text)["index.html"])
        shape = [[(tag, [key for key, _ in attrs]) for tag, attrs in each.elements] for each in (tame, page)]
        self.assertEqual(shape[1], shape[0])
        self.assertEqual((page.raw, page.others), (tame.raw, []))

    def test_text(self) -> None:
        """What a plan says is what is read, with what does not show as its escapes."""
        for text in HOSTILE:
            self.assertIn(str(Prose(text)), read(pages(text)["index.html"]).text)

    @law()
    @given(st.text())
    def test_visible(self, text: str) -> None:
        """Prose has line feeds and what can be seen, and tells nobody in which direction to read."""
        self.assertTrue(all(char == "\n" or char.isprintable() for char in Prose(text)))

    def test_code(self) -> None:
        """What is no text is no part of a page."""
        with self.assertRaisesRegex(TypeError, "it is no text"):
            render_html("docs/event.html", event={"method": ["a"]})


class MarkdownTest(unittest.TestCase):
    """The files of Markdown."""

    READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

    def shape(self, text: str) -> list[tuple[str, str, list[str]]]:
        """Answer the blocks of a file, and in each the kinds of what is inline, but for the text itself."""
        plain = {"text", "text_special", "softbreak"}
        return [
            (token.type, token.tag, [each.type for each in token.children or () if each.type not in plain])
            for token in self.READER.parse(text)
        ]

    @law(25)
    @given(TEXTS)
    def test_structure(self, text: str) -> None:
        """No text of a plan adds a heading, a cell, a link, emphasis or HTML."""
        found = pages(text)
        self.assertEqual(self.shape(found["README.md"]), self.shape(TAME["README.md"]))
        (name,) = (each for each in found if each.startswith("events/"))
        (tame,) = (each for each in TAME if each.startswith("events/"))
        self.assertEqual(self.shape(found[name]), self.shape(TAME[tame]))

    @law()
    @given(st.text())
    def test_text(self, text: str) -> None:
        """Escaped text reads as what it was on one line, and as nothing else at the beginning of a line."""
        paragraph, inline, _ = self.READER.parse(Markdown.of(f"{text}x"))
        self.assertEqual(paragraph.type, "paragraph_open")
        shown = "".join(each.content for each in inline.children or ())
        self.assertEqual(shown, str(Prose(" ".join(f"{text}x".split()))))
        self.assertLessEqual({each.type for each in inline.children or ()}, {"text", "text_special"})

    @law()
    @given(st.text())
    def test_span(self, text: str) -> None:
        """A code span shows its text as it is."""
        (inline,) = (
            each for each in self.READER.parse(f"a {Markdown.code(text)} b") if each.type == "inline"
        )
        (code,) = (each for each in inline.children or () if each.type == "code_inline")
        self.assertEqual(
            code.content.replace("\\|", "|").strip(), str(Prose(" ".join(text.split()))).replace("\\|", "|")
        )

    @law()
    @given(TEXTS)
    def test_block(self, text: str) -> None:
        """Nothing in a block of code ends it."""
        (block,) = self.READER.parse(Markdown.block(text, "python"))
        self.assertEqual(block.content, f"{Prose(text)}\n")

    def test_links(self) -> None:
        """No address in a text becomes a link where a site makes links of addresses."""
        for text in (
            "https://example.com",
            "www.example.com",
            "someone@example.com",
            "#12",
            "@someone",
            ":smile:",
        ):
            self.assertRegex(Markdown.of(f"see {text}"), r"\\[:.@#]")

    def test_refused(self) -> None:
        """Text that went through no filter is an error, and no Markdown."""
        with self.assertRaisesRegex(TypeError, "it is no Markdown"):
            render_markdown("docs/event.html", event={"method": "raw text"})

    def test_anchor(self) -> None:
        """A file's name is a name in Python, so that no path leads out of the folder."""
        for name in pages("/../../etc/passwd"):
            self.assertRegex(name, r"\A(README\.md|index\.html|events/\w+\.md)\Z")


if __name__ == "__main__":
    unittest.main()
