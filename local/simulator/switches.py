"""Switches of a simulator: shown with GET, and set in part, since what is not named stays."""

from collections.abc import Callable
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from local.simulator.control import refused


class Switches(BaseModel):
    """Each has a default; a name that is none is refused, and so is a value of another type."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
    )


S = TypeVar("S", bound=Switches)


def add_switches(
    app: web.Application, path: str, method: str, now: Callable[[], S], change: Callable[[S], None]
) -> None:
    """`now` gives the switches as they are; `change` gets all of them as they shall be."""

    def shown() -> dict[str, Any]:
        return now().model_dump(mode="json", by_alias=True)

    async def show(_: web.Request) -> web.StreamResponse:
        return web.json_response(shown())

    async def set_some(request: web.Request) -> web.StreamResponse:
        try:
            given = await request.json()
            change(type(now()).model_validate({**shown(), **given}))
        except ValidationError as error:
            problems = [f"{problem['loc'][0]}: {problem['msg']}" for problem in error.errors()]
            raise refused("; ".join(problems)) from error
        except (ValueError, TypeError) as error:
            raise refused(f"settings: {error}") from error
        return web.json_response(shown())

    app.router.add_get(path, show)
    app.router.add_route(method, path, set_some)
