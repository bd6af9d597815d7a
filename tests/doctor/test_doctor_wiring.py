"""What the settings make the doctor try, and that it starts whatever they are."""

import pytest

from shared.doctor.ports import OutsideOfDoctor
from shared.doctor_wiring import DoctorWiring
from tests.examples import sample_forms
from tests.lists.conftest import sample_settings

RESOURCE = (
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Communication/communicationServices/c"
)
ACS = {"DOI_MAIL_PROVIDER": "acs", "ACS_ENDPOINT": "https://contoso.communication.azure.com"}


def wired(**changes: str) -> OutsideOfDoctor:
    return DoctorWiring(sample_settings() | changes)


def test_the_local_stack() -> None:
    outside = wired()
    [smtp] = outside.mail_providers
    assert (smtp.name, smtp.senders is not None, smtp.domains) == ("smtp", True, None)
    assert outside.storage_trial.account == "devstoreaccount1"
    assert set(outside.forms) == set(sample_forms())
    assert outside.broken_forms == ()
    assert not outside.mail_rates.are_limited


@pytest.mark.parametrize(("resource", "has_domains"), [("", False), (RESOURCE, True)])
def test_acs(resource: str, *, has_domains: bool) -> None:
    outside = wired(**ACS, DOI_ACS_RESOURCE_ID=resource)
    [acs] = outside.mail_providers
    assert (acs.name, acs.resource, acs.senders) == ("acs", "contoso", None)
    assert (acs.domains is not None) == has_domains
    assert (outside.mail_rates.per_minute, outside.mail_rates.per_hour) == (30, 100)


def test_the_first_provider_and_the_second() -> None:
    outside = wired(DOI_MAIL_PROVIDER="graph", DOI_MAIL_FALLBACK_PROVIDER="smtp")
    assert [provider.name for provider in outside.mail_providers] == ["graph", "smtp"]


def test_who_asks() -> None:
    app = wired(AZURE_CLIENT_ID="client-id").azure_names
    assert (app.assignee, app.as_app, app.app, app.group) == ("client-id", True, "APP", "GROUP")
    assert not app.in_azure
    deployed = wired(WEBSITE_SITE_NAME="doi", WEBSITE_RESOURCE_GROUP="marketing").azure_names
    assert deployed.in_azure
    assert deployed.assignee.startswith('"$(az functionapp identity show --name doi')
    person = wired(DOI_CREDENTIAL="azure-cli").azure_names
    assert (person.as_app, "signed-in-user" in person.assignee) == (False, True)


def test_it_starts_without_any_setting() -> None:
    outside = DoctorWiring({})
    assert outside.forms == {}
    assert {broken.file for broken in outside.broken_forms} == {
        f"{name}.json" for name in sample_forms()
    }
    assert [provider.name for provider in outside.mail_providers] == ["smtp"]


def test_a_folder_that_is_not_there_has_no_forms() -> None:
    assert wired(DOI_FORMS_FOLDER="nowhere").forms == {}


@pytest.mark.parametrize("name", sorted(sample_settings()))
def test_it_starts_without_any_one_setting(name: str) -> None:
    outside = wired(**{name: ""})
    assert outside.settings_found.settings
    assert outside.mail_providers
    assert outside.azure_names.assignee
