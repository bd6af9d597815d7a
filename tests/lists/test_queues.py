"""The queues, in three places: the code, the local storage's set-up, the queue functions."""

import json

from local.storage_setup import QUEUES, TABLES
from shared.adapters.records_table import TABLE
from shared.values.messages import QueueName
from tests.examples import ROOT
from tests.lists.conftest import LoadedApp

# Nothing in the app reads these yet: leads and mail reports have no function.
WITHOUT_FUNCTION = {"linkedin-leads", "mail-reports"}


def test_the_local_storage_has_every_queue_and_table() -> None:
    assert set(QUEUES) == set(QueueName)
    assert len(QUEUES) == len(set(QUEUES))
    assert set(TABLES) == {TABLE}


def test_every_queue_has_one_function(loaded_app: LoadedApp) -> None:
    queues = [trigger["queueName"] for trigger in loaded_app.triggers("queueTrigger").values()]
    assert len(queues) == len(set(queues))
    assert set(queues) == set(QueueName) - WITHOUT_FUNCTION


def test_the_host_reads_what_the_code_writes() -> None:
    """The adapter writes base64; a host that expects raw text would poison every message."""
    queues = json.loads((ROOT / "host.json").read_bytes())["extensions"]["queues"]
    assert queues["messageEncoding"] == "base64"
    assert queues["maxDequeueCount"] == 5
    assert queues["visibilityTimeout"] > "00:00:00"
