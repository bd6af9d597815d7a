"""What stands in a queue message: JSON, as it is or in base64."""

import base64
import binascii


def body_in(text: bytes) -> bytes:
    """The body of a message whose text the host has handed on as it is.

    We write base64; Event Grid writes one or the other, its documentation leaves it open
    (https://github.com/Azure/azure-webjobs-sdk/issues/2667). The two cannot be confused: every
    message of ours is a JSON object, and base64 has no brace. Text that is neither is returned
    as it is, for the parser to refuse.
    """
    stripped = text.strip()
    if stripped.startswith(b"{"):
        return text
    try:
        return base64.b64decode(b"".join(stripped.split()), validate=True)
    except binascii.Error:
        return text
