"""Which providers the settings choose."""

import pytest

from shared.adapters.mailer_resting import RestingMailer
from shared.adapters.mailer_with_fallback import MailerWithFallback
from shared.read_settings import SettingsInvalid
from shared.wiring import Wiring
from tests.lists.conftest import sample_settings

ACS = {"ACS_ENDPOINT": "https://contoso.communication.azure.com"}


@pytest.mark.parametrize(
    ("provider", "asked"),
    [("smtp", frozenset()), ("graph", frozenset()), ("acs", frozenset({"acs"}))],
)
def test_one_provider(provider: str, asked: frozenset[str]) -> None:
    mailer = Wiring(sample_settings() | ACS | {"DOI_MAIL_PROVIDER": provider}).mailer
    assert isinstance(mailer, RestingMailer)
    assert (mailer.name, mailer.can_be_asked) == (provider, asked)


@pytest.mark.parametrize(
    ("first", "second"), [("acs", "smtp"), ("smtp", "acs"), ("graph", "smtp"), ("graph", "acs")]
)
def test_two_providers(first: str, second: str) -> None:
    chosen = {"DOI_MAIL_PROVIDER": first, "DOI_MAIL_FALLBACK_PROVIDER": second}
    mailer = Wiring(sample_settings() | ACS | chosen).mailer
    assert isinstance(mailer, MailerWithFallback)
    assert mailer.name == first
    assert mailer.can_be_asked == {first, second} & {"acs"}


@pytest.mark.parametrize(
    ("fallback", "mistake"),
    [
        ("smtp", "DOI_MAIL_FALLBACK_PROVIDER: must differ from DOI_MAIL_PROVIDER"),
        ("acs", "ACS_ENDPOINT: is needed because DOI_MAIL_FALLBACK_PROVIDER is 'acs'"),
        ("pigeon", "DOI_MAIL_FALLBACK_PROVIDER: Input should be 'acs', 'graph' or 'smtp'"),
    ],
)
def test_a_wrong_fallback_stops_the_start(fallback: str, mistake: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        Wiring(sample_settings() | {"DOI_MAIL_FALLBACK_PROVIDER": fallback})
    (line,) = str(refused.value).splitlines()[1:]
    assert line.startswith(f"{mistake}. It should be: ")


def test_the_fallback_needs_its_own_settings() -> None:
    wrong = {"DOI_MAIL_PROVIDER": "graph", "DOI_MAIL_FALLBACK_PROVIDER": "smtp", "SMTP_HOST": ""}
    with pytest.raises(SettingsInvalid, match="SMTP_HOST: is needed because DOI_MAIL_FALLBACK_P"):
        Wiring(sample_settings() | wrong)
