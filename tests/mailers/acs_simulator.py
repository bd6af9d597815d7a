"""Azure Communication Services Email, as its API description of 2025-09-01 has it.

https://github.com/Azure/azure-rest-api-specs (specification/communication/data-plane/Email)
Codes for which no list exists are those that people report: DomainNotLinked, InvalidEmailAddress,
EmailDroppedAllRecipientsSuppressed.
"""

import json
import re
from math import ceil
from typing import Any
from uuid import UUID

import jsonschema
from aiohttp import web

from tests.mailers.hourly_quota import HourlyQuota
from tests.mailers.http_provider import HttpProvider, refusal
from tests.mailers.json_schema import TEXT, strict_object

TOKEN = "token-for-https://communication.azure.com//.default"
API_VERSIONS = {"2023-03-31", "2025-09-01"}
VERIFIED_DOMAIN = "contoso.example"

_ADDRESSES = {"type": "array", "items": strict_object(["address"], address=TEXT, displayName=TEXT)}
EMAIL_MESSAGE = strict_object(
    ["senderAddress", "content", "recipients"],
    headers={"type": "object", "additionalProperties": TEXT},
    senderAddress=TEXT,
    content=strict_object(["subject"], subject=TEXT, plainText=TEXT, html=TEXT),
    recipients=strict_object(["to"], to=_ADDRESSES, cc=_ADDRESSES, bcc=_ADDRESSES),
    replyTo=_ADDRESSES,
    userEngagementTrackingDisabled={"type": "boolean"},
)


class AcsSimulator(HttpProvider):
    """`messages` are the accepted ones, oldest first; `operations` their state by operation id.

    Above its quota the service answers 429 with the seconds to wait.
    https://learn.microsoft.com/azure/communication-services/concepts/service-limits
    """

    def __init__(self, quota: HourlyQuota | None = None) -> None:
        self._quota = quota
        self.messages: list[dict[str, Any]] = []
        self.operations: dict[str, dict[str, Any]] = {}
        self.suppressed: set[str] = set()
        self.calls: list[str] = []
        app = web.Application()
        app.router.add_post("/emails:send", self._send)
        app.router.add_get("/emails/operations/{operation}", self._operation)
        super().__init__(app)

    async def _send(self, request: web.Request) -> web.Response:
        self.calls.append("send")
        if refused := _refused(request):
            return refused
        operation = request.headers.get("Operation-Id", "")
        if not _is_uuid(operation):
            return refusal(400, "BadRequest", "Operation-Id is not a UUID.")
        if request.content_type != "application/json":
            return refusal(415, "UnsupportedMediaType", "Send JSON.")
        message = json.loads(await request.read())
        try:
            jsonschema.validate(message, EMAIL_MESSAGE)
        except jsonschema.ValidationError as error:
            return refusal(400, "BadRequest", error.message)
        if refused := _refused_message(message) or self._over_quota():
            return refused
        self.messages.append(message)
        self.operations[operation] = self._state(operation, message)
        return web.json_response(
            {"id": operation, "status": "Running"},
            status=202,
            headers={
                "Operation-Location": f"{self.url}/emails/operations/{operation}",
                "retry-after": "20",
            },
        )

    def _over_quota(self) -> web.Response | None:
        wait = self._quota.take() if self._quota else None
        if wait is None:
            return None
        seconds = {"Retry-After": str(ceil(wait.total_seconds()))}
        return refusal(429, "TooManyRequests", "The quota of the hour is used up.", seconds)

    def _state(self, operation: str, message: dict[str, Any]) -> dict[str, Any]:
        if message["recipients"]["to"][0]["address"] in self.suppressed:
            error = {
                "code": "EmailDroppedAllRecipientsSuppressed",
                "message": "Email was dropped because all recipients were suppressed.",
            }
            return {"id": operation, "status": "Failed", "error": error}
        return {"id": operation, "status": "Running"}

    async def _operation(self, request: web.Request) -> web.Response:
        self.calls.append("operation")
        if refused := _refused(request):
            return refused
        state = self.operations.get(request.match_info["operation"])
        if state is None:
            return refusal(404, "NotFound", "Requested message could not be located.")
        return web.json_response(state)


def _refused(request: web.Request) -> web.Response | None:
    if request.headers.get("Authorization") != f"Bearer {TOKEN}":
        return refusal(401, "Denied", "Denied by the resource provider.")
    if request.query.get("api-version") not in API_VERSIONS:
        return refusal(400, "ApiVersionNotSupported", "Unknown api-version.")
    return None


def _refused_message(message: dict[str, Any]) -> web.Response | None:
    content = message["content"]
    if not (content.get("plainText") or content.get("html")):
        return refusal(400, "BadRequest", "The content has no body.")
    people = message["recipients"]["to"] + message.get("replyTo", [])
    for address in [person["address"] for person in people]:
        if not re.fullmatch(r"[!-~]+@[a-z0-9-]+(\.[a-z0-9-]+)+", address):
            return refusal(400, "InvalidEmailAddress", f"{address} is not valid.")
    if not message["recipients"]["to"]:
        return refusal(400, "BadRequest", "Nobody to send to.")
    if message["senderAddress"].rpartition("@")[2] != VERIFIED_DOMAIN:
        return refusal(404, "DomainNotLinked", "The sender domain has not been linked.")
    return None


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
