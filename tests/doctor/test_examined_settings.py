"""The doctor starts with whatever settings there are, and tells no secret of them."""

import pytest

from shared.examined_settings import find_settings, usable_settings
from shared.settings import Settings
from tests.doctor.settings import DEPLOYED, LOCAL_SECRET, REFERENCE, SECRET, found
from tests.lists.conftest import sample_settings

NAMES = [str(field.alias) for field in Settings.model_fields.values()]
SECRETS = {
    "DOI_TOKEN_KEYS",
    "DOI_PEPPER",
    "AzureWebJobsStorage",
    "SMTP_PASSWORD",
    "SMTP_USER",
    "LINKEDIN_CLIENT_SECRET",
    "LINKEDIN_REFRESH_TOKEN",
    "LINKEDIN_ACCESS_TOKEN",
    "LINKEDIN_WEBHOOK_SECRET",
}


def test_every_setting_is_there_with_what_it_should_be() -> None:
    settings = found().settings
    assert list(settings) == [*NAMES, "PYTHON_THREADPOOL_THREAD_COUNT"]
    assert all(setting.wanted for setting in settings.values())


def test_no_secret_and_no_name_is_handed_on() -> None:
    settings = find_settings({**sample_settings(), **dict.fromkeys(SECRETS, SECRET)})
    for name in SECRETS:
        assert settings.settings[name].is_set
        assert settings.settings[name].value is None
    assert SECRET not in repr(settings)


def test_a_wrong_value_is_not_handed_on_either() -> None:
    """Somebody may have pasted a secret into the wrong line."""
    settings = found(DOI_PUBLIC_URL=f"https://{SECRET}@contoso.example")
    assert settings.settings["DOI_PUBLIC_URL"].mistake
    assert SECRET not in repr(settings)


def test_what_counts_is_the_value_or_the_default() -> None:
    settings = found(DOI_MAIL_COOLDOWN_SECONDS="7")
    assert settings.value("DOI_MAIL_COOLDOWN_SECONDS") == "7"
    assert settings.value("DOI_CLAIM_SECONDS") == "120"
    assert settings.value("SMTP_HOST") == ""
    assert found(DOI_CLAIM_SECONDS="x").value("DOI_CLAIM_SECONDS") == ""


def test_what_is_wrong_is_named_by_its_beginning() -> None:
    settings = found(DOI_MAIL_PROVIDER="pigeon", LINKEDIN_VERSION="x", DATAVERSE_URL="")
    assert settings.wrong("DOI_MAIL", "SMTP_") == ["DOI_MAIL_PROVIDER"]
    assert set(settings.wrong("")) >= {"DOI_MAIL_PROVIDER", "LINKEDIN_VERSION", "DATAVERSE_URL"}


def test_entries_references_and_sample_secrets_are_noticed() -> None:
    settings = found(DOI_PEPPER=LOCAL_SECRET, SMTP_PASSWORD=REFERENCE).settings
    assert settings["DOI_TOKEN_KEYS"].entries == 2
    assert settings["DOI_PEPPER"].is_for_local_use
    assert not settings["DOI_TOKEN_KEYS"].is_for_local_use
    assert settings["SMTP_PASSWORD"].is_reference
    assert settings["SMTP_PASSWORD"].mistake


def test_azure_is_recognised() -> None:
    assert found().in_azure
    assert not find_settings(sample_settings()).in_azure


def test_settings_that_are_right_are_used_as_they_are() -> None:
    used = usable_settings(DEPLOYED)
    assert used == Settings.model_validate(
        {name: value for name, value in DEPLOYED.items() if name in NAMES}
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ["", "x", REFERENCE, "-1", "https://a b/"])
def test_whatever_is_wrong_there_is_something_to_work_with(name: str, value: str) -> None:
    usable_settings({**DEPLOYED, name: value})
    usable_settings({name: value})


def test_what_stands_in_reaches_nobody_and_is_another_secret_each_time() -> None:
    one, other = usable_settings({}), usable_settings({})
    assert one.dataverse_url.endswith(".invalid")
    assert one.public_url.endswith(".invalid")
    assert one.smtp_host is None
    assert one.pepper != other.pepper
    assert one.token_keys != other.token_keys
