"""Is the app alive; can it do its work."""

import azure.functions as func

from functions import health
from local.storage_setup import TABLES
from shared.values.queue_name import QueueName
from tests.endpoints.calls import documented, get, json_of
from tests.fakes.outside import FakeOutside


def ready(outside: FakeOutside) -> func.HttpResponse:
    return documented("/ready", "get", health.check(outside))


def test_alive() -> None:
    alive = health.health.build().get_user_function()
    answer = documented("/health", "get", alive(get("/health")))
    assert answer.status_code == 200
    assert json_of(answer) == {"status": "alive"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_ready() -> None:
    answer = ready(FakeOutside())
    assert answer.status_code == 200
    body = json_of(answer)
    assert body["status"] == "ready"
    assert body["checks"].pop("forms") == "newsletter, webinar, whitepaper"
    assert set(body["checks"].values()) == {"ok"}
    queues = {f"queue {name}{end}" for name in QueueName for end in ("", "-poison")}
    tables = {f"table {name}" for name in TABLES}
    assert set(body["checks"]) == {"settings", *tables, *queues}


def test_not_ready_without_the_table() -> None:
    outside = FakeOutside()
    outside.table.down = True
    answer = ready(outside)
    assert answer.status_code == 503
    body = json_of(answer)
    assert body["status"] == "not ready"
    wrong = {name: told for name, told in body["checks"].items() if "down" in told}
    assert wrong == {"table registrations": "table registrations: down"}


def test_not_ready_without_the_keys_of_origins() -> None:
    outside = FakeOutside()
    outside.origin_keys.down = True
    answer = ready(outside)
    assert answer.status_code == 503
    assert json_of(answer)["checks"]["table originkeys"] == "table originkeys: down"


def test_not_ready_without_the_limits() -> None:
    outside = FakeOutside()
    outside.limits.down = True
    answer = ready(outside)
    assert answer.status_code == 503
    assert json_of(answer)["checks"]["table limits"] == "table limits: down"


def test_not_ready_without_the_queues() -> None:
    outside = FakeOutside()
    outside.queues.down = True
    answer = ready(outside)
    assert answer.status_code == 503
    checks = json_of(answer)["checks"]
    assert checks["table registrations"] == "ok"
    for name in QueueName:
        assert checks[f"queue {name}"] == f"queue {name}: down"
        assert checks[f"queue {name}-poison"] == f"queue {name}-poison: down"


def test_looking_changes_nothing() -> None:
    outside = FakeOutside()
    ready(outside)
    assert not outside.queues.messages
    assert not outside.table.records
