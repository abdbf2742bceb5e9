# pyright: reportUnnecessaryTypeIgnoreComment=true
"""A plan's package as type checkers see it: right calls pass, each wrong one needs the ignore that it has.

mypy and pyright both report an ignore that is not needed, so what one of them lets through fails.
"""

from collections.abc import Callable
from uuid import UUID

from pydantic_core import MISSING

from segment_client import Receipt, Scope, SegmentClient
from tests.codegen.golden.shop import Events, OrderCompletedLineDict, Violation
from tests.codegen.golden.shop.event_models import OrderCompletedLine


def right(client: SegmentClient, scope: Scope, root: UUID) -> Receipt:
    """Make calls as the README shows them."""
    events = Events(scope)
    line: OrderCompletedLineDict = {"sku": "s", "quantity": 1, "gift to": None}
    events.order_completed(
        order_id="o", total=1, coupon=None, lines=[line, OrderCompletedLine(sku="s", quantity=2)]
    )
    events.order_completed(
        order_id="o",
        total=1.5,
        coupon="c",
        currency="EUR",
        lines=[{"sku": "s", "quantity": 1}],
        discount=MISSING,
    )
    events.identify(plan=None, email="a@example.com", extra_properties={"any": [1]}, context={"locale": "en"})
    events.identify(plan="free", first_order="2026-01-31T09:30:00Z", timestamp="2026-01-31T09:30:00Z")
    events.group(group_id="g", employees=3)
    events.page_pricing(currency="EUR", user_id="u")
    return Events(client).page_pricing(root_event_gid=root, user_id="u")


def policies(client: SegmentClient, told: Callable[[Violation], bool]) -> None:
    """Say what a method answers, which depends on what is done with violations."""
    raising: Receipt = Events(client).page_pricing()
    warning: Receipt = Events(client, on_violation="warn", provenance=False).page_pricing()
    dropping: Receipt | None = Events(client, on_violation="drop").page_pricing()
    telling: Receipt | None = Events(client, on_violation=told).page_pricing()
    _ = (raising, warning, dropping, telling)
    surely: Receipt = Events(client, on_violation="drop").page_pricing()  # type: ignore[assignment]  # it may be None
    asked: Receipt = Events(client, on_violation=told).page_pricing()  # type: ignore[assignment]  # it may be None
    _ = (surely, asked)
    Events(client, on_violation="explode")  # type: ignore[call-overload]  # no such policy
    Events(client, on_violation=len)  # type: ignore[arg-type]  # it takes no violation
    Events(client, "warn")  # type: ignore[call-overload]  # by keyword only
    Events("client")  # type: ignore[call-overload]  # it has no calls


def wrong(scope: Scope) -> None:
    """Make calls that a type checker must refuse."""
    events = Events(scope)
    line: OrderCompletedLineDict = {"sku": "s", "quantity": 1}
    lines = [line]
    events.order_completed(order_id="o", total=1, lines=lines)  # type: ignore[call-arg]  # nullable, but required
    events.order_completed(order_id="o", coupon=None, lines=lines)  # type: ignore[call-arg]  # a property is missing
    events.order_completed(order_id=1, total=1, coupon=None, lines=lines)  # type: ignore[arg-type]  # a number for text
    events.order_completed(order_id="o", total="1", coupon=None, lines=lines)  # type: ignore[arg-type]  # text for a number
    events.order_completed(order_id=None, total=1, coupon=None, lines=lines)  # type: ignore[arg-type]  # not nullable
    events.order_completed(order_id="o", total=1, coupon=None, lines=lines, currency=None)  # type: ignore[arg-type]  # optional is not nullable
    events.order_completed(order_id="o", total=1, coupon=None, lines=lines, currency="USD")  # type: ignore[arg-type]  # no such value
    events.order_completed(order_id="o", total=1, coupon=None, lines=lines, colour="red")  # type: ignore[call-arg]  # no such property
    events.order_completed("o", total=1, coupon=None, lines=lines)  # type: ignore[call-arg, misc]  # nothing is positional
    events.order_completed(order_id="o", total=1, coupon=None, lines=[{"sku": "s"}])  # type: ignore[list-item]  # no quantity
    events.order_completed(order_id="o", total=1, coupon=None, lines=line)  # type: ignore[arg-type]  # one line for a list
    events.order_completed(order_id="o", total=1, coupon=None, lines=lines, extra_properties={})  # type: ignore[call-arg]  # it is closed
    events.order_completed(order_id="o", total=1, coupon=None, lines=lines, event_name="E")  # type: ignore[call-arg]  # the event's own
    events.order_completed(order_id="o", total=1, coupon=None, lines=lines, user_id=5)  # type: ignore[arg-type]  # the call's, text
    events.identify(plan="gold")  # type: ignore[arg-type]  # no such value
    events.identify(plan=None, email=None)  # type: ignore[arg-type]  # optional is not nullable
    events.group(employees=3)  # type: ignore[call-arg]  # no group
    events.order_complete()  # type: ignore[attr-defined]  # no such event
