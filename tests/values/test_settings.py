"""Settings: what is wrong is named, with what it should look like, and no value is told."""

import traceback

import pytest

from shared.read_settings import SettingsInvalid, read_settings, unknown_settings
from shared.settings import (
    BrokenForms,
    Credential,
    MailProvider,
    Settings,
)

SECRET = "a-secret-of-more-than-32-bytes-in-all"
IN_AZURE = {
    "DOI_PUBLIC_URL": "https://doi.contoso.com",
    "DOI_TOKEN_KEYS": f"{SECRET}-new, {SECRET}-old",
    "DOI_PEPPER": SECRET,
    "DOI_MAIL_PROVIDER": "acs",
    "ACS_ENDPOINT": "https://contoso.communication.azure.com",
    "AzureWebJobsStorage__queueServiceUri": "https://contoso.queue.core.windows.net",
    "AzureWebJobsStorage__tableServiceUri": "https://contoso.table.core.windows.net",
    "DATAVERSE_URL": "https://contoso.crm4.dynamics.com",
}


def mistakes(**changes: str) -> dict[str, str]:
    """What is wrong with the settings in Azure after a change, by setting; "" leaves one out."""
    with pytest.raises(SettingsInvalid) as refused:
        read_settings(IN_AZURE | changes)
    lines = str(refused.value).splitlines()
    assert lines[0] == "settings are wrong:"
    return dict(line.split(": ", 1) for line in lines[1:])


def test_settings_as_in_azure() -> None:
    settings = read_settings(IN_AZURE)
    assert [key.get_secret_value() for key in settings.token_keys] == [
        f"{SECRET}-new",
        f"{SECRET}-old",
    ]
    assert settings.mail_provider is MailProvider.ACS
    assert settings.storage is None
    assert settings.queue_url == "https://contoso.queue.core.windows.net"


def test_what_is_left_out_has_a_default() -> None:
    settings = read_settings(IN_AZURE)
    assert settings.trusted_proxies == 1
    assert settings.forms_folder == "forms"
    assert settings.broken_forms is BrokenForms.REFUSE
    assert settings.mails_per_day == 5
    assert settings.suppression_days == 30
    assert settings.proof_days == 1460
    assert settings.inline_seconds == 8
    assert settings.credential is Credential.MANAGED_IDENTITY
    assert (settings.smtp_port, settings.smtp_tls) == (587, "starttls")


def test_a_connection_string_is_enough_for_storage() -> None:
    without = {name: value for name, value in IN_AZURE.items() if "Uri" not in name}
    settings = read_settings(without | {"AzureWebJobsStorage": "UseDevelopmentStorage=true"})
    assert settings.storage is not None
    assert settings.storage.get_secret_value() == "UseDevelopmentStorage=true"


@pytest.mark.parametrize(
    "name", ["DOI_PUBLIC_URL", "DOI_TOKEN_KEYS", "DOI_PEPPER", "DOI_MAIL_PROVIDER", "DATAVERSE_URL"]
)
def test_a_setting_that_must_be_there(name: str) -> None:
    assert list(mistakes(**{name: ""})) == [name]


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("DOI_PUBLIC_URL", "doi.contoso.com", "scheme and host only"),
        ("DOI_PUBLIC_URL", "https://doi.contoso.com/", "without a slash"),
        ("DOI_PUBLIC_URL", "https://doi.contoso.com?x=1", "scheme and host only"),
        ("DOI_PUBLIC_URL", "https://doi.contoso.com/api", "scheme and host only"),
        ("DOI_PUBLIC_URL", "https://a@doi.contoso.com", "scheme and host only"),
        ("DOI_PUBLIC_URL", "https://doi contoso.com", "scheme and host only"),
        ("DOI_PUBLIC_URL", "https://", "scheme and host only"),
        ("DOI_PUBLIC_URL", "http://doi.contoso.com", "must begin with https://"),
        ("DATAVERSE_URL", "ftp://contoso", "scheme and host only"),
        ("DATAVERSE_URL", "https://contoso.crm4.dynamics.com/api/data/v9.2", "scheme and host"),
        ("ACS_ENDPOINT", "contoso", "scheme and host only"),
        ("AzureWebJobsStorage__queueServiceUri", "contoso", "scheme and host only"),
        ("AzureWebJobsStorage__tableServiceUri", "contoso", "scheme and host only"),
        ("DOI_TOKEN_KEYS", "short", "shorter than 32 bytes"),
        ("DOI_TOKEN_KEYS", f"{SECRET},short", "shorter than 32 bytes"),
        ("DOI_TOKEN_KEYS", f"{SECRET},", "shorter than 32 bytes"),
        ("DOI_PEPPER", "x" * 31, "shorter than 32 bytes"),
        ("DOI_TRUSTED_PROXIES", "one", "valid integer"),
        ("DOI_TRUSTED_PROXIES", "-1", "greater than or equal to 0"),
        ("DOI_TRUSTED_PROXIES", "11", "less than or equal to 10"),
        ("DOI_BROKEN_FORMS", "ignore", "'refuse' or 'skip'"),
        ("DOI_MAILS_PER_ADDRESS_PER_DAY", "0", "greater than or equal to 1"),
        ("DOI_MAILS_PER_ADDRESS_PER_DAY", "101", "less than or equal to 100"),
        ("DOI_ORIGIN_DAYS", "13", "greater than or equal to 14"),
        ("DOI_ORIGIN_DAYS", "3651", "less than or equal to 3650"),
        ("DOI_ORIGIN_DAYS", "90.5", "valid integer"),
        ("DOI_SUPPRESSION_DAYS", "0", "greater than or equal to 1"),
        ("DOI_SUPPRESSION_DAYS", "3651", "less than or equal to 3650"),
        ("DOI_PROOF_DAYS", "0", "greater than or equal to 1"),
        ("DOI_PROOF_DAYS", "3651", "less than or equal to 3650"),
        ("DOI_PROMOTE_INLINE_SECONDS", "nan", "less than or equal to 20"),
        ("DOI_PROMOTE_INLINE_SECONDS", "21", "less than or equal to 20"),
        ("DOI_CREDENTIAL", "password", "'managed-identity' or 'azure-cli'"),
        ("DOI_MAIL_PROVIDER", "pigeon", "'acs', 'graph' or 'smtp'"),
        ("SMTP_PORT", "0", "greater than or equal to 1"),
        ("SMTP_PORT", "65536", "less than or equal to 65535"),
        ("SMTP_TLS", "ssl", "'none', 'starttls' or 'implicit'"),
    ],
)
def test_a_mistake_is_named_with_its_setting_and_what_it_should_be(
    name: str, value: str, what: str
) -> None:
    found = mistakes(**{name: value})
    assert list(found) == [name]
    mistake, _, hint = found[name].partition(" It should be: ")
    assert what in mistake
    description = next(
        info.description for info in Settings.model_fields.values() if info.alias == name
    )
    assert hint == f"{description}."


