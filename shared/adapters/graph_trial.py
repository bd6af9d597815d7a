"""Whether Microsoft Graph lets us send, and from which mailbox: asked with a mail to nobody.

https://learn.microsoft.com/graph/api/user-sendmail
https://learn.microsoft.com/exchange/permissions-exo/application-rbac
"""

from urllib.parse import quote, urlsplit

import requests

from shared.adapters.access_token import AccessTokens
from shared.adapters.mail_api import error_code, json_of
from shared.adapters.mailer_graph import GRAPH
from shared.adapters.token_claims import roles_in
from shared.adapters.trial_calls import TrialCalls
from shared.doctor.ports import SignedIn
from shared.ports import Deadline
from shared.wire_mail import wire_sender

# What Graph answers to a mail without recipients, once it has let us in.
_NOBODY_TO_SEND_TO = "ErrorInvalidRecipients"


class GraphTrial:
    """Implements doctor.ports.MailAccess and SenderTrial."""

    def __init__(
        self, *, tokens: AccessTokens, session: requests.Session, base_url: str = GRAPH
    ) -> None:
        """`base_url` is https://graph.microsoft.com/v1.0, or that of a national cloud."""
        self._base_url = base_url.rstrip("/")
        origin = urlsplit(base_url)
        self._host = origin.netloc
        scope = f"{origin.scheme}://{origin.netloc}/.default"
        self._calls = TrialCalls("graph", scope, tokens, session)

    def sign_in(self, deadline: Deadline) -> SignedIn:  # noqa: ARG002 - the credential has its own
        """See doctor.ports.MailAccess. The token is all that there is to ask for."""
        return SignedIn(at=self._host, roles=roles_in(self._calls.bearer()))

    def try_sender(self, sender: str, deadline: Deadline) -> None:
        """See doctor.ports.SenderTrial."""
        url = f"{self._base_url}/users/{quote(wire_sender(sender), safe='@')}/sendMail"
        message = {"subject": "doi doctor", "toRecipients": []}
        body = {"message": message, "saveToSentItems": False}
        answer = self._calls.call("POST", url, deadline, body)
        is_let_in = answer.status_code == requests.codes.bad_request
        if not (is_let_in and error_code(json_of(answer)) == _NOBODY_TO_SEND_TO):
            raise self._calls.refusal(answer)
