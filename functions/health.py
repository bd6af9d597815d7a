"""HTTP: is the app alive; can it do its work."""

import functools
from typing import TYPE_CHECKING

import azure.functions as func

from shared import wiring
from shared.failures import TemporaryFailure
from shared.ports import Outside
from shared.values.messages import QueueName
from shared.web.http_answers import json_answer

if TYPE_CHECKING:
    from collections.abc import Callable

blueprint = func.Blueprint()


@blueprint.function_name("health")
@blueprint.route("health", methods=["GET", "HEAD"], auth_level=func.AuthLevel.ANONYMOUS)
def health(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001 - the host calls it so
    """GET /api/health: the app has loaded its settings and forms. Touches nothing outside."""
    return json_answer({"status": "alive"})


@blueprint.function_name("ready")
@blueprint.route("ready", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
def ready(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001 - the host calls it so
    """GET /api/ready: 200 when storage can be reached, else 503."""
    return check(wiring.outside())


def check(outside: Outside) -> func.HttpResponse:
    """Each queue and the table, by name, with what is wrong."""
    checks = {"settings": "ok", "forms": ", ".join(sorted(outside.forms))}
    targets: dict[str, Callable[[], None]] = {
        "table registrations": outside.records.reach,
        "table limits": outside.limits.reach,
        "table leads": outside.lead_rows.reach,
    }
    for queue in QueueName:
        for name in (queue.value, queue.poison):
            targets[f"queue {name}"] = functools.partial(outside.queues.reach, name)
    wrong = {}
    for name, reach in targets.items():
        try:
            reach()
        except TemporaryFailure as failure:
            wrong[name] = str(failure)
    body = {
        "status": "not ready" if wrong else "ready",
        "checks": checks | dict.fromkeys(targets, "ok") | wrong,
    }
    return json_answer(body, status=503 if wrong else 200)
