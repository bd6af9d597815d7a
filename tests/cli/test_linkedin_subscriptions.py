"""`doi linkedin subscriptions`. LinkedIn takes https only, so the webhook has a certificate."""

import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from tests.cli.operated_linkedin import (
    ACCOUNT,
    DONE,
    NOT_ALL_DONE,
    PAGE,
    REFUSED,
    WEBHOOK_SECRET,
    WRONG_USAGE,
    Operated,
    newest_version,
    printed,
)
from tests.examples import ROOT
from tests.linkedin_simulator.client import ENGLISH, Api
from tests.linkedin_simulator.webhook import Webhook
from tests.mailers.certificates import self_signed

ENGLISH_URN = f"urn:li:versionedLeadGenForm:(urn:li:leadGenForm:{ENGLISH},1)"
SPONSORED = ("--owner", ACCOUNT, "--lead-type", "SPONSORED")


class HttpsWebhook(Webhook):
    """With a certificate that only this module's LinkedIn trusts."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__()
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = self.url.replace("http:", "https:")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """Its file, and the context of a server that has it."""
    folder = tmp_path_factory.mktemp("webhook")
    server, _ = self_signed(folder)
    return folder / "server.pem", server


@pytest.fixture(scope="module")
def linkedin(certificate: tuple[Path, ssl.SSLContext]) -> Iterator[str]:
    """The simulator as a process of its own, which trusts the webhook's certificate."""
    command = [sys.executable, "-m", "local.linkedin_simulator", "--port", "0"]
    started = subprocess.Popen(  # noqa: S603 - our own command
        command,
        cwd=ROOT,
        env=os.environ | {"SSL_CERT_FILE": str(certificate[0])},
        stdout=subprocess.PIPE,
        text=True,
    )
    with started:
        assert started.stdout
        yield started.stdout.readline().removeprefix("listening on ").strip()
        started.terminate()


@pytest.fixture
def operated(linkedin: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Operated]:
    """By the machine's own clock, with the newest version of the API that there can be."""
    monkeypatch.setenv("COLUMNS", "250")
    now = datetime.now(UTC)
    version = newest_version(now)
    api = Api(linkedin)
    api.headers["LinkedIn-Version"] = version
    with api.session, requests.Session() as http:
        api.control("DELETE", "state")
        yield Operated(url=linkedin, api=api, http=http, clock=now, version=version)


@pytest.fixture
def webhook(certificate: tuple[Path, ssl.SSLContext]) -> Iterator[str]:
    """The address of one that answers the challenge."""
    with HttpsWebhook(certificate[1]) as listening:
        yield listening.url


def test_nothing_is_subscribed_to_at_first(operated: Operated) -> None:
    result = operated.doi("subscriptions", "list")
    assert result.exit_code == DONE
    assert result.stdout.startswith("There are no subscriptions: doi linkedin subscriptions create")
    assert printed(operated.doi("subscriptions", "list", "--json")) == []


def test_one_is_created_once_and_shown_without_its_secret(operated: Operated, webhook: str) -> None:
    arguments = (*SPONSORED, "--webhook", f"{webhook}?secret={WEBHOOK_SECRET}", "--json")
    created = operated.doi("subscriptions", "create", *arguments)
    assert created.exit_code == DONE, created.output
    [one] = printed(created)
    assert one == {
        "id": one["id"],
        "owner": ACCOUNT,
        "leadType": "SPONSORED",
        "form": None,
        "entity": None,
        "webhook": f"{webhook}?secret=…",
        "overlaps": [],
        "existed": False,
    }
    again = printed(operated.doi("subscriptions", "create", *arguments))
    assert again == [{**one, "existed": True}]
    [listed] = printed(operated.doi("subscriptions", "list", "--json"))
    assert listed == {name: value for name, value in one.items() if name != "existed"}
    [stored] = operated.api.state()["subscriptions"]
    assert stored["webhook"] == f"{webhook}?secret={WEBHOOK_SECRET}"
    assert f"{webhook}?secret=…" in operated.doi("subscriptions", "list").stdout


def test_all_lead_types_of_an_owner_by_default(operated: Operated, webhook: str) -> None:
    created = operated.doi(
        *("subscriptions", "create", "--owner", PAGE, "--webhook", webhook, "--json")
    )
    assert created.exit_code == DONE, created.output
    kinds = [one["leadType"] for one in printed(created)]
    assert kinds == ["COMPANY", "EVENT", "ORGANIZATION_PRODUCT"]
    assert len(operated.api.state()["subscriptions"]) == 3


