"""`doi doctor` on fakes: what it prints, for people and for programs, and how it ends."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from shared.doctor.failures import Refused, Why
from shared.doctor.groups import Group
from shared.failures import TemporaryFailure
from tests.cli.operated_linkedin import DONE, NOT_ALL_DONE, WRONG_USAGE
from tests.doctor.settings import SECRET, found
from tests.doctor.test_forms_checks import form
from tests.fakes.doctor import DoctorOutside, FakeMailTrial, smtp


@pytest.fixture
def outside() -> DoctorOutside:
    trial = FakeMailTrial(senders={"news@contoso.com"})
    return DoctorOutside(
        settings_found=found(DOI_MAIL_PROVIDER="smtp", SMTP_HOST="mail.contoso.com"),
        forms={"newsletter": form()},
        mail_providers=(smtp(trial),),
    )


def doi(outside: DoctorOutside, *arguments: str) -> Result:
    result = CliRunner().invoke(app, ["doctor", *arguments], obj=lambda: outside)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert SECRET not in result.output
    return result


def told(result: Result) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(result.stdout)
    return listed


def test_all_is_well(outside: DoctorOutside) -> None:
    result = doi(outside)
    assert result.exit_code == DONE, result.output
    lines = result.stdout.splitlines()
    headings = [line for line in lines if line and not line.startswith(" ")]
    assert headings[:-1] == list(Group)
    checks = len([line for line in lines if line.startswith("  ok      ")])
    assert headings[-1] == f"{checks} ok"
    assert "  ok      queue registrations: writable; no messages wait" in lines
    assert "  ok      LinkedIn: not used" in lines


def test_faults_come_with_their_step_and_are_counted(outside: DoctorOutside) -> None:
    outside.settings_found = found(DOI_CLAIM_SECONDS="5", DOI_CODE_WINDOW_SECONDS="0")
    outside.storage_trial.failures = {
        "queue promotions": Refused(Why.NOT_THERE, "404 QueueNotFound"),
        "table registrations": TemporaryFailure("no answer"),
    }
    result = doi(outside)
    assert result.exit_code == NOT_ALL_DONE
    lines = result.stdout.splitlines()
    at = lines.index("  MISSING queue promotions: 404 QueueNotFound")
    assert lines[at + 1] == (
        "          → deploy infra/ once more, or: az storage queue create --name promotions"
        " --account-name contoso --auth-mode login"
    )
    assert "  ?       table registrations: no answer" in lines
    assert lines[-1].endswith(" ok, 2 warnings, 1 missing, 1 unknown")


def test_warnings_do_not_count(outside: DoctorOutside) -> None:
    outside.settings_found = found(DOI_CLAIM_SECONDS="5")
    result = doi(outside)
    assert (result.exit_code, ", 1 warning" in result.stdout) == (DONE, True)


def test_as_json(outside: DoctorOutside) -> None:
    outside.storage_trial.failures["queue promotions"] = Refused(Why.NOT_THERE, "404")
    result = doi(outside, "--json")
    assert result.exit_code == NOT_ALL_DONE
    listed = told(result)
    assert list(dict.fromkeys(each["group"] for each in listed)) == list(Group)
    [missing] = [each for each in listed if each["state"] == "missing"]
    assert missing["check"] == "queue promotions"
    assert set(missing) == {"group", "check", "state", "found", "mend"}


def test_some_groups_only(outside: DoctorOutside) -> None:
    listed = told(doi(outside, "--json", "--only", "mail", "--only", "forms"))
    assert list(dict.fromkeys(each["group"] for each in listed)) == ["forms", "mail"]
    assert doi(outside, "--only", "teeth").exit_code == WRONG_USAGE


@pytest.mark.parametrize(
    "url", ["http://doi.contoso.com", "doi.contoso.com", "https://doi.contoso.com/api", "https://"]
)
def test_the_key_is_sent_over_https_to_a_host_alone(outside: DoctorOutside, url: str) -> None:
    assert doi(outside, "--app", url).exit_code == WRONG_USAGE


def test_steps_are_not_wrapped(outside: DoctorOutside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    outside.storage_trial.failures["queue promotions"] = Refused(Why.ROLE, "403 Code")
    [step] = [line for line in doi(outside).stdout.splitlines() if "az role" in line]
    assert step.endswith("it counts within ten minutes")
