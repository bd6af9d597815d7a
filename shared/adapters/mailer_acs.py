"""Mail through Azure Communication Services Email, by its REST API.

https://learn.microsoft.com/rest/api/communication/email/email/send (2025-09-01)
"""

from typing import Any
from urllib.parse import quote

import requests

from shared.adapters.access_token import AccessTokens
from shared.adapters.mail_api import call_mail_api, error_code, failure_in, json_of
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import SentMail
from shared.values.mail import Mail
from shared.wire_mail import WireMail, wire_mail

API_VERSION = "2025-09-01"
# Two slashes: the resource's own id ends in one.
SCOPE = "https://communication.azure.com//.default"


class AcsMailer:
    """Implements ports.Mailer.

    Returns once the service has taken the mail over, which is long before it is delivered. The
    message id is the operation id, by which the service's delivery reports name the mail.

    The sender's name is the one configured with the sender in Azure: the API takes none.
    """

    name = "acs"
    can_be_asked = frozenset({name})

    def __init__(self, *, endpoint: str, tokens: AccessTokens, session: requests.Session) -> None:
        """`endpoint` is https://NAME.communication.azure.com."""
        self._endpoint = endpoint.rstrip("/")
        self._tokens = tokens
        self._session = session

    def send(self, mail: Mail, *, again: str | None) -> SentMail:
        """See ports.Mailer. With `again` the service is asked for the mail's operation first.

        Nothing documents that the service ignores a repeated operation id, hence the question.
        """
        checked = wire_mail(mail)
        if again and self._has_taken(checked):
            return SentMail(provider=self.name, message_id=checked.operation_id)
        answer = self._call(
            "POST", "/emails:send", {"Operation-Id": checked.operation_id}, _message(checked)
        )
        if answer.status_code != requests.codes.accepted:
            raise failure_in(answer, self.name)
        operation = json_of(answer).get("id")
        message_id = operation if isinstance(operation, str) else checked.operation_id
        return SentMail(provider=self.name, message_id=message_id)

    def _has_taken(self, mail: WireMail) -> bool:
        answer = self._call("GET", f"/emails/operations/{quote(mail.operation_id, safe='')}", {})
        if answer.status_code == requests.codes.not_found:
            return False
        if answer.status_code != requests.codes.ok:
            raise failure_in(answer, self.name)
        operation = json_of(answer)
        status = operation.get("status")
        if not isinstance(status, str):
            raise TemporaryFailure(f"{self.name}: an operation without a status")
        if status in ("Failed", "Canceled"):
            # Final: dropped after the service's own attempts, or a suppressed recipient.
            raise PermanentFailure(f"{self.name}: {status} {error_code(operation)}")
        return True

    def _call(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        body: dict[str, Any] | None = None,
    ) -> requests.Response:
        return call_mail_api(
            self._session,
            self.name,
            method,
            f"{self._endpoint}{path}?api-version={API_VERSION}",
            headers={"Authorization": self._tokens.bearer(SCOPE), **headers},
            body=body,
        )


def _message(mail: WireMail) -> dict[str, Any]:
    message: dict[str, Any] = {
        # The service keeps a Message-ID that is well-formed and new to it.
        # https://learn.microsoft.com/azure/communication-services/concepts/email/email-headers
        "headers": {**mail.headers, "Message-ID": mail.message_id},
        "senderAddress": mail.sender,
        "recipients": {"to": [{"address": mail.to}]},
        "content": {"subject": mail.subject, "plainText": mail.text, "html": mail.html},
        # No tracking pixel and no rewritten links, whatever the resource is set to.
        "userEngagementTrackingDisabled": True,
    }
    if mail.reply_to:
        message["replyTo"] = [{"address": mail.reply_to}]
    return message
