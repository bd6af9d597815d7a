"""An app connected to the LinkedIn simulator, as the command line meets it."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import requests
from bs4 import BeautifulSoup
from typer.testing import CliRunner, Result

from cli.app import app
from shared.adapters.linkedin.access import LinkedInAccess
from shared.adapters.linkedin.lead_forms import LinkedInLeadForms
from shared.adapters.linkedin.lead_notifications import LinkedInLeadNotifications
from shared.adapters.linkedin.lead_responses import LinkedInLeadResponses
from shared.adapters.linkedin.oauth import ClientCredentials, LinkedInOAuth
from shared.adapters.linkedin.session import LinkedInApi, LinkedInSession
from shared.adapters.linkedin_leads import LinkedInLeads
from shared.linkedin.client import LinkedInClient
from shared.ports import Leads
from shared.rules import LinkedInRules
from shared.values.linkedin.authorization import Authorization
from tests.examples import NOON
from tests.fakes.outside import FakeOutside, rules
from tests.linkedin.stored_tokens import StoredTokens
from tests.linkedin_simulator.client import SECRET, Api

ACCOUNT = "urn:li:sponsoredAccount:522529623"
PAGE = "urn:li:organization:5509810"
REFRESH_TOKEN = "for-local-use-only-linkedin-refresh-token"
WEBHOOK_SECRET = "webhook-secret-nobody-may-see"
LONG_AGO = NOON - timedelta(days=400)
DONE, NOT_ALL_DONE, WRONG_USAGE, NOTHING_FOUND, SETTINGS_WRONG, NO_ANSWER, REFUSED = range(7)


def newest_version(now: datetime) -> str:
    """Of LinkedIn's API, for tests that go by the machine's own clock."""
    month = f"{now:%Y%m}"
    return month if month != "202512" else "202511"  # there was none in that month


def first_authorization(**changes: Any) -> Authorization:
    """As the app begins: a refresh token, and an access token that is over."""
    begun = Authorization(
        access_token="none yet",
        issued_at=LONG_AGO,
        access_ends_at=LONG_AGO,
        refresh_token=REFRESH_TOKEN,
    )
    return begun.model_copy(update=changes)


class OperatedOutside(FakeOutside):
    """Everything in memory, except LinkedIn: that is the simulator. `now` is its clock, too."""

    linkedin: LinkedInClient
    linkedin_leads: Leads


@dataclass(kw_only=True)
class Operated:
    """The app, LinkedIn (`api` plays LinkedIn's own people), and `doi linkedin` for both.

    `version` and `secret` are the settings; `url` is where LinkedIn is.
    """

    url: str
    api: Api
    http: requests.Session
    clock: datetime = NOON
    secret: str = SECRET
    version: str = "202607"

    def __post_init__(self) -> None:
        self.tokens = StoredTokens(stored=first_authorization())
        self.outside = OperatedOutside(clock=self.clock)
        self.connect()

    def connect(self, **changes: Any) -> None:
        """`changes` are of LinkedInRules."""
        settings = LinkedInRules(
            client_secret=self.secret,
            webhook_secret=WEBHOOK_SECRET,
            owners=(ACCOUNT,),
            api_version=self.version,
        )
        self.outside.rules = replace(rules(), linkedin=replace(settings, **changes))
        client = ClientCredentials(client_id="local-linkedin-client", client_secret=self.secret)
        now = self.outside.now
        oauth = LinkedInOAuth(self.url, client, self.http, now)
        access = LinkedInAccess(oauth, self.tokens, now)
        session = LinkedInSession(
            LinkedInApi(url=self.url, version=self.version), access, self.http, now, lambda _: None
        )
        leads = LinkedInLeadResponses(session, now)
        forms = LinkedInLeadForms(session)
        self.outside.linkedin = LinkedInClient(
            forms=forms,
            leads=leads,
            subscriptions=LinkedInLeadNotifications(session),
            sign_in=oauth,
            access=access,
            tokens=self.tokens,
        )
        # The story's fake gives way to the simulator.
        self.outside.__dict__["leads"] = LinkedInLeads(leads, forms, access)

    def doi(self, *arguments: str, answer: str = "") -> Result:
        """`doi linkedin …`. Whatever it says, it shows no secret."""
        result = CliRunner().invoke(
            app, ["linkedin", *arguments], input=answer, obj=lambda: self.outside
        )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        for secret in self._secrets():
            assert secret not in result.output
        return result

    def _secrets(self) -> list[str]:
        stored = self.tokens.stored
        tokens = [stored.access_token, stored.refresh_token] if stored else []
        known = [self.secret, REFRESH_TOKEN, WEBHOOK_SECRET, *tokens]
        return [secret for secret in known if secret]


def decide(address: str, decision: str = "allow") -> str:
    """A member opens LinkedIn's page and presses a button; where the browser is sent then.

    LinkedIn shows no page, and sends back at once, where there is nothing to decide.
    """
    with requests.Session() as browser:
        page = browser.get(address, allow_redirects=False, timeout=20)
        if page.is_redirect:
            return page.headers["Location"]
        hidden = {
            str(field["name"]): str(field["value"])
            for field in BeautifulSoup(page.text, "html.parser").select("input[type=hidden]")
        }
        url = address.partition("?")[0]
        answer = browser.post(
            url, data={**hidden, "decision": decision}, allow_redirects=False, timeout=20
        )
        return answer.headers["Location"]


def printed(result: Result) -> Any:
    """The JSON on stdout."""
    return json.loads(result.stdout)
