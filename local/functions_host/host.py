"""The running host: everything put together, started and stopped."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from local.functions_host.admin_api import AdminApi
from local.functions_host.app_settings import resolved
from local.functions_host.cors import CorsPolicy, cors_middleware
from local.functions_host.disabled_functions import enabled
from local.functions_host.function import Function
from local.functions_host.host_json import HostSettings
from local.functions_host.http_server import HttpTriggers, body_limit, http_endpoints
from local.functions_host.in_flight import InFlight
from local.functions_host.invocations import Invocations
from local.functions_host.invoker import Invoker
from local.functions_host.ncrontab import Schedule
from local.functions_host.queue_listener import QueueListener
from local.functions_host.queue_output import QueueOutput
from local.functions_host.queue_processor import QueueProcessor
from local.functions_host.queue_storage import QueueStorage
from local.functions_host.stop_signals import call_on_stop_signal
from local.functions_host.timer_listener import TimerListener

log = logging.getLogger("host")

ADDRESS = "127.0.0.1"
POISON_SUFFIX = "-poison"
DRAIN_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the command line and the settings files say."""

    port: int
    invisible_seconds: int
    keys: Sequence[str]
    cors: CorsPolicy | None
    settings: HostSettings
    environment: Mapping[str, str]


class Host:
    """One app on one port. Making it raises LoadFailure when a setting is missing."""

    def __init__(self, invoker: Invoker, options: Options) -> None:
        self._options = options
        self._in_flight = InFlight()
        self._storage = QueueStorage(options.environment)
        queue_output = QueueOutput(storage=self._storage, base64=options.settings.queues.base64)
        self._invocations = Invocations(invoker=invoker, queue_output=queue_output)
        functions = enabled(invoker.functions, options.environment)
        for function in functions:
            for output in function.outputs:
                if output.type == "queue":
                    self._storage.queue_of(output)  # a missing setting shows now, not on first use
        self._queues = [
            self._queue_listener(each) for each in functions if each.trigger.type == "queueTrigger"
        ]
        self._timers = {
            each.name: self._timer_listener(each)
            for each in functions
            if each.trigger.type == "timerTrigger"
        }
        self._web = self._web_application(functions)

    async def serve(self) -> bool:
        """Until a stop signal. False when something would not end within ten seconds."""
        stopping = asyncio.Event()
        call_on_stop_signal(asyncio.get_running_loop(), stopping.set)
        # Bodies reach the function as they were sent, compressed or not.
        runner = web.AppRunner(
            self._web,
            access_log=None,
            auto_decompress=False,
            shutdown_timeout=2 * DRAIN_SECONDS,  # _drained decides when the time is up
        )
        await runner.setup()
        await web.TCPSite(runner, ADDRESS, self._options.port).start()
        listeners: list[QueueListener | TimerListener] = [*self._queues, *self._timers.values()]
        tasks = [self._in_flight.start(listener.run()) for listener in listeners]
        print(f"listening on http://{ADDRESS}:{runner.addresses[0][1]}", flush=True)  # noqa: T201 - the line that whoever started the host waits for
        stop = asyncio.create_task(stopping.wait())
        await asyncio.wait([stop, *tasks], return_when=asyncio.FIRST_COMPLETED)
        for listener in listeners:
            listener.stop()
        ended = await self._drained(runner)
        await self._storage.close()
        for task in tasks:
            if task.done() and not task.cancelled() and (defect := task.exception()):
                raise defect
        return ended

    async def _drained(self, runner: web.AppRunner) -> bool:
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await asyncio.gather(runner.cleanup(), self._in_flight.drained())
        except TimeoutError:
            left = self._in_flight.cancel()
            log.warning("stopped although %d invocations or listeners had not ended", left)
            return False
        return True

    def _queue_listener(self, function: Function) -> QueueListener:
        queue = self._storage.queue_of(function.trigger)
        is_poison = queue.name.endswith(POISON_SUFFIX)
        processor = QueueProcessor(
            function=function,
            queue=queue,
            poison=None
            if is_poison
            else self._storage.queue_of(function.trigger, suffix=POISON_SUFFIX),
            settings=self._options.settings.queues,
            invisible_seconds=self._options.invisible_seconds,
            invocations=self._invocations,
        )
        return QueueListener(processor, self._in_flight)

    def _timer_listener(self, function: Function) -> TimerListener:
        expression = resolved(function.trigger.properties["schedule"], self._options.environment)
        return TimerListener(function, Schedule(expression), self._invocations)

    def _web_application(self, functions: Sequence[Function]) -> web.Application:
        options = self._options
        limit = body_limit(options.environment)
        middlewares = [cors_middleware(options.cors)] if options.cors else []
        application = web.Application(client_max_size=limit, middlewares=middlewares)
        admin = AdminApi(
            functions=functions,
            timers=self._timers,
            invocations=self._invocations,
            in_flight=self._in_flight,
            keys=options.keys,
        )
        triggers = HttpTriggers(
            endpoints=http_endpoints(functions, options.settings.route_prefix, options.environment),
            invocations=self._invocations,
            keys=options.keys,
            body_limit=limit,
        )
        application.add_routes(admin.routes())
        application.router.add_route("*", "/{path:.*}", triggers.handle)
        return application
