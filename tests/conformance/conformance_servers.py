"""The clients for servers: Segment's and RudderStack's, for Node and for Python."""

from tests.conformance import server_case
from tests.conformance.environment import HERE, python

PYTHON_CLIENT = str(HERE / "clients" / "python_client.py")


class SegmentNode(server_case.ServerCase):
    """`@segment/analytics-node`."""

    command = ("node", str(HERE / "clients" / "segment_node.js"))
    npm = True


class RudderNode(server_case.ServerCase):
    """`@rudderstack/rudder-sdk-node`."""

    command = ("node", str(HERE / "clients" / "rudder_node.js"))
    npm = True


class SegmentPython(server_case.ServerCase):
    """`segment-analytics-python`."""

    command = (str(python("segment")), PYTHON_CLIENT, "segment.analytics")


class RudderPython(server_case.ServerCase):
    """`rudder-sdk-python`, which compresses."""

    command = (str(python("rudder")), PYTHON_CLIENT, "rudderstack.analytics")
