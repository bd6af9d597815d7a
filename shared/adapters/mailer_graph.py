"""Mail through Microsoft Graph, from a mailbox in Microsoft 365.

https://learn.microsoft.com/graph/api/user-sendmail

Graph takes a message as JSON or as MIME; this is the JSON form:

- Only JSON can keep the mail out of Sent Items (microsoft-graph-docs issue 18698). A copy there
  would outlive the record of somebody who never confirmed.
- MIME would not carry more: Exchange drops Auto-Submitted (msgraph-sdk-dotnet issue 2209) and
  often custom headers (microsoft-graph-docs issue 17444).

What JSON costs: one body, so that the mail has no text part of ours, and no header but X-….
"""

from typing import Any
from urllib.parse import quote, urlsplit

import requests

from shared.adapters.access_token import AccessTokens
from shared.adapters.mail_api import call_mail_api, failure_in
from shared.ports import SentMail
from shared.values.mail import Mail
from shared.wire_mail import WireMail, wire_mail

GRAPH = "https://graph.microsoft.com/v1.0"

# Stands for Auto-Submitted, which Graph refuses. All but NDR: bounces have to reach the sender.
# https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxcmail (2.1.3.2.20)
_NO_REPLIES = {"name": "X-Auto-Response-Suppress", "value": "DR, RN, NRN, OOF, AutoReply"}


class GraphMailer:
    """Implements ports.Mailer.

    Graph cannot be asked about an earlier attempt: `again` sends the mail once more, with the
    same Message-ID. Its answer has no id either, so the message id is our Message-ID.

    Exchange may replace the sender's name by the mailbox's.
    """

    name = "graph"
    can_be_asked: frozenset[str] = frozenset()

    def __init__(
        self, *, tokens: AccessTokens, session: requests.Session, base_url: str = GRAPH
    ) -> None:
        """`base_url` is https://graph.microsoft.com/v1.0, or that of a national cloud."""
        self._tokens = tokens
        self._session = session
        self._base_url = base_url.rstrip("/")
        origin = urlsplit(base_url)
        self._scope = f"{origin.scheme}://{origin.netloc}/.default"

    def send(
        self,
        mail: Mail,
        *,
        again: str | None,  # noqa: ARG002 - Graph cannot be asked
    ) -> SentMail:
        """See ports.Mailer. The sender's address names the mailbox."""
        checked = wire_mail(mail)
        answer = call_mail_api(
            self._session,
            self.name,
            "POST",
            f"{self._base_url}/users/{quote(checked.sender, safe='@')}/sendMail",
            headers={"Authorization": self._tokens.bearer(self._scope)},
            body={"message": _message(checked), "saveToSentItems": False},
        )
        if answer.status_code != requests.codes.accepted:
            raise failure_in(answer, self.name)
        return SentMail(provider=self.name, message_id=checked.message_id)


def _message(mail: WireMail) -> dict[str, Any]:
    message: dict[str, Any] = {
        "subject": mail.subject,
        "body": {"contentType": "html", "content": mail.html},
        "from": _recipient(mail.sender, mail.sender_name),
        "toRecipients": [_recipient(mail.to)],
        "internetMessageId": mail.message_id,
        "internetMessageHeaders": _internet_message_headers(mail),
    }
    if mail.reply_to:
        message["replyTo"] = [_recipient(mail.reply_to)]
    return message


def _recipient(address: str, name: str | None = None) -> dict[str, Any]:
    return {"emailAddress": {"address": address, **({"name": name} if name else {})}}


def _internet_message_headers(mail: WireMail) -> list[dict[str, str]]:
    own = [
        {"name": name, "value": value}
        for name, value in mail.headers.items()
        if name.lower().startswith("x-")
    ]
    return [_NO_REPLIES, *own]
