"""A mail program that unsubscribes for its user, as RFC 8058 has it.

It posts `List-Unsubscribe=One-Click` to the very address in the mail's header, without cookies or
authorisation. Section 3.2 prefers multipart/form-data for it, and allows the other.
"""

from urllib.parse import parse_qs

import azure.functions as func

from shared.web.http_request import header, media_type

_KEY, _VALUE = "List-Unsubscribe", "One-Click"
_LONGEST_BODY = 4096


def is_one_click(request: func.HttpRequest) -> bool:
    """Whether the body says so. What cannot be read does not."""
    body = request.get_body()[:_LONGEST_BODY]
    if media_type(request) == "multipart/form-data":
        return _in_multipart(body, header(request, "Content-Type") or "")
    try:
        return _VALUE in parse_qs(body.decode("ascii"), max_num_fields=10).get(_KEY, [])
    except ValueError:
        return False


def _in_multipart(body: bytes, content_type: str) -> bool:
    if not content_type.isascii():
        return False
    # No visitor's first page should wait for these: only mail programs send such a body.
    from email import message_from_bytes  # noqa: PLC0415 - see above
    from email.policy import HTTP  # noqa: PLC0415 - see above

    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = message_from_bytes(head + body, policy=HTTP)
    return any(
        part.get_param("name", header="Content-Disposition") == _KEY
        and str(part.get_payload()).strip() == _VALUE
        for part in message.walk()
        if not part.is_multipart()
    )
