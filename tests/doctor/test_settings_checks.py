"""Settings: each by name, with the exact step where it is wrong or unwise."""

import pytest

from shared.doctor.settings_checks import FORWARDED_FOR, check_settings
from shared.values.check import Check, State
from shared.values.request_seen import RequestSeen
from tests.doctor.checks import by_name, faults
from tests.doctor.settings import LOCAL_SECRET, REFERENCE, SECRET, found
from tests.fakes.doctor import DoctorOutside


def checks(seen: RequestSeen | None, **changes: str) -> dict[str, Check]:
    return by_name(check_settings(DoctorOutside(settings_found=found(**changes)), seen))


def wrong(**changes: str) -> dict[str, Check]:
    return faults(checks(None, **changes).values())


def test_a_deployed_app_is_all_right() -> None:
    said = checks(None)
    assert not faults(said.values())
    assert said["DOI_CLAIM_SECONDS"].found == "not set: 120"
    assert said["DATAVERSE_URL"].found == "https://contoso.crm4.dynamics.com"
    assert said["DOI_TOKEN_KEYS"].found == "set: 2 keys"
    assert said["DOI_PEPPER"].found == "set"
    assert said["SMTP_HOST"].found == "not set"


def test_one_key_is_one() -> None:
    assert checks(None, DOI_TOKEN_KEYS=SECRET)["DOI_TOKEN_KEYS"].found == "set: one key"


def test_mistakes_are_named_with_what_it_should_be() -> None:
    said = wrong(DOI_PUBLIC_URL="http://doi.contoso.com", DOI_MAIL_PROVIDER="", ACS_ENDPOINT="x")
    assert {name: one.state for name, one in said.items()} == dict.fromkeys(
        ["DOI_PUBLIC_URL", "DOI_MAIL_PROVIDER", "ACS_ENDPOINT"], State.MISSING
    )
    assert "must begin with https://" in said["DOI_PUBLIC_URL"].found
    assert str(said["DOI_PUBLIC_URL"].mend).startswith(
        "set DOI_PUBLIC_URL: address under which visitors reach this app"
    )


def test_a_slip_is_named_with_what_was_meant() -> None:
    said = wrong(DOI_TRUSTED_PROXYS="2", LINKEDIN_NONSENSE="1")
    assert said["DOI_TRUSTED_PROXYS"].mend == "rename it to DOI_TRUSTED_PROXIES"
    assert said["LINKEDIN_NONSENSE"].state is State.WARNING


def test_the_key_for_another_app_is_no_slip() -> None:
    assert not wrong(DOI_FUNCTION_KEY="x")


@pytest.mark.parametrize("name", ["DOI_PEPPER", "DOI_TOKEN_KEYS"])
def test_the_secrets_of_the_sample_are_no_secrets(name: str) -> None:
    said = wrong(**{name: f"{SECRET},{LOCAL_SECRET}" if name == "DOI_TOKEN_KEYS" else LOCAL_SECRET})
    assert said[name].state is State.MISSING
    assert "python3 -c" in str(said[name].mend)
    linkedin = {"LINKEDIN_CLIENT_ID": "x", "LINKEDIN_CLIENT_SECRET": LOCAL_SECRET}
    assert "python3" not in str(wrong(**linkedin)["LINKEDIN_CLIENT_SECRET"].mend)
    on_this_machine = wrong(**{name: LOCAL_SECRET, "DOI_PUBLIC_URL": "http://127.0.0.1:7071"})
    assert list(on_this_machine) == ["DOI_PUBLIC_URL"]


def test_a_reference_counts_where_it_can_be_resolved() -> None:
    in_azure = wrong(DOI_PEPPER=REFERENCE)["DOI_PEPPER"]
    assert (in_azure.state, "Secrets User" in in_azure.found) == (State.MISSING, True)

    on_a_laptop = wrong(DOI_PEPPER=REFERENCE, WEBSITE_SITE_NAME="")
    assert on_a_laptop["DOI_PEPPER"].state is State.WARNING
    assert on_a_laptop["DOI_CREDENTIAL"].found == "managed-identity: there is none outside Azure"
    assert "--app" in str(on_a_laptop["DOI_PEPPER"].mend)


