"""Whether Azure Communication Services lets us in: asked about a mail that nobody sent."""

from urllib.parse import urlsplit
from uuid import uuid4

import requests

from shared.adapters.access_token import AccessTokens
from shared.adapters.mailer_acs import API_VERSION, SCOPE
from shared.adapters.trial_calls import TrialCalls
from shared.doctor.ports import SignedIn
from shared.ports import Deadline


class AcsTrial:
    """Implements doctor.ports.MailAccess. Senders cannot be tried without sending."""

    def __init__(self, *, endpoint: str, tokens: AccessTokens, session: requests.Session) -> None:
        """`endpoint` is https://NAME.communication.azure.com."""
        self._endpoint = endpoint.rstrip("/")
        self._calls = TrialCalls("acs", SCOPE, tokens, session)

    def sign_in(self, deadline: Deadline) -> SignedIn:
        """See doctor.ports.MailAccess. "Not found" comes from behind the door."""
        url = f"{self._endpoint}/emails/operations/{uuid4()}?api-version={API_VERSION}"
        answer = self._calls.call("GET", url, deadline)
        if answer.status_code not in (requests.codes.ok, requests.codes.not_found):
            raise self._calls.refusal(answer)
        return SignedIn(at=urlsplit(self._endpoint).netloc)
