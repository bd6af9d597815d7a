"""`/_simulator/environment`: the switches of `settings.py`."""

from typing import Any

from aiohttp import web
from pydantic import ValidationError

from local.dataverse_simulator.environment import Environment
from local.dataverse_simulator.settings import Settings
from local.simulator.control import refused


def add_environment_control(app: web.Application, environment: Environment) -> None:
    def shown() -> dict[str, Any]:
        return environment.settings.model_dump(mode="json", by_alias=True)

    async def show(_: web.Request) -> web.StreamResponse:
        return web.json_response(shown())

    async def change(request: web.Request) -> web.StreamResponse:
        """What the body does not name stays as it is."""
        try:
            given = await request.json()
            environment.change_settings(Settings.model_validate({**shown(), **given}))
        except ValidationError as error:
            problems = [f"{problem['loc'][0]}: {problem['msg']}" for problem in error.errors()]
            raise refused("; ".join(problems)) from error
        except (ValueError, TypeError) as error:
            raise refused(f"settings: {error}") from error
        return web.json_response(shown())

    app.router.add_get("/_simulator/environment", show)
    app.router.add_patch("/_simulator/environment", change)
