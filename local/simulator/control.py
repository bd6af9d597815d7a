"""`/_simulator/faults` and `/_simulator/state`: what tests ask of every simulator."""

import json
from typing import Any, Protocol, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from local.simulator.faults import Faults, RequestFault

F = TypeVar("F", bound=RequestFault)
M = TypeVar("M", bound=BaseModel)


class Simulated(Protocol[F]):
    """A simulated system: `state` is everything stored, `reset` goes back to the seed."""

    @property
    def faults(self) -> Faults[F]: ...

    def state(self) -> dict[str, Any]: ...

    def reset(self) -> None: ...


def add_control(app: web.Application, simulated: Simulated[F], fault_type: type[F]) -> None:
    async def ask_fault(request: web.Request) -> web.StreamResponse:
        fault = await asked_for(request, fault_type, "fault")
        simulated.faults.add(fault)
        return web.json_response(fault.model_dump(by_alias=True), status=201)

    async def list_faults(_: web.Request) -> web.StreamResponse:
        waiting = [fault.model_dump(by_alias=True) for fault in simulated.faults.waiting()]
        return web.json_response({"faults": waiting})

    async def clear_faults(_: web.Request) -> web.StreamResponse:
        simulated.faults.clear()
        return web.Response(status=204)

    async def show_state(_: web.Request) -> web.StreamResponse:
        return web.json_response(simulated.state())

    async def reset_state(_: web.Request) -> web.StreamResponse:
        simulated.reset()
        return web.Response(status=204)

    app.router.add_post("/_simulator/faults", ask_fault)
    app.router.add_get("/_simulator/faults", list_faults)
    app.router.add_delete("/_simulator/faults", clear_faults)
    app.router.add_get("/_simulator/state", show_state)
    app.router.add_delete("/_simulator/state", reset_state)


async def asked_for(request: web.Request, wanted: type[M], noun: str) -> M:
    """The request's JSON as a `wanted`. Raise HTTPBadRequest that names what is wrong."""
    try:
        return wanted.model_validate_json(await request.read())
    except ValidationError as error:
        problems = [
            f"{'.'.join(str(part) for part in problem['loc']) or noun}: {problem['msg']}"
            for problem in error.errors()
        ]
        raise refused("; ".join(problems)) from error


def refused(problem: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=json.dumps({"error": problem}), content_type="application/json")