@pytest.mark.parametrize(
    ("changes", "name", "found_words", "mend_words"),
    [
        ({"DOI_PUBLIC_URL": "http://127.0.0.1:7071"}, "DOI_PUBLIC_URL", "only this", "https"),
        (
            {"DOI_PUBLIC_URL": "https://doi.azurewebsites.net", "DOI_TRUSTED_PROXIES": "2"},
            "DOI_PUBLIC_URL",
            "go past the 2 proxies",
            "Front Door",
        ),
        ({"DOI_TRUSTED_PROXIES": "0"}, "DOI_TRUSTED_PROXIES", "no visitor's", "PROXIES=1"),
        (
            {"AzureWebJobsStorage": "UseDevelopmentStorage=true"},
            "AzureWebJobsStorage",
            "has a key",
            "AzureWebJobsStorage__queueServiceUri",
        ),
        ({"DOI_CREDENTIAL": "azure-cli"}, "DOI_CREDENTIAL", "nobody", "remove DOI_CREDENTIAL"),
        ({"DOI_CLAIM_SECONDS": "99"}, "DOI_CLAIM_SECONDS", "99: mails", "100 or more"),
        ({"DOI_CODE_WINDOW_SECONDS": "0"}, "DOI_CODE_WINDOW_SECONDS", "scanner", "remove"),
        (
            {"DOI_UNLIMITED_SOURCES": "198.51.100.0/24, 0.0.0.0/0"},
            "DOI_UNLIMITED_SOURCES",
            "0.0.0.0/0: floods",
            "your own web servers",
        ),
        (
            {"DOI_UNLIMITED_SOURCES": "::/0"},
            "DOI_UNLIMITED_SOURCES",
            "::/0: floods",
            "your own web servers",
        ),
        (
            {"DOI_RETRY_FIRST_SECONDS": "60", "DOI_RETRY_LONGEST_SECONDS": "30"},
            "DOI_RETRY_FIRST_SECONDS",
            "longer than DOI_RETRY_LONGEST_SECONDS=30",
            "less",
        ),
        (
            {"SMTP_HOST": "mail.contoso.com", "SMTP_TLS": "none"},
            "SMTP_TLS",
            "unencrypted",
            "SMTP_TLS=starttls",
        ),
        (
            {"SMTP_HOST": "mail.contoso.com", "SMTP_PORT": "25"},
            "SMTP_PORT",
            "Azure lets it out only",
            "SMTP_PORT=587",
        ),
        ({"DATAVERSE_URL": "http://127.0.0.1:8090"}, "DATAVERSE_URL", "simulator", "dynamics.com"),
        (
            {"LINKEDIN_API_URL": "http://127.0.0.1:8091"},
            "LINKEDIN_API_URL",
            "simulator",
            "remove LINKEDIN_API_URL",
        ),
        (
            {"PYTHON_THREADPOOL_THREAD_COUNT": ""},
            "PYTHON_THREADPOOL_THREAD_COUNT",
            "not set: one silent",
            "set PYTHON_THREADPOOL_THREAD_COUNT=32",
        ),
        (
            {"PYTHON_THREADPOOL_THREAD_COUNT": "5"},
            "PYTHON_THREADPOOL_THREAD_COUNT",
            "5: one silent",
            "=32",
        ),
    ],
)
def test_what_is_allowed_and_unwise_is_a_warning(
    changes: dict[str, str], name: str, found_words: str, mend_words: str
) -> None:
    said = wrong(**changes)
    assert list(said) == [name]
    assert said[name].state is State.WARNING
    assert found_words in said[name].found
    assert mend_words in str(said[name].mend)


def test_notifications_without_a_signature() -> None:
    linkedin = {
        "LINKEDIN_CLIENT_ID": "x",
        "LINKEDIN_CLIENT_SECRET": "x",
        "LINKEDIN_WEBHOOK_SECRET": SECRET,
    }
    assert not wrong(**linkedin)
    assert list(wrong(**linkedin, LINKEDIN_REQUIRE_SIGNATURE="no")) == [
        "LINKEDIN_REQUIRE_SIGNATURE"
    ]


@pytest.mark.parametrize("value", ["x", "", "0", "11", "-1", "1e3"])
def test_a_wrong_number_is_a_mistake_and_nothing_else(value: str) -> None:
    for name in ("DOI_TRUSTED_PROXIES", "DOI_CLAIM_SECONDS", "DOI_RETRY_LONGEST_SECONDS"):
        checks(RequestSeen(proxies=1, by_front_door=False), **{name: value})
    checks(None, DOI_UNLIMITED_SOURCES=value, DOI_RETRY_FIRST_SECONDS=value)


@pytest.mark.parametrize(
    ("proxies", "by_front_door", "expected", "state", "mend"),
    [
        (1, False, "1", State.OK, None),
        (2, True, "2", State.OK, None),
        (2, True, "1", State.WARNING, "set DOI_TRUSTED_PROXIES=2"),
        (1, False, "2", State.WARNING, "let nobody in past the proxy"),
        (0, False, "1", State.WARNING, "set DOI_TRUSTED_PROXIES=0"),
        (2, False, "1", State.WARNING, "if a proxy of yours adds one"),
    ],
)
def test_proxies_are_counted_on_the_request_itself(
    proxies: int, expected: str, state: State, mend: str | None, *, by_front_door: bool
) -> None:
    seen = RequestSeen(proxies=proxies, by_front_door=by_front_door)
    check = checks(seen, DOI_TRUSTED_PROXIES=expected)[FORWARDED_FOR]
    assert check.state is state
    assert (mend or "") in (check.mend or "")


def test_links_that_go_past_front_door_are_seen_on_the_request() -> None:
    seen = RequestSeen(proxies=2, by_front_door=True)
    check = checks(seen, DOI_PUBLIC_URL="https://doi.azurewebsites.net")[FORWARDED_FOR]
    assert (check.state, "DOI_PUBLIC_URL" in str(check.mend)) == (State.WARNING, True)


def test_without_a_request_there_is_nothing_to_count() -> None:
    assert FORWARDED_FOR not in checks(None)
