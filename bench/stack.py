"""A stack to measure, on free ports and in a folder of its own; the parts that are needed.

Azurite on disk, the project's functions host, the Dataverse simulator, a mail server in this
process. `python3 dev.py up` starts the same parts; here settings can differ, storage can be
reached through a recording proxy, and each process can be measured.
"""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.mail_sink import MailSink
from local.chaos.part_process import PartProcess
from local.costs import use
from local.stack.addresses import AZURITE_ACCOUNT, HOST, addresses_from, url
from local.stack.free_ports import free_ports
from local.stack.layout import SETTINGS_SAMPLE
from local.stack.local_settings import part_environment
from local.stack.parts import (
    KEEP_ALIVE_SECONDS,
    NODE_MODULES,
    Part,
    azurite,
    dataverse_simulator,
    functions_host,
)
from local.stack.prerequisites import find_node
from local.stack.python_environment import running_environment
from local.stack.readiness import ANY_STATUS, answers_http
from local.stack.stop_request import StopRequest
from local.storage_setup import set_up_storage

FOLDERS = ("azurite", "dataverse", "logs")
PLAIN_APP = Path(__file__).with_name("plain_app")
# Nothing but the function that is measured shall work: https://learn.microsoft.com/azure/
# azure-functions/disable-function
DISABLED = "AzureWebJobs.{}.Disabled"
HEAP_MEGABYTES = 8000
TIMERS = tuple(use.TIMER_RUNS_A_DAY)
QUEUE_FUNCTIONS = (
    "send_confirmation",
    "promote",
    "follow_up",
    "take_in_lead",
    "note_mail_report",
)


class BenchStack:
    """A context manager: entering starts storage, Dataverse and mail; `functions` by `start`."""

    def __init__(
        self,
        data: Path,
        *,
        disabled: Sequence[str] = (),
        settings: Mapping[str, str] | None = None,
        dataverse: bool = False,
        table_in_memory: bool = False,
    ) -> None:
        """`data` is an empty folder. `disabled` names functions; timers never run."""
        self._first_port = free_ports()[0]
        self.addresses = addresses_from(self._first_port)
        if table_in_memory:  # in a process of its own, where LinkedIn would be
            self.addresses = replace(self.addresses, azurite_tables=self.addresses.linkedin)
        self.table_url = f"{url(self.addresses.azurite_tables)}/{AZURITE_ACCOUNT}"
        self.functions_url = url(self.addresses.functions)
        self.plain_url = url(self.addresses.website)  # nobody needs the website here
        self.storage = self.addresses.storage
        self.mails = MailSink(self.addresses.smtp)
        self._data = data
        self._ending = ExitStack()
        self._stop = StopRequest()
        self.environment = self._settings(disabled) | dict(settings or {})
        python = str(running_environment().python)
        node = find_node().node
        self.azurite = self._process(azurite(addresses_from(self._first_port), node, data))
        self.table = self._process(_table_in_memory(self.addresses.azurite_tables, node))
        self.dataverse = self._process(dataverse_simulator(self.addresses, python, data))
        self._functions = _with_sample_settings(
            functions_host(self.addresses, python, core_tools=None)
        )
        self.functions = self._process(self._functions)
        self.plain = self._process(_plain_host(self.addresses.website, python))
        self._first = [
            self.azurite,
            *([self.dataverse] if dataverse else []),
            *([self.table] if table_in_memory else []),
        ]

    def __enter__(self) -> Self:
        """Raises Problem, after having ended what was started."""
        try:
            self._start()
        except BaseException:
            self._ending.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.close()

    def start(self, *processes: PartProcess) -> None:
        """Start parts and wait until they answer. Raises Problem."""
        for process in processes:
            self._ending.callback(process.close)
            process.start()
        for process in processes:
            process.wait_until_it_answers(self._stop)

    def reach_storage_through(self, ports: Mapping[str, int]) -> None:
        """The app and its host, when they are started: service name → port of a proxy."""
        proxied = replace(
            self.addresses, azurite_queues=ports["queue"], azurite_tables=ports["table"]
        )
        self.environment["AzureWebJobsStorage"] = proxied.storage

    def functions_later(self, days: float) -> PartProcess:
        """The same functions host, so many days from now. The other one must have ended."""
        host = self._functions
        module = host.command.index("local.functions_host")
        command = (*host.command[:module], "bench.shifted_host", str(days))
        return self._process(replace(host, command=command + host.command[module + 1 :]))

    def visitors_host(self) -> PartProcess:
        """A second functions host that takes no message from any queue, at `plain_url`."""
        addresses = replace(self.addresses, functions=self.addresses.website)
        host = functions_host(addresses, str(running_environment().python), core_tools=None)
        part = replace(_with_sample_settings(host), name="visitors")
        off = {DISABLED.format(name): "true" for name in QUEUE_FUNCTIONS}
        environment = self.environment | off
        return PartProcess(part, environment=environment, logs=self._data / "logs")

    def _start(self) -> None:
        for name in FOLDERS:
            (self._data / name).mkdir(exist_ok=True)
        self._ending.enter_context(self.mails)
        self.start(*self._first)
        set_up_storage(self.storage)

    def _settings(self, disabled: Sequence[str]) -> dict[str, str]:
        """Those of the sample, whatever this machine's own settings are."""
        sample: dict[str, str] = json.loads(SETTINGS_SAMPLE.read_bytes())["Values"]
        ours = ("DOI_", "FORM_", "LINKEDIN_", "AzureFunctionsJobHost__", "AzureWebJobs")
        neutral = {
            name: value
            for name, value in os.environ.items()
            if name not in sample and not name.startswith(ours)
        }
        off = {DISABLED.format(name): "true" for name in (*TIMERS, *disabled)}
        parts = part_environment(self.addresses, running_environment(), neutral)
        return neutral | sample | parts | off

    def _process(self, part: Part) -> PartProcess:
        return PartProcess(part, environment=self.environment, logs=self._data / "logs")


def _table_in_memory(port: int, node: str) -> Part:
    """Azurite's table service alone: a million rows take more than two gigabytes."""
    program = str(NODE_MODULES / "azurite" / "dist" / "src" / "table" / "main.js")
    options = ("--silent", "--disableTelemetry", "--skipApiVersionCheck", "--inMemoryPersistence")
    return Part(
        name="table",
        title="Azurite's table service",
        command=(
            *(node, f"--max-old-space-size={HEAP_MEGABYTES}", program, *options),
            *("--tableHost", HOST, "--tablePort", str(port)),
            *("--tableKeepAliveTimeout", KEEP_ALIVE_SECONDS),
        ),
        answers=answers_http(port, f"/{AZURITE_ACCOUNT}?comp=list", ANY_STATUS),
    )


def _with_sample_settings(host: Part) -> Part:
    return replace(host, command=(*host.command, "--settings", str(SETTINGS_SAMPLE)))


def _plain_host(port: int, python: str) -> Part:
    command = (python, "-m", "local.functions_host", "--root", str(PLAIN_APP))
    return Part(
        name="plain",
        title="the functions host with a plain app",
        command=(*command, "--port", str(port)),
        answers=answers_http(port, "/api/empty", ANY_STATUS),
    )
