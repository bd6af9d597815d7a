"""The simulator, served; and in a thread for tests."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

from local.linkedin_simulator.seed import DEFAULT_SEED, read_seed
from local.linkedin_simulator.server import build_app
from local.linkedin_simulator.world import FILE_NAME, World
from local.simulator.running import InThread, served, utc_now
from local.simulator.saved_file import kept_in

LONGEST_LINE = 128 * 1024  # so that a URL that is too long gets an answer of ours


@asynccontextmanager
async def serving(world: World, port: int, folder: Path | None) -> AsyncIterator[str]:
    """Serve while inside; gives the URL. Port 0 takes a free one. Raise OSError if taken."""
    async with AsyncExitStack() as stack:
        if folder is not None:
            saving = kept_in(folder / FILE_NAME, lambda: world.changes, world.kept)
            await stack.enter_async_context(saving)
        yield await stack.enter_async_context(served(build_app(world), port, LONGEST_LINE))


class RunningLinkedIn(InThread):
    """The simulator in a thread of its own, on a free port of 127.0.0.1.

    `with RunningLinkedIn() as linkedin: requests.get(linkedin.url + "/rest/leadForms?…")`
    """

    def __init__(
        self,
        *,
        seed: Path = DEFAULT_SEED,
        data: Path | None = None,
        now: Callable[[], datetime] = utc_now,
        allow_http: bool = False,
        webhook: str | None = None,
    ) -> None:
        world = World(read_seed(seed), now, data, allow_http=allow_http, webhook=webhook)
        super().__init__("linkedin", lambda: serving(world, 0, data))
