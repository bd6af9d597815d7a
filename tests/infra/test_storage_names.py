"""Queues and tables in Bicep are those of the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.adapters import (
    frames_table,
    funnel_table,
    leads_table,
    limits_table,
    origin_keys_table,
    records_table,
)
from shared.values.queue_name import QueueName

if TYPE_CHECKING:
    from local.infrastructure.templates import Templates
    from tests.infra.conftest import Break


def names_in(templates: Templates, resource: str) -> list[str]:
    """What a loop of storage.bicep makes: its `name`, for each value of the list it goes over."""
    file = templates.files["storage.bicep"]
    made = file.resources[resource]
    form, variable = str(made.body["name"]).strip("'"), made.loop.removesuffix("Names") + "Name"
    names = file.variables[made.loop].value
    return [name if form == variable else form.replace(f"${{{variable}}}", name) for name in names]


def test_every_queue_is_made_with_its_poison_queue(templates: Templates) -> None:
    assert names_in(templates, "queues") == [queue.value for queue in QueueName]
    assert names_in(templates, "poisonQueues") == [queue.poison for queue in QueueName]


def test_every_table_is_made(templates: Templates) -> None:
    tables = (
        records_table,
        origin_keys_table,
        frames_table,
        limits_table,
        leads_table,
        funnel_table,
    )
    assert sorted(names_in(templates, "tables")) == sorted(table.TABLE for table in tables)


def test_delivery_reports_go_into_their_queue_and_never_expire_there(templates: Templates) -> None:
    file = templates.files["mail-reports.bicep"]
    delivery = file.resources["subscription"].body["properties"]["deliveryWithResourceIdentity"]
    target = delivery["destination"]["properties"]
    assert file.variables[str(target["queueName"])].value == QueueName.MAIL_REPORTS
    assert target["queueMessageTimeToLiveInSeconds"] == -1


def test_a_forgotten_queue_is_found(broken: Break) -> None:
    templates = broken("storage.bicep", "  'follow-ups'\n", "")

    assert names_in(templates, "queues") != [queue.value for queue in QueueName]


def test_another_name_for_poison_is_found(broken: Break) -> None:
    templates = broken("storage.bicep", "${queueName}-poison", "${queueName}-dead")

    assert names_in(templates, "poisonQueues") != [queue.poison for queue in QueueName]
