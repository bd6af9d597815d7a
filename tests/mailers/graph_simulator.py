"""Microsoft Graph's sendMail with a JSON body, as documented.

https://learn.microsoft.com/graph/api/user-sendmail
https://learn.microsoft.com/graph/api/resources/message
https://learn.microsoft.com/graph/errors
"""

import json
import re
from typing import Any

import jsonschema
from aiohttp import web

from tests.mailers.http_provider import HttpProvider, refusal
from tests.mailers.json_schema import TEXT, strict_object

MAILBOX = "newsletter@contoso.example"

_RECIPIENT = strict_object(
    ["emailAddress"], emailAddress=strict_object(["address"], address=TEXT, name=TEXT)
)
_RECIPIENTS = {"type": "array", "items": _RECIPIENT}
_HEADERS = {"type": "array", "items": strict_object(["name", "value"], name=TEXT, value=TEXT)}
SEND_MAIL = strict_object(
    ["message"],
    message=strict_object(
        ["toRecipients"],
        subject=TEXT,
        body=strict_object(
            ["contentType", "content"], contentType={"enum": ["text", "html"]}, content=TEXT
        ),
        toRecipients=_RECIPIENTS,
        ccRecipients=_RECIPIENTS,
        bccRecipients=_RECIPIENTS,
        replyTo=_RECIPIENTS,
        internetMessageId=TEXT,
        internetMessageHeaders=_HEADERS,
        **{"from": _RECIPIENT},
    ),
    saveToSentItems={"type": "boolean"},
)


class GraphSimulator(HttpProvider):
    """`messages` are the accepted ones, oldest first; `sent_items` those kept in the mailbox.

    `out_of_scope` are mailboxes that Exchange gives the application no role for. `also_accepts`
    is a further bearer token.
    """

    def __init__(self) -> None:
        self.out_of_scope: set[str] = set()
        self.also_accepts: str | None = None
        self.messages: list[dict[str, Any]] = []
        self.sent_items: list[dict[str, Any]] = []
        app = web.Application()
        app.router.add_post("/v1.0/users/{user}/sendMail", self._send_mail)
        super().__init__(app)

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1.0"

    @property
    def token(self) -> str:
        """The one that it accepts: issued for its own origin."""
        return f"token-for-{self.url}/.default"

    async def _send_mail(self, request: web.Request) -> web.Response:
        if refused := self._refused_caller(request):
            return refused
        if request.content_type != "application/json":
            return refusal(415, "UnsupportedMediaType", "Send JSON.")
        body = json.loads(await request.read())
        try:
            jsonschema.validate(body, SEND_MAIL)
        except jsonschema.ValidationError as error:
            return refusal(400, "UnableToDeserializePostBody", error.message)
        if refused := _refused_message(body["message"]):
            return refused
        self.messages.append(body["message"])
        if body.get("saveToSentItems", True):
            self.sent_items.append(body["message"])
        return web.Response(status=202)

    def _refused_caller(self, request: web.Request) -> web.Response | None:
        known = {f"Bearer {self.token}", f"Bearer {self.also_accepts}"}
        if request.headers.get("Authorization") not in known:
            return refusal(401, "InvalidAuthenticationToken", "Access token is empty or wrong.")
        if request.match_info["user"] in self.out_of_scope:
            return refusal(403, "ErrorAccessDenied", "Access is denied. Check credentials.")
        if request.match_info["user"] != MAILBOX:
            return refusal(404, "ErrorInvalidUser", "The requested user is invalid.")
        return None


def _refused_message(message: dict[str, Any]) -> web.Response | None:
    if "from" in message and message["from"]["emailAddress"]["address"] != MAILBOX:
        return refusal(403, "ErrorSendAsDenied", "The user is not allowed to send as this mailbox.")
    people = message["toRecipients"] + message.get("replyTo", [])
    for address in [person["emailAddress"]["address"] for person in people]:
        if not re.fullmatch(r"[^\s@]+@[a-z0-9-]+(\.[a-z0-9-]+)+", address):
            return refusal(400, "ErrorInvalidRecipients", f"{address} is not valid.")
    if not message["toRecipients"]:
        return refusal(400, "ErrorInvalidRecipients", "At least one recipient is needed.")
    for header in message.get("internetMessageHeaders", []):
        if not header["name"].lower().startswith("x-"):
            return refusal(
                400, "InvalidInternetMessageHeader", "Names of headers have to begin with x-."
            )
    return None
