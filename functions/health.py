"""HTTP: is the app alive; can it do its work."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import azure.functions as func

from shared import wiring
from shared.values.queue_name import QueueName

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.doctor.ports import OutsideOfDoctor
    from shared.ports import Outside

blueprint = func.Blueprint()


@blueprint.function_name("health")
@blueprint.route("health", methods=["GET", "HEAD"], auth_level=func.AuthLevel.ANONYMOUS)
def health(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001 - the host calls it so
    """GET /api/health: the app has loaded its settings and forms. Touches nothing outside."""
    from shared.web.http_answers import json_answer

    return json_answer({"status": "alive"})


@blueprint.function_name("ready")
@blueprint.route("ready", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
def ready(req: func.HttpRequest) -> func.HttpResponse:
    """GET /api/ready: 200 when storage can be reached, else 503; ?detail=all asks the doctor."""
    if not req.params.get("detail"):
        return check(wiring.outside())
    from shared.doctor_wiring import examined

    return examine(req, examined())


def check(outside: Outside) -> func.HttpResponse:
    """Each queue and table, by name, with what is wrong."""
    from shared.web.http_answers import json_answer

    body = _reach(outside)
    return json_answer(body, status=200 if body["status"] == "ready" else 503)


def examine(request: func.HttpRequest, outside: OutsideOfDoctor) -> func.HttpResponse:
    """The same, and what the doctor says."""
    from shared.web.doctor_answer import doctor_answer

    return doctor_answer(request, _reach(outside), outside)


def _reach(outside: Outside) -> dict[str, Any]:
    from shared.failures import TemporaryFailure

    checks = {"settings": "ok", "forms": ", ".join(sorted(outside.forms))}
    targets: dict[str, Callable[[], None]] = {
        "table registrations": outside.records.reach,
        "table originkeys": outside.origin_keys.reach,
        "table limits": outside.limits.reach,
        "table leads": outside.lead_rows.reach,
        "table funnel": outside.funnel.reach,
        "table mailframes": outside.mail_frames.reach,
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
    return {
        "status": "not ready" if wrong else "ready",
        "checks": checks | dict.fromkeys(targets, "ok") | wrong,
    }
