# pyright: reportUnnecessaryTypeIgnoreComment=true
"""Right calls pass the type checker; each wrong one has an ignore, which is reported if it is not needed."""

from uuid import UUID

from semantic_events import Commerce, Events

from segment_client import Receipt, SegmentClient


def right(client: SegmentClient, root: UUID) -> Receipt:
    """Make calls as the README shows them."""
    client.identify(root, user_id="u", traits={"first_name": "Ada", "custom": 1})
    client.track(
        root, "Paid", user_id="u", commerce={"order_id": "o", "revenue": 1.5, "products": [{"sku": "s"}]}
    )
    client.track(root_event_gid=str(root), event_name="Paid", user_id="u", commerce=Commerce(order_id="o"))
    scope = client.bind(root_event_gid=root, user_id="u")
    scope.page(name="Home", properties={"url": "https://example.com/"})
    events = Events(scope)
    events.signed_up(method="google", plan="free", referral_code=None)
    return events.article_completed(article_id="a", title="T", word_count=1, published=True)


def wrong(client: SegmentClient, root: UUID) -> None:
    """Make calls that a type checker must refuse."""
    client.track(root)  # type: ignore[call-arg]  # no event name
    client.track(root, "E", user_id=5)  # type: ignore[arg-type]  # a number for text
    client.track(root, "E", user="u")  # type: ignore[call-arg]  # no such keyword
    client.track(root, "E", "u")  # type: ignore[call-arg]  # only the first two may be positional
    client.track(root, "E", user_id="u", commerce={"order": "o"})  # type: ignore[arg-type]  # no such field
    client.track(root, "E", user_id="u", commerce={"tax": "1"})  # type: ignore[arg-type]  # text for a number
    client.track(root, "E", user_id="u", entity_gid=root)  # type: ignore[call-arg]  # the client's, not the call's
    client.bind(user="u")  # type: ignore[call-arg]  # no such keyword
    events = Events(client)
    events.article_completed(article_id="a", title="T", word_count=1)  # type: ignore[call-arg]  # a property is missing
    events.article_completed(article_id="a", title=None, word_count=1, published=True)  # type: ignore[arg-type]  # None
    events.article_completed(article_id="a", title="T", word_count="1", published=True)  # type: ignore[arg-type]  # text
