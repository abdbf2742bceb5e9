"""The two JSON shapes of an event: `encode` writes either, `decode` reads either, nothing is lost."""

from segment_client.wire.amend import amend
from segment_client.wire.decode import Identity, decode
from segment_client.wire.encode import WireFormat, encode, encode_fields, projected, to_segment
from segment_client.wire.foreign import DEFAULT_EVENTS
from segment_client.wire.text import Json, to_json_value, to_text, to_texts

__all__ = [
    "DEFAULT_EVENTS",
    "Identity",
    "Json",
    "WireFormat",
    "amend",
    "decode",
    "encode",
    "encode_fields",
    "projected",
    "to_json_value",
    "to_segment",
    "to_text",
    "to_texts",
]
