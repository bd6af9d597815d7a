"""Storage: what each trial's end means, and the command that mends it."""

import pytest

from local.storage_setup import TABLES
from shared.doctor.failures import NoToken, Refused, Why
from shared.doctor.storage_checks import check_storage
from shared.failures import TemporaryFailure
from shared.values.check import Check, State
from shared.values.queue_name import QueueName
from tests.doctor.checks import by_name, faults
from tests.doctor.settings import found
from tests.fakes.doctor import DoctorOutside

QUEUES = [f"queue {name}{end}" for name in QueueName for end in ("", "-poison")]


@pytest.fixture
def outside() -> DoctorOutside:
    return DoctorOutside(settings_found=found())


def checks(outside: DoctorOutside) -> dict[str, Check]:
    return by_name(check_storage(outside))


def test_every_queue_and_table_is_written_to(outside: DoctorOutside) -> None:
    said = checks(outside)
    assert list(said) == [*QUEUES, *(f"table {name}" for name in TABLES)]
    assert not faults(said.values())
    assert outside.storage_trial.tried == list(said)


def test_messages_are_counted_and_poison_is_a_warning(outside: DoctorOutside) -> None:
    outside.storage_trial.waiting = {"registrations": 3, "promotions-poison": 1}
    said = checks(outside)
    assert said["queue registrations"].found == "writable; 3 messages wait"
    assert said["queue follow-ups"].found == "writable; no messages wait"
    poison = said["queue promotions-poison"]
    assert poison.state is State.WARNING
    assert poison.found == "writable; 1 message waits for somebody to look after"
    assert poison.mend == "doi poison list --queue promotions"


ROLE = (
    "give the role {name}: az role assignment create --assignee CLIENT-ID --role {id} --scope"
    ' "$(az storage account show --name contoso --query id --output tsv)"'
)
QUEUE_ROLE = ROLE.format(
    name="Storage Queue Data Contributor", id="974c5e8b-45b9-4653-ba55-5f855dd0fb88"
)
TABLE_ROLE = ROLE.format(
    name="Storage Table Data Contributor", id="0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"
)
CREATE = "az storage {} create --name {} --account-name contoso --auth-mode login"


@pytest.mark.parametrize(
    ("name", "why", "mend"),
    [
        ("queue registrations", Why.ROLE, QUEUE_ROLE),
        ("table leads", Why.ROLE, TABLE_ROLE),
        (
            "queue follow-ups-poison",
            Why.NOT_THERE,
            CREATE.format("queue", "follow-ups-poison"),
        ),
        ("table limits", Why.NOT_THERE, CREATE.format("table", "limits")),
        ("queue registrations", Why.NETWORK, "vnetEnabled=true"),
        (
            "queue registrations",
            Why.NO_KEYS,
            "set AzureWebJobsStorage__queueServiceUri to https://contoso",
        ),
        ("table leads", Why.CREDENTIALS, "check AzureWebJobsStorage__tableServiceUri"),
        ("table leads", Why.OTHER, "check AzureWebJobsStorage__tableServiceUri"),
    ],
)
def test_a_refusal_comes_with_its_command_and_the_others_are_tried(
    outside: DoctorOutside, name: str, why: Why, mend: str
) -> None:
    outside.storage_trial.failures[name] = Refused(why, "403 Code")
    said = checks(outside)
    [(label, check)] = faults(said.values()).items()
    assert label == name
    assert (check.state, check.found) == (State.MISSING, "403 Code")
    assert mend in str(check.mend)
    assert len(said) == len(QUEUES) + len(TABLES)


def test_a_silent_service_is_asked_once_and_the_other_all_the_same(outside: DoctorOutside) -> None:
    for kind in ("queue", "table"):
        outside.storage_trial.failures[f"{kind} registrations"] = TemporaryFailure("no answer")
    said = checks(outside)
    assert list(said) == ["queue registrations", "table registrations"]
    assert {check.state for check in said.values()} == {State.UNKNOWN}
    assert "AzureWebJobsStorage__queueServiceUri" in str(said["queue registrations"].mend)
    assert "AzureWebJobsStorage__tableServiceUri" in str(said["table registrations"].mend)


def test_without_a_token_the_identity_is_what_is_missing(outside: DoctorOutside) -> None:
    outside.storage_trial.failures["queue registrations"] = NoToken("no access token: X")
    check = checks(outside)["queue registrations"]
    assert check.state is State.UNKNOWN
    assert "az functionapp identity assign --name doi --resource-group marketing" in str(check.mend)
