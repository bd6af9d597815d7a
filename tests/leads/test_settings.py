"""The settings of LinkedIn: together or not at all."""

import pytest

from shared.adapters.linkedin.session import DEFAULT_URL, DEFAULT_VERSION
from shared.read_settings import SettingsInvalid, read_settings, unknown_settings
from shared.settings import Settings
from shared.values.email_from import EmailFrom
from shared.wiring import Wiring
from tests.lists.conftest import sample_settings

IDS = {"LINKEDIN_CLIENT_ID": "id", "LINKEDIN_CLIENT_SECRET": "secret"}


def settings(**linkedin: str) -> dict[str, str]:
    """The sample without LinkedIn, and these."""
    others = {k: v for k, v in sample_settings().items() if not k.startswith("LINKEDIN_")}
    return others | linkedin


def mistakes(**linkedin: str) -> dict[str, str]:
    with pytest.raises(SettingsInvalid) as refused:
        read_settings(settings(**linkedin))
    return dict(line.split(": ", 1) for line in str(refused.value).splitlines()[1:])


def test_without_any_there_is_no_linkedin() -> None:
    assert Wiring(settings()).rules.linkedin is None


def test_the_least() -> None:
    linkedin = Wiring(settings(**IDS)).rules.linkedin
    assert linkedin is not None
    assert linkedin.client_secret == "secret"
    assert linkedin.require_signature
    assert linkedin.webhook_secret is None
    assert linkedin.owners == ()
    assert linkedin.email_from is EmailFrom.EMAIL_THEN_WORK
    assert linkedin.api_version == DEFAULT_VERSION
    assert "secret'" not in repr(linkedin)


@pytest.mark.parametrize(
    "one",
    [
        {"LINKEDIN_REFRESH_TOKEN": "x"},
        {"LINKEDIN_ACCESS_TOKEN": "x"},
        {"LINKEDIN_OWNERS": "urn:li:organization:1"},
        {"LINKEDIN_WEBHOOK_SECRET": "x" * 16},
    ],
)
def test_half_of_them_is_refused_by_name(one: dict[str, str]) -> None:
    assert set(mistakes(**one)) == set(IDS)


@pytest.mark.parametrize("name", IDS)
def test_either_one_misses_the_other(name: str) -> None:
    assert set(mistakes(**{name: "x"})) == set(IDS) - {name}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LINKEDIN_OWNERS", "522529623"),
        ("LINKEDIN_OWNERS", "urn:li:sponsoredAccount:1,urn:li:person:2"),
        ("LINKEDIN_OWNERS", "urn:li:organization:0"),
        ("LINKEDIN_EMAIL_FROM", "any"),
        ("LINKEDIN_VERSION", "2026-07"),
        ("LINKEDIN_VERSION", "202613"),
        ("LINKEDIN_REQUIRE_SIGNATURE", "maybe"),
        ("LINKEDIN_WEBHOOK_SECRET", "short"),
        ("LINKEDIN_API_URL", "http://api.linkedin.com"),
        ("LINKEDIN_CLIENT_SECRET", "@Microsoft.KeyVault(SecretUri=https://x)"),
        ("LINKEDIN_REFRESH_TOKEN", "@Microsoft.KeyVault(SecretUri=https://x)"),
    ],
)
def test_a_mistake_is_named(name: str, value: str) -> None:
    found = mistakes(**IDS | {name: value})
    assert list(found) == [name]
    assert value not in str(found)


def test_unsigned_notifications_need_a_secret() -> None:
    assert list(mistakes(**IDS, LINKEDIN_REQUIRE_SIGNATURE="no")) == ["LINKEDIN_WEBHOOK_SECRET"]


def test_owners_are_a_list() -> None:
    owners = "urn:li:sponsoredAccount:1, urn:li:organization:2"
    linkedin = Wiring(settings(**IDS, LINKEDIN_OWNERS=owners)).rules.linkedin
    assert linkedin is not None
    assert linkedin.owners == ("urn:li:sponsoredAccount:1", "urn:li:organization:2")


def test_defaults_are_the_clients() -> None:
    defaults = {str(field.alias): field.default for field in Settings.model_fields.values()}
    assert defaults["LINKEDIN_VERSION"] == DEFAULT_VERSION
    assert defaults["LINKEDIN_API_URL"] == DEFAULT_URL


def test_a_slip_of_the_keyboard_is_told() -> None:
    assert unknown_settings({"LINKEDIN_OWNER": "x", "LINKEDIN_OWNERS": "y"}) == ["LINKEDIN_OWNER"]