def test_overlapping_ones_are_warned_of(operated: Operated, webhook: str) -> None:
    assert operated.doi("subscriptions", "create", "--webhook", webhook).exit_code == DONE
    narrow = operated.doi(
        *("subscriptions", "create", "--webhook", webhook, "--form", ENGLISH_URN, "--json")
    )
    assert narrow.exit_code == DONE, narrow.output
    assert "Overlaps: 7" in narrow.stderr
    assert "tell twice" in narrow.stderr
    listed = printed(operated.doi("subscriptions", "list", "--json"))
    ids = [one["id"] for one in listed]
    assert sorted(one["overlaps"] for one in listed) == sorted([[ids[1]], [ids[0]]])
    assert [one["form"] for one in listed if one["form"]] == [ENGLISH_URN]


def test_plain_http_is_refused_before_anything_is_asked(operated: Operated) -> None:
    for webhook in ("http://doi.contoso.example/api/linkedin/webhook", "nonsense"):
        result = operated.doi("subscriptions", "create", "--webhook", webhook)
        assert result.exit_code == REFUSED
        assert "Not sent: LinkedIn notifies https:// addresses only" in result.stderr
    assert not [one for one in operated.api.state()["requests"] if "Notif" in one["path"]]


def test_a_lead_type_that_the_owner_cannot_have_is_refused(
    operated: Operated, webhook: str
) -> None:
    wrong = ("--owner", PAGE, "--lead-type", "SPONSORED", "--webhook", webhook)
    result = operated.doi("subscriptions", "create", *wrong)
    assert result.exit_code == REFUSED
    assert "urn:li:sponsoredAccount" in result.stderr


def test_a_webhook_that_fails_the_challenge_is_told(operated: Operated) -> None:
    closed = "https://127.0.0.1:9/hook"
    result = operated.doi("subscriptions", "create", "--webhook", closed, "--json")
    assert result.exit_code == REFUSED
    assert "did not pass the security challenge" in result.stderr
    assert printed(result) == []


def test_without_a_webhook_it_is_the_apps_own_with_its_secret(
    operated: Operated, webhook: str
) -> None:
    public_url = webhook.removesuffix("/hook")
    operated.outside.rules = replace(operated.outside.rules, public_url=public_url)
    result = operated.doi("subscriptions", "create", "--json")
    assert result.exit_code == DONE, result.output
    [stored] = operated.api.state()["subscriptions"]
    assert stored["webhook"] == f"{public_url}/api/linkedin/webhook?secret={WEBHOOK_SECRET}"
    assert printed(result)[0]["webhook"] == f"{public_url}/api/linkedin/webhook?secret=…"


def test_what_was_created_before_one_failed_is_told(operated: Operated, webhook: str) -> None:
    operated.api.settings(pageRole="CONTENT_VIEWER")  # enough for all but leads of events
    created = operated.doi(
        *("subscriptions", "create", "--owner", PAGE, "--webhook", webhook, "--json")
    )
    assert created.exit_code == REFUSED
    assert [one["leadType"] for one in printed(created)] == ["COMPANY"]
    assert "ADMINISTRATOR" in created.stderr


def test_one_is_deleted_after_a_question(operated: Operated, webhook: str) -> None:
    secret = f"{webhook}?secret={WEBHOOK_SECRET}"
    created = operated.doi("subscriptions", "create", "--webhook", secret, "--json")
    [one] = printed(created)
    refused = operated.doi("subscriptions", "delete", one["id"], answer="n\n")
    assert refused.exit_code == NOT_ALL_DONE
    assert ACCOUNT in refused.stderr
    assert len(operated.api.state()["subscriptions"]) == 1
    deleted = operated.doi("subscriptions", "delete", one["id"], "--yes", "--json")
    assert (deleted.exit_code, printed(deleted)) == (DONE, {"deleted": one["id"], "existed": True})
    assert operated.api.state()["subscriptions"] == []


def test_one_that_is_gone_is_deleted_without_a_question(operated: Operated) -> None:
    gone = operated.doi("subscriptions", "delete", "404")
    assert (gone.exit_code, gone.stdout) == (DONE, "Gone already: 404\n")
    as_json = operated.doi("subscriptions", "delete", "404", "--yes", "--json")
    assert (as_json.exit_code, printed(as_json)) == (DONE, {"deleted": "404", "existed": False})


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "--form", "3162"),
        ("create", "--entity", "nonsense"),
        ("create", "--lead-type", "ORGANIC"),
        ("delete", "nonsense"),
        ("delete",),
    ],
)
def test_wrong_usage_asks_nothing(operated: Operated, arguments: tuple[str, ...]) -> None:
    assert operated.doi("subscriptions", *arguments).exit_code == WRONG_USAGE
    assert not [one for one in operated.api.state()["requests"] if "Notif" in one["path"]]