def test_a_pepper_of_32_bytes_is_long_enough() -> None:
    for pepper in ("x" * 32, "ü" * 16):
        settings = read_settings(IN_AZURE | {"DOI_PEPPER": pepper})
        assert settings.pepper.get_secret_value() == pepper


def test_all_mistakes_are_told_at_once() -> None:
    found = mistakes(
        DOI_PUBLIC_URL="",
        DOI_PEPPER="short",
        DOI_TOKEN_KEYS="@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/keys)",
        DOI_TRUSTED_PROXIES="many",
        ACS_ENDPOINT="",
        AzureWebJobsStorage__tableServiceUri="",
    )
    assert sorted(found) == [
        "ACS_ENDPOINT",
        "AzureWebJobsStorage__tableServiceUri",
        "DOI_PEPPER",
        "DOI_PUBLIC_URL",
        "DOI_TOKEN_KEYS",
        "DOI_TRUSTED_PROXIES",
    ]


@pytest.mark.parametrize("name", ["DOI_PEPPER", "DOI_TOKEN_KEYS", "SMTP_PASSWORD", "DATAVERSE_URL"])
def test_a_key_vault_reference_that_did_not_resolve_is_no_value(name: str) -> None:
    reference = "@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/pepper)"
    found = mistakes(**{name: reference})
    assert list(found) == [name]
    assert "Key Vault did not resolve it" in found[name]


@pytest.mark.parametrize(
    "left_out",
    ["AzureWebJobsStorage__queueServiceUri", "AzureWebJobsStorage__tableServiceUri"],
)
def test_storage_needs_both_addresses_or_a_connection_string(left_out: str) -> None:
    found = mistakes(**{left_out: ""})
    assert list(found) == [left_out]
    assert "AzureWebJobsStorage" in found[left_out]


@pytest.mark.parametrize(
    ("provider", "needed"), [("acs", "ACS_ENDPOINT"), ("smtp", "SMTP_HOST"), ("graph", None)]
)
def test_each_mail_provider_needs_its_own(provider: str, needed: str | None) -> None:
    changes = {"DOI_MAIL_PROVIDER": provider, "ACS_ENDPOINT": ""}
    if needed is None:
        assert read_settings(IN_AZURE | changes).mail_provider == provider
        return
    found = mistakes(**changes)
    assert list(found) == [needed]
    assert f"DOI_MAIL_PROVIDER is '{provider}'" in found[needed]


@pytest.mark.parametrize("host", ["127.0.0.1:7071", "localhost:7071"])
def test_this_machine_needs_no_certificate(host: str) -> None:
    settings = read_settings(IN_AZURE | {"DOI_PUBLIC_URL": f"http://{host}"})
    assert settings.public_url == f"http://{host}"


def test_a_password_never_travels_unencrypted() -> None:
    smtp = {"DOI_MAIL_PROVIDER": "smtp", "SMTP_HOST": "mail", "SMTP_PASSWORD": "correct horse"}
    assert list(mistakes(**smtp, SMTP_TLS="none")) == ["SMTP_TLS"]
    assert read_settings(IN_AZURE | smtp).smtp_tls == "starttls"
    user = smtp | {"SMTP_PASSWORD": "", "SMTP_USER": "contoso"}
    assert list(mistakes(**user, SMTP_TLS="none")) == ["SMTP_TLS"]
    without_password = IN_AZURE | smtp | {"SMTP_PASSWORD": "", "SMTP_TLS": "none"}
    assert read_settings(without_password).smtp_tls == "none"


def test_no_value_is_ever_told() -> None:
    private = "tell-nobody"
    wrong = dict.fromkeys((str(info.alias) for info in Settings.model_fields.values()), private)
    with pytest.raises(SettingsInvalid) as refused:
        read_settings(wrong)
    assert private not in "".join(traceback.format_exception(refused.value))
    settings = read_settings(IN_AZURE | {"SMTP_PASSWORD": private})
    assert private not in repr(settings)
    assert SECRET not in repr(settings)


def test_every_setting_says_what_it_should_look_like() -> None:
    unexplained = [
        i.alias for i in Settings.model_fields.values() if not (i.alias and i.description)
    ]
    assert not unexplained


def test_a_slip_in_a_settings_name_is_found() -> None:
    environment = {**IN_AZURE, "DOI_TRUSTED_PROXYS": "2", "DOI_LOCAL_ANYTHING": "x", "PATH": "/"}
    assert unknown_settings(environment) == ["DOI_TRUSTED_PROXYS"]
