"""A queue message's body on the wire, and what a function learns about its message."""

import base64 as base64_codec
import binascii

from azure.functions.meta import Datum
from azure.storage.queue import QueueMessage


class Undecodable(Exception):
    """The text in the queue is not what `messageEncoding` promises."""


def encoded(body: bytes, *, base64: bool) -> str:
    """The text that goes into the queue; raises ValueError for bytes that only base64 can carry."""
    return base64_codec.b64encode(body).decode() if base64 else body.decode()


def decoded(text: str, *, base64: bool) -> bytes:
    """The body of a message; raises Undecodable. Like .NET, base64 may hold white space."""
    if not base64:
        return text.encode()
    try:
        return base64_codec.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Undecodable(str(error)) from error


def trigger_metadata(message: QueueMessage) -> dict[str, Datum]:
    """What `azure.functions.QueueMessage` is made of beside the body.

    https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#message-metadata
    """
    metadata = {
        "Id": Datum(message.id, "string"),
        "PopReceipt": Datum(message.pop_receipt, "string"),
        "DequeueCount": Datum(str(message.dequeue_count), "json"),
    }
    times = {
        "InsertionTime": message.inserted_on,
        "ExpirationTime": message.expires_on,
        "NextVisibleTime": message.next_visible_on,
    }
    for name, moment in times.items():
        if moment is not None:
            metadata[name] = Datum(moment.isoformat(), "string")
    return metadata
