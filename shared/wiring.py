"""The one place that reads the environment and names adapters; each is built on first use.

Heavy packages are imported where they are first needed: a visitor's register call pays for one
request to the queue and for nothing else.
"""

from __future__ import annotations

import functools
import logging
import os
import secrets
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

from shared import events
from shared.adapters.spent_proofs import SpentProofs
from shared.form_files import LoadedForms, load_forms, settings_in
from shared.read_settings import (
    SettingsInvalid,
    is_reference,
    read_offline_settings,
    read_settings,
    unknown_settings,
)
from shared.rules import LinkedInRules, RetryDelays, Rules
from shared.settings import (
    BrokenForms,
    Credential,
    MailProvider,
    Settings,
)
from shared.tally import EventTally
from shared.texts.languages import languages
from shared.values.event_catalogue import Event
from shared.values.mail_budget import MailLimits

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests
    from azure.core.credentials import TokenCredential
    from pydantic import SecretStr

    from shared.adapters.access_token import AccessTokens
    from shared.adapters.linkedin.access import LinkedInAccess
    from shared.adapters.linkedin.oauth import LinkedInOAuth
    from shared.adapters.linkedin.session import LinkedInSession
    from shared.adapters.linkedin_tokens import StoredTokens
    from shared.adapters.queue_writes import QueueWrites
    from shared.adapters.smtp_access import SmtpAccess
    from shared.adapters.storage_access import StorageAccess
    from shared.dataverse.ports import (
        DataverseAdministration,
        DataverseInspection,
        DataversePeople,
    )
    from shared.linkedin.client import LinkedInClient
    from shared.ports import (
        Challenges,
        ComposeMail,
        CustomerInsights,
        FunnelRows,
        KeptMails,
        LeadRows,
        Leads,
        Limits,
        Mailer,
        MailFrames,
        OriginKeys,
        Queues,
        Records,
        Throttles,
    )
    from shared.values.confirmation_token import Tokens
    from shared.values.evidence.signing import SigningKey
    from shared.values.form import Form
    from shared.values.mail_rate import MailRates

# What a provider gives at first.
# https://learn.microsoft.com/azure/communication-services/concepts/service-limits (custom domain)
# https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/
# exchange-online-limits (messages a minute)
_QUOTAS: Mapping[MailProvider, Mapping[str, int]] = {
    MailProvider.ACS: {"per_minute": 30, "per_hour": 100},
    MailProvider.GRAPH: {"per_minute": 30},
    MailProvider.SMTP: {},
}
ROOT = Path(__file__).parents[1]
# Azure sets them on every instance.
_OF_THE_INSTANCE = ("IDENTITY_ENDPOINT", "IDENTITY_HEADER")
# A person may be waiting; azure-core's own read time-out is five minutes.
_TOKEN_CONNECT_SECONDS = 3
_TOKEN_READ_SECONDS = 5


