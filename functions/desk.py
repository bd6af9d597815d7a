"""HTTP: the operator's page → how far people come, what waits and why; puts back what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import azure.functions as func

from shared import wiring

if TYPE_CHECKING:
    from shared.ports import Outside

blueprint = func.Blueprint()


@blueprint.function_name("show_desk")
@blueprint.route("desk", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
def show_desk(req: func.HttpRequest) -> func.HttpResponse:
    """GET /api/desk?refresh=…: changes nothing."""
    return show(req, wiring.outside())


@blueprint.function_name("replay_poison")
@blueprint.route("desk", methods=["POST"], auth_level=func.AuthLevel.FUNCTION)
def replay_poison(req: func.HttpRequest) -> func.HttpResponse:
    """POST /api/desk, queue=…, id=… or all=yes: a button of the page."""
    return replay(req, wiring.outside())


def show(request: func.HttpRequest, outside: Outside) -> func.HttpResponse:
    """The page; it says for itself what it could not see."""
    from shared.web.desk_answers import shown

    return shown(request, outside)


def replay(request: func.HttpRequest, outside: Outside) -> func.HttpResponse:
    """Put messages back, and go on to the page."""
    from shared.web.desk_answers import replayed

    return replayed(request, outside)
