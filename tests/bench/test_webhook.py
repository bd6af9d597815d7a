"""The webhook's run: that it runs, and takes only right answers. Never how long anything takes."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bench import webhook
from bench.running_stack import Target
from bench.webhook_calls import Kind, LinkedInApplication, challenge_answer, make_call
from bench.webhook_cold import Start
from bench.webhook_load import CONNECTIONS, Round, take_warm_samples
from tests.leads.test_webhook import BODY, CHALLENGE, CHALLENGE_RESPONSE, SIGNATURE
from tests.leads.worlds import CLIENT_SECRET
from tests.running_stack import Stack

APPLICATION = LinkedInApplication(client_secret=CLIENT_SECRET, webhook_secret="")


def ready(stack: Stack) -> dict[str, str]:
    return {
        "functions": stack.functions,
        "mail": stack.mail,
        "dataverse": stack.dataverse,
        "azurite": stack.azurite,
    }


@pytest.mark.stack
def test_it_runs_and_reports(stack: Stack, tmp_path: Path) -> None:
    report = tmp_path / "webhook.md"
    given = ["--ready", json.dumps(ready(stack)), "--report", str(report)]
    webhook.main([*given, "--starts", "1", "--rounds", "2", "--calls", "16"])
    text = report.read_text(encoding="utf-8")
    assert "1 processes of each kind" in text
    assert "2 alternating rounds of 16 calls" in text
    for start in Start:
        assert len(re.findall(rf"^\| {re.escape(start)} \|", text, re.MULTILINE)) == 1
    for kind in Kind:
        assert len(re.findall(rf"^\| {re.escape(kind)} \|", text, re.MULTILINE)) == 2


@pytest.mark.stack
def test_a_wrong_answer_is_no_measurement(stack: Stack) -> None:
    another = replace(APPLICATION, client_secret="not-that-of-the-stack")
    with pytest.raises(RuntimeError, match="webhook: "):
        take_warm_samples(Target.of_ready(ready(stack)), another, rounds=1, calls=1)


def test_calls_are_signed_as_the_reference_says() -> None:
    assert challenge_answer(CLIENT_SECRET, CHALLENGE)["challengeResponse"] == CHALLENGE_RESPONSE
    gone = make_call(Kind.NOTIFICATION, APPLICATION, "1a2b3c-4")
    assert gone.body == BODY.replace(b'"CREATED"', b'"DELETED"')
    assert gone.headers["X-LI-Signature"] != SIGNATURE
    assert len(gone.headers["X-LI-Signature"]) == 64


def test_the_secret_stands_in_the_address() -> None:
    guarded = replace(APPLICATION, webhook_secret="a&b")
    for kind in (Kind.CHALLENGE, Kind.NOTIFICATION):
        assert "secret=a%26b" in make_call(kind, guarded, "1-1").path
        assert "secret" not in make_call(kind, APPLICATION, "1-1").path


def test_ratios_are_of_the_same_round() -> None:
    cold = {Start.SDK: [1.0, 2.0], Start.ANSWER: [2.0, 8.0], Start.UNCOMPILED: [3.0, 6.0]}
    times = {Kind.HEALTH: 1.0, Kind.CHALLENGE: 2.0, Kind.NOTIFICATION: 5000.0}
    warm = [
        Round(kind=kind, connections=number, milliseconds=[times[kind]] * 2)
        for number in CONNECTIONS
        for kind in Kind
    ]
    text = webhook.report(cold, warm)
    assert f"| {Start.ANSWER} | 5.00 | 2.00 | 8.00 | 3.00 (2.00 to 4.00) |" in text
    assert f"| {Kind.CHALLENGE} | 16 | 2.0 | 2.0 | 2.0 | 2.00 (2.00 to 2.00) |" in text
    assert webhook.slowest_challenge(cold, warm) == 8.0
