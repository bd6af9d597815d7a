"""The queues, in three places: the code, the local storage's set-up, the queue functions."""

import json

from local.storage_setup import QUEUES, TABLES
from shared.adapters import (
    frames_table,
    funnel_table,
    leads_table,
    limits_table,
    origin_keys_table,
    records_table,
)
from shared.values.queue_name import QueueName
from tests.examples import ROOT
from tests.lists.conftest import LoadedApp


def test_the_local_storage_has_every_queue_and_table() -> None:
    assert set(QUEUES) == set(QueueName)
    assert len(QUEUES) == len(set(QUEUES))
    tables = (
        records_table,
        origin_keys_table,
        frames_table,
        limits_table,
        leads_table,
        funnel_table,
    )
    assert set(TABLES) == {table.TABLE for table in tables}


def test_every_queue_has_one_function(loaded_app: LoadedApp) -> None:
    queues = [trigger["queueName"] for trigger in loaded_app.triggers("queueTrigger").values()]
    assert len(queues) == len(set(queues))
    assert set(queues) == set(QueueName)


def test_no_function_takes_messages_out_of_a_poison_queue(loaded_app: LoadedApp) -> None:
    """They wait there for an operator; the watch looks at them by a timer."""
    queues = [trigger["queueName"] for trigger in loaded_app.triggers("queueTrigger").values()]
    assert not {queue.poison for queue in QueueName} & set(queues)


def test_the_host_hands_on_what_stands_in_the_queue() -> None:
    """With "base64" it would poison what Event Grid writes raw, in silence."""
    queues = json.loads((ROOT / "host.json").read_bytes())["extensions"]["queues"]
    assert queues["messageEncoding"] == "none"
    assert queues["maxDequeueCount"] == 5
    assert queues["visibilityTimeout"] > "00:00:00"