class Wiring:
    """Implements ports.Outside with the real adapters."""

    def __init__(self, environment: Mapping[str, str], *, serves_visitors: bool = False) -> None:
        """Raises SettingsInvalid: a wrong setting or form stops the app at its start.

        `serves_visitors` says that queues are written to without the SDK.
        """
        self._serves_visitors = serves_visitors
        self.settings: Settings = self._read(environment)
        self._of_the_instance = {
            name: environment[name] for name in _OF_THE_INSTANCE if name in environment
        }
        self._unknown_settings = tuple(unknown_settings(environment))
        self._loaded = self._load(environment)
        self.tell_mistakes()
        # Here and not on first use: two threads would build two, and each would accept the proof
        # (or count what the other does not).
        self._spent_proofs = SpentProofs()
        self.tally = EventTally(lambda: self.funnel, self.now, by=secrets.token_hex(8))

    def _read(self, environment: Mapping[str, str]) -> Settings:
        return read_settings(environment)

    def _load(self, environment: Mapping[str, str]) -> LoadedForms:
        folder = self.settings.forms_folder
        loaded = load_forms(ROOT / folder, environment, languages())
        if loaded.broken and self.settings.broken_forms is BrokenForms.REFUSE:
            mistakes = "\n".join(str(broken) for broken in loaded.broken)
            raise SettingsInvalid(f"forms are wrong:\n{mistakes}")
        if not loaded.forms:
            raise SettingsInvalid(f"DOI_FORMS_FOLDER: no usable form in '{folder}'")
        return loaded

    def tell_mistakes(self) -> None:
        """Log what the app was started in spite of."""
        for name in self._unknown_settings:
            events.warn(Event.UNKNOWN_SETTING, setting=name)
        for broken in self._loaded.broken:
            events.alarm(
                Event.FORM_SKIPPED, file=broken.file, pointer=broken.pointer, reason=broken.reason
            )

    @property
    def forms(self) -> Mapping[str, Form]:
        return self._loaded.forms

    @functools.cached_property
    def tokens(self) -> Tokens:
        from shared.values.confirmation_token import Tokens, lasting_key

        keys = [key.get_secret_value() for key in self.settings.token_keys]
        return Tokens(keys, lasting_key(self.settings.pepper.get_secret_value()))

    @functools.cached_property
    def rules(self) -> Rules:
        settings = self.settings
        return Rules(
            public_url=settings.public_url,
            pepper=settings.pepper.get_secret_value(),
            mail_limits=MailLimits(
                per_day=settings.mails_per_day,
                cooldown=timedelta(seconds=settings.mail_cooldown_seconds),
            ),
            form_ceiling=settings.form_ceiling,
            unlimited_sources=settings.unlimited_sources or (),
            suppression=timedelta(days=settings.suppression_days),
            proof=timedelta(days=settings.proof_days),
            trusted_proxies=settings.trusted_proxies,
            inline_seconds=settings.inline_seconds,
            code_window=timedelta(seconds=settings.code_window_seconds),
            origins_kept=timedelta(days=settings.origin_days),
            claim=timedelta(seconds=settings.claim_seconds),
            retries=RetryDelays(
                first=timedelta(seconds=settings.retry_first_seconds),
                longest=timedelta(seconds=settings.retry_longest_seconds),
            ),
            linkedin=_linkedin_rules(settings),
            desk=settings.desk == "on",
        )

    @functools.cached_property
    def challenges(self) -> Challenges:
        from shared.adapters.altcha_challenges import AltchaChallenges

        return AltchaChallenges(self.rules.pepper, self._spent_proofs)

    @functools.cached_property
    def queues(self) -> Queues:
        from shared.adapters.storage_queues import StorageQueues

        quick = self._serves_visitors
        access = self._storage(self.settings.queue_url, quick=quick)
        return StorageQueues(access, self._visitors_writes(access) if quick else None)

    def _visitors_writes(self, access: StorageAccess) -> QueueWrites | None:
        from shared.adapters.queue_requests import QueueRequests

        return QueueRequests.of(access)

    @functools.cached_property
    def records(self) -> Records:
        from shared.adapters.records_table import RecordsTable
        from shared.evidence.origin_keeping import OriginKeeping
        from shared.evidence.sealed_records import SealedRecords

        return SealedRecords(
            RecordsTable(self._storage(self.settings.table_url)),
            OriginKeeping(self.origin_keys, self.now, self.rules.origins_kept),
            self.signing_key,
        )

    @functools.cached_property
    def origin_keys(self) -> OriginKeys:
        from shared.adapters.origin_keys_table import OriginKeysTable

        return OriginKeysTable(self._storage(self.settings.table_url))

    @functools.cached_property
    def signing_key(self) -> SigningKey:
        """What the evidence is signed with."""
        from shared.values.evidence.signing import SigningKey

        return SigningKey(self.rules.pepper)

    @functools.cached_property
    def limits(self) -> Limits:
        from shared.adapters.limits_table import LimitsTable

        return LimitsTable(self._storage(self.settings.table_url))

    @functools.cached_property
    def throttles(self) -> Throttles:
        from shared.throttles.throttles import SharedThrottles

        return SharedThrottles(
            self.limits,
            rates=self.mail_rates,
            per_source_and_hour=self.settings.registrations_per_source,
        )

    @property
    def mail_rates(self) -> MailRates:
        """The quota that all instances keep together."""
        from shared.values.mail_rate import MailRates

        settings = self.settings
        known = MailRates(**_QUOTAS[settings.mail_provider])
        if settings.mail_fallback_provider:
            known = known.together_with(MailRates(**_QUOTAS[settings.mail_fallback_provider]))
        return MailRates(
            per_minute=settings.mails_per_minute or known.per_minute,
            per_hour=settings.mails_per_hour or known.per_hour,
        )

    @functools.cached_property
    def compose_mail(self) -> ComposeMail:
        from shared.mail.confirmation_mail import MailComposer

        return MailComposer(self.settings.public_url, self.tokens, self.rules.pepper)

    @functools.cached_property
    def mail_frames(self) -> MailFrames:
        from shared.adapters.frames_table import FramesTable

        return FramesTable(self._storage(self.settings.table_url))

    @functools.cached_property
    def kept_mails(self) -> KeptMails:
        from shared.kept_mails.kept_mails import FramedMails

        return FramedMails(self.mail_frames, self.rules.pepper)

    @functools.cached_property
    def mailer(self) -> Mailer:
        from shared.adapters.mailer_resting import RestingMailer

        rest = float(self.settings.mail_rest_seconds)
        provider = self._provider(self.settings.mail_provider)
        first = RestingMailer(provider, first_rest=rest)
        fallback = self.settings.mail_fallback_provider
        if fallback is None:
            return first
        from shared.adapters.mailer_with_fallback import MailerWithFallback

        second = RestingMailer(self._provider(fallback), first_rest=rest)
        return MailerWithFallback(first=first, second=second)

    @functools.cached_property
    def mailers(self) -> Mapping[str, Mailer]:
        """For the command line: each provider of the settings on its own, the first one first."""
        chosen = (self.settings.mail_provider, self.settings.mail_fallback_provider)
        return {provider.value: self._provider(provider) for provider in chosen if provider}

    @functools.cached_property
    def compose_test_mail(self) -> ComposeMail:
        """For the command line: a mail whose links no app accepts."""
        from shared.mail.confirmation_mail import MailComposer
        from shared.values.confirmation_token import Tokens

        keys = Tokens([secrets.token_hex()])
        return MailComposer(self.settings.public_url, keys, secrets.token_hex())

    def _provider(self, provider: MailProvider) -> Mailer:
        settings = self.settings
        match provider:
            case MailProvider.ACS:
                from shared.adapters.mailer_acs import AcsMailer

                return AcsMailer(
                    endpoint=settings.acs_endpoint or "",
                    tokens=self._access_tokens,
                    session=self._session,
                )
            case MailProvider.GRAPH:
                from shared.adapters.mailer_graph import GraphMailer

                return GraphMailer(tokens=self._access_tokens, session=self._session)
            case MailProvider.SMTP:
                from shared.adapters.mailer_smtp import SmtpMailer

                return SmtpMailer(self._smtp_access)

    @functools.cached_property
    def _smtp_access(self) -> SmtpAccess:
        from shared.adapters.smtp_access import SmtpAccess

        return SmtpAccess(
            host=self.settings.smtp_host or "",
            port=self.settings.smtp_port,
            tls=self.settings.smtp_tls,
            user=self.settings.smtp_user,
            password=_plain(self.settings.smtp_password),
        )

    @functools.cached_property
    def customer_insights(self) -> CustomerInsights:
        from shared.adapters.customer_insights import DataverseCustomerInsights

        return DataverseCustomerInsights(
            self.settings.dataverse_url, self._access_tokens, self._session
        )

    @functools.cached_property
    def dataverse(self) -> DataverseInspection:
        """For the doctor and the command line: what the environment has."""
        from shared.adapters.dataverse_inspection import EnvironmentInspection

        settings = self.settings
        return EnvironmentInspection(
            settings.dataverse_url, self._access_tokens, settings.credential, self._session
        )

    @functools.cached_property
    def dataverse_administration(self) -> DataverseAdministration:
        """For the command line: what an administrator makes there."""
        from shared.adapters.dataverse_administration import EnvironmentAdministration

        return EnvironmentAdministration(
            self.settings.dataverse_url, self._access_tokens, self._session
        )

    @functools.cached_property
    def dataverse_people(self) -> DataversePeople:
        """For the command line: what the environment stores about somebody."""
        from shared.adapters.dataverse_people import EnvironmentPeople

        return EnvironmentPeople(self.settings.dataverse_url, self._access_tokens, self._session)

    @functools.cached_property
    def form_settings(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Which settings the files of the forms name: form → JSON pointer → names."""
        return settings_in(ROOT / self.settings.forms_folder)

    @property
    def client_id(self) -> str | None:
        """The Application ID of the app's identity, where a setting names it."""
        return self.settings.client_id

    @functools.cached_property
    def leads(self) -> Leads:
        from shared.adapters.linkedin.lead_forms import LinkedInLeadForms
        from shared.adapters.linkedin.lead_responses import LinkedInLeadResponses
        from shared.adapters.linkedin_leads import LinkedInLeads

        session = self._linkedin_session
        return LinkedInLeads(
            LinkedInLeadResponses(session, self.now),
            LinkedInLeadForms(session),
            self.linkedin_access,
        )

    @functools.cached_property
    def linkedin(self) -> LinkedInClient:
        """For the command line: all that can be done at LinkedIn. Raises SettingsInvalid."""
        from shared.adapters.linkedin.lead_forms import LinkedInLeadForms
        from shared.adapters.linkedin.lead_notifications import LinkedInLeadNotifications
        from shared.adapters.linkedin.lead_responses import LinkedInLeadResponses
        from shared.linkedin.client import LinkedInClient

        if self.rules.linkedin is None:
            raise SettingsInvalid("LINKEDIN_CLIENT_ID: is needed; docs/linkedin.md says how")
        session = self._linkedin_session
        return LinkedInClient(
            forms=LinkedInLeadForms(session),
            leads=LinkedInLeadResponses(session, self.now),
            subscriptions=LinkedInLeadNotifications(session),
            sign_in=self.linkedin_oauth,
            access=self.linkedin_access,
            tokens=self.linkedin_tokens,
        )

    @functools.cached_property
    def _linkedin_session(self) -> LinkedInSession:
        from shared.adapters.linkedin.session import LinkedInApi, LinkedInSession

        api = LinkedInApi(
            url=self.settings.linkedin_api_url, version=self.settings.linkedin_version
        )
        return LinkedInSession(api, self.linkedin_access, self._session, self.now)

    @functools.cached_property
    def lead_rows(self) -> LeadRows:
        from shared.adapters.leads_table import LeadsTable

        return LeadsTable(self._storage(self.settings.table_url))

    @functools.cached_property
    def funnel(self) -> FunnelRows:
        from shared.adapters.funnel_table import FunnelTable

        return FunnelTable(self._storage(self.settings.table_url))

    @functools.cached_property
    def linkedin_access(self) -> LinkedInAccess:
        from shared.adapters.linkedin.access import LinkedInAccess

        return LinkedInAccess(self.linkedin_oauth, self.linkedin_tokens, self.now)

    @functools.cached_property
    def linkedin_oauth(self) -> LinkedInOAuth:
        from shared.adapters.linkedin.oauth import ClientCredentials, LinkedInOAuth

        client = ClientCredentials(
            client_id=self.settings.linkedin_client_id or "",
            client_secret=_plain(self.settings.linkedin_client_secret) or "",
        )
        url = self.settings.linkedin_oauth_url
        return LinkedInOAuth(url, client, self._session, self.now)

    @functools.cached_property
    def linkedin_tokens(self) -> StoredTokens:
        from shared.adapters.linkedin_tokens import StoredTokens, TokenSettings

        tokens = TokenSettings(
            refresh_token=_plain(self.settings.linkedin_refresh_token),
            access_token=_plain(self.settings.linkedin_access_token),
        )
        return StoredTokens(self._storage(self.settings.table_url), tokens, self.now)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def pause(self, by: timedelta) -> None:
        """For the command line: wait for what others are doing."""
        time.sleep(by.total_seconds())

    def _storage(self, url: str | None, *, quick: bool = False) -> StorageAccess:
        """`quick`: a visitor waits, so azure-identity is not imported where it can be spared."""
        from shared.adapters.storage_access import ByConnectionString, ByIdentity

        if self.settings.storage is not None:
            return ByConnectionString(connection_string=self.settings.storage.get_secret_value())
        credential = self._instance_identity if quick else None
        return ByIdentity(url=url or "", credential=credential or self._credential)

    @functools.cached_property
    def _instance_identity(self) -> TokenCredential | None:
        from shared.adapters.instance_identity import IdentityEndpoint, InstanceIdentity

        endpoint = IdentityEndpoint.of(self._of_the_instance)
        if endpoint is None or self.settings.credential is Credential.AZURE_CLI:
            return None
        identity = InstanceIdentity(endpoint, self.settings.client_id)
        return cast("TokenCredential", identity)  # its token is a tuple of its own

    @functools.cached_property
    def _credential(self) -> TokenCredential:
        if self.settings.credential is Credential.AZURE_CLI:
            from azure.identity import AzureCliCredential

            return AzureCliCredential()
        from azure.identity import ManagedIdentityCredential

        return ManagedIdentityCredential(
            client_id=self.settings.client_id,
            retry_total=1,
            connection_timeout=_TOKEN_CONNECT_SECONDS,
            read_timeout=_TOKEN_READ_SECONDS,
        )

    @functools.cached_property
    def _access_tokens(self) -> AccessTokens:
        from shared.adapters.access_token import CredentialTokens

        return CredentialTokens(self._credential)

    @functools.cached_property
    def _session(self) -> requests.Session:
        import requests

        return requests.Session()


class Offline:
    """Forms, mails and pages to look at: asks nothing outside, and has no secret of the app."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Raises SettingsInvalid; a form file with a mistake is among `loaded.broken`."""
        settings = read_offline_settings(environment)
        self.public_url = settings.public_url
        self.folder = ROOT / settings.forms_folder
        self.loaded: LoadedForms = load_forms(self.folder, environment, languages())
        if not self.loaded.forms and not self.loaded.broken:
            raise SettingsInvalid(f"DOI_FORMS_FOLDER: no form in '{settings.forms_folder}'")
        from shared.values.confirmation_token import Tokens

        # Not random: the same forms give the same files, so that previews can be compared.
        self.tokens = Tokens(["no app knows this key: its links lead nowhere"])

    @functools.cached_property
    def compose_mail(self) -> ComposeMail:
        from shared.mail.confirmation_mail import MailComposer

        return MailComposer(self.public_url, self.tokens, "no app knows this pepper either")


def own_signing_key() -> SigningKey | None:
    """For whoever verifies: the installation's, where the settings have its pepper."""
    from shared.values.evidence.signing import SigningKey

    pepper = os.environ.get("DOI_PEPPER", "")
    return SigningKey(pepper) if pepper and not is_reference(pepper) else None


def offline() -> Offline:
    """For the command line. Raises SettingsInvalid."""
    return Offline(os.environ)


def _linkedin_rules(settings: Settings) -> LinkedInRules | None:
    client_secret = _plain(settings.linkedin_client_secret)
    if client_secret is None:
        return None
    return LinkedInRules(
        client_secret=client_secret,
        webhook_secret=_plain(settings.linkedin_webhook_secret),
        require_signature=settings.linkedin_require_signature == "yes",
        owners=settings.linkedin_owners or (),
        email_from=settings.linkedin_email_from,
        api_version=settings.linkedin_version,
    )


def _plain(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


@functools.cache
def outside() -> Wiring:
    """The app's own wiring. Raises SettingsInvalid."""
    silence_azure()
    return Wiring(os.environ, serves_visitors=True)


def count_events() -> None:
    """From now on, for the funnel. Raises SettingsInvalid."""
    events.listen(outside().tally.hear)


def silence_azure() -> None:
    """At INFO the SDKs log each URL, and a table's URL has the mailbox key in it."""
    logging.getLogger("azure").setLevel(logging.WARNING)
