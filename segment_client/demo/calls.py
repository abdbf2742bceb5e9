"""The demo's own calls, through the real client: good ones in either format, and a wrong one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import ValidationError
from semantic_events import Events

from segment_client.client import SegmentClient
from segment_client.demo.outcome import Outcome
from segment_client.ids import default_entity_gid, new_gid, new_message_id

if TYPE_CHECKING:
    from segment_client.accounting import Receipt
    from segment_client.wire import WireFormat

__all__ = ["KEY", "send_calls", "send_wrong"]

KEY = "demo-write-key"
_WRONG = 'events.article_completed(word_count="many", ...)'


def send_calls(endpoint: str, wire: WireFormat) -> Iterator[Outcome]:
    """Send a few calls, one of them twice; raises DeliveryError for one that is not delivered."""
    with _client(endpoint, wire) as client:
        for code, receipt in _calls(client):
            answer = f"{receipt.status}, {receipt.status_code}"
            yield Outcome(f'wire="{wire}"', code, answer, (receipt.message_id,))


def send_wrong(endpoint: str) -> Outcome:
    """Make a call that the catalogue refuses; nothing of it should be sent."""
    with _client(endpoint, "segment") as client:
        call = Outcome("wrong on purpose", _WRONG, "ValidationError")
        try:
            Events(client).article_completed(
                root_event_gid=new_gid(),
                user_id="ada",
                article_id="a-1",
                title="On Engines",
                word_count="many",  # type: ignore[arg-type]  # wrong on purpose; the type checker sees it too
                published=True,
            )
        except ValidationError as error:
            refusals = tuple((".".join(map(str, wrong["loc"])), wrong["msg"]) for wrong in error.errors())
            return replace(call, refusals=refusals)
        return replace(call, answer="sent", problem=f"{_WRONG} was sent")


def _client(endpoint: str, wire: WireFormat) -> SegmentClient:
    return SegmentClient(KEY, default_entity_gid(KEY), "default", endpoint, wire=wire)


def _calls(client: SegmentClient) -> Iterator[tuple[str, Receipt]]:
    """Yield each call's code and receipt."""
    visit = client.bind(root_event_gid=new_gid(), user_id="ada", context={"locale": "en-GB"})
    events = Events(visit)
    traits = {"email": "ada@example.com", "plan": "team"}
    yield 'identify(traits={"plan": "team", ...})', visit.identify(traits=traits)
    place = {"url": "https://example.com/pricing", "path": "/pricing"}
    yield 'page(name="Pricing", ...)', visit.page(name="Pricing", properties=place)
    earlier = datetime.now(UTC) - timedelta(minutes=5)
    exported = visit.track(event_name="Report Exported", properties={"rows": 350}, timestamp=earlier)
    yield 'track(event_name="Report Exported", timestamp=...)', exported
    article = events.article_completed(article_id="a-1", title="On Engines", word_count=350, published=True)
    yield "events.article_completed(word_count=350, ...)", article
    once = new_message_id()
    for code in ("events.item_purchased(price=12.5, ...)", "the same again, as after a lost answer"):
        yield (
            code,
            events.item_purchased(item_id="i-1", price=12.5, currency="EUR", quantity=2, message_id=once),
        )
