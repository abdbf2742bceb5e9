# ruff: noqa: T201, D103 - the examples talk to their reader, and their names say what they show
"""Every call and every error of the client, in small functions to copy from.

`python examples.py` runs them against a collector in this process, `python examples.py ENDPOINT --write-key
KEY` against that server; the examples that need a server of their own stay in this process.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from pydantic import ValidationError
from semantic_events import CommerceDict, Events, SemanticEvent, Traits

from segment_client import (
    Delivered,
    RateLimitedError,
    RejectedError,
    SegmentClient,
    TooLargeError,
    UnauthorizedError,
    UnreachableError,
)
from segment_client.collector import Collector
from segment_client.ids import default_entity_gid
from segment_client.testing import Answer, FakeServer

# --- The calls. `visit` is the root event's id: what happens because of one thing shares it.


def identify_a_user(client: SegmentClient, visit: UUID) -> None:
    client.identify(visit, user_id="ada", traits={"email": "ada@example.com", "plan": "team", "logins": 3})
    client.identify(visit, user_id="ada", traits=Traits(first_name="Ada", company="Analytical Engines"))


def track_an_event(client: SegmentClient, visit: UUID) -> None:
    receipt = client.track(visit, "Report Exported", user_id="ada", properties={"rows": 350, "format": "csv"})
    print(f"    {receipt.status} as {receipt.message_id} in {receipt.attempts} attempt")


def track_what_happened_earlier(client: SegmentClient, visit: UUID) -> None:
    client.track(visit, "Report Exported", user_id="ada", timestamp=datetime.now(UTC) - timedelta(hours=2))
    client.track(visit, "Report Exported", user_id="ada", timestamp="2026-01-31T09:30:00+01:00")


def track_with_context(client: SegmentClient, visit: UUID) -> None:
    client.track(
        visit,
        "Report Exported",
        user_id="ada",
        context={
            "ip": "203.0.113.7",
            "locale": "en-GB",
            "userAgent": "Mozilla/5.0",  # Segment's spelling and ours are both taken
            "campaign": {"name": "spring", "source": "newsletter"},
            "release": "2026.1",  # what the schema does not know is kept in context.extras
        },
        integrations={"All": True, "Mixpanel": False},
    )


def track_with_typed_objects(client: SegmentClient, visit: UUID) -> None:
    commerce: CommerceDict = {
        "order_id": "o-1",
        "revenue": 25.0,
        "currency": "EUR",
        "products": [{"product_id": "p-1", "unit_price": 12.5, "units": 2.0}],
    }
    client.track(visit, "Order Paid", user_id="ada", commerce=commerce, metrics={"delivery_days": 2.0})


def view_a_page(client: SegmentClient, visit: UUID) -> None:
    properties = {"url": "https://example.com/pricing", "path": "/pricing", "title": "Pricing"}
    client.page(visit, name="Pricing", user_id="ada", properties=properties)


def view_a_screen(client: SegmentClient, visit: UUID) -> None:
    client.screen(visit, name="Login", user_id="ada", app={"name": "Reports", "version": "4.2"})


def join_a_group(client: SegmentClient, visit: UUID) -> None:
    client.group(visit, "acme", user_id="ada", traits={"name": "Acme", "employees": 42})


def link_two_ids(client: SegmentClient, visit: UUID) -> None:
    client.track(visit, "Pricing Opened", anonymous_id="browser-1")
    client.alias(visit, "browser-1", user_id="ada")


def bind_what_repeats(client: SegmentClient, visit: UUID) -> None:
    request = client.bind(root_event_gid=visit, user_id="ada", context={"locale": "en-GB"})
    request.track(event_name="Report Opened")
    request.bind(session_id="s-1").track(event_name="Report Exported", context={"timezone": "Europe/London"})


def use_the_catalogue(client: SegmentClient, visit: UUID) -> None:
    events = Events(client.bind(root_event_gid=visit, user_id="ada"))  # a client or a scope
    events.item_purchased(item_id="i-1", price=12.5, currency="EUR", quantity=2)
    events.feature_flag_evaluated(flag_key="new-editor", variant="on", enabled=True)


def send_the_same_event_again(client: SegmentClient, visit: UUID) -> None:
    for _ in range(2):
        client.track(visit, "Invoice Sent", user_id="ada", message_id=f"invoice-{visit}")


# --- The errors. What is wrong in the call raises before anything is sent.


def forget_whom_it_is_about(client: SegmentClient, visit: UUID) -> None:
    try:
        client.track(visit, "Report Exported")
    except ValueError as error:
        print(f"    ValueError: {error}")


def pass_an_integration_that_is_no_bool(client: SegmentClient, visit: UUID) -> None:
    settings: Any = {"Mixpanel": "yes"}
    try:
        client.track(visit, "Report Exported", user_id="ada", integrations=settings)
    except TypeError as error:
        print(f"    TypeError: {error}")


def pass_a_field_of_the_wrong_type(client: SegmentClient, visit: UUID) -> None:
    try:
        client.track(visit, "Report Exported", user_id="ada", context={"ip": 12345})
    except ValidationError as error:
        print(f"    ValidationError: {error.errors()[0]['msg']}")


def pass_a_wrong_property_to_the_catalogue(client: SegmentClient, visit: UUID) -> None:
    price: Any = "free"
    try:
        Events(client).item_purchased(
            root_event_gid=visit, user_id="ada", item_id="i-1", price=price, currency="EUR", quantity=1
        )
    except ValidationError as error:
        print(f"    ValidationError: {error.errors()[0]['loc'][0]}: {error.errors()[0]['msg']}")


def send_too_much(client: SegmentClient, visit: UUID) -> None:
    try:
        client.track(visit, "Report Exported", user_id="ada", properties={"rows": "x" * 40_000})
    except TooLargeError as error:
        print(f"    TooLargeError: {error}")


# --- A valid event that is not delivered raises a DeliveryError. Each says what to do.


def use_a_wrong_key(server: str, visit: UUID) -> None:
    with SegmentClient("wrong-key", uuid4(), "default", server) as client:
        try:
            client.track(visit, "Report Exported", user_id="ada")
        except UnauthorizedError as error:
            print(f"    UnauthorizedError: {error}")


def send_to_a_wrong_path(server: str, visit: UUID) -> None:
    with SegmentClient(KEY, uuid4(), "default", f"{server}/nowhere") as client:
        try:
            client.track(visit, "Report Exported", user_id="ada")
        except RejectedError as error:
            print(f"    RejectedError: {error.status_code}, {error.server_message}")


def send_to_a_server_that_is_down(_server: str, visit: UUID) -> None:
    with SegmentClient(KEY, uuid4(), "default", "http://127.0.0.1:9", max_attempts=2) as client:
        try:
            client.track(visit, "Report Exported", user_id="ada")
        except UnreachableError as error:
            print(f"    UnreachableError: {error}")


def send_to_a_busy_server(_server: str, visit: UUID) -> None:
    busy = Answer(429, {"Retry-After": "0"})
    with (
        FakeServer(busy, busy) as server,
        SegmentClient(KEY, uuid4(), "default", server.url, max_attempts=2) as client,
    ):
        try:
            client.track(visit, "Report Exported", user_id="ada")
        except RateLimitedError as error:
            print(f"    RateLimitedError: {error}")
        print(f"    {client.stats()}")


# --- Delivery in the background, from memory or from a file that outlives the process.


def send_in_the_background(server: str, visit: UUID) -> None:
    with SegmentClient(KEY, uuid4(), "default", server, delivery="background") as client:
        print(f"    {client.track(visit, 'Report Exported', user_id='ada').status}")
        print(f"    delivered: {client.flush(timeout=10)}")


def keep_events_on_disk(server: str, visit: UUID) -> None:
    with (
        TemporaryDirectory() as folder,  # in your program: a local folder that stays
        SegmentClient(KEY, uuid4(), "default", server, spool=f"{folder}/events.db") as client,
    ):
        print(f"    {client.track(visit, 'Report Exported', user_id='ada').status}: no crash loses it")


# --- Hooks: change or hold back what is sent, and learn what became of it.


def hide_and_hold_back(server: str, visit: UUID) -> None:
    def before_send(event: SemanticEvent) -> SemanticEvent | None:
        if event.event == "Heartbeat":
            return None
        return event.model_copy(update={"user_id": "hidden"})

    with SegmentClient(KEY, uuid4(), "default", server, before_send=before_send) as client:
        print(f"    {client.track(visit, 'Heartbeat', user_id='ada').status}")
        print(f"    {client.track(visit, 'Report Exported', user_id='ada').status}")


# --- Running them all.

KEY = "examples-key"

WITH_A_CLIENT = (
    identify_a_user,
    track_an_event,
    track_what_happened_earlier,
    track_with_context,
    track_with_typed_objects,
    view_a_page,
    view_a_screen,
    join_a_group,
    link_two_ids,
    bind_what_repeats,
    use_the_catalogue,
    send_the_same_event_again,
    forget_whom_it_is_about,
    pass_an_integration_that_is_no_bool,
    pass_a_field_of_the_wrong_type,
    pass_a_wrong_property_to_the_catalogue,
    send_too_much,
)
WITH_A_SERVER = (
    use_a_wrong_key,
    send_to_a_wrong_path,
    send_to_a_server_that_is_down,
    send_to_a_busy_server,
    send_in_the_background,
    keep_events_on_disk,
    hide_and_hold_back,
)


def run_with_a_client(endpoint: str, key: str) -> set[str]:
    """Return the ids of the messages that were delivered."""
    delivered: list[Delivered] = []
    entity_gid = default_entity_gid(key)
    with SegmentClient(key, entity_gid, "default", endpoint, on_delivered=delivered.append) as client:
        for example in WITH_A_CLIENT:
            print(example.__name__)
            example(client, uuid4())
    return {event["messageId"] for request in delivered for event in request.events}


def missing(url: str, message_ids: set[str]) -> set[str]:
    """Return the messages that a collector does not have."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request("GET", "/api/events?limit=1000")
    held = {event["message_id"] for event in json.load(connection.getresponse())["events"]}
    connection.close()
    return message_ids - held


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Run the examples.")
    parser.add_argument("endpoint", nargs="?", help="where to send (default: a collector in this process)")
    parser.add_argument("--write-key", default=KEY, help="the server's write key (default: %(default)s)")
    args = parser.parse_args(argv)
    with Collector(write_key=KEY) as collector:
        for example in WITH_A_SERVER:
            print(example.__name__)
            example(collector.url, uuid4())
        delivered = run_with_a_client(args.endpoint or collector.url, args.write_key)
        lost = set() if args.endpoint else missing(collector.url, delivered)
    print(f"{len(delivered)} events delivered to {args.endpoint or 'the collector'}, {len(lost)} lost")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
