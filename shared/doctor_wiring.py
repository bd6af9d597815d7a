"""The doctor's part of the wiring: it starts whatever is wrong, and names the adapters that try.

Not in wiring.py, since no visitor needs any of it.
"""

import functools
import os
from collections.abc import Mapping

import requests

from shared.adapters.acs_domains import AcsDomains
from shared.adapters.acs_trial import AcsTrial
from shared.adapters.deployed_app import DeployedApp
from shared.adapters.graph_trial import GraphTrial
from shared.adapters.smtp_trial import SmtpTrial
from shared.adapters.storage_trial import StorageTrial
from shared.broken_form import BrokenForm
from shared.doctor.ports import AzureNames, RemoteDoctor, TriedProvider
from shared.examined_settings import APP_NAME, find_settings, usable_settings
from shared.form_files import LoadedForms, load_forms
from shared.read_settings import FUNCTION_KEY
from shared.settings import Credential, MailProvider, Settings
from shared.texts.languages import languages
from shared.values.settings_found import SettingsFound
from shared.wiring import ROOT, Wiring, silence_azure

# Azure sets it, beside the app's name.
_GROUP_NAME = "WEBSITE_RESOURCE_GROUP"


class DoctorWiring(Wiring):
    """Implements doctor.ports.OutsideOfDoctor. Who works with it looks first at what is wrong."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Never raises for what is wrong with settings or forms: the doctor tells."""
        self._environment = environment
        super().__init__(environment)

    def _read(self, environment: Mapping[str, str]) -> Settings:
        return usable_settings(environment)

    def _load(self, environment: Mapping[str, str]) -> LoadedForms:
        return load_forms(ROOT / self.settings.forms_folder, environment, languages())

    def tell_mistakes(self) -> None:
        """Not in the log: they are among what the doctor tells."""

    @functools.cached_property
    def settings_found(self) -> SettingsFound:
        return find_settings(self._environment)

    @property
    def broken_forms(self) -> tuple[BrokenForm, ...]:
        return self._loaded.broken

    @functools.cached_property
    def azure_names(self) -> AzureNames:
        app = self._environment.get(APP_NAME) or "APP"
        group = self._environment.get(_GROUP_NAME) or "GROUP"
        in_azure = self.settings_found.in_azure
        if self.settings.credential is Credential.AZURE_CLI:
            signed_in = '"$(az ad signed-in-user show --query id --output tsv)"'
            return AzureNames(assignee=signed_in, as_app=False, app=app, group=group)
        system_assigned = (
            f'"$(az functionapp identity show --name {app} --resource-group {group}'
            ' --query principalId --output tsv)"'
        )
        assignee = self.settings.client_id or system_assigned
        return AzureNames(assignee=assignee, as_app=True, in_azure=in_azure, app=app, group=group)

    @functools.cached_property
    def storage_trial(self) -> StorageTrial:
        settings = self.settings
        access = self._storage(settings.queue_url, quick=True)
        in_app = self.settings_found.in_azure
        return StorageTrial(
            self._storage(settings.queue_url),
            self._storage(settings.table_url),
            self._visitors_writes(access) if in_app else None,
        )

    @functools.cached_property
    def mail_providers(self) -> tuple[TriedProvider, ...]:
        first, fallback = self.settings.mail_provider, self.settings.mail_fallback_provider
        return tuple(self._tried(each) for each in (first, fallback) if each)

    def _tried(self, provider: MailProvider) -> TriedProvider:
        match provider:
            case MailProvider.ACS:
                endpoint, resource = self.settings.acs_endpoint or "", self.settings.acs_resource_id
                tokens, session = self._access_tokens, self._session
                return TriedProvider(
                    name=provider.value,
                    place="ACS_ENDPOINT",
                    resource=endpoint.partition("//")[2].partition(".")[0],
                    resource_id=resource,
                    access=AcsTrial(endpoint=endpoint, tokens=tokens, session=session),
                    domains=AcsDomains(resource_id=resource, tokens=tokens, session=session)
                    if resource
                    else None,
                )
            case MailProvider.GRAPH:
                graph = GraphTrial(tokens=self._access_tokens, session=self._session)
                return TriedProvider(
                    name=provider.value, place="graph.microsoft.com", access=graph, senders=graph
                )
            case MailProvider.SMTP:
                smtp = SmtpTrial(self._smtp_access)
                return TriedProvider(
                    name=provider.value,
                    place="SMTP_HOST, SMTP_PORT and SMTP_TLS",
                    access=smtp,
                    senders=smtp,
                )


@functools.cache
def examined() -> DoctorWiring:
    """The app's own settings and forms, as they are."""
    silence_azure()
    return DoctorWiring(os.environ)


def deployed_app(url: str) -> RemoteDoctor:
    """The app at this address, asked with the key in DOI_FUNCTION_KEY."""
    key = os.environ.get(FUNCTION_KEY)
    return DeployedApp(url=url, function_key=key, session=requests.Session())
