"""`python -m cli` as a process of its own, on real storage, and what it says when it cannot."""

import json
import os
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from cli.settings_file import add_settings
from local.storage_setup import set_up_storage
from shared.adapters.storage_access import ByConnectionString
from shared.adapters.storage_queues import StorageQueues
from shared.read_settings import SettingsInvalid
from shared.values.messages import PromotionMessage
from shared.values.queue_name import QueueName
from tests.examples import key_of, registration
from tests.fresh_process import doi as doi_process
from tests.lists.conftest import sample_settings

SETTINGS_WRONG, NO_ANSWER = 4, 5


def doi(
    *arguments: str, settings: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    wanted = {**os.environ, **sample_settings(), **(settings or {})}
    return doi_process(*arguments, settings=wanted, columns=100)


def settings_file(folder: Path, **values: str) -> str:
    file = folder / "settings.json"
    file.write_text(json.dumps({"IsEncrypted": False, "Values": sample_settings() | values}))
    return str(file)


def bare(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Without any setting in the environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DOI_")}
    environment.pop("AzureWebJobsStorage", None)
    return doi_process(*arguments, settings=environment)


def test_list_replay_and_drop_on_real_storage(azurite: str, tmp_path: Path) -> None:
    set_up_storage(azurite)
    queues = StorageQueues(ByConnectionString(connection_string=azurite))
    key = key_of(registration())
    message = PromotionMessage(mailbox_key=key.mailbox_key, registration_id=key.registration_id)
    queues.put(QueueName.PROMOTIONS.poison, message.failed("no such trigger").to_json())
    queues.put(QueueName.PROMOTIONS.poison, "strange")
    file = settings_file(tmp_path, AzureWebJobsStorage=azurite)

    listed = bare("--settings", file, "poison", "list", "--json", "--queue", "promotions")
    [queue] = json.loads(listed.stdout)
    assert queue["count"] == 2
    strange = next(each for each in queue["messages"] if not each["registration"])

    known = message.registration_id
    replayed = bare("--settings", file, "poison", "replay", "promotions", "--id", known)
    assert replayed.returncode == 0, replayed.stderr
    assert known in replayed.stdout
    [put_back] = queues.look("promotions")
    assert put_back.body.decode() == message.to_json()

    dropped = bare(
        *("--settings", file, "poison", "drop", "promotions", "--yes", "--id", strange["id"])
    )
    assert dropped.returncode == 0, dropped.stderr
    assert queues.count(QueueName.PROMOTIONS.poison) == 0
    queues.take_back(queues.take("promotions", hidden_for=timedelta(minutes=1))[0].receipt)


def test_the_environment_wins_over_the_file(azurite: str, tmp_path: Path) -> None:
    set_up_storage(azurite)
    file = settings_file(tmp_path, AzureWebJobsStorage="nonsense")
    answer = doi(
        *("--settings", file, "poison", "list", "--queue", "follow-ups"),
        settings={"AzureWebJobsStorage": azurite},
    )
    assert (answer.returncode, answer.stdout) == (0, "Nothing waits.\n"), answer.stderr


def test_storage_that_does_not_answer_is_said_without_a_stack_trace() -> None:
    dead = (
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;"
        "QueueEndpoint=http://127.0.0.1:9/devstoreaccount1;"
        "TableEndpoint=http://127.0.0.1:9/devstoreaccount1;"
    )
    answer = doi("poison", "list", settings={"AzureWebJobsStorage": dead})
    assert answer.returncode == NO_ANSWER
    assert answer.stderr.startswith("Storage does not answer: queue registrations-poison")
    assert len(answer.stderr.splitlines()) == 1


def test_settings_that_are_missing_are_named_without_a_stack_trace() -> None:
    answer = bare("poison", "list")
    assert answer.returncode == SETTINGS_WRONG
    assert "DOI_PEPPER" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "1",
        "{}",
        '{"Values": []}',
        '{"IsEncrypted": true, "Values": {}}',
        "[1]",
        '[{"name": "DOI_PEPPER"}]',
    ],
)
def test_a_settings_file_that_is_wrong_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "settings.json"
    if content is not None:
        file.write_text(content)
    settings: dict[str, str] = {}
    with pytest.raises(SettingsInvalid, match=r"should be|is encrypted"):
        add_settings(file, settings)
    assert settings == {}


def test_settings_as_azures_command_line_lists_them(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    listed = [
        {"name": "DOI_MAIL_PROVIDER", "slotSetting": False, "value": "acs"},
        {"name": "ACS_ENDPOINT", "slotSetting": False, "value": None},
        {"name": "DOI_CREDENTIAL", "slotSetting": False, "value": "managed-identity"},
    ]
    file.write_text(json.dumps(listed))
    settings = {"DOI_CREDENTIAL": "azure-cli"}
    add_settings(file, settings)
    assert settings == {
        "DOI_MAIL_PROVIDER": "acs",
        "ACS_ENDPOINT": "",
        "DOI_CREDENTIAL": "azure-cli",
    }


def test_a_file_that_is_missing_is_said_without_a_stack_trace() -> None:
    answer = bare("--settings", "nowhere.json", "poison", "list")
    assert answer.returncode == SETTINGS_WRONG
    assert answer.stderr.startswith("nowhere.json should be a JSON object")
    assert len(answer.stderr.splitlines()) == 1


def test_help_needs_no_settings() -> None:
    answer = bare("poison", "replay", "--help")
    assert answer.returncode == 0, answer.stderr
    assert "doi poison replay" in answer.stdout
