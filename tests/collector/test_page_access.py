"""The collector's page for everybody: contrast, names, focus, and the keyboard alone; in a real browser."""

from typing import Literal

from tests.collector.browser import BrowserCase
from tests.collector.support import track

MOST = 100
"""More than the page has that can have the focus."""

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

_FAINT = """() => {
    const context = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const parse = color => {
        context.clearRect(0, 0, 1, 1);
        context.fillStyle = color;
        context.fillRect(0, 0, 1, 1);
        const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
        return {rgb: [red, green, blue], alpha: alpha / 255};
    };
    const over = (top, below, alpha) => top.map((value, index) => value * alpha + below[index] * (1 - alpha));
    const ground = element => {
        const {rgb, alpha} = parse(getComputedStyle(element).backgroundColor);
        if (alpha === 1) return rgb;
        return over(rgb, element.parentElement ? ground(element.parentElement) : [255, 255, 255], alpha);
    };
    const opacity = element =>
        element ? getComputedStyle(element).opacity * opacity(element.parentElement) : 1;
    const light = rgb => rgb
        .map(value => value / 255)
        .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
    const ratio = (one, other) => {
        const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
        return (bright + 0.05) / (dark + 0.05);
    };
    const faint = new Set();
    let count = 0;
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
        if (element.closest('option, noscript')) continue;
        count += 1;
        const {rgb, alpha} = parse(getComputedStyle(element).color);
        const below = ground(element);
        const found = ratio(over(rgb, below, alpha * opacity(element)), below);
        if (found < 4.5) faint.add(`${texts.currentNode.data.trim().slice(0, 30)}: ${found.toFixed(2)}`);
    }
    return {count, faint: [...faint]};
}"""

_NAMELESS = """() => [...document.querySelectorAll('button, a, input, select, [role], dialog, summary, svg')]
    .filter(element => element.checkVisibility())
    .filter(element => !(
        element.getAttribute('aria-label') || element.textContent.trim() || element.title
        || element.labels?.[0]?.textContent.trim()
        || document.getElementById(element.getAttribute('aria-labelledby'))?.textContent.trim()
        || element.matches('[role=status], [role=alert]')
    ))
    .map(element => element.outerHTML.slice(0, 100))"""


class Access(BrowserCase):
    """Who sees little, or has no pointer, can use the page."""

    STATES = (
        "", "#tab=rejected", "#tab=rejected&call=REJECTED", "#call=ACCEPTED", "#q=nobody", "#q=evnt:x",
        "#tab=warned",
    )  # fmt: skip

    def fill(self) -> None:
        """Post calls of each type, one of them twice, and a rejected one."""
        types = ("page", "screen", "identify", "group", "alias")
        more = {"group": {"groupId": "g"}, "alias": {"previousId": "v"}}
        calls = [
            track("m1", event="Ab\u202ec", properties={"a": 1, "b": True, "c": None, "d": {"e": ["f"]}}),
            track("m1"),
            track("m2", properties=5),
            *({"type": name, "userId": "u", "messageId": name, **more.get(name, {})} for name in types),
        ]
        self.post("/v1/batch", {"batch": calls})

    def show(self, state: str) -> None:
        """Open the page in a state and wait until it shows it."""
        for row in self.get("/api/calls")["calls"]:
            state = state.replace("ACCEPTED" if row["accepted"] else "REJECTED", str(row["seq"]))
        self.open(state)
        if "call=" in state:
            self.page.wait_for_selector("#part > *")
        if "evnt" in state:
            self.page.wait_for_selector("#mistake:visible")

    def test_contrast(self) -> None:
        """Each text stands out from what is behind it by 4.5 to 1, in both themes and whatever is shown."""
        self.page.emulate_media(reduced_motion="reduce")
        for state in ("#empty", *self.STATES):
            self.show(state)
            for scheme in SCHEMES:
                self.page.emulate_media(color_scheme=scheme)
                with self.subTest(state=state, scheme=scheme):
                    found = self.page.evaluate(_FAINT)
                    self.assertGreater(found["count"], 20)
                    self.assertEqual(found["faint"], [])
            if state == "#empty":
                self.fill()
                self.page.wait_for_selector("#legend li:nth-child(7)")
        self.wrong.clear()  # the browser logs the search that was refused
        self.page.evaluate("document.querySelector('#reading').style.opacity = 0.5")
        self.assertEqual(len(self.page.evaluate(_FAINT)["faint"]), 1)  # so it would be found

    def test_help_and_catalogue(self) -> None:
        """The help and the catalogue can be read as well."""
        self.page.keyboard.press("?")
        for scheme in SCHEMES:
            self.page.emulate_media(color_scheme=scheme)
            self.assertEqual(self.page.evaluate(_FAINT)["faint"], [])
        self.assertEqual(self.page.evaluate(_NAMELESS), [])
        self.page.goto(f"{self.collector_url}/catalogue#track/Order%20Completed/1.0.0")
        for scheme in SCHEMES:
            self.page.emulate_media(color_scheme=scheme)
            self.assertEqual(self.page.evaluate(_FAINT)["faint"], [])
        self.assertEqual(self.page.evaluate(_NAMELESS), [])

    def test_names(self) -> None:
        """Everything that can be used has a name, and each id is there once."""
        self.fill()
        for state in self.STATES:
            self.show(state)
            with self.subTest(state=state):
                self.assertEqual(self.page.evaluate(_NAMELESS), [])
                ids = self.page.eval_on_selector_all("[id]", "all => all.map(one => one.id)")
                self.assertEqual(len(ids), len(set(ids)))
        self.wrong.clear()  # as above

    def test_focus(self) -> None:
        """The tab key reaches everything in the order of sight, and shows where it is."""
        self.fill()
        self.page.wait_for_selector("#list .row")
        reached: list[str | None] = []
        for _ in range(MOST):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement === document.body"):
                break  # all were reached, and the next one is the browser's own
            reached.append(
                self.page.evaluate(
                    """() => {
                        const {outlineStyle, outlineWidth} = getComputedStyle(document.activeElement);
                        const shown = outlineStyle !== 'none' && outlineWidth !== '0px';
                        return shown ? document.activeElement.id || document.activeElement.className : null;
                    }"""
                )
            )
        self.assertLess(len(reached), MOST)
        self.assertNotIn(None, reached)
        order = [
            "endpoint",
            "pause",
            "clear",
            "theme",
            "help",
            "tab-accepted",
            "search",
            "span",
            "export",
            "row",
        ]
        places = [reached.index(name) for name in order]
        self.assertEqual(places, sorted(places))

    def test_into_and_out(self) -> None:
        """Enter opens a call, Enter again goes into it, Escape comes back to its row."""
        self.fill()
        self.page.wait_for_selector("#list .row")
        self.page.keyboard.press("j")
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("#detail h2:has-text('alias')")
        self.page.keyboard.press("Enter")
        self.assertEqual(self.page.evaluate("document.activeElement.tagName"), "H2")
        self.page.keyboard.press("j")
        self.page.wait_for_selector("#detail h2:has-text('group')")
        self.page.wait_for_function("() => document.activeElement.tagName === 'H2'")
        self.page.keyboard.press("Escape")
        self.assertIn("group", self.page.evaluate("document.activeElement.textContent"))
        self.page.keyboard.press("G")
        self.page.wait_for_function("() => document.activeElement.textContent.includes('track')")
        self.page.keyboard.press("g")
        self.page.wait_for_function("() => document.activeElement.textContent.includes('alias')")
