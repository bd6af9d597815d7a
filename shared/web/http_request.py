"""What an endpoint reads from a request, whichever endpoint it is."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from shared.values.record_notes import Click, WithdrawalNote
from shared.values.request_seen import RequestSeen
from shared.web.client_address import client_address

if TYPE_CHECKING:
    from datetime import datetime

    import azure.functions as func

_LONGEST_USER_AGENT = 300
_LONGEST_TOKEN = 1000
_LONGEST_CODE = 30


def header(request: func.HttpRequest, name: str) -> str | None:
    """A header's value, or None."""
    value = request.headers.get(name)
    return value if isinstance(value, str) and value else None


def media_type(request: func.HttpRequest) -> str:
    """The content type without parameters, in lower case."""
    return (header(request, "Content-Type") or "").partition(";")[0].strip().lower()


def sender_of(request: func.HttpRequest, trusted_proxies: int) -> str | None:
    """The client's IP address, if it can be known."""
    return client_address(header(request, "X-Forwarded-For"), trusted_proxies)


def seen_of(request: func.HttpRequest) -> RequestSeen:
    """How it came in, without any address."""
    forwarded_for = header(request, "X-Forwarded-For")
    return RequestSeen(
        proxies=len(forwarded_for.split(",")) if forwarded_for else 0,
        by_front_door=header(request, "X-Azure-FDID") is not None,
    )


def user_agent_of(request: func.HttpRequest) -> str | None:
    """The client's software, as it calls itself; printable characters only."""
    agent = header(request, "User-Agent")
    if agent is None:
        return None
    return "".join(letter for letter in agent if letter.isprintable())[:_LONGEST_USER_AGENT]


def click_of(request: func.HttpRequest, trusted_proxies: int, at: datetime) -> Click:
    """Who pressed a button, for the evidence."""
    return Click(
        at=at, address=sender_of(request, trusted_proxies), user_agent=user_agent_of(request)
    )


def withdrawal_of(
    request: func.HttpRequest, trusted_proxies: int, at: datetime, *, one_click: bool
) -> WithdrawalNote:
    """Who took a consent back, for the evidence."""
    return WithdrawalNote(
        at=at,
        address=sender_of(request, trusted_proxies),
        user_agent=user_agent_of(request),
        one_click=one_click,
    )


def token_in_query(request: func.HttpRequest) -> str:
    """The token of a link; empty when there is none."""
    token = request.params.get("token")
    return token[:_LONGEST_TOKEN] if isinstance(token, str) else ""


def token_in_body(request: func.HttpRequest) -> str:
    """The token that a button's form posted; empty when there is none."""
    return _in_body(request, "token")[:_LONGEST_TOKEN]


def code_in_body(request: func.HttpRequest) -> str:
    """What was typed where a page asked for the code in the mail; empty when nothing was."""
    return _in_body(request, "code")[:_LONGEST_CODE].strip()


def _in_body(request: func.HttpRequest, name: str) -> str:
    try:
        body = request.get_body()[: 2 * _LONGEST_TOKEN].decode("ascii")
        return parse_qs(body, max_num_fields=10).get(name, [""])[0]
    except ValueError:
        return ""
