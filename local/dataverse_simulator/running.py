"""The simulator, served; and in a thread for tests."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

from local.dataverse_simulator import persistence
from local.dataverse_simulator.environment import Environment
from local.dataverse_simulator.seed import DEFAULT_SEED, read_seed
from local.dataverse_simulator.server import build_app
from local.simulator.running import InThread, served, utc_now
from local.simulator.saved_file import kept_in

LONGEST_URL = 32 * 1024  # 32,768 characters, the usual limit given for Dataverse


@asynccontextmanager
async def serving(environment: Environment, port: int, folder: Path | None) -> AsyncIterator[str]:
    """Serve while inside; gives the URL. Port 0 takes a free one. Raise OSError if taken."""
    async with AsyncExitStack() as stack:
        if folder is not None:
            saving = kept_in(
                folder / persistence.FILE_NAME,
                version=lambda: (environment.store, environment.store.last_version),
                content=lambda: persistence.snapshot(environment.store),
            )
            await stack.enter_async_context(saving)
        yield await stack.enter_async_context(served(build_app(environment), port, LONGEST_URL))


class RunningDataverse(InThread):
    """The simulator in a thread of its own, on a free port of 127.0.0.1.

    `with RunningDataverse() as dataverse: requests.get(dataverse.url + "/api/data/v9.2/…")`
    """

    def __init__(
        self,
        *,
        seed: Path = DEFAULT_SEED,
        data: Path | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        environment = Environment(read_seed(seed), now, data)
        super().__init__("dataverse", lambda: serving(environment, 0, data))
