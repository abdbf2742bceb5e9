"""Names by identity: no order and no neighbour changes them."""

import unittest

from hypothesis import given
from hypothesis import strategies as st
from segment_codegen.ir import CALL_TYPES, CallType
from segment_codegen.names import fields, method_for, parameters

from tests.laws import law

WIRES = st.lists(
    st.text(max_size=6) | st.sampled_from(["site id", "site-id", "site_id", "siteId", "class", "copy"]),
    unique=True,
)
TAKEN = frozenset({"self", "user_id"})


class NamesTest(unittest.TestCase):
    """What every name keeps."""

    @law()
    @given(WIRES)
    def test_order(self, wires: list[str]) -> None:
        """Names are all different, and the same in any order."""
        found = fields(wires)
        keywords = parameters(wires, TAKEN)
        self.assertEqual((len(set(found.values())), len(set(keywords.values()))), (len(wires), len(wires)))
        self.assertEqual((fields(wires[::-1]), parameters(wires[::-1], TAKEN)), (found, keywords))
        self.assertFalse(TAKEN & set(keywords.values()))

    @law()
    @given(WIRES)
    def test_added(self, wires: list[str]) -> None:
        """One more that wants a name that is shared already takes it from nobody."""
        shared = ["site id", "site-id", *(each for each in wires if each not in {"site id", "site-id"})]
        before = fields(shared)
        after = fields([*shared, *({"site.id"} - set(shared))])
        self.assertEqual({wire: after[wire] for wire in shared}, before)

    @law()
    @given(st.text(min_size=1), st.sampled_from(CALL_TYPES))
    def test_methods(self, name: str, kind: CallType) -> None:
        """Every name leaves a public method, and the same one each time."""
        method = method_for(kind, name)
        self.assertTrue(method.isidentifier() and not method.startswith("_"), method)
        self.assertEqual(method_for(kind, name), method)

    def test_known(self) -> None:
        """Names read as people write them."""
        expected: dict[tuple[CallType, str], str] = {
            ("track", "Order Completed"): "order_completed",
            ("track", "orderCompleted"): "order_completed",
            ("track", "2FA Page Viewed"): "event_2fa_page_viewed",
            ("track", "class"): "class_event",
            ("track", "__init__"): "init",
            ("track", "Заказ Оформлен"): "заказ_оформлен",
            ("page", "Home"): "page_home",
            ("page", ""): "page",
            ("identify", ""): "identify",
        }
        self.assertEqual({each: method_for(*each) for each in expected}, expected)


if __name__ == "__main__":
    unittest.main()
