"""Every call, its delivery and its faults; on stderr the name of each module that is imported only then."""

import os
import sys
import uuid

from segment_client import SegmentClient
from segment_client.wire import WireFormat

wire: WireFormat = "segment" if sys.argv[1] == "segment" else "semantic"
spool = os.environ["TEST_SPOOL"] or None
client = SegmentClient(
    "key", uuid.uuid4(), "p", os.environ["TEST_SERVER_URL"], wire=wire, delivery="background",
    spool=spool, typed_properties=True, on_error=lambda _: None, on_delivered=lambda _: None,
)  # fmt: skip
late: list[str] = []
sys.addaudithook(lambda event, about: late.append(about[0]) if event == "import" else None)

root = uuid.uuid4()
properties = {"number": 1.5, "list": [{"a": None}]}
client.track(root, "E", user_id="u", properties=properties, context={"traits": {"email": "a@b.c"}})
client.identify(root, user_id="u", traits={"email": "a@b.c"}, timestamp="2026-01-31T09:30:00Z")
client.page(root, name="n", user_id="u", properties={"url": "https://a.b/c"})
client.screen(root, name="n", user_id="u")
client.group(root, "g", user_id="u")
client.alias(root, "old", user_id="u")
client.bind(user_id="u").track(root, "E")
if not client.close():
    sys.exit("not everything was delivered")
sys.stderr.writelines(f"{name}\n" for name in late)
